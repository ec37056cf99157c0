/* Laplacian pyramids: constants, a point by hand, and sizes. */
#include "metrics/formulas/laplacian.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/near.h"

enum { SIDE = 32, ALL = SIDE * SIDE + SIDE * SIDE / 4 };

static void compute(const float *plane, float *pyramid)
{
    sg_laplacian_shape shape;
    double scratch[4 * SIDE * SIDE];
    assert_int_equal(sg_laplacian_find(SIDE, SIDE, &shape, NULL), SG_OK);
    assert_int_equal(sg_laplacian_pixels(&shape), ALL);
    sg_laplacian_compute(&shape, plane, scratch, pyramid);
}

static void test_constants_are_in_the_last_level(void **state)
{
    (void)state;
    float plane[SIDE * SIDE];
    float pyramid[ALL];
    for (int i = 0; i < SIDE * SIDE; i++)
        plane[i] = 7;
    compute(plane, pyramid);
    for (int i = 0; i < ALL; i++)
        assert_true(pyramid[i] == (i < SIDE * SIDE ? 0 : 7));
}

/*
 * A point of 256 at (0, 2), where mirrored edges show: the half has 6 * 6 at (0, 1), 1 * 6 beside
 * it along the row, and along columns the point's row counts once: (6, 1) of (0, 1).
 */
static void test_a_point(void **state)
{
    (void)state;
    float plane[SIDE * SIDE] = {0};
    float pyramid[ALL];
    plane[2] = 256;
    compute(plane, pyramid);
    const float *half = pyramid + SIDE * SIDE;
    assert_true(half[1] == 36);
    assert_true(half[0] == 2 * 1 * 6); /* the point, and its mirror image left of the edge */
    assert_true(half[2] == 6);
    assert_true(half[16 + 1] == 6 && half[16 + 2] == 1);
    /* 4 * the filter at the half's points around (0, 2): along each axis 6 at the point, 1 beside
       it; rows above the edge mirror the one below */
    const double across = 12 * 1 + 36 * 6 + 6 * 1;
    const double below = 2 * 1 + 6 * 6 + 1 * 1;
    ASSERT_NEAR((double)pyramid[2], 256 - (across * 6 + 2 * below) / 64, 1e-6);
}

static void test_sizes(void **state)
{
    (void)state;
    sg_laplacian_shape shape;
    sg_error error = {0};
    assert_int_equal(sg_laplacian_find(256, 128, &shape, NULL), SG_OK);
    assert_int_equal(shape.levels, 4);
    assert_int_equal(shape.height[3], 32);
    assert_int_equal(shape.width[3], 16);
    /* 36 halves to 18, which has no half of 16 pixels */
    assert_int_equal(sg_laplacian_find(36, 36, &shape, NULL), SG_OK);
    assert_int_equal(shape.levels, 2);
    assert_int_equal(sg_laplacian_find(31, 64, &shape, NULL), SG_OK);
    assert_int_equal(shape.levels, 1);
    assert_int_equal(sg_laplacian_find(16, 15, &shape, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "pictures have 15x16 pixels, but must have at least 16x16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants_are_in_the_last_level),
        cmocka_unit_test(test_a_point),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
