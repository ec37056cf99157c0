/*
 * Modulated convolutions in one pass: 1x1 as a matrix product or to colours, 3x3 by Winograd's
 * algorithm, with or without upsampling. Each returns NULL without an error where it does not suit.
 */
#include "ops/convolution/fused.h"

#include <string.h>

#include "kernels/convolution/pointwise.h"
#include "kernels/resample/upfirdn.h"
#include "kernels/winograd/winograd.h"
#include "kernels/winograd/winograd_up.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/convolution/demodulation.h"
#include "ops/convolution/packed_weights.h"
#include "ops/convolution/padded_channels.h"
#include "ops/convolution/plan.h"
#include "ops/layout.h"
#include "tensor/work.h"

/* Keys of the packed weights made here, for sg_packed_weights. */
static const uint64_t upsampling_key = 0x7570;
static const uint64_t pointwise_key = 0x706f696e74;

const char sg_fused_convolution_kind[] = "fused convolution";

/* The key includes the gain, which is packed in. */
static uint64_t pack_key(uint64_t layout, double gain)
{
    uint64_t bits;
    memcpy(&bits, &gain, sizeof bits);
    return layout + bits;
}

/* The operands of a call. Images may carry more channels than w (sg_padded_channels). */
typedef struct call {
    sg_tensor *x, *w, *styles, *filter, *noise, *bias;
    const sg_modulated_options *options;
} call;

static int64_t out_channels(const call *c)
{
    int64_t own = c->w->shape.size[0];
    return c->options->pad_channels ? sg_padded_channels(own) : own;
}

static bool is_square(const sg_tensor *w, int64_t side)
{
    return w->shape.size[2] == side && w->shape.size[3] == side;
}

static bool is_float(const sg_tensor *tensor)
{
    return tensor->dtype == SG_F32;
}

/* True if every operand present is f32. */
static bool are_floats(const call *c)
{
    return is_float(c->x) && is_float(c->w) && is_float(c->styles) &&
           (!c->filter || is_float(c->filter)) && (!c->noise || is_float(c->noise)) &&
           (!c->bias || is_float(c->bias));
}

/* True if types and options suit some kernel; each kernel checks its shapes. */
static bool suits(const call *c)
{
    const sg_modulated_options *o = c->options;
    const sg_context *context = c->x->context;
    if (!c->w)
        return false;
    const sg_shape *w = &c->w->shape;
    return !context->recording && !context->reference_kernels && are_floats(c) && w->rank == 4 &&
           (c->x->shape.size[3] == w->size[1] ||
            c->x->shape.size[3] == sg_padded_channels(w->size[1])) &&
           c->styles->shape.size[0] == c->x->shape.size[0] &&
           c->styles->shape.size[1] == w->size[1] && o->resample.down == 1 &&
           sg_bias_act_fuses(&o->epilogue);
}

/* True if the call may go by Winograd's algorithm: 3x3 kernels, not in an exact context. */
static bool suits_winograd(const call *c)
{
    return suits(c) && !c->x->context->exact && !c->options->resample.direct &&
           is_square(c->w, 3) && c->options->resample.padding >= 0 &&
           c->options->resample.padding <= 2;
}

/* True if noise and bias fit a result of this shape. */
static bool operands_fit(const call *c, const sg_shape *result)
{
    const sg_tensor *noise = c->noise;
    if (c->bias && (c->bias->shape.rank != 1 || c->bias->shape.size[0] != c->w->shape.size[0]))
        return false;
    return !noise ||
           (noise->shape.rank == 4 && noise->shape.size[3] == 1 &&
            (noise->shape.size[0] == 1 || noise->shape.size[0] == result->size[0]) &&
            noise->shape.size[1] == result->size[1] && noise->shape.size[2] == result->size[2]);
}

/* Notes a pass that makes features of this shape. */
static void note_pass(const call *c, const sg_tensor *y)
{
    sg_tensor *inputs[] = {c->x, c->w};
    sg_work_note(sg_fused_convolution_kind, NULL, 0, inputs, 2, y);
}

/* Makes the kernel's pass; false (error in the context) on failure. */
static bool make_pass(const call *c, sg_fused_pass *pass)
{
    const sg_bias_act_options *epilogue = &c->options->epilogue;
    int64_t out = out_channels(c);
    const sg_tensor *styles = sg_pad_channels(c->styles, c->x->shape.size[3]);
    const sg_tensor *factors = NULL;
    const sg_tensor *bias = sg_pad_channels(c->bias, out);
    if (c->options->demodulate)
        factors = sg_pad_channels(sg_demodulation(c->w, c->styles, c->options->normalized), out);
    *pass = (sg_fused_pass){
        .styles = sg_values(styles),
        .scale = sg_values(factors),
        .noise = sg_values(c->noise),
        .noise_per_sample = c->noise && c->noise->shape.size[0] > 1,
        .bias = sg_values(bias),
        .positive = (float)epilogue->gain,
        .negative =
            (float)(epilogue->gain * sg_activation_negative_slope(epilogue->kind, epilogue->alpha)),
        .limit = epilogue->clamp >= 0 ? (float)epilogue->clamp : INFINITY};
    return !c->x->context->error.status;
}

/* ---- to colours ---- */

/* True if weights, styles and bias fit features of this shape and suit the kernel. */
static bool colours_fit(const sg_colour_operands *o, const sg_shape *features)
{
    const int64_t *f = features->size;
    const int64_t *w = o->w->shape.size;
    const sg_shape *styles = &o->styles->shape;
    const sg_shape *bias = &o->bias->shape;
    return is_float(o->w) && is_float(o->styles) && is_float(o->bias) && o->w->shape.rank == 4 &&
           is_square(o->w, 1) && w[1] == f[3] && styles->rank == 2 && styles->size[0] == f[0] &&
           styles->size[1] == f[3] && bias->rank == 1 && bias->size[0] == w[0] &&
           sg_colours_suit(f[3], w[0]);
}

/* Returns the modulated weights [N, colours, C]. */
static sg_tensor *colour_weights(const sg_colour_operands *o)
{
    const int64_t *w = o->w->shape.size;
    int64_t samples = o->styles->shape.size[0];
    return sg_multiply(sg_reshape(o->w, SG_SHAPE(1, w[0], w[1])),
                       sg_reshape(o->styles, SG_SHAPE(samples, 1, w[1])));
}

/* Makes the kernel's operands, with a new picture in `result`; false (error in the context) on
 * failure. */
static bool make_colours(const sg_colour_operands *o, const sg_shape *features, sg_colours *colours,
                         sg_tensor **result)
{
    const int64_t *f = features->size;
    int64_t count = o->w->shape.size[0];
    sg_tensor *weights = sg_pad_channels(colour_weights(o), f[3]);
    *result = sg_tensor_create(o->w->context, SG_F32, SG_SHAPE(f[0], f[1], f[2], count));
    if (!weights || !*result)
        return false;
    *colours = (sg_colours){.channels = f[3],
                            .count = count,
                            .weights = sg_f32(weights),
                            .bias = sg_f32(o->bias),
                            .limit = o->clamp >= 0 ? (float)o->clamp : INFINITY,
                            .picture = sg_f32(*result)};
    return true;
}

static void count_colours(const sg_shape *features, const sg_tensor *w)
{
    const int64_t *f = features->size;
    w->context->multiply_adds += f[0] * f[1] * f[2] * sg_shape_count(&w->shape);
}

/* Computes the colours of features in memory by a 1x1 convolution. */
static sg_tensor *to_colours(const call *c)
{
    const sg_shape *x = &c->x->shape;
    sg_colour_operands operands = {c->w, c->styles, c->bias, c->options->epilogue.clamp};
    sg_colours colours;
    sg_tensor *result;
    if (c->options->demodulate || c->options->epilogue.kind != SG_LINEAR || c->noise || !c->bias ||
        c->options->epilogue.gain != 1 || c->options->resample.gain != 1 ||
        !colours_fit(&operands, x))
        return NULL;
    if (!make_colours(&operands, x, &colours, &result))
        return NULL;
    if (!sg_is_hollow(c->x->context))
        sg_to_colours(&colours, x->size[0], x->size[1] * x->size[2], sg_f32(c->x));
    count_colours(x, c->w);
    note_pass(c, result);
    return result;
}

/* ---- 1x1 ---- */

static sg_status pack_pointwise(const void *shape, double gain, const float *weights, void *packed)
{
    sg_pointwise_pack(shape, gain, weights, packed);
    return SG_OK;
}

static bool run_pointwise(const call *c, const sg_pointwise_shape *shape, sg_tensor *y,
                          const sg_fused_pass *pass)
{
    sg_pool *pool = c->x->context->pool;
    double gain = c->options->resample.gain;
    void *temporary = NULL;
    const void *packed = sg_packed_weights(
        c->w, pack_key(pointwise_key + (uint64_t)shape->in_channels, gain),
        sg_pointwise_packed_bytes(shape), pack_pointwise, shape, gain, &temporary);
    void *scratch = sg_pool_scratch(pool, sg_pointwise_scratch_bytes(shape));
    if (packed && scratch && !sg_is_hollow(c->x->context))
        sg_pointwise_run(shape, packed, sg_f32(c->x), sg_f32(y), scratch, pass);
    sg_pool_release(pool, temporary);
    return packed && scratch;
}

static sg_tensor *pointwise(const call *c)
{
    const int64_t *x = c->x->shape.size;
    const sg_pointwise_shape shape = {.batch = x[0],
                                      .pixels = x[1] * x[2],
                                      .in_channels = x[3],
                                      .out_channels = out_channels(c),
                                      .weight_in_channels = c->w->shape.size[1],
                                      .weight_out_channels = c->w->shape.size[0]};
    sg_shape y_shape = SG_SHAPE(x[0], x[1], x[2], shape.out_channels);
    sg_fused_pass pass;
    if (c->x->context->exact || c->options->resample.padding != 0 || !operands_fit(c, &y_shape) ||
        !sg_pointwise_suits(&shape) || !make_pass(c, &pass))
        return NULL;
    sg_tensor *y = sg_tensor_create_on(c->x->context, SG_F32, y_shape, c->options->result);
    if (!y)
        return NULL;
    if (!run_pointwise(c, &shape, y, &pass))
        return sg_kernel_failed("modulated convolution", c->x->context, SG_ERROR_MEMORY);
    c->x->context->multiply_adds += x[0] * shape.pixels * sg_shape_count(&c->w->shape);
    note_pass(c, y);
    return y;
}

/* ---- stride 1 ---- */

/* Makes the plan's shape; false when no kernel does it in one pass. */
static bool same_size_shape(const call *c, sg_shape *y, sg_convolution_shape *shape)
{
    const sg_shape *x = &c->x->shape;
    sg_shape w = SG_SHAPE(out_channels(c), x->size[3], 3, 3); /* as the images need it */
    sg_convolution_options options = sg_convolution_defaults();
    int padding = c->options->resample.padding;
    options.pad_left = options.pad_right = options.pad_top = options.pad_bottom = padding;
    *y = SG_SHAPE(x->size[0], x->size[1] + 2 * padding - 2, x->size[2] + 2 * padding - 2,
                  out_channels(c));
    if (!c->options->resample.flip_weight || !operands_fit(c, y) ||
        !sg_convolution_kernel_shape(x, &w, y, &options, shape))
        return false;
    shape->weight_out_channels = c->w->shape.size[0];
    shape->weight_in_channels = c->w->shape.size[1];
    sg_convolution_plan *plan = sg_convolution_find_plan(c->x->context, shape, SG_FORWARD);
    return plan && sg_convolution_fuses(plan);
}

/* y may be NULL when the pass makes colours only. */
static bool run_same_size(const call *c, const sg_convolution_shape *shape, sg_tensor *y,
                          const sg_fused_pass *pass)
{
    c->x->context->multiply_adds +=
        sg_shape_count(&c->w->shape) * shape->batch * shape->out_height * shape->out_width;
    return sg_convolution_run_plan(shape, SG_FORWARD, c->options->resample.gain, c->x, c->w, y,
                                   pass);
}

static sg_tensor *same_size(const call *c)
{
    sg_shape y_shape;
    sg_convolution_shape shape;
    sg_fused_pass pass;
    if (!same_size_shape(c, &y_shape, &shape) || !make_pass(c, &pass))
        return NULL;
    sg_tensor *y = sg_tensor_create_on(c->x->context, SG_F32, y_shape, c->options->result);
    if (!y || !run_same_size(c, &shape, y, &pass))
        return NULL;
    note_pass(c, y);
    return y;
}

/* ---- upsampling ---- */

static sg_status pack_upsampling(const void *shape, double gain, const float *weights, void *packed)
{
    sg_winograd_up_pack(shape, gain, weights, packed);
    return SG_OK;
}

/* Makes the kernel's shape; false when filter or shape do not suit it. */
static bool upsampling_shape(const call *c, sg_winograd_up_shape *shape)
{
    const sg_shape *x = &c->x->shape;
    const float filter_gain = 4; /* upsampling's, in both axes */
    int64_t taps = c->filter->shape.size[0];
    *shape = (sg_winograd_up_shape){.batch = x->size[0],
                                    .in_height = x->size[1],
                                    .in_width = x->size[2],
                                    .in_channels = x->size[3],
                                    .out_channels = c->w->shape.size[0],
                                    .taps = taps,
                                    /* those of layer and filter, minus the kernel's reach */
                                    .pad = c->options->resample.padding + (taps + 1) / 2 - 2};
    if (c->filter->shape.rank != 2 || c->filter->shape.size[1] != taps ||
        taps > SG_WINOGRAD_UP_MAX_TAPS || !sg_winograd_up_suits(shape) ||
        !sg_filter_split(taps, taps, sg_f32(c->filter), true, shape->column, shape->row))
        return false;
    for (int64_t i = 0; i < taps; i++)
        shape->row[i] *= filter_gain;
    return true;
}

static bool run_upsampling(const call *c, const sg_winograd_up_shape *shape, sg_tensor *y,
                           const sg_fused_pass *pass)
{
    sg_pool *pool = c->x->context->pool;
    double gain = c->options->resample.gain;
    void *temporary = NULL;
    const void *packed =
        sg_packed_weights(c->w, pack_key(upsampling_key, gain),
                          sg_winograd_packed_bytes(shape->in_channels, shape->out_channels),
                          pack_upsampling, shape, gain, &temporary);
    void *scratch = sg_pool_scratch(pool, sg_winograd_up_scratch_bytes(shape));
    if (packed && scratch && !sg_is_hollow(c->x->context))
        sg_winograd_up_run(shape, packed, sg_f32(c->x), sg_f32(y), scratch, pass);
    sg_pool_release(pool, temporary);
    return packed && scratch;
}

static sg_tensor *upsampling(const call *c)
{
    sg_context *context = c->x->context;
    const int64_t *in = c->x->shape.size;
    sg_shape y_shape = SG_SHAPE(in[0], 2 * in[1], 2 * in[2], c->w->shape.size[0]);
    sg_winograd_up_shape shape;
    sg_fused_pass pass;
    if (c->options->resample.flip_weight || !c->filter || c->options->resample.padding != 1 ||
        in[3] != c->w->shape.size[1] || c->options->pad_channels || !operands_fit(c, &y_shape) ||
        !upsampling_shape(c, &shape) || !make_pass(c, &pass))
        return NULL;
    sg_tensor *y = sg_tensor_create_on(context, SG_F32, y_shape, c->options->result);
    if (!y)
        return NULL;
    if (!run_upsampling(c, &shape, y, &pass))
        return sg_kernel_failed("modulated convolution", c->x->context, SG_ERROR_MEMORY);
    context->multiply_adds += 9 * in[0] * in[1] * in[2] * in[3] * shape.out_channels;
    note_pass(c, y);
    return y;
}

sg_tensor *sg_fused_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles, sg_tensor *filter,
                                sg_tensor *noise, sg_tensor *bias,
                                const sg_modulated_options *options)
{
    const call c = {x, w, styles, filter, noise, bias, options};
    if (suits(&c) && is_square(w, 1) && options->resample.up == 1) {
        sg_tensor *colours = to_colours(&c);
        return colours || x->context->error.status ? colours : pointwise(&c);
    }
    if (!suits_winograd(&c))
        return NULL;
    if (options->resample.up == 1)
        return same_size(&c);
    return options->resample.up == 2 ? upsampling(&c) : NULL;
}

sg_tensor *sg_fused_convolution_to_colours(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                           sg_tensor *noise, sg_tensor *bias,
                                           const sg_modulated_options *options,
                                           const sg_colour_operands *operands)
{
    const call c = {x, w, styles, NULL, noise, bias, options};
    sg_shape features;
    sg_convolution_shape shape;
    sg_fused_pass pass;
    sg_colours colours;
    sg_tensor *result;
    if (!suits_winograd(&c) || options->resample.up != 1 || !same_size_shape(&c, &features, &shape))
        return NULL;
    if (!colours_fit(operands, &features) || features.size[3] > SG_WINOGRAD_MAX_COLOUR_CHANNELS)
        return NULL;
    if (!make_pass(&c, &pass) || !make_colours(operands, &features, &colours, &result))
        return NULL;
    pass.colours = &colours;
    count_colours(&features, operands->w);
    if (!run_same_size(&c, &shape, NULL, &pass))
        return NULL;
    note_pass(&c, result);
    return result;
}
