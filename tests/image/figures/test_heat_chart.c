/* Charts of heat maps: colours, contours, axes and the bar at their places, mistakes. */
#include "image/figures/heat_chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/figures/heat_map.h"

enum { SIDE = 200, ROWS = 21, LEFT = 52, TOP = 26, BOTTOM = 24, AXIS_NAME = 22, BAR_AT = 13 };

static const uint8_t *pixel_at(const sg_image *image, size_t x, size_t y)
{
    return image->pixels + 3 * (y * image->width + x);
}

/* A slope from 0 at the left to 20 at the right. */
static void fill_slope(float values[ROWS * ROWS])
{
    for (int i = 0; i < ROWS * ROWS; i++)
        values[i] = (float)(i % ROWS);
}

static sg_heat_chart chart_of(const sg_heat_chart_map *maps, size_t count)
{
    return (sg_heat_chart){.maps = maps,
                           .count = count,
                           .columns = 2,
                           .side = SIDE,
                           .low = -0.5,
                           .high = 0.5,
                           .axis_name = "cycles",
                           .least = 0,
                           .most = 20,
                           .contour = 10,
                           .unit = "dB"};
}

/* Counts pixels darker than `level` in a row of the map. */
static size_t dark_in_row(const sg_image *image, size_t y, size_t from, size_t to, uint8_t level)
{
    size_t dark = 0;
    for (size_t x = from; x < to; x++)
        dark += pixel_at(image, x, y)[0] < level;
    return dark;
}

static void colours_and_contours_are_at_their_values(void **state)
{
    (void)state;
    float values[ROWS * ROWS];
    uint8_t ends[6];
    sg_image *colours = NULL;
    sg_image *image = NULL;
    const float range[] = {0, 20};
    const sg_heat_chart_map map = {"slope", values, ROWS};
    const sg_heat_chart chart = chart_of(&map, 1);
    fill_slope(values);
    assert_int_equal(sg_heat_map_draw(range, 1, 2, 0, 20, &colours, NULL), SG_OK);
    memcpy(ends, colours->pixels, 6);
    sg_image_destroy(colours);
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_OK);
    assert_int_equal(image->height, TOP + SIDE + BOTTOM + AXIS_NAME);
    assert_memory_equal(pixel_at(image, LEFT, TOP + 30), ends, 3);
    /* The contour of 10 is in the middle, upright: one or two dark pixels in each row, below the
     * number. */
    const size_t middle = LEFT + SIDE / 2;
    for (size_t y = TOP + SIDE / 2 + 20; y < TOP + SIDE - 10; y++) {
        assert_in_range(dark_in_row(image, y, middle - 3, middle + 3, 160), 1, 3);
        assert_int_equal(dark_in_row(image, y, middle + 10, LEFT + SIDE - 10, 160), 0);
    }
    /* The bar ends in the range's colours, the largest at the top. */
    const size_t bar = LEFT + SIDE + 14 + BAR_AT;
    for (int c = 0; c < 3; c++)
        assert_in_range(pixel_at(image, bar + 3, TOP + 2)[c] + 12, ends[3 + c], ends[3 + c] + 24);
    sg_image_destroy(image);
}

/* Text is below and beside every map, and both maps of a row have the same axes. */
static void every_map_has_axes(void **state)
{
    (void)state;
    float values[ROWS * ROWS];
    sg_image *image = NULL;
    fill_slope(values);
    const sg_heat_chart_map maps[] = {{"a", values, ROWS}, {"a", values, ROWS}, {"c", values, 1}};
    const sg_heat_chart chart = chart_of(maps, 3);
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_OK);
    const size_t step = LEFT + SIDE + 14;
    for (size_t y = 0; y < TOP + SIDE + BOTTOM; y++)
        assert_memory_equal(pixel_at(image, 0, y), pixel_at(image, step, y), 3 * (step - 20));
    size_t dark = 0;
    for (size_t y = TOP + SIDE + 6; y < TOP + SIDE + BOTTOM; y++)
        dark += dark_in_row(image, y, LEFT, LEFT + SIDE, 200);
    assert_true(dark > 50);
    assert_int_equal(image->height, 2 * (TOP + SIDE + BOTTOM) + AXIS_NAME);
    sg_image_destroy(image);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    const float value = 0;
    sg_image *image = NULL;
    const sg_heat_chart_map map = {"one", &value, 1};
    sg_heat_chart chart = chart_of(&map, 1);
    chart.most = chart.least;
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_ERROR_ARGUMENT);
    chart = chart_of(&map, 1);
    chart.side = 99;
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_ERROR_ARGUMENT);
    chart.side = 32767;
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_ERROR_ARGUMENT);
    chart = chart_of(&map, 0);
    assert_int_equal(sg_heat_chart_draw(&chart, &image, NULL), SG_ERROR_ARGUMENT);
    assert_null(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(colours_and_contours_are_at_their_values),
                                       cmocka_unit_test(every_map_has_axes),
                                       cmocka_unit_test(mistakes_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
