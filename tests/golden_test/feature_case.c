/*
 * Inception-v3, VGG16 and LPIPS with filled weights: each is written to a file, which is opened as
 * people's files are, and computes the stored pictures.
 */
#include "golden_test/feature_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/vgg16.h"
#include "golden_test/feature_numbers.h"
#include "image/resize_planes.h"
#include "support/filled_network.h"

enum { NAME_BYTES = 100, PATH_BYTES = 2 * SCRATCH_BYTES };

/* A layer that a file may tell of, and the size of its images. */
typedef struct layer_row {
    sg_feature_layer layer;
    const char *name;
    size_t side, channels; /* of VGG16: the side of the whole picture is divided by `side` */
} layer_row;

/* Room for the layers of some pictures, which are also asked for. */
typedef struct layer_room {
    sg_feature_tap taps[8];
    layer_values values[8];
    size_t count;
} layer_room;

static void add_room(layer_room *room, const layer_row *row, size_t count, size_t pixels)
{
    layer_values *values = &room->values[room->count];
    *values = (layer_values){.count = count, .pixels = pixels, .channels = row->channels};
    values->values = calloc(count * pixels * row->channels + 1, sizeof *values->values);
    room->taps[room->count++] = (sg_feature_tap){row->layer, values->values};
}

static void free_room(layer_room *room)
{
    for (size_t i = 0; i < room->count; i++)
        free(room->values[i].values);
}

/* ---- Inception ---- */

static const layer_row inception_layers[] = {
    {SG_INCEPTION_INPUT, "input", 299, 3},
    {SG_INCEPTION_POOL1, "pool1", 73, 64},
    {SG_INCEPTION_POOL2, "pool2", 35, 192},
    {SG_INCEPTION_PRE_AUX, "pre_aux", 17, 768},
};
enum { INCEPTION_LAYERS = sizeof inception_layers / sizeof *inception_layers };

static void compare_layers(golden_case *test, const char *mode, const layer_room *room)
{
    for (size_t i = 0; i < INCEPTION_LAYERS; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "%s.%s", mode, inception_layers[i].name);
        number_group group = {.test = test, .name = name};
        group_compare_layer(&group, name, inception_layers[i].name, &room->values[i]);
        group_report(&group);
    }
}

/* Compares rows with "MODE.NAME" and their statistics. */
static void compare_rows(golden_case *test, const char *mode, const char *what, const float *rows,
                         size_t count, size_t length)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s", mode, what);
    number_group group = {.test = test, .name = name};
    group_compare(&group, name, rows, count * length);
    group_compare_stats(&group, name, rows, count, length);
    group_report(&group);
}

/* Turns rows of logits into probabilities. */
static void take_softmax(float *rows, size_t count, size_t length)
{
    for (float *row = rows; row < rows + count * length; row += length) {
        double most = (double)row[0];
        double sum = 0;
        for (size_t i = 0; i < length; i++)
            most = fmax(most, (double)row[i]);
        for (size_t i = 0; i < length; i++)
            sum += exp((double)row[i] - most);
        for (size_t i = 0; i < length; i++)
            row[i] = (float)(exp((double)row[i] - most) / sum);
    }
}

/* Computes one way to the input and compares all that the file has of it. */
static sg_status compare_mode(golden_case *test, sg_feature_network *network,
                              const sg_feature_pictures *pictures, sg_feature_resize resize,
                              sg_error *error)
{
    const char *mode = sg_choice_name(&sg_feature_resize_choices, (size_t)resize);
    const size_t features = sg_feature_network_features(network);
    const size_t classes = sg_feature_network_classes(network);
    layer_room room = {.count = 0};
    for (size_t i = 0; i < INCEPTION_LAYERS; i++)
        add_room(&room, &inception_layers[i], pictures->count,
                 inception_layers[i].side * inception_layers[i].side);
    sg_feature_results results = {.features = calloc(pictures->count * features + 1, sizeof(float)),
                                  .logits = calloc(pictures->count * classes + 1, sizeof(float)),
                                  .taps = room.taps,
                                  .tap_count = room.count};
    sg_status status = sg_feature_network_compute(network, pictures, resize, &results, error);
    if (!status) {
        compare_layers(test, mode, &room);
        compare_rows(test, mode, "features", results.features, pictures->count, features);
        compare_rows(test, mode, "logits", results.logits, pictures->count, classes);
        const sg_feature_results bare = {.logits = results.logits, .no_bias = true};
        status = sg_feature_network_compute(network, pictures, resize, &bare, error);
    }
    if (!status) {
        take_softmax(results.logits, pictures->count, classes);
        compare_rows(test, mode, "logits_no_bias_softmax", results.logits, pictures->count,
                     classes);
    }
    free(results.features);
    free(results.logits);
    free_room(&room);
    return status;
}

void run_inception(golden_case *test)
{
    static const char *const names[] = {"inception.safetensors"};
    char folder[SCRATCH_BYTES];
    char path[PATH_BYTES];
    const char *file = path;
    sg_error error = {0};
    sg_feature_network *network = NULL;
    const sg_feature_pictures pictures = case_feature_pictures(test, "images");
    const number_group group = {.test = test, .name = "all"};
    sg_status status = make_scratch(folder) && pictures.floats
                           ? SG_OK
                           : sg_fail(&error, SG_ERROR_FILE, "no pictures, or no folder for files");
    snprintf(path, sizeof path, "%s/%s", folder, names[0]);
    if (!status)
        status = write_filled_inception(path, &error);
    if (!status)
        status = sg_feature_network_find("inception", &file, 1, &network, &error);
    for (int mode = 0; mode <= SG_FEATURE_RESIZE_HALFPIXEL && !status; mode++)
        status = compare_mode(test, network, &pictures, (sg_feature_resize)mode, &error);
    if (status)
        group_fail(&group, &error);
    sg_feature_network_close(network);
    remove_scratch(folder, names, 1);
    free((void *)(uintptr_t)pictures.floats);
}

/* ---- LPIPS ---- */

/* Files of VGG16, each with some of its parts. */
static const struct {
    const char *name;
    unsigned parts;
} vgg16_files[] = {{"vgg16.safetensors", FILLED_LAYERS},
                   {"heads.safetensors", FILLED_HEADS},
                   {"equal.safetensors", EQUAL_HEADS},
                   {"whole.safetensors", FILLED_LAYERS | FILLED_MATRICES}};
enum { LAYERS_FILE, HEADS_FILE, EQUAL_FILE, WHOLE_FILE, VGG16_FILES };

/* Writes files and opens the network that they hold. */
static sg_status open_files(const char *kind, const char *folder, const int *files, size_t count,
                            sg_feature_network **network, sg_error *error)
{
    char paths[VGG16_FILES][PATH_BYTES];
    const char *list[VGG16_FILES];
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], PATH_BYTES, "%s/%s", folder, vgg16_files[files[i]].name);
        list[i] = paths[i];
        SG_TRY(write_filled_vgg16(paths[i], vgg16_files[files[i]].parts, error));
    }
    return sg_feature_network_find(kind, list, count, network, error);
}

/* Pictures 0 and P of a batch. */
static void pair_of(const sg_feature_pictures *all, size_t other, sg_feature_pictures pair[2])
{
    const size_t numbers = all->height * all->width * all->channels;
    pair[0] = pair[1] = *all;
    pair[0].count = pair[1].count = 1;
    pair[1].floats = all->floats + other * numbers;
}

/* Compares the distance of a pair with PREFIX.layers and the like. */
static sg_status compare_pair(golden_case *test, const char *name, sg_feature_network *network,
                              const sg_feature_pictures pair[2], const char *layers_name,
                              sg_error *error)
{
    double distance = 0;
    double layers[SG_LPIPS_LAYERS];
    char whole[NAME_BYTES];
    number_group group = {.test = test, .name = whole};
    SG_TRY(
        sg_feature_network_distances(network, &pair[0], &pair[1], false, &distance, layers, error));
    snprintf(whole, sizeof whole, "%s.%s", name, layers_name);
    group_compare_doubles(&group, whole, layers, SG_LPIPS_LAYERS);
    group_report(&group);
    if (strcmp(layers_name, "layers") != 0)
        return SG_OK;
    number_group total = {.test = test, .name = whole};
    snprintf(whole, sizeof whole, "%s.total", name);
    group_compare_doubles(&total, whole, &distance, 1);
    group_report(&total);
    return SG_OK;
}

static sg_status compare_pairs(golden_case *test, sg_feature_network *network,
                               const sg_feature_pictures *pictures, const char *layers_name,
                               sg_error *error)
{
    for (size_t i = 1; i < pictures->count; i++) {
        char name[NAME_BYTES];
        sg_feature_pictures pair[2];
        snprintf(name, sizeof name, "pair%zu", i - 1);
        pair_of(pictures, i, pair);
        SG_TRY(compare_pair(test, name, network, pair, layers_name, error));
    }
    return SG_OK;
}

static const size_t block_channels[SG_LPIPS_LAYERS] = {64, 128, 256, 512, 512};

static sg_status compare_relus(golden_case *test, sg_feature_network *network,
                               const sg_feature_pictures *pictures, sg_error *error)
{
    layer_room room = {.count = 0};
    sg_feature_pictures first = *pictures;
    first.count = 1;
    for (size_t i = 0; i < SG_LPIPS_LAYERS; i++) {
        const layer_row row = {.layer = (sg_feature_layer)(SG_VGG16_RELU1 + i),
                               .channels = block_channels[i]};
        add_room(&room, &row, 1, (first.height >> i) * (first.width >> i));
    }
    const sg_feature_results results = {.taps = room.taps, .tap_count = room.count};
    const sg_status status =
        sg_feature_network_compute(network, &first, SG_FEATURE_RESIZE_LEGACY, &results, error);
    for (size_t i = 0; i < SG_LPIPS_LAYERS && !status; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "relu%zu", i + 1);
        number_group group = {.test = test, .name = name};
        group_compare_layer(&group, name, name, &room.values[i]);
        group_report(&group);
    }
    free_room(&room);
    return status;
}

/* Returns the length of a block's part of a vector. */
static size_t block_length(const sg_feature_pictures *pictures, size_t block)
{
    return block_channels[block] * (pictures->height >> block) * (pictures->width >> block);
}

/* Compares a vector, its length, and the lengths of its blocks, squared. */
static void compare_numbers(golden_case *test, const sg_feature_pictures *pictures, size_t length,
                            float *vector)
{
    number_group group = {.test = test, .name = "vector"};
    const layer_values values = {vector, 1, length, 1};
    const double number = (double)length;
    double squares[SG_LPIPS_LAYERS] = {0};
    const float *at = vector;
    for (size_t i = 0; i < SG_LPIPS_LAYERS; i++)
        for (size_t j = 0; j < block_length(pictures, i); j++, at++)
            squares[i] += (double)*at * (double)*at;
    group_compare_doubles(&group, "vector.length", &number, 1);
    group_compare_layer(&group, "vector", "vector", &values);
    group_compare_doubles(&group, "vector.block_square_norms", squares, SG_LPIPS_LAYERS);
    group_report(&group);
}

static sg_status compare_vector(golden_case *test, sg_feature_network *network,
                                const sg_feature_pictures *pictures, sg_error *error)
{
    sg_feature_pictures first = *pictures;
    size_t length = 0;
    first.count = 1;
    for (size_t i = 0; i < SG_LPIPS_LAYERS; i++)
        length += block_length(&first, i);
    float *vector = calloc(length + 1, sizeof *vector);
    const sg_feature_results results = {.features = vector};
    const sg_status status =
        vector
            ? sg_feature_network_compute(network, &first, SG_FEATURE_RESIZE_LEGACY, &results, error)
            : SG_ERROR_MEMORY;
    if (!status)
        compare_numbers(test, &first, length, vector);
    free(vector);
    return status;
}

/* ---- a large pair ---- */

enum { LARGE = 512, SMALL = 256, CHANNELS = 3 };

/* Compares the means and corners of reduced pictures. */
static void compare_area(golden_case *test, const float *large)
{
    enum { PIXELS = SMALL * SMALL, CORNER = 4 };
    float *planes = calloc(CHANNELS * LARGE * LARGE, sizeof *planes);
    float *small = calloc(CHANNELS * PIXELS, sizeof *small);
    double means[2 * CHANNELS] = {0};
    float corners[2 * CHANNELS * CORNER];
    number_group group = {.test = test, .name = "pair512.area"};
    for (size_t picture = 0; picture < 2 && planes && small; picture++) {
        const sg_planes source = {CHANNELS, LARGE, LARGE, planes};
        for (size_t i = 0; i < CHANNELS * LARGE * LARGE; i++)
            planes[i % CHANNELS * LARGE * LARGE + i / CHANNELS] =
                large[picture * CHANNELS * LARGE * LARGE + i];
        if (sg_resize_planes(&source, SG_RESIZE_CELL, SMALL, SMALL, small, NULL))
            break;
        for (size_t i = 0; i < CHANNELS * PIXELS; i++)
            means[picture * CHANNELS + i / PIXELS] += (double)small[i] / PIXELS;
        for (size_t i = 0; i < CHANNELS * CORNER; i++)
            corners[picture * CHANNELS * CORNER + i] =
                small[i / CORNER * PIXELS + i % CORNER / 2 * SMALL + i % 2];
        if (picture == 1) {
            group_compare_doubles(&group, "pair512.area_channel_mean", means, 2 * CHANNELS);
            group_compare(&group, "pair512.area_corner", corners, 2 * CHANNELS * CORNER);
        }
    }
    free(planes);
    free(small);
    group_report(&group);
}

static sg_status compare_large(golden_case *test, sg_feature_network *network, sg_error *error)
{
    enum { BYTES = LARGE * LARGE * CHANNELS };
    unsigned char *bytes = malloc(BYTES);
    float *values = malloc(2 * sizeof *values * BYTES);
    sg_feature_pictures pair[2];
    sg_status status = bytes && values ? SG_OK : sg_fail_memory(error, "two pictures");
    for (size_t i = 0; i < 2 && !status; i++) {
        fill_picture(i == 0 ? "image.512.0" : "image.512.1", LARGE, LARGE, 32, bytes);
        for (size_t j = 0; j < BYTES; j++)
            values[i * BYTES + j] = (float)bytes[j];
        pair[i] = (sg_feature_pictures){.count = 1,
                                        .height = LARGE,
                                        .width = LARGE,
                                        .channels = CHANNELS,
                                        .floats = values + i * BYTES};
    }
    if (!status) {
        compare_area(test, values);
        status = compare_pair(test, "pair512", network, pair, "layers", error);
    }
    free(bytes);
    free(values);
    return status;
}

static sg_status compare_lpips(golden_case *test, const char *folder,
                               const sg_feature_pictures *pictures, sg_error *error)
{
    static const int files[] = {LAYERS_FILE, HEADS_FILE};
    sg_feature_network *network = NULL;
    sg_status status = open_files("lpips", folder, files, 2, &network, error);
    if (!status)
        status = compare_pairs(test, network, pictures, "layers", error);
    if (!status)
        status = compare_relus(test, network, pictures, error);
    if (!status)
        status = compare_vector(test, network, pictures, error);
    if (!status && case_has(test, "pair512.total"))
        status = compare_large(test, network, error);
    sg_feature_network_close(network);
    return status;
}

static sg_status compare_unweighted(golden_case *test, const char *folder,
                                    const sg_feature_pictures *pictures, sg_error *error)
{
    static const int files[] = {LAYERS_FILE, EQUAL_FILE};
    sg_feature_network *network = NULL;
    sg_status status = open_files("lpips", folder, files, 2, &network, error);
    if (!status)
        status = compare_pairs(test, network, pictures, "unweighted_layers", error);
    sg_feature_network_close(network);
    return status;
}

/* ---- the features of precision and recall ---- */

/* Brings VGG16's input back to values of 0 to 255. */
static void undo_norm(layer_values *input)
{
    for (size_t i = 0; i < input->pixels * input->channels; i++) {
        const size_t channel = i % input->channels;
        input->values[i] =
            input->values[i] * sg_vgg16_norm.deviation[channel] + sg_vgg16_norm.mean[channel];
    }
}

/* Computes picture 0 and compares all that the file has of it. */
static sg_status compare_one(golden_case *test, sg_feature_network *network,
                             const sg_feature_pictures *picture, sg_error *error)
{
    static const layer_row rows[] = {{SG_VGG16_INPUT, "feature224.input", 224, 3},
                                     {SG_VGG16_POOL5, "feature224.pool5", 7, 512},
                                     {SG_VGG16_FC1, "feature224.fc1_relu", 1, 4096}};
    layer_room room = {.count = 0};
    float features[4096];
    float logits[1000];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_room(&room, &rows[i], 1, rows[i].side * rows[i].side);
    const sg_feature_results results = {
        .features = features, .logits = logits, .taps = room.taps, .tap_count = room.count};
    const sg_status status =
        sg_feature_network_compute(network, picture, SG_FEATURE_RESIZE_LEGACY, &results, error);
    undo_norm(&room.values[0]); /* the file has values of 0 to 255 */
    for (size_t i = 0; i < room.count && !status; i++) {
        number_group group = {.test = test, .name = rows[i].name};
        group_compare_layer(&group, rows[i].name, rows[i].name, &room.values[i]);
        group_compare(&group, rows[i].name, room.values[i].values,
                      room.values[i].pixels * room.values[i].channels);
        group_report(&group);
    }
    if (!status) {
        compare_rows(test, "feature224", "fc2_relu", features, 1, 4096);
        compare_rows(test, "feature224", "logits", logits, 1, 1000);
    }
    free_room(&room);
    return status;
}

static sg_status compare_features(golden_case *test, const char *folder,
                                  const sg_feature_pictures *pictures, sg_error *error)
{
    static const int files[] = {WHOLE_FILE};
    sg_feature_network *network = NULL;
    sg_feature_pictures first = *pictures;
    first.count = 1;
    sg_status status = open_files("vgg16", folder, files, 1, &network, error);
    if (!status)
        status = compare_one(test, network, &first, error);
    sg_feature_network_close(network);
    return status;
}

void run_lpips(golden_case *test)
{
    char folder[SCRATCH_BYTES];
    const char *names[VGG16_FILES];
    sg_error error = {0};
    const sg_feature_pictures pictures = case_feature_pictures(test, "images");
    const number_group group = {.test = test, .name = "all"};
    for (int i = 0; i < VGG16_FILES; i++)
        names[i] = vgg16_files[i].name;
    sg_status status = make_scratch(folder) && pictures.floats
                           ? SG_OK
                           : sg_fail(&error, SG_ERROR_FILE, "no pictures, or no folder for files");
    if (!status)
        status = compare_lpips(test, folder, &pictures, &error);
    if (!status && case_has(test, "pair0.unweighted_layers"))
        status = compare_unweighted(test, folder, &pictures, &error);
    if (!status && case_has(test, "feature224.fc2_relu"))
        status = compare_features(test, folder, &pictures, &error);
    if (status)
        group_fail(&group, &error);
    remove_scratch(folder, names, VGG16_FILES);
    free((void *)(uintptr_t)pictures.floats);
}
