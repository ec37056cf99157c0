/* The eight orientations, on a picture without any symmetry. */
#include "image/orientation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * 0 1 2
 * 3 4 5, with a second channel of 10 times that
 */
static sg_image *numbered(void)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(3, 2, 2, &image, NULL), SG_OK);
    for (size_t i = 0; i < 6; i++) {
        image->pixels[2 * i] = (uint8_t)i;
        image->pixels[2 * i + 1] = (uint8_t)(10 * i);
    }
    return image;
}

/* What EXIF's table of corners says for each number. */
static void test_all_orientations(void **state)
{
    static const uint8_t expected[SG_LAST_ORIENTATION + 1][6] = {
        {0, 1, 2, 3, 4, 5}, /* no such number */
        {0, 1, 2, 3, 4, 5}, {2, 1, 0, 5, 4, 3}, {5, 4, 3, 2, 1, 0}, {3, 4, 5, 0, 1, 2},
        {0, 3, 1, 4, 2, 5}, {3, 0, 4, 1, 5, 2}, {5, 2, 4, 1, 3, 0}, {2, 5, 1, 4, 0, 3},
    };
    (void)state;
    for (int orientation = 0; orientation <= SG_LAST_ORIENTATION; orientation++) {
        sg_image *image = numbered();
        const sg_image_shape shape = sg_orientation_shape(sg_image_shape_of(image), orientation);
        assert_int_equal(sg_image_orient(&image, orientation, NULL), SG_OK);
        assert_int_equal(shape.width, orientation >= 5 ? 2 : 3);
        assert_true(sg_image_has_shape(image, &shape));
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(image->pixels[2 * i], expected[orientation][i]);
            assert_int_equal(image->pixels[2 * i + 1], 10 * expected[orientation][i]);
        }
        sg_image_destroy(image);
    }
}

static void test_other_numbers_change_nothing(void **state)
{
    (void)state;
    sg_image *image = numbered();
    const sg_image *before = image;
    assert_int_equal(sg_image_orient(&image, 9, NULL), SG_OK);
    assert_int_equal(sg_image_orient(&image, -1, NULL), SG_OK);
    assert_ptr_equal(image, before);
    sg_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_orientations),
        cmocka_unit_test(test_other_numbers_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
