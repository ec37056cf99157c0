/* Parts of pictures. */
#include "image/crop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { WIDTH = 5, HEIGHT = 4, CHANNELS = 2 };

static sg_image *numbered_image(void)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, CHANNELS, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)i;
    return image;
}

static void parts_hold_their_pixels(void **state)
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

static void parts_outside_are_refused(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_hold_their_pixels),
        cmocka_unit_test(parts_outside_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
