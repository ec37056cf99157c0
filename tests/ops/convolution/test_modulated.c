/*
 * The modulated convolution and its demodulation: derivatives, values against the paper's weights
 * per sample, the path without the tape, refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/convolution/demodulation.h"
#include "ops/convolution/modulated.h"
#include "ops/convolution/resample.h"
#include "ops/layout.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

enum { X, W, STYLES, FILTER, NOISE, BIAS, OPERANDS };

static sg_tensor *run_modulated(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_modulated_convolution(in[X], in[W], in[STYLES], in[FILTER], in[NOISE], in[BIAS],
                                    *(const sg_modulated_options *)options);
}

static sg_tensor *run_demodulation(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return sg_demodulation(in[0], in[1], false);
}

static void test_derivatives_of_demodulation(void **state)
{
    (void)state;
    static const gradient_case cases[] = {
        {"demodulation",
         run_demodulation,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 2, 2, 2)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2)}},
         1},
        {"demodulation of 1x1",
         run_demodulation,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 1, 1)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3)}},
         2},
    };
    assert_all_gradients_right(cases, 2);
}

/* What a layer of a network may be: its size and its options. */
typedef struct modulated_layer {
    int64_t kernel, taps;
    int up, down;
    bool demodulate, noise, noise_per_sample, bias;
    sg_activation kind;
    double clamp;
} modulated_layer;

static const modulated_layer modulated_layers[] = {
    {3, 0, 1, 1, true, true, false, true, SG_LRELU, -1},
    {3, 0, 1, 1, true, true, true, true, SG_LRELU, 0.8},
    {3, 4, 2, 1, true, true, false, true, SG_LRELU, -1},
    {3, 4, 1, 2, true, false, false, true, SG_RELU, -1},
    {1, 0, 1, 1, false, false, false, true, SG_LINEAR, 0.9},
    {1, 0, 1, 1, true, false, false, false, SG_LINEAR, -1},
    {3, 0, 1, 1, true, true, false, true, SG_SWISH, -1},
    {3, 0, 1, 1, false, true, true, false, SG_TANH, -1},
};
enum { LAYERS = (int)(sizeof modulated_layers / sizeof *modulated_layers) };

static sg_modulated_options options_of(const modulated_layer *l)
{
    sg_modulated_options options = {.resample = sg_resample_defaults(),
                                    .demodulate = l->demodulate,
                                    .epilogue = sg_bias_act_defaults(l->kind)};
    options.resample.up = l->up;
    options.resample.down = l->down;
    options.resample.padding = (int)l->kernel / 2;
    options.resample.flip_weight = l->up == 1;
    options.epilogue.clamp = l->clamp;
    return options;
}

static void shapes_of(const modulated_layer *l, sg_shape *shapes)
{
    int64_t height = 2 * l->up / l->down;
    shapes[X] = SG_SHAPE(2, 2, 2, 2);
    shapes[W] = SG_SHAPE(3, 2, l->kernel, l->kernel);
    shapes[STYLES] = SG_SHAPE(2, 2);
    shapes[FILTER] = SG_SHAPE(l->taps, l->taps);
    shapes[NOISE] = SG_SHAPE(l->noise_per_sample ? 2 : 1, height, height, 1);
    shapes[BIAS] = SG_SHAPE(3);
}

static bool has_operand(const modulated_layer *l, int operand)
{
    return operand == FILTER  ? l->taps > 0
           : operand == NOISE ? l->noise
           : operand == BIAS  ? l->bias
                              : true;
}

static void test_derivatives(void **state)
{
    (void)state;
    for (int i = 0; i < LAYERS; i++) {
        const modulated_layer *l = &modulated_layers[i];
        const sg_modulated_options options = options_of(l);
        sg_shape shapes[OPERANDS];
        char name[60];
        snprintf(name, sizeof name, "modulated layer %d", i);
        gradient_case tested = {
            .name = name, .function = run_modulated, .options = &options, .seed = 30 + (uint64_t)i};
        shapes_of(l, shapes);
        for (int k = 0; k < OPERANDS; k++)
            if (has_operand(l, k))
                tested.inputs[k] =
                    (gradient_input){k == FILTER ? GRADIENT_CONSTANT : GRADIENT_SIGNED, shapes[k]};
        assert_gradients_right(&tested);
    }
}

/* The weights of one sample, as the paper has them: w * s, each filter then of norm one. */
static sg_tensor *sample_weights(sg_tensor *w, sg_tensor *styles, int64_t sample, bool demodulate)
{
    sg_tensor *result = sg_tensor_create(w->context, SG_F64, w->shape);
    int64_t in = w->shape.size[1];
    int64_t taps = w->shape.size[2] * w->shape.size[3];
    for (int64_t o = 0; o < w->shape.size[0]; o++) {
        double energy = 1e-8;
        for (int64_t k = 0; k < in * taps; k++) {
            double value = sg_f64(w)[o * in * taps + k] * sg_f64(styles)[sample * in + k / taps];
            sg_f64(result)[o * in * taps + k] = value;
            energy += value * value;
        }
        for (int64_t k = 0; k < in * taps && demodulate; k++)
            sg_f64(result)[o * in * taps + k] /= sqrt(energy);
    }
    return result;
}

/* One sample after the other through an ordinary convolution. */
static sg_tensor *sample_by_sample(sg_tensor *const *in, const sg_modulated_options *o)
{
    sg_tensor *y = NULL;
    for (int64_t n = 0; n < 2; n++) {
        sg_tensor *x = sg_slice(in[X], 0, n, 1);
        sg_tensor *w = sample_weights(in[W], in[STYLES], n, o->demodulate);
        sg_tensor *noise = in[NOISE];
        if (noise && noise->shape.size[0] > 1)
            noise = sg_slice(noise, 0, n, 1);
        sg_tensor *part = sg_bias_act(sg_resample_convolution(x, w, in[FILTER], o->resample), NULL,
                                      noise, in[BIAS], o->epilogue);
        y = n ? sg_concatenate(y, part, 0) : part;
    }
    return y;
}

/* With the tape on and off: without it, the epilogue writes over the convolution's result. */
static void test_values_are_those_of_weights_per_sample(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2 * LAYERS; i++) {
        const modulated_layer *l = &modulated_layers[i / 2];
        const sg_modulated_options options = options_of(l);
        sg_shape shapes[OPERANDS];
        sg_tensor *in[OPERANDS] = {NULL};
        shapes_of(l, shapes);
        for (int k = 0; k < OPERANDS; k++)
            if (has_operand(l, k))
                in[k] = random_leaf(context, SG_F64, shapes[k], (uint64_t)k);
        context->recording = i % 2;
        assert_tensors_near("modulated", run_modulated(context, in, &options),
                            sample_by_sample(in, &options), 1e-12);
        context->recording = true;
    }
}

static void test_inputs_are_left_alone_without_the_tape(void **state)
{
    sg_context *context = *state;
    const sg_modulated_options options = options_of(&modulated_layers[5]);
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 4, 4, 2), 1);
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(3, 2, 1, 1), 2);
    sg_tensor *styles = random_tensor(context, SG_F32, SG_SHAPE(2, 2), 3);
    sg_tensor *copy = sg_affine(x, 1, 0);
    context->recording = false;
    assert_non_null(sg_modulated_convolution(x, w, styles, NULL, NULL, NULL, options));
    assert_tensors_near("x", x, copy, 0);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_modulated_options options = options_of(&modulated_layers[0]);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 4, 4, 2), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 3, 3), 2);
    sg_tensor *styles = random_tensor(context, SG_F64, SG_SHAPE(2, 2), 3);
    sg_tensor *wrong[] = {random_tensor(context, SG_F64, SG_SHAPE(2, 3), 3),
                          random_tensor(context, SG_F64, SG_SHAPE(3, 2), 3),
                          random_tensor(context, SG_F64, SG_SHAPE(2), 3)};
    for (int i = 0; i < 3; i++)
        assert_refused(context, sg_modulated_convolution(x, w, wrong[i], NULL, NULL, NULL, options),
                       SG_ERROR_SHAPE);
    assert_refused(context, sg_modulated_convolution(x, styles, styles, NULL, NULL, NULL, options),
                   SG_ERROR_SHAPE);
    assert_refused(context, sg_modulated_convolution(styles, w, styles, NULL, NULL, NULL, options),
                   SG_ERROR_SHAPE);
    assert_refused(context, sg_modulated_convolution(x, w, styles, NULL, x, NULL, options),
                   SG_ERROR_SHAPE);
    assert_refused(context, sg_modulated_convolution(x, w, styles, NULL, NULL, wrong[2], options),
                   SG_ERROR_SHAPE);
    assert_refused(context, sg_demodulation(w, wrong[0], false), SG_ERROR_SHAPE);
    assert_refused(context, sg_demodulation(styles, styles, false), SG_ERROR_SHAPE);
    assert_null(sg_modulated_convolution(NULL, w, styles, NULL, NULL, NULL, options));
    assert_null(sg_modulated_convolution(x, NULL, styles, NULL, NULL, NULL, options));
    assert_null(sg_modulated_convolution(x, w, NULL, NULL, NULL, NULL, options));
    assert_null(sg_demodulation(NULL, styles, false));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives_of_demodulation),
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_those_of_weights_per_sample),
        IN_CONTEXT(test_inputs_are_left_alone_without_the_tape),
        IN_CONTEXT(test_unfit_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
