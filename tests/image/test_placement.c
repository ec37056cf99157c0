/* Parts of pictures: shifted, scaled, turned, and beyond the edge. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/placement.h"

enum { WIDTH = 12, HEIGHT = 8 };

/* A picture whose red is 20 x and whose green is 30 y. */
static sg_image *slope(void)
{
    sg_error error = {0};
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, 3, &image, &error), SG_OK);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            image->pixels[(y * WIDTH + x) * 3] = (uint8_t)(20 * x);
            image->pixels[(y * WIDTH + x) * 3 + 1] = (uint8_t)(30 * y);
        }
    return image;
}

static sg_image *place(sg_placement placement, size_t width, size_t height)
{
    sg_error error = {0};
    sg_image *image = slope();
    sg_image *placed = NULL;
    if (sg_image_place(image, &placement, width, height, &placed, &error))
        fail_msg("%s", error.message);
    sg_image_destroy(image);
    return placed;
}

static uint8_t level(const sg_image *image, size_t x, size_t y, size_t channel)
{
    return image->pixels[(y * image->width + x) * image->channels + channel];
}

static void the_whole_picture_stays_as_it_is(void **state)
{
    (void)state;
    sg_image *placed = place((sg_placement){WIDTH / 2.0, HEIGHT / 2.0, WIDTH, 0}, WIDTH, HEIGHT);
    sg_image *image = slope();
    assert_memory_equal(placed->pixels, image->pixels, sg_image_size(image));
    sg_image_destroy(placed);
    sg_image_destroy(image);
}

static void a_part_begins_at_its_corner(void **state)
{
    (void)state;
    sg_image *placed = place((sg_placement){5, 4, 4, 0}, 4, 4);
    for (size_t y = 0; y < 4; y++)
        for (size_t x = 0; x < 4; x++) {
            assert_int_equal(level(placed, x, y, 0), 20 * (3 + x));
            assert_int_equal(level(placed, x, y, 1), 30 * (2 + y));
        }
    sg_image_destroy(placed);
}

static void a_reduced_part_is_averaged(void **state)
{
    (void)state;
    sg_image *placed = place((sg_placement){6, 4, 8, 0}, 2, 2);
    assert_in_range(level(placed, 0, 0, 0), 69, 71); /* the mean of pixels 2 to 5 */
    assert_in_range(level(placed, 1, 1, 0), 149, 151);
    sg_image_destroy(placed);
}

/* A part turned clockwise by a quarter: its right is the picture's bottom. */
static void a_turned_part_has_its_right_below(void **state)
{
    (void)state;
    sg_image *placed = place((sg_placement){6, 4, 4, acos(0)}, 4, 4);
    for (size_t y = 0; y < 4; y++)
        for (size_t x = 0; x < 4; x++) {
            assert_in_range(level(placed, x, y, 0), 20 * (7 - y) - 1, 20 * (7 - y) + 1);
            assert_in_range(level(placed, x, y, 1), 30 * (2 + x) - 1, 30 * (2 + x) + 1);
        }
    sg_image_destroy(placed);
}

static void the_edge_goes_on(void **state)
{
    (void)state;
    sg_image *placed = place((sg_placement){-100, -100, 4, 0}, 4, 4);
    for (size_t i = 0; i < sg_image_size(placed); i++)
        assert_int_equal(placed->pixels[i], 0);
    sg_image_destroy(placed);
    placed = place((sg_placement){100, 100, 4, 0}, 1, 1);
    assert_int_equal(level(placed, 0, 0, 0), 20 * (WIDTH - 1));
    assert_int_equal(level(placed, 0, 0, 1), 30 * (HEIGHT - 1));
    sg_image_destroy(placed);
}

static void a_part_without_width_is_refused(void **state)
{
    static const sg_placement wrong[] = {
        {1, 1, 0, 0}, {1, 1, NAN, 0}, {INFINITY, 1, 1, 0}, {1, 1, 1, NAN}};
    sg_image *image = slope();
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sg_error error = {0};
        sg_image *placed = NULL;
        assert_int_equal(sg_image_place(image, &wrong[i], 4, 4, &placed, &error),
                         SG_ERROR_ARGUMENT);
        assert_null(placed);
    }
    sg_image_destroy(image);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_picture_stays_as_it_is),
        cmocka_unit_test(a_part_begins_at_its_corner),
        cmocka_unit_test(a_reduced_part_is_averaged),
        cmocka_unit_test(a_turned_part_has_its_right_below),
        cmocka_unit_test(the_edge_goes_on),
        cmocka_unit_test(a_part_without_width_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
