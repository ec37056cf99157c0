/* What all data sets have in common: names, index checks, ownership. */
#include "data/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sg_status read_index(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                            sg_error *error)
{
    (void)state;
    (void)error;
    pixels_hwc[0] = (uint8_t)index;
    *label = (int)index + 100;
    return SG_OK;
}

static void count_destruction(void *state)
{
    ++*(int *)state;
}

static void test_passes_on_reads_and_destroys_once(void **state)
{
    (void)state;
    static const sg_dataset_functions functions = {.read = read_index,
                                                   .destroy = count_destruction};
    int destroyed = 0;
    sg_dataset_info info = {.image_count = 2, .height = 1, .width = 1, .channels = 1};
    sg_dataset_set_name(&info, "numbers", 7);
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_create(&functions, &destroyed, &info, &dataset, NULL), SG_OK);
    assert_string_equal(sg_dataset_info_of(dataset).name, "numbers");

    uint8_t pixel = 0;
    int label = 0;
    sg_error error = {0};
    assert_int_equal(sg_dataset_read(dataset, 1, &pixel, &label, &error), SG_OK);
    assert_int_equal(pixel, 1);
    assert_int_equal(label, 101);
    assert_int_equal(sg_dataset_read(dataset, 0, &pixel, NULL, &error), SG_OK);
    assert_int_equal(pixel, 0);
    assert_int_equal(sg_dataset_read(dataset, 2, &pixel, &label, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "numbers"));

    assert_int_equal(destroyed, 0);
    sg_dataset_destroy(dataset);
    assert_int_equal(destroyed, 1);
    sg_dataset_destroy(NULL);
}

static void test_long_names_are_shortened(void **state)
{
    (void)state;
    sg_dataset_info info = {0};
    char name[1000];
    memset(name, 'x', sizeof name);
    sg_dataset_set_name(&info, name, sizeof name);
    assert_int_equal(strlen(info.name), sizeof info.name - 1);
    sg_dataset_set_name(&info, name, sizeof info.name);
    assert_int_equal(strlen(info.name), sizeof info.name - 1);
    sg_dataset_set_name(&info, name, 3);
    assert_string_equal(info.name, "xxx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passes_on_reads_and_destroys_once),
        cmocka_unit_test(test_long_names_are_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
