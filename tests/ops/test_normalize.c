/* Normalisations: derivatives, the moments of what comes out, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/normalize.h"
#include "support/gradient_check.h"
#include "support/stored_values.h"
#include "support/tensors.h"

static sg_tensor *run_second_moment(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_normalize_second_moment(in[0], *(const double *)options);
}

static sg_tensor *run_instance(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_normalize_instance(in[0], *(const double *)options);
}

static sg_tensor *run_batch(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_normalize_over(in[0], SG_SHAPE(1, 1, 1, in[0]->shape.size[3]),
                             *(const double *)options);
}

static sg_tensor *run_layer(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_normalize_over(in[0], SG_SHAPE(in[0]->shape.size[0], 1, 1, 1),
                             *(const double *)options);
}

static void test_derivatives(void **state)
{
    (void)state;
    static const double tiny = 1e-8;
    static const double large = 0.3;
    static const gradient_case cases[] = {
        {"latents", run_second_moment, &tiny, {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 1},
        {"pixels", run_second_moment, &large, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 1, 3)}}, 2},
        {"one channel", run_second_moment, &large, {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 1)}}, 3},
        {"vector", run_second_moment, &tiny, {{GRADIENT_SIGNED, GRADIENT_SHAPE(5)}}, 4},
        {"instance", run_instance, &tiny, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3, 2)}}, 5},
        {"instance, large epsilon",
         run_instance,
         &large,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 1, 2)}},
         6},
        {"instance of one pixel",
         run_instance,
         &large,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 1, 1, 2)}},
         7},
        {"batch", run_batch, &tiny, {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 1, 2, 2)}}, 8},
        {"layer", run_layer, &large, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 1, 3)}}, 9},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* Of StyleGAN's TensorFlow program. */
static void test_official_values(void **state)
{
    sg_context *context = *state;
    sg_safetensors *file = open_golden_values("sg1/ops.safetensors");
    assert_tensors_near(
        "latents",
        sg_normalize_second_moment(stored_tensor(context, SG_F64, file, "pixelnorm.x"), 1e-8),
        stored_tensor(context, SG_F64, file, "pixelnorm.y"), 1e-6);
    assert_tensors_near(
        "instance",
        sg_normalize_instance(stored_picture(context, SG_F64, file, "instnorm.x"), 1e-8),
        stored_picture(context, SG_F64, file, "instnorm.y"), 2e-6);
    sg_safetensors_close(file);
}

static void test_second_moment_is_one(void **state)
{
    sg_context *context = *state;
    sg_tensor *y =
        sg_normalize_second_moment(leaf_of(context, SG_SHAPE(2, 2), (double[]){3, 4, -1, 0}), 0);
    assert_tensors_near(
        "latents", y,
        leaf_of(context, SG_SHAPE(2, 2), (double[]){3 / sqrt(12.5), 4 / sqrt(12.5), -sqrt(2), 0}),
        1e-14);
}

static void test_epsilon_is_within_the_root(void **state)
{
    sg_context *context = *state;
    sg_tensor *y =
        sg_normalize_second_moment(leaf_of(context, SG_SHAPE(1, 2), (double[]){1, 1}), 3);
    assert_tensors_near("latents", y, leaf_of(context, SG_SHAPE(1, 2), (double[]){0.5, 0.5}),
                        1e-14);
    y = sg_normalize_instance(leaf_of(context, SG_SHAPE(1, 2, 1, 1), (double[]){5, 7}), 3);
    assert_tensors_near("instance", y,
                        leaf_of(context, SG_SHAPE(1, 2, 1, 1), (double[]){-0.5, 0.5}), 1e-14);
}

static void test_instances_have_mean_zero_and_variance_one(void **state)
{
    sg_context *context = *state;
    sg_tensor *y =
        sg_normalize_instance(random_tensor(context, SG_F32, SG_SHAPE(2, 4, 5, 3), 1), 1e-8);
    for (int64_t n = 0; n < 2; n++)
        for (int64_t c = 0; c < 3; c++) {
            double sum = 0;
            double squares = 0;
            for (int64_t p = 0; p < 20; p++) {
                double value = sg_tensor_value(y, (n * 20 + p) * 3 + c);
                sum += value;
                squares += value * value;
            }
            assert_true(fabs(sum / 20) < 1e-6);
            assert_true(fabs(squares / 20 - 1) < 1e-5);
        }
}

/* The values that share their moments: a channel of the batch, or a sample. */
static void test_moments_are_over_what_the_shape_leaves_out(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 2, 2), 4);
    for (int by_sample = 0; by_sample < 2; by_sample++) {
        const sg_tensor *y =
            sg_normalize_over(x, by_sample ? SG_SHAPE(3, 1, 1, 1) : SG_SHAPE(1, 1, 1, 2), 0.5);
        double sum[3] = {0};
        double squares[3] = {0};
        const double count = by_sample ? 8 : 12;
        for (int64_t i = 0; i < 24; i++) {
            const int64_t group = by_sample ? i / 8 : i % 2;
            sum[group] += sg_tensor_value(x, i);
            squares[group] += sg_tensor_value(x, i) * sg_tensor_value(x, i);
        }
        for (int64_t i = 0; i < 24; i++) {
            const int64_t group = by_sample ? i / 8 : i % 2;
            const double mean = sum[group] / count;
            const double variance = squares[group] / count - mean * mean;
            assert_true(fabs(sg_tensor_value(y, i) -
                             (sg_tensor_value(x, i) - mean) / sqrt(variance + 0.5)) < 1e-12);
        }
    }
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *matrix = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *number = random_tensor(context, SG_F64, sg_shape_of(0, NULL), 1);
    assert_refused(context, sg_normalize_instance(matrix, 1e-8), SG_ERROR_SHAPE);
    assert_refused(context, sg_normalize_second_moment(number, 1e-8), SG_ERROR_SHAPE);
    assert_refused(context, sg_normalize_over(matrix, SG_SHAPE(4, 1), 1e-8), SG_ERROR_SHAPE);
    assert_null(sg_normalize_over(NULL, SG_SHAPE(1), 1e-8));
    assert_null(sg_normalize_instance(NULL, 1e-8));
    assert_null(sg_normalize_second_moment(NULL, 1e-8));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_official_values),
        IN_CONTEXT(test_second_moment_is_one),
        IN_CONTEXT(test_epsilon_is_within_the_root),
        IN_CONTEXT(test_instances_have_mean_zero_and_variance_one),
        IN_CONTEXT(test_moments_are_over_what_the_shape_leaves_out),
        IN_CONTEXT(test_unfit_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
