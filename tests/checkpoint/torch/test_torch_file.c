/* Torch's zip archives, streams and pickled tensors: what PyTorch 1.13 wrote, and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/documents.h"
#include "support/pickle_writer.h"

enum { COUNT = 24 };

/* The numbers that make_files.py puts into every tensor. */
static float expected_number(const char *type, int index)
{
    int base = index * 7 % 31;
    if (strstr(type, "bool"))
        return base % 3 == 0 ? 1.0f : 0.0f;
    return (float)(strstr(type, "uint") ? base : base - 15);
}

static void check_numbers(const sg_value *tensor, const int *shape, int rank, const int *indices)
{
    sg_value_array array;
    float numbers[COUNT];
    assert_true(sg_value_array_of(tensor, &array));
    assert_int_equal(array.rank, rank);
    for (int i = 0; i < rank; i++)
        assert_int_equal(array.size[i], shape[i]);
    assert_true(sg_value_read_floats(tensor, numbers));
    for (size_t i = 0; i < array.count; i++)
        assert_true(numbers[i] == expected_number("", indices[i]));
}

static void check_types(const sg_value *root)
{
    static const char *const types[] = {
        "torch.float32", "torch.float64", "torch.float16", "torch.int8", "torch.int16",
        "torch.int32",   "torch.int64",   "torch.uint8",   "torch.bool", "torch.bfloat16"};
    for (size_t type = 0; type < sizeof types / sizeof types[0]; type++) {
        sg_value_array array;
        float numbers[COUNT];
        const sg_value *tensor = entry_of(root, types[type]);
        assert_true(sg_value_array_of(tensor, &array));
        assert_int_equal(array.rank, 3);
        assert_int_equal(array.size[0] * 100 + array.size[1] * 10 + array.size[2], 234);
        assert_true(sg_value_read_floats(tensor, numbers));
        for (int i = 0; i < COUNT; i++)
            assert_true(numbers[i] == expected_number(types[type], i));
    }
}

static void check_views(const sg_value *root)
{
    static const int shapes[4][2] = {{4, 6}, {6, 4}, {2, 3}, {5, 1}};
    static const int slice[] = {8, 9, 10, 14, 15, 16};
    static const int expanded[] = {3, 3, 3, 3, 3};
    int whole[COUNT];
    int transposed[COUNT];
    double real = 0.0;
    sg_value_array array;
    for (int i = 0; i < COUNT; i++) {
        whole[i] = i;
        transposed[i] = i % 4 * 6 + i / 4;
    }
    check_numbers(entry_of(root, "whole"), shapes[0], 2, whole);
    check_numbers(entry_of(root, "transposed"), shapes[1], 2, transposed);
    check_numbers(entry_of(root, "slice"), shapes[2], 2, slice);
    check_numbers(entry_of(root, "expanded"), shapes[3], 2, expanded);
    assert_true(sg_value_real(entry_of(root, "scalar"), &real) && real == 2.5);
    assert_true(sg_value_array_of(entry_of(root, "empty"), &array) && array.count == 0);
    assert_true(sg_value_array_of(entry_of(root, "transposed"), &array) && !array.dense);
}

static void check_objects(const sg_value *root)
{
    static const int parameter_shape[] = {COUNT};
    int whole[COUNT];
    for (int i = 0; i < COUNT; i++)
        whole[i] = i;
    check_numbers(entry_of(root, "parameter"), parameter_shape, 1, whole);
    assert_int_equal(sg_value_kind_of(entry_of(root, "size")), SG_VALUE_TUPLE);
    assert_int_equal(sg_value_count(entry_of(root, "size")), 2);
    assert_string_equal(sg_value_class(entry_of(root, "device")), "torch.device");
    assert_string_equal(sg_value_class(entry_of(root, "dtype")), "torch.float32");
    assert_int_equal(sg_value_kind_of(entry_of(root, "complex")), SG_VALUE_INERT);
    const sg_value *module = entry_of(root, "module");
    assert_string_equal(sg_value_class(module), "torch.nn.modules.container.Sequential");
    const sg_value *linear = entry_of(entry_of(sg_value_state(module), "_modules"), "0");
    const sg_value *weight = entry_of(entry_of(sg_value_state(linear), "_parameters"), "weight");
    float numbers[2] = {0.0f, 0.0f};
    assert_true(sg_value_read_floats(weight, numbers));
    assert_true(numbers[0] == 1.5f && numbers[1] == -2.0f);
}

static void check_file(const char *path, sg_container container, bool objects)
{
    sg_document *document = open_document(path);
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_document_container(document), container);
    check_types(root);
    check_views(root);
    if (objects)
        check_objects(root);
    close_document(document);
}

static void test_every_container(void **state)
{
    (void)state;
    check_file("tests/golden/pickle/tensors.pt", SG_TORCH_ZIP, true);
    check_file("tests/golden/pickle/tensors-deflated.pt", SG_TORCH_ZIP, true);
    check_file("tests/golden/pickle/tensors-stream.pt", SG_TORCH_STREAM, true);
    check_file("tests/golden/pickle/tensors-big-endian.pt", SG_TORCH_ZIP, false);
    check_file("tests/golden/pickle/tensors-2.pkl", SG_PICKLE, true);
    check_file("tests/golden/pickle/tensors-3.pkl", SG_PICKLE, true);
    check_file("tests/golden/pickle/tensors-4.pkl", SG_PICKLE, true);
    check_file("tests/golden/pickle/tensors-5.pkl", SG_PICKLE, true);
}

/*
 * The numbers of tensors are not copied: when the file's bytes are zeroed after opening, so are
 * they, unless they had to be unpacked.
 */
static void check_place(const char *path, bool in_place)
{
    unsigned char *bytes;
    size_t size;
    sg_document *document;
    float numbers[COUNT];
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    assert_int_equal(sg_document_open_bytes(bytes, size, path, &document, NULL), SG_OK);
    const sg_value *tensor = entry_of(sg_document_root(document), "torch.float32");
    memset(bytes, 0, size);
    assert_true(sg_value_read_floats(tensor, numbers));
    assert_true(numbers[1] == (in_place ? 0.0f : expected_number("", 1)));
    sg_document_close(document);
    free(bytes);
}

static void test_tensors_stay_in_place(void **state)
{
    (void)state;
    check_place("tests/golden/pickle/tensors.pt", true);
    check_place("tests/golden/pickle/tensors-stream.pt", true);
    check_place("tests/golden/pickle/tensors-4.pkl", true);
    check_place("tests/golden/pickle/tensors-deflated.pt", false);
}

/* ---- streams by hand ---- */

/* A stream with one tensor over one storage; each test changes one part. */
typedef struct stream_parts {
    const char *class_name;
    int32_t elements;   /* as the tensor's storage says */
    const char *layout; /* operations: offset, size, stride */
    size_t layout_size;
    const char *listed_key;
    uint64_t stored_elements;
    size_t stored_bytes;
} stream_parts;

#define LAYOUT(operations) operations, sizeof(operations) - 1

static const stream_parts sound = {
    "FloatStorage", 4, LAYOUT("K\0K\2K\2\x86K\2K\1\x86"), "a", 4, 16};

static void put_stream(sg_text *stream, const stream_parts *parts)
{
    static const float numbers[] = {1.0f, 2.0f, 3.0f, 4.0f};
    put_stream_start(stream);
    PUT(stream, "\x80\x02");
    put_global(stream, "torch._utils", "_rebuild_tensor_v2");
    PUT(stream, "(");
    put_storage(stream, parts->class_name, "a", parts->elements);
    sg_text_append_bytes(stream, parts->layout, parts->layout_size);
    PUT(stream, "\x89}tR.");
    put_stream_end(stream, parts->listed_key, parts->stored_elements, numbers, parts->stored_bytes);
}

static void check_stream_refused(stream_parts parts, const char *complaint)
{
    sg_text stream = {0};
    put_stream(&stream, &parts);
    assert_pickle_refused(&stream, complaint);
    sg_text_clear(&stream);
}

static void test_damaged_streams(void **state)
{
    (void)state;
    static const struct {
        const char *layout;
        size_t size;
        const char *complaint;
    } layouts[] = {
        {LAYOUT("K\1K\2K\2\x86K\2K\1\x86"), "reaches beyond"},
        {LAYOUT("K\0K\2K\2\x86K\3K\1\x86"), "reaches beyond"},
        {LAYOUT("K\5\x29\x29"), "reaches beyond"},
        {LAYOUT("J\xff\xff\xff\xff\x29\x29"), "offset"},
        {LAYOUT("\x8a\x08\0\0\0\0\0\0\0\x40\x29\x29"), "offset"},
        {LAYOUT("\x8a\x08\0\0\0\0\0\0\0\x0f\x29\x29"), "reaches beyond"},
        {LAYOUT("K\0J\xff\xff\xff\xff\x85K\1\x85"), "sizes and strides"},
        {LAYOUT("K\0K\2\x85J\xff\xff\xff\xff\x85"), "sizes and strides"},
        {LAYOUT("K\0K\2\x85K\1K\1\x86"), "sizes and strides"},
        {LAYOUT("K\0K\2\x85N"), "sizes and strides"},
        {LAYOUT("K\0\x8a\x08\0\0\0\0\0\0\0\x40\x85K\0\x85"), "more elements than its file"},
        {LAYOUT("K\0\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40\x86K\0K\0\x86"),
         "more elements than any memory"},
        {LAYOUT("K\0\x8a\x08\0\0\0\0\0\0\0\x40\x85\x8a\x08\0\0\0\0\0\0\0\x40\x85"),
         "reaches beyond"},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        stream_parts parts = sound;
        parts.layout = layouts[i].layout;
        parts.layout_size = layouts[i].size;
        check_stream_refused(parts, layouts[i].complaint);
    }
    stream_parts parts = sound;
    parts.elements = 5;
    check_stream_refused(parts, "another size");
    parts.stored_elements = 5;
    check_stream_refused(parts, "ends early, within");
    parts = sound;
    parts.stored_elements = UINT64_MAX / 4 + 2;
    check_stream_refused(parts, "another size");
    parts = sound;
    parts.listed_key = "b";
    check_stream_refused(parts, "no tensor uses");
}

static void test_streams_by_hand(void **state)
{
    (void)state;
    float numbers[4] = {0};
    sg_text stream = {0};
    put_stream(&stream, &sound);
    sg_document *document = open_pickle(&stream);
    assert_true(sg_value_read_floats(sg_document_root(document), numbers));
    assert_true(numbers[0] == 1.0f && numbers[3] == 4.0f);
    close_document(document);
    sg_text_clear(&stream);
    /* A quantised storage takes its place in the file, but its tensor has no numbers for us. */
    stream_parts parts = sound;
    parts.class_name = "QInt32Storage";
    put_stream(&stream, &parts);
    document = open_pickle(&stream);
    assert_int_equal(sg_value_kind_of(sg_document_root(document)), SG_VALUE_INERT);
    close_document(document);
    sg_text_clear(&stream);
}

/* A part of a storage, and a tensor of an untyped storage with a type of its own. */
static void test_parts_of_storages(void **state)
{
    (void)state;
    static const float data[] = {1.0f, 2.0f, 3.0f, 4.0f};
    float numbers[2] = {0.0f, 0.0f};
    for (int last = 2; last <= 3; last++) {
        sg_text stream = {0};
        put_stream_start(&stream);
        put_global(&stream, "torch._utils", "_rebuild_tensor_v2");
        PUT(&stream, "((");
        put_text(&stream, "storage");
        put_global(&stream, "torch", "FloatStorage");
        put_text(&stream, "a");
        put_text(&stream, "cpu");
        PUT(&stream, "K\4(U\1bK\2");
        put_integer(&stream, last);
        PUT(&stream, "ttQK\0K\2\x85K\1\x85\x89}tR.");
        put_stream_end(&stream, "a", 4, data, sizeof data);
        if (last == 2) {
            sg_document *document = open_pickle(&stream);
            assert_true(sg_value_read_floats(sg_document_root(document), numbers));
            assert_true(numbers[0] == 3.0f && numbers[1] == 4.0f);
            close_document(document);
        } else {
            assert_pickle_refused(&stream, "does not lie within");
        }
        sg_text_clear(&stream);
    }
}

static void test_typed_rebuild(void **state)
{
    (void)state;
    static const float data[] = {1.0f, 2.0f};
    float numbers[2] = {0.0f, 0.0f};
    sg_text stream = {0};
    put_stream_start(&stream);
    put_global(&stream, "torch._utils", "_rebuild_tensor_v3");
    PUT(&stream, "(");
    put_storage(&stream, "UntypedStorage", "a", sizeof data);
    PUT(&stream, "K\0K\2\x85K\1\x85\x89}");
    put_global(&stream, "torch", "float32");
    PUT(&stream, "tR.");
    put_stream_end(&stream, "a", sizeof data, data, sizeof data);
    sg_document *document = open_pickle(&stream);
    assert_true(sg_value_read_floats(sg_document_root(document), numbers));
    assert_true(numbers[0] == 1.0f && numbers[1] == 2.0f);
    close_document(document);
    sg_text_clear(&stream);
}

/* ---- nesting ---- */

/* `depth` streams, each a pickle that loads the next from bytes; the innermost holds None. */
static void put_nested(sg_text *pickle, int depth)
{
    sg_text inner = {0};
    put_stream_start(&inner);
    PUT(&inner, "N.\x80\x02].");
    for (int i = 0; i < depth; i++) {
        sg_text outer = {0};
        if (i < depth - 1)
            put_stream_start(&outer);
        put_global(&outer, "torch.storage", "_load_from_bytes");
        put_bytes(&outer, inner.bytes, inner.length);
        PUT(&outer, "\x85R.");
        if (i < depth - 1)
            PUT(&outer, "\x80\x02].");
        sg_text_clear(&inner);
        inner = outer;
    }
    *pickle = inner;
}

static void test_nesting_is_bounded(void **state)
{
    (void)state;
    sg_text pickle = {0};
    put_nested(&pickle, 3);
    sg_document *document = open_pickle(&pickle);
    assert_int_equal(sg_value_kind_of(sg_document_root(document)), SG_VALUE_NONE);
    close_document(document);
    sg_text_clear(&pickle);
    put_nested(&pickle, 4);
    assert_pickle_refused(&pickle, "nested");
    sg_text_clear(&pickle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_container),    cmocka_unit_test(test_tensors_stay_in_place),
        cmocka_unit_test(test_streams_by_hand),    cmocka_unit_test(test_damaged_streams),
        cmocka_unit_test(test_parts_of_storages),  cmocka_unit_test(test_typed_rebuild),
        cmocka_unit_test(test_nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
