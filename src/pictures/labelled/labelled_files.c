/*
 * Writes a labelled set: its pictures one by one, then the file of labels.
 * Tested by: tests/cli/test_generate_labelled.c
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/pack.h"
#include "data/sources/dataset_writer.h"
#include "pictures/labelled/labelled_state.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { FOLDER_PICTURES = 1000 /* in one folder of the official layout */ };

/* A set being written. */
typedef struct writing {
    const sg_labelled_set *set;
    const sg_watch *watch;
    const char *path;
} writing;

/* ---- names ---- */

/* Returns the digits of the largest class, so that folders sort as their classes do. */
static int label_digits(const sg_labelled_set *set)
{
    int largest = 0;
    for (size_t i = 0; i < set->class_count; i++)
        largest = set->classes[i].label > largest ? set->classes[i].label : largest;
    return snprintf(NULL, 0, "%d", largest);
}

/* Writes "seed0012", or "real000034" of the collection. */
static void name_source(const sg_labelled_picture *picture, char *name, size_t size)
{
    if (picture->real)
        snprintf(name, size, "real%06zu", picture->index);
    else
        snprintf(name, size, "seed%04" PRIu32, picture->seed);
}

static void name_picture(const sg_labelled_set *set, size_t index, char name[SG_PACK_NAME_SIZE])
{
    const sg_labelled_picture *picture = &set->pictures[index];
    const int digits = label_digits(set);
    char source[SG_PACK_NAME_SIZE / 2];
    name_source(picture, source, sizeof source);
    if (set->options.layout == SG_LABELLED_JSON)
        snprintf(name, SG_PACK_NAME_SIZE, "%05zu/img%08zu.png", index / FOLDER_PICTURES, index);
    else if (set->options.layout == SG_LABELLED_CSV)
        snprintf(name, SG_PACK_NAME_SIZE, "class%0*d-%s.png", digits, picture->label, source);
    else
        snprintf(name, SG_PACK_NAME_SIZE, "%0*d/%s.png", digits, picture->label, source);
}

static void name_file(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE])
{
    const sg_labelled_set *set = ((const writing *)argument)->set;
    if (index < set->count)
        name_picture(set, index, name);
    else
        snprintf(name, SG_PACK_NAME_SIZE, "%s",
                 set->options.layout == SG_LABELLED_CSV ? "labels.csv" : "dataset.json");
}

/* ---- pictures ---- */

sg_status sg_labelled_encode(const sg_labelled_set *set, const sg_labelled_picture *picture,
                             const sg_image *image, unsigned char **bytes, size_t *size,
                             sg_error *error)
{
    const sg_picture_request request = sg_labelled_request(set, picture->label, picture->seed);
    sg_remarks remarks;
    if (picture->real)
        return sg_png_encode(set->real->pictures[picture->index].name, image, NULL, 0, bytes, size,
                             error);
    sg_remark_picture(&remarks, &set->work->network, &request);
    if (!set->conditional)
        sg_remark_number(&remarks, "class", picture->label);
    return sg_png_encode(set->work->network.path, image, remarks.texts, remarks.count, bytes, size,
                         error);
}

/* Reads a picture of the collection, which must have the shape of those that are painted. */
static sg_status read_real(const sg_labelled_set *set, size_t index, sg_image **image,
                           sg_error *error)
{
    const sg_generator *generator = set->work->network.generator;
    const int channels = set->work->network.config.img_channels;
    const sg_image_shape shape = {(size_t)sg_generator_width(generator),
                                  (size_t)sg_generator_height(generator),
                                  channels <= 4 ? (size_t)channels : 3};
    SG_TRY(sg_picture_source_read(set->real, index, image, error));
    const sg_image *read = *image;
    if (sg_image_has_shape(read, &shape))
        return SG_OK;
    return sg_fail(error, SG_ERROR_SHAPE,
                   "%s/%s has %zux%zu pixels with %zu channels, but the painted pictures have "
                   "%zux%zu with %zu; stylegan dataset makes such pictures of others",
                   set->real->path, set->real->pictures[index].name, read->width, read->height,
                   read->channels, shape.width, shape.height, shape.channels);
}

static sg_status make_picture(const sg_labelled_set *set, sg_labelled_picture *picture,
                              unsigned char **bytes, size_t *size, sg_error *error)
{
    const sg_picture_request request = sg_labelled_request(set, picture->label, picture->seed);
    sg_image *image = NULL;
    if (picture->png) {
        *bytes = picture->png;
        *size = picture->size;
        picture->png = NULL;
        return SG_OK;
    }
    sg_status status = picture->real
                           ? read_real(set, picture->index, &image, error)
                           : sg_paint_picture(&set->work->network, &request, NULL, &image, error);
    if (!status)
        status = sg_labelled_encode(set, picture, image, bytes, size, error);
    sg_image_destroy(image);
    return status;
}

/* ---- labels ---- */

static bool add_entry(cJSON *labels, const char *name, int label)
{
    cJSON *entry = cJSON_CreateArray();
    const bool complete = cJSON_AddItemToArray(entry, cJSON_CreateString(name)) &&
                          cJSON_AddItemToArray(entry, cJSON_CreateNumber(label)) &&
                          cJSON_AddItemToArray(labels, entry);
    if (!complete)
        cJSON_Delete(entry);
    return complete;
}

static bool add_labels(cJSON *object, const sg_labelled_set *set)
{
    char name[SG_PACK_NAME_SIZE];
    cJSON *labels = cJSON_AddArrayToObject(object, "labels");
    bool complete = labels;
    for (size_t i = 0; i < set->count && complete; i++) {
        name_picture(set, i, name);
        complete = add_entry(labels, name, set->pictures[i].label);
    }
    return complete;
}

/* Says how the set was made, under keys that other programs ignore. */
static bool add_origin(cJSON *object, const sg_labelled_set *set)
{
    const cJSON *names = set->classifier ? sg_scoring_names(set->classifier) : NULL;
    const char *classifier = set->options.classifier;
    const char *network = sg_picture_network_name(&set->work->network);
    if (names && !sg_json_add(object, "label_names", cJSON_Duplicate(names, true)))
        return false;
    if (classifier &&
        (!sg_json_add(object, "classifier", cJSON_CreateString(sg_path_name(classifier))) ||
         !sg_json_add(object, "confidence", cJSON_CreateNumber(set->options.confidence))))
        return false;
    return sg_json_add(object, "source", cJSON_CreateString(network)) &&
           sg_json_add(object, "truncation_psi",
                       cJSON_CreateNumber(set->work->lists.psis.values[0]));
}

static sg_status print_json(const sg_labelled_set *set, char **text, sg_error *error)
{
    cJSON *object = cJSON_CreateObject();
    *text = object && add_labels(object, set) && add_origin(object, set)
                ? cJSON_PrintUnformatted(object)
                : NULL;
    cJSON_Delete(object);
    return *text ? SG_OK : sg_fail_memory(error, "dataset.json");
}

static sg_status print_csv(const sg_labelled_set *set, char **text, sg_error *error)
{
    sg_text table = {0};
    char name[SG_PACK_NAME_SIZE];
    sg_text_append(&table, "filename,label\n");
    for (size_t i = 0; i < set->count; i++) {
        name_picture(set, i, name);
        sg_text_append(&table, "%s,%d\n", name, set->pictures[i].label);
    }
    *text = table.failed ? NULL : table.bytes;
    if (!*text)
        sg_text_clear(&table);
    return *text ? SG_OK : sg_fail_memory(error, "labels.csv");
}

/* ---- the set ---- */

static sg_status make_file(void *argument, size_t index, unsigned char **bytes, size_t *size,
                           sg_error *error)
{
    const writing *all = argument;
    const sg_labelled_set *set = all->set;
    char *text = NULL;
    if (index < set->count) {
        if (sg_watch_step(all->watch, (double)index, (double)set->count, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "%s: stopped after %zu of %zu pictures",
                           all->path, index, set->count);
        return make_picture(set, &set->pictures[index], bytes, size, error);
    }
    SG_TRY(set->options.layout == SG_LABELLED_CSV ? print_csv(set, &text, error)
                                                  : print_json(set, &text, error));
    *bytes = (unsigned char *)text;
    *size = strlen(text);
    return SG_OK;
}

sg_status sg_labelled_set_write(sg_labelled_set *set, const char *path, const sg_watch *watch,
                                sg_error *error)
{
    writing all = {.set = set, .watch = watch, .path = path};
    if (set->options.real && sg_path_is_same(set->options.real, path))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"with\" is %s, which the new set would replace; choose another name for it",
            set->options.real);
    SG_TRY(sg_dataset_check_destination(path, error));
    SG_TRY(sg_labelled_choose(set, watch, error));
    const sg_pack pack = {
        .count = set->count + 1, .argument = &all, .name = name_file, .make = make_file};
    return sg_pack_is_zip(path) ? sg_pack_write_zip(&pack, path, error)
                                : sg_pack_write_folder(&pack, path, error);
}
