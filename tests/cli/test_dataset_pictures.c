/* `stylegan dataset` with pictures of all kinds: WebP, rare ones, and those that are to be turned.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/png_file.h"
#include "support/dataset_run.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"
#include "support/webp_file.h"

enum { SIDE = 16, LARGEST_PROGRAM = 1 << 30 };

/* Copies a file to "folder/name". */
static void copy_file(void *const *state, const char *path, const char *name)
{
    sg_error error = {0};
    size_t size = 0;
    unsigned char *bytes = NULL;
    if (sg_read_file(path, LARGEST_PROGRAM, &bytes, &size, &error))
        fail_msg("%s", error.message);
    bytes_write(state, name, bytes, size);
    free(bytes);
}

/* Two files of the test's folder must have equal bytes. */
static void check_same_file(void *const *state, const char *left, const char *right)
{
    const char *const names[] = {left, right};
    unsigned char *bytes[2];
    size_t sizes[2];
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, names[i]);
        assert_int_equal(sg_read_file(path, 1 << 24, &bytes[i], &sizes[i], NULL), SG_OK);
        free(path);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void copy_picture(void *const *state, const char *picture, const char *name)
{
    char *path = sg_path_join("tests/image/files/pictures", picture);
    copy_file(state, path, name);
    free(path);
}

/* A picture with a gradient, so that it is not blank; `seed` makes it another one. */
static sg_image *gradient(size_t width, size_t height, size_t channels, size_t seed)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(i * 5 + seed);
    return image;
}

static void write_webp(void *const *state, const char *name, int orientation)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(SIDE, 2 * SIDE, 3, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = i % 3 == 0 ? 200 : (uint8_t)(i / 3 / SIDE);
    webp_write(state, name, &(webp_file){.image = image, .orientation = orientation});
    sg_image_destroy(image);
}

/* Row 31 of the stored picture comes to the left, where row 0 would be without the orientation. */
static void webp_is_read_and_turned(void **state)
{
    write_webp(state, "in/a.webp", 6);
    write_webp(state, "in/b.WEBP", 0);
    assert_done(CONVERT("set", "--resolution", "16", "--transform", "center-crop"),
                "Wrote 2 RGB pictures of 16x16");
    check_picture(state, "set", 0, (const uint8_t[]){200, 23, 23}, 3, -1);
    check_picture(state, "set", 1, (const uint8_t[]){200, 8, 8}, 3, -1);
}

/* The folder itself is a data set for training: its pictures are turned there as well. */
static void training_reads_turned_pictures(void **state)
{
    jpeg_file file = {.side = SIDE, .components = 1, .left = {20}, .right = {200}};
    for (file.orientation = 2; file.orientation <= 8; file.orientation++) {
        const bool backwards = strchr("2378", '0' + file.orientation) != NULL;
        const uint8_t expected = backwards ? 200 : 20;
        jpeg_write(state, "in/a.jpg", &file);
        check_picture(state, "in", 0, &expected, 1, -1);
    }
}

static void rare_kinds_are_read(void **state)
{
    copy_picture(state, "rgb.bmp", "in/a.bmp");
    copy_picture(state, "lzw.tif", "in/b.tif");
    copy_picture(state, "halves.gif", "in/c.gif");
    copy_picture(state, "gradient.avif", "in/d.avif");
    copy_picture(state, "turned.tif", "in/e.jpg"); /* what counts is the content */
    assert_done(CONVERT("set.zip", "--resolution", "16", "--transform", "center-crop"),
                "Wrote 5 RGB pictures of 16x16");
    check_picture(state, "set.zip", 1, (const uint8_t[]){250, 20, 30}, 3, -1);
    check_picture(state, "set.zip", 4, (const uint8_t[]){250, 20, 30}, 3, -1);
}

/* Nothing else is in the folder. */
static void webp_and_tiff_alone_make_a_set(void **state)
{
    sg_image *image = gradient(24, 16, 3, 1);
    webp_write(state, "in/a.webp", &(webp_file){.image = image});
    copy_picture(state, "rgb.tif", "in/b.tif");
    assert_done(CONVERT("set.zip", NULL), "Wrote 2 RGB pictures to ");
    check_sized_set(state, "set.zip", 2, 24, 16, 3, 0);
    check_picture(state, "set.zip", 0, image->pixels, 3, -1);
    check_picture(state, "set.zip", 1, (const uint8_t[]){250, 20, 30}, 3, -1);
    sg_image_destroy(image);
}

static void damaged_rare_kinds_are_bad(void **state)
{
    copy_picture(state, "rgb.bmp", "in/a.bmp");
    copy_picture(state, "rgb.tif", "in/b.tif");
    cut_file(state, "in/b.tif", 600);
    program_result result = CONVERT("set", "--resolution", "8", "--skip");
    assert_holds(result.errors, "1 of 2 pictures is bad:");
    assert_holds(result.errors, "/in/b.tif: not a whole picture");
    assert_holds(result.output, "Wrote 1 RGB picture ");
    program_result_clear(&result);
}

/* A copy of the program without the modules beside it. */
static void kinds_without_a_reader_are_named(void **state)
{
    char *built = strdup(getenv("STYLEGAN"));
    char *alone = temporary_path(state, "alone/stylegan");
    copy_file(state, built, "alone/stylegan");
    assert_int_equal(chmod(alone, 0700), 0);
    assert_int_equal(setenv("STYLEGAN", alone, 1), 0);
    copy_picture(state, "rgb.tif", "in/a.tif");
    copy_picture(state, "gradient.heic", "in/b.heic");
    assert_fails(CONVERT("set", NULL), 1,
                 "/in: holds 2 pictures of kinds that are not read (TIFF, HEIC); install libheif "
                 "and FFmpeg's libraries");
    write_colors(state, "in/c.png", SIDE, 1);
    copy_picture(state, "rgb.tif", "in/d.png");
    program_result result = CONVERT("set", "--skip");
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, "holds 2 pictures of kinds that are not read (TIFF, HEIC)");
    assert_holds(result.errors, "/in/d.png: a TIFF needs FFmpeg's libraries, and "
                                "stylegan-video.so cannot be opened: it is not installed");
    program_result_clear(&result);
    assert_int_equal(setenv("STYLEGAN", built, 1), 0);
    free(built);
    free(alone);
}

static void write_gradient(void *const *state, const char *name, size_t width, size_t height,
                           size_t channels, size_t seed)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    sg_image *image = gradient(width, height, channels, seed);
    assert_int_equal(sg_png_encode(name, image, NULL, 0, &bytes, &size, NULL), SG_OK);
    bytes_write(state, name, bytes, size);
    free(bytes);
    sg_image_destroy(image);
}

/* ---- shapes and channels ---- */

static void width_and_height_are_the_resolution(void **state)
{
    write_gradient(state, "in/a.png", 64, 64, 3, 0);
    assert_done(CONVERT("a", "--width", "48", "--height", "32", "--transform", "center-crop",
                        "--resize-filter=box"),
                "Wrote 1 RGB picture of 48x32 pixels");
    check_sized_set(state, "a", 1, 48, 32, 3, 0);
    check_remark(state, "a/dataset.json", "filter", "box");
    assert_done(
        CONVERT("b", "--resolution", "48x32", "--transform", "center-crop", "--filter", "box"),
        "48x32");
    check_same_file(state, "a/00000/img00000000.png", "b/00000/img00000000.png");
    assert_fails(CONVERT("c", "--width", "32"), 2, "--width needs --height beside it");
    assert_fails(CONVERT("c", "--height", "32"), 2, "--height needs --width beside it");
    assert_fails(CONVERT("c", "--width", "32", "--height", "32", "--resolution", "32"), 2,
                 "--resolution and --width exclude each other");
    assert_fails(CONVERT("c", "--width", "37", "--height", "41"), 2, "is 37x41");
}

/* 32x64 pixels for 16x32: all of the columns, on a black square. */
static void tall_bands_are_laid_on_black(void **state)
{
    write_webp(state, "in/a.webp", 0);
    assert_done(CONVERT("set", "--resolution", "8x16", "--transform", "center-crop-tall"),
                "Wrote 1 RGB picture of 16x16 pixels");
    check_set(state, "set", 1, 16, 3, 0);
    check_picture(state, "set", 0, (const uint8_t[]){0, 0, 0}, 3, -1);
    check_remark(state, "set/dataset.json", "transform", "center-crop-tall");
    assert_fails(CONVERT("other", "--resolution", "16x8", "--transform", "center-crop-tall"), 2,
                 "wider than high, which --transform center-crop-tall cannot make");
}

static void channels_are_forced(void **state)
{
    static const struct {
        const char *option;
        size_t channels;
    } cases[] = {{"1", 1}, {"3", 3}, {"4", 4}};
    write_gradient(state, "in/a.png", SIDE, SIDE, 3, 0);
    write_gradient(state, "in/b.png", SIDE, SIDE, 1, 0);
    write_gradient(state, "in/c.png", SIDE, SIDE, 4, 0);
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "set%zu", i);
        program_result result = CONVERT(name, "--force-channels", cases[i].option);
        assert_int_equal(result.status, 0);
        assert_string_equal(result.errors, "");
        program_result_clear(&result);
        check_set(state, name, 3, SIDE, cases[i].channels, 0);
    }
    assert_fails(CONVERT("other", "--force-channels", "2"), 2, "1, 3 or 4");
}

/* ---- how many, and which ---- */

static void only_good_pictures_count(void **state)
{
    for (size_t i = 0; i < 9; i++) {
        char name[16];
        snprintf(name, sizeof name, "in/%zu.png", i);
        write_gradient(state, name, SIDE, SIDE, 3, i);
        if (i == 1 || i == 2 || i == 4)
            cut_file(state, name, 60);
    }
    program_result result = CONVERT("set", "--max-images", "4", "--skip");
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, "3 of 7 pictures are bad:");
    assert_holds(result.errors, "0 repaired, 3 left out");
    assert_holds(result.output, "Wrote 4 RGB pictures");
    program_result_clear(&result);
    check_picture(state, "set", 3, (const uint8_t[]){6, 11, 16}, 3, -1);
    result = CONVERT("all", "--max-images", "7", "--skip");
    assert_holds(result.output, "Wrote 6 RGB pictures");
    program_result_clear(&result);
    assert_fails(CONVERT("none", "--max-images", "1", "--resolution", "32"), 1, "too small");
}

/* Pictures to be repaired count only when they are repaired. */
static void repaired_pictures_count(void **state)
{
    write_gradient(state, "in/1.png", SIDE, SIDE, 3, 1);
    write_gradient(state, "in/2.png", SIDE, SIDE, 1, 2);
    write_gradient(state, "in/3.png", SIDE, SIDE, 3, 3);
    write_gradient(state, "in/4.png", SIDE, SIDE, 3, 4);
    program_result result = CONVERT("fixed", "--max-images", "2", "--fix");
    assert_holds(result.output, "Wrote 2 RGB pictures");
    program_result_clear(&result);
    check_picture(state, "fixed", 1, (const uint8_t[]){2, 2, 2}, 3, -1);
    result = CONVERT("skipped", "--max-images", "2", "--skip");
    assert_holds(result.output, "Wrote 2 RGB pictures");
    program_result_clear(&result);
    check_picture(state, "skipped", 1, (const uint8_t[]){3, 8, 13}, 3, -1);
}

static void repeated_and_blank_pictures_are_named(void **state)
{
    write_gradient(state, "in/a.png", SIDE, SIDE, 3, 1);
    write_gradient(state, "in/b.png", SIDE, SIDE, 3, 2);
    write_gradient(state, "in/c.png", SIDE, SIDE, 3, 1);
    write_gradient(state, "in/d.png", SIDE, SIDE, 3, 1);
    flat_png_write(state, "in/e.png", SIDE, 3, (const uint8_t[]){9, 8, 7});
    program_result result = CONVERT("set", NULL);
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, "warning: 2 pictures have the pixels of others:\n  ");
    assert_holds(result.errors, "/in/c.png = ");
    assert_holds(result.errors, "/in/d.png = ");
    assert_holds(result.errors, "/in/a.png\n");
    assert_holds(result.errors, "warning: 1 picture is almost of one colour:\n  ");
    assert_holds(result.errors, "/in/e.png\n");
    assert_holds(result.output, "Wrote 5 RGB pictures");
    program_result_clear(&result);
}

static void long_lists_are_cut(void **state)
{
    for (size_t i = 0; i < 14; i++) {
        char name[16];
        snprintf(name, sizeof name, "in/%02zu.png", i);
        write_gradient(state, name, SIDE, SIDE, 1, 0);
    }
    program_result result = CONVERT("set", NULL);
    assert_holds(result.errors, "13 pictures have the pixels of others");
    assert_holds(result.errors, "/in/10.png = ");
    assert_null(strstr(result.errors, "/in/11.png = "));
    assert_holds(result.errors, "  and 3 more\n");
    program_result_clear(&result);
}

/* ---- the overview ---- */

/* Counts the sheet's pixels of the colour (red, 100, 200), the upper halves of pictures. */
static size_t count_pixels(const sg_image *sheet, uint8_t red)
{
    size_t count = 0;
    assert_int_equal(sheet->channels, 3);
    for (size_t i = 0; i < sheet->width * sheet->height; i++) {
        const uint8_t *pixel = sheet->pixels + 3 * i;
        count += pixel[0] == red && pixel[1] == 100 && pixel[2] == 200 ? 1 : 0;
    }
    return count;
}

static sg_image *read_sheet(void *const *state, const char *name)
{
    sg_image *sheet = NULL;
    sg_error error = {0};
    char *path = temporary_path(state, name);
    if (png_read(path, &sheet, &error))
        fail_msg("%s", error.message);
    free(path);
    return sheet;
}

/* 200 pictures of 16x16, of which 64 are shown four times as large, from all over the set. */
static void overviews_show_a_sample(void **state)
{
    size_t shown = 0;
    for (size_t i = 0; i < 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "in/%03zu.png", i);
        write_colors(state, name, SIDE, (uint8_t)i);
    }
    char *path = temporary_path(state, "new/sheet.png");
    assert_done(CONVERT("set.zip", "--overview", path), "A sample of it is in ");
    sg_image *sheet = read_sheet(state, "new/sheet.png");
    for (size_t i = 0; i < 200; i++) {
        const size_t pixels = count_pixels(sheet, (uint8_t)i);
        assert_true(pixels == 0 || pixels == 64 * 32);
        shown += pixels > 0 ? 1 : 0;
    }
    assert_int_equal(shown, 64);
    assert_int_equal(count_pixels(sheet, 0), 64 * 32);
    assert_int_equal(count_pixels(sheet, 196), 64 * 32);
    sg_image_destroy(sheet);
    free(path);
}

/* Two classes of 30 and 3 pictures of 256x256: a row for each, 12 and 3 pictures of 128x128. */
static void overviews_have_rows_of_classes(void **state)
{
    size_t shown = 0;
    for (size_t i = 0; i < 33; i++) {
        char name[24];
        snprintf(name, sizeof name, "in/%s/%03zu.png", i < 30 ? "cat" : "dog", i);
        write_colors(state, name, 256, (uint8_t)(7 * i));
    }
    char *path = temporary_path(state, "sheet.png");
    assert_done(CONVERT("set.zip", "--overview", path), "in 2 classes");
    sg_image *sheet = read_sheet(state, "sheet.png");
    assert_true(sheet->width > 12 * 128 && sheet->width < 14 * 128);
    assert_true(sheet->height > 2 * 128 && sheet->height < 3 * 128);
    for (size_t i = 0; i < 33; i++) {
        const size_t pixels = count_pixels(sheet, (uint8_t)(7 * i));
        assert_true(pixels == 0 || pixels == 128 * 64);
        assert_true(i < 30 || pixels > 0);
        shown += pixels > 0 ? 1 : 0;
    }
    assert_int_equal(shown, 15);
    sg_image_destroy(sheet);
    free(path);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(webp_is_read_and_turned),
        TEST(training_reads_turned_pictures),
        TEST(rare_kinds_are_read),
        TEST(webp_and_tiff_alone_make_a_set),
        TEST(damaged_rare_kinds_are_bad),
        TEST(kinds_without_a_reader_are_named),
        TEST(width_and_height_are_the_resolution),
        TEST(tall_bands_are_laid_on_black),
        TEST(channels_are_forced),
        TEST(only_good_pictures_count),
        TEST(repaired_pictures_count),
        TEST(repeated_and_blank_pictures_are_named),
        TEST(long_lists_are_cut),
        TEST(overviews_show_a_sample),
        TEST(overviews_have_rows_of_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
