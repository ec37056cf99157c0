/* Cubic splines against the values of SciPy 1.10, and their smoothness. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "latent/spline.h"

enum { WIDTH = 3, MOST_KEYS = 5 };

static const float keys[MOST_KEYS * WIDTH] = {1, 0, 2, -3, 1,    1,      0, -2,
                                              4, 2, 2, -1, 0.5F, -1.25F, 3};

/* Values of a spline through the first keys at three places. */
typedef struct spline_case {
    size_t count;
    bool closed;
    double at[3];
    double expected[3][WIDTH];
} spline_case;

/*
 * Open: CubicSpline(arange(n), keys[:n])(at). Closed: interp1d(arange(-2 * n, 3 * n),
 * tile(keys[:n], (5, 1)), kind="cubic", axis=0)(at), as in gen_video.py.
 */
static const spline_case cases[] = {
    {2, false, {0.25, 0.5, 0.9}, {{0, 0.25, 1.75}, {-1, 0.5, 1.5}, {-2.6, 0.9, 1.1}}},
    {3, false, {0.25, 1.5, 1.9}, {{-0.65625, 0.625, 1.375}, {-2.375, 0, 2}, {-0.615, -1.52, 3.52}}},
    {4,
     false,
     {0.25, 2.5, 2.9},
     {{-1.09375, 1.2265625, 0.71875}, {1.625, -1.5625, 3.25}, {2.073, 0.9715, 0.202}}},
    {5,
     false,
     {0.25, 3.5, 3.9},
     {{-1.16894531, 1.57177734, 0.322265625},
      {1.7578125, 2.56640625, -1.640625},
      {0.8395625, -0.01271875, 1.503875}}},
    {2,
     true,
     {0.25, 0.5, 1.75},
     {{0.368902439, 0.15777439, 1.84222561},
      {-1, 0.5, 1.5},
      {0.326219512, 0.168445122, 1.83155488}}},
    {3,
     true,
     {0.25, 1.5, 2.75},
     {{-0.000364313472, 0.672083179, 1.32791682},
      {-2.12532383, -0.624814952, 2.62481495},
      {1.45470369, -0.78215211, 2.78215211}}},
    {5,
     true,
     {0.25, 3.5, 4.75},
     {{0.106531735, 0.686791697, 1.29403196},
      {1.16477368, 0.792617144, 0.454541322},
      {1.24786605, -0.722669036, 2.73154915}}},
};

static double *slopes_of(size_t count, bool closed)
{
    double *slopes = NULL;
    sg_error error = {0};
    assert_int_equal(sg_spline_slopes(keys, count, WIDTH, closed, &slopes, &error), SG_OK);
    return slopes;
}

static void splines_equal_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const spline_case *one = &cases[i];
        double *slopes = slopes_of(one->count, one->closed);
        for (size_t k = 0; k < 3; k++) {
            const size_t from = (size_t)one->at[k];
            const size_t to = (from + 1) % one->count;
            float point[WIDTH];
            sg_spline_point(keys + from * WIDTH, slopes + from * WIDTH, keys + to * WIDTH,
                            slopes + (from + 1) * WIDTH, WIDTH, one->at[k] - (double)from, point);
            for (size_t j = 0; j < WIDTH; j++)
                if (!(fabs((double)point[j] - one->expected[k][j]) < 1e-6))
                    fail_msg("case %zu at %g: %.9g, not %.9g", i, one->at[k], (double)point[j],
                             one->expected[k][j]);
        }
        free(slopes);
    }
}

/* The first and second derivative at the end of one stretch must be those of the next. */
static void assert_smooth_at(const double *slopes, size_t before, size_t key, size_t after,
                             size_t slope, double tolerance)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double in = keys[key * WIDTH + k] - (double)keys[before * WIDTH + k];
        const double out = keys[after * WIDTH + k] - (double)keys[key * WIDTH + k];
        const double s = slopes[slope * WIDTH + k];
        const double left = -6 * in + 2 * slopes[(slope - 1) * WIDTH + k] + 4 * s;
        const double right = 6 * out - 4 * s - 2 * slopes[(slope + 1) * WIDTH + k];
        assert_true(fabs(left - right) < tolerance);
    }
}

static void splines_bend_evenly_at_every_key(void **state)
{
    (void)state;
    double *slopes = slopes_of(5, false);
    for (size_t i = 1; i < 4; i++)
        assert_smooth_at(slopes, i - 1, i, i + 1, i, 1e-9);
    free(slopes);
    slopes = slopes_of(5, true);
    for (size_t i = 1; i < 5; i++)
        assert_smooth_at(slopes, i - 1, i, (i + 1) % 5, i, 1e-9);
    /* Around the end of the loop, where the first direction is nearly the last. */
    for (size_t k = 0; k < WIDTH; k++)
        assert_true(fabs(slopes[k] - slopes[5 * WIDTH + k]) < 1e-3);
    free(slopes);
}

static void keys_on_a_line_stay_on_it(void **state)
{
    (void)state;
    const float line[] = {1, 3, 5, 7, 9, 11};
    double *slopes = NULL;
    sg_error error = {0};
    assert_int_equal(sg_spline_slopes(line, 6, 1, false, &slopes, &error), SG_OK);
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(slopes[i] - 2) < 1e-12);
    free(slopes);
}

static void one_key_has_no_direction(void **state)
{
    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        double *slopes = slopes_of(1, closed);
        for (size_t k = 0; k < (closed ? 2 : 1) * WIDTH; k++)
            assert_true(slopes[k] == 0);
        free(slopes);
    }
}

static void too_many_keys_are_a_failure(void **state)
{
    (void)state;
    double *slopes = NULL;
    sg_error error = {0};
    assert_int_equal(sg_spline_slopes(keys, SIZE_MAX / 4, WIDTH, true, &slopes, &error),
                     SG_ERROR_MEMORY);
    assert_null(slopes);
    sg_error_clear(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splines_equal_scipys),
        cmocka_unit_test(splines_bend_evenly_at_every_key),
        cmocka_unit_test(keys_on_a_line_stay_on_it),
        cmocka_unit_test(one_key_has_no_direction),
        cmocka_unit_test(too_many_keys_are_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
