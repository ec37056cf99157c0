/*
 * LPIPS (Zhang et al. 2018, version 0.1 with VGG): the ends of VGG16's blocks, each pixel scaled to
 * unit length, compared with a weight for each channel ("heads").
 *
 * A distance is the sum over blocks of the mean over pixels of the weighted squared difference. In
 * NVIDIA's form a picture has one vector, so that the distance is that of the vectors, squared.
 *
 * Tested by: tests/features/test_feature_network.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "features/feature_kind.h"
#include "features/feature_show.h"
#include "features/lpips.h"
#include "features/vgg16.h"

enum { PROGRAMS = 3, LANES = 16 };

typedef struct lpips {
    sg_vgg16 net;
    float heads[SG_VGG16_BLOCKS][SG_LPIPS_MOST_CHANNELS];
} lpips;

/* ---- opening ---- */

/* The names of heads: of the package lpips, of its modules' lists, and NVIDIA's. */
static const char *const head_names[PROGRAMS] = {"lin%d.model.1.weight", "lins.%d.model.1.weight",
                                                 "lpips%d"};

static void head_name(int program, int block, char name[SG_VGG16_NAME_BYTES])
{
    snprintf(name, SG_VGG16_NAME_BYTES, head_names[program], block);
}

/* Returns the row of head_names that the file has; PROGRAMS if it has none. */
static int find_heads(const sg_feature_tensors *tensors)
{
    char name[SG_VGG16_NAME_BYTES];
    int program = 0;
    for (; program < PROGRAMS; program++) {
        int found = 0;
        for (int block = 0; block < SG_VGG16_BLOCKS; block++) {
            head_name(program, block, name);
            found += sg_feature_tensors_find(tensors, name) != NULL;
        }
        if (found == SG_VGG16_BLOCKS)
            break;
    }
    return program;
}

static bool recognises_net(const sg_feature_tensors *tensors)
{
    return sg_vgg16_names_of(tensors) != SG_VGG16_UNKNOWN;
}

static bool recognises_heads(const sg_feature_tensors *tensors)
{
    return find_heads(tensors) < PROGRAMS;
}

/* Heads of the networks of other kinds have other numbers of channels, which reading finds. */
sg_status sg_lpips_read_heads(const sg_feature_tensors *tensors,
                              float (*heads)[SG_LPIPS_MOST_CHANNELS], sg_error *error)
{
    const int program = find_heads(tensors);
    for (int i = 0; i < SG_VGG16_BLOCKS; i++) {
        char name[SG_VGG16_NAME_BYTES];
        const int64_t size = sg_vgg16_channels(i);
        head_name(program, i, name);
        SG_TRY(sg_feature_tensors_read(tensors, name, 1, &size, heads[i], error));
        for (int64_t c = 0; c < size; c++)
            if (!(heads[i][c] >= 0))
                return sg_fail(error, SG_ERROR_FORMAT,
                               "%s: tensor %s has weights below zero, which no LPIPS has",
                               sg_feature_tensors_path(tensors), name);
    }
    return SG_OK;
}

static sg_status open_lpips(const sg_feature_tensors *const *files, sg_feature_state *state,
                            sg_error *error)
{
    lpips *own = sg_allocate(1, sizeof *own);
    state->own = own;
    if (!own)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(files[0]));
    SG_TRY(sg_vgg16_read(files[0], &own->net, error));
    return sg_lpips_read_heads(files[1], own->heads, error);
}

static void close_lpips(sg_feature_state *state)
{
    lpips *own = state->own;
    if (own)
        sg_vgg16_free(&own->net);
    free(own);
}

/* ---- taps ---- */

/* A batch on its way: pictures of `a`, or of `a` and `b` in turn. */
typedef struct lpips_run {
    lpips *own;
    const sg_feature_pictures *a, *b;
    int64_t start;
    const sg_feature_results *results; /* of `a` alone */
    double *distances, *layers;        /* of all pairs; layers may be NULL */
    size_t length;                     /* of a picture's features */
} lpips_run;

static sg_status load(void *user, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error)
{
    const lpips_run *run = user;
    if (!run->b) {
        SG_TRY(sg_feature_input_load(run->a, run->start + first, count, SG_FEATURE_RESIZE_LEGACY,
                                     &sg_vgg16_norm, image, error));
        sg_feature_show(run->results, SG_VGG16_INPUT, image, run->start + first, count);
        return SG_OK;
    }
    for (int64_t i = 0; i < count; i++) {
        const sg_tap_image one = sg_tap_image_from(image, i, 0);
        SG_TRY(sg_feature_input_load((first + i) % 2 ? run->b : run->a,
                                     (run->start + first + i) / 2, 1, SG_FEATURE_RESIZE_LEGACY,
                                     &sg_vgg16_norm, &one, error));
    }
    return SG_OK;
}

/* Returns 1 / (length + 1e-10) of a pixel. */
static float inverse_length(const float *pixel, int64_t channels)
{
    float sums[LANES] = {0};
    for (int64_t c = 0; c < channels; c += LANES)
        for (int i = 0; i < LANES; i++)
            sums[i] += pixel[c + i] * pixel[c + i];
    double sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += (double)sums[i];
    return (float)(1 / (sqrt(sum) + 1e-10));
}

/* Returns the weighted squared difference of two pixels, each of unit length. */
static double pixel_distance(const float *a, const float *b, const float *head, int64_t channels)
{
    const float by_a = inverse_length(a, channels);
    const float by_b = inverse_length(b, channels);
    float sums[LANES] = {0};
    for (int64_t c = 0; c < channels; c += LANES)
        for (int i = 0; i < LANES; i++) {
            const float difference = a[c + i] * by_a - b[c + i] * by_b;
            sums[i] += head[c + i] * difference * difference;
        }
    double sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += (double)sums[i];
    return sum;
}

/* A tap of a pair of pictures, or of one. */
typedef struct tap_job {
    const sg_tap_image *image;
    int64_t picture, channels;
    const float *head;
    double *rows;  /* sums of rows */
    float *vector; /* of the picture; [channels, height, width] */
    float *room;   /* [height, 2, width * channels] */
} tap_job;

static void compare_rows(size_t begin, size_t end, void *argument)
{
    const tap_job *job = argument;
    const int64_t numbers = job->image->width * job->channels;
    for (size_t y = begin; y < end; y++) {
        float *a = job->room + (int64_t)y * 2 * numbers;
        float *b = a + numbers;
        sg_tap_image_read(job->image, job->picture, (int64_t)y, 0, a, numbers);
        sg_tap_image_read(job->image, job->picture + 1, (int64_t)y, 0, b, numbers);
        double sum = 0;
        for (int64_t i = 0; i < numbers; i += job->channels)
            sum += pixel_distance(a + i, b + i, job->head, job->channels);
        job->rows[y] = sum;
    }
}

static void scale_rows(size_t begin, size_t end, void *argument)
{
    const tap_job *job = argument;
    const int64_t width = job->image->width;
    const int64_t pixels = job->image->height * width;
    for (size_t y = begin; y < end; y++) {
        float *row = job->room + (int64_t)y * 2 * width * job->channels;
        sg_tap_image_read(job->image, job->picture, (int64_t)y, 0, row, width * job->channels);
        for (int64_t x = 0; x < width; x++) {
            const float *pixel = row + x * job->channels;
            const float by = inverse_length(pixel, job->channels);
            for (int64_t c = 0; c < job->channels; c++)
                job->vector[c * pixels + (int64_t)y * width + x] =
                    pixel[c] * by * sqrtf(job->head[c] / (float)pixels);
        }
    }
}

/* Adds a block's part to the distance of a pair. */
static void add_distance(const lpips_run *run, const tap_job *job, int block, int64_t pair)
{
    double sum = 0;
    sg_parallel_for((size_t)job->image->height, 1, compare_rows, (void *)(uintptr_t)job);
    for (int64_t y = 0; y < job->image->height; y++)
        sum += job->rows[y];
    sum /= (double)(job->image->height * job->image->width);
    run->distances[pair] = (block == 0 ? 0 : run->distances[pair]) + sum;
    if (run->layers)
        run->layers[pair * SG_VGG16_BLOCKS + block] = sum;
}

/* Returns where a block's part of a vector begins; of block SG_VGG16_BLOCKS, the length. */
static size_t block_start(int64_t height, int64_t width, int block)
{
    size_t start = 0;
    for (int i = 0; i < block; i++)
        start += (size_t)(sg_vgg16_channels(i) * (height >> i) * (width >> i));
    return start;
}

static sg_status take(void *user, int block, const sg_tap_image *image, int64_t first,
                      int64_t count, sg_error *error)
{
    const lpips_run *run = user;
    const int64_t channels = sg_vgg16_channels(block);
    tap_job job = {.image = image, .channels = channels, .head = run->own->heads[block]};
    if (run->results)
        sg_feature_show(run->results, SG_VGG16_RELU1 + block, image, run->start + first, count);
    if (run->results && !run->results->features)
        return SG_OK;
    job.rows = sg_allocate((size_t)image->height, sizeof *job.rows);
    job.room = sg_allocate((size_t)(image->height * image->width),
                           (size_t)(2 * channels) * sizeof *job.room);
    const sg_status status =
        job.rows && job.room ? SG_OK : sg_fail_memory(error, "the distances of pictures");
    const size_t start = block_start(run->own->net.height, run->own->net.width, block);
    for (int64_t i = 0; i < count && !status; i += run->b ? 2 : 1) {
        job.picture = i;
        if (run->b) {
            add_distance(run, &job, block, (run->start + first + i) / 2);
        } else if (run->results) { /* of the pictures alone, their vectors */
            job.vector =
                run->results->features + (size_t)(run->start + first + i) * run->length + start;
            sg_parallel_for((size_t)image->height, 1, scale_rows, &job);
        }
    }
    free(job.rows);
    free(job.room);
    return status;
}

/* ---- runs ---- */

static sg_status run_all(lpips_run *run, int64_t count, sg_error *error)
{
    const sg_graph_run steps = {.user = run, .load = load, .tap = take};
    SG_TRY(
        sg_vgg16_prepare(&run->own->net, (int64_t)run->a->height, (int64_t)run->a->width, error));
    for (; run->start < count; run->start += SG_VGG16_BATCH) {
        const int64_t left = count - run->start;
        SG_TRY(sg_feature_graph_run(run->own->net.graph, &steps,
                                    left < SG_VGG16_BATCH ? left : SG_VGG16_BATCH, error));
    }
    return SG_OK;
}

static sg_status compute(const sg_feature_state *state, const sg_feature_pictures *pictures,
                         sg_feature_resize resize, const sg_feature_results *results,
                         sg_error *error)
{
    (void)resize;
    lpips_run run = {.own = state->own,
                     .a = pictures,
                     .results = results,
                     .length = block_start((int64_t)pictures->height, (int64_t)pictures->width,
                                           SG_VGG16_BLOCKS)};
    return run_all(&run, (int64_t)pictures->count, error);
}

static sg_status distances(const sg_feature_state *state, const sg_feature_pictures *a,
                           const sg_feature_pictures *b, double *result, double *layers,
                           sg_error *error)
{
    lpips_run run = {.own = state->own, .a = a, .b = b, .distances = result, .layers = layers};
    return run_all(&run, 2 * (int64_t)a->count, error);
}

const sg_feature_kind sg_lpips_kind = {
    .name = "lpips",
    .title = "LPIPS of VGG16",
    .parts = {{.noun = "VGG16's convolutions",
               .names = {"vgg16.pkl", "vgg16.pt", "vgg16-397923af.pth"},
               .recognises = recognises_net},
              {.noun = "LPIPS's heads for VGG",
               .names = {"vgg16.pkl", "vgg16.pt", "vgg.pth", "lpips-vgg.pth"},
               .recognises = recognises_heads}},
    .part_count = 2,
    .open = open_lpips,
    .close = close_lpips,
    .compute = compute,
    .distances = distances,
};
