/* Resizing of float planes: values worked out by hand for each rule, and what must always hold. */
#include "image/resize_planes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Resizes one row and one column of the same values, and compares. */
static void check(size_t count, const float *values, sg_resize_filter filter, size_t target,
                  const float *expected)
{
    float resized[16];
    for (int along_rows = 0; along_rows < 2; along_rows++) {
        const sg_planes planes = {1, along_rows ? 1 : count, along_rows ? count : 1, values};
        assert_int_equal(sg_resize_planes(&planes, filter, along_rows ? 1 : target,
                                          along_rows ? target : 1, resized, NULL),
                         SG_OK);
        for (size_t i = 0; i < target; i++)
            if (fabsf(resized[i] - expected[i]) > 1e-5F * fabsf(expected[i]))
                fail_msg("filter %d, %zu to %zu: value %zu is %.9g, expected %.9g", filter, count,
                         target, i, (double)resized[i], (double)expected[i]);
    }
}

#define ROW(...) ((const float[]){__VA_ARGS__})

/* Places 0, 2/3, 4/3 of two pixels; places 0, 1.5 of three. */
static void test_legacy(void **state)
{
    (void)state;
    check(2, ROW(30, 90), SG_RESIZE_LEGACY, 3, ROW(30, 70, 90));
    check(3, ROW(10, 20, 40), SG_RESIZE_LEGACY, 2, ROW(10, 30));
}

/* Places -1/6 (clamped), 1/2, 7/6 (clamped) of two pixels; places 1/4, 7/4 of three. */
static void test_halfpixel(void **state)
{
    (void)state;
    check(2, ROW(30, 90), SG_RESIZE_HALFPIXEL, 3, ROW(30, 60, 90));
    check(3, ROW(10, 20, 40), SG_RESIZE_HALFPIXEL, 2, ROW(12.5F, 35));
    /* without antialiasing, eight to two takes pixels 1 and 2, then 5 and 6 */
    check(8, ROW(0, 4, 8, 0, 0, 1, 2, 0), SG_RESIZE_HALFPIXEL, 2, ROW(6, 1.5F));
}

/* Cells 0..1, 1..2 of three pixels; of two to three: 0, 0..1, 1. */
static void test_cell(void **state)
{
    (void)state;
    check(3, ROW(10, 20, 40), SG_RESIZE_CELL, 2, ROW(15, 30));
    check(2, ROW(30, 90), SG_RESIZE_CELL, 3, ROW(30, 60, 90));
    check(4, ROW(1, 2, 3, 9), SG_RESIZE_CELL, 2, ROW(1.5F, 6));
}

/*
 * Two to four: the cubic at distances 1/4, 3/4 and 5/4 of a pixel is 0.8671875, 0.2265625 and
 * -0.0703125; weights of missing pixels are shared out.
 */
static void test_cubic_keeps_what_overshoots(void **state)
{
    (void)state;
    const float inner = 255 * (0.2265625F / (0.8671875F + 0.2265625F));
    const float outer = 255 * (-0.0703125F / (0.8671875F - 0.0703125F));
    check(2, ROW(0, 255), SG_RESIZE_BICUBIC, 4, ROW(outer, inner, 255 - inner, 255 - outer));
}

static void test_planes_are_apart(void **state)
{
    (void)state;
    const float values[] = {1, 2, 3, 4, 50, 60, 70, 80};
    const sg_planes planes = {2, 2, 2, values};
    float resized[2];
    assert_int_equal(sg_resize_planes(&planes, SG_RESIZE_CELL, 1, 1, resized, NULL), SG_OK);
    assert_true(resized[0] == 2.5F && resized[1] == 65);
}

static void test_same_size_is_a_copy(void **state)
{
    (void)state;
    const float values[] = {1.5F, 255, -3, 4, 5, 6};
    const sg_planes planes = {1, 2, 3, values};
    for (int filter = 0; filter <= SG_RESIZE_CELL; filter++) {
        float resized[6];
        assert_int_equal(sg_resize_planes(&planes, (sg_resize_filter)filter, 2, 3, resized, NULL),
                         SG_OK);
        for (int i = 0; i < 6; i++)
            if (fabsf(resized[i] - values[i]) > 1e-5F)
                fail_msg("filter %d: value %d is %g", filter, i, (double)resized[i]);
    }
}

static void test_clip(void **state)
{
    (void)state;
    float values[] = {-1, 0, 12.25F, 255, 256, NAN};
    sg_clip_values(values, 6, 0, 255);
    const float expected[] = {0, 0, 12.25F, 255, 255, 0};
    assert_memory_equal(values, expected, sizeof values);
}

static void test_no_pixels(void **state)
{
    (void)state;
    const float value = 1;
    float resized = 0;
    sg_error error = {0};
    const sg_planes planes = {1, 1, 1, &value};
    assert_int_equal(sg_resize_planes(&planes, SG_RESIZE_LEGACY, 0, 4, &resized, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a picture of 1x1 pixels cannot be resized to 4x0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legacy),
        cmocka_unit_test(test_halfpixel),
        cmocka_unit_test(test_cell),
        cmocka_unit_test(test_cubic_keeps_what_overshoots),
        cmocka_unit_test(test_planes_are_apart),
        cmocka_unit_test(test_same_size_is_a_copy),
        cmocka_unit_test(test_clip),
        cmocka_unit_test(test_no_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
