/* Heat maps: their ends, their lightness, mistakes. */
#include "image/figures/heat_map.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 64 };

/* CIE lightness of an sRGB pixel, which Oklab's follows closely. */
static double lightness(const uint8_t *rgb)
{
    static const double shares[3] = {0.2126, 0.7152, 0.0722};
    double light = 0;
    for (int c = 0; c < 3; c++) {
        const double value = rgb[c] / 255.0;
        light += shares[c] * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return 116 * cbrt(light) - 16;
}

static void lightness_rises_evenly(void **state)
{
    (void)state;
    float values[COUNT];
    sg_image *image = NULL;
    for (int i = 0; i < COUNT; i++)
        values[i] = (float)i - 20;
    assert_int_equal(sg_heat_map_draw(values, 1, COUNT, -20, COUNT - 21, &image, NULL), SG_OK);
    assert_int_equal(image->channels, 3);
    for (int i = 1; i < COUNT; i++) {
        const double step = lightness(image->pixels + 3 * i) - lightness(image->pixels + 3 * i - 3);
        assert_true(step > 0.2 && step < 3);
    }
    assert_true(lightness(image->pixels) < 15);
    assert_true(lightness(image->pixels + 3 * (COUNT - 1)) > 85);
    sg_image_destroy(image);
}

static void values_beyond_the_ends_are_clipped(void **state)
{
    (void)state;
    const float values[] = {-1e30F, 0, 1, 1e30F};
    sg_image *image = NULL;
    assert_int_equal(sg_heat_map_draw(values, 2, 2, 0, 1, &image, NULL), SG_OK);
    assert_memory_equal(image->pixels, image->pixels + 3, 3);
    assert_memory_equal(image->pixels + 6, image->pixels + 9, 3);
    sg_image_destroy(image);
}

static void an_empty_range_is_refused(void **state)
{
    (void)state;
    const float value = 0;
    sg_image *image = NULL;
    assert_int_equal(sg_heat_map_draw(&value, 1, 1, 1, 1, &image, NULL), SG_ERROR_ARGUMENT);
    assert_null(image);
}

/* Below the maps are all colours from the first to the last, and the numbers of the steps. */
static void a_bar_shows_the_colours(void **state)
{
    (void)state;
    enum { WIDTH = 300, HEIGHT = 7, MARGIN = 48 };
    sg_image *maps = NULL;
    sg_image *whole = NULL;
    sg_image *ends = NULL;
    const float values[] = {-40, 20};
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, 3, &maps, NULL), SG_OK);
    assert_int_equal(sg_heat_map_draw(values, 1, 2, -40, 20, &ends, NULL), SG_OK);
    assert_int_equal(sg_heat_map_add_bar(maps, -40, 20, 10, "dB", &whole, NULL), SG_OK);
    assert_int_equal(whole->width, WIDTH);
    assert_memory_equal(whole->pixels, maps->pixels, sg_image_size(maps));
    const uint8_t *bar = whole->pixels + (size_t)3 * WIDTH * HEIGHT;
    assert_memory_equal(bar + (size_t)3 * MARGIN, ends->pixels, 3);
    assert_memory_equal(bar + (size_t)3 * (WIDTH - MARGIN - 1), ends->pixels + 3, 3);
    size_t written = 0;
    for (size_t i = (size_t)3 * WIDTH * (HEIGHT + 14); i < sg_image_size(whole); i++)
        written += whole->pixels[i] < 100;
    assert_true(written > 300);
    sg_image_destroy(whole);
    sg_image_destroy(maps);
    assert_int_equal(sg_heat_map_add_bar(ends, -40, 20, 10, "dB", &whole, NULL), SG_ERROR_ARGUMENT);
    assert_null(whole);
    sg_image_destroy(ends);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lightness_rises_evenly),
                                       cmocka_unit_test(values_beyond_the_ends_are_clipped),
                                       cmocka_unit_test(an_empty_range_is_refused),
                                       cmocka_unit_test(a_bar_shows_the_colours)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
