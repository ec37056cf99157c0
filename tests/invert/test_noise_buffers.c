/* Noise buffers: which they are, draws, the regulariser by its formula, normalisation, restoring.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "invert/noise_buffers.h"
#include "ops/gradient.h"
#include "support/networks.h"
#include "support/tensors.h"

/* A 16x20 buffer, which has a smaller level of 8x10, and one of 3x3, which has none. */
static void make_set(sg_context *context, sg_parameter_set *set)
{
    sg_parameter_set_init(set, context, SG_F64, 3);
    sg_parameter_add(set, "synthesis.b16.conv0", "noise_const", SG_SHAPE(16, 20), false,
                     SG_STANDARD_NORMAL);
    sg_parameter_add(set, "synthesis.b16.conv0", "weight", SG_SHAPE(2, 2), true, SG_ZEROS);
    sg_parameter_add(set, "synthesis.b4.conv1", "noise_const", SG_SHAPE(3, 3), false,
                     SG_STANDARD_NORMAL);
}

/* The regulariser of an image by its definition. */
static double expected_penalty(const double *x, int height, int width)
{
    double right = 0;
    double down = 0;
    for (int i = 0; i < height; i++)
        for (int k = 0; k < width; k++) {
            const double value = x[i * width + k] / (height * width);
            right += value * x[i * width + (k + width - 1) % width];
            down += value * x[(i + height - 1) % height * width + k];
        }
    double sum = right * right + down * down;
    if (height <= 8)
        return sum;
    double smaller[8 * 10];
    for (int i = 0; i < height / 2; i++)
        for (int k = 0; k < width / 2; k++)
            smaller[i * (width / 2) + k] =
                (x[2 * i * width + 2 * k] + x[2 * i * width + 2 * k + 1] +
                 x[(2 * i + 1) * width + 2 * k] + x[(2 * i + 1) * width + 2 * k + 1]) /
                4;
    return sum + expected_penalty(smaller, height / 2, width / 2);
}

static void test_penalty(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_noise_buffers noise;
    make_set(context, &set);
    assert_int_equal(sg_noise_buffers_find(&noise, &set, NULL), SG_OK);
    assert_int_equal(noise.count, 2);
    const size_t scope = sg_scope_open(context);
    double expected = 0;
    for (size_t i = 0; i < 2; i++) {
        const sg_tensor *buffer = noise.buffers[i]->tensor;
        expected += expected_penalty(sg_f64(buffer), (int)buffer->shape.size[0],
                                     (int)buffer->shape.size[1]);
    }
    assert_true(fabs(sg_tensor_value(sg_noise_buffers_penalty(&noise), 0) / expected - 1) < 1e-12);
    sg_scope_close(context, scope, NULL);
    sg_noise_buffers_clear(&noise);
    sg_parameter_set_clear(&set);
}

/* The derivative with respect to one element, against a difference. */
static void test_gradient_of_the_penalty(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_noise_buffers noise;
    make_set(context, &set);
    assert_int_equal(sg_noise_buffers_find(&noise, &set, NULL), SG_OK);
    const size_t scope = sg_scope_open(context);
    const double step = 1e-5;
    sg_tensor *buffer = noise.buffers[0]->tensor;
    sg_tensor *gradient = NULL;
    double values[2];
    sg_tensor_require_gradient(buffer, true);
    sg_gradient(sg_noise_buffers_penalty(&noise), NULL, &buffer, 1, (sg_gradient_options){0},
                &gradient);
    sg_tensor_require_gradient(buffer, false);
    const double start = sg_tensor_value(buffer, 77);
    for (int side = 0; side < 2; side++) {
        sg_tensor_set_value(buffer, 77, start + (side ? step : -step));
        values[side] = sg_tensor_value(sg_noise_buffers_penalty(&noise), 0);
    }
    assert_true(fabs((values[1] - values[0]) / (2 * step) / sg_tensor_value(gradient, 77) - 1) <
                1e-6);
    sg_scope_close(context, scope, NULL);
    sg_noise_buffers_clear(&noise);
    sg_parameter_set_clear(&set);
}

static void test_draws_normalisation_and_restoring(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_noise_buffers noise;
    sg_numpy_random random;
    make_set(context, &set);
    const sg_tensor *buffer = set.items[0].tensor;
    const double original = sg_tensor_value(buffer, 5);
    assert_int_equal(sg_noise_buffers_find(&noise, &set, NULL), SG_OK);
    sg_numpy_random_seed(&random, 0);
    sg_noise_buffers_draw(&noise, &random);
    /* RandomState(0).randn()'s first number. */
    assert_true(fabs(sg_tensor_value(buffer, 0) - 1.764052345967664) < 1e-7);
    sg_tensor_set_value(set.items[0].tensor, 0, 30);
    sg_noise_buffers_normalise(&noise);
    double mean = 0;
    double square = 0;
    for (int64_t i = 0; i < sg_tensor_count(buffer); i++) {
        mean += sg_tensor_value(buffer, i);
        square += pow(sg_tensor_value(buffer, i), 2);
    }
    assert_true(fabs(mean) < 1e-9);
    assert_true(fabs(square / 320 - 1) < 1e-12);
    sg_noise_buffers_swap(&noise);
    assert_true(sg_tensor_value(buffer, 5) == original);
    sg_noise_buffers_clear(&noise);
    sg_parameter_set_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_penalty, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_gradient_of_the_penalty, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_draws_normalisation_and_restoring, context_setup,
                                        context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
