/* Plain values: what Python's pickle module writes in every protocol is read back. */
#include "checkpoint/values/value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/document.h"
#include "support/documents.h"
#include "support/pickle_writer.h"

enum { PROTOCOLS = 6 };

static void check_integers(const sg_value *list)
{
    static const int64_t expected[] = {
        0,         1,        -1,        255,       256,
        65535,     65536,    INT32_MAX, INT32_MIN, (int64_t)INT32_MAX + 1,
        INT64_MAX, INT64_MIN};
    assert_int_equal(sg_value_count(list), sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < sg_value_count(list); i++) {
        int64_t integer = 77;
        assert_true(sg_value_integer(sg_value_item(list, i), &integer));
        assert_true(integer == expected[i]);
    }
}

static void check_reals(const sg_value *list, const double *expected, size_t count)
{
    int64_t integer;
    assert_int_equal(sg_value_count(list), count);
    for (size_t i = 0; i < count; i++) {
        double real = 77.0;
        assert_true(sg_value_real(sg_value_item(list, i), &real));
        assert_true(real == expected[i] || fabs(real / expected[i] - 1.0) < 1e-15);
        assert_false(sg_value_integer(sg_value_item(list, i), &integer));
    }
}

static void check_bytes(const sg_value *value, const char *expected, size_t count)
{
    size_t size;
    const unsigned char *bytes = sg_value_bytes(value, &size);
    assert_int_equal(sg_value_kind_of(value), SG_VALUE_BYTES);
    assert_int_equal(size, count);
    assert_memory_equal(bytes, expected, count);
    assert_null(sg_value_text(value));
}

static void check_scalars(const sg_value *root)
{
    static const double large[] = {9223372036854775808.0, -1208925819614629174706176.0, 1e30};
    static const double reals[] = {0.0, -2.5, 1e300, (double)INFINITY, 0.1};
    bool flag = false;
    assert_int_equal(sg_value_kind_of(entry_of(root, "none")), SG_VALUE_NONE);
    assert_true(sg_value_bool(entry_of(root, "true"), &flag) && flag);
    assert_true(sg_value_bool(entry_of(root, "false"), &flag) && !flag);
    assert_false(sg_value_bool(entry_of(root, "none"), &flag));
    check_integers(entry_of(root, "integers"));
    check_reals(entry_of(root, "large"), large, 3);
    check_reals(entry_of(root, "reals"), reals, 5);
}

static void check_texts(const sg_value *root)
{
    size_t size;
    assert_string_equal(sg_value_text(entry_of(root, "text")), "plain");
    assert_string_equal(sg_value_text(entry_of(root, "unicode")),
                        "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_string_equal(sg_value_text(entry_of(root, "lines")), "a\nb\\c");
    assert_null(sg_value_text(entry_of(root, "zero")));
    assert_memory_equal(sg_value_bytes(entry_of(root, "zero"), &size), "a\0b", 3);
    assert_int_equal(size, 3);
    assert_int_equal(strlen(sg_value_text(entry_of(root, "long text"))), 300);
    check_bytes(entry_of(root, "bytes"), "\x00\x7f\x80\xff", 4);
    check_bytes(entry_of(root, "empty bytes"), "", 0);
    check_bytes(entry_of(root, "bytearray"), "\x01\xfe", 2);
    assert_non_null(sg_value_bytes(entry_of(root, "long bytes"), &size));
    assert_int_equal(size, 300);
}

static void check_tuples(const sg_value *tuples)
{
    assert_int_equal(sg_value_count(tuples), 5);
    for (size_t i = 0; i < 5; i++) {
        const sg_value *tuple = sg_value_item(tuples, i);
        assert_int_equal(sg_value_kind_of(tuple), SG_VALUE_TUPLE);
        assert_int_equal(sg_value_count(tuple), i);
        for (size_t item = 0; item < i; item++) {
            int64_t integer = 0;
            assert_true(sg_value_integer(sg_value_item(tuple, item), &integer));
            assert_int_equal(integer, item + 1);
        }
    }
    assert_null(sg_value_item(tuples, 5));
}

static void check_containers(const sg_value *root)
{
    int64_t integer = 0;
    check_tuples(entry_of(root, "tuples"));
    const sg_value *list = entry_of(root, "list");
    assert_int_equal(sg_value_kind_of(list), SG_VALUE_LIST);
    assert_true(sg_value_is_text(sg_value_item(list, 1), "two"));
    assert_int_equal(sg_value_count(sg_value_item(list, 2)), 1);
    assert_int_equal(sg_value_kind_of(entry_of(root, "set")), SG_VALUE_SET);
    assert_int_equal(sg_value_kind_of(entry_of(root, "frozenset")), SG_VALUE_SET);
    assert_true(sg_value_integer(sg_value_item(entry_of(root, "frozenset"), 0), &integer));
    assert_int_equal(integer, 8);
    const sg_value *dict = entry_of(root, "dict");
    assert_int_equal(sg_value_count(dict), 2);
    assert_true(sg_value_is_text(sg_value_item(dict, 0), "one"));
    assert_true(sg_value_integer(sg_value_key(dict, 0), &integer) && integer == 1);
    assert_null(sg_value_key(list, 0));
    const sg_value *many = entry_of(root, "many");
    assert_int_equal(sg_value_count(many), 1100);
    assert_true(sg_value_integer(sg_value_item(many, 1099), &integer) && integer == 1099);
    const sg_value *shared = entry_of(root, "shared");
    assert_ptr_equal(sg_value_item(shared, 0), sg_value_item(shared, 1));
    const sg_value *cycle = entry_of(root, "cycle");
    assert_ptr_equal(sg_value_item(cycle, 1), cycle);
}

static void check_objects(const sg_value *root)
{
    const sg_value *ordered = entry_of(root, "ordered");
    assert_int_equal(sg_value_kind_of(ordered), SG_VALUE_DICT);
    assert_true(sg_value_is_text(sg_value_key(ordered, 1), "second"));
    const sg_value *state = sg_value_state(ordered);
    assert_true(sg_value_is_text(sg_value_find(state, "attribute"), "attribute"));
    assert_int_equal(sg_value_count(entry_of(entry_of(root, "default"), "a")), 1);
    const sg_value *space = entry_of(root, "namespace");
    assert_int_equal(sg_value_kind_of(space), SG_VALUE_OBJECT);
    assert_string_equal(sg_value_class(space), "argparse.Namespace");
    assert_true(sg_value_is_text(sg_value_find(sg_value_state(space), "name"), "n"));
    const sg_value *number = entry_of(root, "complex");
    double imaginary = 0.0;
    assert_string_equal(sg_value_class(number), "builtins.complex");
    assert_true(sg_value_real(sg_value_item(sg_value_arguments(number), 1), &imaginary));
    assert_true(imaginary == 2.0);
    assert_int_equal(sg_value_kind_of(entry_of(root, "class")), SG_VALUE_INERT);
    assert_string_equal(sg_value_class(entry_of(root, "class")), "collections.Counter");
}

static void test_every_protocol(void **state)
{
    (void)state;
    for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
        char path[100];
        snprintf(path, sizeof path, "tests/golden/pickle/values-%d.pkl", protocol);
        sg_document *document = open_document(path);
        const sg_value *root = sg_document_root(document);
        assert_int_equal(sg_document_container(document), SG_PICKLE);
        check_scalars(root);
        check_texts(root);
        check_containers(root);
        check_objects(root);
        close_document(document);
    }
}

/* ---- operations that Python's pickler no longer writes ---- */

#define OPEN(literal) open_document_bytes((const unsigned char *)(literal), sizeof(literal) - 1)
#define REFUSE(literal, part)                                                                      \
    assert_bytes_refused((const unsigned char *)(literal), sizeof(literal) - 1, part)

static void check_text_pickle(const char *pickle, size_t size, const char *expected)
{
    sg_document *document = open_document_bytes((const unsigned char *)pickle, size);
    const char *text = sg_value_text(sg_document_root(document));
    assert_non_null(text);
    assert_string_equal(text, expected);
    close_document(document);
}

static void test_old_strings(void **state)
{
    (void)state;
#define CHECK(literal, expected) check_text_pickle(literal, sizeof(literal) - 1, expected)
    CHECK("S'it''s'\n.", "it''s");
    CHECK("S\"a\\'\\\\\\n\\t\\x41\\101\"\n.", "a'\\\n\tAA");
    CHECK("U\3abc.", "abc");
    CHECK("T\3\0\0\0abc.", "abc");
    CHECK("V\\u20ac\\U0001f600\xe9\\x\n.", "\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9\\x");
#undef CHECK
    sg_document *document = OPEN("U\2\xff\xfe.");
    check_bytes(sg_document_root(document), "\xff\xfe", 2);
    close_document(document);
    REFUSE("S'open\n.", "in quotes");
    REFUSE("S'\\q'\n.", "escape");
    REFUSE("S'\\x4'\n.", "escape");
    REFUSE("V\\u20\n.", "escape");
    REFUSE("X\2\0\0\0\xc3\x28.", "UTF-8");
    REFUSE("T\xff\xff\xff\xff"
           "abc.",
           "negative");
}

static void check_real_pickle(const char *pickle, double expected)
{
    sg_document *document = open_document_bytes((const unsigned char *)pickle, strlen(pickle));
    double real = 0.0;
    assert_true(sg_value_real(sg_document_root(document), &real));
    assert_true(real == expected);
    close_document(document);
}

static void test_old_numbers(void **state)
{
    (void)state;
    check_real_pickle("F0.25\n.", 0.25);
    check_real_pickle("F-inf\n.", -(double)INFINITY);
    check_real_pickle("L-9223372036854775808L\n.", -9223372036854775808.0);
    check_real_pickle("L9223372036854775808\n.", 9223372036854775808.0);
    check_real_pickle("I-17\n.", -17.0);
    check_real_pickle("I01\n.", 1.0);
    REFUSE("I\n.", "no digits");
    REFUSE("I12x\n.", "0x78");
    REFUSE("Fabc\n.", "not a number");
    REFUSE("F\n.", "not a number");
    REFUSE("F1 \n.", "not a number");
    REFUSE("N\x8b\xff\xff\xff\xff.", "negative");
}

/* INST and OBJ make objects, LIST, DICT and POP_MARK work on marks, DUP and POP on the top. */
static void test_old_structure(void **state)
{
    (void)state;
    int64_t integer = 0;
    sg_document *document = OPEN("((iargparse\nNamespace\n(dI1\n2l.");
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_value_count(root), 4);
    assert_int_equal(sg_value_kind_of(sg_value_item(root, 0)), SG_VALUE_OBJECT);
    assert_int_equal(sg_value_kind_of(sg_value_item(root, 1)), SG_VALUE_DICT);
    assert_ptr_equal(sg_value_item(root, 2), sg_value_item(root, 3));
    close_document(document);
    document = OPEN("((cargparse\nNamespace\nop0\n(I1\nI2\n1I3\nI4\n0t(I5\n00.");
    root = sg_document_root(document);
    assert_int_equal(sg_value_count(root), 2);
    assert_string_equal(sg_value_class(sg_value_item(root, 0)), "argparse.Namespace");
    assert_true(sg_value_integer(sg_value_item(root, 1), &integer) && integer == 3);
    close_document(document);
}

/* Long texts are left in the file, where no zero byte follows them. */
static void test_long_texts(void **state)
{
    (void)state;
    enum { LENGTH = (64 << 10) + 1 };
    char *long_text = malloc(LENGTH + 1);
    assert_non_null(long_text);
    memset(long_text, 'x', LENGTH);
    for (size_t length = LENGTH - 1; length <= LENGTH; length++) {
        sg_text pickle = {0};
        long_text[length] = '\0';
        put_text(&pickle, long_text);
        PUT(&pickle, ".");
        sg_document *document = open_pickle(&pickle);
        size_t size;
        const sg_value *root = sg_document_root(document);
        assert_true((sg_value_text(root) != NULL) == (length < LENGTH));
        assert_memory_equal(sg_value_bytes(root, &size), long_text, length);
        assert_int_equal(size, length);
        close_document(document);
        sg_text_clear(&pickle);
        long_text[length] = 'x';
    }
    free(long_text);
}

/* Values are the last given; items added to one of two lists that shared theirs stay apart. */
static void test_mutation(void **state)
{
    (void)state;
    sg_document *document = OPEN("}(U\1aI1\nU\1aI2\nu.");
    int64_t integer = 0;
    assert_true(sg_value_integer(sg_value_find(sg_document_root(document), "a"), &integer));
    assert_int_equal(integer, 2);
    close_document(document);
    /* l = [1]; m = list(l); l.append(2); m.append(3); (l, m) */
    document = OPEN("(]q\0I1\na\x63__builtin__\nlist\n(h\0tRq\1h\0I2\na0h\1I3\nat.");
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_value_count(root), 3);
    for (size_t i = 0; i < 2; i++) {
        const sg_value *list = sg_value_item(root, i);
        assert_int_equal(sg_value_count(list), 2);
        assert_true(sg_value_integer(sg_value_item(list, 1), &integer));
        assert_int_equal(integer, i + 2);
    }
    close_document(document);
}

static void test_descriptions(void **state)
{
    (void)state;
    char text[200];
    sg_document *document = OPEN("(U\2abI7\n(I1\nl(dcos\nsystem\ncos\nsystem\n)RNt.");
    static const char *const expected[] = {"the text \"ab\"",
                                           "the integer 7",
                                           "a list of 1 item",
                                           "a dict of 0 entries",
                                           "the class or function os.system",
                                           "what os.system would make, which is not run",
                                           "None"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const sg_value *item = sg_value_item(sg_document_root(document), i);
        assert_string_equal(sg_value_describe(item, text), expected[i]);
    }
    assert_string_equal(sg_value_describe(NULL, text), "nothing");
    close_document(document);
}

/* Every function takes NULL for an absent value. */
static void test_absent_values(void **state)
{
    (void)state;
    size_t size;
    bool flag;
    int64_t integer;
    double real;
    sg_value_array array;
    assert_int_equal(sg_value_kind_of(NULL), SG_VALUE_NONE);
    assert_false(sg_value_bool(NULL, &flag) || sg_value_integer(NULL, &integer));
    assert_false(sg_value_real(NULL, &real) || sg_value_array_of(NULL, &array));
    assert_null(sg_value_text(NULL));
    assert_null(sg_value_bytes(NULL, &size));
    assert_int_equal(sg_value_count(NULL), 0);
    assert_null(sg_value_item(NULL, 0));
    assert_null(sg_value_key(NULL, 0));
    assert_null(sg_value_find(NULL, "a"));
    assert_null(sg_value_class(NULL));
    assert_null(sg_value_state(NULL));
    assert_null(sg_value_arguments(NULL));
    assert_false(sg_value_read_floats(NULL, NULL));
    sg_document_close(NULL);
}

static void test_files_that_are_none(void **state)
{
    (void)state;
    sg_document *document = NULL;
    sg_error error = {0};
    assert_int_equal(sg_document_open("tests/golden/absent.pkl", &document, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "cannot open tests/golden/absent.pkl"));
    sg_error folder_error = {0};
    assert_int_equal(sg_document_open("tests/golden", &document, &folder_error), SG_ERROR_FILE);
    assert_non_null(strstr(folder_error.message, "folder"));
    REFUSE("", "empty");
    REFUSE("\x89PNG\r\n", "no pickle");
    REFUSE("\x80\x06.", "protocol 6");
    REFUSE("N", "ends early");
    REFUSE("\x80\x02.", "needs 1 values");
    REFUSE("N\xff.", "0xff is no operation");
    REFUSE("\x80\x05\x97.", "buffer outside");
    unsigned char tar[512] = "storages";
    memcpy(tar + 257, "ustar", 5);
    assert_bytes_refused(tar, sizeof tar, "tar archive");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_protocol),      cmocka_unit_test(test_old_strings),
        cmocka_unit_test(test_old_numbers),         cmocka_unit_test(test_old_structure),
        cmocka_unit_test(test_long_texts),          cmocka_unit_test(test_mutation),
        cmocka_unit_test(test_descriptions),        cmocka_unit_test(test_absent_values),
        cmocka_unit_test(test_files_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
