/* dataset.json as a list of labels: classes, rows, words, names, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/labels/label_list.h"

static sg_label_list read_json(const char *text)
{
    sg_label_list list = {.file = "dataset.json"};
    sg_error error = {0};
    if (sg_label_list_read_json(&list, (const unsigned char *)text, strlen(text), &error))
        fail_msg("%s", error.message);
    return list;
}

static void test_classes(void **state)
{
    (void)state;
    sg_label_list list =
        read_json("{\"labels\": [[\"a.png\", 3], null, [\"b.png\", null], [\"c.png\", 0]],"
                  " \"label_names\": [\"w\", \"x\", \"y\", \"z\"]}");
    assert_null(list.refusal);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.width, 0);
    assert_string_equal(list.entries[0].name, "a.png");
    assert_int_equal(list.entries[0].label, 3);
    assert_int_equal(list.entries[0].place, 1);
    assert_string_equal(list.entries[1].name, "c.png");
    assert_int_equal(list.entries[1].place, 4);
    assert_int_equal(list.name_count, 4);
    assert_string_equal(list.names[3], "z");
    sg_label_list_clear(&list);
}

static void test_rows(void **state)
{
    char text[40];
    (void)state;
    sg_label_list list = read_json("{\"labels\": {\"a.png\": [0.25, -3], \"b.png\": [1, 0]}}");
    assert_int_equal(list.count, 2);
    assert_int_equal(list.width, 2);
    assert_string_equal(list.entries[1].name, "b.png");
    assert_int_equal(list.entries[1].label, 1);
    assert_true(list.values[0] == 0.25f && list.values[1] == -3 && list.values[2] == 1);
    sg_label_list_print(&list, 0, text, sizeof text);
    assert_string_equal(text, "[0.25, -3]");
    assert_true(sg_label_list_same(&list, 1, 1));
    assert_false(sg_label_list_same(&list, 0, 1));
    sg_label_list_clear(&list);
}

/* Classes by name are numbered in the order of the names, in which 10 comes after 9. */
static void test_words(void **state)
{
    (void)state;
    sg_label_list list = read_json("{\"labels\": [[\"a\", \"no 10\"], [\"b\", \"no 9\"], "
                                   "[\"c\", \"no 10\"]]}");
    assert_int_equal(list.entries[0].label, 1);
    assert_int_equal(list.entries[1].label, 0);
    assert_int_equal(list.entries[2].label, 1);
    assert_int_equal(list.name_count, 2);
    assert_string_equal(list.names[0], "no 9");
    sg_label_list_clear(&list);
    list = read_json("{\"labels\": [[\"a\", \"7\"], [\"b\", 2]]}");
    assert_int_equal(list.entries[0].label, 7);
    assert_int_equal(list.name_count, 0);
    sg_label_list_clear(&list);
}

/* Labels of two kinds: the sentence says which kind came first. */
static void test_kinds_are_not_mixed(void **state)
{
    static const char *const rows[][2] = {
        {"{\"labels\": [[\"a\", 3], [\"b\", [0.5, 1]]]}", "those before it are class numbers"},
        {"{\"labels\": [[\"a\", \"cat\"], [\"b\", 3]]}", "those before it are names of classes"},
        {"{\"labels\": [[\"a\", [1, 2]], [\"b\", [1]]]}", "those before it are lists of 2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sg_label_list list = {.file = "dataset.json"};
        sg_error error = {0};
        assert_int_equal(sg_label_list_read_json(&list, (const unsigned char *)rows[i][0],
                                                 strlen(rows[i][0]), &error),
                         SG_ERROR_FORMAT);
        if (!strstr(error.message, rows[i][1]))
            fail_msg("\"%s\" lacks \"%s\"", error.message, rows[i][1]);
        sg_label_list_clear(&list);
    }
}

static void test_no_labels_at_all(void **state)
{
    (void)state;
    sg_label_list list = read_json("{\"labels\": null}");
    assert_true(list.is_none);
    assert_null(list.refusal);
    sg_label_list_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_kinds_are_not_mixed),
        cmocka_unit_test(test_no_labels_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
