/* Packs: whole or not at all, as a folder and as an archive, and the same bytes every time. */
#include "base/files/pack.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { FILES = 5, NEVER = 99 };

/* What the test's pack is asked for. */
typedef struct making {
    size_t next;
    size_t failing; /* the file that cannot be made */
} making;

static void name_file(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE])
{
    (void)argument;
    snprintf(name, SG_PACK_NAME_SIZE, "%zu/file%zu.txt", index / 2, index);
}

static sg_status make_file(void *argument, size_t index, unsigned char **bytes, size_t *size,
                           sg_error *error)
{
    making *made = argument;
    assert_int_equal(index, made->next);
    made->next++;
    if (index == made->failing)
        return sg_fail(error, SG_ERROR_CANCELLED, "file %zu cannot be made", index);
    *size = 1000 * index;
    *bytes = malloc(*size + 1);
    assert_non_null(*bytes);
    memset(*bytes, 'a' + (int)index, *size);
    return SG_OK;
}

static sg_pack pack_of(making *made)
{
    return (sg_pack){FILES, made, name_file, make_file};
}

/* The number of entries in the test's folder, hidden ones included. */
static size_t count_entries(void **state)
{
    size_t count = 0;
    DIR *directory = opendir(*state);
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2;
}

static void test_folder(void **state)
{
    making made = {0, NEVER};
    const sg_pack pack = pack_of(&made);
    char *path = temporary_path(state, "a/b/");
    assert_int_equal(sg_pack_write_folder(&pack, path, NULL), SG_OK);
    assert_int_equal(made.next, FILES);
    for (size_t i = 0; i < FILES; i++) {
        unsigned char *bytes = NULL;
        size_t size = 0;
        char name[SG_PACK_NAME_SIZE];
        name_file(NULL, i, name);
        char *file = sg_path_join(path, name);
        assert_int_equal(sg_read_file(file, 1 << 20, &bytes, &size, NULL), SG_OK);
        assert_int_equal(size, 1000 * i);
        assert_true(i == 0 || bytes[size - 1] == 'a' + (int)i);
        free(bytes);
        free(file);
    }
    assert_int_equal(count_entries(state), 1);
    free(path);
}

static void test_folder_failing(void **state)
{
    making made = {0, 3};
    const sg_pack pack = pack_of(&made);
    sg_error error = {0};
    char *path = temporary_path(state, "set");
    assert_int_equal(sg_pack_write_folder(&pack, path, &error), SG_ERROR_CANCELLED);
    assert_string_equal(error.message, "file 3 cannot be made");
    assert_int_equal(count_entries(state), 0);
    free(path);
}

static void test_folders_in_use_are_left_alone(void **state)
{
    making made = {0, NEVER};
    const sg_pack pack = pack_of(&made);
    sg_error error = {0};
    char *path = temporary_path(state, "set");
    text_write(state, "set/mine.txt", "precious");
    assert_int_equal(sg_pack_write_folder(&pack, path, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "something is there already"));
    assert_int_equal(made.next, 0);
    char *mine = temporary_path(state, "set/mine.txt");
    assert_int_equal(remove(mine), 0);
    assert_int_equal(sg_pack_write_folder(&pack, path, NULL), SG_OK);
    free(mine);
    free(path);
}

static void write_zip(void **state, const char *name, unsigned char **bytes, size_t *size)
{
    making made = {0, NEVER};
    const sg_pack pack = pack_of(&made);
    char *path = temporary_path(state, name);
    assert_int_equal(sg_pack_write_zip(&pack, path, NULL), SG_OK);
    assert_int_equal(made.next, FILES);
    assert_int_equal(sg_read_file(path, 1 << 20, bytes, size, NULL), SG_OK);
    free(path);
}

static void test_zip_is_the_same_every_time(void **state)
{
    unsigned char *first = NULL;
    unsigned char *second = NULL;
    size_t first_size = 0;
    size_t second_size = 0;
    write_zip(state, "x/first.zip", &first, &first_size);
    write_zip(state, "second.zip", &second, &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    /* stored: all the content, and little else */
    assert_in_range(first_size, 10000, 11000);
    free(first);
    free(second);
}

static void test_zip_failing(void **state)
{
    making made = {0, 3};
    const sg_pack pack = pack_of(&made);
    sg_error error = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *path = temporary_path(state, "set.zip");
    text_write(state, "set.zip", "the older file");
    assert_int_equal(sg_pack_write_zip(&pack, path, &error), SG_ERROR_CANCELLED);
    assert_string_equal(error.message, "file 3 cannot be made");
    assert_int_equal(count_entries(state), 1);
    assert_int_equal(sg_read_file(path, 100, &bytes, &size, NULL), SG_OK);
    assert_string_equal((char *)bytes, "the older file");
    free(bytes);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folder, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_folder_failing, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_folders_in_use_are_left_alone, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_zip_is_the_same_every_time, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_zip_failing, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
