/* Multi-scale similarity: equal pictures, constants, what is monotone, and odd sizes. */
#include "metrics/formulas/ms_ssim.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/random.h"
#include "support/near.h"

enum { HEIGHT = 37, WIDTH = 50, VALUES = 3 * HEIGHT * WIDTH };

static void draw(float *values, uint64_t number)
{
    sg_random random = sg_random_stream(2, number);
    for (int i = 0; i < VALUES; i++)
        values[i] = (float)sg_random_below(&random, 256);
}

static sg_ms_ssim_result compare(const float *a, const float *b, size_t channels)
{
    const sg_picture_pair pair = {channels, HEIGHT, WIDTH, a, b};
    sg_ms_ssim_result result;
    assert_int_equal(sg_ms_ssim(&pair, sg_ms_ssim_weights, &result, NULL), SG_OK);
    return result;
}

static void test_equal_pictures(void **state)
{
    (void)state;
    float a[VALUES];
    draw(a, 1);
    const sg_ms_ssim_result found = compare(a, a, 3);
    for (int i = 0; i < SG_SSIM_LEVELS; i++) {
        ASSERT_NEAR(found.ssim[i], 1, 1e-12);
        ASSERT_NEAR(found.contrast[i], 1, 1e-12);
    }
    ASSERT_NEAR(found.value, 1, 1e-12);
}

/* Constants differ in luminance alone, which counts at the last level. */
static void test_constants(void **state)
{
    (void)state;
    float a[VALUES];
    float b[VALUES];
    for (int i = 0; i < VALUES; i++) {
        a[i] = 100;
        b[i] = 200;
    }
    const double c1 = 2.55 * 2.55;
    const double luminance = (2 * 100 * 200 + c1) / (100 * 100 + 200 * 200 + c1);
    const sg_ms_ssim_result found = compare(a, b, 3);
    for (int i = 0; i < SG_SSIM_LEVELS; i++) {
        ASSERT_NEAR(found.ssim[i], luminance, 1e-9);
        ASSERT_NEAR(found.contrast[i], 1, 1e-9);
    }
    ASSERT_NEAR(found.value, pow(luminance, sg_ms_ssim_weights[4]), 1e-9);
}

/* Inverted pictures have negative contrast, which is cut off at 0. */
static void test_opposites(void **state)
{
    (void)state;
    float a[VALUES];
    float b[VALUES];
    draw(a, 1);
    for (int i = 0; i < VALUES; i++)
        b[i] = 255 - a[i];
    const sg_ms_ssim_result found = compare(a, b, 3);
    assert_true(found.contrast[0] < -0.9);
    assert_true(found.value == 0);
}

static void test_noise_makes_unlike(void **state)
{
    (void)state;
    float a[VALUES];
    float noise[VALUES];
    float b[VALUES];
    double before = 1;
    draw(a, 1);
    draw(noise, 2);
    for (int strength = 1; strength < 4; strength++) {
        for (int i = 0; i < VALUES; i++)
            b[i] = a[i] + (float)strength / 8 * (noise[i] - 127);
        const double value = compare(a, b, 3).value;
        assert_true(value < before - 0.001);
        before = value;
    }
}

/* Three equal channels are one; the number of threads does not matter. */
static void test_grey(void **state)
{
    (void)state;
    float a[VALUES];
    float b[VALUES];
    draw(a, 1);
    for (int i = 0; i < VALUES; i++) {
        a[i] = a[i % (HEIGHT * WIDTH)];
        b[i] = a[i] / 2 + (float)(i % 7);
    }
    for (int i = 0; i < VALUES; i++)
        b[i] = b[i % (HEIGHT * WIDTH)];
    sg_set_thread_count(1);
    const double one = compare(a, b, 1).value;
    sg_set_thread_count(3);
    ASSERT_NEAR(compare(a, b, 3).value, one, 1e-13);
    assert_true(compare(a, b, 1).value == one);
}

/* Level 1 of 37x50 pixels is 19x25: the last row and column count twice. */
static void test_a_half_of_odd_size(void **state)
{
    (void)state;
    float a[VALUES] = {0};
    float b[VALUES] = {0};
    for (int x = 0; x < WIDTH; x++)
        b[(HEIGHT - 1) * WIDTH + x] = 200;
    const sg_picture_pair whole = {1, HEIGHT, WIDTH, a, b};
    float half_a[19 * 25] = {0};
    float half_b[19 * 25] = {0};
    for (int x = 0; x < 25; x++)
        half_b[18 * 25 + x] = 200;
    const sg_picture_pair half = {1, 19, 25, half_a, half_b};
    sg_ms_ssim_result of_whole;
    sg_ms_ssim_result of_half;
    assert_int_equal(sg_ms_ssim(&whole, sg_ms_ssim_weights, &of_whole, NULL), SG_OK);
    assert_int_equal(sg_ms_ssim(&half, sg_ms_ssim_weights, &of_half, NULL), SG_OK);
    for (int i = 1; i < SG_SSIM_LEVELS; i++)
        ASSERT_NEAR(of_whole.ssim[i], of_half.ssim[i - 1], 1e-13);
}

static void test_no_pixels(void **state)
{
    (void)state;
    const sg_picture_pair pair = {3, 0, 4, NULL, NULL};
    sg_ms_ssim_result result;
    sg_error error = {0};
    assert_int_equal(sg_ms_ssim(&pair, sg_ms_ssim_weights, &result, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "pictures of 4x0 pixels with 3 channels cannot be compared");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_pictures), cmocka_unit_test(test_constants),
        cmocka_unit_test(test_opposites),      cmocka_unit_test(test_noise_makes_unlike),
        cmocka_unit_test(test_grey),           cmocka_unit_test(test_a_half_of_odd_size),
        cmocka_unit_test(test_no_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
