/* `stylegan dataset` from outside: what it writes, and the doctor's list of what is bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "data/dataset.h"
#include "data/kinds/open_dataset.h"
#include "image/files/png_file.h"
#include "support/dataset_run.h"
#include "support/idx_file.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 16 };

/* ---- good pictures ---- */

static void folders_become_archives_and_back(void **state)
{
    write_colors(state, "in/cat/1.png", SIDE, 10);
    write_colors(state, "in/cat/2.png", SIDE, 20);
    write_colors(state, "in/dog/1.png", SIDE, 30);
    assert_done(CONVERT("set.zip", "--max-images", "9"), "Wrote 3 RGB pictures in 2 classes");
    check_set(state, "set.zip", 3, SIDE, 3, 2);
    check_picture(state, "set.zip", 1, (const uint8_t[]){20, 100, 200}, 3, 0);
    check_picture(state, "set.zip", 2, (const uint8_t[]){30, 100, 200}, 3, 1);
    char *source = temporary_path(state, "set.zip");
    char *dest = temporary_path(state, "back");
    assert_done(RUN("dataset", "--source", source, "--dest", dest), "Wrote 3 RGB");
    check_set(state, "back", 3, SIDE, 3, 2);
    check_remark(state, "back/dataset.json", "source", "set.zip");
    check_remark(state, "back/dataset.json", "filter", NULL);
    assert_true(is_there(state, "back/00000/img00000002.png"));
    free(source);
    free(dest);
}

static void pictures_are_resized(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "in/%zu.png", i);
        write_colors(state, name, 20 + 7 * i, (uint8_t)(10 * i));
    }
    assert_done(CONVERT("set", "--resolution", "8", "--transform", "center-crop", "--filter",
                        "area", "--max-images", "2"),
                "Wrote 2 RGB pictures of 8x8 pixels");
    check_set(state, "set", 2, 8, 3, 0);
    check_picture(state, "set", 1, (const uint8_t[]){10, 100, 200}, 3, -1);
    check_remark(state, "set/dataset.json", "filter", "area");
    check_remark(state, "set/dataset.json", "transform", "center-crop");
    check_remark(state, "set/dataset.json", "source", "in");
    check_remark(state, "set/dataset.json", "labels", NULL);
}

static void idx_files_are_taken(void **state)
{
    char *images = temporary_path(state, "train-images-idx3-ubyte");
    char *labels = temporary_path(state, "train-labels-idx1-ubyte");
    char *dest = temporary_path(state, "set.zip");
    const idx_file image_file = idx_images(5, 28, 28);
    const idx_file label_file = idx_labels(5);
    idx_write(images, &image_file);
    idx_write(labels, &label_file);
    assert_done(RUN("dataset", images, dest, "--resolution", "16", "--filter", "box"),
                "Wrote 5 grey pictures of 16x16 pixels in 3 classes");
    check_set(state, "set.zip", 5, 16, 1, 3);
    check_picture(state, "set.zip", 4, (const uint8_t[]){0}, 1, 1);
    free(images);
    free(labels);
    free(dest);
}

static void equal_sets_have_equal_bytes(void **state)
{
    static const char *const names[] = {"a.zip", "b.zip"};
    unsigned char *bytes[2];
    size_t sizes[2];
    write_colors(state, "in/1.png", SIDE, 10);
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, names[i]);
        assert_done(CONVERT(names[i], "--resolution", "8"), "Wrote 1 RGB picture ");
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], NULL), SG_OK);
        free(path);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void sets_can_be_compressed(void **state)
{
    static const char *const names[] = {"large.zip", "small.zip"};
    unsigned char *bytes[2];
    size_t sizes[2];
    write_colors(state, "in/1.png", 4 * SIDE, 10);
    assert_done(CONVERT(names[0], "--skip"), "Wrote 1 RGB picture ");
    assert_done(CONVERT(names[1], "--compress"), "Wrote 1 RGB picture ");
    check_set(state, names[1], 1, 4 * SIDE, 3, 0);
    check_picture(state, names[1], 0, (const uint8_t[]){10, 100, 200}, 3, -1);
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, names[i]);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], NULL), SG_OK);
        free(bytes[i]);
        free(path);
    }
    assert_true(sizes[0] > 4 * SIDE * 4 * SIDE * 3 && sizes[1] < sizes[0] / 4);
}

/* ---- bad pictures ---- */

/* Twelve files: five good, and one of each kind of badness. */
static void write_ward(void **state)
{
    const jpeg_file jpeg = {.side = SIDE, .components = 3, .left = {1, 2, 3}, .right = {4, 5, 6}};
    size_t jpeg_size = 0;
    char *link = temporary_path(state, "in/unreadable.png");
    free(jpeg_bytes(&jpeg, &jpeg_size));
    for (size_t i = 0; i < 5; i++) {
        char name[32];
        snprintf(name, sizeof name, "in/good%zu.png", i);
        write_colors(state, name, SIDE, (uint8_t)(10 * i));
    }
    write_colors(state, "in/truncated.png", SIDE, 1);
    cut_file(state, "in/truncated.png", 60);
    jpeg_write(state, "in/truncated.jpg", &jpeg);
    cut_file(state, "in/truncated.jpg", jpeg_size - 6);
    text_write(state, "in/text.png", "this is a text");
    text_write(state, "in/empty.png", "");
    write_colors(state, "in/tiny.png", 3, 1);
    flat_png_write(state, "in/grey.png", SIDE, 1, (const uint8_t[]){77});
    assert_int_equal(symlink("/nowhere/to/be/found", link), 0);
    free(link);
}

/* The lines that every examination of the ward must hold. */
static void check_list(const char *errors)
{
    static const char *const parts[] = {
        "7 of 12 pictures are bad:",
        "/in/truncated.png: not a whole PNG file: truncated",
        "/in/truncated.jpg: not a whole JPEG file: truncated",
        "/in/text.png: not a picture although it is named .png: it seems to be a text",
        "/in/empty.png: the file is empty",
        "/in/tiny.png: has only 3x3 pixels, expected at least 8x8",
        "/in/grey.png: is grey, most others are RGB [--fix repairs it]",
        "/in/unreadable.png: No such file or directory",
    };
    size_t lines = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_holds(errors, parts[i]);
    for (const char *at = strstr(errors, "\n  "); at; at = strstr(at + 1, "\n  "))
        lines++;
    assert_int_equal(lines, 7);
}

static void the_doctor_lists_everything_at_once(void **state)
{
    write_ward(state);
    program_result result = CONVERT("set.zip", NULL);
    assert_int_equal(result.status, 1);
    check_list(result.errors);
    assert_holds(result.errors, "nothing was written: --skip leaves the bad pictures out, --fix "
                                "repairs 1 of them and leaves out 6");
    assert_string_equal(result.output, "");
    assert_false(is_there(state, "set.zip"));
    program_result_clear(&result);
}

static void bad_pictures_are_skipped(void **state)
{
    write_ward(state);
    program_result result = CONVERT("set.zip", "--skip");
    assert_int_equal(result.status, 0);
    check_list(result.errors);
    assert_holds(result.errors, "0 repaired, 7 left out");
    assert_holds(result.output, "Wrote 5 RGB pictures");
    program_result_clear(&result);
    check_set(state, "set.zip", 5, SIDE, 3, 0);
    check_picture(state, "set.zip", 4, (const uint8_t[]){40, 100, 200}, 3, -1);
}

static void bad_pictures_are_repaired(void **state)
{
    write_ward(state);
    program_result result = CONVERT("set", "--fix");
    assert_int_equal(result.status, 0);
    check_list(result.errors);
    assert_holds(result.errors, "1 repaired, 6 left out");
    program_result_clear(&result);
    check_set(state, "set", 6, SIDE, 3, 0);
    check_picture(state, "set", 5, (const uint8_t[]){77, 77, 77}, 3, -1);
}

static void small_pictures_can_be_enlarged(void **state)
{
    write_colors(state, "in/1.png", 32, 10);
    write_colors(state, "in/2.png", 12, 20);
    program_result result = CONVERT("set.zip", "--resolution", "16");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "/in/2.png: has 12x12 pixels, too few for the 16x16 asked for "
                                "[--fix repairs it]");
    program_result_clear(&result);
    result = CONVERT("set.zip", "--resolution", "16", "--fix");
    assert_int_equal(result.status, 0);
    program_result_clear(&result);
    check_set(state, "set.zip", 2, 16, 3, 0);
    check_picture(state, "set.zip", 1, (const uint8_t[]){20, 100, 200}, 3, -1);
}

/* One sentence, in place of a list of all. */
static void sets_too_small_as_a_whole_are_refused(void **state)
{
    write_colors(state, "in/1.png", 16, 10);
    write_colors(state, "in/2.png", 16, 20);
    assert_fails(CONVERT("set.zip", "--resolution", "32", "--skip"), 1,
                 "all pictures are too small for the 32x32 asked for, such as 1.png with 16x16");
    assert_fails(
        CONVERT("set.zip", "--resolution", "32x16", "--transform", "center-crop-wide", "--fix"), 1,
        "choose a smaller --resolution\n");
    assert_done(CONVERT("set.zip", "--resolution", "32", "--fix"), "Wrote 2 RGB");
    check_set(state, "set.zip", 2, 32, 3, 0);
}

static void pictures_without_a_label_are_bad(void **state)
{
    write_colors(state, "in/1.png", SIDE, 10);
    write_colors(state, "in/2.png", SIDE, 20);
    text_write(state, "in/labels.csv", "2.png,1\n3.png,0\n");
    program_result result = CONVERT("set.zip", "--skip");
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, "/in/1.png: has no label in labels.csv");
    assert_holds(result.errors, "labels for 1 picture that is not there: 3.png");
    program_result_clear(&result);
    check_set(state, "set.zip", 1, SIDE, 3, 2);
}

static void other_kinds_of_pictures_are_mentioned(void **state)
{
    write_colors(state, "in/1.png", SIDE, 10);
    text_write(state, "in/2.svg", "<svg");
    program_result result = CONVERT("set.zip", NULL);
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, "in holds 1 picture of kinds that are not read (SVG)\n");
    program_result_clear(&result);
}

static void sizes_that_differ_are_refused(void **state)
{
    write_colors(state, "in/1.png", 16, 10);
    write_colors(state, "in/2.png", 17, 10);
    write_colors(state, "in/3.png", 18, 10);
    assert_fails(CONVERT("set.zip", "--skip"), 1, "the pictures have different sizes");
    write_colors(state, "in/2.png", 16, 10);
    program_result result = CONVERT("set.zip", NULL);
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "/in/3.png: has 18x18 pixels, most others 16x16");
    program_result_clear(&result);
}

static void sizes_that_no_network_takes_are_refused(void **state)
{
    write_colors(state, "in/only.png", 34, 10);
    assert_fails(CONVERT("set.zip", NULL), 1,
                 "only.png has 34x34 pixels, expected a square of 8, 16, 32, 64 ... or a rectangle "
                 "such as 36x36");
    assert_false(is_there(state, "set.zip"));
}

/* Rectangles are made by every transform, and taken as they are. */
static void sets_of_rectangles(void **state)
{
    static const char *const transforms[] = {"stretch", "center-crop", "pad"};
    write_colors(state, "in/1.png", 64, 10);
    for (int i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "set%d.zip", i);
        program_result result =
            CONVERT(name, "--resolution", "40x24", "--transform", transforms[i]);
        assert_int_equal(result.status, 0);
        assert_holds(result.output, "of 40x24 pixels");
        program_result_clear(&result);
    }
    char *made = temporary_path(state, "set1.zip");
    char *again = temporary_path(state, "again.zip");
    program_result result = RUN("dataset", made, again);
    assert_int_equal(result.status, 0);
    program_result_clear(&result);
    free(again);
    free(made);
}

static void sets_without_a_good_picture_are_refused(void **state)
{
    text_write(state, "in/1.png", "no");
    program_result result = CONVERT("set.zip", "--skip");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "no good picture is left");
    program_result_clear(&result);
    assert_false(is_there(state, "set.zip"));
}

static void destinations_in_use_are_refused(void **state)
{
    write_colors(state, "in/1.png", SIDE, 10);
    text_write(state, "out/mine.txt", "precious");
    assert_fails(CONVERT("out", NULL), 1, "something is there already");
    assert_true(is_there(state, "out/mine.txt"));
}

/* What the sentences advise is typed as it stands there, also for sides that are no power of two.
 */
static void advice_can_be_typed(void **state)
{
    write_colors(state, "in/1.png", 23, 10);
    assert_fails(CONVERT("set.zip", NULL), 1,
                 "a rectangle such as 24x24; --resolution converts the pictures, with --transform");
    assert_fails(CONVERT("set.zip", "--resolution", "24"), 2, "or both sides as in 96x96");
    assert_done(CONVERT("set.zip", "--resolution", "24x24", "--fix"), "of 24x24 pixels");
    write_colors(state, "in/2.png", 16, 10);
    write_colors(state, "in/3.png", 16, 20);
    assert_fails(CONVERT("other.zip", NULL), 1,
                 "most others 16x16 (--resolution brings all to one size)");
}

/* ---- usage ---- */

static void bad_usage_is_refused(void **state)
{
    write_colors(state, "in/1.png", SIDE, 10);
    assert_fails(RUN("dataset"), 2, "the option --source is missing: where the pictures are");
    assert_fails(RUN("dataset", "somewhere"), 2, "--dest is missing");
    assert_fails(RUN("dataset", "a", "b", "--source", "c"), 2,
                 "the argument \"b\" is one too many");
    assert_fails(CONVERT("set", "--resolution", "12"), 2, "power of two");
    assert_fails(CONVERT("set", "--resolution", "4"), 2, "width 4");
    assert_fails(CONVERT("set", "--resolution", "33x8"), 2, "such as 34x8");
    assert_fails(CONVERT("set", "--resolution", "4x4"), 2, "such as 8x8");
    assert_fails(CONVERT("set", "--resolution", "big"), 2, "--resolution is \"big\"");
    assert_fails(CONVERT("set", "--resolution", "16x"), 2, "--resolution is \"16x\"");
    assert_fails(CONVERT("set", "--resolution", "8x16", "--transform", "center-crop-wide"), 2,
                 "higher than wide");
    assert_fails(CONVERT("set", "--transform", "crop", "--resolution", "8"), 2, "center-crop-wide");
    assert_fails(CONVERT("set", "--transform", "pad"), 2, "--transform needs --resolution");
    assert_fails(CONVERT("set", "--filter", "cubic"), 2,
                 "lanczos, box, area, bilinear, hamming or bicubic");
    assert_fails(CONVERT("set", "--max-images", "0"), 2, "--max-images is 0");
    assert_fails(RUN("dataset", "/nowhere/at/all", "set"), 1, "no such file");
    assert_done(RUN("dataset", "--help"), "Usage: stylegan dataset SOURCE DEST");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(folders_become_archives_and_back),
        IN_FOLDER(pictures_are_resized),
        IN_FOLDER(idx_files_are_taken),
        IN_FOLDER(equal_sets_have_equal_bytes),
        IN_FOLDER(sets_can_be_compressed),
        IN_FOLDER(the_doctor_lists_everything_at_once),
        IN_FOLDER(bad_pictures_are_skipped),
        IN_FOLDER(bad_pictures_are_repaired),
        IN_FOLDER(small_pictures_can_be_enlarged),
        IN_FOLDER(sets_too_small_as_a_whole_are_refused),
        IN_FOLDER(pictures_without_a_label_are_bad),
        IN_FOLDER(other_kinds_of_pictures_are_mentioned),
        IN_FOLDER(sizes_that_differ_are_refused),
        IN_FOLDER(sizes_that_no_network_takes_are_refused),
        IN_FOLDER(sets_of_rectangles),
        IN_FOLDER(sets_without_a_good_picture_are_refused),
        IN_FOLDER(destinations_in_use_are_refused),
        IN_FOLDER(advice_can_be_typed),
        IN_FOLDER(bad_usage_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
