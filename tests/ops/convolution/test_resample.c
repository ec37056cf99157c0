/*
 * Convolution with resampling: derivatives on every path, values against the definition (zeros
 * inserted, filtered, convolved, pixels dropped), refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/convolution/convolution.h"
#include "ops/convolution/resample.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *run_resample(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_resample_convolution(in[0], in[1], in[2], *(const sg_resample_options *)options);
}

typedef struct resampled_layer {
    int64_t height, width, kernel, taps;
    sg_resample_options options;
} resampled_layer;

static const resampled_layer resampled_layers[] = {
    {3, 4, 3, 0, {1, 1, 1, true, false, 1}},   {3, 4, 3, 0, {1, 1, 0, false, false, 0.7}},
    {3, 2, 1, 0, {1, 1, 0, true, false, 1.2}}, {3, 4, 1, 4, {2, 1, 0, true, false, 1}},
    {3, 2, 3, 4, {2, 1, 1, true, false, 0.8}}, {2, 3, 3, 4, {2, 1, 1, false, false, 0.8}},
    {2, 2, 3, 3, {2, 1, 1, true, false, 1}},   {4, 6, 1, 4, {1, 2, 0, true, false, 1}},
    {4, 4, 3, 4, {1, 2, 1, true, false, 0.8}}, {6, 4, 3, 4, {1, 2, 1, false, false, 0.8}},
    {5, 4, 3, 3, {1, 2, 1, true, false, 1}},   {4, 4, 3, 4, {2, 2, 1, true, false, 1}},
    {2, 3, 3, 6, {4, 1, 1, true, false, 1}},   {3, 3, 1, 4, {2, 2, 0, true, false, 1}},
};
enum { LAYERS = (int)(sizeof resampled_layers / sizeof *resampled_layers) };

static void name_layer(const resampled_layer *l, char *name, size_t bytes)
{
    snprintf(name, bytes, "%dx%d, kernel %d, %d taps, up %d, down %d", (int)l->height,
             (int)l->width, (int)l->kernel, (int)l->taps, l->options.up, l->options.down);
}

static void test_derivatives(void **state)
{
    (void)state;
    for (int i = 0; i < LAYERS; i++) {
        const resampled_layer *l = &resampled_layers[i];
        char name[100];
        name_layer(l, name, sizeof name);
        gradient_case tested = {
            .name = name,
            .function = run_resample,
            .options = &l->options,
            .inputs = {{GRADIENT_SIGNED, SG_SHAPE(1, l->height, l->width, 2)},
                       {GRADIENT_SIGNED, SG_SHAPE(2, 2, l->kernel, l->kernel)},
                       {l->taps ? GRADIENT_CONSTANT : GRADIENT_ABSENT, SG_SHAPE(l->taps, l->taps)}},
            .seed = 20 + (uint64_t)i};
        assert_gradients_right(&tested);
    }
}

/* Padding before and after one axis: the layer's own, and the filter's reach on the way up. */
static void up_padding(int taps, int up, int padding, int *before, int *after)
{
    *before = padding + (up > 1 ? (taps + up - 1) / 2 : 0);
    *after = padding + (up > 1 ? (taps - up) / 2 : 0);
}

/* conv2d_resample as its documentation has it, each step on its own. */
static sg_tensor *by_definition(sg_tensor *x, sg_tensor *w, sg_tensor *filter,
                                const sg_resample_options *o)
{
    sg_tensor *nothing = sg_tensor_full(x->context, SG_F64, SG_SHAPE(1, 1), 1);
    int taps = filter ? (int)filter->shape.size[0] : 0;
    sg_upfirdn_options up = sg_upfirdn_defaults();
    up_padding(taps, o->up, o->padding, &up.pad_x0, &up.pad_x1);
    if (o->down > 1) {
        up.pad_x0 += (taps - o->down + 1) / 2;
        up.pad_x1 += (taps - o->down) / 2;
    }
    up.pad_y0 = up.pad_x0;
    up.pad_y1 = up.pad_x1;
    up.up_x = up.up_y = o->up;
    up.gain = o->up * o->up;
    sg_tensor *y = sg_upfirdn(x, o->up > 1 ? filter : nothing, up);
    sg_convolution_options convolution = sg_convolution_defaults();
    convolution.gain = o->gain;
    y = sg_convolution(y, o->flip_weight ? w : sg_flip(w, 4 | 8), convolution);
    sg_upfirdn_options down = sg_upfirdn_defaults();
    down.down_x = down.down_y = o->down;
    return o->down > 1 ? sg_upfirdn(y, filter, down) : y;
}

static void test_values_are_the_defined_ones(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < LAYERS; i++) {
        const resampled_layer *l = &resampled_layers[i];
        char name[100];
        name_layer(l, name, sizeof name);
        sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, l->height, l->width, 3), 1);
        sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(2, 3, l->kernel, l->kernel), 2);
        sg_tensor *filter =
            l->taps ? random_tensor(context, SG_F64, SG_SHAPE(l->taps, l->taps), 3) : NULL;
        if (l->options.up > 1 && l->options.down > 1)
            continue; /* one filter then stands for the two of the definition */
        assert_tensors_near(name, sg_resample_convolution(x, w, filter, l->options),
                            by_definition(x, w, filter, &l->options), 1e-12);
    }
}

static void test_sizes_follow_the_factors(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(1, 8, 4, 2), 1);
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(3, 2, 3, 3), 2);
    sg_tensor *filter = random_tensor(context, SG_F32, SG_SHAPE(4, 4), 3);
    sg_resample_options options = sg_resample_defaults();
    options.padding = 1;
    options.up = 2;
    sg_tensor *large = sg_resample_convolution(x, w, filter, options);
    options.up = 1;
    options.down = 2;
    sg_tensor *small = sg_resample_convolution(x, w, filter, options);
    const sg_shape expected[] = {SG_SHAPE(1, 16, 8, 3), SG_SHAPE(1, 4, 2, 3)};
    assert_true(sg_shape_equal(&large->shape, &expected[0]));
    assert_true(sg_shape_equal(&small->shape, &expected[1]));
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 4, 2), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 3, 3), 2);
    sg_tensor *other = random_tensor(context, SG_F64, SG_SHAPE(3, 4, 3, 3), 2);
    sg_tensor *filter = random_tensor(context, SG_F64, SG_SHAPE(4, 4), 3);
    sg_tensor *line = random_tensor(context, SG_F64, SG_SHAPE(4), 3);
    for (int up = 1; up <= 2; up++)
        for (int down = 1; down <= 2; down++) {
            sg_resample_options options = sg_resample_defaults();
            options.up = up;
            options.down = down;
            options.padding = 1;
            assert_refused(context, sg_resample_convolution(x, other, filter, options),
                           SG_ERROR_SHAPE);
            assert_refused(context, sg_resample_convolution(x, filter, filter, options),
                           SG_ERROR_SHAPE);
            assert_refused(context, sg_resample_convolution(filter, w, filter, options),
                           SG_ERROR_SHAPE);
            if (up > 1 || down > 1)
                assert_refused(context, sg_resample_convolution(x, w, line, options),
                               SG_ERROR_SHAPE);
            assert_null(sg_resample_convolution(NULL, w, filter, options));
            assert_null(sg_resample_convolution(x, NULL, filter, options));
        }
}

static void test_factors_below_one_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 4, 2), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 3, 3), 2);
    sg_tensor *filter = random_tensor(context, SG_F64, SG_SHAPE(4, 4), 3);
    sg_resample_options options = sg_resample_defaults();
    options.up = 0;
    assert_refused(context, sg_resample_convolution(x, w, filter, options), SG_ERROR_ARGUMENT);
    options.up = 1;
    options.down = 0;
    assert_refused(context, sg_resample_convolution(x, w, filter, options), SG_ERROR_ARGUMENT);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_the_defined_ones),
        IN_CONTEXT(test_sizes_follow_the_factors),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_factors_below_one_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
