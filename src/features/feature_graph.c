/*
 * Graphs of feature networks: images, steps and stages in arrays, in the order in which they were
 * added.
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include "features/feature_graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

enum { ALIGNMENT = 64, NO_TAP = -1 };

typedef struct image_entry {
    sg_tap_layout layout;
    bool whole;
    sg_tap_image image;
    void *block;
} image_entry;

typedef struct graph_step {
    bool convolves;
    int source;
    sg_graph_layer layers[SG_GRAPH_MOST_LAYERS]; /* a pool has one, without weights */
    int count;
    sg_tap_pool pool;
    int tap, tapped; /* shown after the step */
} graph_step;

typedef struct graph_stage {
    int64_t batch;
    size_t first_step;
} graph_stage;

struct sg_feature_graph {
    int64_t batch;
    image_entry *images;
    size_t image_count, image_capacity;
    graph_step *steps;
    size_t step_count, step_capacity;
    graph_stage *stages;
    size_t stage_count, stage_capacity;
    void *scratch; /* of Winograd's algorithm */
    size_t scratch_bytes;
    bool failed;
};

/* ---- weights ---- */

/* Returns zeroed memory from a 64-byte boundary on, within *block, which is to be freed. */
static void *allocate_aligned(size_t bytes, void **block)
{
    *block = sg_allocate(bytes + ALIGNMENT, 1);
    const uintptr_t start = ((uintptr_t)*block + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return *block ? (char *)*block + (start - (uintptr_t)*block) : NULL;
}

/* Packs weights whose taps become pixels, innermost channels in; false on lack of memory. */
static bool pack_taps(sg_graph_weights *weights, const float *values)
{
    const sg_tap_convolution *size = &weights->size;
    const int64_t taps = size->kernel_height * size->kernel_width;
    const int64_t count = weights->channels * size->in_channels * taps;
    float *turned = sg_allocate((size_t)count, sizeof *turned);
    for (int64_t i = 0; turned && i < count; i++) {
        const int64_t tap = i / size->in_channels % taps;
        const int64_t in = i % size->in_channels;
        turned[i] = values[(i / (taps * size->in_channels) * size->in_channels + in) * taps + tap];
    }
    weights->packed =
        allocate_aligned(sg_tap_packed_bytes(size, weights->channels), &weights->block);
    const bool done = turned && weights->packed;
    if (done)
        sg_tap_pack_weights(size, weights->channels, turned, weights->packed);
    free(turned);
    return done;
}

/* Returns Winograd's pass over `batch` pictures of an image. */
static sg_winograd_shape winograd_shape(const sg_graph_weights *weights, const sg_tap_image *source,
                                        const sg_tap_image *target, int64_t batch)
{
    enum { TAPS = 9 };
    return (sg_winograd_shape){.batch = batch,
                               .in_height = source->height,
                               .in_width = source->width,
                               .in_channels = weights->padded_in,
                               .out_height = target->height,
                               .out_width = target->width,
                               .out_channels = weights->channels,
                               .pad_top = weights->size.pad_y,
                               .pad_left = weights->size.pad_x,
                               .weight_in_channels = weights->size.in_channels,
                               .weight_out_channels = weights->channels,
                               .in_step = TAPS,
                               .out_step = TAPS * weights->size.in_channels,
                               .precise = true};
}

static bool pack_winograd(sg_graph_weights *weights, const float *values)
{
    const sg_tap_image any = {.height = 1, .width = 1}; /* the layout depends on channels alone */
    const sg_winograd_shape shape = winograd_shape(weights, &any, &any, 1);
    weights->packed = allocate_aligned(sg_winograd_weight_bytes(&shape), &weights->block);
    if (weights->packed)
        sg_winograd_pack(&shape, 1, values, weights->packed);
    return weights->packed;
}

bool sg_graph_weights_make(sg_graph_weights *weights, const float *values, const float *bias)
{
    weights->bias = sg_allocate((size_t)weights->channels, sizeof *weights->bias);
    if (!weights->bias)
        return false;
    memcpy(weights->bias, bias, (size_t)weights->channels * sizeof *bias);
    return weights->by_winograd ? pack_winograd(weights, values) : pack_taps(weights, values);
}

void sg_graph_weights_free(sg_graph_weights *weights)
{
    free(weights->block);
    free(weights->bias);
    weights->block = weights->packed = weights->bias = NULL;
}

/* ---- building ---- */

sg_feature_graph *sg_feature_graph_create(int64_t batch)
{
    sg_feature_graph *graph = sg_allocate(1, sizeof *graph);
    if (graph)
        graph->batch = batch;
    return graph;
}

void sg_feature_graph_destroy(sg_feature_graph *graph)
{
    if (!graph)
        return;
    for (size_t i = 0; i < graph->image_count; i++)
        free(graph->images[i].block);
    free(graph->images);
    free(graph->steps);
    free(graph->stages);
    free(graph->scratch);
    free(graph);
}

void sg_graph_stage(sg_feature_graph *graph, int64_t batch)
{
    if (!sg_grow(&graph->stages, &graph->stage_capacity, graph->stage_count,
                 sizeof *graph->stages)) {
        graph->failed = true;
        return;
    }
    graph->stages[graph->stage_count++] =
        (graph_stage){batch < graph->batch ? batch : graph->batch, graph->step_count};
}

int sg_graph_add_image(sg_feature_graph *graph, const sg_graph_image *image)
{
    if (graph->failed || !sg_grow(&graph->images, &graph->image_capacity, graph->image_count,
                                  sizeof *graph->images)) {
        graph->failed = true;
        return 0;
    }
    image_entry *entry = &graph->images[graph->image_count];
    *entry = (image_entry){.layout = image->layout, .whole = image->whole};
    entry->layout.batch = image->whole ? graph->batch : graph->stages[graph->stage_count - 1].batch;
    return (int)graph->image_count++;
}

/* Returns a new step without a tap; NULL on lack of memory. */
static graph_step *add_step(sg_feature_graph *graph, int source)
{
    if (graph->failed ||
        !sg_grow(&graph->steps, &graph->step_capacity, graph->step_count, sizeof *graph->steps)) {
        graph->failed = true;
        return NULL;
    }
    graph_step *step = &graph->steps[graph->step_count++];
    *step = (graph_step){.source = source, .tap = NO_TAP};
    return step;
}

void sg_graph_add_convolution(sg_feature_graph *graph, int source, const sg_graph_layer *layers,
                              int count)
{
    graph_step *step = add_step(graph, source);
    if (!step)
        return;
    step->convolves = true;
    step->count = count;
    memcpy(step->layers, layers, (size_t)count * sizeof *layers);
}

void sg_graph_add_pool(sg_feature_graph *graph, const sg_tap_pool *pool, int source, int target,
                       int64_t channel)
{
    graph_step *step = add_step(graph, source);
    if (!step)
        return;
    step->pool = *pool;
    step->layers[0] = (sg_graph_layer){.target = target, .channel = channel};
}

void sg_graph_tap(sg_feature_graph *graph, int image, int tap)
{
    if (graph->failed)
        return;
    graph->steps[graph->step_count - 1].tap = tap;
    graph->steps[graph->step_count - 1].tapped = image;
}

sg_status sg_feature_graph_finish(sg_feature_graph *graph, sg_error *error)
{
    for (size_t i = 0; i < graph->image_count && !graph->failed; i++) {
        image_entry *entry = &graph->images[i];
        void *memory = allocate_aligned(sg_tap_layout_bytes(&entry->layout), &entry->block);
        graph->failed = !memory;
        if (memory)
            entry->image = sg_tap_layout_image(&entry->layout, memory);
    }
    return graph->failed ? sg_fail_memory(error, "the layers of a feature network") : SG_OK;
}

/* ---- running ---- */

/* Returns an image's pictures from `first` on, and its channels from `channel` on. */
static sg_tap_image image_at(const sg_feature_graph *graph, int image, int64_t first,
                             int64_t channel)
{
    const image_entry *entry = &graph->images[image];
    return sg_tap_image_from(&entry->image, entry->whole ? first : 0, channel);
}

static void convolve(const sg_feature_graph *graph, const graph_step *step, int64_t first,
                     int64_t count)
{
    sg_tap_layer layers[SG_GRAPH_MOST_LAYERS];
    const sg_tap_image source = image_at(graph, step->source, first, 0);
    for (int i = 0; i < step->count; i++) {
        const sg_graph_layer *layer = &step->layers[i];
        layers[i] = (sg_tap_layer){.packed = layer->weights->packed,
                                   .bias = layer->raw ? NULL : layer->weights->bias,
                                   .channels = layer->weights->channels,
                                   .rectified = !layer->raw,
                                   .target = image_at(graph, layer->target, first, layer->channel)};
    }
    sg_tap_convolution_run(&step->layers[0].weights->size, &source, layers, step->count, count);
}

/* Convolves floats by Winograd's algorithm. */
static sg_status convolve_floats(sg_feature_graph *graph, const graph_step *step, int64_t first,
                                 int64_t count, sg_error *error)
{
    const sg_graph_weights *weights = step->layers[0].weights;
    const sg_tap_image source = image_at(graph, step->source, first, 0);
    const sg_tap_image target = image_at(graph, step->layers[0].target, first, 0);
    const sg_winograd_shape shape = winograd_shape(weights, &source, &target, count);
    const size_t bytes = sg_winograd_scratch_bytes(&shape) + ALIGNMENT;
    if (bytes > graph->scratch_bytes) {
        free(graph->scratch);
        graph->scratch = sg_allocate(bytes, 1);
        graph->scratch_bytes = graph->scratch ? bytes : 0;
        if (!graph->scratch)
            return sg_fail_memory(error, "the layers of a feature network");
    }
    const uintptr_t start = (uintptr_t)graph->scratch;
    void *scratch = (char *)graph->scratch + (ALIGNMENT - start % ALIGNMENT);
    sg_fused_pass pass = sg_fused_pass_none();
    pass.bias = weights->bias;
    pass.negative = 0;
    sg_winograd_run(&shape, weights->packed, source.values, target.values, scratch, &pass);
    return SG_OK;
}

static void pool(const sg_feature_graph *graph, const graph_step *step, int64_t first,
                 int64_t count)
{
    const sg_tap_image source = image_at(graph, step->source, first, 0);
    const sg_tap_image target =
        image_at(graph, step->layers[0].target, first, step->layers[0].channel);
    sg_tap_pool_run(&step->pool, &source, &target, count);
}

static sg_status run_step(sg_feature_graph *graph, const graph_step *step, const sg_graph_run *run,
                          int64_t first, int64_t count, sg_error *error)
{
    if (!step->convolves)
        pool(graph, step, first, count);
    else if (step->layers[0].weights->by_winograd)
        SG_TRY(convolve_floats(graph, step, first, count, error));
    else
        convolve(graph, step, first, count);
    if (step->tap == NO_TAP)
        return SG_OK;
    const sg_tap_image image = image_at(graph, step->tapped, first, 0);
    return run->tap(run->user, step->tap, &image, first, count, error);
}

/* Runs a stage for the batch, some pictures at a time. */
static sg_status run_stage(sg_feature_graph *graph, size_t stage, const sg_graph_run *run,
                           int64_t count, sg_error *error)
{
    const graph_stage *s = &graph->stages[stage];
    const size_t end =
        stage + 1 < graph->stage_count ? graph->stages[stage + 1].first_step : graph->step_count;
    for (int64_t first = 0; first < count; first += s->batch) {
        const int64_t some = count - first < s->batch ? count - first : s->batch;
        if (stage == 0)
            SG_TRY(run->load(run->user, &graph->images[0].image, first, some, error));
        for (size_t i = s->first_step; i < end; i++)
            SG_TRY(run_step(graph, &graph->steps[i], run, first, some, error));
    }
    return SG_OK;
}

sg_status sg_feature_graph_run(sg_feature_graph *graph, const sg_graph_run *run, int64_t count,
                               sg_error *error)
{
    for (size_t i = 0; i < graph->stage_count; i++)
        SG_TRY(run_stage(graph, i, run, count, error));
    return SG_OK;
}
