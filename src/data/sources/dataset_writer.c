/*
 * Makes the files of a data set for a pack, some pictures at a time from several threads.
 * Tested by: tests/cli/test_dataset.c
 */
#include "data/sources/dataset_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/pack.h"
#include "base/parallel.h"
#include "base/text.h"
#include "image/channels.h"
#include "image/files/png_file.h"

#define CHUNK 16             /* pictures made at once */
#define FOLDER_PICTURES 1000 /* in one folder */

/* A picture of the current chunk. */
typedef struct made_picture {
    unsigned char *bytes;
    size_t size;
    sg_error error;
} made_picture;

/* A data set being written. */
typedef struct set_writing {
    const sg_set_plan *plan;
    size_t first; /* the chunk's first picture */
    size_t ready; /* pictures in the chunk */
    made_picture made[CHUNK];
} set_writing;

static void name_picture(size_t index, char name[SG_PACK_NAME_SIZE])
{
    snprintf(name, SG_PACK_NAME_SIZE, "%05zu/img%08zu.png", index / FOLDER_PICTURES, index);
}

static void name_file(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE])
{
    const set_writing *writing = argument;
    if (index < writing->plan->count)
        name_picture(index, name);
    else
        snprintf(name, SG_PACK_NAME_SIZE, "dataset.json");
}

sg_status sg_set_picture(const sg_set_plan *plan, size_t index, sg_image **prepared,
                         sg_error *error)
{
    *prepared = NULL;
    sg_image *read = NULL;
    sg_image *transformed = NULL;
    sg_status status = sg_picture_source_read(plan->source, index, &read, error);
    if (!status)
        status = sg_image_convert_channels(read, plan->channels, &transformed, error);
    if (!status)
        status = sg_transform_apply(&plan->transform, transformed, prepared, error);
    sg_image_destroy(read);
    sg_image_destroy(transformed);
    return status;
}

static sg_status encode_picture(const sg_set_plan *plan, size_t index, const sg_image *image,
                                made_picture *made)
{
    const char *name = plan->source->pictures[index].name;
    return plan->compressed
               ? sg_png_encode(name, image, NULL, 0, &made->bytes, &made->size, &made->error)
               : sg_png_encode_uncompressed(name, image, &made->bytes, &made->size, &made->error);
}

static void make_range(size_t begin, size_t end, void *argument)
{
    set_writing *writing = argument;
    for (size_t i = begin; i < end; i++) {
        made_picture *made = &writing->made[i];
        sg_image *image = NULL;
        const size_t index = writing->plan->indices[writing->first + i];
        *made = (made_picture){0};
        if (!sg_set_picture(writing->plan, index, &image, &made->error))
            (void)encode_picture(writing->plan, index, image, made);
        sg_image_destroy(image);
    }
}

static void drop_chunk(set_writing *writing)
{
    for (size_t i = 0; i < writing->ready; i++) {
        free(writing->made[i].bytes);
        writing->made[i].bytes = NULL;
    }
    writing->ready = 0;
}

static sg_status make_picture(set_writing *writing, size_t index, unsigned char **bytes,
                              size_t *size, sg_error *error)
{
    const sg_set_plan *plan = writing->plan;
    if (sg_watch_step(plan->watch, (double)index, (double)plan->count, NULL))
        return sg_fail(error, SG_ERROR_CANCELLED, "stopped while the pictures were written");
    if (index >= writing->first + writing->ready) {
        const size_t left = plan->count - index;
        drop_chunk(writing);
        writing->first = index;
        writing->ready = left < CHUNK ? left : CHUNK;
        sg_parallel_for(writing->ready, 1, make_range, writing);
    }
    made_picture *made = &writing->made[index - writing->first];
    if (made->error.status)
        return sg_fail(error, made->error.status, "%s", made->error.message);
    *bytes = made->bytes;
    *size = made->size;
    made->bytes = NULL;
    return SG_OK;
}

/* ---- dataset.json ---- */

/* Returns the shortest number that reads back as `value`; NULL on lack of memory. */
static cJSON *create_number(float value)
{
    char text[SG_NUMBER_TEXT_BYTES];
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            break;
    }
    return cJSON_CreateRaw(text);
}

/* 3, or [0.2, 0.8] */
static cJSON *create_label(const sg_picture_source *source, int label)
{
    if (!source->label_values)
        return cJSON_CreateNumber(label);
    const float *values = source->label_values + (size_t)label * source->label_count;
    cJSON *row = cJSON_CreateArray();
    for (size_t i = 0; i < source->label_count && row; i++)
        if (!cJSON_AddItemToArray(row, create_number(values[i]))) {
            cJSON_Delete(row);
            row = NULL;
        }
    return row;
}

/* ["00000/img00000000.png", 3] */
static cJSON *create_entry(const sg_picture_source *source, size_t index, int label)
{
    char name[SG_PACK_NAME_SIZE];
    cJSON *entry = cJSON_CreateArray();
    name_picture(index, name);
    if (cJSON_AddItemToArray(entry, cJSON_CreateString(name)) &&
        cJSON_AddItemToArray(entry, create_label(source, label)))
        return entry;
    cJSON_Delete(entry);
    return NULL;
}

/* True if every picture of the set has a label. */
static bool is_labelled(const sg_set_plan *plan)
{
    bool complete = plan->source->label_count > 0;
    for (size_t i = 0; i < plan->count && complete; i++)
        complete = plan->source->pictures[plan->indices[i]].label >= 0;
    return complete;
}

/* [["00000/img00000000.png", 3], ...], or null when some picture has no label. */
static cJSON *list_labels(const sg_set_plan *plan)
{
    if (!is_labelled(plan))
        return cJSON_CreateNull();
    cJSON *labels = cJSON_CreateArray();
    for (size_t i = 0; i < plan->count && labels; i++) {
        const int label = plan->source->pictures[plan->indices[i]].label;
        if (!cJSON_AddItemToArray(labels, create_entry(plan->source, i, label))) {
            cJSON_Delete(labels);
            return NULL;
        }
    }
    return labels;
}

/* Adds the names of the classes or numbers, where there are any: a key that only this program
 * reads. */
static bool add_names(cJSON *object, const sg_set_plan *plan)
{
    const sg_picture_source *source = plan->source;
    if (!source->label_names || !is_labelled(plan))
        return true;
    cJSON *names = cJSON_AddArrayToObject(object, "label_names");
    bool complete = names;
    for (size_t i = 0; i < source->label_count && complete; i++)
        complete = cJSON_AddItemToArray(names, cJSON_CreateString(source->label_names[i]));
    return complete;
}

static bool add_text(cJSON *object, const char *key, const char *text)
{
    return text ? cJSON_AddStringToObject(object, key, text) : cJSON_AddNullToObject(object, key);
}

static sg_status describe(const sg_set_plan *plan, unsigned char **bytes, size_t *size,
                          sg_error *error)
{
    const sg_picture_transform *transform = &plan->transform;
    const char *filter =
        transform->width > 0 ? sg_choice_name(&sg_resize_choices, transform->filter) : NULL;
    size_t length = 0;
    const char *last = sg_path_last(plan->source->path, &length);
    char *source = strndup(last, length);
    cJSON *object = cJSON_CreateObject();
    const bool complete = source && cJSON_AddItemToObject(object, "labels", list_labels(plan)) &&
                          add_text(object, "source", source) &&
                          add_text(object, "transform", sg_transform_name(transform->kind)) &&
                          add_text(object, "filter", filter) && add_names(object, plan);
    char *text = complete ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    free(source);
    if (!text)
        return sg_fail_memory(error, "writing dataset.json");
    *bytes = (unsigned char *)text;
    *size = strlen(text);
    return SG_OK;
}

static sg_status make_file(void *argument, size_t index, unsigned char **bytes, size_t *size,
                           sg_error *error)
{
    set_writing *writing = argument;
    return index < writing->plan->count ? make_picture(writing, index, bytes, size, error)
                                        : describe(writing->plan, bytes, size, error);
}

sg_status sg_dataset_check_destination(const char *path, sg_error *error)
{
    if (path[0] == '\0')
        return sg_fail(error, SG_ERROR_FILE, "the destination's name is empty");
    if (!sg_pack_is_zip(path))
        return sg_pack_check_folder(path, error);
    return sg_path_is_folder(path)
               ? sg_fail(error, SG_ERROR_FILE, "cannot write %s: it is a folder", path)
               : SG_OK;
}

sg_status sg_dataset_write(const sg_set_plan *plan, const char *path, sg_error *error)
{
    set_writing *writing = sg_allocate(1, sizeof *writing);
    if (!writing)
        return sg_fail_memory(error, "%s", path);
    writing->plan = plan;
    const sg_pack pack = {
        .count = plan->count + 1, .argument = writing, .name = name_file, .make = make_file};
    const sg_status status = sg_pack_is_zip(path) ? sg_pack_write_zip(&pack, path, error)
                                                  : sg_pack_write_folder(&pack, path, error);
    drop_chunk(writing);
    free(writing);
    return status;
}
