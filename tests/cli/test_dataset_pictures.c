/* `stylegan dataset` with pictures of all kinds: WebP, rare ones, and those that are to be turned.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/files/file.h"
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

static void copy_picture(void *const *state, const char *picture, const char *name)
{
    char *path = sg_path_join("tests/image/files/pictures", picture);
    copy_file(state, path, name);
    free(path);
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

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(webp_is_read_and_turned),
        TEST(training_reads_turned_pictures),
        TEST(rare_kinds_are_read),
        TEST(damaged_rare_kinds_are_bad),
        TEST(kinds_without_a_reader_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
