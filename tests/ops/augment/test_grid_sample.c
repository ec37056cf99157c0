/* Bilinear sampling: values at known points, zeros outside, the adjoint, derivatives, refusals. */
#include "ops/augment/grid_sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/reduce.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *maps_of(sg_context *context, int64_t samples, const double *values)
{
    sg_tensor *maps = sg_tensor_create(context, SG_F64, SG_SHAPE(samples, 2, 3));
    memcpy(sg_f64(maps), values, (size_t)samples * 6 * sizeof(double));
    return maps;
}

/* The picture 1 2 / 3 4, sampled between and beyond its pixels. */
static void test_values_between_and_beyond_pixels(void **state)
{
    sg_context *context = *state;
    static const double picture[] = {1, 2, 3, 4};
    static const double map[] = {0.5, 0, -0.5, 0, 0.5, 0};
    /* Columns -0.5, 0, 0.5, 1, 1.5, 2 of rows 0, 0.5. */
    static const double expected[] = {0.5, 1, 1.5, 2, 1, 0, 1, 2, 2.5, 3, 1.5, 0};
    sg_tensor *x = leaf_of(context, SG_SHAPE(1, 2, 2, 1), picture);
    sg_tensor *y = sg_grid_sample(x, maps_of(context, 1, map), 2, 6);
    assert_tensors_near("grid_sample", y, leaf_of(context, SG_SHAPE(1, 2, 6, 1), expected), 1e-14);
}

/* Points that are far outside, or no numbers, are zero and touch nothing. */
static void test_points_far_outside_are_zero(void **state)
{
    sg_context *context = *state;
    static const double maps[] = {1e300, 0, 5, 0, 1e300, -7, (double)NAN, 0, 0, 0, (double)NAN, 0};
    sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(2, 3, 3, 2), 1);
    sg_tensor *zeros = sg_tensor_full(context, SG_F32, x->shape, 0);
    sg_tensor *grid = maps_of(context, 2, maps);
    assert_tensors_near("outside", sg_grid_sample(x, grid, 3, 3), zeros, 0);
    assert_tensors_near("adjoint", sg_grid_scatter(x, grid, 3, 3), zeros, 0);
}

/* <A x, y> = <x, A' y>, in both types. */
static void test_scatter_is_the_adjoint(void **state)
{
    sg_context *context = *state;
    static const double maps[] = {0.7, 0.4, -1.2, -0.3, 0.8, 1.1, -1.3, 0.2, 5, 0.1, 0.6, 0.3};
    const sg_dtype dtypes[] = {SG_F64, SG_F32};
    for (int i = 0; i < 2; i++) {
        sg_tensor *grid = maps_of(context, 2, maps);
        sg_tensor *x = random_tensor(context, dtypes[i], SG_SHAPE(2, 5, 4, 3), 2);
        sg_tensor *y = random_tensor(context, dtypes[i], SG_SHAPE(2, 7, 6, 3), 3);
        const sg_shape scalar = sg_shape_of(0, NULL);
        const double there =
            sg_tensor_value(sg_sum_product(sg_grid_sample(x, grid, 7, 6), y, scalar), 0);
        const double back =
            sg_tensor_value(sg_sum_product(x, sg_grid_scatter(y, grid, 5, 4), scalar), 0);
        assert_true(fabs(there - back) < (dtypes[i] == SG_F64 ? 1e-13 : 1e-5));
    }
}

static sg_tensor *sample_squared(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    sg_tensor *y = sg_grid_sample(in[0], in[1], 4, 5);
    (void)options;
    return sg_sum_product(y, y, SG_SHAPE(1, 4, 5, 2));
}

static void test_derivatives(void **state)
{
    (void)state;
    assert_gradients_right(
        &(gradient_case){.name = "sampled and squared",
                         .function = sample_squared,
                         .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 4, 2)},
                                    {GRADIENT_CONSTANT, GRADIENT_SHAPE(2, 2, 3)}},
                         .seed = 11});
}

static void test_refuses_other_maps(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(2, 3, 3, 2), 1);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(2, 2, 3), 1);
    sg_tensor *few = random_tensor(context, SG_F64, SG_SHAPE(1, 2, 3), 1);
    assert_refused(context, sg_grid_sample(x, single, 3, 3), SG_ERROR_SHAPE);
    assert_refused(context, sg_grid_sample(x, few, 3, 3), SG_ERROR_SHAPE);
    assert_null(sg_grid_scatter(NULL, few, 3, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values_between_and_beyond_pixels, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_points_far_outside_are_zero, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_scatter_is_the_adjoint, context_setup,
                                        context_teardown),
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test_setup_teardown(test_refuses_other_maps, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
