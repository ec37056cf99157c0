/* Ops that move values: derivatives, values, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

typedef struct range {
    int axis;
    int64_t first, second;
} range;

static sg_tensor *run_reshape(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_reshape(in[0], *(const sg_shape *)options);
}

static sg_tensor *run_permute(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_permute(in[0], options);
}

static sg_tensor *run_slice(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const range *o = options;
    return sg_slice(in[0], o->axis, o->first, o->second);
}

static sg_tensor *run_pad(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const range *o = options;
    return sg_pad(in[0], o->axis, o->first, o->second);
}

static sg_tensor *run_concatenate(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_concatenate(in[0], in[1], *(const int *)options);
}

static sg_tensor *run_flip(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_flip(in[0], *(const unsigned *)options);
}

static sg_tensor *run_channels(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    sg_tensor *x = sg_to_channels_last(in[0]);
    return sg_to_channels_first(sg_multiply(x, sg_flip(x, 2)));
}

/* One function over one [2, 3, 4] input. */
static void check_one(const char *name, gradient_function function, const void *options)
{
    gradient_case tested = {.name = name,
                            .function = function,
                            .options = options,
                            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 4)}},
                            .seed = 50};
    assert_gradients_right(&tested);
}

static void test_reshape_and_permute_derivatives(void **state)
{
    (void)state;
    const sg_shape shapes[] = {SG_SHAPE(24), SG_SHAPE(4, 3, 2), SG_SHAPE(1, 6, 1, 4)};
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int i = 0; i < 3; i++)
        check_one("reshape", run_reshape, &shapes[i]);
    for (int i = 0; i < 6; i++)
        check_one("permute", run_permute, orders[i]);
    static const gradient_case channels = {
        "channels", run_channels, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2, 2)}}, 51};
    assert_gradients_right(&channels);
}

static void test_slice_and_pad_derivatives(void **state)
{
    (void)state;
    static const range slices[] = {{0, 1, 1}, {1, 0, 2}, {1, 2, 1}, {2, 1, 2}, {2, 0, 4}};
    static const range pads[] = {{0, 1, 2}, {1, 0, 1}, {2, 2, 0}, {2, 0, 0}};
    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++)
        check_one("slice", run_slice, &slices[i]);
    for (size_t i = 0; i < sizeof pads / sizeof *pads; i++)
        check_one("pad", run_pad, &pads[i]);
}

static void test_concatenate_and_flip_derivatives(void **state)
{
    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        gradient_case tested = {.name = "concatenate",
                                .function = run_concatenate,
                                .options = &axis,
                                .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)},
                                           {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)}},
                                .seed = 52};
        tested.inputs[1].shape.size[axis] = 1;
        assert_gradients_right(&tested);
    }
    for (unsigned axes = 0; axes < 8; axes++)
        check_one("flip", run_flip, &axes);
}

static void test_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = leaf_of(context, SG_SHAPE(2, 3), (double[]){1, 2, 3, 4, 5, 6});
    assert_tensors_near("permute", sg_permute(x, (int[]){1, 0}),
                        leaf_of(context, SG_SHAPE(3, 2), (double[]){1, 4, 2, 5, 3, 6}), 0);
    assert_tensors_near("slice", sg_slice(x, 1, 1, 2),
                        leaf_of(context, SG_SHAPE(2, 2), (double[]){2, 3, 5, 6}), 0);
    assert_tensors_near("pad", sg_pad(x, 1, 1, 0),
                        leaf_of(context, SG_SHAPE(2, 4), (double[]){0, 1, 2, 3, 0, 4, 5, 6}), 0);
    assert_tensors_near("flip", sg_flip(x, 2),
                        leaf_of(context, SG_SHAPE(2, 3), (double[]){3, 2, 1, 6, 5, 4}), 0);
    assert_tensors_near("flip both", sg_flip(x, 3),
                        leaf_of(context, SG_SHAPE(2, 3), (double[]){6, 5, 4, 3, 2, 1}), 0);
    sg_tensor *column = leaf_of(context, SG_SHAPE(2, 1), (double[]){7, 8});
    assert_tensors_near("concatenate", sg_concatenate(column, x, 1),
                        leaf_of(context, SG_SHAPE(2, 4), (double[]){7, 1, 2, 3, 8, 4, 5, 6}), 0);
    assert_tensors_near("reshape", sg_reshape(x, SG_SHAPE(3, 2)),
                        leaf_of(context, SG_SHAPE(3, 2), (double[]){1, 2, 3, 4, 5, 6}), 0);
}

static void test_channels_come_back(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 3, 4, 5), 1);
    sg_tensor *last = sg_to_channels_last(x);
    const sg_shape expected = SG_SHAPE(2, 4, 5, 3);
    assert_true(sg_shape_equal(&last->shape, &expected));
    /* n 1, c 2, y 3, x 4 in both orders */
    assert_float_equal(sg_tensor_value(last, ((1 * 4 + 3) * 5 + 4) * 3 + 2),
                       sg_tensor_value(x, ((1 * 3 + 2) * 4 + 3) * 5 + 4), 0);
    assert_tensors_near("back again", sg_to_channels_first(last), x, 0);
}

static void test_reshape_shares_the_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F64, SG_SHAPE(2, 3), 1);
    assert_ptr_equal(sg_reshape(x, SG_SHAPE(6))->storage, x->storage);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *tall = random_tensor(context, SG_F64, SG_SHAPE(3, 3), 1);
    sg_tensor *flat = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    assert_refused(context, sg_reshape(x, SG_SHAPE(5)), SG_ERROR_SHAPE);
    assert_refused(context, sg_permute(x, (int[]){0, 0}), SG_ERROR_SHAPE);
    assert_refused(context, sg_permute(x, (int[]){0, 2}), SG_ERROR_SHAPE);
    assert_refused(context, sg_permute(x, (int[]){-1, 0}), SG_ERROR_SHAPE);
    assert_refused(context, sg_to_channels_last(x), SG_ERROR_SHAPE);
    assert_refused(context, sg_to_channels_first(x), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, 1, 2, 2), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, 1, -1, 2), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, 1, 0, -1), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, 1, INT64_MAX, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, 2, 0, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_slice(x, -1, 0, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_pad(x, 0, -1, 0), SG_ERROR_SHAPE);
    assert_refused(context, sg_pad(x, 0, 0, -1), SG_ERROR_SHAPE);
    assert_refused(context, sg_pad(x, 2, 1, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_pad(x, 9, 1, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_concatenate(x, tall, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_concatenate(x, flat, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_concatenate(x, x, 2), SG_ERROR_SHAPE);
    assert_refused(context, sg_concatenate(x, x, -1), SG_ERROR_SHAPE);
}

static void test_a_missing_input_gives_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    assert_null(sg_reshape(NULL, x->shape));
    assert_null(sg_permute(NULL, (int[]){0, 1}));
    assert_null(sg_to_channels_last(NULL));
    assert_null(sg_to_channels_first(NULL));
    assert_null(sg_slice(NULL, 0, 0, 1));
    assert_null(sg_pad(NULL, 0, 0, 1));
    assert_null(sg_concatenate(x, NULL, 0));
    assert_null(sg_concatenate(NULL, x, 0));
    assert_null(sg_flip(NULL, 1));
    assert_int_equal(context->error.status, SG_OK);
}

static void test_empty_tensors_are_fine(void **state)
{
    sg_context *context = *state;
    sg_tensor *none = sg_tensor_create(context, SG_F32, SG_SHAPE(2, 0));
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 1);
    assert_int_equal(sg_tensor_count(sg_permute(none, (int[]){1, 0})), 0);
    assert_int_equal(sg_tensor_count(sg_flip(none, 3)), 0);
    assert_int_equal(sg_tensor_count(sg_slice(x, 0, 1, 0)), 0);
    assert_tensors_near("with nothing", sg_concatenate(none, x, 1), x, 0);
    assert_tensors_near("padded nothing", sg_pad(none, 1, 1, 2),
                        sg_tensor_full(context, SG_F32, SG_SHAPE(2, 3), 0), 0);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reshape_and_permute_derivatives),
        cmocka_unit_test(test_slice_and_pad_derivatives),
        cmocka_unit_test(test_concatenate_and_flip_derivatives),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_channels_come_back),
        IN_CONTEXT(test_reshape_shares_the_values),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_a_missing_input_gives_nothing),
        IN_CONTEXT(test_empty_tensors_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
