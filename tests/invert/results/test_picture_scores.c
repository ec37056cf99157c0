/* PSNR and SSIM of pictures, also under weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "invert/results/picture_scores.h"

enum { SIDE = 16 };

static sg_image *paint(size_t channels, int offset)
{
    sg_error error = {0};
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(SIDE, SIDE, channels, &image, &error), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(50 + (i * 37) % 101 + (size_t)offset);
    return image;
}

static sg_picture_scores compare(const sg_image *a, const sg_image *b, const float *weights)
{
    sg_error error = {0};
    sg_picture_scores scores;
    if (sg_picture_scores_compute(a, b, weights, NULL, &scores, &error))
        fail_msg("%s", error.message);
    return scores;
}

static void equal_pictures_are_infinitely_near(void **state)
{
    (void)state;
    sg_image *a = paint(3, 0);
    const sg_picture_scores scores = compare(a, a, NULL);
    assert_true(isinf(scores.psnr) && scores.psnr > 0);
    assert_true(fabs(scores.ssim - 1) < 1e-12);
    assert_true(isnan(scores.lpips));
    sg_image_destroy(a);
}

/* A constant offset of 10 levels: the mean square is 100; only the term of means differs from 1. */
static void an_offset_has_the_values_of_the_formulas(void **state)
{
    (void)state;
    sg_image *a = paint(1, 0);
    sg_image *b = paint(1, 10);
    const sg_picture_scores scores = compare(a, b, NULL);
    assert_true(fabs(scores.psnr - 10 * log10(255 * 255 / 100.0)) < 1e-9);
    assert_true(scores.ssim > 0.98 && scores.ssim < 0.999);
    sg_image_destroy(a);
    sg_image_destroy(b);
}

static void pixels_without_weight_do_not_count(void **state)
{
    float weights[SIDE * SIDE];
    (void)state;
    sg_image *a = paint(3, 0);
    sg_image *b = paint(3, 10);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        weights[i] = i % SIDE < SIDE / 2 ? 1 : 0;
    for (size_t i = 0; i < SIDE * SIDE; i++)
        if (weights[i] == 0)
            for (size_t c = 0; c < 3; c++)
                b->pixels[3 * i + c] = 255;
    const sg_picture_scores scores = compare(a, b, weights);
    assert_true(fabs(scores.psnr - 10 * log10(255 * 255 / 100.0)) < 1e-9);
    assert_true(scores.ssim > compare(a, b, NULL).ssim);
    sg_image_destroy(a);
    sg_image_destroy(b);
}

static void other_shapes_are_refused(void **state)
{
    sg_error error = {0};
    sg_picture_scores scores;
    sg_image *a = paint(3, 0);
    sg_image *b = paint(1, 0);
    (void)state;
    assert_int_equal(sg_picture_scores_compute(a, b, NULL, NULL, &scores, &error), SG_ERROR_SHAPE);
    assert_non_null(strstr(error.message, "with 3"));
    sg_image_destroy(a);
    sg_image_destroy(b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_pictures_are_infinitely_near),
        cmocka_unit_test(an_offset_has_the_values_of_the_formulas),
        cmocka_unit_test(pixels_without_weight_do_not_count),
        cmocka_unit_test(other_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
