/* NumPy's files: what NumPy itself wrote is read, what is written has its bytes, damage is told. */
#include "checkpoint/numpy/numpy_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/temporary_folder.h"

/* The choice of the array of this name. */
#define NAMED(name) ((sg_numpy_choice){(const char *const[]){name}, 1, false})

#define FOLDER "tests/checkpoint/numpy"

enum { GRID_COUNT = 24 };

/* Element `i` of the array that make_files.py writes in most types, and as whole numbers. */
static float grid_value(size_t i)
{
    return (float)i * 0.5f - 3.0f;
}

static float whole_value(size_t i)
{
    return (float)i;
}

static float truncated_value(size_t i)
{
    return truncf(grid_value(i));
}

static float truth_value(size_t i)
{
    return i > 0 ? 1.0f : 0.0f;
}

static void check_grid(const char *path, const char *member, float (*value)(size_t))
{
    sg_numpy_array array;
    sg_error error = {0};
    if (sg_numpy_read(path, member ? &NAMED(member) : NULL, &array, &error))
        fail_msg("%s", error.message);
    assert_int_equal(array.rank, 3);
    assert_int_equal(array.size[0], 2);
    assert_int_equal(array.size[1], 3);
    assert_int_equal(array.size[2], 4);
    assert_int_equal(array.size[3], 1);
    assert_int_equal(array.count, GRID_COUNT);
    for (size_t i = 0; i < array.count; i++) {
        if (array.values[i] != value(i))
            fail_msg("%s: value %zu is %g, not %g", path, i, (double)array.values[i],
                     (double)value(i));
    }
    sg_numpy_array_clear(&array);
    assert_null(array.values);
}

static void element_types_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        float (*value)(size_t);
    } files[] = {
        {"f2-little", grid_value},      {"f2-big", grid_value},      {"f4-little", grid_value},
        {"f4-big", grid_value},         {"f8-little", grid_value},   {"f8-big", grid_value},
        {"i1-byte", truncated_value},   {"i2-big", truncated_value}, {"i2-little", truncated_value},
        {"i4-little", truncated_value}, {"i8-big", truncated_value}, {"i8-little", truncated_value},
        {"u1-byte", whole_value},       {"u2-little", whole_value},  {"u4-big", whole_value},
        {"u8-little", whole_value},     {"b1-byte", truth_value},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[100];
        snprintf(path, sizeof path, FOLDER "/%s.npy", files[i].name);
        check_grid(path, NULL, files[i].value);
    }
}

static void orders_and_versions_are_read(void **state)
{
    (void)state;
    check_grid(FOLDER "/fortran.npy", NULL, grid_value);
    check_grid(FOLDER "/version2.npy", NULL, grid_value);
    check_grid(FOLDER "/version3.npy", NULL, grid_value);
}

static void archives_are_read(void **state)
{
    (void)state;
    check_grid(FOLDER "/stored.npz", "w", grid_value);
    check_grid(FOLDER "/deflated.npz", "w", grid_value);
    check_grid(FOLDER "/single.npz", NULL, grid_value);
    check_grid(FOLDER "/single.npz", "w", grid_value);
    sg_numpy_array array;
    assert_int_equal(sg_numpy_read(FOLDER "/deflated.npz", &NAMED("other"), &array, NULL), SG_OK);
    assert_int_equal(array.rank, 1);
    assert_int_equal(array.count, 5);
    assert_float_equal(array.values[4], 4, 0);
    sg_numpy_array_clear(&array);
}

static void shapes_of_few_dimensions_are_read(void **state)
{
    (void)state;
    char text[200];
    sg_numpy_array array;
    assert_int_equal(sg_numpy_read(FOLDER "/scalar.npy", NULL, &array, NULL), SG_OK);
    assert_string_equal(sg_numpy_shape_print(&array, text), "()");
    assert_int_equal(array.count, 1);
    assert_float_equal(array.values[0], 2.5, 0);
    sg_numpy_array_clear(&array);
    assert_int_equal(sg_numpy_read(FOLDER "/line.npy", NULL, &array, NULL), SG_OK);
    assert_string_equal(sg_numpy_shape_print(&array, text), "(3,)");
    assert_float_equal(array.values[2], 2, 0);
    sg_numpy_array_clear(&array);
    assert_int_equal(sg_numpy_read(FOLDER "/empty.npy", NULL, &array, NULL), SG_OK);
    assert_string_equal(sg_numpy_shape_print(&array, text), "(0, 4)");
    assert_int_equal(array.count, 0);
    sg_numpy_array_clear(&array);
}

/* Reading must fail with a sentence that names the file and holds `part`. */
static void check_refused(const char *path, const char *member, sg_status status, const char *part)
{
    sg_numpy_array array = {.rank = 3};
    sg_error error = {0};
    assert_int_equal(sg_numpy_read(path, member ? &NAMED(member) : NULL, &array, &error), status);
    assert_null(array.values);
    assert_int_equal(array.rank, 0);
    if (!strstr(error.message, path) || !strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

static void what_is_no_numbers_is_refused(void **state)
{
    char *text = temporary_path(state, "text.npy");
    char *absent = temporary_path(state, "absent.npy");
    assert_int_equal(sg_write_file(text, "a text", 6, NULL), SG_OK);
    check_refused(text, NULL, SG_ERROR_FORMAT, "neither an .npy nor an .npz");
    check_refused(absent, NULL, SG_ERROR_FILE, "cannot open");
    check_refused(FOLDER, NULL, SG_ERROR_FILE, "folder");
    check_refused(FOLDER "/objects.npy", NULL, SG_ERROR_FORMAT, "\"|O\"");
    check_refused(FOLDER "/complex.npy", NULL, SG_ERROR_FORMAT, "\"<c8\"");
    check_refused(FOLDER "/structured.npy", NULL, SG_ERROR_FORMAT, "plain array");
    check_refused(FOLDER "/stored.npz", "v", SG_ERROR_FORMAT, "2 arrays, but none named \"v\"");
    free(text);
    free(absent);
}

/* Writes an .npy file of this dictionary and as many zero bytes behind it. */
static void write_raw(const char *path, const char *dictionary, size_t data_bytes)
{
    const size_t length = strlen(dictionary);
    unsigned char *bytes = calloc(10 + length + data_bytes, 1);
    assert_non_null(bytes);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)(length & 255);
    bytes[9] = (unsigned char)(length >> 8);
    memcpy(bytes + 10, dictionary, length);
    assert_int_equal(sg_write_file(path, bytes, 10 + length + data_bytes, NULL), SG_OK);
    free(bytes);
}

static void headers_in_other_words_are_read(void **state)
{
    char *path = temporary_path(state, "other.npy");
    sg_numpy_array array;
    write_raw(path, "{ \"shape\" :(2L ,3 ) ,\"descr\":\"=f4\", \"fortran_order\":True}\n", 24);
    assert_int_equal(sg_numpy_read(path, NULL, &array, NULL), SG_OK);
    assert_int_equal(array.count, 6);
    sg_numpy_array_clear(&array);
    free(path);
}

static void damaged_headers_are_refused(void **state)
{
    static const struct {
        const char *dictionary;
        size_t bytes;
        const char *part;
    } files[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 23, "takes 24"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 25, "takes 24"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", 24, "plain array"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 4,
         "plain array"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", 0,
         "takes more than"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", 4,
         "plain array"},
        {"{'descr': '<f4', 'fortran_order': None, 'shape': ()}", 4, "plain array"},
        {"{'descr': '<f4', 'shape': ()}", 4, "plain array"},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4, "plain array"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}", 4, "plain array"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': ()} more", 4, "plain array"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (", 4, "plain array"},
        {"{'descr': '<f4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 4, "plain array"},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': ()}", 4, "\"<f3\""},
        {"{'descr': '', 'fortran_order': False, 'shape': ()}", 4, "\"\""},
        {"", 4, "plain array"},
    };
    char *path = temporary_path(state, "damaged.npy");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        write_raw(path, files[i].dictionary, files[i].bytes);
        check_refused(path, NULL, SG_ERROR_FORMAT, files[i].part);
    }
    free(path);
}

/* Without the syncing of sg_write_file, since there are very many. */
static void write_quickly(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Every beginning of a file is refused; so is, or gives numbers, every file with a byte changed. */
static void check_damage(void **state, const char *source, const char *name)
{
    unsigned char *bytes;
    size_t size;
    char *path = temporary_path(state, name);
    sg_numpy_array array;
    assert_int_equal(sg_read_file(source, 1 << 20, &bytes, &size, NULL), SG_OK);
    for (size_t length = 0; length < size; length++) {
        sg_error error = {0};
        write_quickly(path, bytes, length);
        assert_int_not_equal(sg_numpy_read(path, &NAMED("w"), &array, &error), SG_OK);
        assert_non_null(strstr(error.message, path));
    }
    for (size_t i = 0; i < size; i++) {
        const unsigned char before = bytes[i];
        bytes[i] = (unsigned char)(before ^ 0x55u);
        write_quickly(path, bytes, size);
        (void)sg_numpy_read(path, &NAMED("w"), &array, NULL);
        sg_numpy_array_clear(&array);
        bytes[i] = before;
    }
    free(bytes);
    free(path);
}

static void damaged_files_are_refused(void **state)
{
    check_damage(state, FOLDER "/f2-big.npy", "damaged.npy");
    check_damage(state, FOLDER "/deflated.npz", "damaged.npz");
}

static void written_bytes_are_numpys(void **state)
{
    float grid[GRID_COUNT];
    for (size_t i = 0; i < GRID_COUNT; i++)
        grid[i] = grid_value(i);
    const float line[] = {0, 1, 2};
    const float scalar = 2.5f;
    const struct {
        const char *name;
        sg_numpy_entry entry;
    } files[] = {{"f4-little.npy", {.rank = 3, .size = {2, 3, 4}, .values = grid}},
                 {"line.npy", {.rank = 1, .size = {3}, .values = line}},
                 {"scalar.npy", {.rank = 0, .values = &scalar}},
                 {"empty.npy", {.rank = 2, .size = {0, 4}, .values = NULL}}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char expected_path[100];
        unsigned char *expected, *bytes;
        size_t expected_size, size;
        char *path = temporary_path(state, files[i].name);
        snprintf(expected_path, sizeof expected_path, FOLDER "/%s", files[i].name);
        assert_int_equal(sg_numpy_write_npy(path, &files[i].entry, NULL), SG_OK);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
        assert_int_equal(sg_read_file(expected_path, 1 << 20, &expected, &expected_size, NULL),
                         SG_OK);
        assert_int_equal(size, expected_size);
        assert_memory_equal(bytes, expected, size);
        free(expected);
        free(bytes);
        free(path);
    }
}

static void written_archives_are_read_back(void **state)
{
    const float w[] = {1, 2, 3, 4, 5, 6};
    const float noise[] = {-1};
    const sg_numpy_entry entries[] = {
        {.name = "w", .rank = 3, .size = {1, 2, 3}, .values = w},
        {.name = "noise", .rank = 0, .values = noise},
    };
    char *path = temporary_path(state, "w.npz");
    char *again = temporary_path(state, "again.npz");
    sg_numpy_array array;
    assert_int_equal(sg_numpy_write_npz(path, entries, 2, NULL), SG_OK);
    assert_int_equal(sg_numpy_write_npz(again, entries, 2, NULL), SG_OK);
    assert_int_equal(sg_numpy_read(path, &NAMED("w"), &array, NULL), SG_OK);
    assert_int_equal(array.rank, 3);
    assert_memory_equal(array.values, w, sizeof w);
    sg_numpy_array_clear(&array);
    assert_int_equal(sg_numpy_read(path, &NAMED("noise"), &array, NULL), SG_OK);
    assert_int_equal(array.rank, 0);
    assert_float_equal(array.values[0], -1, 0);
    sg_numpy_array_clear(&array);
    unsigned char *bytes, *more;
    size_t size, more_size;
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    assert_int_equal(sg_read_file(again, 1 << 20, &more, &more_size, NULL), SG_OK);
    assert_int_equal(size, more_size);
    assert_memory_equal(bytes, more, size);
    free(bytes);
    free(more);
    free(path);
    free(again);
}

static void unwritable_arrays_are_refused(void **state)
{
    const float values[] = {1};
    const sg_numpy_entry twice[] = {{.name = "w", .values = values},
                                    {.name = "w", .values = values}};
    const sg_numpy_entry unnamed = {.name = "", .values = values};
    const sg_numpy_entry negative = {.name = "w", .rank = 1, .size = {-1}, .values = values};
    const sg_numpy_entry deep = {.name = "w", .rank = 9, .values = values};
    char *path = temporary_path(state, "w.npz");
    assert_int_equal(sg_numpy_write_npz(path, twice, 2, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_numpy_write_npz(path, &unnamed, 1, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_numpy_write_npz(path, &negative, 1, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_numpy_write_npy(path, &deep, NULL), SG_ERROR_ARGUMENT);
    assert_false(sg_path_exists(path));
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(element_types_are_read),
        cmocka_unit_test(orders_and_versions_are_read),
        cmocka_unit_test(archives_are_read),
        cmocka_unit_test(shapes_of_few_dimensions_are_read),
        IN_FOLDER(what_is_no_numbers_is_refused),
        IN_FOLDER(headers_in_other_words_are_read),
        IN_FOLDER(damaged_headers_are_refused),
        IN_FOLDER(damaged_files_are_refused),
        IN_FOLDER(written_bytes_are_numpys),
        IN_FOLDER(written_archives_are_read_back),
        IN_FOLDER(unwritable_arrays_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
