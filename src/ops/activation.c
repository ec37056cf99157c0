/*
 * Activations. The piecewise linear ones (linear, relu, lrelu), which the networks use, go through
 * one fused pass with scale, noise and bias; its gradient needs the output only. Smooth ones and
 * negative gains are composed from plain ops.
 */
#include "ops/activation.h"

#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/op_table.h"
#include "ops/reduce.h"
#include "tensor/work.h"

typedef struct activate_attributes {
    double alpha;
    sg_activation kind;
    int order;
} activate_attributes;

sg_tensor *sg_activate(sg_tensor *x, sg_activation kind, double alpha, int order)
{
    if (!sg_check_inputs("activate", &x, 1))
        return NULL;
    if (order < 0 || order > SG_ACTIVATION_MAX_ORDER)
        return sg_context_fail(x->context, SG_ERROR_ARGUMENT,
                               "activate: the derivative of order %d of %s is not known", order,
                               sg_activation_name(kind));
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_activate,
                (kind, alpha, order, sg_tensor_count(x), sg_values(x), sg_values(y)));
    activate_attributes attributes = {alpha, kind, order};
    return sg_tape_record(&sg_op_activate, &attributes, sizeof attributes, &x, y);
}

static void backward_activate(sg_backward *call)
{
    const activate_attributes *at = call->attributes;
    sg_tensor *derivative = sg_activate(call->inputs[0], at->kind, at->alpha, at->order + 1);
    call->results[0] = sg_multiply(call->gradient, derivative);
}

const sg_op sg_op_activate = {"activate", 1, {SG_READS_INPUT(0)}, backward_activate};

sg_tensor *sg_softplus(sg_tensor *x)
{
    return sg_activate(x, SG_SOFTPLUS, 0, 0);
}

sg_bias_act_options sg_bias_act_defaults(sg_activation kind)
{
    return (sg_bias_act_options){kind, sg_activation_default_alpha(kind),
                                 sg_activation_default_gain(kind), -1};
}

sg_bias_act_options sg_bias_act_without_gain(sg_activation kind)
{
    return (sg_bias_act_options){kind, sg_activation_default_alpha(kind), 1, -1};
}

/* Returns the kernel's view of x: [samples, pixels, channels]. */
static sg_bias_act_shape pass_shape(const sg_shape *x, const sg_tensor *noise,
                                    const sg_bias_act_options *options)
{
    int64_t channels = x->rank ? x->size[x->rank - 1] : 1;
    int64_t samples = x->rank > 1 ? x->size[0] : 1;
    int64_t count = sg_shape_count(x);
    return (sg_bias_act_shape){
        .samples = samples,
        .pixels = samples && channels ? count / samples / channels : 0,
        .channels = channels,
        .kind = options->kind,
        .alpha = options->alpha,
        .gain = options->gain,
        .clamp = options->clamp,
        .noise_per_sample = noise && noise->shape.size[0] > 1,
    };
}

/* True if the optional operands fit x. */
static bool operands_fit(const sg_tensor *x, const sg_tensor *scale, const sg_tensor *noise,
                         const sg_tensor *bias)
{
    const sg_shape *s = &x->shape;
    int64_t channels = s->rank ? s->size[s->rank - 1] : 1;
    if (bias && (bias->shape.rank != 1 || bias->shape.size[0] != channels))
        return false;
    if (scale && (s->rank != 4 || scale->shape.rank != 2 || scale->shape.size[0] != s->size[0] ||
                  scale->shape.size[1] != channels))
        return false;
    if (!noise)
        return true;
    const sg_shape *n = &noise->shape;
    return s->rank == 4 && n->rank == 4 && (n->size[0] == 1 || n->size[0] == s->size[0]) &&
           n->size[1] == s->size[1] && n->size[2] == s->size[2] && n->size[3] == 1;
}

/* True if every operand present has the type of x and fits it; fails otherwise. */
static bool check_operands(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias)
{
    sg_tensor *given[] = {x, scale ? scale : x, noise ? noise : x, bias ? bias : x};
    if (!sg_check_inputs("bias_act", given, 4))
        return false;
    if (operands_fit(x, scale, noise, bias))
        return true;
    char text[160];
    sg_context_fail(x->context, SG_ERROR_SHAPE,
                    "bias_act: scale, noise or bias does not fit an input of shape %s",
                    sg_shape_print(&x->shape, text));
    return false;
}

bool sg_bias_act_fuses(const sg_bias_act_options *options)
{
    return options->kind == SG_LINEAR || (sg_activation_is_piecewise_linear(options->kind) &&
                                          options->gain >= 0 && options->alpha >= 0);
}

/* Returns [N, 1, 1, C] for [N, C]. */
static sg_shape per_channel(const sg_shape *scale)
{
    return SG_SHAPE(scale->size[0], 1, 1, scale->size[1]);
}

/* Composes x * scale + noise + bias from plain ops, for the smooth activations. */
static sg_tensor *composed_sum(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias)
{
    if (scale)
        x = sg_multiply(x, sg_reshape(scale, per_channel(&scale->shape)));
    if (noise)
        x = sg_add(x, noise);
    return bias ? sg_add(x, bias) : x;
}

static sg_tensor *composed_pass(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                                sg_bias_act_options options)
{
    sg_tensor *y = sg_activate(composed_sum(x, scale, noise, bias), options.kind, options.alpha, 0);
    if (options.gain != 1)
        y = sg_affine(y, options.gain, 0);
    return options.clamp >= 0 ? sg_clamp(y, options.clamp) : y;
}

/* Computes the pass, fused where one loop suits, into a new tensor or, off the tape, over x. */
static sg_tensor *bias_act(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                           sg_bias_act_options options, bool in_place)
{
    if (!x || x->context->error.status || !check_operands(x, scale, noise, bias))
        return NULL;
    if (!sg_bias_act_fuses(&options))
        return composed_pass(x, scale, noise, bias, options);
    in_place = in_place && !x->context->recording;
    sg_tensor *y = in_place ? x : sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    sg_bias_act_shape shape = pass_shape(&x->shape, noise, &options);
    SG_BY_DTYPE(
        x, sg_bias_act,
        (&shape, sg_values(x), sg_values(scale), sg_values(noise), sg_values(bias), sg_values(y)));
    sg_tensor *inputs[] = {x, scale, noise, bias};
    if (in_place)
        sg_work_note(sg_op_bias_act.name, &options, sizeof options, inputs, 4, y);
    return in_place ? y : sg_tape_record(&sg_op_bias_act, &options, sizeof options, inputs, y);
}

sg_tensor *sg_bias_act(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                       sg_bias_act_options options)
{
    return bias_act(x, scale, noise, bias, options, false);
}

sg_tensor *sg_bias_act_in_place(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                                sg_bias_act_options options)
{
    return bias_act(x, scale, noise, bias, options, true);
}

/* du = dy * act'(u), computed from the output y; linear in dy, constant in y almost everywhere. */
static sg_tensor *bias_act_gradient(sg_tensor *gradient, sg_tensor *y, sg_bias_act_options options)
{
    sg_tensor *inputs[] = {gradient, y};
    sg_tensor *du = sg_create_like("bias_act_gradient", inputs, 2);
    if (!du)
        return NULL;
    sg_bias_act_shape shape = pass_shape(&y->shape, NULL, &options);
    SG_BY_DTYPE(y, sg_bias_act_gradient,
                (&shape, sg_values(gradient), sg_values(y), sg_values(du)));
    return sg_tape_record(&sg_op_bias_act_gradient, &options, sizeof options, inputs, du);
}

static void backward_bias_act_gradient(sg_backward *call)
{
    if (call->wanted[0])
        call->results[0] = bias_act_gradient(call->gradient, call->inputs[1],
                                             *(const sg_bias_act_options *)call->attributes);
}

const sg_op sg_op_bias_act_gradient = {
    "bias_act_gradient", 2, {SG_READS_INPUT(1), 0}, backward_bias_act_gradient};

static void backward_bias_act(sg_backward *call)
{
    sg_bias_act_options options = *(const sg_bias_act_options *)call->attributes;
    sg_shape *scale_shape = &call->input_shapes[1];
    bool scaled = scale_shape->rank == 2;
    sg_tensor *du = bias_act_gradient(call->gradient, call->output, options);
    if (call->wanted[0])
        call->results[0] =
            scaled ? sg_multiply(du, sg_reshape(call->inputs[1], per_channel(scale_shape))) : du;
    if (call->wanted[1])
        call->results[1] =
            sg_reshape(sg_sum_product(du, call->inputs[0], per_channel(scale_shape)), *scale_shape);
    if (call->wanted[2])
        call->results[2] = sg_sum(du, call->input_shapes[2]);
    if (call->wanted[3])
        call->results[3] = sg_sum(du, call->input_shapes[3]);
}

const sg_op sg_op_bias_act = {"bias_act",
                              4,
                              {SG_READS_OUTPUT | SG_READS_INPUT(1),
                               SG_READS_OUTPUT | SG_READS_INPUT(0), SG_READS_OUTPUT,
                               SG_READS_OUTPUT},
                              backward_bias_act};
