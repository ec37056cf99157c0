/* Pictures: creation, quantisation of floats, enlargement, parts. */
#include "image/image.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_create_is_black(void **state)
{
    (void)state;
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(3, 2, 4, &image, NULL), SG_OK);
    assert_int_equal(image->width, 3);
    assert_int_equal(image->height, 2);
    assert_int_equal(image->channels, 4);
    assert_int_equal(sg_image_size(image), 24);
    for (size_t i = 0; i < 24; i++)
        assert_int_equal(image->pixels[i], 0);
    sg_image_destroy(image);
    sg_image_destroy(NULL);
}

static void test_create_refuses_bad_shapes(void **state)
{
    (void)state;
    static const size_t shapes[][3] = {
        {0, 1, 1},       {1, 0, 1}, {1, 1, 0}, {1, 1, 5}, {SG_IMAGE_LARGEST_SIDE + 1, 1, 1},
        {1, SIZE_MAX, 1}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        sg_error error = {0};
        sg_image *image = (sg_image *)&error;
        assert_int_equal(sg_image_create(shapes[i][0], shapes[i][1], shapes[i][2], &image, &error),
                         SG_ERROR_ARGUMENT);
        assert_null(image);
        assert_true(strlen(error.message) > 0);
    }
}

static void test_levels(void **state)
{
    (void)state;
    assert_int_equal(sg_image_level(-1.0f), 0);  /* 0.5 is truncated */
    assert_int_equal(sg_image_level(1.0f), 255); /* 255.5 is clamped */
    assert_int_equal(sg_image_level(0.0f), 128);
    assert_int_equal(sg_image_level(-0.001f), 127); /* 127.87 is truncated, not rounded */
    assert_int_equal(sg_image_level(0.99f), 254);   /* 254.2 */
    assert_int_equal(sg_image_level(-7.0f), 0);
    assert_int_equal(sg_image_level(7.0f), 255);
    assert_int_equal(sg_image_level(NAN), 0);
    assert_int_equal(sg_image_level(INFINITY), 255);
    assert_int_equal(sg_image_level(-INFINITY), 0);
    assert_int_equal(sg_image_level(3e38f), 255);
}

/* Pixels to [-1, 1] by x / 127.5 - 1 and back must be the same pixels. */
static void test_levels_invert_the_datasets_scaling(void **state)
{
    (void)state;
    for (int level = 0; level < 256; level++)
        assert_int_equal(sg_image_level((float)level / 127.5f - 1.0f), level);
}

static void test_from_floats_keeps_one_to_four_channels(void **state)
{
    (void)state;
    float values[2 * 3 * 4];
    for (size_t i = 0; i < 24; i++)
        values[i] = (float)i / 127.5f - 1.0f;
    for (size_t channels = 1; channels <= 4; channels++) {
        sg_image *image = NULL;
        assert_int_equal(sg_image_from_floats(values, 2, 3, channels, &image, NULL), SG_OK);
        assert_int_equal(image->height, 2);
        assert_int_equal(image->width, 3);
        assert_int_equal(image->channels, channels);
        for (size_t i = 0; i < sg_image_size(image); i++)
            assert_int_equal(image->pixels[i], i);
        sg_image_destroy(image);
    }
}

static void test_from_floats_shows_three_of_many_channels(void **state)
{
    (void)state;
    float values[2 * 7];
    for (size_t i = 0; i < 14; i++)
        values[i] = (float)i / 127.5f - 1.0f;
    sg_image *image = NULL;
    assert_int_equal(sg_image_from_floats(values, 1, 2, 7, &image, NULL), SG_OK);
    assert_int_equal(image->channels, 3);
    static const uint8_t expected[] = {0, 1, 2, 7, 8, 9};
    assert_memory_equal(image->pixels, expected, sizeof expected);
    sg_image_destroy(image);

    sg_error error = {0};
    assert_int_equal(sg_image_from_floats(values, 1, 2, 0, &image, &error), SG_ERROR_ARGUMENT);
    assert_null(image);
}

static void test_scale(void **state)
{
    (void)state;
    static const uint8_t source[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const uint8_t expected[] = {1,  2,  3,  1,  2, 3, 4, 5, 6, 4, 5,  6,  1,  2,  3,  1,
                                       2,  3,  4,  5,  6, 4, 5, 6, 7, 8, 9,  7,  8,  9,  10, 11,
                                       12, 10, 11, 12, 7, 8, 9, 7, 8, 9, 10, 11, 12, 10, 11, 12};
    sg_image *image = NULL;
    sg_image *scaled = NULL;
    assert_int_equal(sg_image_create(2, 2, 3, &image, NULL), SG_OK);
    memcpy(image->pixels, source, sizeof source);
    assert_int_equal(sg_image_scale_integer(image, 2, &scaled, NULL), SG_OK);
    assert_int_equal(scaled->width, 4);
    assert_int_equal(scaled->height, 4);
    assert_memory_equal(scaled->pixels, expected, sizeof expected);
    sg_image_destroy(scaled);

    assert_int_equal(sg_image_scale_integer(image, 1, &scaled, NULL), SG_OK);
    assert_memory_equal(scaled->pixels, source, sizeof source);
    sg_image_destroy(scaled);

    assert_int_equal(sg_image_scale_integer(image, 0, &scaled, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_image_scale_integer(image, SIZE_MAX, &scaled, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_image_scale_integer(image, SG_IMAGE_LARGEST_SIDE, &scaled, NULL),
                     SG_ERROR_ARGUMENT);
    assert_null(scaled);
    sg_image_destroy(image);
}

static void test_promises_that_a_file_cannot_keep(void **state)
{
    (void)state;
    sg_error error = {0};
    assert_int_equal(sg_image_check_promise("a.png", 10, 10, 49, 2.0, &error), SG_OK);
    assert_int_equal(sg_image_check_promise("a.png", 11, 10, 49, 2.0, &error), SG_ERROR_FORMAT);
    assert_string_equal(error.message,
                        "a.png: its header promises 11x10 pixels, more than its 49 bytes can hold");
    assert_int_equal(sg_image_check_promise("a.png", SIZE_MAX, SIZE_MAX, SIZE_MAX, 1e9, NULL),
                     SG_ERROR_FORMAT);
    assert_int_equal(sg_image_check_promise("a.png", 1 << 14, 1 << 14, 1 << 30, 1.0, NULL), SG_OK);
    error = (sg_error){0};
    assert_int_equal(sg_image_check_promise("a.png", 1 << 14, (1 << 14) + 1, 1 << 30, 1.0, &error),
                     SG_ERROR_FORMAT);
    assert_string_equal(
        error.message,
        "a.png: its header promises 16384x16385 pixels, expected at most 268435456 in all");
}

enum { WIDTH = 5, HEIGHT = 4, CHANNELS = 2 };

static sg_image *numbered_image(void)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, CHANNELS, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)i;
    return image;
}

static void test_parts_hold_their_pixels(void **state)
{
    (void)state;
    static const uint8_t expected[] = {14, 15, 16, 17, 18, 19, 24, 25, 26, 27, 28, 29};
    sg_image *image = numbered_image();
    sg_image *part = NULL;
    assert_int_equal(sg_image_crop(image, 2, 1, 3, 2, &part, NULL), SG_OK);
    assert_int_equal(part->width, 3);
    assert_int_equal(part->height, 2);
    assert_int_equal(part->channels, CHANNELS);
    assert_memory_equal(part->pixels, expected, sizeof expected);
    sg_image_destroy(part);
    sg_image_destroy(image);
}

static void test_parts_outside_are_refused(void **state)
{
    (void)state;
    static const size_t outside[][4] = {{3, 0, 3, 1},        {0, 3, 1, 2}, {6, 0, 1, 1},
                                        {0, 5, 1, 1},        {0, 0, 0, 1}, {1, 0, SIZE_MAX, 1},
                                        {SIZE_MAX, 0, 2, 1}, {5, 4, 1, 1}};
    sg_image *image = numbered_image();
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        sg_image *part = image;
        const size_t *o = outside[i];
        assert_int_equal(sg_image_crop(image, o[0], o[1], o[2], o[3], &part, NULL),
                         SG_ERROR_ARGUMENT);
        assert_null(part);
    }
    sg_image_destroy(image);
}

static void test_pasting_replaces_a_part(void **state)
{
    (void)state;
    sg_image *target = NULL;
    sg_image *part = NULL;
    sg_image *again = NULL;
    sg_image *image = numbered_image();
    assert_int_equal(sg_image_create(WIDTH + 3, HEIGHT + 2, CHANNELS, &target, NULL), SG_OK);
    assert_int_equal(sg_image_crop(image, 1, 2, 3, 2, &part, NULL), SG_OK);
    sg_image_paste(part, target, 4, 1);
    assert_int_equal(target->pixels[(1 * target->width + 4) * CHANNELS], part->pixels[0]);
    assert_int_equal(target->pixels[(1 * target->width + 4) * CHANNELS - 1], 0);
    assert_int_equal(sg_image_crop(target, 4, 1, 3, 2, &again, NULL), SG_OK);
    assert_memory_equal(again->pixels, part->pixels, sg_image_size(part));
    const sg_image_shape shape = sg_image_shape_of(part);
    assert_true(sg_image_has_shape(again, &shape));
    assert_false(sg_image_has_shape(target, &shape));
    sg_image_destroy(again);
    sg_image_destroy(part);
    sg_image_destroy(target);
    sg_image_destroy(image);
}

static void test_values_of_levels(void **state)
{
    (void)state;
    const uint8_t levels[] = {0, 51, 255};
    float values[3];
    sg_image_level_values(levels, 3, values);
    assert_true(values[0] == -1);
    assert_true(values[1] == 51 / 127.5f - 1);
    assert_true(values[2] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_is_black),
        cmocka_unit_test(test_create_refuses_bad_shapes),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_levels_invert_the_datasets_scaling),
        cmocka_unit_test(test_from_floats_keeps_one_to_four_channels),
        cmocka_unit_test(test_from_floats_shows_three_of_many_channels),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_promises_that_a_file_cannot_keep),
        cmocka_unit_test(test_parts_hold_their_pixels),
        cmocka_unit_test(test_parts_outside_are_refused),
        cmocka_unit_test(test_pasting_replaces_a_part),
        cmocka_unit_test(test_values_of_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
