/*
 * The search for files of feature networks. Nothing is fetched: what is missing is asked for by the
 * name under which it is published.
 *
 * Tested by: tests/features/test_feature_network.c
 */
#include "features/feature_files.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"

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

/* True if the file is none of a network, but one that some kind reads besides: another network of
 * the same call may want it. */
static bool is_more(const char *path)
{
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        if (sg_feature_kinds[i]->knows_more && sg_feature_kinds[i]->knows_more(path))
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

/* Looks for a part in the folder of the user's data. */
static sg_status find_published(const sg_feature_kind *kind, int part, const char *folder,
                                sg_feature_files *files, sg_error *error)
{
    const char *const *names = kind->parts[part].names;
    for (int i = 0; i < SG_FEATURE_MOST_NAMES && names[i] && !files->parts[part]; i++) {
        char *path = sg_path_join(folder, names[i]);
        const bool there = path && sg_path_is_regular(path);
        sg_status status = path ? SG_OK : sg_fail_memory(error, "a path of %s", names[i]);
        if (!status && there)
            status = add_file(path, files, error);
        free(path);
        SG_TRY(status);
        if (there)
            take_parts(kind, files);
    }
    return SG_OK;
}

bool sg_is_merges_name(const char *path)
{
    return sg_has_suffix(path, ".txt") || sg_has_suffix(path, ".txt.gz");
}

sg_status sg_feature_files_find(const sg_feature_kind *kind, const char *const *paths, size_t count,
                                sg_feature_files *files, sg_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (sg_is_merges_name(paths[i]) && (kind->read_more || is_more(paths[i])))
            continue;
        SG_TRY(add_file(paths[i], files, error));
        if (!is_known(files->opened[files->count - 1]))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: holds no feature network that is known: its tensors are none of "
                           "Inception-v3, VGG16, LPIPS or CLIP",
                           paths[i]);
        take_parts(kind, files);
    }
    char *folder = sg_user_folder(SG_USER_DATA);
    sg_status status = SG_OK;
    for (int i = 0; i < kind->part_count && folder && !status; i++)
        status = find_published(kind, i, folder, files, error);
    free(folder);
    return status;
}

sg_status sg_feature_files_check(const sg_feature_kind *kind, const sg_feature_files *files,
                                 sg_error *error)
{
    int missing = 0;
    while (missing < kind->part_count && files->parts[missing])
        missing++;
    if (missing == kind->part_count)
        return SG_OK;
    const sg_feature_part *part = &kind->parts[missing];
    char *folder = sg_user_folder(SG_USER_DATA);
    const sg_status status = sg_fail(error, SG_ERROR_FILE,
                                     "a file with %s is needed, published as %s or %s: name the "
                                     "file by \"features\", or put it into "
                                     "%s; nothing is downloaded",
                                     part->noun, part->names[0], part->names[2],
                                     folder ? folder : "$XDG_DATA_HOME/stylegan");
    free(folder);
    return status;
}

void sg_feature_files_clear(sg_feature_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        sg_feature_tensors_close(files->opened[i]);
    free(files->opened);
    *files = (sg_feature_files){0};
}
