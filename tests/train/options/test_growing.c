/* The growing schedule: phases, tables and the fading of real pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/close.h"
#include "train/options/growing.h"

/* 600 kimg at 4x4, 600 while 8x8 fades in, and so on; another batch and rate at each resolution. */
static const sg_growing_schedule published = {.initial_resolution = 4,
                                              .stable_kimg = 600,
                                              .fade_kimg = 600,
                                              .repeats = 4,
                                              .batch = {128, 128, 64, 32, 16, 16, 8, 4, 4},
                                              .g_rate = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                                              .d_rate = {9, 8, 7, 6, 5, 4, 3, 2, 1}};

static void levels_are_powers_of_two(void **state)
{
    (void)state;
    for (int i = 0; i < SG_GROWING_LEVELS; i++)
        assert_int_equal(sg_growing_level(4 << i), i);
}

static void phases_follow_each_other(void **state)
{
    (void)state;
    const struct {
        double kimg, lod;
        int resolution;
    } expected[] = {{0, 3, 4},       {599.9, 3, 4},      {600, 3, 4},    {601, 3 - 1.0 / 600, 8},
                    {900, 2.5, 8},   {1199.4, 2.001, 8}, {1200, 2, 8},   {1800, 2, 8},
                    {2100, 1.5, 16}, {2400, 1, 16},      {3300, .5, 32}, {3600, 0, 32},
                    {99999, 0, 32}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const sg_growing_stage stage = sg_growing_at(&published, 32, expected[i].kimg * 1000);
        assert_close(stage.lod, expected[i].lod, 1e-6);
        assert_int_equal(stage.resolution, expected[i].resolution);
        const int level = sg_growing_level(expected[i].resolution);
        assert_int_equal(stage.batch, published.batch[level]);
        assert_close(stage.g_rate, level + 1, 0);
        assert_close(stage.d_rate, 9 - level, 0);
    }
    assert_close(sg_growing_kimg(&published, 32), 3600, 0);
}

static void a_start_higher_up_leaves_phases_out(void **state)
{
    (void)state;
    sg_growing_schedule schedule = published;
    schedule.initial_resolution = 8;
    assert_close(sg_growing_at(&schedule, 32, 0).lod, 2, 0);
    assert_int_equal(sg_growing_at(&schedule, 32, 0).resolution, 8);
    assert_close(sg_growing_kimg(&schedule, 32), 2400, 0);
    /* Nothing is left to grow. */
    assert_close(sg_growing_at(&schedule, 8, 0).lod, 0, 0);
    schedule.initial_resolution = 64;
    assert_close(sg_growing_at(&schedule, 32, 5000).lod, 0, 0);
    assert_int_equal(sg_growing_at(&schedule, 32, 5000).resolution, 32);
    assert_close(sg_growing_kimg(&schedule, 32), 0, 0);
}

static void either_part_of_a_phase_may_be_missing(void **state)
{
    (void)state;
    sg_growing_schedule schedule = published;
    schedule.fade_kimg = 0;
    assert_close(sg_growing_at(&schedule, 16, 599e3).lod, 2, 0);
    assert_close(sg_growing_at(&schedule, 16, 600e3).lod, 1, 0);
    assert_close(sg_growing_at(&schedule, 16, 1200e3).lod, 0, 0);
    schedule.fade_kimg = 100;
    schedule.stable_kimg = 0;
    assert_close(sg_growing_at(&schedule, 16, 25e3).lod, 1.75, 1e-6);
    assert_close(sg_growing_at(&schedule, 16, 200e3).lod, 0, 0);
}

static void pictures_have_the_size_that_the_networks_lod_says(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++) {
        const sg_growing_stage stage = sg_growing_at(&published, 32, 600000 + i * 0.01);
        assert_close((double)(float)stage.lod, stage.lod, 0);
        assert_int_equal(stage.resolution, 32 >> (int)floor(stage.lod));
    }
}

static void layers_change_where_a_phase_begins(void **state)
{
    (void)state;
    assert_false(sg_growing_changes_layers(3, 3));
    assert_true(sg_growing_changes_layers(3, 2.999));
    assert_false(sg_growing_changes_layers(2.999, 2.001));
    assert_true(sg_growing_changes_layers(2.001, 2));
    assert_true(sg_growing_changes_layers(2.001, 1.999));
    assert_true(sg_growing_changes_layers(2, 1));
}

static void resolutions_come_in_one_after_the_other(void **state)
{
    (void)state;
    assert_close(sg_growing_begin(&published, 32, 0), 0, 0);
    assert_close(sg_growing_begin(&published, 32, 1), 600, 0);
    assert_close(sg_growing_begin(&published, 32, 3), 3000, 0);
}

static void lists_of_batches_are_read(void **state)
{
    static const char *const wrong[] = {"",          "4",   "4:",   ":4",   "4:8,",
                                        "4:8,,8:8",  "5:8", "4:8x", "-4:8", "2048:8",
                                        "4:1000000", "4:0", "4;8",  " 4:8"};
    int batch[SG_GROWING_LEVELS] = {0};
    (void)state;
    assert_true(sg_growing_read_batches("8:32", 65536, batch));
    assert_true(sg_growing_read_batches("4:64,16:7,1024:65536", 65536, batch));
    const int expected[SG_GROWING_LEVELS] = {64, 32, 7, 0, 0, 0, 0, 0, 65536};
    assert_memory_equal(batch, expected, sizeof batch);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (sg_growing_read_batches(wrong[i], 65536, batch))
            fail_msg("\"%s\" was taken", wrong[i]);
}

static void batches_have_bounds(void **state)
{
    (void)state;
    assert_int_equal(sg_growing_largest_batch(&published, 32), 128);
    sg_growing_schedule schedule = published;
    schedule.initial_resolution = 16;
    assert_int_equal(sg_growing_largest_batch(&schedule, 64), 64);
    assert_int_equal(sg_growing_largest_batch(&schedule, 4), 128);
}

enum { PICTURES = 2, SIDE = 4, CHANNELS = 3 };

static double mean_around(const float *pictures, int n, int y, int x, int c)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (double)
            pictures[((n * SIDE + y / 2 * 2 + i / 2) * SIDE + x / 2 * 2 + i % 2) * CHANNELS + c];
    return sum / 4;
}

static void fading_goes_towards_half_the_resolution(void **state)
{
    static const double shares[] = {0, 0.25, 0.6, 1};
    float before[PICTURES * SIDE * SIDE * CHANNELS];
    float after[PICTURES * SIDE * SIDE * CHANNELS];
    (void)state;
    for (int k = 0; k < 4; k++) {
        for (size_t i = 0; i < sizeof before / sizeof *before; i++)
            before[i] = after[i] = (float)sin((double)(i * i));
        sg_growing_fade(after, PICTURES, SIDE, CHANNELS, shares[k]);
        for (int i = 0; i < PICTURES * SIDE * SIDE * CHANNELS; i++) {
            const int pixel = i / CHANNELS;
            const double mean = mean_around(before, pixel / (SIDE * SIDE), pixel / SIDE % SIDE,
                                            pixel % SIDE, i % CHANNELS);
            const double expected = (double)before[i] + (mean - (double)before[i]) * shares[k];
            assert_close((double)after[i], expected, 1e-6);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_powers_of_two),
        cmocka_unit_test(phases_follow_each_other),
        cmocka_unit_test(a_start_higher_up_leaves_phases_out),
        cmocka_unit_test(either_part_of_a_phase_may_be_missing),
        cmocka_unit_test(pictures_have_the_size_that_the_networks_lod_says),
        cmocka_unit_test(layers_change_where_a_phase_begins),
        cmocka_unit_test(resolutions_come_in_one_after_the_other),
        cmocka_unit_test(lists_of_batches_are_read),
        cmocka_unit_test(batches_have_bounds),
        cmocka_unit_test(fading_goes_towards_half_the_resolution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
