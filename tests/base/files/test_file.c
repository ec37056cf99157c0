/* Paths and folders; what cannot be read is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/input_file.h"
#include "support/place.h"

static void assert_unreadable(const char *path, size_t limit, const char *reason)
{
    unsigned char *bytes = NULL;
    size_t size = 1;
    sg_error error = {0};
    assert_int_equal(sg_read_file(path, limit, &bytes, &size, &error), SG_ERROR_FILE);
    assert_null(bytes);
    assert_int_equal(size, 0);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, reason));
}

static void assert_joined(const char *folder, const char *name, const char *expected)
{
    char *path = sg_path_join(folder, name);
    assert_string_equal(path, expected);
    free(path);
}

static void test_join(void **state)
{
    (void)state;
    assert_joined("runs", "x.png", "runs/x.png");
    assert_joined("runs/", "x.png", "runs/x.png");
    assert_joined("/", "x.png", "/x.png");
    assert_joined("", "x.png", "x.png");
    assert_joined(NULL, "x.png", "x.png");
}

static void assert_user_folder(sg_user_place wanted, const char *expected)
{
    char *path = sg_user_folder(wanted);
    assert_string_equal(path, expected);
    free(path);
}

static void test_user_folders(void **state)
{
    (void)state;
    setenv("HOME", "/home/ann", 1);
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("XDG_CACHE_HOME", "relative", 1);
    assert_user_folder(SG_USER_DATA, "/data/stylegan");
    assert_user_folder(SG_USER_CACHE, "/home/ann/.cache/stylegan");
    unsetenv("XDG_DATA_HOME");
    assert_user_folder(SG_USER_DATA, "/home/ann/.local/share/stylegan");
    unsetenv("HOME");
    assert_null(sg_user_folder(SG_USER_DATA));
}

static void test_exists_and_is_folder(void **state)
{
    place *here = *state;
    assert_true(sg_path_exists(here->file));
    assert_false(sg_path_is_folder(here->file));
    assert_true(sg_path_exists(here->folder));
    assert_true(sg_path_is_folder(here->folder));
    char *missing = sg_path_join(here->folder, "missing");
    assert_false(sg_path_exists(missing));
    assert_false(sg_path_is_folder(missing));
    free(missing);
}

static void test_make_folders(void **state)
{
    place *here = *state;
    char *deep = sg_path_join(here->folder, "a//b/c/");
    sg_error error = {0};
    assert_int_equal(sg_make_folders(deep, &error), SG_OK);
    assert_true(sg_path_is_folder(deep));
    assert_int_equal(sg_make_folders(deep, &error), SG_OK);
    assert_int_equal(sg_make_folders("/", &error), SG_OK);
    assert_int_equal(sg_make_folders("", &error), SG_OK);
    free(deep);
}

static void test_make_folders_names_what_is_in_the_way(void **state)
{
    place *here = *state;
    char *below = sg_path_join(here->file, "b");
    sg_error error = {0};
    assert_int_equal(sg_make_folders(below, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, here->file));
    assert_non_null(strstr(error.message, "a file has that name"));
    free(below);
}

static void test_read_failures_name_the_path(void **state)
{
    place *here = *state;
    char *missing = sg_path_join(here->folder, "missing");
    assert_unreadable(missing, 1000, "No such file");
    assert_unreadable(here->folder, 1000, "it is a folder");
    assert_unreadable(here->file, 2, "larger than the 2 bytes");
    free(missing);
    assert_content(here->file, "old");
}

static void test_read_takes_exactly_the_limit(void **state)
{
    place *here = *state;
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sg_read_file(here->file, 3, &bytes, &size, NULL), SG_OK);
    assert_int_equal(size, 3);
    assert_int_equal(bytes[3], 0);
    free(bytes);
    assert_int_equal(sg_read_file(here->file, SIZE_MAX, &bytes, &size, NULL), SG_OK);
    free(bytes);
}

/* Files of /proc say that their size is 0. */
static void test_read_does_not_trust_the_stated_size(void **state)
{
    (void)state;
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sg_read_file("/proc/self/maps", 1 << 24, &bytes, &size, NULL), SG_OK);
    assert_true(size > 0);
    assert_int_equal(strlen((char *)bytes), size);
    free(bytes);
    assert_unreadable("/dev/zero", 100000, "it is not a regular file");
}

static void test_read_of_an_empty_file(void **state)
{
    place *here = *state;
    sg_error error = {0};
    assert_int_equal(sg_write_file(here->file, NULL, 0, &error), SG_OK);
    assert_content(here->file, "");
}

static void names_are_behind_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(sg_path_name("a/b/c.png"), "c.png");
    assert_string_equal(sg_path_name("c.png"), "c.png");
    assert_string_equal(sg_path_name("a/b/"), "");
}

static void test_make_parent_folder(void **state)
{
    place *here = *state;
    sg_error error = {0};
    char *deep = sg_path_join(here->folder, "a/b/c.png");
    char *folder = sg_path_join(here->folder, "a/b");
    assert_int_equal(sg_make_parent_folder(deep, &error), SG_OK);
    assert_true(sg_path_is_folder(folder));
    assert_false(sg_path_exists(deep));
    assert_int_equal(sg_make_parent_folder(deep, &error), SG_OK);
    free(deep);
    free(folder);
    assert_int_equal(sg_make_parent_folder("a-file-of-no-folder.png", &error), SG_OK);
    assert_false(sg_path_exists("a-file-of-no-folder.png"));
    char *blocked = sg_path_join(here->file, "c.png");
    assert_int_equal(sg_make_parent_folder(blocked, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, here->file));
    free(blocked);
}

static void last_parts_end_before_slashes(void **state)
{
    (void)state;
    size_t length = 9;
    assert_memory_equal(sg_path_last("a/bc//", &length), "bc", 2);
    assert_int_equal(length, 2);
    assert_string_equal(sg_path_last("abc", &length), "abc");
    assert_int_equal(length, 3);
    (void)sg_path_last("//", &length);
    assert_int_equal(length, 0);
}

#define place_test(function) cmocka_unit_test_setup_teardown(function, make_place, drop_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_behind_the_last_slash),
        cmocka_unit_test(last_parts_end_before_slashes),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_user_folders),
        place_test(test_exists_and_is_folder),
        place_test(test_make_folders),
        place_test(test_make_folders_names_what_is_in_the_way),
        place_test(test_read_failures_name_the_path),
        place_test(test_read_takes_exactly_the_limit),
        cmocka_unit_test(test_read_does_not_trust_the_stated_size),
        place_test(test_read_of_an_empty_file),
        place_test(test_make_parent_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
