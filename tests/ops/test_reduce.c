/* Sums, means and their adjoint: derivatives for every pattern of dimensions, values, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/reduce.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *sum_all(sg_tensor *x)
{
    return sg_sum(x, sg_shape_of(0, NULL));
}

static sg_tensor *run_sum(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_sum(in[0], *(const sg_shape *)options);
}

/* Squared, so that the gradient depends on the input. */
static sg_tensor *run_mean_squared(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_power(sg_mean(in[0], *(const sg_shape *)options), 2);
}

static sg_tensor *run_broadcast(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_broadcast(in[0], *(const sg_shape *)options);
}

static sg_tensor *run_sum_product(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_sum_product(in[0], in[1], *(const sg_shape *)options);
}

static sg_tensor *run_sum_square(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_sum_product(in[0], in[0], *(const sg_shape *)options);
}

static sg_tensor *run_sum_all(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return sum_all(sg_power(in[0], 3));
}

static sg_tensor *run_mean_all(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return sg_mean_all(sg_power(in[0], 3));
}

/* What [2, 3, 2, 3] is summed to. */
static const sg_shape targets[] = {
    GRADIENT_SHAPE(2, 3, 2, 3),
    GRADIENT_SHAPE(3, 2, 3),
    GRADIENT_SHAPE(2, 3),
    GRADIENT_SHAPE(3),
    {0},
    GRADIENT_SHAPE(1),
    GRADIENT_SHAPE(1, 1, 1, 1),
    GRADIENT_SHAPE(2, 1, 1, 3),
    GRADIENT_SHAPE(1, 3, 1, 3),
    GRADIENT_SHAPE(2, 1, 2, 1),
    GRADIENT_SHAPE(2, 3, 1, 1),
    GRADIENT_SHAPE(1, 3, 2, 1),
    GRADIENT_SHAPE(3, 1, 3),
    GRADIENT_SHAPE(1, 3),
};
enum { TARGETS = (int)(sizeof targets / sizeof *targets) };

/* As the ops take it: sizes beyond the rank are 1. */
static sg_shape target(int index)
{
    return sg_shape_of(targets[index].rank, targets[index].size);
}

static void check_to_shape(const char *what, gradient_function function, const sg_shape *shape,
                           const gradient_input *first, const gradient_input *second)
{
    char name[250];
    char text[160];
    snprintf(name, sizeof name, "%s to %s", what, sg_shape_print(shape, text));
    gradient_case tested = {
        .name = name, .function = function, .options = shape, .inputs = {*first}, .seed = 40};
    if (second)
        tested.inputs[1] = *second;
    assert_gradients_right(&tested);
}

static void test_derivatives_for_every_pattern(void **state)
{
    (void)state;
    static const gradient_input large = {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2, 3)};
    for (int i = 0; i < TARGETS; i++) {
        const sg_shape small = target(i);
        const sg_shape full = SG_SHAPE(2, 3, 2, 3);
        const gradient_input stretched = {GRADIENT_SIGNED, small};
        check_to_shape("sum", run_sum, &small, &large, NULL);
        check_to_shape("mean", run_mean_squared, &small, &large, NULL);
        check_to_shape("sum of products", run_sum_product, &small, &large, &large);
        check_to_shape("sum of squares", run_sum_square, &small, &large, NULL);
        check_to_shape("stretch", run_broadcast, &full, &stretched, NULL);
    }
}

static void test_sums_of_products_that_broadcast(void **state)
{
    (void)state;
    static const gradient_input matrix = {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)};
    static const gradient_input row = {GRADIENT_SIGNED, GRADIENT_SHAPE(3)};
    static const gradient_input column = {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 1)};
    static const gradient_input number = {GRADIENT_SIGNED, {0}};
    const sg_shape shapes[] = {SG_SHAPE(2, 1), SG_SHAPE(1, 3), SG_SHAPE(3), sg_shape_of(0, NULL)};
    for (int i = 0; i < 4; i++) {
        check_to_shape("matrix and row", run_sum_product, &shapes[i], &matrix, &row);
        check_to_shape("column and matrix", run_sum_product, &shapes[i], &column, &matrix);
        check_to_shape("row and column", run_sum_product, &shapes[i], &row, &column);
        check_to_shape("matrix and number", run_sum_product, &shapes[i], &matrix, &number);
    }
}

static void test_sum_and_mean_of_all(void **state)
{
    (void)state;
    static const gradient_case cases[] = {
        {"sum_all", run_sum_all, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)}}, 41},
        {"mean_all", run_mean_all, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)}}, 42},
        {"sum_all of a number", run_sum_all, NULL, {{GRADIENT_SIGNED, {0}}}, 43},
    };
    assert_all_gradients_right(cases, 3);
}

static void test_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = leaf_of(context, SG_SHAPE(2, 3), (double[]){1, 2, 4, 10, 20, 40});
    assert_tensors_near("rows", sg_sum(x, SG_SHAPE(2, 1)),
                        leaf_of(context, SG_SHAPE(2, 1), (double[]){7, 70}), 1e-15);
    assert_tensors_near("columns", sg_sum(x, SG_SHAPE(3)),
                        leaf_of(context, SG_SHAPE(3), (double[]){11, 22, 44}), 1e-15);
    assert_tensors_near("all", sum_all(x), leaf_of(context, sg_shape_of(0, NULL), (double[]){77}),
                        1e-15);
    assert_tensors_near("mean", sg_mean(x, SG_SHAPE(1, 3)),
                        leaf_of(context, SG_SHAPE(1, 3), (double[]){5.5, 11, 22}), 1e-15);
    assert_tensors_near("mean of all", sg_mean_all(x),
                        leaf_of(context, sg_shape_of(0, NULL), (double[]){77.0 / 6}), 1e-15);
    assert_tensors_near("squares", sg_sum_product(x, x, SG_SHAPE(2, 1)),
                        leaf_of(context, SG_SHAPE(2, 1), (double[]){21, 2100}), 1e-15);
    assert_tensors_near("stretched", sg_broadcast(sg_sum(x, SG_SHAPE(2, 1)), SG_SHAPE(2, 2, 2)),
                        leaf_of(context, SG_SHAPE(2, 2, 2), (double[]){7, 7, 70, 70, 7, 7, 70, 70}),
                        1e-15);
}

static void test_equal_shapes_cost_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F64, SG_SHAPE(2, 3), 1);
    assert_ptr_equal(sg_sum(x, x->shape), x);
    assert_ptr_equal(sg_broadcast(x, x->shape), x);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *y = random_tensor(context, SG_F64, SG_SHAPE(2, 4), 1);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 1);
    assert_refused(context, sg_sum(x, SG_SHAPE(3, 3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum(x, SG_SHAPE(2)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum(x, SG_SHAPE(1, 2, 3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_mean(x, SG_SHAPE(2, 2)), SG_ERROR_SHAPE);
    assert_refused(context, sg_broadcast(x, SG_SHAPE(3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_broadcast(x, SG_SHAPE(4, 3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_broadcast(x, SG_SHAPE(2, 1)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum_product(x, y, SG_SHAPE(2, 1)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum_product(x, x, SG_SHAPE(3, 1)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum_product(x, x, SG_SHAPE(1, 1, 3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_sum_product(x, single, SG_SHAPE(2, 1)), SG_ERROR_SHAPE);
}

static void test_a_missing_input_gives_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    assert_null(sg_sum(NULL, x->shape));
    assert_null(sum_all(NULL));
    assert_null(sg_mean(NULL, x->shape));
    assert_null(sg_mean_all(NULL));
    assert_null(sg_sum_product(x, NULL, x->shape));
    assert_null(sg_broadcast(NULL, x->shape));
}

/* Sums over nothing are 0; sums of nothing are nothing. */
static void test_empty_tensors_are_fine(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_create(context, SG_F32, SG_SHAPE(0, 3));
    sg_tensor *y = sg_tensor_create(context, SG_F32, SG_SHAPE(3, 0));
    assert_float_equal(sg_tensor_value(sum_all(x), 0), 0, 0);
    assert_float_equal(sg_tensor_value(sg_sum(x, SG_SHAPE(1, 3)), 2), 0, 0);
    assert_float_equal(sg_tensor_value(sg_sum_product(y, y, SG_SHAPE(3, 1)), 2), 0, 0);
    assert_int_equal(sg_tensor_count(sg_sum(y, SG_SHAPE(1, 0))), 0);
    assert_int_equal(sg_tensor_count(sg_sum(x, SG_SHAPE(0, 1))), 0);
    assert_int_equal(sg_tensor_count(sg_broadcast(y, SG_SHAPE(2, 3, 0))), 0);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives_for_every_pattern),
        cmocka_unit_test(test_sums_of_products_that_broadcast),
        cmocka_unit_test(test_sum_and_mean_of_all),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_equal_shapes_cost_nothing),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_a_missing_input_gives_nothing),
        IN_CONTEXT(test_empty_tensors_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
