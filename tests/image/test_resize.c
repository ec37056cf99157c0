/* Resizing: values worked out by hand, values of Pillow's own code, and what must always hold. */
#include "image/resize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static sg_image *image_of(size_t width, size_t height, size_t channels, const uint8_t *pixels)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    memcpy(image->pixels, pixels, sg_image_size(image));
    return image;
}

/* Resizes a picture and compares every element. */
static void check(size_t width, size_t height, size_t channels, const uint8_t *pixels,
                  sg_resize_filter filter, size_t new_width, size_t new_height,
                  const uint8_t *expected)
{
    sg_image *image = image_of(width, height, channels, pixels);
    sg_image *resized = NULL;
    assert_int_equal(sg_image_resize(image, new_width, new_height, filter, &resized, NULL), SG_OK);
    assert_int_equal(resized->width, new_width);
    assert_int_equal(resized->height, new_height);
    assert_int_equal(resized->channels, channels);
    for (size_t i = 0; i < sg_image_size(resized); i++) {
        if (resized->pixels[i] != expected[i])
            fail_msg("%s %zux%zu to %zux%zu: element %zu is %d, expected %d",
                     sg_choice_name(&sg_resize_choices, filter), width, height, new_width,
                     new_height, i, resized->pixels[i], expected[i]);
    }
    sg_image_destroy(image);
    sg_image_destroy(resized);
}

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__})

/* Halves, along rows first and rounded there: (0 + 1) / 2 becomes 1, then (1 + 4) / 2 becomes 3. */
static void test_box_by_hand(void **state)
{
    (void)state;
    check(2, 2, 1, BYTES(10, 20, 30, 60), SG_RESIZE_BOX, 1, 1, BYTES(30));
    check(2, 2, 1, BYTES(0, 1, 4, 4), SG_RESIZE_BOX, 1, 1, BYTES(3));
    check(4, 1, 1, BYTES(10, 20, 200, 100), SG_RESIZE_BOX, 2, 1, BYTES(15, 150));
    check(1, 4, 1, BYTES(10, 20, 200, 100), SG_RESIZE_BOX, 1, 2, BYTES(15, 150));
    check(2, 2, 3, BYTES(10, 0, 255, 20, 0, 255, 30, 0, 255, 40, 8, 255), SG_RESIZE_BOX, 1, 1,
          BYTES(25, 2, 255));
    /* of three pixels, the middle one's centre is on the border, which belongs to the left */
    check(3, 1, 1, BYTES(0, 90, 180), SG_RESIZE_BOX, 2, 1, BYTES(45, 180));
}

/* Three to two: (1 a + 1/2 b) / (3/2). */
static void test_area_by_hand(void **state)
{
    (void)state;
    check(3, 1, 1, BYTES(0, 90, 180), SG_RESIZE_AREA, 2, 1, BYTES(30, 150));
    check(1, 3, 1, BYTES(0, 90, 180), SG_RESIZE_AREA, 1, 2, BYTES(30, 150));
    check(2, 2, 1, BYTES(10, 20, 30, 60), SG_RESIZE_AREA, 1, 1, BYTES(30));
    /* enlarged from two to three, the middle pixel lies on both halves */
    check(2, 1, 1, BYTES(30, 90), SG_RESIZE_AREA, 3, 1, BYTES(30, 60, 90));
    /* five to two: (a + b + c / 2) / 2.5 */
    check(5, 1, 1, BYTES(100, 50, 50, 0, 25), SG_RESIZE_AREA, 2, 1, BYTES(70, 20));
}

/* From Image.resize of Pillow 9.4. */
static void test_values_of_pillow(void **state)
{
    (void)state;
    static const uint8_t row[] = {10, 250, 30, 0, 255, 90, 160, 40};
    static const uint8_t square[] = {10, 250, 30, 0, 255, 90, 160, 40, 200, 7, 77, 177};
    check(8, 1, 1, row, SG_RESIZE_LANCZOS, 3, 1, BYTES(95, 116, 119));
    check(8, 1, 1, row, SG_RESIZE_LANCZOS, 5, 1, BYTES(124, 77, 107, 163, 80));
    check(8, 1, 1, row, SG_RESIZE_LANCZOS, 12, 1,
          BYTES(0, 139, 249, 77, 0, 43, 237, 191, 84, 156, 105, 27));
    check(8, 1, 1, row, SG_RESIZE_BOX, 3, 1, BYTES(97, 128, 97));
    check(8, 1, 1, row, SG_RESIZE_BOX, 5, 1, BYTES(130, 30, 128, 90, 100));
    check(8, 1, 1, row, SG_RESIZE_BOX, 12, 1,
          BYTES(10, 250, 250, 30, 0, 0, 255, 90, 90, 160, 40, 40));
    check(3, 4, 1, square, SG_RESIZE_LANCZOS, 2, 2, BYTES(110, 143, 67, 146));
    check(3, 4, 1, square, SG_RESIZE_LANCZOS, 5, 6,
          BYTES(5, 112, 243, 122, 0, 0, 104, 255, 150, 12, 31, 104, 226, 169, 93, 174, 112, 64, 140,
                207, 100, 58, 39, 139, 216, 0, 12, 87, 153, 178));
}

static void test_smoother_filters_of_pillow(void **state)
{
    (void)state;
    static const uint8_t row[] = {10, 250, 30, 0, 255, 90, 160, 40};
    static const uint8_t square[] = {10, 250, 30, 0, 255, 90, 160, 40, 200, 7, 77, 177};
    check(8, 1, 1, row, SG_RESIZE_BILINEAR, 3, 1, BYTES(109, 109, 116));
    check(8, 1, 1, row, SG_RESIZE_BILINEAR, 5, 1, BYTES(108, 81, 122, 139, 89));
    check(8, 1, 1, row, SG_RESIZE_BILINEAR, 12, 1,
          BYTES(10, 130, 213, 67, 15, 43, 212, 173, 102, 148, 100, 40));
    check(3, 4, 1, square, SG_RESIZE_BILINEAR, 2, 2, BYTES(100, 134, 77, 142));
    check(3, 4, 1, square, SG_RESIZE_BILINEAR, 5, 6,
          BYTES(10, 106, 250, 118, 30, 5, 104, 253, 137, 60, 27, 104, 219, 153, 108, 133, 110, 76,
                139, 182, 84, 74, 59, 137, 189, 7, 35, 77, 137, 177));
    check(8, 1, 1, row, SG_RESIZE_HAMMING, 3, 1, BYTES(124, 113, 109));
    check(8, 1, 1, row, SG_RESIZE_HAMMING, 5, 1, BYTES(92, 68, 127, 116, 81));
    check(8, 1, 1, row, SG_RESIZE_HAMMING, 12, 1,
          BYTES(10, 130, 244, 36, 15, 7, 248, 173, 92, 158, 100, 40));
    check(3, 4, 1, square, SG_RESIZE_HAMMING, 2, 2, BYTES(76, 115, 76, 152));
    check(3, 4, 1, square, SG_RESIZE_HAMMING, 5, 6,
          BYTES(10, 77, 250, 92, 30, 5, 74, 253, 114, 60, 5, 73, 249, 137, 93, 155, 124, 46, 154,
                197, 84, 77, 59, 152, 189, 7, 27, 77, 149, 177));
    check(8, 1, 1, row, SG_RESIZE_BICUBIC, 3, 1, BYTES(103, 112, 116));
    check(8, 1, 1, row, SG_RESIZE_BICUBIC, 5, 1, BYTES(113, 79, 119, 147, 86));
    check(8, 1, 1, row, SG_RESIZE_BICUBIC, 12, 1,
          BYTES(0, 136, 238, 61, 0, 31, 234, 184, 90, 157, 101, 32));
    check(3, 4, 1, square, SG_RESIZE_BICUBIC, 2, 2, BYTES(104, 137, 71, 145));
    check(3, 4, 1, square, SG_RESIZE_BICUBIC, 5, 6,
          BYTES(0, 104, 250, 115, 9, 0, 100, 255, 138, 36, 22, 99, 229, 159, 98, 158, 114, 64, 142,
                198, 91, 67, 47, 141, 206, 0, 21, 79, 145, 183));
}

static void test_constants_stay(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 7, 20, 64, 333};
    for (int filter = SG_RESIZE_LANCZOS; filter < SG_RESIZE_FILTERS; filter++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            sg_image *image = NULL;
            sg_image *resized = NULL;
            assert_int_equal(sg_image_create(40, 23, 3, &image, NULL), SG_OK);
            memset(image->pixels, 251, sg_image_size(image));
            assert_int_equal(sg_image_resize(image, sizes[i], sizes[i] / 2 + 1,
                                             (sg_resize_filter)filter, &resized, NULL),
                             SG_OK);
            for (size_t k = 0; k < sg_image_size(resized); k++)
                assert_int_equal(resized->pixels[k], 251);
            sg_image_destroy(image);
            sg_image_destroy(resized);
        }
    }
}

/* Colours under no alpha do not bleed: white and transparent red give half-transparent white. */
static void test_alpha_weighs(void **state)
{
    (void)state;
    check(2, 1, 4, BYTES(255, 255, 255, 255, 255, 0, 0, 0), SG_RESIZE_BOX, 1, 1,
          BYTES(255, 255, 255, 128));
    check(2, 1, 2, BYTES(100, 255, 9, 0), SG_RESIZE_AREA, 1, 1, BYTES(99, 128));
}

static void test_same_size_is_a_copy(void **state)
{
    (void)state;
    check(2, 1, 4, BYTES(9, 8, 7, 0, 200, 100, 50, 3), SG_RESIZE_LANCZOS, 2, 1,
          BYTES(9, 8, 7, 0, 200, 100, 50, 3));
}

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(sg_choice_find(&sg_resize_choices, "area"), SG_RESIZE_AREA);
    assert_int_equal(sg_choice_find(&sg_resize_choices, "box"), SG_RESIZE_BOX);
    assert_int_equal(sg_choice_find(&sg_resize_choices, "lanczos"), SG_RESIZE_LANCZOS);
    assert_int_equal(sg_choice_find(&sg_resize_choices, "nearest"), -1);
}

static void test_bad_sizes_are_refused(void **state)
{
    (void)state;
    sg_image *image = image_of(2, 1, 1, BYTES(1, 2));
    sg_image *resized = image;
    assert_int_equal(sg_image_resize(image, 0, 3, SG_RESIZE_BOX, &resized, NULL),
                     SG_ERROR_ARGUMENT);
    assert_null(resized);
    sg_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box_by_hand),
        cmocka_unit_test(test_area_by_hand),
        cmocka_unit_test(test_values_of_pillow),
        cmocka_unit_test(test_smoother_filters_of_pillow),
        cmocka_unit_test(test_constants_stay),
        cmocka_unit_test(test_alpha_weighs),
        cmocka_unit_test(test_same_size_is_a_copy),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bad_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
