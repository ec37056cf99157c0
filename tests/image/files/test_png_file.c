/* PNG files: round trips with texts, foreign colour types, damaged files. */
#include "image/files/png_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <spng.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/idx_file.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

static sg_image *patterned_image(size_t width, size_t height, size_t channels)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(i * 37 + channels);
    return image;
}

static void test_round_trip(void **state)
{
    for (size_t channels = 1; channels <= 4; channels++) {
        char *path = temporary_path(state, "picture.png");
        sg_image *image = patterned_image(7, 5, channels);
        sg_image *read = NULL;
        assert_int_equal(sg_png_write(path, image, NULL, 0, NULL), SG_OK);
        assert_int_equal(png_read(path, &read, NULL), SG_OK);
        assert_int_equal(read->width, 7);
        assert_int_equal(read->height, 5);
        assert_int_equal(read->channels, channels);
        assert_memory_equal(read->pixels, image->pixels, sg_image_size(image));
        sg_image_destroy(read);
        sg_image_destroy(image);
        free(path);
    }
}

/* A chunk eXIf before the pixels turns the picture, which is then measured as turned. */
static void test_orientation(void **state)
{
    uint8_t exif[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0};
    struct spng_exif chunk = {.data = (char *)exif, .length = sizeof exif};
    struct spng_ihdr header = {.width = 3, .height = 2, .bit_depth = 8};
    int code = 0;
    size_t size = 0;
    sg_image *image = NULL;
    sg_image_shape shape = {0};
    (void)state;
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    assert_int_equal(spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1), 0);
    assert_int_equal(spng_set_ihdr(encoder, &header), 0);
    assert_int_equal(spng_set_exif(encoder, &chunk), 0);
    assert_int_equal(spng_encode_image(encoder, (const uint8_t[]){1, 2, 3, 4, 5, 6}, 6,
                                       SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE),
                     0);
    unsigned char *bytes = spng_get_png_buffer(encoder, &size, &code);
    assert_int_equal(sg_png_measure("a.png", bytes, size, &shape, NULL), SG_OK);
    assert_int_equal(sg_png_decode("a.png", bytes, size, &image, NULL), SG_OK);
    assert_int_equal(image->width, 2);
    assert_true(sg_image_has_shape(image, &shape));
    assert_memory_equal(image->pixels, ((const uint8_t[]){4, 1, 5, 2, 6, 3}), 6);
    sg_image_destroy(image);
    free(bytes);
    spng_ctx_free(encoder);
}

/* Compares a file's text chunks with those of `texts` that have a type (other than 0) in `types`.
 */
static void check_texts(const char *path, const sg_png_text *texts, const int *types, size_t count)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct spng_text found[8];
    uint32_t found_count = 0;
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    spng_ctx *decoder = spng_ctx_new(0);
    assert_int_equal(spng_set_png_buffer(decoder, bytes, size), 0);
    assert_int_equal(spng_get_text(decoder, NULL, &found_count), 0);
    assert_true(found_count <= 8);
    assert_int_equal(spng_get_text(decoder, found, &found_count), 0);
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (types[i] == 0)
            continue;
        assert_true(next < found_count);
        assert_string_equal(found[next].keyword, texts[i].key);
        assert_int_equal(found[next].type, types[i]);
        assert_int_equal(found[next].length, strlen(texts[i].value));
        assert_memory_equal(found[next].text, texts[i].value, found[next].length);
        next++;
    }
    assert_int_equal(found_count, next);
    spng_ctx_free(decoder);
    free(bytes);
}

static void test_texts(void **state)
{
    static const sg_png_text texts[] = {
        {"Software", "stylegan"},
        {"Seed", "42"},
        {"Network", "Gesichter f\xc3\xbcr \xe2\x82\xac.safetensors"},
        {"Folder", "not utf-8: \xff\xfe \xc3"},
        {"Empty", ""},
        {"Title", "two\nlines"}};
    static const int types[] = {SPNG_TEXT, SPNG_TEXT, SPNG_ITXT, SPNG_TEXT, 0, SPNG_TEXT};
    char *path = temporary_path(state, "texts.png");
    sg_image *image = patterned_image(4, 4, 3);
    sg_image *read = NULL;
    sg_error error = {0};
    assert_int_equal(sg_png_write(path, image, texts, 6, &error), SG_OK);
    check_texts(path, texts, types, 6);
    assert_int_equal(png_read(path, &read, NULL), SG_OK);
    assert_memory_equal(read->pixels, image->pixels, sg_image_size(image));
    sg_image_destroy(read);
    sg_image_destroy(image);
    free(path);
}

static void test_bad_keys_write_nothing(void **state)
{
    static const char *const keys[] = {
        "",
        " Seed",
        "Seed ",
        "Two  spaces",
        "line\nbreak",
        "gr\xc3\xb6\xc3\x9f"
        "e",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890"};
    char *path = temporary_path(state, "bad-key.png");
    sg_image *image = patterned_image(4, 4, 3);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const sg_png_text text = {keys[i], "value"};
        sg_error error = {0};
        assert_int_equal(sg_png_write(path, image, &text, 1, &error), SG_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, path));
        assert_false(sg_path_exists(path));
    }
    sg_image_destroy(image);
    free(path);
}

static void test_equal_input_gives_equal_bytes(void **state)
{
    static const sg_png_text text = {"Seed", "7"};
    char *path = temporary_path(state, "equal.png");
    sg_image *image = patterned_image(33, 17, 3);
    unsigned char *bytes[2];
    size_t sizes[2];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sg_png_write(path, image, &text, 1, NULL), SG_OK);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], NULL), SG_OK);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    sg_image_destroy(image);
    free(path);
}

static void test_write_names_the_file_it_cannot_write(void **state)
{
    char *path = temporary_path(state, "no-such-folder/picture.png");
    sg_image *image = patterned_image(2, 2, 1);
    sg_error error = {0};
    assert_int_equal(sg_png_write(path, image, NULL, 0, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "no-such-folder"));
    sg_image_destroy(image);
    free(path);
}

/* A PNG of another kind than sg_png_write makes. */
typedef struct foreign_png {
    struct spng_ihdr header;
    const struct spng_plte *palette;
    const struct spng_trns *transparency;
    const void *pixels;
    size_t size;
} foreign_png;

static void write_foreign(const char *path, const foreign_png *png)
{
    struct spng_ihdr header = png->header;
    int code = 0;
    size_t size = 0;
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    assert_int_equal(spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1), 0);
    assert_int_equal(spng_set_ihdr(encoder, &header), 0);
    if (png->palette) {
        struct spng_plte palette = *png->palette;
        assert_int_equal(spng_set_plte(encoder, &palette), 0);
    }
    if (png->transparency) {
        struct spng_trns transparency = *png->transparency;
        assert_int_equal(spng_set_trns(encoder, &transparency), 0);
    }
    assert_int_equal(
        spng_encode_image(encoder, png->pixels, png->size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
    void *bytes = spng_get_png_buffer(encoder, &size, &code);
    assert_int_equal(code, 0);
    raw_write(path, bytes, size);
    free(bytes);
    spng_ctx_free(encoder);
}

static void check_foreign(void **state, const foreign_png *png, size_t channels,
                          const uint8_t *expected)
{
    char *path = temporary_path(state, "foreign.png");
    sg_image *image = NULL;
    sg_error error = {0};
    write_foreign(path, png);
    assert_int_equal(png_read(path, &image, &error), SG_OK);
    assert_int_equal(image->width, png->header.width);
    assert_int_equal(image->height, png->header.height);
    assert_int_equal(image->channels, channels);
    assert_memory_equal(image->pixels, expected, sg_image_size(image));
    sg_image_destroy(image);
    free(path);
}

static void test_reads_palettes(void **state)
{
    static const struct spng_plte palette = {
        .n_entries = 2, .entries = {{.red = 10, .green = 20, .blue = 30}, {.red = 250}}};
    static const struct spng_trns transparency = {.n_type3_entries = 1, .type3_alpha = {99}};
    static const uint8_t pixels[] = {0x40}; /* 2 pixels of 1 bit: 0, 1 */
    static const uint8_t opaque[] = {10, 20, 30, 250, 0, 0};
    static const uint8_t transparent[] = {10, 20, 30, 99, 250, 0, 0, 255};
    foreign_png png = {.header = {.width = 2, .height = 1, .bit_depth = 1, .color_type = 3},
                       .palette = &palette,
                       .pixels = pixels,
                       .size = 1};
    check_foreign(state, &png, 3, opaque);
    png.transparency = &transparency;
    check_foreign(state, &png, 4, transparent);
}

static void test_reads_16_bits(void **state)
{
    static const uint16_t grey[] = {0x1234, 0xfedc};
    static const uint8_t grey_levels[] = {0x12, 0xfe};
    static const uint16_t grey_alpha[] = {0x1234, 0x8000, 0xfedc, 0xffff};
    static const uint8_t grey_alpha_levels[] = {0x12, 0x80, 0xfe, 0xff};
    static const uint16_t colour[] = {0x0100, 0x0200, 0x0300, 0xff00, 0xfe00, 0xfd00};
    static const uint8_t colour_levels[] = {1, 2, 3, 255, 254, 253};
    foreign_png png = {.header = {.width = 2, .height = 1, .bit_depth = 16, .color_type = 0},
                       .pixels = grey,
                       .size = sizeof grey};
    check_foreign(state, &png, 1, grey_levels);
    png.header.color_type = 4;
    png.pixels = grey_alpha;
    png.size = sizeof grey_alpha;
    check_foreign(state, &png, 2, grey_alpha_levels);
    png.header.color_type = 2;
    png.pixels = colour;
    png.size = sizeof colour;
    check_foreign(state, &png, 3, colour_levels);
}

static void test_reads_transparent_grey(void **state)
{
    static const struct spng_trns transparency = {.gray = 5};
    static const uint8_t pixels[] = {5, 200};
    static const uint8_t expected[] = {5, 0, 200, 255};
    const foreign_png png = {.header = {.width = 2, .height = 1, .bit_depth = 8, .color_type = 0},
                             .transparency = &transparency,
                             .pixels = pixels,
                             .size = 2};
    check_foreign(state, &png, 2, expected);
}

/* Any damage must be reported with the file's name, and nothing may be left behind. */
static void check_refused(const char *path, sg_status expected)
{
    sg_error error = {0};
    sg_image *image = (sg_image *)&error;
    assert_int_equal(png_read(path, &image, &error), expected);
    assert_null(image);
    assert_non_null(strstr(error.message, path));
}

static void test_refuses_damaged_files(void **state)
{
    char *path = temporary_path(state, "damaged.png");
    sg_image *image = patterned_image(40, 40, 3);
    unsigned char *bytes = NULL;
    size_t size = 0;
    check_refused(path, SG_ERROR_FILE);
    assert_int_equal(sg_png_write(path, image, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    /* The last 12 bytes are the IEND chunk, which holds nothing. */
    for (size_t kept = 0; kept < size - 12; kept += kept < 64 ? 1 : 97) {
        raw_write(path, bytes, kept);
        check_refused(path, SG_ERROR_FORMAT);
    }
    bytes[size / 2] ^= 0x10; /* inside the pixel data: the chunk's checksum no longer fits */
    raw_write(path, bytes, size);
    check_refused(path, SG_ERROR_FORMAT);
    raw_write(path, "JFIF, not a PNG at all, but long enough to look at", 50);
    check_refused(path, SG_ERROR_FORMAT);
    free(bytes);
    sg_image_destroy(image);
    free(path);
}

/* CRC-32 of the PNG standard's annex D, to forge a header. */
static uint32_t png_checksum(const unsigned char *bytes, size_t size)
{
    uint32_t checksum = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        checksum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            checksum = (checksum & 1) != 0 ? 0xedb88320 ^ checksum >> 1 : checksum >> 1;
    }
    return ~checksum;
}

static void test_refuses_headers_that_promise_too_much(void **state)
{
    char *path = temporary_path(state, "huge.png");
    sg_image *image = patterned_image(8, 8, 3);
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_png_write(path, image, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    static const unsigned char side[] = {0, 0, 0xc0, 0}; /* 49152 */
    memcpy(bytes + 16, side, 4);
    memcpy(bytes + 20, side, 4);
    const uint32_t checksum = png_checksum(bytes + 12, 17);
    for (size_t i = 0; i < 4; i++)
        bytes[29 + i] = (unsigned char)(checksum >> (24 - 8 * i));
    raw_write(path, bytes, size);
    check_refused(path, SG_ERROR_FORMAT);
    sg_error error = {0};
    sg_image *read = NULL;
    (void)png_read(path, &read, &error);
    assert_non_null(strstr(error.message, "49152x49152"));
    free(bytes);
    sg_image_destroy(image);
    free(path);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orientation),
        TEST(test_round_trip),
        TEST(test_texts),
        TEST(test_bad_keys_write_nothing),
        TEST(test_equal_input_gives_equal_bytes),
        TEST(test_write_names_the_file_it_cannot_write),
        TEST(test_reads_palettes),
        TEST(test_reads_16_bits),
        TEST(test_reads_transparent_grey),
        TEST(test_refuses_damaged_files),
        TEST(test_refuses_headers_that_promise_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
