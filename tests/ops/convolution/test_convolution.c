/*
 * Convolution and its two adjoints: derivatives over strides, padding, kernels, groups and swapped
 * weights, the float path with packed weights, refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/convolution/convolution.h"
#include "ops/reduce.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

/* A convolution from x to y by w; the three ops each compute one of them from the other two. */
typedef struct layer {
    const char *name;
    int64_t batch, height, width, in, out, kernel_height, kernel_width;
    sg_convolution_options options;
} layer;

#define STRIDES(y, x) .stride_y = (y), .stride_x = (x), .groups = 1, .gain = 1
#define PADS(t, l, b, r) .pad_top = (t), .pad_left = (l), .pad_bottom = (b), .pad_right = (r)

static sg_tensor *sum_all(sg_tensor *x)
{
    return sg_sum(x, sg_shape_of(0, NULL));
}

static const layer layers[] = {
    {"1x1", 2, 3, 2, 3, 2, 1, 1, {STRIDES(1, 1)}},
    {"3x3", 1, 4, 4, 2, 2, 3, 3, {STRIDES(1, 1), PADS(1, 1, 1, 1)}},
    {"3x3 without padding", 2, 3, 4, 1, 2, 3, 3, {STRIDES(1, 1)}},
    {"asymmetric padding", 1, 3, 4, 2, 1, 3, 3, {STRIDES(1, 1), PADS(0, 2, 1, 0)}},
    {"stride 2", 2, 5, 5, 1, 2, 3, 3, {STRIDES(2, 2), PADS(1, 1, 1, 1)}},
    {"stride 2, rows left over", 1, 6, 4, 2, 2, 3, 3, {STRIDES(2, 2), PADS(0, 1, 0, 1)}},
    {"1x1, stride 2", 1, 5, 4, 2, 2, 1, 1, {STRIDES(2, 2)}},
    {"strides differ", 1, 4, 5, 2, 1, 2, 3, {STRIDES(1, 2), PADS(1, 0, 0, 1)}},
    {"2x5", 1, 3, 6, 1, 2, 2, 5, {STRIDES(1, 1), PADS(1, 2, 0, 2)}},
    {"wider padding than kernel", 1, 2, 2, 1, 1, 2, 2, {STRIDES(1, 1), PADS(3, 2, 2, 3)}},
    {"one pixel", 2, 1, 1, 3, 2, 1, 1, {STRIDES(1, 1)}},
    {"one pixel, 3x3", 1, 1, 1, 2, 2, 3, 3, {STRIDES(1, 1), PADS(1, 1, 1, 1)}},
    {"one channel", 1, 4, 3, 1, 1, 3, 3, {STRIDES(1, 1), PADS(1, 1, 1, 1)}},
};
enum { LAYERS = (int)(sizeof layers / sizeof *layers) };

static int64_t out_height(const layer *l)
{
    const sg_convolution_options *o = &l->options;
    return (l->height + o->pad_top + o->pad_bottom - l->kernel_height) / o->stride_y + 1;
}

static int64_t out_width(const layer *l)
{
    const sg_convolution_options *o = &l->options;
    return (l->width + o->pad_left + o->pad_right - l->kernel_width) / o->stride_x + 1;
}

static sg_shape x_shape(const layer *l)
{
    return SG_SHAPE(l->batch, l->height, l->width, l->in);
}

static sg_shape y_shape(const layer *l)
{
    return SG_SHAPE(l->batch, out_height(l), out_width(l), l->out);
}

static sg_shape w_shape(const layer *l)
{
    if (l->options.swapped_weights)
        return SG_SHAPE(l->in, l->out, l->kernel_height, l->kernel_width);
    return SG_SHAPE(l->out, l->in / l->options.groups, l->kernel_height, l->kernel_width);
}

static sg_tensor *run_forward(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_convolution(in[0], in[1], ((const layer *)options)->options);
}

static sg_tensor *run_transpose(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const layer *l = options;
    return sg_convolution_transpose(in[0], in[1], l->height, l->width, l->options);
}

static sg_tensor *run_weights(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const layer *l = options;
    return sg_convolution_weights(in[0], in[1], l->kernel_height, l->kernel_width, l->options);
}

static void check_layer(const layer *l)
{
    gradient_case tested = {.name = l->name, .options = l, .seed = 110};
    tested.function = run_forward;
    tested.inputs[0] = (gradient_input){GRADIENT_SIGNED, x_shape(l)};
    tested.inputs[1] = (gradient_input){GRADIENT_SIGNED, w_shape(l)};
    assert_gradients_right(&tested);
    tested.function = run_transpose;
    tested.inputs[0].shape = y_shape(l);
    assert_gradients_right(&tested);
    tested.function = run_weights;
    tested.inputs[0].shape = x_shape(l);
    tested.inputs[1].shape = y_shape(l);
    assert_gradients_right(&tested);
}

static void test_derivatives(void **state)
{
    (void)state;
    for (int i = 0; i < LAYERS; i++) {
        layer l = layers[i];
        check_layer(&l);
        l.options.gain = -0.6;
        check_layer(&l);
        l.options.swapped_weights = true;
        check_layer(&l);
    }
}

static void test_derivatives_with_groups(void **state)
{
    (void)state;
    for (int i = 0; i < LAYERS; i++)
        for (int groups = 2; groups <= 3; groups++) {
            layer l = layers[i];
            if (l.batch * l.height * l.width > 25)
                continue;
            l.in *= groups;
            l.out *= groups;
            l.options.groups = groups;
            l.options.gain = 1.3;
            check_layer(&l);
        }
}

/* x convolved twice by the same weights: not linear in them. */
static sg_tensor *run_twice(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const layer *l = options;
    sg_tensor *y = sg_convolution(sg_power(in[0], 2), in[1], l->options);
    return sg_convolution(y, in[1], l->options);
}

static void test_derivatives_within_a_composition(void **state)
{
    (void)state;
    gradient_case tested = {.name = "twice 3x3",
                            .function = run_twice,
                            .options = &layers[1],
                            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 3, 2)},
                                       {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3, 3)}},
                            .seed = 111};
    assert_gradients_right(&tested);
}

/* By hand: [[1, 2], [3, 4]] with a 2x2 kernel, zero padded at the right and the bottom. */
static void test_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = leaf_of(context, SG_SHAPE(1, 2, 2, 1), (double[]){1, 2, 3, 4});
    sg_tensor *w = leaf_of(context, SG_SHAPE(1, 1, 2, 2), (double[]){1, 10, 100, 1000});
    sg_convolution_options options = sg_convolution_defaults();
    options.pad_bottom = options.pad_right = 1;
    sg_tensor *y = sg_convolution(x, w, options);
    assert_tensors_near("convolution", y,
                        leaf_of(context, SG_SHAPE(1, 2, 2, 1), (double[]){4321, 402, 43, 4}), 0);
    assert_tensors_near("transposed", sg_convolution_transpose(x, w, 2, 2, options),
                        leaf_of(context, SG_SHAPE(1, 2, 2, 1), (double[]){1, 12, 103, 1234}), 0);
    assert_tensors_near("weights", sg_convolution_weights(x, x, 2, 2, options),
                        leaf_of(context, SG_SHAPE(1, 1, 2, 2), (double[]){30, 14, 11, 4}), 0);
}

/* <conv(x, w), y> = <x, transpose(y, w)> = <w, weights(x, y)>. */
static void test_the_three_are_adjoint(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < LAYERS; i++) {
        size_t scope = sg_scope_open(context);
        layer l = layers[i];
        l.options.gain = 0.9;
        sg_tensor *x = random_tensor(context, SG_F64, x_shape(&l), 1);
        sg_tensor *w = random_tensor(context, SG_F64, w_shape(&l), 2);
        sg_tensor *y = random_tensor(context, SG_F64, y_shape(&l), 3);
        sg_tensor *one = sum_all(sg_multiply(run_forward(context, (sg_tensor *[]){x, w}, &l), y));
        sg_tensor *two = sum_all(sg_multiply(run_transpose(context, (sg_tensor *[]){y, w}, &l), x));
        sg_tensor *three = sum_all(sg_multiply(run_weights(context, (sg_tensor *[]){x, y}, &l), w));
        assert_tensors_near(l.name, one, two, 1e-12);
        assert_tensors_near(l.name, one, three, 1e-12);
        sg_scope_close(context, scope, NULL);
    }
}

/* Each op in float against itself on the reference kernels, twice: the second run finds its plan.
 */
static void check_float(sg_context *context, const layer *l)
{
    size_t scope = sg_scope_open(context);
    sg_tensor *x = random_tensor(context, SG_F32, x_shape(l), 1);
    sg_tensor *w = random_tensor(context, SG_F32, w_shape(l), 2);
    sg_tensor *y = random_tensor(context, SG_F32, y_shape(l), 3);
    sg_tensor *const pairs[][2] = {{x, w}, {y, w}, {x, y}};
    const gradient_function functions[] = {run_forward, run_transpose, run_weights};
    for (int k = 0; k < 6; k++) {
        sg_tensor *fast = functions[k % 3](context, pairs[k % 3], l);
        context->reference_kernels = true;
        assert_tensors_near(l->name, fast, functions[k % 3](context, pairs[k % 3], l), 1e-5);
        context->reference_kernels = false;
    }
    sg_scope_close(context, scope, NULL);
}

static void test_float_agrees_with_the_reference(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < LAYERS; i++) {
        layer l = layers[i];
        l.options.gain = 0.8;
        check_float(context, &l);
        l.options.swapped_weights = true;
        check_float(context, &l);
        l.options.swapped_weights = false;
        l.options.groups = 2;
        l.in *= 2;
        l.out *= 2;
        check_float(context, &l);
    }
}

static void check_packed_weights(sg_context *context, int64_t channels, int64_t side,
                                 double tolerance)
{
    layer l = {
        "packed", 1, side, side, channels, channels, 3, 3, {STRIDES(1, 1), PADS(1, 1, 1, 1)}};
    sg_tensor *x = random_tensor(context, SG_F32, x_shape(&l), 1);
    sg_tensor *w = random_tensor(context, SG_F32, w_shape(&l), 2);
    sg_tensor *const inputs[] = {x, w};
    w->storage->keeps_packed = true;
    for (int round = 0; round < 8; round++) {
        l.options.gain = round & 1 ? 0.5 : 1;
        l.options.swapped_weights = round & 2;
        sg_tensor *fast = run_forward(context, inputs, &l);
        sg_tensor *back = run_transpose(context, inputs, &l);
        assert_non_null(w->storage->packed);
        context->reference_kernels = true;
        assert_tensors_near("forward", fast, run_forward(context, inputs, &l), tolerance);
        assert_tensors_near("transposed", back, run_transpose(context, inputs, &l), tolerance);
        context->reference_kernels = false;
        if (round == 3) {
            sg_f32(w)[5] += 1;
            sg_tensor_touch(w);
            assert_null(w->storage->packed);
        }
    }
}

/*
 * A parameter's packed copies: reused, told apart by gain and layout, dropped when it changes;
 * through oneDNN, and through Winograd's algorithm for the larger one.
 */
static void test_packed_weights_follow_the_parameter(void **state)
{
    check_packed_weights(*state, 8, 6, 1e-5);
    check_packed_weights(*state, 16, 24, 5e-5);
}

static void test_multiply_adds_are_counted(void **state)
{
    sg_context *context = *state;
    const layer *l = &layers[4];
    sg_tensor *x = random_tensor(context, SG_F64, x_shape(l), 1);
    sg_tensor *w = random_tensor(context, SG_F64, w_shape(l), 1);
    int64_t before = context->multiply_adds;
    run_forward(context, (sg_tensor *[]){x, w}, l);
    assert_int_equal(context->multiply_adds - before, 2 * 3 * 3 * 2 * 1 * 9);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_convolution_options plain = sg_convolution_defaults();
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 4, 4, 3), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(5, 2, 3, 3), 1);
    sg_tensor *large = random_tensor(context, SG_F64, SG_SHAPE(5, 3, 5, 5), 1);
    sg_tensor *matrix = random_tensor(context, SG_F64, SG_SHAPE(5, 3), 1);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(5, 3, 3, 3), 1);
    sg_tensor *right = random_tensor(context, SG_F64, SG_SHAPE(5, 3, 3, 3), 1);
    sg_tensor *y = sg_convolution(x, right, plain);
    sg_tensor *other_batch = random_tensor(context, SG_F64, SG_SHAPE(1, 2, 2, 5), 1);
    assert_non_null(y);
    assert_refused(context, sg_convolution(x, w, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution(x, large, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution(x, matrix, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution(matrix, right, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution(x, single, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_transpose(y, right, 5, 4, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_transpose(x, right, 6, 6, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_transpose(y, right, -1, 4, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_weights(x, y, 2, 3, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_weights(x, y, 0, 0, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_weights(x, other_batch, 3, 3, plain), SG_ERROR_SHAPE);
    assert_null(sg_convolution(NULL, w, plain));
    assert_null(sg_convolution_transpose(y, NULL, 4, 4, plain));
    assert_null(sg_convolution_weights(NULL, y, 3, 3, plain));
}

static void expect_bad_options(sg_context *context, sg_tensor *x, sg_tensor *w, sg_tensor *y,
                               sg_convolution_options options)
{
    assert_refused(context, sg_convolution(x, w, options), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_convolution_transpose(y, w, 4, 4, options), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_convolution_weights(x, y, 3, 3, options), SG_ERROR_ARGUMENT);
}

static void test_impossible_options_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 4, 4, 3), 1);
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(3, 3, 3, 3), 1);
    sg_tensor *y = random_tensor(context, SG_F32, SG_SHAPE(2, 2, 2, 3), 1);
    sg_convolution_options options = sg_convolution_defaults();
    options.stride_x = 0;
    expect_bad_options(context, x, w, y, options);
    options = sg_convolution_defaults();
    options.stride_y = -1;
    expect_bad_options(context, x, w, y, options);
    options = sg_convolution_defaults();
    options.groups = 0;
    expect_bad_options(context, x, w, y, options);
    options = sg_convolution_defaults();
    options.pad_left = -1;
    expect_bad_options(context, x, w, y, options);
    options = sg_convolution_defaults();
    options.groups = 3;
    options.swapped_weights = true;
    expect_bad_options(context, x, w, y, options);
}

static void test_a_batch_of_none(void **state)
{
    sg_context *context = *state;
    layer l = layers[1];
    l.batch = 0;
    sg_tensor *x = sg_tensor_create(context, SG_F32, x_shape(&l));
    sg_tensor *y = sg_tensor_create(context, SG_F32, y_shape(&l));
    sg_tensor *w = random_tensor(context, SG_F32, w_shape(&l), 1);
    assert_int_equal(sg_tensor_count(run_forward(context, (sg_tensor *[]){x, w}, &l)), 0);
    assert_int_equal(sg_tensor_count(run_transpose(context, (sg_tensor *[]){y, w}, &l)), 0);
    assert_tensors_near("weights", run_weights(context, (sg_tensor *[]){x, y}, &l),
                        sg_tensor_full(context, SG_F32, w->shape, 0), 0);
}

static void test_channels_of_none_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_create(context, SG_F32, SG_SHAPE(1, 4, 4, 0));
    sg_tensor *w = sg_tensor_create(context, SG_F32, SG_SHAPE(2, 0, 3, 3));
    sg_tensor *y = random_tensor(context, SG_F32, SG_SHAPE(1, 2, 2, 2), 1);
    const sg_convolution_options plain = sg_convolution_defaults();
    assert_refused(context, sg_convolution(x, w, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_transpose(y, w, 4, 4, plain), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_weights(x, y, 3, 3, plain), SG_ERROR_SHAPE);
}

static void test_groups_must_divide_the_channels(void **state)
{
    sg_context *context = *state;
    sg_convolution_options options = sg_convolution_defaults();
    options.groups = 2;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 4, 4), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(5, 2, 3, 3), 1);
    sg_tensor *odd = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 4, 5), 1);
    sg_tensor *y = random_tensor(context, SG_F64, SG_SHAPE(1, 2, 2, 4), 1);
    assert_refused(context, sg_convolution(x, w, options), SG_ERROR_SHAPE);
    assert_refused(context, sg_convolution_weights(odd, y, 3, 3, options), SG_ERROR_SHAPE);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_derivatives_with_groups),
        cmocka_unit_test(test_derivatives_within_a_composition),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_the_three_are_adjoint),
        IN_CONTEXT(test_float_agrees_with_the_reference),
        IN_CONTEXT(test_packed_weights_follow_the_parameter),
        IN_CONTEXT(test_multiply_adds_are_counted),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_impossible_options_are_refused),
        IN_CONTEXT(test_groups_must_divide_the_channels),
        IN_CONTEXT(test_a_batch_of_none),
        IN_CONTEXT(test_channels_of_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
