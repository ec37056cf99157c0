/*
 * Checks a collection's pictures against the first one, and decodes them when they are read.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "data/kinds/open_dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "data/sources/set_advice.h"

/* An open data set. */
typedef struct picture_dataset {
    sg_picture_source *source;
    sg_image_shape shape;
} picture_dataset;

static void destroy(void *state)
{
    picture_dataset *set = state;
    sg_picture_source_destroy(set->source);
    free(set);
}

static bool same_shape(const sg_image_shape *left, const sg_image_shape *right)
{
    return left->width == right->width && left->height == right->height &&
           left->channels == right->channels;
}

static sg_status fail_shape(const picture_dataset *set, size_t index, const sg_image_shape *found,
                            sg_error *error)
{
    char advice[512];
    const sg_picture *pictures = set->source->pictures;
    return sg_fail(error, SG_ERROR_SHAPE,
                   "%s: %s is %zux%zu with %zu channel%s, but %s is %zux%zu with %zu; all pictures "
                   "must be alike: %s makes a set of them",
                   set->source->path, pictures[index].name, found->width, found->height,
                   found->channels, found->channels == 1 ? "" : "s", pictures[0].name,
                   set->shape.width, set->shape.height, set->shape.channels,
                   sg_set_advice(set->source, advice, sizeof advice));
}

static sg_status read_picture(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    const picture_dataset *set = state;
    sg_image *image = NULL;
    SG_TRY(sg_picture_source_read(set->source, index, &image, error));
    const sg_image_shape shape = sg_image_shape_of(image);
    const bool same = same_shape(&shape, &set->shape);
    if (same)
        memcpy(pixels_hwc, image->pixels, sg_image_size(image));
    *label = set->source->pictures[index].label;
    sg_image_destroy(image);
    return same ? SG_OK : fail_shape(set, index, &shape, error);
}

static int label_of(const void *state, size_t index)
{
    return ((const picture_dataset *)state)->source->pictures[index].label;
}

static void trace(const void *state, size_t index, sg_text *text)
{
    const sg_picture_source *source = ((const picture_dataset *)state)->source;
    sg_text_append(text, "%s", source->pictures[index].name);
    if (source->functions->trace)
        source->functions->trace(source->state, &source->pictures[index], text);
}

static sg_status check_picture(picture_dataset *set, size_t index, sg_error *error)
{
    sg_image_shape shape = {0};
    const sg_picture_source *source = set->source;
    SG_TRY(sg_picture_source_measure(source, index, &shape, error));
    if (index == 0)
        set->shape = shape;
    if (!same_shape(&shape, &set->shape))
        return fail_shape(set, index, &shape, error);
    if (source->label_count > 0 && source->pictures[index].label < 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: %s has no label in %s, though others have",
                       source->path, source->pictures[index].name, source->label_file);
    return SG_OK;
}

/* Names the data set after the path's last part, without ".zip". */
static void set_name(const char *path, sg_dataset_info *info)
{
    size_t length = 0;
    const char *name = sg_path_last(path, &length);
    if (length > 4 && strncmp(name + length - 4, ".zip", 4) == 0)
        length -= 4;
    if (length > 0 && name[0] != '.')
        sg_dataset_set_name(info, name, length);
    else
        sg_dataset_set_name(info, "pictures", strlen("pictures"));
}

/* Notes the pictures of kinds that are not read, on a line of its own. */
static void note_foreign(sg_picture_source *source)
{
    sg_text line = {0};
    if (source->foreign_count > 0)
        sg_foreign_pictures_describe(source, "", &line);
    if (line.bytes)
        sg_text_append(&source->notes, "Note: %s\n", sg_text_make_safe(line.bytes));
    sg_text_clear(&line);
}

sg_status sg_picture_dataset_create(sg_picture_source *source, sg_dataset **dataset,
                                    sg_error *error)
{
    static const sg_dataset_functions functions = {
        .read = read_picture, .label = label_of, .trace = trace, .destroy = destroy};
    *dataset = NULL;
    picture_dataset *set = malloc(sizeof *set);
    if (!set) {
        sg_picture_source_destroy(source);
        return sg_fail_memory(error, "a data set");
    }
    *set = (picture_dataset){.source = source};
    sg_status status = SG_OK;
    for (size_t i = 0; i < source->count && !status; i++)
        status = check_picture(set, i, error);
    if (status) {
        destroy(set);
        return status;
    }
    note_foreign(source);
    sg_dataset_info info = {.image_count = source->count,
                            .height = set->shape.height,
                            .width = set->shape.width,
                            .channels = set->shape.channels,
                            .label_count = source->label_count,
                            .label_rows = source->label_rows,
                            .label_values = source->label_values,
                            .label_names = (const char *const *)source->label_names,
                            .unread_labels = source->unread_labels,
                            .notes = source->notes.bytes};
    set_name(source->path, &info);
    return sg_dataset_create(&functions, set, &info, dataset, error);
}
