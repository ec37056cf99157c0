/*
 * Whoever trains in the folder of the pictures would otherwise train on the sheets of earlier runs.
 * Files sorted by name have those of a folder side by side.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "data/sources/made_folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "image/files/picture_file.h"

/* A folder: the first bytes of a name, with the slash after it. */
typedef struct made_folder {
    const char *name; /* borrowed from the list */
    size_t length;
} made_folder;

typedef struct folder_set {
    made_folder *folders;
    size_t count, capacity;
} folder_set;

static int compare_files(const void *left, const void *right)
{
    return strcmp(((const sg_picture *)left)->name, ((const sg_picture *)right)->name);
}

static bool lies_in(const char *name, const made_folder *folder)
{
    return strncmp(name, folder->name, folder->length) == 0;
}

/* Returns the first file whose name is not before the folder's name and `rest`. */
static size_t find_from(const sg_file_list *list, const made_folder *folder, const char *rest)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *name = list->files[middle].name;
        const int order = strncmp(name, folder->name, folder->length);
        if (order < 0 || (order == 0 && strcmp(name + folder->length, rest) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* True if the folder holds a picture of the official layout. */
static bool is_set(const sg_file_list *list, const made_folder *folder)
{
    static const char first[] = "00000/img";
    const size_t found = find_from(list, folder, first);
    return found < list->count && lies_in(list->files[found].name, folder) &&
           strncmp(list->files[found].name + folder->length, first, sizeof first - 1) == 0;
}

/* Sets *folder to the folder that file `index` shows to be made; false without one. */
static bool find_made(const sg_file_list *list, size_t index, made_folder *folder)
{
    const char *name = list->files[index].name;
    const char *last = sg_path_name(name);
    *folder = (made_folder){name, (size_t)(last - name)};
    if (folder->length == 0)
        return false;
    return strcmp(last, "training_options.json") == 0 ||
           (strcmp(last, "dataset.json") == 0 && is_set(list, folder));
}

/* Lists the made folders, those within others only once. False on lack of memory. */
static bool list_made(const sg_file_list *list, folder_set *made)
{
    for (size_t i = 0; i < list->count; i++) {
        made_folder folder;
        if (!find_made(list, i, &folder))
            continue;
        if (!sg_grow(&made->folders, &made->capacity, made->count, sizeof *made->folders))
            return false;
        made->folders[made->count++] = folder;
    }
    return true;
}

static int compare_folders(const void *left, const void *right)
{
    const made_folder *a = left;
    const made_folder *b = right;
    const int order = memcmp(a->name, b->name, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* Leaves out folders within others, so that a name has one folder at most. */
static void leave_outermost(folder_set *made)
{
    size_t left = 0;
    if (made->count > 0)
        qsort(made->folders, made->count, sizeof *made->folders, compare_folders);
    for (size_t i = 0; i < made->count; i++)
        if (left == 0 || made->folders[i].length < made->folders[left - 1].length ||
            !lies_in(made->folders[i].name, &made->folders[left - 1]))
            made->folders[left++] = made->folders[i];
    made->count = left;
}

/* Returns the made folder that a file lies in, or NULL. */
static const made_folder *folder_of(const folder_set *made, const char *name)
{
    size_t low = 0;
    size_t high = made->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const made_folder *folder = &made->folders[middle];
        const int order = strncmp(name, folder->name, folder->length);
        if (order == 0)
            return folder;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* True if some picture lies outside the made folders. */
static bool leaves_pictures(const sg_file_list *list, const folder_set *made)
{
    for (size_t i = 0; i < list->count; i++)
        if (sg_picture_ending_of(list->files[i].name, NULL) != SG_ENDING_OTHER &&
            !folder_of(made, list->files[i].name))
            return true;
    return false;
}

static void write_note(const folder_set *made, sg_text *notes)
{
    sg_text line = {0};
    const made_folder *first = &made->folders[0];
    sg_text_append(&line, "Note: passed over %.*s", (int)(first->length - 1), first->name);
    if (made->count > 1)
        sg_text_append(&line, " and %zu other folder%s", made->count - 1,
                       made->count == 2 ? "" : "s");
    sg_text_append(&line, ", which %s of a training run or hold%s a made set",
                   made->count > 1 ? "are" : "is", made->count > 1 ? "" : "s");
    if (line.bytes)
        sg_text_append(notes, "%s\n", sg_text_make_safe(line.bytes));
    sg_text_clear(&line);
}

/* Takes the files of made folders out. The folders borrow names, so that all files are marked, by a
 * label, before any name is freed. */
static void drop(sg_file_list *list, const folder_set *made)
{
    size_t left = 0;
    for (size_t i = 0; i < list->count; i++)
        list->files[i].label = folder_of(made, list->files[i].name) ? 0 : -1;
    for (size_t i = 0; i < list->count; i++)
        if (list->files[i].label == 0)
            free(list->files[i].name);
        else
            list->files[left++] = list->files[i];
    list->count = left;
}

bool sg_pass_over_made_folders(sg_file_list *list, sg_text *notes)
{
    folder_set made = {0};
    if (list->count > 0) /* an empty list is NULL, which qsort does not take */
        qsort(list->files, list->count, sizeof *list->files, compare_files);
    const bool complete = list_made(list, &made);
    leave_outermost(&made);
    if (complete && made.count > 0 && leaves_pictures(list, &made)) {
        write_note(&made, notes);
        drop(list, &made);
    }
    free(made.folders);
    return complete;
}
