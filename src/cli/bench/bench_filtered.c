/*
 * bench ops: the filtered leaky ReLU, on layers of full-size StyleGAN3 networks for 256x256.
 * Tested by: tests/cli/test_bench.c
 */
#include "cli/bench/bench.h"
#include "kernels/resample/filtered_lrelu.h"
#include "nn/lowpass_filter.h"
#include "ops/filtered_lrelu.h"

enum { TAPS = 6, DOWN = 2, MAX_TAPS = 24 };

/* A layer: `side` pixels of the result, whose input the convolution's kernel left so much larger.
 */
typedef struct filtered_layer {
    const char *name;
    int side, channels, up, kernel;
    bool radial;
} filtered_layer;

static const filtered_layer layers[] = {
    {"ops/filtered_lrelu/t", 148, 512, 2, 3, false},
    {"ops/filtered_lrelu/t/36", 36, 512, 2, 3, false},
    {"ops/filtered_lrelu/t/84", 84, 512, 2, 3, false},
    {"ops/filtered_lrelu/t/276", 276, 128, 2, 3, false},
    {"ops/filtered_lrelu/t/up4", 276, 256, 4, 3, false},
    {"ops/filtered_lrelu/r", 148, 1024, 2, 1, true},
    {"ops/filtered_lrelu/r/36", 36, 1024, 2, 1, true},
    {"ops/filtered_lrelu/r/up4", 276, 512, 4, 1, true},
    {"ops/filtered_lrelu/r/critical", 276, 256, 2, 1, false},
};

/* Returns a lowpass filter at a quarter of the upsampled rate's band, as between the layers of one
 * size. */
static sg_tensor *make_filter(sg_context *context, int taps, double cutoff, bool radial)
{
    double values[MAX_TAPS * MAX_TAPS];
    float singles[MAX_TAPS * MAX_TAPS];
    int count = radial ? taps * taps : taps;
    sg_lowpass lowpass = {taps, cutoff, 2 * cutoff, 8, radial};
    sg_lowpass_design(&lowpass, values);
    for (int i = 0; i < count; i++)
        singles[i] = (float)values[i];
    sg_shape shape = radial ? SG_SHAPE(taps, taps) : SG_SHAPE(taps);
    return sg_tensor_from_floats(context, SG_F32, shape, singles);
}

/* Returns the padding with which a layer's result has its side (Karras et al. 2021's official
 * program). */
static sg_filtered_lrelu_options options_of(const filtered_layer *layer, int in, int side)
{
    int total = (side - 1) * DOWN + 1 - in * layer->up + TAPS * (layer->up + DOWN) - 2;
    int before = (total + layer->up) / 2;
    int after = total - before;
    return (sg_filtered_lrelu_options){.up = layer->up,
                                       .down = DOWN,
                                       .pad_x0 = before,
                                       .pad_x1 = after,
                                       .pad_y0 = before,
                                       .pad_y1 = after,
                                       .gain = 1.4,
                                       .slope = 0.2,
                                       .clamp = 256};
}

static double multiply_adds(const filtered_layer *layer, int in, int side, int channels)
{
    sg_filtered_axis axis = {.in = in,
                             .out = side,
                             .up = layer->up,
                             .down = DOWN,
                             .up_taps = TAPS * layer->up,
                             .down_taps = TAPS * DOWN};
    float tap = 1;
    sg_filtered_lrelu_shape shape = {.samples = 1, .channels = channels, .y = axis, .x = axis};
    if (layer->radial)
        shape.down_filter = (sg_filter_taps){&tap, false, axis.down_taps, axis.down_taps};
    return sg_filtered_multiply_adds(&shape);
}

typedef struct filtered_run {
    sg_tensor *x, *up_filter, *down_filter, *bias;
    sg_filtered_lrelu_options options;
} filtered_run;

static bool run_layer(const void *argument)
{
    const filtered_run *one = argument;
    return sg_filtered_lrelu(one->x, one->up_filter, one->down_filter, one->bias, one->options);
}

static bool time_layer(const sg_bench *bench, sg_context *context, const filtered_layer *layer)
{
    int side = bench->resolution > 0 ? bench->resolution : layer->side;
    const int most = sg_bench_channels(bench, layer->channels);
    int channels = most < layer->channels ? most : layer->channels;
    int in = side * DOWN / layer->up + layer->kernel - 1;
    const filtered_run one = {
        .x = sg_tensor_full(context, SG_F32, SG_SHAPE(1, in, in, channels), 0.5),
        .bias = sg_tensor_full(context, SG_F32, SG_SHAPE(channels), -0.5),
        .up_filter = make_filter(context, TAPS * layer->up, 2.0 / layer->up, false),
        .down_filter = make_filter(context, TAPS * DOWN, 1, layer->radial),
        .options = options_of(layer, in, side)};
    sg_bench_result result = {.name = layer->name};
    sg_bench_reset_peak();
    if (!sg_bench_time_operation(bench, context, run_layer, &one, &result))
        return false;
    result.multiply_adds = multiply_adds(layer, in, side, channels);
    sg_bench_report(bench, &result);
    return true;
}

bool sg_bench_filtered(const sg_bench *bench, sg_context *context)
{
    sg_bench_report_limit(bench, "limits/fma", sg_limit_fma(bench->runs), 0);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        size_t scope = sg_scope_open(context);
        bool done = time_layer(bench, context, &layers[i]);
        sg_scope_close(context, scope, NULL);
        if (!done)
            return false;
    }
    return true;
}
