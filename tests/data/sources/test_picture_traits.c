/* Fingerprints tell pictures apart by shape and by each byte; blank pictures are found. */
#include "data/sources/picture_traits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sg_image *flat(size_t width, size_t height, size_t channels, uint8_t level)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    memset(image->pixels, level, sg_image_size(image));
    return image;
}

static sg_fingerprint print_of(size_t width, size_t height, size_t channels)
{
    sg_image *image = flat(width, height, channels, 7);
    const sg_fingerprint print = sg_picture_fingerprint(image);
    sg_image_destroy(image);
    return print;
}

static void test_shapes_differ(void **state)
{
    (void)state;
    const sg_fingerprint prints[] = {print_of(12, 3, 1), print_of(3, 12, 1), print_of(6, 6, 1),
                                     print_of(3, 4, 3), print_of(3, 3, 4)};
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(sg_fingerprint_compare(&prints[i], &prints[k]) == 0, i == k);
}

/* A size that is no multiple of eight bytes. */
static void test_every_byte_counts(void **state)
{
    (void)state;
    sg_image *image = flat(5, 3, 3, 7);
    const sg_fingerprint print = sg_picture_fingerprint(image);
    for (size_t i = 0; i < sg_image_size(image); i++) {
        image->pixels[i] ^= 1;
        const sg_fingerprint changed = sg_picture_fingerprint(image);
        assert_int_not_equal(changed.first, print.first);
        assert_int_not_equal(changed.second, print.second);
        image->pixels[i] ^= 1;
    }
    const sg_fingerprint again = sg_picture_fingerprint(image);
    assert_int_equal(sg_fingerprint_compare(&again, &print), 0);
    sg_image_destroy(image);
}

static void test_order(void **state)
{
    (void)state;
    const sg_fingerprint prints[] = {{1, 9}, {2, 1}, {2, 3}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            const int order = sg_fingerprint_compare(&prints[i], &prints[k]);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
}

/* One pixel in a hundred may differ, and any may be a little off. */
static void test_blank_pictures(void **state)
{
    (void)state;
    sg_image *image = flat(20, 10, 3, 200);
    for (size_t i = 0; i < sg_image_size(image); i += 2)
        image->pixels[i] = 208;
    image->pixels[0] = 0;
    image->pixels[301] = 0;
    assert_true(sg_picture_is_blank(image));
    image->pixels[599] = 0;
    assert_false(sg_picture_is_blank(image));
    sg_image_destroy(image);
}

/* A picture whose alpha alone shows something. */
static void test_alpha_counts(void **state)
{
    (void)state;
    sg_image *image = flat(10, 10, 2, 0);
    assert_true(sg_picture_is_blank(image));
    for (size_t i = 1; i < 60; i += 2)
        image->pixels[i] = 255;
    assert_false(sg_picture_is_blank(image));
    sg_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes_differ), cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_order),         cmocka_unit_test(test_blank_pictures),
        cmocka_unit_test(test_alpha_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
