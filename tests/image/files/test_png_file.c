/* PNG files: round trips with texts, foreign colour types, damaged files. */
#include "image/files/png_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

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
    static const uint8_t exif[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 18,
                                   1,   3,   0,  1, 0, 0, 0, 6, 0, 0, 0};
    const foreign_png file = {.width = 3,
                              .height = 2,
                              .bit_depth = 8,
                              .pixels = (const uint8_t[]){1, 2, 3, 4, 5, 6},
                              .exif = exif,
                              .exif_size = sizeof exif};
    size_t size = 0;
    sg_image *image = NULL;
    sg_image_shape shape = {0};
    (void)state;
    unsigned char *bytes = foreign_png_bytes(&file, &size);
    assert_int_equal(sg_png_measure("a.png", bytes, size, &shape, NULL), SG_OK);
    assert_int_equal(sg_png_decode("a.png", bytes, size, &image, NULL), SG_OK);
    assert_int_equal(image->width, 2);
    assert_true(sg_image_has_shape(image, &shape));
    assert_memory_equal(image->pixels, ((const uint8_t[]){4, 1, 5, 2, 6, 3}), 6);
    sg_image_destroy(image);
    free(bytes);
}

/* What libpng's own reader takes from. */
typedef struct png_bytes {
    unsigned char *bytes;
    size_t size, position;
} png_bytes;

static void take_bytes(png_structp png, png_bytep bytes, size_t count)
{
    png_bytes *file = png_get_io_ptr(png);
    assert_true(count <= file->size - file->position);
    memcpy(bytes, file->bytes + file->position, count);
    file->position += count;
}

/* Compares a file's text chunks with those of `texts` that have a kind in `kinds`: libpng's, or
 * LEFT_OUT. */
enum { LEFT_OUT = 100 };
static void check_texts(const char *path, const sg_png_text *texts, const int *kinds, size_t count)
{
    png_bytes file = {0};
    png_textp found = NULL;
    assert_int_equal(sg_read_file(path, 1 << 20, &file.bytes, &file.size, NULL), SG_OK);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_read_fn(png, &file, take_bytes);
    png_read_info(png, info);
    const int found_count = png_get_text(png, info, &found, NULL);
    int next = 0;
    for (size_t i = 0; i < count; i++) {
        if (kinds[i] == LEFT_OUT)
            continue;
        assert_true(next < found_count);
        const size_t length = kinds[i] == PNG_ITXT_COMPRESSION_NONE ? found[next].itxt_length
                                                                    : found[next].text_length;
        assert_string_equal(found[next].key, texts[i].key);
        assert_int_equal(found[next].compression, kinds[i]);
        assert_int_equal(length, strlen(texts[i].value));
        assert_memory_equal(found[next].text, texts[i].value, length);
        next++;
    }
    assert_int_equal(found_count, next);
    png_destroy_read_struct(&png, &info, NULL);
    free(file.bytes);
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
    static const int kinds[] = {PNG_TEXT_COMPRESSION_NONE,
                                PNG_TEXT_COMPRESSION_NONE,
                                PNG_ITXT_COMPRESSION_NONE,
                                PNG_TEXT_COMPRESSION_NONE,
                                LEFT_OUT,
                                PNG_TEXT_COMPRESSION_NONE};
    char *path = temporary_path(state, "texts.png");
    sg_image *image = patterned_image(4, 4, 3);
    sg_image *read = NULL;
    sg_error error = {0};
    assert_int_equal(sg_png_write(path, image, texts, 6, &error), SG_OK);
    check_texts(path, texts, kinds, 6);
    unsigned char *bytes = NULL;
    size_t size = 0;
    char value[16] = "";
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    assert_true(sg_png_read_text(bytes, size, "Seed", value, sizeof value));
    assert_string_equal(value, "42");
    assert_true(sg_png_read_text(bytes, size, "Network", value, sizeof value));
    assert_string_equal(value, "Gesichter f\xc3\xbcr ");
    assert_false(sg_png_read_text(bytes, size, "Empty", value, sizeof value));
    free(bytes);
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
        ("gr\xc3\xb6\xc3\x9f"
         "e"),
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

static void check_foreign(void **state, const foreign_png *png, size_t channels,
                          const uint8_t *expected)
{
    char *path = temporary_path(state, "foreign.png");
    sg_image *image = NULL;
    sg_error error = {0};
    size_t size = 0;
    unsigned char *bytes = foreign_png_bytes(png, &size);
    raw_write(path, bytes, size);
    free(bytes);
    assert_int_equal(png_read(path, &image, &error), SG_OK);
    assert_int_equal(image->width, png->width);
    assert_int_equal(image->height, png->height);
    assert_int_equal(image->channels, channels);
    assert_memory_equal(image->pixels, expected, sg_image_size(image));
    sg_image_destroy(image);
    free(path);
}

static void test_reads_palettes(void **state)
{
    static const uint8_t palette[] = {10, 20, 30, 250, 0, 0};
    static const uint8_t alpha[] = {99};
    static const uint8_t pixels[] = {0x40}; /* 2 pixels of 1 bit: 0, 1 */
    static const uint8_t opaque[] = {10, 20, 30, 250, 0, 0};
    static const uint8_t transparent[] = {10, 20, 30, 99, 250, 0, 0, 255};
    foreign_png png = {.width = 2,
                       .height = 1,
                       .bit_depth = 1,
                       .color_type = 3,
                       .palette = palette,
                       .palette_size = 2,
                       .pixels = pixels};
    check_foreign(state, &png, 3, opaque);
    png.palette_alpha = alpha;
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
    foreign_png png = {.width = 2, .height = 1, .bit_depth = 16, .pixels = grey};
    check_foreign(state, &png, 1, grey_levels);
    png.color_type = 4;
    png.pixels = grey_alpha;
    check_foreign(state, &png, 2, grey_alpha_levels);
    png.color_type = 2;
    png.pixels = colour;
    check_foreign(state, &png, 3, colour_levels);
}

static void test_reads_transparent_grey(void **state)
{
    static const uint8_t pixels[] = {5, 200};
    static const uint8_t expected[] = {5, 0, 200, 255};
    const foreign_png png = {.width = 2,
                             .height = 1,
                             .bit_depth = 8,
                             .has_transparent_grey = 1,
                             .transparent_grey = 5,
                             .pixels = pixels};
    check_foreign(state, &png, 2, expected);
}

/* Interlaced rows come in seven passes; a picture of 1 pixel has only the first. */
static void test_reads_interlaced(void **state)
{
    uint8_t pixels[9 * 11 * 3];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 71);
    foreign_png png = {.width = 9,
                       .height = 11,
                       .bit_depth = 8,
                       .color_type = 2,
                       .interlaced = 1,
                       .pixels = pixels};
    check_foreign(state, &png, 3, pixels);
    png.width = png.height = 1;
    check_foreign(state, &png, 3, pixels);
}

/* Fewer bits than 8 are scaled to the whole range. */
static void test_reads_few_bits(void **state)
{
    static const uint8_t pixels[] = {0x1b};
    static const uint8_t twos[] = {0, 85, 170, 255};
    static const uint8_t fours[] = {17, 187};
    foreign_png png = {.width = 4, .height = 1, .bit_depth = 2, .pixels = pixels};
    check_foreign(state, &png, 1, twos);
    png.width = 2;
    png.bit_depth = 4;
    check_foreign(state, &png, 1, fours);
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

/* Colours beyond the palette are black, as other readers have them. */
static void test_reads_colours_beyond_the_palette(void **state)
{
    static const uint8_t palette[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const uint8_t pixels[] = {0, 3, 2};
    static const uint8_t expected[] = {1, 2, 3, 0, 0, 0, 7, 8, 9};
    const foreign_png png = {.width = 3,
                             .height = 1,
                             .bit_depth = 8,
                             .color_type = PNG_COLOR_TYPE_PALETTE,
                             .palette = palette,
                             .palette_size = 3,
                             .pixels = pixels};
    check_foreign(state, &png, 3, expected);
}

/* Compressed texts of 15 MB each: what is not asked for is not unpacked, and what is has a bound.
 */
static void test_bounds_the_chunks_before_the_pixels(void **state)
{
    enum { TEXT = 15 << 20, TEXTS = 8 };
    char *text = calloc(1, TEXT + 1);
    char value[8] = "";
    size_t size = 0;
    sg_image *image = NULL;
    (void)state;
    assert_non_null(text);
    memset(text, 'x', TEXT);
    foreign_png png = {.width = 1, .height = 1, .bit_depth = 8, .pixels = "y", .text = text};
    for (size_t repeats = 1; repeats <= TEXTS; repeats += TEXTS - 1) {
        png.text_repeats = repeats;
        unsigned char *bytes = foreign_png_bytes(&png, &size);
        assert_int_equal(sg_png_decode("a.png", bytes, size, &image, NULL), SG_OK);
        assert_true(sg_png_read_text(bytes, size, "Comment", value, sizeof value) ==
                    (repeats == 1));
        sg_image_destroy(image);
        free(bytes);
    }
    free(text);
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
        TEST(test_reads_interlaced),
        TEST(test_reads_few_bits),
        TEST(test_refuses_damaged_files),
        TEST(test_reads_colours_beyond_the_palette),
        cmocka_unit_test(test_bounds_the_chunks_before_the_pixels),
        TEST(test_refuses_headers_that_promise_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
