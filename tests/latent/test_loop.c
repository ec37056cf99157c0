/* Closed walks through z: they close, start at their seed, have the spread of latents, and change
 * as fast as they should. */
#include "latent/loop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latent/seeds.h"

enum { WIDTH = 512, KINDS = 3 };

static sg_loop create(sg_loop_kind kind, uint32_t seed, double duration, double smoothing)
{
    sg_error error = {0};
    sg_loop loop;
    if (sg_loop_create(&loop, kind, seed, WIDTH, duration, smoothing, &error))
        fail_msg("%s", error.message);
    return loop;
}

static double square(const float *z)
{
    double sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum += (double)z[i] * z[i] / WIDTH;
    return sum;
}

/* The cosine of the angle between two points of a walk. */
static double likeness(const sg_loop *loop, double a, double b)
{
    float z[2][WIDTH];
    double product = 0;
    sg_loop_point(loop, a, z[0]);
    sg_loop_point(loop, b, z[1]);
    for (int i = 0; i < WIDTH; i++)
        product += (double)z[0][i] * z[1][i] / WIDTH;
    return product / sqrt(square(z[0]) * square(z[1]));
}

static void walks_close_and_depend_on_the_seed(void **state)
{
    (void)state;
    float z[3][WIDTH];
    for (int kind = 0; kind < KINDS; kind++) {
        sg_loop one = create((sg_loop_kind)kind, 7, 10, 1);
        sg_loop other = create((sg_loop_kind)kind, 8, 10, 1);
        sg_loop_point(&one, 0, z[0]);
        sg_loop_point(&one, 1, z[1]);
        sg_loop_point(&other, 0, z[2]);
        assert_memory_equal(z[0], z[1], sizeof z[0]);
        assert_memory_not_equal(z[0], z[2], sizeof z[0]);
        assert_true(likeness(&one, 0, 0.999) > 0.999);
        sg_loop_clear(&one);
        sg_loop_clear(&other);
    }
}

static void a_circle_starts_at_the_seed_and_keeps_its_length(void **state)
{
    (void)state;
    float latent[WIDTH];
    float z[WIDTH];
    sg_seed_latent(3, WIDTH, latent);
    sg_loop loop = create(SG_LOOP_CIRCLE, 3, 10, 1);
    sg_loop_point(&loop, 0, z);
    assert_memory_equal(z, latent, sizeof z);
    for (int i = 1; i < 8; i++) {
        sg_loop_point(&loop, i / 8.0, z);
        assert_true(fabs(square(z) / square(latent) - 1) < 1e-4);
        assert_true(fabs(likeness(&loop, 0, i / 8.0) - cos(acos(-1) * i / 4)) < 1e-4);
    }
    sg_loop_clear(&loop);
}

/* Over many walks, every point is as long as a latent. */
static void points_are_as_long_as_latents(void **state)
{
    (void)state;
    float z[WIDTH];
    for (int kind = SG_LOOP_GAUSSIAN; kind < KINDS; kind++)
        for (int at = 0; at < 2; at++) {
            double sum = 0;
            for (uint32_t seed = 0; seed < 20; seed++) {
                sg_loop loop = create((sg_loop_kind)kind, seed, 30, 3);
                sg_loop_point(&loop, at * 0.37, z);
                sum += square(z) / 20;
                sg_loop_clear(&loop);
            }
            assert_true(fabs(sum - 1) < 0.06);
        }
}

/* A Gaussian filter of sigma leaves a correlation of exp(-t^2 / (4 sigma^2)) after the time t. */
static void smoothing_sets_the_pace(void **state)
{
    (void)state;
    sg_loop loop = create(SG_LOOP_GAUSSIAN, 1, 60, 2);
    double sum = 0;
    for (int i = 0; i < 60; i++)
        sum += likeness(&loop, i / 60.0, (i + 2) / 60.0) / 60;
    assert_true(fabs(sum - exp(-0.25)) < 0.05);
    sg_loop_clear(&loop);
    loop = create(SG_LOOP_NOISE, 1, 60, 2);
    double near = 0;
    double far = 0;
    for (int i = 0; i < 60; i++) {
        near += likeness(&loop, i / 60.0, (i + 0.5) / 60) / 60;
        far += likeness(&loop, i / 60.0, (i + 6) / 60.0) / 60;
    }
    assert_true(near > 0.6);
    assert_true(fabs(far) < 0.1);
    sg_loop_clear(&loop);
}

static void bad_times_are_refused(void **state)
{
    (void)state;
    static const double times[][2] = {{0, 1}, {1, 0}, {-1, 1}, {NAN, 1}, {2e4, 1}, {1, NAN}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        sg_loop loop;
        assert_int_equal(
            sg_loop_create(&loop, SG_LOOP_NOISE, 1, WIDTH, times[i][0], times[i][1], NULL),
            SG_ERROR_ARGUMENT);
        sg_loop_clear(&loop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_close_and_depend_on_the_seed),
        cmocka_unit_test(a_circle_starts_at_the_seed_and_keeps_its_length),
        cmocka_unit_test(points_are_as_long_as_latents),
        cmocka_unit_test(smoothing_sets_the_pace),
        cmocka_unit_test(bad_times_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
