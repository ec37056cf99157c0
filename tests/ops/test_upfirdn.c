/* Resampling with FIR filters: derivatives over factors, padding and filters, the float path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/upfirdn.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *run_upfirdn(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_upfirdn(in[0], in[1], *(const sg_upfirdn_options *)options);
}

typedef struct resampling {
    const char *name;
    int64_t height, width, channels, filter_height, filter_width;
    sg_upfirdn_options options;
} resampling;

#define FACTORS(ux, uy, dx, dy) .up_x = (ux), .up_y = (uy), .down_x = (dx), .down_y = (dy)
#define PADS(x0, x1, y0, y1) .pad_x0 = (x0), .pad_x1 = (x1), .pad_y0 = (y0), .pad_y1 = (y1)

static const resampling resamplings[] = {
    {"plain", 3, 4, 2, 1, 1, {FACTORS(1, 1, 1, 1), .gain = 1}},
    {"filter", 3, 4, 2, 3, 3, {FACTORS(1, 1, 1, 1), PADS(1, 1, 1, 1), .gain = 0.5}},
    {"filter, flipped",
     3,
     4,
     1,
     2,
     3,
     {FACTORS(1, 1, 1, 1), PADS(2, 1, 0, 1), .flip_filter = true, .gain = 1}},
    {"up", 3, 2, 2, 4, 4, {FACTORS(2, 2, 1, 1), PADS(2, 1, 2, 1), .gain = 4}},
    {"up, odd filter", 2, 3, 1, 3, 5, {FACTORS(2, 2, 1, 1), PADS(2, 1, 1, 0), .gain = 4}},
    {"down", 4, 6, 2, 4, 4, {FACTORS(1, 1, 2, 2), PADS(1, 1, 1, 1), .gain = 1}},
    {"down, odd length", 5, 7, 1, 3, 4, {FACTORS(1, 1, 2, 2), PADS(1, 1, 1, 1), .gain = 1}},
    {"down by three, rows left over", 7, 8, 1, 2, 2, {FACTORS(1, 1, 3, 3), .gain = 1}},
    {"up and down", 3, 3, 2, 4, 3, {FACTORS(3, 3, 2, 2), PADS(2, 1, 1, 2), .gain = 9}},
    {"axes differ", 4, 3, 1, 3, 2, {FACTORS(2, 1, 1, 3), PADS(1, 0, 2, 2), .gain = 1.5}},
    {"cropped", 5, 6, 1, 3, 3, {FACTORS(1, 1, 1, 1), PADS(-1, -2, -1, 0), .gain = 1}},
    {"up, cropped", 3, 3, 2, 4, 4, {FACTORS(2, 2, 1, 1), PADS(-1, 1, 2, -1), .gain = 4}},
    {"down, cropped, flipped",
     6,
     7,
     1,
     4,
     4,
     {FACTORS(1, 1, 2, 2), PADS(-1, 2, 2, -1), .flip_filter = true, .gain = 1}},
    {"padded far", 2, 2, 1, 2, 2, {FACTORS(2, 2, 1, 1), PADS(5, 4, 3, 6), .gain = 1}},
    {"one pixel", 1, 1, 3, 4, 4, {FACTORS(2, 2, 1, 1), PADS(2, 1, 2, 1), .gain = 4}},
};
enum { RESAMPLINGS = (int)(sizeof resamplings / sizeof *resamplings) };

/* A random filter is not separable. */
static void test_derivatives(void **state)
{
    (void)state;
    for (int i = 0; i < RESAMPLINGS; i++) {
        const resampling *r = &resamplings[i];
        gradient_case tested = {
            .name = r->name,
            .function = run_upfirdn,
            .options = &r->options,
            .inputs = {{GRADIENT_SIGNED, SG_SHAPE(2, r->height, r->width, r->channels)},
                       {GRADIENT_CONSTANT, SG_SHAPE(r->filter_height, r->filter_width)}},
            .seed = 70 + (uint64_t)i};
        assert_gradients_right(&tested);
    }
}

static sg_tensor *run_squared(sg_context *context, sg_tensor *const *in, const void *options)
{
    return sg_power(run_upfirdn(context, in, options), 3);
}

/* Up to the second derivative of something that is not linear in the image. */
static void test_derivatives_within_a_composition(void **state)
{
    (void)state;
    gradient_case tested = {.name = "up and down, cubed",
                            .function = run_squared,
                            .options = &resamplings[8].options,
                            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 3, 2)},
                                       {GRADIENT_CONSTANT, GRADIENT_SHAPE(4, 3)}},
                            .seed = 90};
    assert_gradients_right(&tested);
}

/* [1, 3, 3, 1] squared, as the networks use it, or a filter that is no product. */
static sg_tensor *filter_of(sg_context *context, int64_t height, int64_t width, bool separable)
{
    sg_tensor *filter = random_tensor(context, SG_F32, SG_SHAPE(height, width), 5);
    sg_tensor *column = random_tensor(context, SG_F32, SG_SHAPE(height, 1), 6);
    sg_tensor *row = random_tensor(context, SG_F32, SG_SHAPE(1, width), 7);
    return separable ? sg_multiply(column, row) : filter;
}

/* The op in float on either path against itself on the reference kernel. */
static void test_float_agrees_with_the_reference(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2 * RESAMPLINGS; i++) {
        size_t scope = sg_scope_open(context);
        const resampling *r = &resamplings[i / 2];
        sg_tensor *x =
            random_tensor(context, SG_F32, SG_SHAPE(2, r->height, r->width, r->channels), 8);
        sg_tensor *filter = filter_of(context, r->filter_height, r->filter_width, i % 2 == 0);
        sg_tensor *fast = sg_upfirdn(x, filter, r->options);
        context->reference_kernels = true;
        assert_tensors_near(r->name, fast, sg_upfirdn(x, filter, r->options), 2e-6);
        context->reference_kernels = false;
        sg_scope_close(context, scope, NULL);
    }
}

/* The official upsample2d: a constant picture stays constant away from the border. */
static void test_up_and_downsampling_keep_size_and_level(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 6, 6, 1), 3);
    sg_tensor *taps = leaf_of(context, SG_SHAPE(4, 1), (double[]){0.125, 0.375, 0.375, 0.125});
    sg_tensor *filter = sg_multiply(
        taps,
        sg_multiply(sg_tensor_full(context, SG_F64, SG_SHAPE(1, 4), 1),
                    leaf_of(context, SG_SHAPE(1, 4), (double[]){0.125, 0.375, 0.375, 0.125})));
    sg_tensor *up = sg_upfirdn(x, filter, sg_upsample_options(&filter->shape, 2));
    const sg_shape large = SG_SHAPE(1, 12, 12, 1);
    assert_true(sg_shape_equal(&up->shape, &large));
    assert_float_equal(sg_tensor_value(up, 5 * 12 + 6), 3, 1e-12);
    sg_tensor *down = sg_upfirdn(x, filter, sg_downsample_options(&filter->shape, 2));
    const sg_shape small = SG_SHAPE(1, 3, 3, 1);
    assert_true(sg_shape_equal(&down->shape, &small));
    assert_float_equal(sg_tensor_value(down, 4), 3, 1e-12);
}

/* upfirdn of [1, 2] with taps [1, 10]: by hand. */
static void test_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = leaf_of(context, SG_SHAPE(1, 1, 2, 1), (double[]){1, 2});
    sg_tensor *taps = leaf_of(context, SG_SHAPE(1, 2), (double[]){1, 10});
    sg_upfirdn_options options = sg_upfirdn_defaults();
    options.pad_x0 = options.pad_x1 = 1;
    assert_tensors_near("convolution", sg_upfirdn(x, taps, options),
                        leaf_of(context, SG_SHAPE(1, 1, 3, 1), (double[]){1, 12, 20}), 0);
    options.flip_filter = true;
    assert_tensors_near("correlation", sg_upfirdn(x, taps, options),
                        leaf_of(context, SG_SHAPE(1, 1, 3, 1), (double[]){10, 21, 2}), 0);
    options.up_x = 2;
    assert_tensors_near("upsampled", sg_upfirdn(x, taps, options),
                        leaf_of(context, SG_SHAPE(1, 1, 5, 1), (double[]){10, 1, 20, 2, 0}), 0);
    options.down_x = 2;
    options.pad_x0 = -1;
    assert_tensors_near("cropped", sg_upfirdn(x, taps, options),
                        leaf_of(context, SG_SHAPE(1, 1, 2, 1), (double[]){20, 0}), 0);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 3, 3, 1), 1);
    sg_tensor *matrix = random_tensor(context, SG_F64, SG_SHAPE(3, 3), 1);
    sg_tensor *line = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    sg_tensor *large = random_tensor(context, SG_F64, SG_SHAPE(4, 4), 1);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(3, 3), 1);
    sg_upfirdn_options options = sg_upfirdn_defaults();
    assert_refused(context, sg_upfirdn(matrix, matrix, options), SG_ERROR_SHAPE);
    assert_refused(context, sg_upfirdn(x, line, options), SG_ERROR_SHAPE);
    assert_refused(context, sg_upfirdn(x, large, options), SG_ERROR_SHAPE);
    assert_refused(context, sg_upfirdn(x, single, options), SG_ERROR_SHAPE);
    options.pad_x0 = -1;
    assert_refused(context, sg_upfirdn(x, matrix, options), SG_ERROR_SHAPE);
    assert_null(sg_upfirdn(NULL, matrix, options));
    assert_null(sg_upfirdn(x, NULL, options));
}

static void test_factors_below_one_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 3, 3, 1), 1);
    sg_tensor *filter = random_tensor(context, SG_F64, SG_SHAPE(1, 1), 1);
    for (int i = 0; i < 4; i++) {
        sg_upfirdn_options options = sg_upfirdn_defaults();
        *(int *[]){&options.up_x, &options.up_y, &options.down_x, &options.down_y}[i] = 0;
        assert_refused(context, sg_upfirdn(x, filter, options), SG_ERROR_ARGUMENT);
    }
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_derivatives_within_a_composition),
        IN_CONTEXT(test_float_agrees_with_the_reference),
        IN_CONTEXT(test_up_and_downsampling_keep_size_and_level),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_factors_below_one_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
