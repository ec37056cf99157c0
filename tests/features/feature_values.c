/*
 * Writes what a feature network with filled weights makes of pictures, for
 * tests/features/torch_differential.sh to compare with PyTorch:
 *
 *     feature-values inception|vgg16 FOLDER [FILE]
 *
 * FOLDER/weights.safetensors, FOLDER/pictures (64 of raw bytes, [3, height, width] each) and
 * FOLDER/features (raw floats). With FILE, the network is opened from it instead of from the
 * weights, which are not written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "features/feature_network.h"
#include "support/filled_network.h"

enum { COUNT = 64, CHANNELS = 3, PATH_BYTES = 4096 };

static sg_status write_weights(const char *kind, const char *path, sg_error *error)
{
    return strcmp(kind, "inception") == 0
               ? write_filled_inception(path, error)
               : write_filled_vgg16(path, FILLED_LAYERS | FILLED_MATRICES, error);
}

/* Fills pictures with cells of several sizes, and writes them with channels outermost. */
static sg_status make_pictures(size_t side, const char *path, unsigned char *pictures,
                               sg_error *error)
{
    const size_t pixels = side * side;
    unsigned char *planes = malloc(COUNT * pixels * CHANNELS);
    if (!planes)
        return sg_fail_memory(error, "pictures");
    for (size_t i = 0; i < COUNT; i++) {
        char name[40];
        snprintf(name, sizeof name, "picture.%zu", i);
        fill_picture(name, side, side, 1 + i % 40, pictures + i * pixels * CHANNELS);
    }
    for (size_t i = 0; i < COUNT * pixels * CHANNELS; i++)
        planes[i / CHANNELS / pixels * pixels * CHANNELS + i % CHANNELS * pixels +
               i / CHANNELS % pixels] = pictures[i];
    const sg_status status = sg_write_file(path, planes, COUNT * pixels * CHANNELS, error);
    free(planes);
    return status;
}

static sg_status compute(const char *kind, const char *file, const sg_feature_pictures *pictures,
                         const char *path, sg_error *error)
{
    sg_feature_network *network = NULL;
    SG_TRY(sg_feature_network_find(kind, &file, 1, &network, error));
    const size_t length = pictures->count * sg_feature_network_features(network);
    const sg_feature_results results = {.features = malloc(length * sizeof(float))};
    sg_status status = results.features ? SG_OK : sg_fail_memory(error, "features");
    if (!status)
        status = sg_feature_network_compute(network, pictures, SG_FEATURE_RESIZE_LEGACY, &results,
                                            error);
    if (!status)
        status = sg_write_file(path, results.features, length * sizeof(float), error);
    free(results.features);
    sg_feature_network_close(network);
    return status;
}

static sg_status run(const char *kind, const char *folder, const char *file, sg_error *error)
{
    char weights[PATH_BYTES];
    char pictures[PATH_BYTES];
    char features[PATH_BYTES];
    const size_t side = strcmp(kind, "inception") == 0 ? 299 : 224;
    unsigned char *bytes = malloc(COUNT * side * side * CHANNELS);
    const sg_feature_pictures batch = {COUNT, side, side, CHANNELS, bytes, NULL};
    snprintf(weights, sizeof weights, "%s/weights.safetensors", folder);
    snprintf(pictures, sizeof pictures, "%s/pictures", folder);
    snprintf(features, sizeof features, "%s/features", folder);
    sg_status status = bytes ? SG_OK : sg_fail_memory(error, "pictures");
    if (!status && !file)
        status = write_weights(kind, weights, error);
    if (!status)
        status = make_pictures(side, pictures, bytes, error);
    if (!status)
        status = compute(kind, file ? file : weights, &batch, features, error);
    free(bytes);
    return status;
}

int main(int count, char **arguments)
{
    sg_error error = {0};
    if (count < 3 || sg_feature_kind_find(arguments[1]) < 0) {
        fputs("usage: feature-values inception|vgg16 FOLDER [FILE]\n", stderr);
        return 2;
    }
    if (run(arguments[1], arguments[2], count > 3 ? arguments[3] : NULL, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    return 0;
}
