/* Data sets in IDX files: label files by name, folders, padding, and what does not fit together. */
#include "data/kinds/open_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/idx_file.h"
#include "support/temporary_folder.h"

static void write_images(void **state, const char *name, uint32_t count, uint32_t side)
{
    char *path = temporary_path(state, name);
    const idx_file file = idx_images(count, side, side);
    idx_write(path, &file);
    free(path);
}

static void write_labels(void **state, const char *name, uint32_t count)
{
    char *path = temporary_path(state, name);
    const idx_file file = idx_labels(count);
    idx_write(path, &file);
    free(path);
}

static void remove_file(void **state, const char *name)
{
    char *path = temporary_path(state, name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

/* Opens "folder/name" ("" is the folder itself), which must succeed. */
static sg_dataset *open_in(void **state, const char *name)
{
    char *path = temporary_path(state, name);
    sg_dataset *dataset = NULL;
    sg_error error = {0};
    if (sg_dataset_open(path, &dataset, &error))
        fail_msg("%s", error.message);
    free(path);
    return dataset;
}

static void check_refused(void **state, const char *name, sg_status status, const char *words)
{
    char *path = temporary_path(state, name);
    sg_error error = {0};
    sg_dataset *dataset = (sg_dataset *)&error;
    assert_int_equal(sg_dataset_open(path, &dataset, &error), status);
    assert_null(dataset);
    assert_non_null(strstr(error.message, *state));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
    free(path);
}

static void test_small_images_are_padded(void **state)
{
    write_images(state, "train-images-idx3-ubyte.gz", 3, 28);
    sg_dataset *dataset = open_in(state, "train-images-idx3-ubyte.gz");
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, 3);
    assert_int_equal(info.height, 32);
    assert_int_equal(info.width, 32);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.label_count, 0);
    assert_string_equal(info.name, "train-images");
    for (size_t index = 0; index < 3; index++) {
        uint8_t pixels[32 * 32];
        int label = 5;
        memset(pixels, 77, sizeof pixels);
        assert_int_equal(sg_dataset_read(dataset, index, pixels, &label, NULL), SG_OK);
        assert_int_equal(label, -1);
        for (size_t y = 0; y < 32; y++) {
            for (size_t x = 0; x < 32; x++) {
                const int inside = y >= 2 && y < 30 && x >= 2 && x < 30;
                const uint8_t expected =
                    inside ? idx_element((index * 28 + y - 2) * 28 + x - 2) : 0;
                assert_int_equal(pixels[y * 32 + x], expected);
            }
        }
    }
    sg_error error = {0};
    uint8_t pixels[32 * 32];
    assert_int_equal(sg_dataset_read(dataset, 3, pixels, NULL, &error), SG_ERROR_ARGUMENT);
    sg_dataset_destroy(dataset);
}

static void test_other_sizes_stay(void **state)
{
    char *path = temporary_path(state, "images-idx4-ubyte");
    const idx_file file = {.magic = 0x00000804,
                           .rank = 4,
                           .dimensions = {2, 28, 27, 3},
                           .size = 2 * 28 * 27 * 3,
                           .element = idx_element};
    idx_write(path, &file);
    write_labels(state, "labels-idx1-ubyte", 2);
    sg_dataset *dataset = open_in(state, "images-idx4-ubyte");
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.height, 28);
    assert_int_equal(info.width, 27);
    assert_int_equal(info.channels, 3);
    assert_int_equal(info.label_count, 2);
    uint8_t pixels[28 * 27 * 3];
    int label = -1;
    assert_int_equal(sg_dataset_read(dataset, 1, pixels, &label, NULL), SG_OK);
    assert_int_equal(label, 1);
    for (size_t i = 0; i < sizeof pixels; i++)
        assert_int_equal(pixels[i], idx_element(sizeof pixels + i));
    sg_dataset_destroy(dataset);
    free(path);
}

/* Every spelling of the label file's name is found beside every spelling of the images'. */
static void test_label_files_by_name(void **state)
{
    static const char *const images[] = {"t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz",
                                         "t10k-images.idx3-ubyte", "t10k-images.idx3-ubyte.gz"};
    static const char *const labels[] = {"t10k-labels-idx1-ubyte", "t10k-labels-idx1-ubyte.gz",
                                         "t10k-labels.idx1-ubyte", "t10k-labels.idx1-ubyte.gz"};
    for (size_t i = 0; i < 4; i++) {
        write_images(state, images[i], 7, 8);
        for (size_t j = 0; j < 4; j++) {
            write_labels(state, labels[j], 7);
            sg_dataset *dataset = open_in(state, images[i]);
            assert_int_equal(sg_dataset_info_of(dataset).label_count, 3);
            uint8_t pixels[64];
            for (size_t index = 0; index < 7; index++) {
                int label = -1;
                assert_int_equal(sg_dataset_read(dataset, index, pixels, &label, NULL), SG_OK);
                assert_int_equal(label, index % 3);
            }
            sg_dataset_destroy(dataset);
            remove_file(state, labels[j]);
        }
        remove_file(state, images[i]);
    }
}

static void test_any_name_without_labels(void **state)
{
    write_images(state, "digits.bin", 2, 8);
    write_labels(state, "digits-labels-idx1-ubyte", 2);
    sg_dataset *dataset = open_in(state, "digits.bin");
    assert_int_equal(sg_dataset_info_of(dataset).label_count, 0);
    assert_string_equal(sg_dataset_info_of(dataset).name, "digits.bin");
    sg_dataset_destroy(dataset);
}

static void test_bad_label_files(void **state)
{
    write_images(state, "train-images-idx3-ubyte", 7, 8);
    write_labels(state, "train-labels-idx1-ubyte", 6);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT, "holds 6 labels, expected 7");
    write_images(state, "train-labels-idx1-ubyte", 7, 8);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT,
                  "train-labels-idx1-ubyte: starts with 0x00000803, expected 0x00000801");
    char *path = temporary_path(state, "train-labels-idx1-ubyte");
    idx_file file = idx_labels(7);
    file.size = 6;
    idx_write(path, &file);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT, "holds 6 bytes");
    raw_write(path, "", 0);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT, "empty");
    free(path);
}

static void test_bad_image_files(void **state)
{
    char *path = temporary_path(state, "train-images-idx3-ubyte");
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FILE, "no such file");
    raw_write(path, "", 0);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT, "empty");
    const idx_file channels = {.magic = 0x00000804,
                               .rank = 4,
                               .dimensions = {1, 2, 2, 5},
                               .size = 20,
                               .element = idx_element};
    idx_write(path, &channels);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT,
                  "have 5 channels, expected 1 to 4");
    write_labels(state, "train-images-idx3-ubyte", 4);
    check_refused(state, "train-images-idx3-ubyte", SG_ERROR_FORMAT, "starts with 0x00000801");
    free(path);
}

/* The folder's choice is told by the size of the images in what was opened. */
static void check_folder_height(void **state, size_t height)
{
    sg_dataset *dataset = open_in(state, "");
    assert_int_equal(sg_dataset_info_of(dataset).height, height);
    sg_dataset_destroy(dataset);
}

static void test_folder_prefers_training_images(void **state)
{
    write_images(state, "other-images-idx3-ubyte", 2, 5);
    check_folder_height(state, 5);
    write_images(state, "t10k-images.idx3-ubyte.gz", 2, 6);
    check_folder_height(state, 6);
    write_images(state, "train-images-idx3-ubyte.gz", 2, 7);
    check_folder_height(state, 7);
    write_images(state, "train-images-idx3-ubyte", 2, 8); /* the same file, unpacked */
    write_labels(state, "train-labels-idx1-ubyte.gz", 2);
    check_folder_height(state, 8);
    sg_dataset *dataset = open_in(state, "");
    assert_int_equal(sg_dataset_info_of(dataset).label_count, 2);
    const char *folder = *state;
    assert_string_equal(sg_dataset_info_of(dataset).name, strrchr(folder, '/') + 1);
    sg_dataset_destroy(dataset);
}

static void test_folder_refuses_to_guess(void **state)
{
    write_images(state, "letters-images-idx3-ubyte", 2, 8);
    write_images(state, "digits-images-idx3-ubyte.gz", 2, 8);
    check_refused(state, "", SG_ERROR_FORMAT,
                  "digits-images-idx3-ubyte.gz, letters-images-idx3-ubyte");
    write_images(state, "train-images-idx3-ubyte", 2, 8);
    check_folder_height(state, 8);
    write_images(state, "train-images.idx3-ubyte", 2, 8);
    check_refused(state, "", SG_ERROR_FORMAT, "several");
}

static void test_folder_without_images(void **state)
{
    check_refused(state, "", SG_ERROR_FORMAT, "the folder holds no data set, expected");
    write_labels(state, "train-labels-idx1-ubyte", 2);
    check_refused(state, "", SG_ERROR_FORMAT, "the folder holds no data set, expected");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_small_images_are_padded),
        TEST(test_other_sizes_stay),
        TEST(test_label_files_by_name),
        TEST(test_any_name_without_labels),
        TEST(test_bad_label_files),
        TEST(test_bad_image_files),
        TEST(test_folder_prefers_training_images),
        TEST(test_folder_refuses_to_guess),
        TEST(test_folder_without_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
