/* Labels of collections: rows of numbers, names, contradictions, several files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/kinds/open_dataset.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { SIDE = 8 };

static void write_pictures(void **state, const char *const *names)
{
    for (; *names; names++)
        flat_png_write(state, *names, SIDE, 1, &(uint8_t){7});
}

#define PICTURES(...) write_pictures(state, (const char *const[]){__VA_ARGS__, NULL})

static sg_picture_source *open_source(void **state)
{
    sg_picture_source *source = NULL;
    sg_error error = {0};
    if (sg_picture_source_open(*state, &source, &error))
        fail_msg("%s", error.message);
    return source;
}

static void check_refused(void **state, const char *words)
{
    sg_picture_source *source = NULL;
    sg_error error = {0};
    assert_int_equal(sg_picture_source_open(*state, &source, &error), SG_ERROR_FORMAT);
    assert_null(source);
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
}

static void test_rows_reach_the_data_set(void **state)
{
    PICTURES("a.png", "b.png");
    text_write(
        state, "dataset.json",
        "{\"labels\": [[\"b.png\", [0.5, -1]], [\"a.png\", [2, 3]], [\"b.png\", [0.5, -1]]]}");
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_open(*state, &dataset, NULL), SG_OK);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.label_count, 2);
    assert_int_equal(info.label_rows, 3);
    static const float expected[2][2] = {{2, 3}, {0.5f, -1}};
    for (size_t i = 0; i < 2; i++) {
        int label = -1;
        assert_int_equal(sg_dataset_label(dataset, i, &label, NULL), SG_OK);
        assert_in_range(label, 0, 2);
        assert_memory_equal(info.label_values + label * 2, expected[i], sizeof expected[i]);
    }
    assert_string_equal(info.notes, "Labels from dataset.json: 2 label values\n");
    sg_dataset_destroy(dataset);
}

static void test_two_labels_of_one_picture(void **state)
{
    PICTURES("a.png", "b.png");
    text_write(state, "dataset.json",
               "{\"labels\": [[\"a.png\", 0], [\"b.png\", 1], [\".\\\\A.PNG\", 1]]}");
    check_refused(state, "dataset.json: a.png has two labels, 0 and 1");
    text_write(state, "dataset.json", "{\"labels\": [[\"a.png\", [0, 1]], [\"a.png\", [0, 2]]]}");
    check_refused(state, "a.png has two labels, [0, 1] and [0, 2]");
    text_write(state, "dataset.json", "{\"labels\": [[\"a.png\", 4], [\"a.png\", 4]]}");
    sg_picture_source *source = open_source(state);
    assert_int_equal(source->pictures[0].label, 4);
    sg_picture_source_destroy(source);
}

static void test_names_come_along(void **state)
{
    PICTURES("a.png", "b.png");
    text_write(state, "list_attr_celeba.txt", "2\nHat Smile\na.jpg -1 1\nb.jpg 1 -1\n");
    sg_picture_source *source = open_source(state);
    assert_string_equal(source->label_file, "list_attr_celeba.txt");
    assert_int_equal(source->label_count, 2);
    assert_string_equal(source->label_names[1], "Smile");
    assert_non_null(strstr(source->notes.bytes,
                           "Labels from list_attr_celeba.txt: 2 label values: 0 Hat, 1 Smile\n"));
    sg_picture_source_destroy(source);
    text_write(state, "labels.csv", "a.png,cat\nb.png,bird\n");
    source = open_source(state);
    assert_string_equal(source->label_file, "labels.csv");
    assert_non_null(strstr(source->notes.bytes, "Note: list_attr_celeba.txt is not read, since "
                                                "labels.csv comes before it\n"));
    assert_int_equal(source->pictures[0].label, 1);
    assert_string_equal(source->label_names[0], "bird");
    sg_picture_source_destroy(source);
}

/* The number of names may be that of a larger set. */
static void test_more_names_than_classes(void **state)
{
    PICTURES("a.png", "b.png");
    text_write(state, "dataset.json",
               "{\"labels\": [[\"a.png\", 0], [\"b.png\", 1]],"
               " \"label_names\": [\"x\", \"y\", \"z\"]}");
    sg_picture_source *source = open_source(state);
    assert_int_equal(source->label_count, 2);
    assert_string_equal(source->label_names[1], "y");
    sg_picture_source_destroy(source);
}

static void test_several_tables(void **state)
{
    PICTURES("a.png", "b.png");
    text_write(state, "one.csv", "a.png,0\nb.png,1\n");
    text_write(state, "sizes.csv", "place,size\nhere,9\n");
    sg_picture_source *source = open_source(state);
    assert_string_equal(source->label_file, "one.csv");
    sg_picture_source_destroy(source);
    text_write(state, "boxes.csv", "a.png,0,5\na.png,7,9\nb.png,1,1\n");
    source = open_source(state);
    assert_string_equal(source->label_file, "one.csv");
    assert_non_null(strstr(source->notes.bytes, "a.png has two labels, [0, 5] and [7, 9]"));
    sg_picture_source_destroy(source);
    text_write(state, "people.csv", "a.png,0,5\na.png,7,9\nb.png,1,1\n");
    source = open_source(state);
    sg_picture_source_destroy(source);
    text_write(state, "two.tsv", "a.png\t1\nb.png\t0\n");
    check_refused(state, "both one.csv and two.tsv hold labels");
    text_write(state, "labels.tsv", "a.png\t3\nb.png\t0\n");
    source = open_source(state);
    assert_int_equal(source->pictures[0].label, 3);
    sg_picture_source_destroy(source);
}

/* Label files are looked for in folders around all pictures, and nowhere else. */
static void test_where_label_files_lie(void **state)
{
    PICTURES("set/img/a.png", "set/img/b.png");
    text_write(state, "set/img/deeper/labels.csv", "a.png,9\nb.png,9\n");
    text_write(state, "set/labels.csv", "img/a.png,1\nimg/b.png,0\n");
    sg_picture_source *source = open_source(state);
    assert_string_equal(source->label_file, "set/labels.csv");
    assert_int_equal(source->pictures[0].label, 1);
    sg_picture_source_destroy(source);
}

static void test_labels_that_are_left(void **state)
{
    sg_dataset *dataset = NULL;
    PICTURES("cat/a.png", "dog/b.png");
    assert_int_equal(sg_dataset_open_unlabelled(*state, &dataset, NULL), SG_OK);
    assert_int_equal(sg_dataset_info_of(dataset).label_count, 0);
    assert_string_equal(sg_dataset_info_of(dataset).unread_labels, "2 folders");
    sg_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_reach_the_data_set, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_two_labels_of_one_picture, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_names_come_along, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_more_names_than_classes, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_several_tables, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_where_label_files_lie, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_labels_that_are_left, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
