/*
 * Pictures by their paths.
 *
 * Tested by: tests/cli/test_score.c
 */
#include "scores/picture_walk.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/picture_file.h"

bool sg_is_picture_path(const char *path)
{
    return !sg_path_is_folder(path) && sg_picture_ending_of(path, NULL) != SG_ENDING_OTHER;
}

sg_status sg_read_picture(const char *path, sg_image **image, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    *image = NULL;
    SG_TRY(sg_read_file(path, SG_PICTURE_LARGEST_FILE, &bytes, &size, error));
    const sg_status status = sg_picture_decode(path, bytes, size, image, error);
    free(bytes);
    return status;
}

/* Reads picture `index` of a collection, or the picture at a path, and has it taken. */
static sg_status take_one(const char *path, const sg_picture_source *source, size_t index,
                          void *user, sg_picture_taker take, sg_error *error)
{
    sg_image *image = NULL;
    SG_TRY(source ? sg_picture_source_read(source, index, &image, error)
                  : sg_read_picture(path, &image, error));
    char *name = source ? sg_picture_source_name(source, index) : sg_duplicate_text(path);
    const sg_status status = take(user, name, image, error);
    sg_image_destroy(image);
    return status;
}

/* Opens the paths that are collections. */
static sg_status open_sources(const char *const *paths, size_t count, sg_picture_source **sources,
                              size_t *total, sg_error *error)
{
    *total = 0;
    for (size_t i = 0; i < count; i++) {
        if (!sg_is_picture_path(paths[i]))
            SG_TRY(sg_picture_source_open_unlabelled(paths[i], &sources[i], error));
        *total += sources[i] ? sources[i]->count : 1;
    }
    return SG_OK;
}

sg_status sg_walk_pictures(const char *const *paths, size_t count, size_t *total, void *user,
                           sg_picture_taker take, sg_error *error)
{
    sg_picture_source **sources = sg_allocate(count + 1, sizeof(void *));
    if (!sources)
        return sg_fail_memory(error, "a list of pictures");
    sg_status status = open_sources(paths, count, sources, total, error);
    for (size_t i = 0; i < count && !status; i++) {
        const size_t pictures = sources[i] ? sources[i]->count : 1;
        for (size_t k = 0; k < pictures && !status; k++)
            status = take_one(paths[i], sources[i], k, user, take, error);
    }
    for (size_t i = 0; i < count; i++)
        sg_picture_source_destroy(sources[i]);
    free(sources);
    return status;
}
