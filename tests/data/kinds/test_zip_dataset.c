/* Zip archives of pictures: stored and packed members, labels, damage, reading from threads. */
#include "data/kinds/open_dataset.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/png_file.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { SIDE = 16, PIXELS = SIDE * SIDE };

static zip_t *start_archive(void **state)
{
    char *path = temporary_path(state, "set.zip");
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(zip);
    free(path);
    return zip;
}

/* The archive takes over `bytes`. */
static void add_bytes(zip_t *zip, const char *name, unsigned char *bytes, size_t size, bool packed)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, size, 1);
    const zip_int64_t place = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    assert_true(place >= 0);
    assert_int_equal(zip_set_file_compression(zip, (zip_uint64_t)place,
                                              packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0),
                     0);
}

static void add_text(zip_t *zip, const char *name, const char *text)
{
    add_bytes(zip, name, (unsigned char *)strdup(text), strlen(text), true);
}

static void add_grey(zip_t *zip, const char *name, uint8_t level, bool packed)
{
    sg_image *image = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_image_create(SIDE, SIDE, 1, &image, NULL), SG_OK);
    memset(image->pixels, level, PIXELS);
    assert_int_equal(sg_png_encode_uncompressed(name, image, &bytes, &size, NULL), SG_OK);
    sg_image_destroy(image);
    add_bytes(zip, name, bytes, size, packed);
}

static sg_dataset *open_set(void **state)
{
    char *path = temporary_path(state, "set.zip");
    sg_dataset *dataset = NULL;
    sg_error error = {0};
    if (sg_dataset_open(path, &dataset, &error))
        fail_msg("%s", error.message);
    free(path);
    return dataset;
}

static void check_refused(void **state, sg_status status, const char *words)
{
    char *path = temporary_path(state, "set.zip");
    sg_error error = {0};
    sg_dataset *dataset = (sg_dataset *)&error;
    assert_int_equal(sg_dataset_open(path, &dataset, &error), status);
    assert_null(dataset);
    assert_non_null(strstr(error.message, "set.zip"));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
    free(path);
}

static void check_picture(const sg_dataset *dataset, size_t index, uint8_t level, int label)
{
    uint8_t pixels[PIXELS];
    int found = 99;
    assert_int_equal(sg_dataset_read(dataset, index, pixels, &found, NULL), SG_OK);
    assert_int_equal(found, label);
    for (size_t i = 0; i < PIXELS; i++)
        assert_int_equal(pixels[i], level);
}

static void test_official_layout(void **state)
{
    zip_t *zip = start_archive(state);
    add_text(zip, "dataset.json",
             "{\"labels\": [[\"00000/img00000001.png\", 4], [\"00000/img00000000.png\", 2]]}");
    add_grey(zip, "00000/img00000001.png", 20, true);
    add_grey(zip, "00000/img00000000.png", 10, false);
    assert_true(zip_dir_add(zip, "00000", 0) >= 0);
    add_text(zip, "__MACOSX/00000/._img00000000.png", "nothing");
    assert_int_equal(zip_close(zip), 0);
    sg_dataset *dataset = open_set(state);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, 2);
    assert_int_equal(info.width, SIDE);
    assert_int_equal(info.height, SIDE);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.label_count, 5);
    assert_string_equal(info.name, "set");
    check_picture(dataset, 0, 10, 2);
    check_picture(dataset, 1, 20, 4);
    sg_dataset_destroy(dataset);
}

/* A zipped folder is read as the folder itself: classes and label files lie one folder deeper. */
static void test_one_folder_around_all(void **state)
{
    zip_t *zip = start_archive(state);
    add_grey(zip, "mine/cat/0.png", 10, true);
    add_grey(zip, "mine/dog/0.png", 20, true);
    assert_int_equal(zip_close(zip), 0);
    sg_dataset *dataset = open_set(state);
    assert_int_equal(sg_dataset_info_of(dataset).label_count, 2);
    assert_string_equal(sg_dataset_info_of(dataset).notes, "Classes by folder: 0 cat, 1 dog\n");
    check_picture(dataset, 1, 20, 1);
    sg_dataset_destroy(dataset);
    zip = start_archive(state);
    add_grey(zip, "mine/cat/0.png", 10, true);
    add_grey(zip, "mine/dog/0.png", 20, true);
    add_text(zip, "mine/labels.csv", "cat\\0.png;5\ndog\\0.png;0\n");
    assert_int_equal(zip_close(zip), 0);
    dataset = open_set(state);
    check_picture(dataset, 0, 10, 5);
    check_picture(dataset, 1, 20, 0);
    sg_dataset_destroy(dataset);
}

/* ".." and backslashes in names only say where members were packed. */
static void test_names_from_elsewhere(void **state)
{
    zip_t *zip = start_archive(state);
    add_grey(zip, "../photos/b.png", 10, true);
    add_grey(zip, "./a.png", 20, false);
    add_grey(zip, "other\\c.png", 30, false);
    add_grey(zip, "other/.hidden.png", 40, false);
    add_grey(zip, "mine/__MACOSX/d.png", 50, false);
    assert_int_equal(zip_close(zip), 0);
    sg_dataset *dataset = open_set(state);
    assert_int_equal(sg_dataset_info_of(dataset).image_count, 3);
    check_picture(dataset, 0, 20, -1);
    check_picture(dataset, 1, 30, -1);
    check_picture(dataset, 2, 10, -1);
    sg_dataset_destroy(dataset);
}

static void test_jpeg_members_and_folders_as_classes(void **state)
{
    const jpeg_file file = {.side = SIDE, .components = 1, .left = {128}, .right = {128}};
    size_t size = 0;
    unsigned char *bytes = jpeg_bytes(&file, &size);
    zip_t *zip = start_archive(state);
    add_bytes(zip, "b/1.jpeg", bytes, size, false);
    add_grey(zip, "a/2.png", 50, true);
    assert_int_equal(zip_close(zip), 0);
    sg_dataset *dataset = open_set(state);
    assert_int_equal(sg_dataset_info_of(dataset).label_count, 2);
    check_picture(dataset, 0, 50, 0);
    check_picture(dataset, 1, 128, 1);
    sg_dataset_destroy(dataset);
}

/* Changes the archive's bytes where `pattern` last occurs, `offset` from there. */
static void damage(void **state, const char *pattern, size_t length, size_t offset, uint8_t value)
{
    char *path = temporary_path(state, "set.zip");
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, NULL), SG_OK);
    size_t at = size - length;
    while (at > 0 && memcmp(bytes + at, pattern, length) != 0)
        at--;
    assert_true(at + offset < size);
    bytes[at + offset] = value;
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    free(bytes);
    free(path);
}

static void write_one(void **state, bool packed)
{
    zip_t *zip = start_archive(state);
    add_grey(zip, "1.png", 10, packed);
    assert_int_equal(zip_close(zip), 0);
}

/* The directory's entry begins with PK\1\2; the sizes are 20 and 24 bytes on. */
static void test_sizes_beyond_the_archive_are_refused(void **state)
{
    write_one(state, true);
    damage(state, "PK\1\2", 4, 24 + 3, 0x3f);
    check_refused(state, SG_ERROR_FORMAT, "set.zip/1.png");
    write_one(state, false);
    damage(state, "PK\1\2", 4, 20 + 3, 0x3f);
    check_refused(state, SG_ERROR_FORMAT, "set.zip");
}

static void test_wrong_checksums_are_noticed(void **state)
{
    uint8_t pixels[PIXELS];
    sg_error error = {0};
    write_one(state, false);
    /* the checksum of the member, in the directory and before the member, is 16 and 14 bytes on */
    damage(state, "PK\1\2", 4, 16, 0x11);
    damage(state, "PK\3\4", 4, 14, 0x11);
    char *path = temporary_path(state, "set.zip");
    sg_dataset *dataset = NULL;
    sg_status status = sg_dataset_open(path, &dataset, &error);
    if (!status)
        status = sg_dataset_read(dataset, 0, pixels, NULL, &error);
    assert_int_equal(status, SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "1.png"));
    assert_non_null(strstr(error.message, "CRC"));
    sg_dataset_destroy(dataset);
    free(path);
}

static void test_other_files_are_refused(void **state)
{
    text_write(state, "set.zip", "this is no archive");
    check_refused(state, SG_ERROR_FORMAT, "is no whole zip archive: it seems to be a text");
    text_write(state, "set.zip", "");
    check_refused(state, SG_ERROR_FORMAT, "it seems to be an empty file");
    write_one(state, false);
    cut_file(state, "set.zip", 100);
    check_refused(state, SG_ERROR_FORMAT, "it seems to be a zip archive without its end");
    zip_t *zip = start_archive(state);
    add_text(zip, "notes.txt", "no picture");
    add_text(zip, "a.gif", "GIF89a");
    assert_int_equal(zip_close(zip), 0);
    check_refused(state, SG_ERROR_FORMAT, "holds 1 picture of kinds that are not read (GIF)");
}

/* ---- threads ---- */

enum { MEMBERS = 40, THREADS = 4 };

static void *read_all(void *argument)
{
    const sg_dataset *dataset = argument;
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < MEMBERS; i++) {
            uint8_t pixels[PIXELS] = {0};
            if (sg_dataset_read(dataset, i, pixels, NULL, NULL) || pixels[0] != i)
                return argument;
        }
    }
    return NULL;
}

static void test_threads_may_read_at_once(void **state)
{
    pthread_t threads[THREADS];
    zip_t *zip = start_archive(state);
    for (size_t i = 0; i < MEMBERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "%02zu.png", i);
        add_grey(zip, name, (uint8_t)i, i % 2 == 0);
    }
    assert_int_equal(zip_close(zip), 0);
    sg_dataset *dataset = open_set(state);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, dataset), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    sg_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_official_layout, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_one_folder_around_all, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_names_from_elsewhere, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_jpeg_members_and_folders_as_classes,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_sizes_beyond_the_archive_are_refused,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_checksums_are_noticed, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_files_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_threads_may_read_at_once, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
