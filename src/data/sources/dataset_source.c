/*
 * Pictures are decoded by reading the data set; labels are copied once, at the start.
 * Tested by: tests/data/kinds/test_open_dataset.c
 */
#include "data/sources/dataset_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"

static void destroy(void *state)
{
    sg_dataset_destroy(state);
}

static sg_status decode(const void *state, const sg_picture *picture, sg_image **image,
                        sg_error *error)
{
    const sg_dataset *dataset = state;
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    SG_TRY(sg_image_create(info.width, info.height, info.channels, image, error));
    const sg_status status =
        sg_dataset_read(dataset, picture->entry, (*image)->pixels, NULL, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}

static sg_status list_images(const sg_dataset_info *info, sg_file_list *list, sg_error *error)
{
    for (size_t i = 0; i < info->image_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "image %010zu", i);
        if (!sg_file_list_add(list, name, i))
            return sg_fail_memory(error, "%s", info->name);
    }
    return SG_OK;
}

static sg_status copy_names(sg_picture_source *source, const sg_dataset *dataset, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    if (info.notes)
        sg_text_append(&source->notes, "%s", info.notes);
    if (!info.label_names)
        return SG_OK;
    source->label_names = sg_allocate(info.label_count, sizeof *source->label_names);
    bool complete = source->label_names;
    for (size_t i = 0; i < info.label_count && complete; i++) {
        source->label_names[i] = sg_duplicate_text(info.label_names[i]);
        complete = source->label_names[i];
    }
    return complete ? SG_OK : sg_fail_memory(error, "the names of the classes of %s", source->path);
}

static sg_status copy_labels(sg_picture_source *source, const sg_dataset *dataset, sg_error *error)
{
    SG_TRY(sg_dataset_check_labels(dataset, error));
    for (size_t i = 0; i < source->count; i++) {
        sg_picture *picture = &source->pictures[i];
        SG_TRY(sg_dataset_label(dataset, picture->entry, &picture->label, error));
    }
    source->label_count = source->label_rows = sg_dataset_info_of(dataset).label_count;
    return copy_names(source, dataset, error);
}

sg_status sg_dataset_source_create(const char *path, sg_dataset *dataset, bool labelled,
                                   sg_picture_source **source, sg_error *error)
{
    static const sg_picture_source_functions functions = {.decode = decode, .destroy = destroy};
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    sg_file_list list = {0};
    *source = NULL;
    sg_status status = list_images(&info, &list, error);
    if (status) {
        sg_file_list_clear(&list);
        sg_dataset_destroy(dataset);
        return status;
    }
    status = sg_picture_source_create(path, &functions, dataset, &list, source, error);
    if (!status && labelled)
        status = copy_labels(*source, dataset, error);
    if (status) {
        sg_picture_source_destroy(*source);
        *source = NULL;
    }
    return status;
}
