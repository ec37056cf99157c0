/* Tables of labels as spreadsheets, pandas, CelebA and people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/labels/label_list.h"

static sg_label_list read_bytes(const char *text, size_t size)
{
    sg_label_list list = {.file = "labels.csv"};
    sg_error error = {0};
    if (sg_label_list_read_table(&list, false, (const unsigned char *)text, size, &error))
        fail_msg("%s", error.message);
    if (list.refusal)
        fail_msg("refused: %s", list.refusal);
    return list;
}

static sg_label_list read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

/* The labels must be 1 for "a b.png" and 0 for "c.png", by classes. */
static void check_two(sg_label_list list, const char *text)
{
    if (list.count != 2 || list.width != 0)
        fail_msg("%zu labels of width %zu in: %s", list.count, list.width, text);
    assert_string_equal(list.entries[0].name, "a b.png");
    assert_int_equal(list.entries[0].label, 1);
    assert_string_equal(list.entries[1].name, "c.png");
    assert_int_equal(list.entries[1].label, 0);
    sg_label_list_clear(&list);
}

static void test_forms_of_two_classes(void **state)
{
    static const char *const texts[] = {
        "a b.png,1\nc.png,0\n",
        "a b.png;1\r\nc.png;0\r\n",
        "a b.png\t1\rc.png\t0\r",
        "a b.png, 1\n c.png , 0 \n",
        "\"a b.png\" 1\nc.png      0\n",
        "a b.png|1\nc.png|0",
        ("\xef\xbb\xbf"
         "path,class\na b.png,1\n\n  \nc.png,0\n"),
        "sep=;\nBild;Klasse\na b.png;1\nc.png;0\n",
        "path,class,split\na b.png,1,train\nc.png,0,test\n",
        ",label,filename\n0,1,a b.png\n1,0,c.png\n",
        "Unnamed: 0,file_name,width,Label\n0,a b.png,64,1.0\n1,c.png,32,0.0\n",
        "image_id,extra,target\na b.png,\"x,\n\"\"y\"\"\",1\nc.png,z,0\n",
        "a b.png,1,,\nc.png,0,,\n",
        "file,class\na b.png,dog\nc.png,cat\n",
        "a b.png;1;train\nc.png;0;train\n",
        "name;id;class\na b.png;7;1\nc.png;9;0\n",
        "a b.png,1\nd.png,\nc.png,0\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_two(read_text(texts[i]), texts[i]);
}

static void test_utf16(void **state)
{
    static const char plain[] = "a b.png\t1\r\nc.png\t0\r\n";
    char wide[2 * sizeof plain] = "\xff\xfe";
    (void)state;
    for (size_t i = 0; plain[i]; i++)
        wide[2 + 2 * i] = plain[i];
    check_two(read_bytes(wide, sizeof wide - 0), "little-endian");
    memmove(wide + 3, wide + 2, sizeof wide - 3);
    memcpy(wide, "\xfe\xff\0", 3);
    check_two(read_bytes(wide, sizeof wide), "big-endian");
}

/* A heading of words alone is told by the ending of the names below it. */
static void test_words_under_a_foreign_heading(void **state)
{
    (void)state;
    sg_label_list list = read_text("Bild;Tier\n1.png;Hund\n2.png;Katze\n3.png;Hund\n4.png;Katze\n");
    assert_int_equal(list.count, 4);
    assert_int_equal(list.name_count, 2);
    assert_string_equal(list.names[0], "Hund");
    assert_int_equal(list.entries[1].label, 1);
    sg_label_list_clear(&list);
}

static void check_row(const sg_label_list *list, size_t index, const char *name,
                      const float *values)
{
    assert_string_equal(list->entries[index].name, name);
    for (size_t i = 0; i < list->width; i++)
        assert_true(list->values[(size_t)list->entries[index].label * list->width + i] ==
                    values[i]);
}

static void test_celeba(void **state)
{
    static const char *const texts[] = {
        "2\nEyeglasses  Male Young \n000001.jpg -1  1  1\n000002.jpg  1 -1 -1\n",
        "image_id,Eyeglasses,Male,Young\n000001.jpg,-1,1,1\n000002.jpg,1,-1,-1\n",
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        sg_label_list list = read_text(texts[i]);
        assert_int_equal(list.count, 2);
        assert_int_equal(list.width, 3);
        check_row(&list, 0, "000001.jpg", (const float[]){0, 1, 1});
        check_row(&list, 1, "000002.jpg", (const float[]){1, 0, 0});
        assert_int_equal(list.name_count, 3);
        assert_string_equal(list.names[0], "Eyeglasses");
        assert_string_equal(list.names[2], "Young");
        assert_non_null(strstr(list.remark, "-1 is read as 0"));
        sg_label_list_clear(&list);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    sg_label_list list = read_text("Datei;Alter;Winkel\na.png;0,5;-1\nb.png;1;2e1\n");
    assert_int_equal(list.width, 2);
    check_row(&list, 0, "a.png", (const float[]){0.5f, -1});
    check_row(&list, 1, "b.png", (const float[]){1, 20});
    sg_label_list_clear(&list);
    list = read_text("a.png,0.5\nb.png,1\n");
    assert_int_equal(list.width, 1);
    check_row(&list, 0, "a.png", (const float[]){0.5f});
    sg_label_list_clear(&list);
}

static void test_columns_that_are_not_read_are_named(void **state)
{
    (void)state;
    sg_label_list list = read_text("path,class,split,by\na.png,1,x,y\nb.png,0,x,z\n");
    assert_string_equal(list.remark, "labels.csv: the columns \"split\", \"by\" are not read");
    sg_label_list_clear(&list);
    list = read_text("a.png,1,x\nb.png,0,y\n");
    assert_string_equal(list.remark, "labels.csv: the column number 3 is not read");
    sg_label_list_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_two_classes),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_words_under_a_foreign_heading),
        cmocka_unit_test(test_celeba),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_columns_that_are_not_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
