/* WebP files: colours, alpha, EXIF orientations, animations, and damaged files. */
#include "image/files/webp_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/orientation.h"
#include "support/webp_file.h"

enum { WIDTH = 6, HEIGHT = 4 };

/* Pixels that all differ, with alpha that is never 0, under which colours may change. */
static sg_image *patterned(size_t channels)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(i * 2 + 40);
    return image;
}

/* Decodes the file, which must measure to what it decodes to. */
static sg_image *decode(const webp_file *file)
{
    size_t size = 0;
    sg_image *image = NULL;
    sg_error error = {0};
    sg_image_shape shape = {0};
    unsigned char *bytes = webp_bytes(file, &size);
    if (sg_webp_decode("a.webp", bytes, size, &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(sg_webp_measure("a.webp", bytes, size, &shape, NULL), SG_OK);
    assert_true(sg_image_has_shape(image, &shape));
    free(bytes);
    return image;
}

static void test_colours_and_alpha(void **state)
{
    (void)state;
    for (size_t channels = 3; channels <= 4; channels++) {
        sg_image *image = patterned(channels);
        sg_image *decoded = decode(&(webp_file){.image = image});
        const sg_image_shape shape = sg_image_shape_of(image);
        assert_true(sg_image_has_shape(decoded, &shape));
        assert_memory_equal(decoded->pixels, image->pixels, sg_image_size(image));
        sg_image_destroy(image);
        sg_image_destroy(decoded);
    }
}

static void test_orientations(void **state)
{
    (void)state;
    for (int orientation = 1; orientation <= SG_LAST_ORIENTATION; orientation++) {
        sg_image *image = patterned(3);
        sg_image *decoded = decode(&(webp_file){.image = image, .orientation = orientation});
        assert_int_equal(sg_image_orient(&image, orientation, NULL), SG_OK);
        const sg_image_shape shape = sg_image_shape_of(image);
        assert_true(sg_image_has_shape(decoded, &shape));
        assert_memory_equal(decoded->pixels, image->pixels, sg_image_size(image));
        sg_image_destroy(image);
        sg_image_destroy(decoded);
    }
}

/* The EXIF data are at the end: the start alone does not tell the shape. */
static void test_the_start_tells_the_shape(void **state)
{
    (void)state;
    size_t size = 0;
    sg_image_shape shape = {0};
    sg_image *image = patterned(3);
    unsigned char *bytes = webp_bytes(&(webp_file){.image = image}, &size);
    assert_int_equal(sg_webp_measure("a.webp", bytes, 40, &shape, NULL), SG_OK);
    assert_true(sg_image_has_shape(image, &shape));
    free(bytes);
    bytes = webp_bytes(&(webp_file){.image = image, .orientation = 6}, &size);
    assert_int_equal(sg_webp_measure("a.webp", bytes, size - 1, &shape, NULL), SG_ERROR_FORMAT);
    free(bytes);
    sg_image_destroy(image);
}

static void test_the_first_frame_of_an_animation(void **state)
{
    (void)state;
    sg_image *image = patterned(4);
    sg_image *part = NULL;
    sg_image *decoded = decode(&(webp_file){.image = image, .canvas = 12});
    assert_int_equal(decoded->width, 12);
    assert_int_equal(decoded->height, 12);
    assert_int_equal(decoded->pixels[3], 0);
    assert_int_equal(sg_image_crop(decoded, 2, 4, WIDTH, HEIGHT, &part, NULL), SG_OK);
    assert_memory_equal(part->pixels, image->pixels, sg_image_size(image));
    sg_image_destroy(part);
    sg_image_destroy(decoded);
    sg_image_destroy(image);
}

static void check_refused(const unsigned char *bytes, size_t size, const char *words)
{
    sg_error error = {0};
    sg_image *image = (sg_image *)&error;
    assert_int_equal(sg_webp_decode("folder/a.webp", bytes, size, &image, &error), SG_ERROR_FORMAT);
    assert_null(image);
    assert_non_null(strstr(error.message, "folder/a.webp"));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

static void test_damaged_files_are_refused(void **state)
{
    (void)state;
    size_t size = 0;
    sg_image *image = patterned(3);
    unsigned char *bytes = webp_bytes(&(webp_file){.image = image, .orientation = 6}, &size);
    for (size_t length = 12; length < size; length++) {
        unsigned char *part = malloc(length);
        assert_non_null(part);
        memcpy(part, bytes, length);
        check_refused(part, length, length > 64 ? "truncated" : "");
        free(part);
    }
    bytes[20 + 10 + 8] = 0; /* the signature of the lossless stream */
    check_refused(bytes, size, "damaged");
    free(bytes);
    sg_image_destroy(image);
}

/* 16384x16384 pixels of one colour in a header. */
static void test_sizes_beyond_any_picture_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[] = "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0";
    check_refused(bytes, sizeof bytes, "16384x16384");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_colours_and_alpha),
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_the_start_tells_the_shape),
        cmocka_unit_test(test_the_first_frame_of_an_animation),
        cmocka_unit_test(test_damaged_files_are_refused),
        cmocka_unit_test(test_sizes_beyond_any_picture_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
