/*
 * The kinds that modules read, against the pixels that tests/image/files/pictures/README.md states.
 * HEIC is tested where libheif was there when the project was built.
 */
#include "image/files/rare_picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/channels.h"
#include "image/files/picture_file.h"

enum { WIDTH = 24, HEIGHT = 16 };

/* The picture that the files show. */
static sg_image *gradient(void)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(WIDTH, HEIGHT, 3, &image, NULL), SG_OK);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            const bool corner = x < WIDTH / 2 && y < HEIGHT / 2;
            uint8_t *pixel = image->pixels + 3 * (y * WIDTH + x);
            pixel[0] = corner ? 250 : (uint8_t)(10 * x);
            pixel[1] = corner ? 20 : (uint8_t)(15 * y);
            pixel[2] = corner ? 30 : 80;
        }
    return image;
}

static unsigned char *read_file(const char *name, size_t *size)
{
    sg_error error = {0};
    unsigned char *bytes = NULL;
    char *path = sg_path_join("tests/image/files/pictures", name);
    if (sg_read_file(path, 1 << 16, &bytes, size, &error))
        fail_msg("%s", error.message);
    free(path);
    return bytes;
}

/* Decodes a file, which must measure to what it decodes to. */
static sg_image *decode(const char *name)
{
    size_t size = 0;
    sg_error error = {0};
    sg_image *image = NULL;
    sg_image_shape shape = {0};
    unsigned char *bytes = read_file(name, &size);
    if (sg_picture_decode(name, bytes, size, &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(sg_picture_measure(name, bytes, size, &shape, NULL), SG_OK);
    assert_true(sg_image_has_shape(image, &shape));
    free(bytes);
    return image;
}

/* Every level of `found` must be within `tolerance` of `expected`. */
static void check_near(const char *name, const sg_image *found, const sg_image *expected,
                       int tolerance)
{
    const sg_image_shape shape = sg_image_shape_of(expected);
    if (!sg_image_has_shape(found, &shape))
        fail_msg("%s is %zux%zux%zu", name, found->width, found->height, found->channels);
    for (size_t i = 0; i < sg_image_size(expected); i++)
        if (abs(found->pixels[i] - expected->pixels[i]) > tolerance)
            fail_msg("%s: byte %zu is %d, expected %d", name, i, found->pixels[i],
                     expected->pixels[i]);
}

static void test_colours(void **state)
{
    static const char *const names[] = {"rgb.bmp", "opaque.bmp", "rgb.tif",     "lzw.tif",
                                        "rgb.ppm", "turned.tif", "lossless.jp2"};
    (void)state;
    sg_image *expected = gradient();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sg_image *image = decode(names[i]);
        check_near(names[i], image, expected, 0);
        sg_image_destroy(image);
    }
    sg_image_destroy(expected);
}

static void test_grey(void **state)
{
    static const char *const names[] = {"grey.tif", "grey.pgm"};
    (void)state;
    sg_image *colours = gradient();
    sg_image *expected = NULL;
    assert_int_equal(sg_image_convert_channels(colours, 1, &expected, NULL), SG_OK);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sg_image *image = decode(names[i]);
        check_near(names[i], image, expected, 1);
        sg_image_destroy(image);
    }
    sg_image_destroy(expected);
    sg_image_destroy(colours);
}

static void test_alpha(void **state)
{
    (void)state;
    sg_image *image = decode("alpha.tif");
    assert_int_equal(image->channels, 4);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        assert_int_equal(image->pixels[4 * i + 3], 10 * (i % WIDTH));
    sg_image_destroy(image);
}

static void test_the_first_frame_of_a_gif(void **state)
{
    static const char *const names[] = {"halves.gif", "frames.gif"};
    static const uint8_t halves[2][3] = {{250, 20, 30}, {10, 90, 200}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        sg_image *image = decode(names[i]);
        assert_int_equal(image->width, WIDTH);
        assert_int_equal(image->channels, 3);
        for (size_t k = 0; k < WIDTH * HEIGHT; k++)
            assert_memory_equal(image->pixels + 3 * k, halves[k % WIDTH >= WIDTH / 2], 3);
        sg_image_destroy(image);
    }
}

/* Compressed with loss. FFmpeg's libraries read AVIF where libheif is not there. */
static void test_pictures_of_videos(void **state)
{
    static const char *const names[] = {"gradient.avif", "gradient.heic"};
    (void)state;
    sg_image *expected = gradient();
    for (size_t i = 0; i < 2; i++) {
        const sg_rare_kind *kind = sg_rare_kind_of_ending(strrchr(names[i], '.'));
        assert_non_null(kind);
        if (!sg_rare_kind_is_read(kind))
            continue;
        sg_image *image = decode(names[i]);
        check_near(names[i], image, expected, 24);
        sg_image_destroy(image);
    }
    sg_image_destroy(expected);
}

static void check_refused(const char *name, const unsigned char *bytes, size_t size,
                          const char *words)
{
    sg_error error = {0};
    sg_image *image = (sg_image *)&error;
    assert_int_equal(sg_picture_decode(name, bytes, size, &image, &error), SG_ERROR_FORMAT);
    assert_null(image);
    assert_non_null(strstr(error.message, name));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

static void test_cut_files_are_refused(void **state)
{
    static const char *const names[] = {"rgb.bmp", "rgb.tif",  "lzw.tif",       "halves.gif",
                                        "rgb.ppm", "grey.pgm", "gradient.avif", "lossless.jp2"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = 0;
        unsigned char *bytes = read_file(names[i], &size);
        check_refused(names[i], bytes, size - 12,
                      strstr(names[i], ".avif") ? "not a whole AVIF: truncated" : "not a whole ");
        free(bytes);
    }
}

/* FFmpeg's libraries would make black pictures of them. */
static void test_tiff_with_jpeg_is_refused(void **state)
{
    size_t size = 0;
    (void)state;
    unsigned char *bytes = read_file("jpeg.tif", &size);
    check_refused("jpeg.tif", bytes, size, "compressed as JPEG");
    free(bytes);
}

static void test_kinds_are_told_apart(void **state)
{
    static const struct {
        const char *start, *name;
        size_t size;
    } files[] = {
        {"BM______", "BMP", 8},
        {"MM\0*____", "TIFF", 8},
        {"GIF89a", "GIF", 6},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0mif1heic",
         "HEIC", 24},
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1avif",
         "AVIF", 24},
        {"\0\0\0\x14"
         "ftypisom\0\0\0\0avc1",
         NULL, 20},
        {"BM", "BMP", 2},
        {"", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const sg_rare_kind *kind =
            sg_rare_kind_of((const unsigned char *)files[i].start, files[i].size);
        if (files[i].name)
            assert_string_equal(kind->name, files[i].name);
        else
            assert_null(kind);
    }
    assert_string_equal(sg_rare_kind_of_ending(".TiF")->name, "TIFF");
    assert_null(sg_rare_kind_of_ending(".png"));
    assert_null(sg_rare_kind_of_ending(""));
    assert_null(sg_rare_kind_of_ending(".t"));
}

static unsigned long bit_of(const char *ending)
{
    return 1UL << sg_rare_kind_number(sg_rare_kind_of_ending(ending));
}

static void test_what_must_be_installed(void **state)
{
    char text[128];
    (void)state;
    assert_string_equal(sg_rare_kinds_describe(bit_of(".heic") | bit_of(".tif"), text, sizeof text),
                        "(TIFF, HEIC); install libheif and FFmpeg's libraries");
    assert_string_equal(sg_rare_kinds_describe(bit_of(".heic"), text, sizeof text),
                        "(HEIC); install libheif");
    assert_string_equal(sg_rare_kinds_describe(bit_of(".svg"), text, sizeof text), "(SVG)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_grey),
        cmocka_unit_test(test_alpha),
        cmocka_unit_test(test_the_first_frame_of_a_gif),
        cmocka_unit_test(test_pictures_of_videos),
        cmocka_unit_test(test_cut_files_are_refused),
        cmocka_unit_test(test_tiff_with_jpeg_is_refused),
        cmocka_unit_test(test_kinds_are_told_apart),
        cmocka_unit_test(test_what_must_be_installed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
