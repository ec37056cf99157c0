/*
 * The search for files of feature networks. Nothing is fetched: what is missing is asked for by the
 * name under which it is published.
 *
 * Tested by: tests/features/test_feature_network.c
 */
#include "features/feature_files.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"

enum { FOLDER_BYTES = 3000, PATH_BYTES = 4096 };

/* Opens a file and adds it. */
static sg_status add_file(const char *path, sg_feature_files *files, sg_error *error)
{
    if (!sg_grow(&files->opened, &files->capacity, files->count, sizeof *files->opened))
        return sg_fail_memory(error, "%s", path);
    SG_TRY(sg_feature_tensors_open(path, &files->opened[files->count], error));
    files->count++;
    return SG_OK;
}

/* True if the file holds a part of any kind. */
static bool is_known(const sg_feature_tensors *tensors)
{
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        for (int part = 0; part < sg_feature_kinds[i]->part_count; part++)
            if (sg_feature_kinds[i]->parts[part].recognises(tensors))
                return true;
    return false;
}

/* Gives the file added last the parts that it has and that are not found. */
static void take_parts(const sg_feature_kind *kind, sg_feature_files *files)
{
    const sg_feature_tensors *last = files->opened[files->count - 1];
    for (int i = 0; i < kind->part_count; i++)
        if (!files->parts[i] && kind->parts[i].recognises(last))
            files->parts[i] = last;
}

/* Writes $XDG_DATA_HOME/stylegan to `folder`; false if there is no such variable, nor a home. */
static bool data_folder(char folder[FOLDER_BYTES])
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length = 0;
    if (data && *data == '/')
        length = snprintf(folder, FOLDER_BYTES, "%s/stylegan", data);
    else if (home && *home != '\0')
        length = snprintf(folder, FOLDER_BYTES, "%s/.local/share/stylegan", home);
    return length > 0 && length < FOLDER_BYTES;
}

/* Looks for a part in the folder of the user's data. */
static sg_status find_published(const sg_feature_kind *kind, int part, const char *folder,
                                sg_feature_files *files, sg_error *error)
{
    const char *const *names = kind->parts[part].names;
    for (int i = 0; i < SG_FEATURE_MOST_NAMES && names[i] && !files->parts[part]; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (!sg_path_is_regular(path))
            continue;
        SG_TRY(add_file(path, files, error));
        take_parts(kind, files);
    }
    return SG_OK;
}

sg_status sg_feature_files_find(const sg_feature_kind *kind, const char *const *paths, size_t count,
                                sg_feature_files *files, sg_error *error)
{
    char folder[FOLDER_BYTES];
    for (size_t i = 0; i < count; i++) {
        SG_TRY(add_file(paths[i], files, error));
        if (!is_known(files->opened[files->count - 1]))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: holds no feature network that is known: its tensors are none of "
                           "Inception-v3, VGG16 or LPIPS",
                           paths[i]);
        take_parts(kind, files);
    }
    for (int i = 0; i < kind->part_count && data_folder(folder); i++)
        SG_TRY(find_published(kind, i, folder, files, error));
    return SG_OK;
}

sg_status sg_feature_files_check(const sg_feature_kind *kind, const sg_feature_files *files,
                                 sg_error *error)
{
    char folder[FOLDER_BYTES];
    if (!data_folder(folder))
        snprintf(folder, sizeof folder, "$XDG_DATA_HOME/stylegan");
    for (int i = 0; i < kind->part_count; i++)
        if (!files->parts[i])
            return sg_fail(error, SG_ERROR_FILE,
                           "%s is needed, published as %s or %s: name the file by \"features\", or "
                           "put it into %s; nothing is downloaded",
                           kind->parts[i].noun, kind->parts[i].names[0], kind->parts[i].names[2],
                           folder);
    return SG_OK;
}

void sg_feature_files_clear(sg_feature_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        sg_feature_tensors_close(files->opened[i]);
    free(files->opened);
    *files = (sg_feature_files){0};
}
