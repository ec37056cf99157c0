/*
 * The features of precision and recall: the second of VGG16's three matrices, rectified, of
 * pictures at 224x224 pixels (Kynkäänniemi et al. 2019).
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "features/feature_kind.h"
#include "features/feature_show.h"
#include "features/vgg16.h"
#include "kernels/product/matmul.h"

enum {
    SIDE = 224,
    POOLED_SIDE = 7,
    POOLED = 512 * POOLED_SIDE * POOLED_SIDE,
    FEATURES = 4096,
    CLASSES = 1000,
    MATRICES = 3
};

typedef struct vgg16_features {
    sg_vgg16 net;
    float *matrices[MATRICES], *biases[MATRICES];
} vgg16_features;

/* The matrices: rows, columns, and names as torchvision and NVIDIA have them. */
static const struct {
    int64_t rows, columns;
    const char *names[2][2];
} matrices[MATRICES] = {
    {FEATURES,
     POOLED,
     {{"classifier.0.weight", "classifier.0.bias"}, {"layers.fc1.weight", "layers.fc1.bias"}}},
    {FEATURES,
     FEATURES,
     {{"classifier.3.weight", "classifier.3.bias"}, {"layers.fc2.weight", "layers.fc2.bias"}}},
    {CLASSES,
     FEATURES,
     {{"classifier.6.weight", "classifier.6.bias"}, {"layers.fc3.weight", "layers.fc3.bias"}}},
};

/* ---- opening ---- */

static bool recognises(const sg_feature_tensors *tensors)
{
    const sg_vgg16_names names = sg_vgg16_names_of(tensors);
    return names <= SG_VGG16_NVIDIA &&
           sg_feature_tensors_find(tensors, matrices[0].names[names][0]);
}

static sg_status read_matrices(const sg_feature_tensors *tensors, vgg16_features *own,
                               sg_error *error)
{
    const sg_vgg16_names names = sg_vgg16_names_of(tensors);
    for (int i = 0; i < MATRICES; i++) {
        const int64_t shape[] = {matrices[i].rows, matrices[i].columns};
        const char *const *name = matrices[i].names[names == SG_VGG16_NVIDIA];
        own->matrices[i] = sg_allocate((size_t)shape[0], (size_t)shape[1] * sizeof(float));
        own->biases[i] = sg_allocate((size_t)shape[0], sizeof(float));
        if (!own->matrices[i] || !own->biases[i])
            return sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
        SG_TRY(sg_feature_tensors_read(tensors, name[0], 2, shape, own->matrices[i], error));
        SG_TRY(sg_feature_tensors_read(tensors, name[1], 1, shape, own->biases[i], error));
    }
    return SG_OK;
}

static sg_status open_features(const sg_feature_tensors *const *files, sg_feature_state *state,
                               sg_error *error)
{
    vgg16_features *own = sg_allocate(1, sizeof *own);
    state->own = own;
    if (!own)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(files[0]));
    own->net.pools_last = true;
    SG_TRY(sg_vgg16_read(files[0], &own->net, error));
    SG_TRY(read_matrices(files[0], own, error));
    state->features = FEATURES;
    state->classes = CLASSES;
    return sg_vgg16_prepare(&own->net, SIDE, SIDE, error);
}

static void close_features(sg_feature_state *state)
{
    vgg16_features *own = state->own;
    if (!own)
        return;
    sg_vgg16_free(&own->net);
    for (int i = 0; i < MATRICES; i++) {
        free(own->matrices[i]);
        free(own->biases[i]);
    }
    free(own);
}

/* ---- computing ---- */

/* A batch on its way. */
typedef struct features_run {
    const sg_feature_pictures *pictures;
    int64_t start;
    sg_feature_resize resize;
    const sg_feature_results *results;
    float *pooled; /* [batch, channels, rows, columns] */
} features_run;

static sg_status load(void *user, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error)
{
    const features_run *run = user;
    SG_TRY(sg_feature_input_load(run->pictures, run->start + first, count, run->resize,
                                 &sg_vgg16_norm, image, error));
    sg_feature_show(run->results, SG_VGG16_INPUT, image, run->start + first, count);
    return SG_OK;
}

/* Keeps the pooled pixels, channels outermost as the first matrix takes them. */
static void keep_pooled(const sg_tap_image *image, int64_t picture, float *pooled)
{
    float row[POOLED / POOLED_SIDE];
    for (int64_t y = 0; y < POOLED_SIDE; y++) {
        sg_tap_image_read(image, picture, y, 0, row, POOLED / POOLED_SIDE);
        for (int64_t i = 0; i < POOLED / POOLED_SIDE; i++) {
            const int64_t channel = i % image->pixel;
            const int64_t x = i / image->pixel;
            pooled[(channel * POOLED_SIDE + y) * POOLED_SIDE + x] = row[i];
        }
    }
}

static sg_status take(void *user, int tap, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error)
{
    const features_run *run = user;
    (void)error;
    for (int64_t i = 0; i < count && tap == SG_VGG16_BLOCKS; i++)
        keep_pooled(image, i, run->pooled + (first + i) * POOLED);
    sg_feature_show(run->results, SG_VGG16_RELU1 + tap, image, run->start + first, count);
    return SG_OK;
}

/* to [count, rows] = from [count, columns] times a matrix, plus its bias; rectified if wanted. */
static sg_status multiply(const vgg16_features *own, int matrix, const float *from, int64_t count,
                          bool rectified, float *to, sg_error *error)
{
    const int64_t rows = matrices[matrix].rows;
    const sg_matmul_shape shape = {.rows = count,
                                   .columns = rows,
                                   .inner = matrices[matrix].columns,
                                   .transpose_b = true,
                                   .alpha = 1};
    const sg_status status = sg_matmul_f32(&shape, from, own->matrices[matrix], to);
    if (status)
        return sg_fail(error, status, "an output layer could not be computed");
    for (int64_t i = 0; i < count * rows; i++) {
        const float value = to[i] + own->biases[matrix][i % rows];
        to[i] = rectified && value < 0 ? 0 : value;
    }
    return SG_OK;
}

/* The two vectors before the features, and the features, of a batch. */
typedef struct features_rows {
    float pooled[SG_VGG16_BATCH * POOLED];
    float first[SG_VGG16_BATCH * FEATURES], second[SG_VGG16_BATCH * FEATURES];
} features_rows;

static sg_status compute_batch(const vgg16_features *own, features_run *run, int64_t count,
                               features_rows *rows, sg_error *error)
{
    const sg_graph_run steps = {.user = run, .load = load, .tap = take};
    const sg_feature_results *results = run->results;
    SG_TRY(sg_feature_graph_run(own->net.graph, &steps, count, error));
    SG_TRY(multiply(own, 0, rows->pooled, count, true, rows->first, error));
    sg_feature_show_rows(results, SG_VGG16_FC1, rows->first, FEATURES, run->start, count);
    SG_TRY(multiply(own, 1, rows->first, count, true, rows->second, error));
    if (results->features)
        memcpy(results->features + run->start * FEATURES, rows->second,
               (size_t)count * FEATURES * sizeof(float));
    if (!results->logits)
        return SG_OK;
    float *logits = results->logits + run->start * CLASSES;
    SG_TRY(multiply(own, 2, rows->second, count, false, logits, error));
    for (int64_t i = 0; i < count * CLASSES && results->no_bias; i++)
        logits[i] -= own->biases[2][i % CLASSES];
    return SG_OK;
}

static sg_status compute(const sg_feature_state *state, const sg_feature_pictures *pictures,
                         sg_feature_resize resize, const sg_feature_results *results,
                         sg_error *error)
{
    const vgg16_features *own = state->own;
    features_rows *rows = sg_allocate(1, sizeof *rows);
    if (!rows)
        return sg_fail_memory(error, "the features of VGG16");
    features_run run = {
        .pictures = pictures, .resize = resize, .results = results, .pooled = rows->pooled};
    sg_status status = SG_OK;
    for (; run.start < (int64_t)pictures->count && !status; run.start += SG_VGG16_BATCH) {
        const int64_t left = (int64_t)pictures->count - run.start;
        status =
            compute_batch(own, &run, left < SG_VGG16_BATCH ? left : SG_VGG16_BATCH, rows, error);
    }
    free(rows);
    return status;
}

const sg_feature_kind sg_vgg16_kind = {
    .name = "vgg16",
    .title = "VGG16 of precision and recall",
    .parts = {{.noun = "VGG16 with its three matrices",
               .names = {"vgg16.pkl", "vgg16.pt", "vgg16-397923af.pth"},
               .recognises = recognises}},
    .part_count = 1,
    .open = open_features,
    .close = close_features,
    .compute = compute,
};
