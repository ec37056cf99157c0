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

static const float keys[5 * WIDTH] = {1, 0, 2, -3, 1, 1, 0, -2, 4, 2, 2, -1, 0.5F, -1.25F, 3};

/* A prepared path through the first keys. */
static sg_path path_of(sg_path_method method, bool closed, size_t count)
{
    sg_path path = {keys, count, WIDTH, closed, method, NULL};
    sg_error error = {0};
    assert_int_equal(sg_path_prepare(&path, &error), SG_OK);
    return path;
}

static void frames_are_counted(void **state)
{
    (void)state;
    sg_path path = path_of(SG_PATH_LINEAR, true, 4);
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
    for (int method = SG_PATH_LINEAR; method <= SG_PATH_CUBIC; method++) {
        for (int closed = 0; closed < 2; closed++) {
            sg_path path = path_of((sg_path_method)method, closed, 4);
            for (size_t i = 0; i < path.count; i++) {
                float point[WIDTH];
                sg_path_point(&path, i, 0, point);
                assert_memory_equal(point, keys + i * WIDTH, sizeof point);
            }
            sg_path_clear(&path);
        }
    }
}

/* Closed ones at the first key too. */
static void every_path_arrives_at_the_next_key(void **state)
{
    (void)state;
    for (int method = SG_PATH_LINEAR; method <= SG_PATH_CUBIC; method++) {
        for (int closed = 0; closed < 2; closed++) {
            sg_path path = path_of((sg_path_method)method, closed, 5);
            for (size_t i = 0; i + !closed < path.count; i++) {
                float point[WIDTH];
                sg_path_point(&path, i, 1 - 1e-7, point);
                assert_vector(point, keys + sg_path_next_key(&path, i) * WIDTH, WIDTH, 1e-5);
            }
            sg_path_clear(&path);
        }
    }
}

static void linear_and_spherical_paths_follow_their_formulas(void **state)
{
    (void)state;
    float point[WIDTH];
    float expected[WIDTH];
    const sg_path line = path_of(SG_PATH_LINEAR, true, 4);
    const sg_path circle = path_of(SG_PATH_SPHERICAL, true, 4);
    sg_path_point(&line, 3, 0.3, point);
    sg_interpolate_linear(keys + 3 * WIDTH, keys, WIDTH, 0.3, expected);
    assert_memory_equal(point, expected, sizeof point);
    sg_path_point(&circle, 1, 0.3, point);
    sg_interpolate_spherical(keys + WIDTH, keys + 2 * WIDTH, WIDTH, 0.3, expected);
    assert_memory_equal(point, expected, sizeof point);
}

static void paths_of_one_key_stay_there(void **state)
{
    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        sg_path path = path_of(SG_PATH_CUBIC, closed, 1);
        float point[WIDTH];
        sg_path_point(&path, 0, 0.5, point);
        assert_memory_equal(point, keys, sizeof point);
        sg_path_clear(&path);
    }
}

static void easing_begins_and_ends_slowly(void **state)
{
    (void)state;
    const double step = 1e-4;
    for (int easing = SG_EASING_LINEAR; easing <= SG_EASING_SINE; easing++) {
        const double slope = sg_ease((sg_easing)easing, step) / step;
        assert_true(sg_ease((sg_easing)easing, 0) == 0);
        assert_true(fabs(sg_ease((sg_easing)easing, 1) - 1) < 1e-15);
        assert_true(fabs(sg_ease((sg_easing)easing, 0.5) - 0.5) < 1e-15);
        assert_true(easing == SG_EASING_LINEAR ? fabs(slope - 1) < 1e-9 : slope < 1e-3);
    }
    assert_true(fabs(sg_ease(SG_EASING_LINEAR, 0.25) - 0.25) < 1e-15);
    assert_true(fabs(sg_ease(SG_EASING_SMOOTH, 0.25) - 0.15625) < 1e-15);
    assert_true(fabs(sg_ease(SG_EASING_SINE, 0.25) - 0.146446609406726) < 1e-14);
}

static void names_are_found_again(void **state)
{
    (void)state;
    for (int method = SG_PATH_LINEAR; method <= SG_PATH_CUBIC; method++)
        assert_int_equal(
            sg_choice_find(&sg_path_methods, sg_choice_name(&sg_path_methods, (size_t)method)),
            method);
    for (int easing = SG_EASING_LINEAR; easing <= SG_EASING_SINE; easing++)
        assert_int_equal(sg_choice_find(&sg_easings, sg_choice_name(&sg_easings, (size_t)easing)),
                         easing);
    assert_int_equal(sg_choice_find(&sg_path_methods, "round"), -1);
    assert_int_equal(sg_choice_find(&sg_easings, "round"), -1);
    assert_string_equal(sg_choice_name(&sg_path_methods, SG_PATH_SPHERICAL), "spherical");
    assert_string_equal(sg_choice_name(&sg_easings, SG_EASING_SINE), "sine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_lines_are_divided_evenly),
        cmocka_unit_test(right_angles_are_divided_evenly),
        cmocka_unit_test(spherical_ways_have_an_even_angle_and_length),
        cmocka_unit_test(parallel_vectors_are_joined_by_a_line),
        cmocka_unit_test(opposite_vectors_are_joined_by_half_a_circle),
        cmocka_unit_test(frames_are_counted),
        cmocka_unit_test(every_path_passes_its_keys_bit_for_bit),
        cmocka_unit_test(every_path_arrives_at_the_next_key),
        cmocka_unit_test(linear_and_spherical_paths_follow_their_formulas),
        cmocka_unit_test(paths_of_one_key_stay_there),
        cmocka_unit_test(easing_begins_and_ends_slowly),
        cmocka_unit_test(names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
