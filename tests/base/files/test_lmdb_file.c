/* Databases that liblmdb wrote: every entry is found in order; damage is refused. */
#include "base/files/lmdb_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/lmdb/lmdb_writer.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { MANY = 3000, LONG_BYTES = 9000 };

/* Entries being checked; their values are their number, again and again. */
typedef struct checked_walk {
    const sg_lmdb_file *file;
    size_t count;
} checked_walk;

/* Every seventh value is long, every third is empty. */
static size_t size_of_value(size_t number)
{
    return number % 7 == 0 ? LONG_BYTES : number % 3 == 0 ? 0 : number % 90;
}

static sg_status check_entry(void *user, const sg_lmdb_entry *entry, sg_error *error)
{
    checked_walk *walk = user;
    char key[16];
    unsigned char value[LONG_BYTES];
    snprintf(key, sizeof key, "key%06zu", walk->count);
    assert_int_equal(entry->key_size, strlen(key));
    assert_memory_equal(entry->key, key, entry->key_size);
    assert_int_equal(entry->size, size_of_value(walk->count));
    assert_int_equal(entry->is_long, entry->size == LONG_BYTES);
    assert_int_equal(sg_lmdb_read(walk->file, entry->offset, value, entry->size, error), SG_OK);
    for (size_t i = 0; i < entry->size; i++)
        assert_int_equal(value[i], walk->count % 251);
    walk->count++;
    return SG_OK;
}

static void write_many(void *const *state, size_t count, size_t step, const char *inner)
{
    lmdb_pair *pairs = calloc(count, sizeof *pairs);
    assert_non_null(pairs);
    for (size_t i = 0; i < count; i++) {
        char key[32];
        snprintf(key, sizeof key, "key%06zu", i);
        void *value = malloc(LONG_BYTES);
        assert_non_null(value);
        memset(value, (int)(i % 251), LONG_BYTES);
        pairs[i] = (lmdb_pair){strdup(key), value, size_of_value(i)};
    }
    lmdb_write(state, "set", pairs, count, step, inner);
    for (size_t i = 0; i < count; i++) {
        free((void *)pairs[i].key);
        free((void *)pairs[i].value);
    }
    free(pairs);
}

static sg_lmdb_file *open_set(void *const *state)
{
    sg_error error = {0};
    sg_lmdb_file *file = NULL;
    char *path = temporary_path(state, "set/data.mdb");
    assert_true(sg_lmdb_recognises(path));
    if (sg_lmdb_open(path, &file, &error))
        fail_msg("%s", error.message);
    free(path);
    return file;
}

static void check_all(void *const *state, size_t count)
{
    sg_error error = {0};
    sg_lmdb_file *file = open_set(state);
    checked_walk walk = {.file = file};
    if (sg_lmdb_walk(file, check_entry, &walk, &error))
        fail_msg("%s", error.message);
    assert_int_equal(walk.count, count);
    sg_lmdb_close(file);
}

/* One transaction, so that the second meta page counts, and several, so that pages are used again.
 */
static void test_entries_are_visited_in_order(void **state)
{
    write_many(state, MANY, MANY, NULL);
    check_all(state, MANY);
}

static void test_several_transactions(void **state)
{
    for (size_t count = 1; count < 12; count++) {
        char *path = temporary_path(state, "set/data.mdb");
        (void)remove(path);
        free(path);
        write_many(state, count, 2, NULL);
        check_all(state, count);
    }
}

static void test_an_empty_database(void **state)
{
    write_many(state, 0, 1, NULL);
    check_all(state, 0);
}

static void test_databases_within_are_passed_over(void **state)
{
    write_many(state, 10, 10, "inner");
    check_all(state, 10);
}

static sg_status read_entry(void *user, const sg_lmdb_entry *entry, sg_error *error)
{
    unsigned char byte;
    const sg_status first =
        entry->size > 0 ? sg_lmdb_read(user, entry->offset, &byte, 1, error) : SG_OK;
    return first || entry->size == 0
               ? first
               : sg_lmdb_read(user, entry->offset + entry->size - 1, &byte, 1, error);
}

/* Opens and walks; a failure must be a sentence. */
static sg_status walk_through(void *const *state)
{
    sg_error error = {0};
    sg_lmdb_file *file = NULL;
    char *path = temporary_path(state, "set/data.mdb");
    sg_status status = sg_lmdb_open(path, &file, &error);
    if (!status)
        status = sg_lmdb_walk(file, read_entry, file, &error);
    if (status)
        assert_non_null(strstr(error.message, "data.mdb"));
    sg_lmdb_close(file);
    free(path);
    return status;
}

/* Writes a byte in place: a file of its own for each would take long. */
static void change_byte(const char *path, size_t at, unsigned char byte)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(byte, file), byte);
    assert_int_equal(fclose(file), 0);
}

/* Each byte of the pages' heads, lists and last entries, changed. */
static void test_changed_bytes(void **state)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    write_many(state, 60, 60, NULL);
    char *path = temporary_path(state, "set/data.mdb");
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, NULL), SG_OK);
    for (size_t page = 0; page + 4096 <= size && page < 6 * 4096; page += 4096)
        for (size_t i = 0; i < 4096; i += i < 160 || i > 3900 ? 1 : 97) {
            change_byte(path, page + i, bytes[page + i] ^ (unsigned char)(1U << i % 8));
            (void)walk_through(state);
            change_byte(path, page + i, bytes[page + i]);
        }
    assert_int_equal(walk_through(state), SG_OK);
    free(bytes);
    free(path);
}

/* The tail may be pages that are not used, or the end of one. */
static void test_cut_files_are_refused(void **state)
{
    write_many(state, 60, 60, NULL);
    for (size_t size = 60000; size > 0; size = size > 700 ? size - 700 : 0) {
        cut_file(state, "set/data.mdb", size);
        assert_int_not_equal(walk_through(state), SG_OK);
    }
}

/* A tree whose branch has itself below it. */
static void test_circles_are_refused(void **state)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    write_many(state, MANY, MANY, NULL);
    char *path = temporary_path(state, "set/data.mdb");
    assert_int_equal(sg_read_file(path, 1 << 26, &bytes, &size, NULL), SG_OK);
    size_t changed = 0;
    for (size_t page = 2 * 4096; page + 4096 <= size; page += 4096) {
        if (bytes[page + 10] != 1)
            continue;
        const size_t entry = bytes[page + 16] + 256U * bytes[page + 17];
        memcpy(bytes + page + entry, bytes + page, 4);
        changed++;
    }
    assert_true(changed > 0);
    bytes_write(state, "set/data.mdb", bytes, size);
    assert_int_equal(walk_through(state), SG_ERROR_FORMAT);
    free(bytes);
    free(path);
}

static void test_other_files_are_not_recognised(void **state)
{
    text_write(state, "set/data.mdb", "no database");
    char *path = temporary_path(state, "set/data.mdb");
    assert_false(sg_lmdb_recognises(path));
    assert_false(sg_lmdb_recognises(*state));
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(sg_lmdb_recognises(path));
    free(path);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entries_are_visited_in_order),
        TEST(test_several_transactions),
        TEST(test_an_empty_database),
        TEST(test_databases_within_are_passed_over),
        TEST(test_changed_bytes),
        TEST(test_cut_files_are_refused),
        TEST(test_circles_are_refused),
        TEST(test_other_files_are_not_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
