/* LMDB databases of pictures: LSUN's, with several sizes, and those with other values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "image/files/png_file.h"
#include "support/lmdb/lmdb_writer.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"
#include "support/webp_file.h"

/* A noisy picture of this side, which no encoder makes small: its value is long from 40 on. */
static sg_image *picture(size_t side, uint8_t level)
{
    uint32_t noise = 1;
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(side, side, 3, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++, noise = noise * 1664525 + 1013904223)
        image->pixels[i] = (uint8_t)(noise >> 24);
    image->pixels[0] = level;
    return image;
}

static lmdb_pair png_pair(const char *key, size_t side, uint8_t level)
{
    lmdb_pair pair = {.key = key};
    unsigned char *bytes = NULL;
    sg_image *image = picture(side, level);
    assert_int_equal(sg_png_encode(key, image, NULL, 0, &bytes, &pair.size, NULL), SG_OK);
    sg_image_destroy(image);
    pair.value = bytes;
    return pair;
}

static lmdb_pair webp_pair(const char *key, size_t side, uint8_t level)
{
    lmdb_pair pair = {.key = key};
    sg_image *image = picture(side, level);
    pair.value = webp_bytes(&(webp_file){.image = image}, &pair.size);
    sg_image_destroy(image);
    return pair;
}

static void write_and_free(void *const *state, lmdb_pair *pairs, size_t count)
{
    lmdb_write(state, "set", pairs, count, count, NULL);
    for (size_t i = 0; i < count; i++)
        free((void *)pairs[i].value);
}

/* Opens the set, which must have pictures of this side whose first levels are these. */
static void check_set(void *const *state, const char *name, size_t side, size_t count,
                      const uint8_t *levels)
{
    sg_error error = {0};
    sg_dataset *dataset = NULL;
    char *path = temporary_path(state, name);
    if (sg_dataset_open(path, &dataset, &error))
        fail_msg("%s", error.message);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, count);
    assert_int_equal(info.width, side);
    assert_int_equal(info.label_count, 0);
    uint8_t *pixels = malloc(side * side * 3);
    assert_non_null(pixels);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(sg_dataset_read(dataset, i, pixels, NULL, NULL), SG_OK);
        assert_int_equal(pixels[0], levels[i]);
    }
    free(pixels);
    sg_dataset_destroy(dataset);
    free(path);
}

/* Keys in LSUN's way, digests, in any order. */
static void test_lsun(void **state)
{
    lmdb_pair pairs[] = {
        webp_pair("fe7d2a26187a1c8ec23b1a29cb3b5b0d47d2a5b3", 64, 3),
        webp_pair("0000b3fd5ea6d9b1c22f0b2ab2d9b8e3c57fd0a1", 64, 1),
        webp_pair("7a3f1d0c9be28c64a1d5f0e3b7c2964d8e5f1a20", 64, 2),
    };
    write_and_free(state, pairs, 3);
    check_set(state, "set", 64, 3, (const uint8_t[]){1, 2, 3});
    check_set(state, "set/data.mdb", 64, 3, (const uint8_t[]){1, 2, 3});
}

/* The other kinds of values, short and long ones, and keys that cannot be printed. */
static void test_other_values_are_passed_over(void **state)
{
    lmdb_pair pairs[] = {
        png_pair("a picture", 8, 1), png_pair("b.png", 8, 2), png_pair("c\x80\n", 8, 3),
        {"length", strdup("3"), 1},  {"empty", malloc(1), 0},
    };
    write_and_free(state, pairs, 5);
    check_set(state, "set", 8, 3, (const uint8_t[]){1, 3, 2});
}

static void test_the_largest_size_is_taken(void **state)
{
    lmdb_pair pairs[] = {
        png_pair("8-00000", 8, 1),   png_pair("8-00001", 8, 2),  png_pair("64-00000", 64, 3),
        png_pair("64-00001", 64, 4), {"length", strdup("2"), 1},
    };
    write_and_free(state, pairs, 5);
    check_set(state, "set", 64, 2, (const uint8_t[]){3, 4});
    char *path = temporary_path(state, "set");
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_open(path, &dataset, NULL), SG_OK);
    assert_non_null(strstr(sg_dataset_info_of(dataset).notes, "the 2 of the size 64 are taken\n"));
    sg_dataset_destroy(dataset);
    free(path);
}

static void check_refused(void *const *state, const char *name, const char *words)
{
    sg_error error = {0};
    sg_dataset *dataset = (sg_dataset *)&error;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_dataset_open(path, &dataset, &error), SG_ERROR_FORMAT);
    assert_null(dataset);
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
    free(path);
}

static void test_databases_without_pictures_are_refused(void **state)
{
    lmdb_pair pair = {"length", strdup("0"), 1};
    write_and_free(state, &pair, 1);
    check_refused(state, "set", "set: holds no picture");
}

static void test_cut_databases_are_refused(void **state)
{
    lmdb_pair pairs[] = {png_pair("a", 64, 1), png_pair("b", 64, 2)};
    write_and_free(state, pairs, 2);
    cut_file(state, "set/data.mdb", 3 * 4096);
    check_refused(state, "set", "data.mdb: the LMDB file is ");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lsun),
        TEST(test_other_values_are_passed_over),
        TEST(test_the_largest_size_is_taken),
        TEST(test_databases_without_pictures_are_refused),
        TEST(test_cut_databases_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
