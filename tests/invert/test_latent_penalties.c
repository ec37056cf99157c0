/* Penalties of w: values by hand, whitening of samples, gradients against differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <math.h>

#include "base/random.h"
#include "invert/latent_penalties.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

enum { DIM = 3, SAMPLES = 400 };

static sg_latent_penalties make(sg_context *context)
{
    static const double mean[DIM] = {1, 0, -1};
    double samples[SAMPLES * DIM];
    sg_latent_penalties penalties = {0};
    sg_random random = sg_random_stream(1, 0);
    for (int i = 0; i < SAMPLES; i++) {
        const double a = sg_random_uniform(&random);
        const double b = sg_random_uniform(&random);
        samples[i * DIM] = a - 0.5;
        samples[i * DIM + 1] = a + 0.1 * b;
        samples[i * DIM + 2] = 3 * b - 2 * a;
    }
    assert_int_equal(sg_latent_penalties_make(&penalties, context, SG_F64, mean, DIM, 2, NULL),
                     SG_OK);
    assert_int_equal(sg_latent_penalties_whiten(&penalties, samples, SAMPLES, NULL), SG_OK);
    return penalties;
}

static void test_values(void **state)
{
    sg_context *context = *state;
    const size_t scope = sg_scope_open(context);
    sg_latent_penalties penalties = make(context);
    static const double numbers[2 * DIM] = {1, 2, -1, 1, 0, 3};
    sg_tensor *w = leaf_of(context, SG_SHAPE(1, 2, DIM), numbers);
    /* Squared distances 4 and 16, halved, over a squared spread of 4; rows differ by (0, -2, 4). */
    assert_true(fabs(sg_tensor_value(sg_penalty_of_distance(&penalties, w), 0) - 2.5) < 1e-12);
    assert_true(fabs(sg_tensor_value(sg_penalty_of_delta(w, INT_MAX), 0) - sqrt(20)) < 1e-6);
    sg_tensor_require_gradient(w, false);
    sg_latent_penalties_clear(&penalties);
    sg_scope_close(context, scope, NULL);
}

/* The mean over the samples themselves is 1, whatever their covariance. */
static void test_samples_are_white(void **state)
{
    sg_context *context = *state;
    const size_t scope = sg_scope_open(context);
    sg_latent_penalties penalties = make(context);
    sg_random random = sg_random_stream(1, 0);
    sg_tensor *w = sg_tensor_create(context, SG_F64, SG_SHAPE(1, SAMPLES, DIM));
    for (int i = 0; i < SAMPLES; i++) {
        const double a = sg_random_uniform(&random);
        const double b = sg_random_uniform(&random);
        sg_tensor_set_value(w, i * DIM, a - 0.5);
        sg_tensor_set_value(w, i * DIM + 1, a + 0.1 * b);
        sg_tensor_set_value(w, i * DIM + 2, 3 * b - 2 * a);
    }
    const double value = sg_tensor_value(sg_penalty_of_mahalanobis(&penalties, w), 0);
    assert_true(fabs(value - 1) < 1e-3);
    sg_latent_penalties_clear(&penalties);
    sg_scope_close(context, scope, NULL);
}

static sg_tensor *all_penalties(sg_context *context, sg_tensor *const *in, const void *options)
{
    sg_latent_penalties penalties = make(context);
    const int which = *(const int *)options;
    sg_tensor *result = which == 0   ? sg_penalty_of_distance(&penalties, in[0])
                        : which == 1 ? sg_penalty_of_delta(in[0], INT_MAX)
                                     : sg_penalty_of_mahalanobis(&penalties, in[0]);
    sg_latent_penalties_clear(&penalties);
    return result;
}

static void test_gradients(void **state)
{
    (void)state;
    static const int which[] = {0, 1, 2};
    static const char *const names[] = {"distance", "delta", "mahalanobis"};
    for (int i = 0; i < 3; i++) {
        const gradient_case tested = {.name = names[i],
                                      .function = all_penalties,
                                      .options = &which[i],
                                      .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 4, DIM)}},
                                      .seed = 5};
        assert_gradients_right(&tested);
    }
}

/* Rows that are equal, as at the start, have a gradient of zeros. */
static void test_delta_of_equal_rows(void **state)
{
    sg_context *context = *state;
    const size_t scope = sg_scope_open(context);
    sg_tensor *w = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 4, DIM), 0.5);
    assert_true(sg_tensor_value(sg_penalty_of_delta(w, INT_MAX), 0) < 1e-5);
    sg_scope_close(context, scope, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_samples_are_white, context_setup, context_teardown),
        cmocka_unit_test(test_gradients),
        cmocka_unit_test_setup_teardown(test_delta_of_equal_rows, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
