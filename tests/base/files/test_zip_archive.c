/* Reading zip archives: parts, limits, damage. */
#include "base/files/zip_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/temporary_folder.h"

#define ARCHIVE "tests/checkpoint/numpy/stored.npz"
#define DEFLATED "tests/checkpoint/numpy/deflated.npz"

static void entries_are_listed_and_read(void **state)
{
    (void)state;
    sg_zip_archive *archive = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_zip_open(DEFLATED, &archive, NULL), SG_OK);
    assert_int_equal(sg_zip_count(archive), 2);
    assert_string_equal(sg_zip_name(archive, 0), "w.npy");
    assert_string_equal(sg_zip_name(archive, 1), "other.npy");
    assert_int_equal(sg_zip_read(archive, 0, SIZE_MAX, 320, &bytes, &size, NULL), SG_OK);
    assert_int_equal(size, 320);
    assert_memory_equal(bytes, "\x93NUMPY", 6);
    free(bytes);
    assert_int_equal(sg_zip_read(archive, 1, 6, 320, &bytes, &size, NULL), SG_OK);
    assert_int_equal(size, 6);
    free(bytes);
    sg_zip_close(archive);
}

static void limits_are_kept(void **state)
{
    (void)state;
    sg_zip_archive *archive = NULL;
    unsigned char *bytes = (unsigned char *)-1;
    size_t size = 1;
    sg_error error = {0};
    assert_int_equal(sg_zip_open(ARCHIVE, &archive, NULL), SG_OK);
    assert_int_equal(sg_zip_read(archive, 0, SIZE_MAX, 100, &bytes, &size, &error),
                     SG_ERROR_FORMAT);
    assert_null(bytes);
    assert_int_equal(size, 0);
    assert_non_null(strstr(error.message, "larger than the 100 bytes"));
    error = (sg_error){0};
    assert_int_equal(sg_zip_read(archive, 9, SIZE_MAX, 100, &bytes, &size, &error),
                     SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, ARCHIVE));
    sg_zip_close(archive);
}

static void what_is_no_archive_is_refused(void **state)
{
    char *path = temporary_path(state, "text");
    sg_zip_archive *archive = (sg_zip_archive *)-1;
    assert_int_equal(sg_write_file(path, "a text, no archive", 18, NULL), SG_OK);
    assert_int_equal(sg_zip_open(path, &archive, NULL), SG_ERROR_FORMAT);
    assert_null(archive);
    assert_int_equal(sg_zip_open("absent.zip", &archive, NULL), SG_ERROR_FILE);
    sg_zip_close(NULL);
    free(path);
}

/* The checksum of a changed entry is noticed when all of it is read. */
static void changed_bytes_are_noticed(void **state)
{
    char *path = temporary_path(state, "changed.npz");
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_zip_archive *archive = NULL;
    assert_int_equal(sg_read_file(ARCHIVE, 1 << 16, &bytes, &size, NULL), SG_OK);
    bytes[size / 4] ^= 1u;
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    free(bytes);
    assert_int_equal(sg_zip_open(path, &archive, NULL), SG_OK);
    sg_error error = {0};
    assert_int_equal(sg_zip_read(archive, 0, SIZE_MAX, 1 << 16, &bytes, &size, &error),
                     SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "w.npy"));
    sg_zip_close(archive);
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_listed_and_read),
        cmocka_unit_test(limits_are_kept),
        IN_FOLDER(what_is_no_archive_is_refused),
        IN_FOLDER(changed_bytes_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
