/* JPEG files: every kind of colours against known pixels, and damaged files. */
#include "image/files/jpeg_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/picture_files.h"

enum { SIDE = 32 };

static sg_image *decode(const jpeg_file *file)
{
    size_t size = 0;
    sg_image *image = NULL;
    sg_error error = {0};
    sg_image_shape shape = {0};
    unsigned char *bytes = jpeg_bytes(file, &size);
    if (sg_jpeg_decode("a.jpg", bytes, size, &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(sg_jpeg_measure("a.jpg", bytes, size, &shape, NULL), SG_OK);
    assert_int_equal(shape.width, image->width);
    assert_int_equal(shape.height, image->height);
    assert_int_equal(shape.channels, image->channels);
    free(bytes);
    return image;
}

/* The halves of the decoded picture must have these colours, but for the conversion's rounding. */
static void check_halves(const jpeg_file *file, size_t channels, const int *left, const int *right)
{
    sg_image *image = decode(file);
    assert_int_equal(image->width, file->side);
    assert_int_equal(image->height, file->side);
    assert_int_equal(image->channels, channels);
    for (size_t i = 0; i < sg_image_size(image); i++) {
        const size_t x = i / channels % file->side;
        const int expected = (2 * x < file->side ? left : right)[i % channels];
        if (abs(image->pixels[i] - expected) > 2)
            fail_msg("element %zu is %d, expected %d", i, image->pixels[i], expected);
    }
    sg_image_destroy(image);
}

static void test_grey(void **state)
{
    (void)state;
    const jpeg_file file = {.side = SIDE, .components = 1, .left = {20}, .right = {200}};
    check_halves(&file, 1, (int[]){20}, (int[]){200});
}

static void test_colors(void **state)
{
    (void)state;
    jpeg_file file = {
        .side = SIDE, .components = 3, .left = {200, 40, 90}, .right = {10, 220, 130}};
    check_halves(&file, 3, (int[]){200, 40, 90}, (int[]){10, 220, 130});
    file.progressive = 1;
    check_halves(&file, 3, (int[]){200, 40, 90}, (int[]){10, 220, 130});
}

/* Adobe's inks are inverted: 255 is none. 200 * 128 / 255 = 100. */
static void test_inks(void **state)
{
    (void)state;
    jpeg_file file = {
        .side = SIDE, .components = 4, .left = {200, 100, 50, 255}, .right = {200, 255, 0, 128}};
    const int left[] = {200, 100, 50};
    const int right[] = {100, 128, 0};
    check_halves(&file, 3, left, right);
    file.progressive = 1;
    check_halves(&file, 3, left, right);
    file.ycck = 1;
    check_halves(&file, 3, left, right);
}

static void test_inks_without_adobe(void **state)
{
    (void)state;
    const jpeg_file file = {.side = SIDE,
                            .components = 4,
                            .without_adobe = 1,
                            .left = {55, 155, 205, 0},
                            .right = {55, 0, 255, 127}};
    check_halves(&file, 3, (int[]){200, 100, 50}, (int[]){100, 128, 0});
}

/* The left half comes to the left, right, top or bottom; test_orientation.c has all the rest. */
static void test_orientations(void **state)
{
    (void)state;
    for (int orientation = 0; orientation <= 8; orientation++) {
        const jpeg_file file = {.side = SIDE,
                                .components = 1,
                                .orientation = orientation,
                                .left = {20},
                                .right = {200}};
        sg_image *image = decode(&file);
        const bool high = orientation >= 5;
        const bool backwards =
            orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        const uint8_t first = image->pixels[0];
        const uint8_t last = image->pixels[SIDE * SIDE - 1];
        const uint8_t corner = image->pixels[high ? SIDE - 1 : SIDE * (SIDE - 1)];
        assert_in_range(first, backwards ? 198 : 18, backwards ? 202 : 22);
        assert_in_range(last, backwards ? 18 : 198, backwards ? 22 : 202);
        assert_int_equal(corner, first);
        sg_image_destroy(image);
    }
}

static void check_refused(const unsigned char *bytes, size_t size, const char *words)
{
    sg_error error = {0};
    sg_image *image = (sg_image *)&error;
    assert_int_equal(sg_jpeg_decode("folder/a.jpg", bytes, size, &image, &error), SG_ERROR_FORMAT);
    assert_null(image);
    assert_non_null(strstr(error.message, "folder/a.jpg"));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

static void test_truncated_files_are_refused(void **state)
{
    (void)state;
    for (int progressive = 0; progressive < 2; progressive++) {
        const jpeg_file file = {.side = SIDE,
                                .components = 3,
                                .progressive = progressive,
                                .left = {200, 40, 90},
                                .right = {10, 220, 130}};
        size_t size = 0;
        unsigned char *bytes = jpeg_bytes(&file, &size);
        for (size_t length = 0; length + 2 < size; length++) {
            /* a block of its own, so that a read beyond the end is noticed */
            unsigned char *part = malloc(length + 1);
            assert_non_null(part);
            memcpy(part, bytes, length);
            check_refused(part, length, length > size - 8 ? "truncated" : "");
            free(part);
        }
        free(bytes);
    }
}

static void test_sizes_beyond_the_file_are_refused(void **state)
{
    (void)state;
    const jpeg_file file = {.side = SIDE, .components = 1};
    size_t size = 0;
    unsigned char *bytes = jpeg_bytes(&file, &size);
    for (size_t i = 2; i + 9 < size; i++) {
        if (bytes[i] == 0xff && bytes[i + 1] == 0xc0) {
            memset(bytes + i + 5, 0xf0, 4);
            break;
        }
    }
    check_refused(bytes, size, "61680x61680");
    free(bytes);
}

/* Whatever the bytes are: a picture or a sentence, and no crash. */
static void test_damage_does_no_harm(void **state)
{
    (void)state;
    const jpeg_file file = {
        .side = SIDE, .components = 3, .progressive = 1, .left = {200, 40, 90}, .right = {9}};
    size_t size = 0;
    unsigned char *bytes = jpeg_bytes(&file, &size);
    size_t refused = 0;
    for (size_t i = 0; i < size; i++) {
        sg_image *image = NULL;
        sg_error error = {0};
        bytes[i] ^= 0x5a;
        const sg_status status = sg_jpeg_decode("a.jpg", bytes, size, &image, &error);
        assert_true((!status) == (image != NULL));
        assert_true((!status) == (error.message[0] == '\0'));
        refused += status != SG_OK;
        sg_image_destroy(image);
        bytes[i] ^= 0x5a;
    }
    assert_true(refused > 10);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grey),
        cmocka_unit_test(test_colors),
        cmocka_unit_test(test_inks),
        cmocka_unit_test(test_inks_without_adobe),
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_truncated_files_are_refused),
        cmocka_unit_test(test_sizes_beyond_the_file_are_refused),
        cmocka_unit_test(test_damage_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
