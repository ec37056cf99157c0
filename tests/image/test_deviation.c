/* Maps of standard deviations against the definition. */
#include "image/deviation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { WIDTH = 7, HEIGHT = 3, MOST_CHANNELS = 4, PICTURES = 9 };

/* A picture of levels that look random; those of pixel 0 are all the same. */
static sg_image *picture(size_t channels, uint32_t index)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] =
            i < channels ? 200 : (uint8_t)((index * 2654435761u + i * 40503u * (index + 1)) >> 7);
    return image;
}

static double plain_deviation(sg_image *const *pictures, size_t channels, size_t pixel)
{
    double greys[PICTURES];
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < PICTURES; i++) {
        greys[i] = 0;
        for (size_t c = 0; c < channels; c++)
            greys[i] += pictures[i]->pixels[pixel * channels + c] / (double)channels;
        mean += greys[i] / PICTURES;
    }
    for (int i = 0; i < PICTURES; i++)
        variance += (greys[i] - mean) * (greys[i] - mean) / PICTURES;
    return sqrt(variance);
}

static void maps_follow_the_definition(void **state)
{
    (void)state;
    for (size_t channels = 1; channels <= MOST_CHANNELS; channels++) {
        const sg_image_shape shape = {WIDTH, HEIGHT, channels};
        sg_image *pictures[PICTURES];
        sg_image *map = NULL;
        sg_deviation *deviation = NULL;
        double largest = -1;
        double mean = -1;
        double expected_largest = 0;
        double expected_mean = 0;
        assert_int_equal(sg_deviation_create(&shape, &deviation, NULL), SG_OK);
        for (uint32_t i = 0; i < PICTURES; i++) {
            pictures[i] = picture(channels, i);
            assert_int_equal(sg_deviation_add(deviation, pictures[i], NULL), SG_OK);
        }
        assert_int_equal(sg_deviation_map(deviation, 2.5, &map, NULL), SG_OK);
        assert_int_equal(map->channels, 1);
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            const double expected = plain_deviation(pictures, channels, i);
            const double level = fmin(expected * 2.5, 255);
            assert_true(fabs(map->pixels[i] - level) <= 0.5 + 1e-9);
            expected_largest = fmax(expected_largest, expected);
            expected_mean += expected / (WIDTH * HEIGHT);
        }
        assert_int_equal(map->pixels[0], 0);
        sg_deviation_summary(deviation, &largest, &mean);
        assert_true(fabs(largest - expected_largest) < 1e-9);
        assert_true(fabs(mean - expected_mean) < 1e-9);
        for (int i = 0; i < PICTURES; i++)
            sg_image_destroy(pictures[i]);
        sg_image_destroy(map);
        sg_deviation_destroy(deviation);
    }
}

/* Black and white in turn: 127.5, the most there is, times a scale that passes 255. */
static void levels_end_at_white(void **state)
{
    (void)state;
    sg_image *map = NULL;
    sg_image *image = NULL;
    sg_deviation *deviation = NULL;
    assert_int_equal(sg_image_create(1, 1, 1, &image, NULL), SG_OK);
    assert_int_equal(sg_deviation_create(&(sg_image_shape){1, 1, 1}, &deviation, NULL), SG_OK);
    for (int i = 0; i < 10; i++) {
        image->pixels[0] = i % 2 ? 255 : 0;
        assert_int_equal(sg_deviation_add(deviation, image, NULL), SG_OK);
    }
    assert_int_equal(sg_deviation_map(deviation, 1, &map, NULL), SG_OK);
    assert_int_equal(map->pixels[0], 128);
    sg_image_destroy(map);
    assert_int_equal(sg_deviation_map(deviation, 1e6, &map, NULL), SG_OK);
    assert_int_equal(map->pixels[0], 255);
    sg_image_destroy(map);
    sg_image_destroy(image);
    sg_deviation_destroy(deviation);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    sg_image *map = NULL;
    sg_image *image = picture(3, 1);
    sg_deviation *deviation = NULL;
    double largest = 1;
    double mean = 1;
    assert_int_equal(sg_deviation_create(&(sg_image_shape){WIDTH, HEIGHT, 1}, &deviation, NULL),
                     SG_OK);
    assert_int_equal(sg_deviation_add(deviation, image, NULL), SG_ERROR_SHAPE);
    assert_int_equal(sg_deviation_map(deviation, 1, &map, NULL), SG_ERROR_ARGUMENT);
    assert_null(map);
    sg_deviation_summary(deviation, &largest, &mean);
    assert_true(largest == 0 && mean == 0);
    sg_image_destroy(image);
    sg_deviation_destroy(deviation);
    assert_int_equal(sg_deviation_create(&(sg_image_shape){SIZE_MAX, 2, 1}, &deviation, NULL),
                     SG_ERROR_MEMORY);
    assert_null(deviation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_follow_the_definition),
        cmocka_unit_test(levels_end_at_white),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
