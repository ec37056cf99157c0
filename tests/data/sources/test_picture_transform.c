/* Crops and padding: which pixels are taken, and where they go. */
#include "data/sources/picture_transform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A grey picture whose pixel (x, y) is 10 y + x. */
static sg_image *numbered(size_t width, size_t height)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, 1, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(10 * (i / width) + i % width);
    return image;
}

static void check(sg_transform_kind kind, size_t width, size_t height, const sg_image *image,
                  size_t new_width, const uint8_t *expected)
{
    const bool square = sg_transform_is_band(kind) || height == 0;
    const sg_picture_transform transform = {kind, width, height, SG_RESIZE_BOX};
    sg_image *result = NULL;
    const sg_image_shape shape = sg_transform_shape(&transform);
    assert_int_equal(sg_transform_apply(&transform, image, &result, NULL), SG_OK);
    assert_true(width == 0 || (shape.width == result->width && shape.height == result->height));
    assert_int_equal(result->width, new_width);
    assert_int_equal(result->height, square ? new_width : height);
    assert_memory_equal(result->pixels, expected, sg_image_size(result));
    sg_image_destroy(result);
}

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__})

static void test_center_crop(void **state)
{
    (void)state;
    sg_image *wide = numbered(5, 2);
    sg_image *high = numbered(2, 5);
    check(SG_TRANSFORM_CENTER_CROP, 2, 2, wide, 2, BYTES(1, 2, 11, 12));
    check(SG_TRANSFORM_CENTER_CROP, 2, 2, high, 2, BYTES(10, 11, 20, 21));
    check(SG_TRANSFORM_CENTER_CROP, 1, 1, high, 1, BYTES(16));
    /* Of 5x2 pixels for 2x1, 4x2 are taken; of 2x5, 2x1. */
    check(SG_TRANSFORM_CENTER_CROP, 4, 2, wide, 4, BYTES(0, 1, 2, 3, 10, 11, 12, 13));
    check(SG_TRANSFORM_CENTER_CROP, 2, 1, high, 2, BYTES(20, 21));
    sg_image_destroy(wide);
    sg_image_destroy(high);
}

/* Of 8x4 pixels for 4x2, 4 * 4 / 8 = 2 rows are taken in their full width. */
static void test_center_crop_wide(void **state)
{
    (void)state;
    sg_image *image = numbered(8, 4);
    check(SG_TRANSFORM_CENTER_CROP_WIDE, 4, 2, image, 4,
          BYTES(0, 0, 0, 0, 11, 13, 15, 17, 21, 23, 25, 27, 0, 0, 0, 0));
    sg_image_destroy(image);
}

/* Of 4x8 pixels for 2x4, 4 * 4 / 8 = 2 columns are taken in their full height. */
static void test_center_crop_tall(void **state)
{
    (void)state;
    sg_image *image = numbered(4, 8);
    check(SG_TRANSFORM_CENTER_CROP_TALL, 2, 4, image, 4,
          BYTES(0, 6, 7, 0, 0, 26, 27, 0, 0, 46, 47, 0, 0, 66, 67, 0));
    sg_image_destroy(image);
}

static void test_pad(void **state)
{
    (void)state;
    sg_image *wide = numbered(4, 2);
    sg_image *high = numbered(2, 4);
    check(SG_TRANSFORM_PAD, 4, 4, wide, 4,
          BYTES(0, 0, 0, 0, 0, 1, 2, 3, 10, 11, 12, 13, 0, 0, 0, 0));
    check(SG_TRANSFORM_PAD, 4, 4, high, 4,
          BYTES(0, 0, 1, 0, 0, 10, 11, 0, 0, 20, 21, 0, 0, 30, 31, 0));
    sg_image_destroy(wide);
    sg_image_destroy(high);
}

static void test_stretching_and_nothing(void **state)
{
    (void)state;
    sg_image *image = numbered(4, 2);
    check(SG_TRANSFORM_NONE, 2, 2, image, 2, BYTES(1, 3, 11, 13));
    sg_image *square = numbered(2, 2);
    check(SG_TRANSFORM_NONE, 0, 0, square, 2, BYTES(0, 1, 10, 11));
    sg_image_destroy(image);
    sg_image_destroy(square);
}

static bool enlarges(sg_transform_kind kind, size_t target_height, size_t width, size_t height)
{
    const sg_picture_transform transform = {kind, 16, target_height, SG_RESIZE_BOX};
    return sg_transform_enlarges(&transform, width, height);
}

static void test_enlarging_is_foretold(void **state)
{
    (void)state;
    assert_false(enlarges(SG_TRANSFORM_NONE, 16, 16, 16));
    assert_true(enlarges(SG_TRANSFORM_NONE, 16, 100, 15));
    assert_true(enlarges(SG_TRANSFORM_CENTER_CROP, 16, 15, 100));
    assert_false(enlarges(SG_TRANSFORM_CENTER_CROP, 16, 16, 100));
    assert_true(enlarges(SG_TRANSFORM_PAD, 16, 15, 15));
    assert_false(enlarges(SG_TRANSFORM_PAD, 16, 16, 3));
    assert_true(enlarges(SG_TRANSFORM_CENTER_CROP_WIDE, 8, 15, 100));
    assert_true(enlarges(SG_TRANSFORM_CENTER_CROP_WIDE, 8, 32, 14));
    assert_false(enlarges(SG_TRANSFORM_CENTER_CROP_WIDE, 8, 32, 16));
    assert_true(enlarges(SG_TRANSFORM_CENTER_CROP_TALL, 32, 100, 31));
    assert_true(enlarges(SG_TRANSFORM_CENTER_CROP_TALL, 32, 30, 64));
    assert_false(enlarges(SG_TRANSFORM_CENTER_CROP_TALL, 32, 32, 64));
}

static void test_wide_crop_refuses_small_pictures(void **state)
{
    (void)state;
    const sg_picture_transform transform = {SG_TRANSFORM_CENTER_CROP_WIDE, 8, 4, SG_RESIZE_BOX};
    sg_image *image = numbered(4, 4);
    sg_image *result = image;
    sg_error error = {0};
    assert_int_equal(sg_transform_apply(&transform, image, &result, &error), SG_ERROR_SHAPE);
    assert_null(result);
    assert_non_null(strstr(error.message, "4x4"));
    sg_image_destroy(image);
}

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(sg_choice_find(&sg_transform_choices, "center-crop"),
                     SG_TRANSFORM_CENTER_CROP);
    assert_int_equal(sg_choice_find(&sg_transform_choices, "center-crop-wide"),
                     SG_TRANSFORM_CENTER_CROP_WIDE);
    assert_int_equal(sg_choice_find(&sg_transform_choices, "pad"), SG_TRANSFORM_PAD);
    assert_int_equal(sg_choice_find(&sg_transform_choices, "crop"), -1);
    assert_null(sg_transform_name(SG_TRANSFORM_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_center_crop),
        cmocka_unit_test(test_center_crop_wide),
        cmocka_unit_test(test_center_crop_tall),
        cmocka_unit_test(test_pad),
        cmocka_unit_test(test_stretching_and_nothing),
        cmocka_unit_test(test_enlarging_is_foretold),
        cmocka_unit_test(test_wide_crop_refuses_small_pictures),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
