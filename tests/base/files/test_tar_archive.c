/* Tar archives: names, contents, what is passed over, and damage. */
#include "base/files/tar_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "support/picture_files.h"
#include "support/tar_file.h"
#include "support/temporary_folder.h"

static const tar_member members[] = {
    {"folder/", NULL, '5', NULL, 0},
    {"folder/a", NULL, '0', "hello", 5},
    {"header", NULL, 'x', "30 path=folder/a longer name\n", 29},
    {"b", "a/prefix", '0', "", 0},
    {"c", NULL, 0, "sevenhundred", 12},
};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static sg_tar_archive *open_archive(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    sg_error error = {0};
    sg_tar_archive *archive = NULL;
    assert_true(sg_tar_recognises(path));
    if (sg_tar_open(path, &archive, &error))
        fail_msg("%s", error.message);
    free(path);
    return archive;
}

/* The next file must be this one; its content is read if it is not NULL. */
static void check_next(sg_tar_archive *archive, const char *name, const char *content)
{
    sg_tar_entry entry;
    unsigned char *bytes = NULL;
    assert_int_equal(sg_tar_next(archive, &entry, NULL), SG_OK);
    assert_string_equal(entry.name, name);
    if (!content)
        return;
    assert_int_equal(entry.size, strlen(content));
    assert_int_equal(sg_tar_read(archive, 100, &bytes, NULL), SG_OK);
    assert_memory_equal(bytes, content, entry.size);
    free(bytes);
}

static void test_files_are_told_in_order(void **state)
{
    static const char *const names[] = {"a.tar", "a.tar.gz"};
    for (size_t i = 0; i < 2; i++) {
        sg_tar_entry entry;
        tar_write(state, names[i], members, MEMBER_COUNT, i == 1);
        sg_tar_archive *archive = open_archive(state, names[i]);
        check_next(archive, "folder/a", i == 0 ? "hello" : NULL);
        check_next(archive, "a/prefix/b", "");
        check_next(archive, "c", "sevenhundred");
        assert_int_equal(sg_tar_next(archive, &entry, NULL), SG_OK);
        assert_null(entry.name);
        sg_tar_close(archive);
    }
}

static void test_large_files_are_refused(void **state)
{
    sg_tar_entry entry;
    sg_error error = {0};
    unsigned char *bytes = (unsigned char *)&error;
    tar_write(state, "a.tar", members, MEMBER_COUNT, false);
    sg_tar_archive *archive = open_archive(state, "a.tar");
    assert_int_equal(sg_tar_next(archive, &entry, NULL), SG_OK);
    assert_int_equal(sg_tar_read(archive, 4, &bytes, &error), SG_ERROR_FORMAT);
    assert_null(bytes);
    assert_non_null(strstr(error.message, "folder/a has 5 bytes, expected at most 4"));
    sg_tar_close(archive);
}

/* Reads all files; returns the status of the first failure. */
static sg_status read_all(void *const *state, sg_error *error)
{
    sg_tar_entry entry = {0};
    sg_tar_archive *archive = NULL;
    char *path = temporary_path(state, "a.tar");
    sg_status status = sg_tar_open(path, &archive, error);
    if (!status)
        status = sg_tar_next(archive, &entry, error);
    while (!status && entry.name) {
        unsigned char *bytes = NULL;
        status = sg_tar_read(archive, SIZE_MAX, &bytes, error);
        free(bytes);
        if (!status)
            status = sg_tar_next(archive, &entry, error);
    }
    sg_tar_close(archive);
    free(path);
    return status;
}

/* Cut at the end of a file, an archive counts as whole: many lack the zeros at the end. */
static void test_cut_archives(void **state)
{
    for (size_t size = 0; size < 7 * 512; size += 37) {
        sg_error error = {0};
        tar_write(state, "a.tar", members, MEMBER_COUNT, false);
        cut_file(state, "a.tar", size);
        assert_int_equal(read_all(state, &error), size == 0 ? SG_OK : SG_ERROR_FORMAT);
        if (size > 0)
            assert_non_null(strstr(error.message, "truncated"));
    }
}

static void test_damaged_headers_are_refused(void **state)
{
    sg_error error = {0};
    uint8_t block[1024] = "name";
    bytes_write(state, "a.tar", block, sizeof block);
    assert_int_equal(read_all(state, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "a header of the archive is damaged, after its start"));
}

static void test_other_files_are_not_recognised(void **state)
{
    text_write(state, "text", "no archive");
    char *text = temporary_path(state, "text");
    char *pipe = temporary_path(state, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(sg_tar_recognises(text));
    assert_false(sg_tar_recognises(pipe));
    assert_false(sg_tar_recognises(*state));
    free(text);
    free(pipe);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_files_are_told_in_order),
        TEST(test_large_files_are_refused),
        TEST(test_cut_archives),
        TEST(test_damaged_headers_are_refused),
        TEST(test_other_files_are_not_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
