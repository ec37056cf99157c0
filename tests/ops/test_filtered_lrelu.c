/*
 * The filtered leaky ReLU: derivatives in double, the fast kernels against the plain ones and both
 * against the op's steps one by one, over factors, filters, padding and channels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/filtered_lrelu.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"
#include "support/gradient_check.h"
#include "support/kernel_variants.h"
#include "support/tensors.h"

/* A case; filters of 0 taps are absent, and of rank 2 where a width is given. */
typedef struct filtering {
    const char *name;
    int64_t samples, height, width, channels;
    int64_t up_height, up_width, down_height, down_width;
    sg_filtered_lrelu_options options;
} filtering;

#define FACTORS(u, d) .up = (u), .down = (d)
#define PADS(x0, x1, y0, y1) .pad_x0 = (x0), .pad_x1 = (x1), .pad_y0 = (y0), .pad_y1 = (y1)
#define LRELU(g, s, c) .gain = (g), .slope = (s), .clamp = (c)

static const filtering small[] = {
    {"no filters", 2, 3, 2, 2, 0, 0, 0, 0, {FACTORS(1, 1), PADS(0, 0, 0, 0), LRELU(1.4, 0.2, -1)}},
    {"cropped", 1, 4, 5, 2, 0, 0, 0, 0, {FACTORS(1, 1), PADS(-1, 0, -1, -2), LRELU(1, 1, 0.5)}},
    {"up 2, down 2",
     1,
     3,
     2,
     1,
     4,
     0,
     4,
     0,
     {FACTORS(2, 2), PADS(3, 2, 2, 3), LRELU(1.4, 0.2, 0.6)}},
    {"up 2, down 1",
     1,
     3,
     3,
     2,
     6,
     0,
     3,
     0,
     {FACTORS(2, 1), PADS(3, 3, 4, 2), LRELU(1.4, 0.2, -1)}},
    {"up 1, down 2", 1, 4, 5, 1, 3, 0, 5, 0, {FACTORS(1, 2), PADS(2, 3, 3, 2), LRELU(2, 0, 0.9)}},
    {"up 4, down 2",
     1,
     2,
     2,
     1,
     8,
     0,
     4,
     0,
     {FACTORS(4, 2), PADS(4, 3, 5, 2), LRELU(1.4, 0.2, 0.7)}},
    {"up 3, down 2, odd filters",
     1,
     3,
     2,
     1,
     5,
     0,
     3,
     0,
     {FACTORS(3, 2), PADS(-1, 2, 2, -1), LRELU(1, 0.3, -1)}},
    {"no products",
     1,
     3,
     3,
     1,
     4,
     3,
     3,
     4,
     {FACTORS(2, 2), PADS(2, 3, 1, 3), LRELU(1.4, 0.2, 0.6)}},
};

/* What the kernels are made for, and odd ends. */
static const filtering large[] = {
    {"configuration T",
     2,
     12,
     11,
     35,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, 1)}},
    {"T, four times",
     1,
     16,
     15,
     16,
     24,
     0,
     12,
     0,
     {FACTORS(4, 2), PADS(-6, -9, -6, -9), LRELU(1.414, 0.2, 256)}},
    {"T, last",
     1,
     25,
     24,
     20,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(-11, -12, -11, -12), LRELU(1.414, 0.2, 256)}},
    {"T, wide",
     1,
     6,
     180,
     17,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, 1)}},
    {"T, many channels",
     1,
     7,
     6,
     300,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, 1)}},
    {"T, high",
     1,
     130,
     5,
     3,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, 1)}},
    {"configuration R",
     1,
     10,
     13,
     33,
     12,
     0,
     12,
     12,
     {FACTORS(2, 2), PADS(11, 10, 11, 10), LRELU(1.414, 0.2, 1)}},
    {"R, four times",
     1,
     13,
     14,
     16,
     24,
     0,
     12,
     12,
     {FACTORS(4, 2), PADS(-2, -5, -2, -5), LRELU(1.414, 0.2, -1)}},
    {"colours", 2, 9, 8, 3, 0, 0, 0, 0, {FACTORS(1, 1), PADS(0, 0, 0, 0), LRELU(1, 1, 0.5)}},
    {"down 4",
     1,
     12,
     11,
     18,
     6,
     0,
     24,
     0,
     {FACTORS(1, 4), PADS(10, 9, 11, 10), LRELU(1.414, 0.2, 1)}},
    {"one pixel",
     1,
     1,
     1,
     5,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(11, 11, 11, 11), LRELU(1.414, 0.2, 1)}},
    {"padded far", 1, 3, 2, 5, 4, 0, 4, 0, {FACTORS(2, 2), PADS(30, 9, 9, 40), LRELU(1, 0.2, -1)}},
    {"large factors",
     1,
     3,
     4,
     5,
     18,
     0,
     20,
     0,
     {FACTORS(9, 10), PADS(9, 9, 9, 9), LRELU(1, 0.2, -1)}},
    {"steep", 1, 5, 5, 5, 4, 0, 4, 0, {FACTORS(2, 2), PADS(3, 3, 3, 3), LRELU(1, 1.5, -1)}},
};

/* Whole vectors of channels and, when made symmetric, filters that have a path of their own. */
static const filtering swept[] = {
    {"T, whole vectors",
     2,
     12,
     11,
     80,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, 1)}},
    {"T, whole vectors, wide",
     1,
     9,
     172,
     16,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(9, 8, 9, 8), LRELU(1.414, 0.2, -1)}},
    {"T, whole vectors, high, cropped",
     1,
     150,
     17,
     16,
     12,
     0,
     12,
     0,
     {FACTORS(2, 2), PADS(-11, 8, 9, -12), LRELU(1.414, 0.2, 256)}},
    {"T, four times, wide",
     1,
     12,
     92,
     48,
     24,
     0,
     12,
     0,
     {FACTORS(4, 2), PADS(14, 11, 14, 11), LRELU(1.414, 0.2, 1)}},
    {"R, whole vectors",
     1,
     10,
     13,
     96,
     12,
     0,
     12,
     12,
     {FACTORS(2, 2), PADS(11, 10, 11, 10), LRELU(1.414, 0.2, 1)}},
};
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static sg_shape filter_shape(int64_t height, int64_t width)
{
    return width ? SG_SHAPE(height, width) : SG_SHAPE(height);
}

static sg_tensor *run_op(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_filtered_lrelu(in[0], in[2], in[3], in[1],
                             *(const sg_filtered_lrelu_options *)options);
}

/* Something that is not linear in the op's gradient. */
static sg_tensor *run_cubed(sg_context *context, sg_tensor *const *in, const void *options)
{
    return sg_power(run_op(context, in, options), 3);
}

static gradient_input filter_input(int64_t height, int64_t width)
{
    if (!height)
        return (gradient_input){.values = GRADIENT_ABSENT};
    return (gradient_input){GRADIENT_CONSTANT, filter_shape(height, width)};
}

static void check_derivatives(gradient_function function)
{
    for (int i = 0; i < COUNT(small); i++) {
        const filtering *f = &small[i];
        gradient_case tested = {
            .name = f->name,
            .function = function,
            .options = &f->options,
            .inputs = {{GRADIENT_SIGNED, SG_SHAPE(f->samples, f->height, f->width, f->channels)},
                       {GRADIENT_SIGNED, SG_SHAPE(f->channels)},
                       filter_input(f->up_height, f->up_width),
                       filter_input(f->down_height, f->down_width)},
            .seed = 170 + (uint64_t)i};
        assert_gradients_right(&tested);
    }
}

static void test_derivatives(void **state)
{
    (void)state;
    check_derivatives(run_op);
    check_derivatives(run_cubed);
}

/* ---- the op's steps, one by one ---- */

static sg_tensor *square(sg_tensor *filter)
{
    if (filter->shape.rank == 2)
        return filter;
    int64_t taps = filter->shape.size[0];
    return sg_multiply(sg_reshape(filter, SG_SHAPE(taps, 1)),
                       sg_reshape(filter, SG_SHAPE(1, taps)));
}

static sg_tensor *run_steps(sg_tensor *const *in, sg_filtered_lrelu_options o)
{
    sg_tensor *one = sg_tensor_full(in[0]->context, in[0]->dtype, SG_SHAPE(1, 1), 1);
    sg_upfirdn_options up = sg_upfirdn_defaults();
    sg_upfirdn_options down = sg_upfirdn_defaults();
    sg_bias_act_options lrelu = {SG_LRELU, o.slope, o.gain, o.clamp};
    up.up_x = up.up_y = o.up;
    up.pad_x0 = o.pad_x0;
    up.pad_x1 = o.pad_x1;
    up.pad_y0 = o.pad_y0;
    up.pad_y1 = o.pad_y1;
    up.gain = o.up * o.up;
    down.down_x = down.down_y = o.down;
    sg_tensor *x = sg_add(in[0], in[1]);
    x = sg_upfirdn(x, in[2] ? square(in[2]) : one, up);
    x = sg_bias_act(x, NULL, NULL, NULL, lrelu);
    return sg_upfirdn(x, in[3] ? square(in[3]) : one, down);
}

static void make_inputs(sg_context *context, sg_dtype dtype, const filtering *f, sg_tensor **in)
{
    in[0] = random_leaf(context, dtype, SG_SHAPE(f->samples, f->height, f->width, f->channels), 1);
    in[1] = random_leaf(context, dtype, SG_SHAPE(f->channels), 2);
    in[2] = in[3] = NULL;
    if (f->up_height)
        in[2] = random_tensor(context, dtype, filter_shape(f->up_height, f->up_width), 3);
    if (f->down_height)
        in[3] = random_tensor(context, dtype, filter_shape(f->down_height, f->down_width), 4);
}

static void test_values_are_those_of_the_steps(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < COUNT(small); i++) {
        size_t scope = sg_scope_open(context);
        sg_tensor *in[4];
        make_inputs(context, SG_F64, &small[i], in);
        assert_tensors_near(small[i].name, run_op(context, in, &small[i].options),
                            run_steps(in, small[i].options), 1e-12);
        sg_scope_close(context, scope, NULL);
    }
}

/* ---- fast kernels against plain ones ---- */

enum { VALUE, PLAIN_VALUE, IMAGE_GRADIENT, BIAS_GRADIENT, SECOND_GRADIENT, RESULTS };
static const char *const result_names[RESULTS] = {"value", "value off the tape",
                                                  "gradient of the image", "gradient of the bias",
                                                  "gradient of the gradient"};

/* The op's value on and off the tape, its gradients, and the gradient of the image's gradient for
 * the output's. */
static void compute(sg_context *context, sg_tensor *const *in, const filtering *f,
                    sg_tensor *results[RESULTS])
{
    sg_gradient_options graph = {.create_graph = true};
    sg_tensor *gradients[2];
    sg_tensor *second;
    context->recording = false;
    results[PLAIN_VALUE] = run_op(context, in, &f->options);
    context->recording = true;
    results[VALUE] = run_op(context, in, &f->options);
    assert_non_null(results[VALUE]);
    sg_tensor *weights = random_leaf(context, SG_F32, results[VALUE]->shape, 5);
    sg_gradient(results[VALUE], weights, in, 2, graph, gradients);
    assert_non_null(gradients[0]);
    sg_tensor *direction = random_tensor(context, SG_F32, in[0]->shape, 6);
    sg_gradient(sg_sum_product(gradients[0], direction, SG_SHAPE(1)), NULL, &weights, 1,
                (sg_gradient_options){0}, &second);
    results[IMAGE_GRADIENT] = gradients[0];
    results[BIAS_GRADIENT] = gradients[1];
    results[SECOND_GRADIENT] = second;
}

/* Averages the taps that lie opposite each other: what all filters of StyleGAN3 are like. */
static void make_symmetric(sg_tensor *filter)
{
    if (!filter)
        return;
    int64_t height = filter->shape.size[0];
    int64_t width = filter->shape.rank == 2 ? filter->shape.size[1] : 1;
    float *taps = filter->storage->data;
    for (int64_t i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++) {
            int64_t across = i * width + width - 1 - j;
            int64_t down = (height - 1 - i) * width + j;
            int64_t both = (height - 1 - i) * width + width - 1 - j;
            float mean = (taps[i * width + j] + taps[across] + taps[down] + taps[both]) / 4;
            taps[i * width + j] = taps[across] = taps[down] = taps[both] = mean;
        }
}

static void assert_fast_agrees(sg_context *context, const filtering *f)
{
    size_t scope = sg_scope_open(context);
    sg_tensor *in[4];
    sg_tensor *fast[RESULTS];
    sg_tensor *plain[RESULTS];
    make_inputs(context, SG_F32, f, in);
    compute(context, in, f, fast);
    context->reference_kernels = true;
    compute(context, in, f, plain);
    context->reference_kernels = false;
    for (int k = 0; k < RESULTS; k++) {
        char what[100];
        snprintf(what, sizeof what, "%s: %s", f->name, result_names[k]);
        assert_tensors_near(what, fast[k], plain[k], 1e-5);
    }
    sg_scope_close(context, scope, NULL);
}

static void test_fast_kernels_agree_with_the_reference(void **state)
{
    for (int i = 0; i < COUNT(small); i++)
        assert_fast_agrees(*state, &small[i]);
    for (int i = 0; i < COUNT(large); i++)
        assert_fast_agrees(*state, &large[i]);
}

static void test_symmetric_filters_agree_with_the_reference(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    for (int i = 0; i < COUNT(swept); i++) {
        size_t scope = sg_scope_open(context);
        sg_tensor *in[4];
        make_inputs(context, SG_F32, &swept[i], in);
        make_symmetric(in[2]);
        make_symmetric(in[3]);
        context->reference_kernels = true;
        sg_tensor *plain = run_op(context, in, &swept[i].options);
        context->reference_kernels = false;
        for (int variant = 0; variant < KERNEL_VARIANTS; variant++) {
            const char *name = choose_kernel_variant(variant);
            char what[100];
            if (!name)
                continue;
            snprintf(what, sizeof what, "%s, %s", swept[i].name, name);
            assert_tensors_near(what, run_op(context, in, &swept[i].options), plain, 1e-5);
        }
        choose_best_kernel_variant(NULL);
        sg_scope_close(context, scope, NULL);
    }
}

/* ---- refusals ---- */

static void test_unfit_operands_are_refused(void **state)
{
    sg_context *context = *state;
    sg_filtered_lrelu_options o = {FACTORS(1, 1), LRELU(1, 0.2, -1)};
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(1, 3, 3, 2), 1);
    sg_tensor *matrix = random_tensor(context, SG_F32, SG_SHAPE(3, 3), 1);
    sg_tensor *bias = random_tensor(context, SG_F32, SG_SHAPE(3), 1);
    sg_tensor *large_filter = random_tensor(context, SG_F32, SG_SHAPE(4), 1);
    sg_tensor *doubles = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    assert_refused(context, sg_filtered_lrelu(matrix, NULL, NULL, NULL, o), SG_ERROR_SHAPE);
    assert_refused(context, sg_filtered_lrelu(x, x, NULL, NULL, o), SG_ERROR_SHAPE);
    assert_refused(context, sg_filtered_lrelu(x, NULL, NULL, bias, o), SG_ERROR_SHAPE);
    assert_refused(context, sg_filtered_lrelu(x, large_filter, NULL, NULL, o), SG_ERROR_SHAPE);
    assert_refused(context, sg_filtered_lrelu(x, doubles, NULL, NULL, o), SG_ERROR_SHAPE);
    assert_null(sg_filtered_lrelu(NULL, NULL, NULL, NULL, o));
    o.up = 0;
    assert_refused(context, sg_filtered_lrelu(x, NULL, NULL, NULL, o), SG_ERROR_ARGUMENT);
    o.up = 1;
    o.down = 1000;
    assert_refused(context, sg_filtered_lrelu(x, NULL, NULL, NULL, o), SG_ERROR_ARGUMENT);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_those_of_the_steps),
        IN_CONTEXT(test_fast_kernels_agree_with_the_reference),
        IN_CONTEXT(test_symmetric_filters_agree_with_the_reference),
        IN_CONTEXT(test_unfit_operands_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
