/* NumPy's arrays, scalars and types in pickles: what NumPy 1.24 wrote, and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/documents.h"
#include "support/pickle_writer.h"

enum { PROTOCOLS = 6, COUNT = 24 };

/* The numbers that make_files.py puts into every array. */
static float expected_number(const char *type, int index)
{
    int base = index * 7 % 31;
    if (strchr(type, '?'))
        return base % 3 == 0 ? 1.0f : 0.0f;
    return (float)(strchr(type, 'u') ? base : base - 15);
}

static void check_array(const sg_value *root, const char *type, bool dense)
{
    sg_value_array array;
    float numbers[COUNT];
    const sg_value *value = entry_of(root, type);
    assert_true(sg_value_array_of(value, &array));
    assert_int_equal(array.rank, 3);
    assert_int_equal(array.count, COUNT);
    assert_int_equal(array.size[0] * 100 + array.size[1] * 10 + array.size[2], 234);
    assert_int_equal(array.size[3], 1);
    assert_true(array.big_endian == (type[0] == '>'));
    assert_true(array.dense == dense);
    assert_true(sg_value_read_floats(value, numbers));
    for (int i = 0; i < COUNT; i++)
        assert_true(numbers[i] == expected_number(type, i));
}

static void check_scalars(const sg_value *root)
{
    double real = 0.0;
    int64_t integer = 0;
    bool flag;
    sg_value_array array;
    assert_true(sg_value_real(entry_of(root, "scalar"), &real) && real == -2.5);
    assert_false(sg_value_integer(entry_of(root, "scalar"), &integer));
    assert_true(sg_value_integer(entry_of(root, "integer scalar"), &integer) && integer == -7);
    assert_true(sg_value_real(entry_of(root, "integer scalar"), &real) && real == -7.0);
    assert_false(sg_value_bool(entry_of(root, "integer scalar"), &flag));
    assert_true(sg_value_real(entry_of(root, "zero dimensions"), &real) && real == 3.5);
    assert_false(sg_value_real(entry_of(root, "f4"), &real));
    assert_true(sg_value_array_of(entry_of(root, "empty"), &array));
    assert_int_equal(array.count, 0);
    assert_int_equal(array.size[0], 3);
}

static void test_every_protocol(void **state)
{
    (void)state;
    static const char *const types[] = {"f4",  "f8",  "f2",  "i1",  "i2",  "i4",  "i8",
                                        "u1",  "u2",  "u4",  "u8",  "?",   ">f4", ">f8",
                                        ">f2", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8"};
    for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
        char path[100];
        snprintf(path, sizeof path, "tests/golden/pickle/numpy-%d.pkl", protocol);
        sg_document *document = open_document(path);
        const sg_value *root = sg_document_root(document);
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
            check_array(root, types[i], true);
        check_array(root, "fortran", false);
        check_scalars(root);
        assert_int_equal(sg_value_kind_of(entry_of(root, "objects")), SG_VALUE_INERT);
        assert_int_equal(sg_value_kind_of(entry_of(root, "texts")), SG_VALUE_INERT);
        assert_string_equal(sg_value_class(entry_of(root, "dtype")), "numpy.dtype");
        close_document(document);
    }
}

/* ---- damaged arrays ---- */

/* What an array's state holds; each test damages one part. */
typedef struct array_parts {
    const char *shape; /* operations */
    size_t shape_size;
    const char *type;
    const char *data; /* operations */
    size_t data_size;
} array_parts;

#define PARTS(shape, type, data)                                                                   \
    {                                                                                              \
        shape, sizeof(shape) - 1, type, data, sizeof(data) - 1                                     \
    }

static void put_array(sg_text *pickle, const array_parts *parts)
{
    PUT(pickle, "\x80\x02");
    put_global(pickle, "numpy._core.multiarray", "_reconstruct");
    put_global(pickle, "numpy", "ndarray");
    PUT(pickle, "K\0\x85U\1b\x87R(K\1");
    sg_text_append_bytes(pickle, parts->shape, parts->shape_size);
    put_global(pickle, "numpy", "dtype");
    put_text(pickle, parts->type);
    PUT(pickle, "K\0K\1\x87R\x89");
    sg_text_append_bytes(pickle, parts->data, parts->data_size);
    PUT(pickle, "tb.");
}

static void test_arrays_by_hand(void **state)
{
    (void)state;
    static const array_parts sound = PARTS("K\2\x85", "<i2", "U\4\1\0\2\0");
    /* In protocol 2, NumPy's bytes may be a text whose characters stand for bytes. */
    static const array_parts latin = PARTS("K\2\x85", ">u2", "X\6\0\0\0\0\xc3\xbf\1\xc2\x80");
    float numbers[2] = {0.0f, 0.0f};
    for (int i = 0; i < 2; i++) {
        sg_text pickle = {0};
        put_array(&pickle, i == 0 ? &sound : &latin);
        sg_document *document = open_pickle(&pickle);
        assert_true(sg_value_read_floats(sg_document_root(document), numbers));
        assert_true(numbers[0] == (i == 0 ? 1.0f : 255.0f));
        assert_true(numbers[1] == (i == 0 ? 2.0f : 384.0f));
        close_document(document);
        sg_text_clear(&pickle);
    }
}

static void test_damaged_arrays(void **state)
{
    (void)state;
    static const struct {
        array_parts parts;
        const char *complaint;
    } cases[] = {
        {PARTS("K\3\x85", "<i2", "U\4\1\0\2\0"), "reaches beyond"},
        {PARTS("K\1\x85", "<i2", "U\4\1\0\2\0"), "1 elements has 4 bytes"},
        {PARTS("J\xff\xff\xff\xff\x85", "<i2", "U\4\1\0\2\0"), "shape"},
        {PARTS("K\2", "<i2", "U\4\1\0\2\0"), "shape"},
        {PARTS("(K\1K\1K\1K\1K\1K\1K\1K\1K\1t", "<i2", "U\2\1\0"), "shape"},
        {PARTS("\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40\x86", "<i2", "U\2\1\0"),
         "more elements"},
        {PARTS("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85", "<i2", "U\2\1\0"), "reaches beyond"},
        {PARTS("K\2\x85", "<i2",
               "X\5\0\0\0a\xe2\x82\xac"
               "b"),
         "beyond 255"},
        {PARTS("K\2\x85", "<i2", "U\0\x85"), NULL},
        {PARTS("K\2\x85", "<c8", "U\4\1\0\2\0"), NULL},
        {PARTS("K\2\x85", "", "U\4\1\0\2\0"), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sg_text pickle = {0};
        put_array(&pickle, &cases[i].parts);
        if (cases[i].complaint) {
            assert_pickle_refused(&pickle, cases[i].complaint);
        } else {
            sg_document *document = open_pickle(&pickle);
            assert_int_equal(sg_value_kind_of(sg_document_root(document)), SG_VALUE_INERT);
            close_document(document);
        }
        sg_text_clear(&pickle);
    }
}

/* An array whose state never came, and one whose state is no tuple. */
static void test_unfinished_arrays(void **state)
{
    (void)state;
    sg_text pickle = {0};
    put_global(&pickle, "numpy.core.multiarray", "_reconstruct");
    put_global(&pickle, "numpy", "ndarray");
    PUT(&pickle, "K\0\x85U\1b\x87R");
    size_t blank = pickle.length;
    PUT(&pickle, ".");
    sg_document *document = open_pickle(&pickle);
    assert_int_equal(sg_value_kind_of(sg_document_root(document)), SG_VALUE_INERT);
    assert_string_equal(sg_value_class(sg_document_root(document)), "numpy.ndarray");
    close_document(document);
    pickle.length = blank;
    PUT(&pickle, "Nb.");
    assert_pickle_refused(&pickle, "state");
    sg_text_clear(&pickle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_protocol),
        cmocka_unit_test(test_arrays_by_hand),
        cmocka_unit_test(test_damaged_arrays),
        cmocka_unit_test(test_unfinished_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
