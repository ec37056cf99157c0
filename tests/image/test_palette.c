/* Palettes: exact where they can be, near where they cannot, flat areas stay flat. */
#include "image/palette.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 64, PIXELS = SIDE * SIDE };

static sg_image *create(size_t channels)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(SIDE, SIDE, channels, &image, NULL), SG_OK);
    return image;
}

static void exactly_256_colors_are_kept(void **state)
{
    (void)state;
    static uint8_t indices[PIXELS];
    sg_palette palette;
    sg_image *image = create(3);
    for (size_t i = 0; i < PIXELS; i++) {
        image->pixels[3 * i] = (uint8_t)(i % 256);
        image->pixels[3 * i + 1] = (uint8_t)(255 - i % 256);
        image->pixels[3 * i + 2] = 9;
    }
    assert_int_equal(sg_palette_apply(image, &palette, indices, NULL), SG_OK);
    assert_int_equal(palette.count, 256);
    for (size_t i = 0; i < PIXELS; i++)
        assert_memory_equal(palette.colors[indices[i]], image->pixels + 3 * i, 3);
    sg_image_destroy(image);
}

/* An area of one colour among thousands of others shows one colour, near to its own. */
static void flat_areas_stay_flat(void **state)
{
    (void)state;
    static uint8_t indices[PIXELS];
    sg_palette palette;
    sg_image *image = create(3);
    for (size_t i = 0; i < PIXELS; i++) {
        const bool flat = i < PIXELS / 2;
        image->pixels[3 * i] = (uint8_t)(flat ? 200 : i * 7);
        image->pixels[3 * i + 1] = (uint8_t)(flat ? 20 : i / 16);
        image->pixels[3 * i + 2] = (uint8_t)(flat ? 90 : i * 3);
    }
    assert_int_equal(sg_palette_apply(image, &palette, indices, NULL), SG_OK);
    assert_int_equal(palette.count, 256);
    for (size_t i = 1; i < PIXELS / 2; i++)
        assert_int_equal(indices[i], indices[0]);
    for (int c = 0; c < 3; c++)
        assert_true(abs(palette.colors[indices[0]][c] - image->pixels[c]) <= 3);
    sg_image_destroy(image);
}

static void other_channels_are_refused(void **state)
{
    (void)state;
    static uint8_t indices[PIXELS];
    sg_palette palette;
    sg_image *image = create(1);
    assert_int_equal(sg_palette_apply(image, &palette, indices, NULL), SG_ERROR_SHAPE);
    sg_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_256_colors_are_kept),
        cmocka_unit_test(flat_areas_stay_flat),
        cmocka_unit_test(other_channels_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
