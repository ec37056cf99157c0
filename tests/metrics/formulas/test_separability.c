/* Linear separability of latents that are separable, partly and not at all. */
#include "metrics/formulas/separability.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "support/near.h"

/* The surest samples come first, earlier ones among equals; 0.5 is left out. */
static void test_the_surest_are_kept(void **state)
{
    (void)state;
    static const double latents[] = {1, 2, -3, 4, -5};
    static const float logits[] = {-1, 9, -2, 9, 9, 9, 0.5F, 9, 2, 9};
    static const size_t expected[] = {1, 4, 0, 2};
    const sg_separable samples = {5, 1, latents, logits, 2};
    sg_separation found;
    sg_error error = {0};
    if (sg_separate(&samples, 3, &found, &error))
        fail_msg("%s", error.message);
    (void)expected;
    assert_int_equal(found.kept, 3);
    assert_int_equal(found.index[0], 2);
    assert_int_equal(found.index[1], 1);
    assert_int_equal(found.index[2], 4);
    assert_int_equal(found.targets[0], 0);
    assert_int_equal(found.targets[1], 1);
    sg_separation_clear(&found);
}

/*
 * Points -1, 1 (targets 0, 1): w minimises (w^2 + b^2) / 2 + 2 max(0, 1 - w)^2 with b = 0, so that
 * w = 4 (1 - w).
 */
static void test_optimum_by_hand(void **state)
{
    (void)state;
    static const double latents[] = {-1, 1};
    static const float logits[] = {3, -3};
    const sg_separable samples = {2, 1, latents, logits, 1};
    sg_separation found;
    sg_error error = {0};
    if (sg_separate(&samples, 2, &found, &error))
        fail_msg("%s", error.message);
    ASSERT_NEAR(found.weights[0], 0.8, 1e-14);
    assert_true(fabs(found.weights[1]) < 1e-14);
    ASSERT_NEAR(found.objective, 0.32 + 0.08, 1e-14);
    assert_true(found.entropy == 0);
    assert_true(found.table[0][0] == 0.5 && found.table[1][1] == 0.5);
    sg_separation_clear(&found);
}

/* All latents equal: half of the targets remain unknown, 1 bit. */
static void test_nothing_to_tell_by(void **state)
{
    (void)state;
    static const double latents[] = {0, 0, 0, 0};
    static const float logits[] = {3, -3, 2, -2};
    const sg_separable samples = {4, 1, latents, logits, 1};
    sg_separation found;
    assert_int_equal(sg_separate(&samples, 4, &found, NULL), SG_OK);
    ASSERT_NEAR(found.entropy, 1, 1e-14);
    const double entropies[] = {found.entropy, 0.5};
    ASSERT_NEAR(sg_separability(entropies, 2), exp2(1.5), 1e-14);
    sg_separation_clear(&found);
}

/* The gradient at the optimum is zero, of samples that overlap; all of one class are no trouble. */
static void test_gradient_is_zero(void **state)
{
    (void)state;
    enum { COUNT = 400, FEATURES = 12 };
    float noise[COUNT * FEATURES];
    double latents[COUNT * FEATURES];
    float logits[2 * COUNT];
    sg_random random = sg_random_stream(3, 1);
    sg_random_normal_fill(&random, noise, COUNT * FEATURES);
    for (int i = 0; i < COUNT * FEATURES; i++)
        latents[i] = (double)noise[i];
    for (int i = 0; i < COUNT; i++) {
        logits[2 * i] = noise[i * FEATURES] + noise[(i * 7 + 5) % (COUNT * FEATURES)];
        logits[2 * i + 1] = 1 + fabsf(noise[i]);
    }
    for (int attribute = 0; attribute < 2; attribute++) {
        const sg_separable samples = {COUNT, FEATURES, latents, logits + attribute, 2};
        sg_separation found;
        double gradient[FEATURES + 1];
        assert_int_equal(sg_separate(&samples, COUNT / 2, &found, NULL), SG_OK);
        for (int k = 0; k <= FEATURES; k++)
            gradient[k] = found.weights[k];
        for (size_t i = 0; i < found.kept; i++) {
            const double *row = latents + found.index[i] * FEATURES;
            const double sign = found.targets[i] ? 1 : -1;
            double output = found.weights[FEATURES];
            for (int k = 0; k < FEATURES; k++)
                output += found.weights[k] * row[k];
            const double slope = -2 * sign * fmax(0, 1 - sign * output);
            for (int k = 0; k <= FEATURES; k++)
                gradient[k] += slope * (k < FEATURES ? row[k] : 1);
        }
        for (int k = 0; k <= FEATURES; k++)
            if (!(fabs(gradient[k]) < 1e-11))
                fail_msg("attribute %d: gradient %d is %g", attribute, k, gradient[k]);
        sg_separation_clear(&found);
    }
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const double latents[] = {0, NAN};
    static const float logits[] = {3, NAN};
    sg_separation found;
    sg_error error = {0};
    sg_separable samples = {2, 1, latents, logits, 1};
    assert_int_equal(sg_separate(&samples, 3, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "3 samples are to be kept, but there are 2");
    error = (sg_error){0};
    assert_int_equal(sg_separate(&samples, 2, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "latents are not finite");
    error = (sg_error){0};
    samples.features = 0;
    assert_int_equal(sg_separate(&samples, 2, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "logits of pictures are not numbers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_surest_are_kept), cmocka_unit_test(test_optimum_by_hand),
        cmocka_unit_test(test_nothing_to_tell_by),  cmocka_unit_test(test_gradient_is_zero),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
