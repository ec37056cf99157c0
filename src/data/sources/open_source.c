/* Chooses the kind of a collection, and lets a data set without files (IDX) pass for one. */
#include "data/sources/open_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "data/dataset.h"
#include "data/kinds/folder_dataset.h"
#include "data/kinds/idx_dataset.h"
#include "data/kinds/zip_dataset.h"

/* A data set as a collection. */
typedef struct dataset_source {
    sg_dataset *dataset;
    sg_dataset_info info;
} dataset_source;

static void destroy(void *state)
{
    dataset_source *set = state;
    sg_dataset_destroy(set->dataset);
    free(set);
}

static sg_status decode(const void *state, const sg_picture *picture, sg_image **image,
                        sg_error *error)
{
    const dataset_source *set = state;
    sg_status status =
        sg_image_create(set->info.width, set->info.height, set->info.channels, image, error);
    if (!status)
        status = sg_dataset_read(set->dataset, picture->place, (*image)->pixels, NULL, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}

static sg_status list_images(const dataset_source *set, sg_file_list *list, sg_error *error)
{
    for (size_t i = 0; i < set->info.image_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "image %010zu", i);
        if (!sg_file_list_add(list, name, i))
            return sg_fail_memory(error, "%s", set->info.name);
    }
    return SG_OK;
}

static sg_status copy_labels(sg_picture_source *source, const dataset_source *set, sg_error *error)
{
    uint8_t *pixels = sg_allocate(set->info.height * set->info.width, set->info.channels);
    if (!pixels)
        return sg_fail_memory(error, "the labels of %s", source->path);
    sg_status status = SG_OK;
    for (size_t i = 0; i < source->count && !status; i++) {
        sg_picture *picture = &source->pictures[i];
        status = sg_dataset_read(set->dataset, picture->place, pixels, &picture->label, error);
    }
    source->label_count = set->info.label_count;
    free(pixels);
    return status;
}

static sg_status open_dataset(const char *path, sg_picture_source **source, sg_error *error)
{
    static const sg_picture_source_functions functions = {.decode = decode, .destroy = destroy};
    sg_file_list list = {0};
    dataset_source *set = sg_allocate(1, sizeof *set);
    if (!set)
        return sg_fail_memory(error, "%s", path);
    sg_status status = sg_dataset_open(path, &set->dataset, error);
    if (!status) {
        set->info = sg_dataset_info_of(set->dataset);
        status = list_images(set, &list, error);
    }
    if (status) {
        sg_file_list_clear(&list);
        destroy(set);
        return status;
    }
    status = sg_picture_source_create(path, &functions, set, &list, source, error);
    if (!status)
        status = copy_labels(*source, set, error);
    if (status) {
        sg_picture_source_destroy(*source);
        *source = NULL;
    }
    return status;
}

sg_status sg_picture_source_open(const char *path, sg_picture_source **source, sg_error *error)
{
    *source = NULL;
    if (sg_path_exists(path) && !sg_idx_dataset_kind.recognises(path)) {
        if (sg_zip_recognises(path))
            return sg_zip_source_open(path, source, error);
        if (sg_folder_dataset_kind.recognises(path))
            return sg_folder_source_open(path, source, error);
    }
    return open_dataset(path, source, error);
}
