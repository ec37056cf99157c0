/* Folders of pictures: every kind of file against known pixels, labels, and what does not fit. */
#include "data/kinds/open_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>

#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { SIDE = 8 };

static sg_dataset *open_folder(void **state)
{
    sg_dataset *dataset = NULL;
    sg_error error = {0};
    if (sg_dataset_open(*state, &dataset, &error))
        fail_msg("%s", error.message);
    return dataset;
}

static void check_refused(void **state, sg_status status, const char *words)
{
    sg_error error = {0};
    sg_dataset *dataset = (sg_dataset *)&error;
    assert_int_equal(sg_dataset_open(*state, &dataset, &error), status);
    assert_null(dataset);
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

/* The labels of all pictures must be these. */
static void check_labels(const sg_dataset *dataset, size_t label_count, const int *labels,
                         size_t count)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    uint8_t pixels[SIDE * SIDE * 4];
    assert_int_equal(info.image_count, count);
    assert_int_equal(info.label_count, label_count);
    for (size_t i = 0; i < count; i++) {
        int label = 99;
        assert_int_equal(sg_dataset_read(dataset, i, pixels, &label, NULL), SG_OK);
        assert_int_equal(label, labels[i]);
    }
}

#define CHECK_LABELS(dataset, label_count, ...)                                                    \
    check_labels(dataset, label_count, (const int[]){__VA_ARGS__},                                 \
                 sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void write_grey(void **state, const char *name, uint8_t level)
{
    flat_png_write(state, name, SIDE, 1, &level);
}

/* ---- kinds of files ---- */

/* Opens the folder with its one picture, and compares the first and the last pixel. */
static void check_only_picture(void **state, size_t channels, const int *first, const int *last,
                               int tolerance)
{
    uint8_t pixels[SIDE * SIDE * 4];
    sg_dataset *dataset = open_folder(state);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, 1);
    assert_int_equal(info.width, SIDE);
    assert_int_equal(info.height, SIDE);
    assert_int_equal(info.channels, channels);
    assert_int_equal(info.label_count, 0);
    assert_int_equal(sg_dataset_read(dataset, 0, pixels, NULL, NULL), SG_OK);
    for (size_t c = 0; c < channels; c++) {
        assert_in_range(pixels[c] + 8, first[c] + 8 - tolerance, first[c] + 8 + tolerance);
        assert_in_range(pixels[(SIDE * SIDE - 1) * channels + c] + 8, last[c] + 8 - tolerance,
                        last[c] + 8 + tolerance);
    }
    sg_dataset_destroy(dataset);
}

#define PIXEL(...) ((const int[]){__VA_ARGS__})

static void test_png_of_eight_bits(void **state)
{
    for (size_t channels = 1; channels <= 4; channels++) {
        flat_png_write(state, "a.png", SIDE, channels, (const uint8_t[]){11, 22, 33, 44});
        check_only_picture(state, channels, PIXEL(11, 22, 33, 44), PIXEL(11, 22, 33, 44), 0);
    }
}

static void test_png_of_sixteen_bits(void **state)
{
    uint16_t pixels[SIDE * SIDE * 3] = {0x0102, 0x80ff, 0xff00};
    uint16_t *last = pixels + SIDE * SIDE * 3 - 3;
    memcpy(last, (const uint16_t[]){0xffff, 0x1234, 0x00ff}, 3 * sizeof *last);
    png_write(state, "a.png", SIDE, PNG_COLOR_TYPE_RGB, 16, pixels, NULL);
    check_only_picture(state, 3, PIXEL(0x01, 0x80, 0xff), PIXEL(0xff, 0x12, 0x00), 0);
    pixels[SIDE * SIDE - 1] = 0xabcd;
    png_write(state, "a.png", SIDE, PNG_COLOR_TYPE_GRAY, 16, pixels, NULL);
    check_only_picture(state, 1, PIXEL(0x01), PIXEL(0xab), 0);
}

static void test_png_with_a_palette(void **state)
{
    static const uint8_t palette[] = {1, 2, 3, 40, 50, 60, 7, 8, 9, 100, 150, 200};
    uint8_t pixels[SIDE * SIDE] = {1};
    pixels[SIDE * SIDE - 1] = 3;
    png_write(state, "a.png", SIDE, PNG_COLOR_TYPE_PALETTE, 8, pixels, palette);
    check_only_picture(state, 3, PIXEL(40, 50, 60), PIXEL(100, 150, 200), 0);
    /* four pixels to a byte */
    uint8_t packed[SIDE * SIDE / 4] = {0x40};
    packed[sizeof packed - 1] = 0x03;
    png_write(state, "a.png", SIDE, PNG_COLOR_TYPE_PALETTE, 2, packed, palette);
    check_only_picture(state, 3, PIXEL(40, 50, 60), PIXEL(100, 150, 200), 0);
}

static void test_png_of_one_bit(void **state)
{
    const uint8_t rows[SIDE] = {0x80, 0, 0, 0, 0, 0, 0, 0x01};
    png_write(state, "a.png", SIDE, PNG_COLOR_TYPE_GRAY, 1, rows, NULL);
    check_only_picture(state, 1, PIXEL(255), PIXEL(255), 0);
}

static void test_jpeg(void **state)
{
    jpeg_file file = {.side = SIDE, .components = 1, .left = {30}, .right = {30}};
    jpeg_write(state, "a.JPG", &file);
    check_only_picture(state, 1, PIXEL(30), PIXEL(30), 1);
    file =
        (jpeg_file){.side = SIDE, .components = 3, .left = {30, 90, 200}, .right = {30, 90, 200}};
    for (file.progressive = 0; file.progressive < 2; file.progressive++) {
        jpeg_write(state, "a.JPG", &file);
        check_only_picture(state, 3, PIXEL(30, 90, 200), PIXEL(30, 90, 200), 2);
    }
    file = (jpeg_file){
        .side = SIDE, .components = 4, .left = {255, 0, 200, 128}, .right = {255, 0, 200, 128}};
    jpeg_write(state, "a.JPG", &file);
    check_only_picture(state, 3, PIXEL(128, 0, 100), PIXEL(128, 0, 100), 2);
}

/* What counts is the content. */
static void test_jpeg_called_png(void **state)
{
    const jpeg_file file = {.side = SIDE, .components = 1, .left = {30}, .right = {30}};
    jpeg_write(state, "a.png", &file);
    check_only_picture(state, 1, PIXEL(30), PIXEL(30), 1);
}

/* ---- order and labels ---- */

static void test_order_is_by_path(void **state)
{
    write_grey(state, "b.png", 3);
    write_grey(state, "a/z.png", 2);
    write_grey(state, "a.png", 1);
    write_grey(state, ".hidden.png", 9);
    write_grey(state, ".hidden/a.png", 9);
    text_write(state, "notes.txt", "not a picture");
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 0, -1, -1, -1);
    for (size_t i = 0; i < 3; i++) {
        uint8_t pixels[SIDE * SIDE];
        assert_int_equal(sg_dataset_read(dataset, i, pixels, NULL, NULL), SG_OK);
        assert_int_equal(pixels[0], i + 1);
    }
    assert_non_null(strstr(*state, sg_dataset_info_of(dataset).name));
    sg_dataset_destroy(dataset);
}

/* Classes are in the order of the folders' own names, which that of the paths is not. */
static void test_labels_from_sub_folders(void **state)
{
    write_grey(state, "cat/1.png", 1);
    write_grey(state, "cat/deeper/2.png", 2);
    write_grey(state, "cat 2/1.png", 3);
    write_grey(state, "dog/1.png", 4);
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 3, 1, 0, 0, 2);
    sg_dataset_destroy(dataset);
}

static void test_folders_that_are_no_classes(void **state)
{
    write_grey(state, "00000/img00000000.png", 1);
    write_grey(state, "00001/img00001000.png", 2);
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 0, -1, -1);
    sg_dataset_destroy(dataset);
}

static void test_one_folder_is_no_class(void **state)
{
    write_grey(state, "all/1.png", 1);
    write_grey(state, "all/2.png", 2);
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 0, -1, -1);
    sg_dataset_destroy(dataset);
}

static void test_labels_from_json(void **state)
{
    write_grey(state, "a/1.png", 1);
    write_grey(state, "b/2.png", 2);
    text_write(state, "labels.csv", "a/1.png,7\nb/2.png,7\n");
    text_write(state, "dataset.json",
               "{\"labels\": [[\"b/2.png\", 0], [\"gone.png\", 9], [\"a/1.png\", 3]]}");
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 4, 3, 0);
    sg_dataset_destroy(dataset);
}

static void test_null_labels_in_json(void **state)
{
    write_grey(state, "a/1.png", 1);
    write_grey(state, "b/2.png", 2);
    text_write(state, "dataset.json", "{\"labels\": null}");
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 0, -1, -1);
    sg_dataset_destroy(dataset);
}

static void test_labels_from_csv(void **state)
{
    static const char *const texts[] = {
        "a/1.png,2\nb 2.png,0\n",
        "path,label\r\nb 2.png,0\r\n\r\n\"a/1.png\",2",
        ("\xef\xbb\xbf"
         "a/1.png,2\n\"b 2.png\",\"0\"\n"),
    };
    write_grey(state, "a/1.png", 1);
    write_grey(state, "b 2.png", 2);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        text_write(state, "labels.csv", texts[i]);
        sg_dataset *dataset = open_folder(state);
        CHECK_LABELS(dataset, 3, 2, 0);
        sg_dataset_destroy(dataset);
    }
}

static void test_csv_of_another_name(void **state)
{
    write_grey(state, "1.png", 1);
    text_write(state, "classes.csv", "file,class\n1.png,5\n");
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 6, 5);
    sg_dataset_destroy(dataset);
    text_write(state, "others.csv", "file,class\n1.png,5\n");
    check_refused(state, SG_ERROR_FORMAT, "labels.csv");
}

static void test_bad_label_files_are_refused(void **state)
{
    static const char *const tables[][2] = {
        {"1.png,1\n1.png\n", "line 2 is \"1.png\""},
        {"1.png,1\n1.png,cat\n", "line 2 is \"1.png,cat\""},
        {"1.png,1\n\n1.png,-1\n", "line 3"},
        {"1.png,1,2\n1.png,1\n", "line 2 is \"1.png,1\""},
        {",1\n", "line 1"},
        {"1.png,70000\n2.png,1\n", "line 1"},
        {"1.png,7\n2.png,99999999999999999999\n", "line 2"},
        {"2.png,7\n3.png,7\n", "none of the 2 labels"},
    };
    static const char *const objects[][2] = {
        {"{\"labels\": [[\"1.png\", -1]]}", "[\"1.png\",-1]"},
        {"{\"labels\": [[\"1.png\", 1.5]]}", "[\"1.png\",1.5]"},
        {"{\"labels\": [[\"1.png\", [0, true]]]}", "[\"1.png\",[0,true]]"},
        {"{\"labels\": [[\"1.png\", []]]}", "[\"1.png\",[]]"},
        {"{\"labels\": [[\"1.png\", [1, 2]], [\"2.png\", [1]]]}", "[\"2.png\",[1]]"},
        {"{\"labels\": [[\"1.png\", 1], [\"2.png\", [1]]]}", "[\"2.png\",[1]]"},
        {"{\"labels\": [[\"1.png\"]]}", "[\"1.png\"]"},
        {"{\"labels\": [[1, 1]]}", "[1,1]"},
        {"{\"labels\": [7]}", "a label is 7"},
        {"{\"labels\": [[\"2.png\", 7]]}", "the first is for \"2.png\""},
    };
    write_grey(state, "1.png", 1);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        text_write(state, "labels.csv", tables[i][0]);
        check_refused(state, SG_ERROR_FORMAT, tables[i][1]);
    }
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        text_write(state, "dataset.json", objects[i][0]);
        check_refused(state, SG_ERROR_FORMAT, objects[i][1]);
    }
}

static void test_files_that_are_no_labels_are_passed_over(void **state)
{
    static const char *const files[][3] = {
        {"dataset.json", "[1", "is not JSON at line 1, column 2"},
        {"dataset.json", "", "is not JSON"},
        {"dataset.json", "{\"labels\": [\n[\"1.png\", 1],\n]}", "not JSON at line 3, column 1"},
        {"dataset.json", "{\"labels\": 3}", "neither a list nor null"},
        {"dataset.json", "{\"images\": []}", "it has no \"labels\""},
        {"dataset.json", "[1]", "not a JSON object"},
        {"labels.csv", "1.png\n", "no names and labels side by side"},
        {"labels.csv", "\n\n", "it is empty"},
        {"notes.csv", "place,size\nhere,7\n", "it names none of the pictures"},
        {"notes.csv", "1.png,7\n1.png,many\n", "line 2 is \"1.png,many\""},
        {"notes.csv", "1.png,a red house\n2.png,a dog\n3.png,a cat\n", "no classes"},
    };
    write_grey(state, "1.png", 1);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *path = temporary_path(state, files[i][0]);
        text_write(state, files[i][0], files[i][1]);
        sg_dataset *dataset = open_folder(state);
        CHECK_LABELS(dataset, 0, -1);
        const char *notes = sg_dataset_info_of(dataset).notes;
        assert_non_null(notes);
        assert_non_null(strstr(notes, "Warning: "));
        assert_non_null(strstr(notes, path));
        if (!strstr(notes, files[i][2]))
            fail_msg("'%s' does not contain '%s'", notes, files[i][2]);
        sg_dataset_destroy(dataset);
        assert_int_equal(unlink(path), 0);
        free(path);
    }
}

/* Labels of any kind do not stand in the way of who wants none. */
static void test_labels_that_nobody_asked_for(void **state)
{
    static const char *const texts[] = {"{\"labels\": [[\"1.png\", -1]]}",
                                        "{\"labels\": [[\"2.png\", 3]]}", "{"};
    write_grey(state, "1.png", 1);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sg_dataset *dataset = NULL;
        text_write(state, "dataset.json", texts[i]);
        assert_int_equal(sg_dataset_open_unlabelled(*state, &dataset, NULL), SG_OK);
        CHECK_LABELS(dataset, 0, -1);
        assert_string_equal(sg_dataset_info_of(dataset).unread_labels, "dataset.json");
        sg_dataset_destroy(dataset);
    }
}

/* Nothing is left unread where dataset.json says that there is nothing, as that of every set
 * without labels does. */
static void test_no_labels_to_leave(void **state)
{
    sg_dataset *dataset = NULL;
    write_grey(state, "00000/1.png", 1);
    text_write(state, "dataset.json", "{\"labels\": null}");
    assert_int_equal(sg_dataset_open_unlabelled(*state, &dataset, NULL), SG_OK);
    assert_null(sg_dataset_info_of(dataset).unread_labels);
    assert_null(sg_dataset_info_of(dataset).notes);
    sg_dataset_destroy(dataset);
    text_write(state, "dataset.json", "{\"labels\": [],\n}");
    assert_int_equal(sg_dataset_open_unlabelled(*state, &dataset, NULL), SG_OK);
    assert_non_null(strstr(sg_dataset_info_of(dataset).notes, "is not JSON at line 2, column 1"));
    sg_dataset_destroy(dataset);
}

/* Folders that the program made are not read, unless the data are in nothing else. */
static void test_output_within_the_input(void **state)
{
    const char *notes = NULL;
    write_grey(state, "1.png", 1);
    write_grey(state, "2.png", 1);
    flat_png_write(state, "runs/00000-a/reals.png", SIDE * 2, 3, (const uint8_t[]){1, 2, 3});
    text_write(state, "runs/00000-a/training_options.json", "{}");
    flat_png_write(state, "runs/00001-b/fakes.png", SIDE * 2, 3, (const uint8_t[]){1, 2, 3});
    text_write(state, "runs/00001-b/training_options.json", "{}");
    write_grey(state, "small/00000/img00000000.png", 5);
    text_write(state, "small/dataset.json", "{\"labels\": null}");
    sg_dataset *dataset = open_folder(state);
    CHECK_LABELS(dataset, 0, -1, -1);
    notes = sg_dataset_info_of(dataset).notes;
    assert_non_null(strstr(notes, "passed over runs/00000-a and 2 other folders"));
    sg_dataset_destroy(dataset);
    char *one = temporary_path(state, "1.png");
    char *two = temporary_path(state, "2.png");
    assert_int_equal(unlink(one) + unlink(two), 0);
    check_refused(state, SG_ERROR_SHAPE, "reals.png is 16x16");
    free(one);
    free(two);
}

static void test_missing_labels_are_refused(void **state)
{
    write_grey(state, "1.png", 1);
    write_grey(state, "2.png", 1);
    text_write(state, "labels.csv", "1.png,1\n");
    check_refused(state, SG_ERROR_FORMAT, "2.png has no label in labels.csv");
}

/* ---- what does not fit ---- */

static void test_the_first_odd_picture_is_named(void **state)
{
    write_grey(state, "1.png", 1);
    write_grey(state, "2.png", 1);
    flat_png_write(state, "3.png", SIDE, 3, (const uint8_t[]){1, 2, 3});
    flat_png_write(state, "4.png", SIDE * 2, 1, (const uint8_t[]){1});
    check_refused(state, SG_ERROR_SHAPE, "3.png is 8x8 with 3 channels, but 1.png is 8x8 with 1");
    check_refused(state, SG_ERROR_SHAPE,
                  "-8.zip \"resolution\" 8 \"transform\" center-crop \"fix\"`");
}

static void test_unreadable_pictures_are_refused(void **state)
{
    write_grey(state, "1.png", 1);
    char *path = temporary_path(state, "2.png");
    assert_int_equal(symlink("nowhere", path), 0);
    check_refused(state, SG_ERROR_FILE, "2.png: No such file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    check_refused(state, SG_ERROR_FILE, "2.png: it is not a regular file");
    assert_int_equal(unlink(path), 0);
    text_write(state, "2.png", "hello");
    check_refused(state, SG_ERROR_FORMAT, "2.png: not a picture although it is named .png");
    text_write(state, "2.png", "");
    check_refused(state, SG_ERROR_FORMAT, "2.png: the file is empty");
    free(path);
}

/* A broken end is only seen when the picture is read. */
static void test_truncated_pictures_fail_when_read(void **state)
{
    uint8_t pixels[SIDE * SIDE];
    sg_error error = {0};
    write_grey(state, "1.png", 1);
    cut_file(state, "1.png", 50);
    sg_dataset *dataset = open_folder(state);
    assert_int_equal(sg_dataset_read(dataset, 0, pixels, NULL, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "1.png: not a whole PNG"));
    sg_dataset_destroy(dataset);
}

static void test_folders_without_pictures_are_refused(void **state)
{
    check_refused(state, SG_ERROR_FORMAT, "a folder of pictures (PNG, JPEG, WebP)");
    text_write(state, "a.tif", "II*");
    text_write(state, "b.TIFF", "II*");
    check_refused(state, SG_ERROR_FORMAT,
                  "holds 2 pictures of kinds that are not read (TIFF); install FFmpeg's libraries");
}

/* Links back up the tree and out of the set are not followed, those to elsewhere in the set are. */
static void test_links(void **state)
{
    write_grey(state, "set/a/1.png", 1);
    write_grey(state, "set/b/1.png", 2);
    write_grey(state, "outside/3.png", 3);
    char *set = temporary_path(state, "set");
    char *away = temporary_path(state, "set/a/away");
    char *picture = temporary_path(state, "set/a/away.png");
    char *loop = temporary_path(state, "set/a/loop");
    char *other = temporary_path(state, "set/c");
    sg_error error;
    sg_dataset *dataset;
    sg_picture_source *source;
    assert_int_equal(symlink("../../outside", away), 0);
    assert_int_equal(symlink("../../outside/3.png", picture), 0);
    assert_int_equal(symlink("..", loop), 0);
    assert_int_equal(symlink("b", other), 0);
    assert_int_equal(sg_dataset_open(set, &dataset, &error), SG_OK);
    CHECK_LABELS(dataset, 3, 0, 1, 2);
    assert_non_null(strstr(sg_dataset_info_of(dataset).notes,
                           "Note: links that lead out of the folder, such as a/away"));
    sg_dataset_destroy(dataset);
    assert_int_equal(sg_picture_source_open_linked(set, &source, &error), SG_OK);
    assert_int_equal(source->count, 5);
    sg_picture_source_destroy(source);
    free(set);
    free(away);
    free(picture);
    free(loop);
    free(other);
}

static void test_a_set_of_foreign_links_says_so(void **state)
{
    write_grey(state, "outside/3.png", 3);
    write_grey(state, "set/inner/.hidden.png", 3);
    char *set = temporary_path(state, "set");
    char *picture = temporary_path(state, "set/3.png");
    sg_error error;
    sg_dataset *dataset;
    assert_int_equal(symlink("../outside/3.png", picture), 0);
    assert_int_equal(sg_dataset_open(set, &dataset, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "holds only links that lead out of it, such as 3.png"));
    free(set);
    free(picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_png_of_eight_bits, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_png_of_sixteen_bits, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_png_with_a_palette, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_png_of_one_bit, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_jpeg, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_jpeg_called_png, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_order_is_by_path, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_labels_from_sub_folders, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_folders_that_are_no_classes, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_one_folder_is_no_class, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_labels_from_json, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_null_labels_in_json, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_labels_from_csv, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_csv_of_another_name, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_bad_label_files_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_files_that_are_no_labels_are_passed_over,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_labels_that_nobody_asked_for, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_labels_to_leave, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_output_within_the_input, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_missing_labels_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_the_first_odd_picture_is_named, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_unreadable_pictures_are_refused,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_truncated_pictures_fail_when_read,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_folders_without_pictures_are_refused,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_links, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_a_set_of_foreign_links_says_so, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
