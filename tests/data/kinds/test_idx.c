/* IDX files: plain and compressed, and every way in which one can be bad. */
#include "data/kinds/idx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/idx_file.h"
#include "support/temporary_folder.h"

static void check_elements(const char *path, size_t rank, const size_t dimensions[4])
{
    sg_idx idx;
    sg_error error = {0};
    assert_int_equal(sg_idx_read(path, 1, 4, &idx, &error), SG_OK);
    assert_int_equal(idx.rank, rank);
    size_t size = 1;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(idx.dimensions[i], dimensions[i]);
        size *= dimensions[i];
    }
    assert_int_equal(idx.size, size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(idx.bytes[i], idx_element(i));
    sg_idx_clear(&idx);
    assert_null(idx.bytes);
}

static void test_reads_three_dimensions(void **state)
{
    static const char *const names[] = {"plain", "packed.gz"};
    static const size_t dimensions[4] = {5, 4, 3, 1};
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, names[i]);
        const idx_file file = idx_images(5, 4, 3);
        idx_write(path, &file);
        assert_true(sg_idx_recognises(path));
        check_elements(path, 3, dimensions);
        free(path);
    }
}

static void test_reads_four_dimensions_and_one(void **state)
{
    static const size_t four[4] = {2, 4, 3, 3};
    static const size_t one[4] = {72, 1, 1, 1};
    char *path = temporary_path(state, "file");
    idx_file file = {.magic = 0x00000804,
                     .rank = 4,
                     .dimensions = {2, 4, 3, 3},
                     .size = 72,
                     .element = idx_element};
    idx_write(path, &file);
    check_elements(path, 4, four);
    file = (idx_file){
        .magic = 0x00000801, .rank = 1, .dimensions = {72}, .size = 72, .element = idx_element};
    idx_write(path, &file);
    check_elements(path, 1, one);
    free(path);
}

/* More than the first step of the buffer's growth. */
static void test_reads_large_files(void **state)
{
    static const size_t dimensions[4] = {30, 300, 301, 1};
    char *path = temporary_path(state, "large.gz");
    const idx_file file = idx_images(30, 300, 301);
    idx_write(path, &file);
    check_elements(path, 3, dimensions);
    free(path);
}

/* `path` must be refused with a sentence that names it and contains `words`. */
static void check_refused(const char *path, sg_status status, const char *words)
{
    sg_idx idx;
    sg_error error = {0};
    assert_int_equal(sg_idx_read(path, 3, 4, &idx, &error), status);
    assert_int_equal(error.status, status);
    assert_null(idx.bytes);
    assert_non_null(strstr(error.message, path));
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

static void test_missing_and_folder(void **state)
{
    char *missing = temporary_path(state, "missing");
    check_refused(missing, SG_ERROR_FILE, "cannot open");
    assert_false(sg_idx_recognises(missing));
    free(missing);
    check_refused(*state, SG_ERROR_FILE, "it is a folder");
    assert_false(sg_idx_recognises(*state));
}

static void test_empty_and_short_headers(void **state)
{
    static const uint8_t header[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2};
    char *path = temporary_path(state, "file");
    raw_write(path, "", 0);
    check_refused(path, SG_ERROR_FORMAT, "empty");
    raw_write(path, header, 3);
    check_refused(path, SG_ERROR_FORMAT, "ends after 3 bytes");
    assert_false(sg_idx_recognises(path));
    raw_write(path, header, 15);
    check_refused(path, SG_ERROR_FORMAT, "header ends after 15 bytes, expected 16");
    raw_write(path, header, 16);
    check_refused(path, SG_ERROR_FORMAT, "holds 0 bytes after its header, expected 4");
    free(path);
}

static void test_wrong_magic(void **state)
{
    static const uint32_t magics[] = {0x00000801, 0x00000805, 0x00000d03, 0x01000803,
                                      0x00010803, 0x89504e47, 0x00000800};
    static const char *const shown[] = {"0x00000801", "0x00000805", "0x00000d03", "0x01000803",
                                        "0x00010803", "0x89504e47", "0x00000800"};
    char *path = temporary_path(state, "file");
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        idx_file file = idx_images(5, 4, 3);
        file.magic = magics[i];
        idx_write(path, &file);
        check_refused(path, SG_ERROR_FORMAT, shown[i]);
        check_refused(path, SG_ERROR_FORMAT, "expected 0x00000803");
    }
    free(path);
}

static void test_too_short_and_too_long(void **state)
{
    static const char *const names[] = {"plain", "packed.gz"};
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, names[i]);
        idx_file file = idx_images(5, 4, 3);
        file.size = 59;
        idx_write(path, &file);
        check_refused(path, SG_ERROR_FORMAT, "holds 59 bytes after its header, expected 60");
        file.size = 61;
        idx_write(path, &file);
        check_refused(path, SG_ERROR_FORMAT, "more than 60 bytes after its header, expected 60");
        free(path);
    }
}

static void test_zero_and_absurd_dimensions(void **state)
{
    char *path = temporary_path(state, "file");
    idx_file file = idx_images(5, 4, 3);
    for (size_t i = 0; i < 3; i++) {
        file = idx_images(5, 4, 3);
        file.dimensions[i] = 0;
        file.size = 0;
        idx_write(path, &file);
        check_refused(path, SG_ERROR_FORMAT, "is 0, expected at least 1");
    }
    file = idx_images(5, 4, 3);
    file.dimensions[1] = SG_IDX_LARGEST_SIDE + 1;
    idx_write(path, &file);
    check_refused(path, SG_ERROR_FORMAT, "is 16385, expected at most 16384");

    /* Sizes no machine has: they must cost no more memory than the file's 60 bytes deserve. */
    file = idx_images(5, 4, 3);
    file.dimensions[0] = UINT32_MAX;
    file.dimensions[1] = 16384;
    file.dimensions[2] = 16384;
    idx_write(path, &file);
    check_refused(path, SG_ERROR_FORMAT, "holds 60 bytes after its header, expected 1152921504");

    file.magic = 0x00000804;
    file.rank = 4;
    file.dimensions[3] = 16384;
    idx_write(path, &file);
    check_refused(path, SG_ERROR_FORMAT, "product of its header's dimensions");
    free(path);
}

static void test_damaged_gzip(void **state)
{
    char *path = temporary_path(state, "packed.gz");
    unsigned char *bytes = NULL;
    size_t size = 0;
    const idx_file file = idx_images(50, 20, 20);
    idx_write(path, &file);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);

    bytes[size - 8] ^= 1; /* the checksum: four bytes before the length */
    raw_write(path, bytes, size);
    check_refused(path, SG_ERROR_FORMAT, "gzip");
    bytes[size - 8] ^= 1;

    bytes[size - 1] ^= 1; /* the length */
    raw_write(path, bytes, size);
    check_refused(path, SG_ERROR_FORMAT, "gzip");
    bytes[size - 1] ^= 1;

    for (size_t kept = 11; kept < size; kept += kept < size - 10 ? 5 : 1) {
        raw_write(path, bytes, kept);
        check_refused(path, SG_ERROR_FORMAT, "gzip");
    }
    free(bytes);
    free(path);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reads_three_dimensions),
        TEST(test_reads_four_dimensions_and_one),
        TEST(test_reads_large_files),
        TEST(test_missing_and_folder),
        TEST(test_empty_and_short_headers),
        TEST(test_wrong_magic),
        TEST(test_too_short_and_too_long),
        TEST(test_zero_and_absurd_dimensions),
        TEST(test_damaged_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
