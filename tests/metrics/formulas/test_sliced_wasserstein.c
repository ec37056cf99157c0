/* Patches, and sliced distances of sets that are equal, moved and drawn. */
#include "metrics/formulas/sliced_wasserstein.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "support/near.h"

enum { SIDE = 32, PIXELS = SIDE * SIDE, LEVELS = 2 };

/* A picture of noise, different by number. */
static void draw(float *planes, size_t channels, uint64_t number)
{
    sg_random random = sg_random_stream(9, number);
    for (size_t i = 0; i < channels * PIXELS; i++)
        planes[i] = (float)sg_random_below(&random, 256);
}

/* A set of `count` pictures; `patches` large enough keeps whole levels. */
static sg_patch_set *make_set(size_t count, size_t patches, size_t channels, uint64_t first,
                              uint64_t places_seed)
{
    sg_patch_set *set = NULL;
    float planes[3 * PIXELS];
    sg_error error = {0};
    sg_random random = sg_random_stream(places_seed, 0);
    sg_patch_place *places = malloc(LEVELS * patches * sizeof *places);
    if (sg_patch_set_create(SIDE, SIDE, count, patches, &set, &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < count; i++) {
        draw(planes, channels, first + i);
        sg_patch_set_draw(set, &random, places);
        if (sg_patch_set_add(set, planes, channels, places, &error))
            fail_msg("%s", error.message);
    }
    free(places);
    return set;
}

/* Patches of a picture without detail are its pixels, columns first. */
static void test_a_patch(void **state)
{
    (void)state;
    sg_patch_set *set = NULL;
    float plane[16 * 16];
    float patch[SG_PATCH_VALUES];
    const sg_patch_place place = {5, 12};
    assert_int_equal(sg_patch_set_create(16, 16, 1, 1, &set, NULL), SG_OK);
    for (int i = 0; i < 16 * 16; i++)
        plane[i] = (float)i;
    assert_int_equal(sg_patch_set_add(set, plane, 1, &place, NULL), SG_OK);
    sg_patch_set_get(set, 0, 0, patch);
    for (int c = 0; c < 3; c++)
        for (int x = 0; x < 7; x++)
            for (int y = 0; y < 7; y++)
                assert_true(patch[c * 49 + x * 7 + y] == (float)((9 + y) * 16 + 2 + x));
    sg_patch_set_destroy(set);
}

/* The same pictures and places, kept as levels and as patches. */
static void test_both_ways_of_keeping(void **state)
{
    (void)state;
    float of_many[SG_PATCH_VALUES];
    float of_few[SG_PATCH_VALUES];
    float planes[3 * PIXELS];
    sg_patch_place places[LEVELS * 30];
    sg_patch_set *many = NULL;
    sg_patch_set *few = NULL;
    assert_int_equal(sg_patch_set_create(SIDE, SIDE, 1, 30, &many, NULL), SG_OK);
    assert_int_equal(sg_patch_set_create(SIDE, SIDE, 1, 2, &few, NULL), SG_OK);
    assert_true(many->levels[0].whole && !few->levels[0].whole);
    sg_random random = sg_random_stream(1, 1);
    sg_patch_set_draw(many, &random, places);
    draw(planes, 3, 4);
    assert_int_equal(sg_patch_set_add(many, planes, 3, places, NULL), SG_OK);
    memmove(places + 2, places + 30, 2 * sizeof *places);
    assert_int_equal(sg_patch_set_add(few, planes, 3, places, NULL), SG_OK);
    for (size_t level = 0; level < LEVELS; level++)
        for (size_t i = 0; i < 2; i++) {
            sg_patch_set_get(many, level, i, of_many);
            sg_patch_set_get(few, level, i, of_few);
            assert_memory_equal(of_many, of_few, sizeof of_many);
        }
    sg_patch_set_destroy(many);
    sg_patch_set_destroy(few);
}

/* Each direction takes one value of a patch. */
static void test_against_the_definition(void **state)
{
    (void)state;
    enum { DIRECTIONS = 11, COUNT = 3, PATCHES = 5 };
    static float directions[SG_PATCH_VALUES * DIRECTIONS];
    for (int j = 0; j < DIRECTIONS; j++)
        directions[13 * j * DIRECTIONS + j] = j % 2 ? -2 : 3;
    const sg_slices slices = {1, DIRECTIONS, directions, NULL};
    sg_patch_set *a = make_set(COUNT, PATCHES, 3, 0, 1);
    sg_patch_set *b = make_set(COUNT, PATCHES, 3, 10, 2);
    double distances[LEVELS];
    assert_int_equal(sg_sliced_wasserstein(a, b, &slices, distances, NULL), SG_OK);
    for (size_t level = 0; level < LEVELS; level++) {
        double sum = 0;
        for (int j = 0; j < DIRECTIONS; j++) {
            double values[2][COUNT * PATCHES];
            for (int s = 0; s < 2; s++)
                for (size_t i = 0; i < COUNT * PATCHES; i++) {
                    float patch[SG_PATCH_VALUES];
                    sg_patch_scale scale;
                    sg_patch_set_scale(s ? b : a, level, &scale);
                    sg_patch_set_get(s ? b : a, level, i, patch);
                    const double value = ((double)patch[13 * j] - scale.mean[13 * j / 49]) /
                                         scale.deviation[13 * j / 49];
                    size_t at = i;
                    for (; at > 0 && values[s][at - 1] > value; at--)
                        values[s][at] = values[s][at - 1];
                    values[s][at] = value;
                }
            for (int i = 0; i < COUNT * PATCHES; i++)
                sum += fabs(values[0][i] - values[1][i]) / (COUNT * PATCHES);
        }
        ASSERT_NEAR(distances[level], 1000 * sum / DIRECTIONS, 1e-12);
    }
    sg_patch_set_destroy(a);
    sg_patch_set_destroy(b);
}

static void test_scale(void **state)
{
    (void)state;
    sg_patch_scale scale;
    sg_patch_set *set = make_set(2, 40, 3, 0, 1);
    sg_patch_set_scale(set, 1, &scale);
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < 80; i++) {
        float patch[SG_PATCH_VALUES];
        sg_patch_set_get(set, 1, i, patch);
        for (int k = 49; k < 98; k++) {
            sum += (double)patch[k];
            squares += (double)patch[k] * (double)patch[k];
        }
    }
    const double mean = sum / (80 * 49);
    ASSERT_NEAR(scale.mean[1], mean, 1e-12);
    ASSERT_NEAR(scale.deviation[1], sqrt(squares / (80 * 49) - mean * mean), 1e-10);
    sg_patch_set_destroy(set);
}

/* Grey pictures are those with three equal channels; equal sets are not apart; threads do not
 * matter. */
static void test_grey_and_equal(void **state)
{
    (void)state;
    static float directions[SG_PATCH_VALUES * 4];
    sg_random random = sg_random_stream(1, 5);
    sg_random_normal_fill(&random, directions, SG_PATCH_VALUES * 4);
    const sg_slices slices = {2, 2, directions, NULL};
    sg_patch_set *grey = make_set(4, 200, 1, 0, 1);
    sg_patch_set *other = make_set(4, 200, 3, 7, 1);
    double apart[LEVELS];
    double again[LEVELS];
    float patch[SG_PATCH_VALUES];
    sg_patch_set_get(grey, 0, 3, patch);
    assert_memory_equal(patch, patch + 49, 49 * sizeof *patch);
    assert_int_equal(sg_sliced_wasserstein(grey, grey, &slices, apart, NULL), SG_OK);
    assert_true(apart[0] == 0 && apart[1] == 0);
    sg_set_thread_count(1);
    assert_int_equal(sg_sliced_wasserstein(grey, other, &slices, apart, NULL), SG_OK);
    sg_set_thread_count(3);
    assert_int_equal(sg_sliced_wasserstein(grey, other, &slices, again, NULL), SG_OK);
    assert_memory_equal(apart, again, sizeof apart);
    assert_true(apart[0] > 0 && apart[1] > 0);
    sg_patch_set_destroy(grey);
    sg_patch_set_destroy(other);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const sg_patch_place place = {2, 5};
    static float plane[16 * 16];
    sg_patch_set *set = NULL;
    sg_error error = {0};
    assert_int_equal(sg_patch_set_create(16, 16, 1, 1, &set, NULL), SG_OK);
    assert_int_equal(sg_patch_set_add(set, plane, 1, &place, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a patch at (2, 5) does not lie in 16x16 pixels");
    error = (sg_error){0};
    assert_int_equal(sg_patch_set_add(set, plane, 4, &place, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "pictures have 4 channels, but must have 1 or 3");
    sg_patch_set *other = make_set(1, 1, 1, 0, 0);
    const sg_slices slices = {0};
    double distances[LEVELS];
    error = (sg_error){0};
    assert_int_equal(sg_sliced_wasserstein(set, other, &slices, distances, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "pictures of 16x16 and of 32x32 pixels cannot be compared");
    error = (sg_error){0};
    assert_int_equal(sg_sliced_wasserstein(set, set, &slices, distances, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "sets with 0 and 0 patches cannot be compared");
    error = (sg_error){0};
    set->pictures = 0;
    assert_int_equal(sg_patch_set_add(set, plane, 1, &place, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "there are more than 0 pictures");
    sg_patch_set_destroy(set);
    sg_patch_set_destroy(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_patch),
        cmocka_unit_test(test_both_ways_of_keeping),
        cmocka_unit_test(test_against_the_definition),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_grey_and_equal),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
