/* Conversion between grey, grey and alpha, RGB and RGBA, by hand. */
#include "image/channels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct conversion {
    size_t from;
    size_t to;
    uint8_t pixel[4];
    uint8_t expected[4];
} conversion;

static void test_conversions(void **state)
{
    (void)state;
    static const conversion conversions[] = {
        {1, 3, {77}, {77, 77, 77}},
        {1, 4, {77}, {77, 77, 77, 255}},
        {1, 2, {77}, {77, 255}},
        {2, 1, {200, 51}, {40}},
        {2, 4, {200, 51}, {200, 200, 200, 51}},
        {3, 1, {255, 0, 0}, {76}},
        {3, 1, {0, 255, 0}, {150}},
        {3, 1, {0, 0, 255}, {29}},
        {3, 1, {255, 255, 255}, {255}},
        {3, 4, {1, 2, 3}, {1, 2, 3, 255}},
        {4, 3, {100, 200, 255, 51}, {20, 40, 51}},
        {4, 3, {100, 200, 255, 255}, {100, 200, 255}},
        {4, 2, {255, 0, 0, 9}, {76, 9}},
        {3, 3, {1, 2, 3}, {1, 2, 3}},
    };
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        const conversion *tested = &conversions[i];
        sg_image *image = NULL;
        sg_image *converted = NULL;
        assert_int_equal(sg_image_create(2, 1, tested->from, &image, NULL), SG_OK);
        memcpy(image->pixels + tested->from, tested->pixel, tested->from);
        assert_int_equal(sg_image_convert_channels(image, tested->to, &converted, NULL), SG_OK);
        assert_int_equal(converted->channels, tested->to);
        assert_int_equal(converted->pixels[0], 0);
        assert_memory_equal(converted->pixels + tested->to, tested->expected, tested->to);
        sg_image_destroy(image);
        sg_image_destroy(converted);
    }
}

static void test_refusal(void **state)
{
    (void)state;
    sg_image *image = NULL;
    sg_image *converted = NULL;
    assert_int_equal(sg_image_create(2, 1, 3, &image, NULL), SG_OK);
    assert_int_equal(sg_image_convert_channels(image, 5, &converted, NULL), SG_ERROR_ARGUMENT);
    assert_null(converted);
    sg_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conversions),
        cmocka_unit_test(test_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
