/* Lists of run folders; see run_list.h. */
#include "runs/run_list.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "runs/run_record.h"

static bool add(sg_run_list *list, char *folder)
{
    if (folder && sg_grow(&list->folders, &list->capacity, list->count, sizeof *list->folders)) {
        list->folders[list->count++] = folder;
        return true;
    }
    free(folder);
    return false;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Adds the runs among the folders of `path`. False on lack of memory. */
static bool add_children(sg_run_list *list, const char *path, DIR *directory)
{
    bool whole = true;
    for (const struct dirent *entry; whole && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        char *child = sg_path_join(path, entry->d_name);
        if (child && !sg_run_record_is_there(child))
            free(child);
        else
            whole = add(list, child);
    }
    return whole;
}

sg_status sg_run_list_add(sg_run_list *list, const char *path, sg_error *error)
{
    const size_t before = list->count;
    if (sg_run_record_is_there(path))
        return add(list, sg_duplicate_text(path)) ? SG_OK : sg_fail_memory(error, "%s", path);
    DIR *directory = opendir(path);
    if (!directory)
        return sg_file_fail_open(path, error);
    const bool whole = add_children(list, path, directory);
    closedir(directory);
    if (!whole)
        return sg_fail_memory(error, "the runs in %s", path);
    if (list->count == before)
        return sg_fail(error, SG_ERROR_FILE,
                       "%s holds no run: neither training_options.json nor stats.jsonl is in it or "
                       "in a folder of it",
                       path);
    qsort(list->folders + before, list->count - before, sizeof *list->folders, compare_names);
    return SG_OK;
}

void sg_run_list_clear(sg_run_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->folders[i]);
    free(list->folders);
    *list = (sg_run_list){0};
}
