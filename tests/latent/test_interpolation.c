/* Paths through vectors: ends, lengths and angles, smoothness, loops, and hard cases. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latent/interpolation.h"

enum { WIDTH = 3 };

static void assert_vector(const float *found, const float *expected, size_t width, double tolerance)
{
    for (size_t i = 0; i < width; i++)
        if (!(fabs((double)found[i] - expected[i]) <= tolerance))
            fail_msg("number %zu is %.9g, not %.9g", i, (double)found[i], (double)expected[i]);
}

static double dot(const float *a, const float *b)
{
    double sum = 0;
    for (size_t i = 0; i < WIDTH; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

static void straight_lines_are_divided_evenly(void **state)
{
    (void)state;
    const float a[] = {0, -2, 8};
    const float b[] = {4, 2, 8};
    float point[WIDTH];
    sg_interpolate_linear(a, b, WIDTH, 0.25, point);
    assert_vector(point, (float[]){1, -1, 8}, WIDTH, 0);
    sg_interpolate_linear(a, b, WIDTH, 1, point);
    assert_vector(point, b, WIDTH, 0);
    memcpy(point, a, sizeof point);
    sg_interpolate_linear(point, b, WIDTH, 0.5, point);
    assert_vector(point, (float[]){2, 0, 8}, WIDTH, 0);
}

static void right_angles_are_divided_evenly(void **state)
{
    (void)state;
    const float a[] = {1, 0, 0};
    const float b[] = {0, 0, 1};
    float point[WIDTH];
    sg_interpolate_spherical(a, b, WIDTH, 1.0 / 3, point);
    assert_vector(point, (float[]){sqrtf(0.75F), 0, 0.5F}, WIDTH, 1e-6);
    sg_interpolate_spherical(a, b, WIDTH, 0, point);
    assert_vector(point, a, WIDTH, 1e-7);
    sg_interpolate_spherical(a, b, WIDTH, 1, point);
    assert_vector(point, b, WIDTH, 1e-7);
}

static void spherical_ways_have_an_even_angle_and_length(void **state)
{
    (void)state;
    const float a[] = {3, 1, -2};
    const float b[] = {-1, 5, 4};
    const double a_length = sqrt(dot(a, a));
    const double b_length = sqrt(dot(b, b));
    const double whole = acos(dot(a, b) / (a_length * b_length));
    for (int step = 0; step <= 10; step++) {
        float point[WIDTH];
        const double t = step / 10.0;
        sg_interpolate_spherical(a, b, WIDTH, t, point);
        const double length = sqrt(dot(point, point));
        assert_true(fabs(length - ((1 - t) * a_length + t * b_length)) < 1e-5);
        const double cosine = fmin(dot(a, point) / (a_length * length), 1);
        assert_true(fabs(acos(cosine) - t * whole) < 1e-3);
    }
}

static void parallel_vectors_are_joined_by_a_line(void **state)
{
    (void)state;
    const float a[] = {1, 2, -1};
    const float longer[] = {3, 6, -3};
    const float near[] = {1, 2, -1.0000001F};
    const float nothing[] = {0, 0, 0};
    float point[WIDTH];
    sg_interpolate_spherical(a, longer, WIDTH, 0.5, point);
    assert_vector(point, (float[]){2, 4, -2}, WIDTH, 1e-6);
    sg_interpolate_spherical(a, near, WIDTH, 0.3, point);
    assert_vector(point, a, WIDTH, 1e-6);
    sg_interpolate_spherical(a, nothing, WIDTH, 0.5, point);
    assert_vector(point, (float[]){0.5F, 1, -0.5F}, WIDTH, 1e-6);
    sg_interpolate_spherical(nothing, nothing, WIDTH, 0.5, point);
    assert_vector(point, nothing, WIDTH, 0);
}

static void opposite_vectors_are_joined_by_half_a_circle(void **state)
{
    (void)state;
    const float a[] = {1, 2, -2};
    const float b[] = {-2, -4, 4};
    float point[WIDTH];
    sg_interpolate_spherical(a, b, WIDTH, 0.5, point);
    assert_true(fabs(dot(a, point)) < 1e-5);
    assert_true(fabs(sqrt(dot(point, point)) - 4.5) < 1e-5);
    sg_interpolate_spherical(a, b, WIDTH, 1, point);
    assert_vector(point, b, WIDTH, 1e-5);
    sg_interpolate_spherical(a, b, 1, 0.25, point);
    assert_vector(point, (float[]){0.25F}, 1, 1e-6);
}

static void splines_pass_through_their_points(void **state)
{
    (void)state;
    const float values[4][2] = {{0, 1}, {2, -1}, {3, 5}, {-4, 7}};
    const float *const points[4] = {values[0], values[1], values[2], values[3]};
    float point[2];
    sg_interpolate_cubic(points, 2, 0, point);
    assert_vector(point, values[1], 2, 1e-6);
    sg_interpolate_cubic(points, 2, 1, point);
    assert_vector(point, values[2], 2, 1e-6);
    sg_interpolate_cubic(points, 2, 0.5, point);
    assert_vector(point, (float[]){(2 + 3) * 0.5625F + 4 * 0.0625F, 4 * 0.5625F - 8 * 0.0625F}, 2,
                  1e-6);
}

static void splines_of_points_on_a_line_stay_on_it(void **state)
{
    (void)state;
    const float values[4] = {1, 3, 5, 7};
    const float *const points[4] = {values, values + 1, values + 2, values + 3};
    for (int step = 0; step <= 8; step++) {
        float point = 0;
        sg_interpolate_cubic(points, 1, step / 8.0, &point);
        assert_vector(&point, (float[]){3 + 2 * (float)step / 8}, 1, 1e-6);
    }
}

static const float keys[4 * WIDTH] = {1, 0, 2, -3, 1, 1, 0, -2, 4, 2, 2, -1};

static sg_path path_of(sg_path_shape shape, bool closed)
{
    return (sg_path){keys, 4, WIDTH, closed, shape};
}

static void frames_are_counted(void **state)
{
    (void)state;
    sg_path path = path_of(SG_PATH_LINEAR, true);
    assert_int_equal(sg_path_frame_count(&path, 24), 96);
    assert_int_equal(sg_path_next_key(&path, 3), 0);
    path.closed = false;
    assert_int_equal(sg_path_frame_count(&path, 24), 73);
    assert_int_equal(sg_path_next_key(&path, 3), 3);
    assert_int_equal(sg_path_next_key(&path, 1), 2);
}

static void every_path_passes_its_keys_bit_for_bit(void **state)
{
    (void)state;
    for (int shape = SG_PATH_LINEAR; shape <= SG_PATH_SMOOTH; shape++) {
        for (int closed = 0; closed < 2; closed++) {
            const sg_path path = path_of((sg_path_shape)shape, closed);
            for (size_t i = 0; i < path.count; i++) {
                float point[WIDTH];
                sg_path_point(&path, i, 0, point);
                assert_memory_equal(point, keys + i * WIDTH, sizeof point);
            }
        }
    }
}

static void every_path_arrives_at_the_next_key(void **state)
{
    (void)state;
    for (int shape = SG_PATH_LINEAR; shape <= SG_PATH_SMOOTH; shape++) {
        for (int closed = 0; closed < 2; closed++) {
            const sg_path path = path_of((sg_path_shape)shape, closed);
            for (size_t i = 0; i + !closed < path.count; i++) {
                float point[WIDTH];
                sg_path_point(&path, i, 1 - 1e-7, point);
                assert_vector(point, keys + sg_path_next_key(&path, i) * WIDTH, WIDTH, 1e-5);
            }
        }
    }
}

/* The velocity just before and just after each key, and around the loop's end, must agree. */
static void smooth_paths_have_no_corners(void **state)
{
    (void)state;
    const double step = 1.0 / 512;
    for (int closed = 0; closed < 2; closed++) {
        const sg_path path = path_of(SG_PATH_SMOOTH, closed);
        for (size_t i = 1 - (size_t)closed; i + !closed < path.count; i++) {
            const size_t before = i > 0 ? i - 1 : path.count - 1;
            float earlier[WIDTH];
            float later[WIDTH];
            sg_path_point(&path, before, 1 - step, earlier);
            sg_path_point(&path, i, step, later);
            for (size_t k = 0; k < WIDTH; k++) {
                const double arriving = (keys[i * WIDTH + k] - earlier[k]) / step;
                const double leaving = (later[k] - keys[i * WIDTH + k]) / step;
                assert_true(fabs(arriving - leaving) < 0.1);
            }
        }
    }
}

/* With two keys an open path has nothing to bend towards. */
static void open_smooth_paths_between_two_keys_are_straight(void **state)
{
    (void)state;
    sg_path path = path_of(SG_PATH_SMOOTH, false);
    path.count = 2;
    float point[WIDTH];
    float expected[WIDTH];
    sg_path_point(&path, 0, 0.3, point);
    sg_interpolate_linear(keys, keys + WIDTH, WIDTH, 0.3, expected);
    assert_vector(point, expected, WIDTH, 1e-6);
}

static void paths_of_one_key_stay_there(void **state)
{
    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        sg_path path = path_of(SG_PATH_SMOOTH, closed);
        path.count = 1;
        float point[WIDTH];
        sg_path_point(&path, 0, 0.5, point);
        assert_memory_equal(point, keys, sizeof point);
    }
}

static void names_and_shapes_agree(void **state)
{
    (void)state;
    for (int shape = SG_PATH_LINEAR; shape <= SG_PATH_SMOOTH; shape++)
        assert_int_equal(sg_path_shape_from_name(sg_path_shape_name((sg_path_shape)shape)), shape);
    assert_int_equal(sg_path_shape_from_name("round"), -1);
    assert_string_equal(sg_path_shape_name(SG_PATH_SPHERICAL), "spherical");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_lines_are_divided_evenly),
        cmocka_unit_test(right_angles_are_divided_evenly),
        cmocka_unit_test(spherical_ways_have_an_even_angle_and_length),
        cmocka_unit_test(parallel_vectors_are_joined_by_a_line),
        cmocka_unit_test(opposite_vectors_are_joined_by_half_a_circle),
        cmocka_unit_test(splines_pass_through_their_points),
        cmocka_unit_test(splines_of_points_on_a_line_stay_on_it),
        cmocka_unit_test(frames_are_counted),
        cmocka_unit_test(every_path_passes_its_keys_bit_for_bit),
        cmocka_unit_test(every_path_arrives_at_the_next_key),
        cmocka_unit_test(smooth_paths_have_no_corners),
        cmocka_unit_test(open_smooth_paths_between_two_keys_are_straight),
        cmocka_unit_test(paths_of_one_key_stay_there),
        cmocka_unit_test(names_and_shapes_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
