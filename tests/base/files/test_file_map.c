/* Mapped files: their bytes, private changes, memory given back, references. */
#include "base/files/file_map.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static unsigned char byte_at(size_t place)
{
    return (unsigned char)(place * 7 + place / 4096);
}

/* A file without a name of this many bytes, each known by its place. */
static FILE *make_file(size_t bytes)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    for (size_t i = 0; i < bytes; i++)
        assert_int_equal(fputc(byte_at(i), file), byte_at(i));
    assert_int_equal(fflush(file), 0);
    return file;
}

static void assert_bytes(const unsigned char *found, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (found[i] != byte_at(i))
            fail_msg("byte %zu is %d, expected %d", i, found[i], byte_at(i));
}

static void test_bytes_outlive_the_descriptor(void **state)
{
    (void)state;
    size_t size = 3 * page_bytes() + 123;
    FILE *file = make_file(size);
    sg_file_map *map = sg_file_map_create(fileno(file));
    assert_non_null(map);
    fclose(file);
    assert_int_equal(sg_file_map_size(map), size);
    assert_bytes(sg_file_map_bytes(map), 0, size);
    sg_file_map_release(map);
}

static void test_changes_are_private(void **state)
{
    (void)state;
    FILE *file = make_file(100);
    sg_file_map *map = sg_file_map_create(fileno(file));
    unsigned char read_back[100];
    sg_file_map_bytes(map)[50] = 0;
    assert_int_equal(sg_file_map_bytes(map)[50], 0);
    rewind(file);
    assert_int_equal(fread(read_back, 1, sizeof read_back, file), sizeof read_back);
    assert_bytes(read_back, 0, sizeof read_back);
    sg_file_map_release(map);
    fclose(file);
}

/* What was given back is read from the file again: here, without the change. */
static void test_discarded_pages_come_from_the_file_again(void **state)
{
    (void)state;
    size_t page = page_bytes();
    FILE *file = make_file(4 * page);
    sg_file_map *map = sg_file_map_create(fileno(file));
    unsigned char *bytes = sg_file_map_bytes(map);
    bytes[2 * page] ^= 1;
    sg_file_map_discard(map, bytes + page, 2 * page);
    assert_bytes(bytes, 0, 4 * page);
    sg_file_map_release(map);
    fclose(file);
}

/* Pages that a neighbour shares are kept: its changes with them. */
static void test_neighbours_keep_their_changes(void **state)
{
    (void)state;
    size_t page = page_bytes();
    FILE *file = make_file(4 * page);
    sg_file_map *map = sg_file_map_create(fileno(file));
    unsigned char *bytes = sg_file_map_bytes(map);
    bytes[page] ^= 1;
    bytes[3 * page - 1] ^= 1;
    sg_file_map_discard(map, bytes + page + 1, 2 * page - 2);
    sg_file_map_discard(map, bytes + page + 1, 5);
    sg_file_map_discard(map, bytes + page + 1, 0);
    assert_int_equal(bytes[page], byte_at(page) ^ 1);
    assert_int_equal(bytes[3 * page - 1], byte_at(3 * page - 1) ^ 1);
    sg_file_map_discard(map, bytes, 4 * page);
    assert_bytes(bytes, 0, 4 * page);
    sg_file_map_release(map);
    fclose(file);
}

static void test_references(void **state)
{
    (void)state;
    FILE *file = make_file(10);
    sg_file_map *map = sg_file_map_create(fileno(file));
    assert_ptr_equal(sg_file_map_retain(map), map);
    sg_file_map_release(map);
    assert_bytes(sg_file_map_bytes(map), 0, 10);
    sg_file_map_release(map);
    sg_file_map_release(NULL);
    fclose(file);
}

static void test_what_cannot_be_mapped(void **state)
{
    (void)state;
    int ends[2];
    FILE *empty = tmpfile();
    assert_non_null(empty);
    assert_int_equal(pipe(ends), 0);
    assert_null(sg_file_map_create(-1));
    assert_null(sg_file_map_create(fileno(empty)));
    assert_null(sg_file_map_create(ends[0]));
    close(ends[0]);
    close(ends[1]);
    fclose(empty);
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    assert_null(sg_file_map_create(folder));
    close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_outlive_the_descriptor),
        cmocka_unit_test(test_changes_are_private),
        cmocka_unit_test(test_discarded_pages_come_from_the_file_again),
        cmocka_unit_test(test_neighbours_keep_their_changes),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_what_cannot_be_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
