/* CIFAR data sets in every form in which they are found: archives, folders, single parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/kinds/open_dataset.h"
#include "support/cifar_file.h"
#include "support/pickle_writer.h"
#include "support/picture_files.h"
#include "support/tar_file.h"
#include "support/temporary_folder.h"

/* Opens "folder/name", which must hold the pictures `first` .. `first + count - 1`. */
static void check_set(void *const *state, const char *name, size_t classes, size_t first,
                      size_t count)
{
    uint8_t pixels[CIFAR_BYTES];
    sg_error error = {0};
    sg_dataset *dataset = NULL;
    char *path = temporary_path(state, name);
    if (sg_dataset_open(path, &dataset, &error))
        fail_msg("%s", error.message);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, count);
    assert_int_equal(info.width, 32);
    assert_int_equal(info.height, 32);
    assert_int_equal(info.channels, 3);
    assert_int_equal(info.label_count, classes);
    assert_string_equal(info.name, classes == 10 ? "cifar-10" : "cifar-100");
    for (size_t k = 0; k < count; k++) {
        int label = -1;
        assert_int_equal(sg_dataset_read(dataset, k, pixels, &label, NULL), SG_OK);
        assert_int_equal(label, first + k);
        for (size_t i = 0; i < CIFAR_BYTES; i++)
            assert_int_equal(pixels[i], cifar_level(first + k, i % 3, i / 3));
    }
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

static void write_text(void *const *state, const char *name, sg_text text)
{
    assert_false(text.failed);
    bytes_write(state, name, text.bytes, text.length);
    sg_text_clear(&text);
}

/* The second part stands before the first one: their order is that of the archive. */
static void test_archive_of_pickles(void **state)
{
    sg_text first = cifar_pickle(10, 0, 3);
    sg_text second = cifar_pickle(10, 3, 2);
    sg_text test = cifar_pickle(10, 8, 2);
    const tar_member members[] = {
        {"cifar-10-batches-py/", NULL, '5', NULL, 0},
        {"cifar-10-batches-py/data_batch_1", NULL, '0', first.bytes, first.length},
        {"cifar-10-batches-py/readme.html", NULL, '0', "text", 4},
        {"cifar-10-batches-py/test_batch", NULL, '0', test.bytes, test.length},
        {"cifar-10-batches-py/data_batch_2", NULL, '0', second.bytes, second.length},
    };
    tar_write(state, "cifar-10-python.tar.gz", members, 5, true);
    check_set(state, "cifar-10-python.tar.gz", 10, 0, 5);
    tar_write(state, "unpacked.tar", members, 5, false);
    check_set(state, "unpacked.tar", 10, 0, 5);
    tar_write(state, "test.tar", members + 3, 1, false);
    check_set(state, "test.tar", 10, 8, 2);
    sg_text_clear(&first);
    sg_text_clear(&second);
    sg_text_clear(&test);
}

static void test_archive_of_records(void **state)
{
    sg_text train = cifar_records(100, 90, 4);
    const tar_member members[] = {
        {"cifar-100-binary/train.bin", NULL, '0', train.bytes, train.length},
        {"cifar-100-binary/test.bin", NULL, '0', train.bytes, 1},
    };
    tar_write(state, "a.tar.gz", members, 2, true);
    check_set(state, "a.tar.gz", 100, 90, 4);
    sg_text_clear(&train);
}

static void test_folders(void **state)
{
    write_text(state, "py/data_batch_2", cifar_pickle(10, 2, 2));
    write_text(state, "py/data_batch_1", cifar_pickle(10, 0, 2));
    write_text(state, "py/test_batch", cifar_pickle(10, 0, 9));
    check_set(state, "py", 10, 0, 4);
    write_text(state, "root/cifar-10-batches-bin/data_batch_1.bin", cifar_records(10, 5, 2));
    text_write(state, "root/cifar-10-batches-bin/batches.meta.txt", "airplane\n");
    check_set(state, "root", 10, 5, 2);
    check_set(state, "root/cifar-10-batches-bin", 10, 5, 2);
    write_text(state, "hundred/train", cifar_pickle(100, 42, 2));
    text_write(state, "hundred/meta", "");
    check_set(state, "hundred", 100, 42, 2);
}

/* The names of the classes are known, as texts of a set for training and of a collection. */
static void check_names(void *const *state, const char *name, const char *last)
{
    sg_dataset *dataset = NULL;
    sg_picture_source *source = NULL;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_dataset_open(path, &dataset, NULL), SG_OK);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_string_equal(info.label_names[0], "airplane");
    assert_string_equal(info.label_names[info.label_count - 1], last);
    assert_non_null(strstr(info.notes, "Classes: 0 airplane, 1 "));
    assert_int_equal(sg_picture_source_open(path, &source, NULL), SG_OK);
    assert_string_equal(source->label_names[info.label_count - 1], last);
    assert_non_null(strstr(source->notes.bytes, "Classes: 0 airplane, 1 "));
    sg_picture_source_destroy(source);
    sg_dataset_destroy(dataset);
    free(path);
}

#define TEN_NAMES "airplane\na\nb\nc\nd\ne\nf\ng\nh\ntruck\n"

static void test_names_of_classes(void **state)
{
    sg_text part = cifar_records(10, 0, 2);
    const tar_member members[] = {
        {"cifar-10-batches-bin/batches.meta.txt", NULL, '0', TEN_NAMES "\n", sizeof TEN_NAMES},
        {"cifar-10-batches-bin/data_batch_1.bin", NULL, '0', part.bytes, part.length},
    };
    tar_write(state, "a.tar.gz", members, 2, true);
    check_names(state, "a.tar.gz", "truck");
    bytes_write(state, "bin/data_batch_1.bin", part.bytes, part.length);
    text_write(state, "bin/batches.meta.txt", TEN_NAMES);
    check_names(state, "bin", "truck");
    sg_text_clear(&part);
    sg_text meta = {0};
    PUT(&meta, "\x80\x02}X\x10\0\0\0fine_label_names](");
    for (size_t i = 0; i < 100; i++)
        put_text(&meta, i == 0 ? "airplane" : "worm");
    PUT(&meta, "es.");
    write_text(state, "py/train", cifar_pickle(100, 0, 2));
    write_text(state, "py/meta", meta);
    check_names(state, "py", "worm");
}

/* Makes a key of Python 2 one of bytes: SHORT_BINSTRING becomes SHORT_BINBYTES. */
static void make_bytes(sg_text *pickle, const char *key)
{
    const size_t length = strlen(key);
    for (size_t i = 2; i + length <= pickle->length; i++)
        if (pickle->bytes[i - 2] == 'U' && memcmp(pickle->bytes + i, key, length) == 0) {
            pickle->bytes[i - 2] = 'C';
            return;
        }
    fail_msg("there is no key %s", key);
}

/* What Python 3 writes after it loaded the published files with encoding='bytes'. */
static void test_keys_of_bytes(void **state)
{
    sg_text pickle = cifar_pickle(10, 0, 2);
    sg_text meta = {0};
    make_bytes(&pickle, "labels");
    make_bytes(&pickle, "data");
    write_text(state, "py/data_batch_1", pickle);
    PUT(&meta, "\x80\x03}C\x0blabel_names](");
    for (size_t i = 0; i < 10; i++) {
        const char *name = i == 0 ? "airplane" : "truck";
        PUT(&meta, "C");
        put_number(&meta, strlen(name), 1);
        sg_text_append(&meta, "%s", name);
    }
    PUT(&meta, "es.");
    write_text(state, "py/batches.meta", meta);
    check_set(state, "py", 10, 0, 2);
    check_names(state, "py", "truck");
}

/* Pictures are read whatever is wrong with the names. */
static void test_names_that_are_wrong_are_left_out(void **state)
{
    sg_dataset *dataset = NULL;
    char *path = temporary_path(state, "bin");
    write_text(state, "bin/data_batch_1.bin", cifar_records(10, 0, 2));
    text_write(state, "bin/batches.meta.txt", "one\ntwo\n");
    text_write(state, "bin/batches.meta", "no pickle");
    assert_int_equal(sg_dataset_open(path, &dataset, NULL), SG_OK);
    assert_null(sg_dataset_info_of(dataset).label_names);
    sg_dataset_destroy(dataset);
    free(path);
}

static void test_single_parts(void **state)
{
    write_text(state, "test_batch", cifar_pickle(10, 3, 3));
    check_set(state, "test_batch", 10, 3, 3);
    write_text(state, "data_batch_5.bin", cifar_records(10, 0, 1));
    check_set(state, "data_batch_5.bin", 10, 0, 1);
}

static void test_wrong_parts_are_refused(void **state)
{
    write_text(state, "data_batch_1.bin", cifar_records(10, 9, 2));
    check_refused(state, "data_batch_1.bin",
                  "a class of its pictures is 10, but must be from 0 to 9");
    cut_file(state, "data_batch_1.bin", 3000);
    check_refused(state, "data_batch_1.bin", "has 3000 bytes, expected a multiple of 3073");
    text_write(state, "data_batch_1.bin", "");
    check_refused(state, "data_batch_1.bin", "has 0 bytes");
    write_text(state, "data_batch_1", cifar_pickle(100, 0, 1));
    check_refused(state, "data_batch_1", "its labels are nothing, expected a list of 1");
    text_write(state, "data_batch_1", "\x80\2}.");
    check_refused(state, "data_batch_1", "its entry data is nothing, expected an array of bytes");
    text_write(state, "data_batch_1", "(cos\nsystem\n");
    check_refused(state, "data_batch_1", "data_batch_1");
    write_text(state, "mixed/data_batch_1", cifar_pickle(10, 0, 1));
    write_text(state, "mixed/train", cifar_pickle(100, 0, 1));
    check_refused(state, "mixed", "train: is no part of CIFAR-10, as others are");
}

static void test_cut_parts_are_refused(void **state)
{
    sg_text part = cifar_pickle(10, 0, 1);
    for (size_t size = 0; size < part.length; size += 53) {
        bytes_write(state, "data_batch_1", part.bytes, size);
        check_refused(state, "data_batch_1", "data_batch_1");
    }
    sg_text_clear(&part);
}

static void test_other_archives_are_refused(void **state)
{
    const tar_member member = {"photos/a.png", NULL, '0', "png", 3};
    tar_write(state, "photos.tar", &member, 1, false);
    check_refused(state, "photos.tar", "unpack it first: tar xf ");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_archive_of_pickles),
        TEST(test_keys_of_bytes),
        TEST(test_archive_of_records),
        TEST(test_folders),
        TEST(test_single_parts),
        TEST(test_names_of_classes),
        TEST(test_names_that_are_wrong_are_left_out),
        TEST(test_wrong_parts_are_refused),
        TEST(test_cut_parts_are_refused),
        TEST(test_other_archives_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
