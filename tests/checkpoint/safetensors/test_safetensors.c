/* Safetensors files: what is written is read back, and every damage gives a sentence. */
#include "checkpoint/safetensors/safetensors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/temporary_folder.h"

/* Writes a file from a header's text and as many data bytes; `promised` is the length it claims. */
static void write_raw(const char *path, const char *header, uint64_t promised, size_t data_bytes)
{
    size_t length = strlen(header);
    unsigned char *bytes = calloc(8 + length + data_bytes + 1, 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(promised >> 8 * i);
    memcpy(bytes + 8, header, length);
    assert_int_equal(sg_write_file(path, bytes, 8 + length + data_bytes, NULL), SG_OK);
    free(bytes);
}

/* Opening must fail with this status and a sentence that names the file and holds `part`. */
static void check_refused(const char *path, sg_status status, const char *part)
{
    sg_safetensors *file = (sg_safetensors *)-1;
    sg_error error = {0};
    assert_int_equal(sg_safetensors_open(path, &file, &error), status);
    assert_null(file);
    assert_int_equal(error.status, status);
    if (!strstr(error.message, path) || !strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

static void check_header_refused(void **state, const char *header, size_t data_bytes,
                                 const char *part)
{
    char *path = temporary_path(state, "damaged");
    write_raw(path, header, strlen(header), data_bytes);
    check_refused(path, SG_ERROR_FORMAT, part);
    free(path);
}

static const float floats[] = {1.0f, -2.5f, 0.0f, 1e30f, 3.0f, -0.125f};
static const int64_t integers[] = {INT64_MIN, 7};
static const unsigned char levels[] = {0, 128, 255};

static const sg_safetensors_entry entries[] = {
    {.name = "b.weight", .type = SG_STORED_F32, .rank = 2, .size = {2, 3}, .values = floats},
    {.name = "a.scalar", .type = SG_STORED_F32, .rank = 0, .values = floats + 1},
    {.name = "levels", .type = SG_STORED_U8, .rank = 1, .size = {3}, .values = levels},
    {.name = "empty", .type = SG_STORED_F32, .rank = 1, .size = {0}, .values = NULL},
    {.name = "\"quoted\"", .type = SG_STORED_I64, .rank = 1, .size = {2}, .values = integers},
};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

static const sg_metadata metadata[] = {{"config", "{\"a\": \"b\"}"}, {"note", ""}};

static void check_tensor(sg_safetensors *file, size_t index)
{
    const sg_stored_tensor *tensor = sg_safetensors_at(file, index);
    const sg_safetensors_entry *entry = &entries[index];
    unsigned char bytes[64];
    assert_string_equal(tensor->name, entry->name);
    assert_ptr_equal(sg_safetensors_find(file, entry->name), tensor);
    assert_int_equal(tensor->type, entry->type);
    assert_int_equal(tensor->rank, entry->rank);
    for (int i = 0; i < entry->rank; i++)
        assert_int_equal(tensor->size[i], entry->size[i]);
    assert_int_equal(sg_safetensors_read_bytes(file, tensor, bytes, NULL), SG_OK);
    if (tensor->bytes > 0)
        assert_memory_equal(bytes, entry->values, tensor->bytes);
}

static void test_round_trip(void **state)
{
    char *path = temporary_path(state, "file.safetensors");
    sg_error error = {0};
    sg_safetensors *file = NULL;
    assert_int_equal(sg_safetensors_write(path, entries, ENTRIES, metadata, 2, &error), SG_OK);
    assert_int_equal(sg_safetensors_open(path, &file, &error), SG_OK);
    assert_int_equal(sg_safetensors_count(file), ENTRIES);
    for (size_t i = 0; i < ENTRIES; i++)
        check_tensor(file, i);
    assert_null(sg_safetensors_find(file, "absent"));
    assert_int_equal(sg_safetensors_metadata_count(file), 2);
    assert_string_equal(sg_safetensors_metadata_at(file, 0).key, "config");
    assert_string_equal(sg_safetensors_metadata(file, "config"), metadata[0].value);
    assert_string_equal(sg_safetensors_metadata(file, "note"), "");
    assert_null(sg_safetensors_metadata(file, "absent"));
    sg_safetensors_close(file);
    free(path);
}

static void test_same_input_gives_same_aligned_bytes(void **state)
{
    unsigned char *bytes[2];
    size_t sizes[2];
    char *path = temporary_path(state, "file.safetensors");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sg_safetensors_write(path, entries, ENTRIES, metadata, 2, NULL), SG_OK);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], NULL), SG_OK);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    size_t header = bytes[0][0] | (size_t)bytes[0][1] << 8;
    assert_int_equal(header % 8, 0);
    assert_int_equal(sizes[0], 8 + header + 24 + 4 + 3 + 0 + 16);
    assert_memory_equal(bytes[0] + 8 + header, floats, sizeof floats);
    free(bytes[0]);
    free(bytes[1]);
    free(path);
}

static void test_file_without_tensors(void **state)
{
    char *path = temporary_path(state, "file.safetensors");
    sg_safetensors *file = NULL;
    assert_int_equal(sg_safetensors_write(path, NULL, 0, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    assert_int_equal(sg_safetensors_count(file), 0);
    assert_null(sg_safetensors_find(file, "any"));
    sg_safetensors_close(file);
    free(path);
}

static void test_converts_every_type(void **state)
{
    static const uint16_t halves[] = {0x3c00, 0xc100, 0x0001, 0x7c00, 0x7bff, 0x83ff};
    static const double half_values[] = {
        1.0, -2.5, 5.9604644775390625e-8, (double)INFINITY, 65504.0, -6.097555160522461e-05};
    static const uint16_t brains[] = {0x3f80, 0xc020, 0x7f80};
    static const double doubles[] = {0.1, 1e300, -1e300};
    static const int16_t shorts[] = {-3, 300};
    static const uint32_t words[] = {4294967295u};
    static const sg_safetensors_entry typed[] = {
        {.name = "f16", .type = SG_STORED_F16, .rank = 1, .size = {6}, .values = halves},
        {.name = "bf16", .type = SG_STORED_BF16, .rank = 1, .size = {3}, .values = brains},
        {.name = "f64", .type = SG_STORED_F64, .rank = 1, .size = {3}, .values = doubles},
        {.name = "i16", .type = SG_STORED_I16, .rank = 1, .size = {2}, .values = shorts},
        {.name = "u32", .type = SG_STORED_U32, .rank = 1, .size = {1}, .values = words},
        {.name = "i8", .type = SG_STORED_I8, .rank = 1, .size = {1}, .values = levels + 2},
        {.name = "f8", .type = SG_STORED_F8_E5M2, .rank = 1, .size = {1}, .values = levels},
    };
    char *path = temporary_path(state, "file.safetensors");
    sg_safetensors *file = NULL;
    sg_error error = {0};
    double values[8];
    float narrow[8];
    assert_int_equal(sg_safetensors_write(path, typed, 7, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    for (size_t i = 0; i < 6; i++) {
        const sg_stored_tensor *tensor = sg_safetensors_at(file, i);
        assert_int_equal(sg_safetensors_read_doubles(file, tensor, values + (i > 0), NULL), SG_OK);
        if (i == 0)
            assert_memory_equal(values, half_values, sizeof half_values);
    }
    assert_true(values[1] == -1.0);
    sg_safetensors_read_doubles(file, sg_safetensors_find(file, "bf16"), values, NULL);
    assert_true(values[0] == 1.0 && values[1] == -2.5 && isinf(values[2]));
    sg_safetensors_read_doubles(file, sg_safetensors_find(file, "u32"), values, NULL);
    assert_true(values[0] == 4294967295.0);
    sg_safetensors_read_floats(file, sg_safetensors_find(file, "f64"), narrow, NULL);
    assert_true(narrow[0] == 0.1f && isinf(narrow[1]) && narrow[1] > 0 && narrow[2] < 0);
    sg_safetensors_read_floats(file, sg_safetensors_find(file, "i16"), narrow, NULL);
    assert_true(narrow[0] == -3.0f && narrow[1] == 300.0f);
    assert_int_equal(
        sg_safetensors_read_floats(file, sg_safetensors_find(file, "f8"), narrow, &error),
        SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "F8_E5M2"));
    sg_safetensors_close(file);
    free(path);
}

/* More values than one conversion buffer holds. */
static void test_converts_long_tensors(void **state)
{
    enum { COUNT = 10000 };
    uint16_t *values = calloc(COUNT, sizeof *values);
    float *read = calloc(COUNT, sizeof *read);
    for (int i = 0; i < COUNT; i++)
        values[i] = (uint16_t)i;
    const sg_safetensors_entry entry = {
        .name = "x", .type = SG_STORED_U16, .rank = 1, .size = {COUNT}, .values = values};
    char *path = temporary_path(state, "file.safetensors");
    sg_safetensors *file = NULL;
    assert_int_equal(sg_safetensors_write(path, &entry, 1, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    assert_int_equal(sg_safetensors_read_floats(file, sg_safetensors_at(file, 0), read, NULL),
                     SG_OK);
    for (int i = 0; i < COUNT; i++)
        assert_true(read[i] == (float)i);
    sg_safetensors_close(file);
    free(path);
    free(values);
    free(read);
}

static void test_refuses_every_truncation(void **state)
{
    char *path = temporary_path(state, "file.safetensors");
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_safetensors_write(path, entries, ENTRIES, metadata, 2, NULL), SG_OK);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    for (size_t length = 0; length < size; length++) {
        assert_int_equal(sg_write_file(path, bytes, length, NULL), SG_OK);
        check_refused(path, SG_ERROR_FORMAT, "");
    }
    free(bytes);
    free(path);
}

/* Any byte of the header may be anything: nothing may crash, and failures have sentences. */
static void test_survives_every_changed_header_byte(void **state)
{
    static const unsigned char changes[] = {0, '"', '{', '[', '9', '-', 0xff};
    char *path = temporary_path(state, "file.safetensors");
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_safetensors_write(path, entries, 2, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    for (size_t at = 0; at < size - 28; at++) {
        unsigned char kept = bytes[at];
        for (size_t i = 0; i < sizeof changes; i++) {
            sg_safetensors *file = NULL;
            sg_error error = {0};
            bytes[at] = changes[i];
            FILE *stream = fmemopen(bytes, size, "rb");
            sg_status status = sg_safetensors_open_stream(stream, "memory", &file, &error);
            assert_int_equal(status, error.status);
            assert_true((!status) == (error.message[0] == '\0'));
            sg_safetensors_close(file);
        }
        bytes[at] = kept;
    }
    free(bytes);
    free(path);
}

static void test_refuses_bad_lengths(void **state)
{
    static const uint64_t lengths[] = {
        0, 1, 3, 1000, UINT64_C(1) << 32, UINT64_MAX, UINT64_MAX - 7, UINT64_C(1) << 63};
    char *path = temporary_path(state, "file");
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        write_raw(path, "{}", lengths[i], 0);
        check_refused(path, SG_ERROR_FORMAT, "header");
    }
    free(path);
}

static void test_refuses_what_is_not_json(void **state)
{
    check_header_refused(state, "not JSON", 0, "not JSON");
    check_header_refused(state, "[1, 2]", 0, "not JSON");
    check_header_refused(state, "{\"a\": ", 0, "not JSON");
    check_header_refused(state, "{} {}", 0, "not JSON");
    check_header_refused(state, "{}x", 0, "not JSON");
    check_header_refused(state, "\"text\"", 0, "not JSON");
}

static void test_refuses_deep_nesting(void **state)
{
    enum { DEPTH = 100000 };
    static const char start[] = "{\"a\":";
    char *header = calloc(sizeof start + 2 * (size_t)DEPTH + 2, 1);
    strcpy(header, start);
    size_t length = strlen(header);
    memset(header + length, '[', DEPTH);
    memset(header + length + DEPTH, ']', DEPTH);
    strcat(header, "}");
    check_header_refused(state, header, 0, "not JSON");
    free(header);
}

#define TENSOR(dtype, shape, offsets)                                                              \
    "{\"x\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

static void test_refuses_bad_tensors(void **state)
{
    check_header_refused(state, "{\"x\": 3}", 0, "not described by an object");
    check_header_refused(state, "{\"x\": {}}", 0, "no dtype");
    check_header_refused(state, TENSOR("3", "[1]", "[0,4]"), 4, "no dtype");
    check_header_refused(state, TENSOR("\"F31\"", "[1]", "[0,4]"), 4, "F31");
    check_header_refused(state, TENSOR("\"F32\"", "1", "[0,4]"), 4, "no shape");
    check_header_refused(state, TENSOR("\"F32\"", "[-1]", "[0,4]"), 4, "whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[0.5]", "[0,4]"), 4, "whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[\"1\"]", "[0,4]"), 4, "whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1e400]", "[0,4]"), 4, "whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4,
                         "more than 8");
    check_header_refused(state, TENSOR("\"F32\"", "[4294967296,4294967296]", "[0,4]"), 4,
                         "too large");
    check_header_refused(state, TENSOR("\"F64\"", "[4503599627370496,1024]", "[0,4]"), 4,
                         "too large");
    check_header_refused(state, "{\"\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1,
                         "name");
    check_header_refused(
        state, "{\"a\\u001bb\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1, "name");
}

static void test_refuses_bad_offsets(void **state)
{
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "4"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,4,8]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[-4,0]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,4.5]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,\"4\"]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,1e300]"), 4, "two whole numbers");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[4,0]"), 4, "before they begin");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,4]"), 3, "beyond the end");
    check_header_refused(state, TENSOR("\"F32\"", "[2]", "[0,9007199254740992]"), 8,
                         "beyond the end");
    check_header_refused(state, TENSOR("\"F32\"", "[3]", "[0,4]"), 4, "needs 12 bytes");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[0,4]"), 5, "after its last tensor");
    check_header_refused(state, TENSOR("\"F32\"", "[1]", "[4,8]"), 8, "unused bytes before");
}

#define BYTES(name, begin, end)                                                                    \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[" begin "," end "]}"

static void test_refuses_overlaps_and_duplicates(void **state)
{
    check_header_refused(state, "{" BYTES("a", "0", "4") "," BYTES("b", "2", "6") "}", 6,
                         "overlaps");
    check_header_refused(state, "{" BYTES("a", "0", "4") "," BYTES("b", "0", "4") "}", 4,
                         "overlaps");
    check_header_refused(state, "{" BYTES("a", "0", "4") "," BYTES("a", "4", "8") "}", 8, "twice");
    check_header_refused(state,
                         "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[4],"
                         "\"data_offsets\":[0,4]}}",
                         4, "twice");
}

static void test_tensors_may_stand_in_any_order(void **state)
{
    static const char header[] = "{" BYTES("a", "4", "8") "," BYTES("b", "0", "4") "}";
    char *path = temporary_path(state, "file");
    sg_safetensors *file = NULL;
    write_raw(path, header, strlen(header), 8);
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    assert_int_equal(sg_safetensors_find(file, "a")->offset,
                     sg_safetensors_find(file, "b")->offset + 4);
    sg_safetensors_close(file);
    free(path);
}

static void test_refuses_bad_metadata(void **state)
{
    check_header_refused(state, "{\"__metadata__\": 3}", 0, "__metadata__");
    check_header_refused(state, "{\"__metadata__\": {\"a\": 3}}", 0, "not a text");
    check_header_refused(state, "{\"__metadata__\": {\"a\": \"\", \"a\": \"\"}}", 0, "twice");
    check_header_refused(state, "{\"__metadata__\": {}, \"__metadata__\": {}}", 0, "__metadata__");
}

/* Each value would take 80 bytes; commas within texts are none. */
static void test_headers_of_too_many_values_are_refused(void **state)
{
    const size_t size = (size_t)9 << 20;
    char *header = malloc(size + 1);
    assert_non_null(header);
    memset(header, ',', size);
    for (size_t i = 6; i < size; i += 2)
        header[i] = '0';
    memcpy(header, "{\"a\":[", 6);
    memcpy(header + size - 2, "]}", 3);
    check_header_refused(state, header, 0, "has more than 4194304 values");
    memcpy(header, "{\"__metadata__\":{\"k\":\"", 22);
    memcpy(header + size - 4, "0\"}}", 5);
    char *path = temporary_path(state, "texts");
    write_raw(path, header, size, 0);
    sg_safetensors *file = NULL;
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    sg_safetensors_close(file);
    free(path);
    free(header);
}

static void test_refuses_what_is_no_file(void **state)
{
    char *path = temporary_path(state, "absent");
    check_refused(path, SG_ERROR_FILE, "No such file");
    check_refused(*state, SG_ERROR_FILE, "it is a folder");
    check_refused("/dev/zero", SG_ERROR_FILE, "not a regular file");
    free(path);
}

static void check_not_written(const char *path, const sg_safetensors_entry *bad, size_t count,
                              const char *part)
{
    sg_error error = {0};
    assert_int_equal(sg_safetensors_write(path, bad, count, NULL, 0, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, part));
    assert_false(sg_path_exists(path));
}

static void test_refuses_to_write_nonsense(void **state)
{
    char *path = temporary_path(state, "file");
    const sg_safetensors_entry twice[] = {entries[0], entries[1], entries[0]};
    sg_safetensors_entry bad = entries[0];
    check_not_written(path, twice, 3, "b.weight");
    bad.name = "";
    check_not_written(path, &bad, 1, "name");
    bad.name = "__metadata__";
    check_not_written(path, &bad, 1, "name");
    bad = entries[0];
    bad.size[1] = -3;
    check_not_written(path, &bad, 1, "shape");
    bad.size[0] = bad.size[1] = INT64_MAX;
    check_not_written(path, &bad, 1, "shape");
    bad.rank = SG_STORED_MAX_RANK + 1;
    check_not_written(path, &bad, 1, "shape");
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_round_trip),
        IN_FOLDER(test_same_input_gives_same_aligned_bytes),
        IN_FOLDER(test_file_without_tensors),
        IN_FOLDER(test_converts_every_type),
        IN_FOLDER(test_converts_long_tensors),
        IN_FOLDER(test_refuses_every_truncation),
        IN_FOLDER(test_survives_every_changed_header_byte),
        IN_FOLDER(test_refuses_bad_lengths),
        IN_FOLDER(test_refuses_what_is_not_json),
        IN_FOLDER(test_refuses_deep_nesting),
        IN_FOLDER(test_refuses_bad_tensors),
        IN_FOLDER(test_refuses_bad_offsets),
        IN_FOLDER(test_refuses_overlaps_and_duplicates),
        IN_FOLDER(test_tensors_may_stand_in_any_order),
        IN_FOLDER(test_refuses_bad_metadata),
        IN_FOLDER(test_headers_of_too_many_values_are_refused),
        IN_FOLDER(test_refuses_what_is_no_file),
        IN_FOLDER(test_refuses_to_write_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
