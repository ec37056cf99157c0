/*
 * Residual units. A unit normalises, convolves at the full size, rectifies, convolves with its
 * stride, normalises, and weighs channels; its shortcut subsamples where channels stay, otherwise
 * it is a 1x1 convolution. There is no activation after the sum.
 *
 * Tested by: tests/models/encoder/test_encoder.c
 */
#include "models/encoder/encoder_body.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/arithmetic.h"
#include "ops/convolution/convolution.h"
#include "ops/prelu.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"

/* A convolution's weights are drawn for rectifiers (He et al. 2015). */
static const double rectified_slope = 0.25; /* of a rectifier at the start */

typedef struct residual_unit {
    int stride;
    sg_norm_layer before, after, shortcut_norm;
    sg_tensor *wide, *slope, *strided;
    sg_tensor *squeeze, *excite; /* NULL: channels are not weighed */
    sg_tensor *shortcut;         /* NULL: plain subsampling */
} residual_unit;

struct sg_encoder_body {
    sg_tensor *stem, *stem_slope;
    sg_norm_layer stem_norm;
    int ends[SG_ENCODER_STAGES]; /* units up to the end of each stage */
    int count;
    residual_unit *units;
};

static sg_tensor *add_weight(sg_parameter_set *set, const char *prefix, const char *name, int out,
                             int in, int side)
{
    const sg_initial initial = {SG_INITIAL_UNIFORM, sqrt(6.0 / (in * side * side))};
    return sg_parameter_add(set, prefix, name, SG_SHAPE(out, in, side, side), true, initial);
}

static sg_tensor *add_slope(sg_parameter_set *set, const char *prefix, const char *name,
                            int channels)
{
    const sg_initial initial = {SG_INITIAL_CONSTANT, rectified_slope};
    return sg_parameter_add(set, prefix, name, SG_SHAPE(channels), true, initial);
}

/* Adds a normalisation over the batch whose gains begin at 1, as PyTorch's do. */
static sg_norm_layer add_norm(sg_parameter_set *set, const char *prefix, const char *name,
                              int channels)
{
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s.%s", prefix, name);
    const sg_norm_layer layer = sg_norm_layer_create(set, path, SG_NORM_BATCH, channels, true);
    for (int i = 0; layer.weight && i < channels; i++)
        sg_tensor_set_value(layer.weight, i, 1);
    return layer;
}

static void create_unit(sg_parameter_set *set, residual_unit *unit, int index, int in, int out,
                        int reduction)
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "body.%d", index);
    if (in != out) {
        unit->shortcut = add_weight(set, prefix, "shortcut_layer.0.weight", out, in, 1);
        unit->shortcut_norm = add_norm(set, prefix, "shortcut_layer.1", out);
    }
    unit->before = add_norm(set, prefix, "res_layer.0", in);
    unit->wide = add_weight(set, prefix, "res_layer.1.weight", out, in, 3);
    unit->slope = add_slope(set, prefix, "res_layer.2.weight", out);
    unit->strided = add_weight(set, prefix, "res_layer.3.weight", out, out, 3);
    unit->after = add_norm(set, prefix, "res_layer.4", out);
    if (reduction == 0)
        return;
    unit->squeeze = add_weight(set, prefix, "res_layer.5.fc1.weight", out / reduction, out, 1);
    unit->excite = add_weight(set, prefix, "res_layer.5.fc2.weight", out, out / reduction, 1);
}

static void create_units(sg_encoder_body *body, sg_parameter_set *set, const sg_encoder_config *c)
{
    int in = c->stem_width;
    int index = 0;
    for (int stage = 0; stage < SG_ENCODER_STAGES; stage++)
        for (int i = 0; i < c->units[stage]; i++) {
            const int out = c->widths[stage];
            body->units[index].stride = i == 0 ? 2 : 1;
            create_unit(set, &body->units[index], index, in, out, c->se_reduction);
            in = out;
            body->ends[stage] = ++index;
        }
}

sg_encoder_body *sg_encoder_body_create(sg_parameter_set *set, const sg_encoder_config *c)
{
    sg_encoder_body *body = sg_context_allocate(set->context, sizeof *body, "an encoder");
    if (!body)
        return NULL;
    for (int i = 0; i < SG_ENCODER_STAGES; i++)
        body->count += c->units[i];
    body->units =
        sg_context_allocate(set->context, (size_t)body->count * sizeof *body->units, "an encoder");
    if (!body->units) {
        sg_encoder_body_destroy(body);
        return NULL;
    }
    body->stem = add_weight(set, "input_layer", "0.weight", c->stem_width, c->img_channels, 3);
    body->stem_norm = add_norm(set, "input_layer", "1", c->stem_width);
    body->stem_slope = add_slope(set, "input_layer", "2.weight", c->stem_width);
    create_units(body, set, c);
    return body;
}

void sg_encoder_body_destroy(sg_encoder_body *body)
{
    if (body)
        free(body->units);
    free(body);
}

/* ---- forward ---- */

static sg_tensor *convolve(sg_tensor *x, sg_tensor *weight, int stride)
{
    sg_convolution_options options = sg_convolution_defaults();
    const int pad = weight && weight->shape.size[2] == 3;
    options.stride_y = options.stride_x = stride;
    options.pad_top = options.pad_left = options.pad_bottom = options.pad_right = pad;
    return sg_convolution(x, weight, options);
}

static sg_tensor *normalise(const sg_norm_layer *norm, sg_tensor *x, sg_norm_pass pass)
{
    return sg_norm_layer_forward(norm, x, pass, sg_bias_act_without_gain(SG_LINEAR));
}

/* Keeps every second row and column. */
static sg_tensor *subsample(sg_tensor *x, int stride)
{
    sg_upfirdn_options options = sg_upfirdn_defaults();
    if (!x || stride == 1)
        return x;
    options.down_x = options.down_y = stride;
    return sg_upfirdn(x, sg_tensor_full(x->context, x->dtype, SG_SHAPE(1, 1), 1), options);
}

/* Multiplies each channel by a sigmoid of what its mean and the others' say. */
static sg_tensor *weigh_channels(const residual_unit *unit, sg_tensor *x)
{
    if (!x || !unit->squeeze)
        return x;
    const int64_t *size = x->shape.size;
    sg_tensor *means = sg_mean(x, SG_SHAPE(size[0], 1, 1, size[3]));
    sg_tensor *inner = sg_bias_act(convolve(means, unit->squeeze, 1), NULL, NULL, NULL,
                                   sg_bias_act_without_gain(SG_RELU));
    sg_tensor *gates = sg_activate(convolve(inner, unit->excite, 1), SG_SIGMOID, 0, 0);
    return sg_multiply(x, gates);
}

static sg_tensor *run_unit(const residual_unit *unit, sg_tensor *x, sg_norm_pass pass)
{
    sg_tensor *shortcut =
        unit->shortcut
            ? normalise(&unit->shortcut_norm, convolve(x, unit->shortcut, unit->stride), pass)
            : subsample(x, unit->stride);
    sg_tensor *y = convolve(normalise(&unit->before, x, pass), unit->wide, 1);
    y = convolve(sg_prelu(y, unit->slope), unit->strided, unit->stride);
    y = weigh_channels(unit, normalise(&unit->after, y, pass));
    return sg_add(y, shortcut);
}

void sg_encoder_body_maps(const sg_encoder_body *body, sg_tensor *pictures, sg_norm_pass pass,
                          sg_tensor *maps[SG_ENCODER_MAPS])
{
    sg_context *context = pictures->context;
    size_t scope = sg_scope_open(context);
    sg_tensor *x = normalise(&body->stem_norm, convolve(pictures, body->stem, 1), pass);
    x = sg_scope_close(context, scope, sg_prelu(x, body->stem_slope));
    for (int i = 0, stage = 0; i < body->count; i++) {
        scope = sg_scope_open(context);
        x = sg_scope_close(context, scope, x ? run_unit(&body->units[i], x, pass) : NULL);
        if (i + 1 == body->ends[stage] && stage++ > 0)
            maps[stage - 2] = x;
    }
}
