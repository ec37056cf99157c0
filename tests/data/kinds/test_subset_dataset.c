/* A choice of pictures: which ones, in which order, and counts out of range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/kinds/open_dataset.h"
#include "data/kinds/subset_dataset.h"
#include "support/tiny_run.h"

enum { SIDE = 8 };

static sg_dataset *open_data(void *const *state)
{
    sg_error error = {0};
    sg_dataset *dataset = NULL;
    char *data = tiny_run_data(state);
    if (sg_dataset_open(data, &dataset, &error))
        fail_msg("%s", error.message);
    free(data);
    return dataset;
}

/* numpy.random.RandomState(5).shuffle(numpy.arange(16)) begins with these, sorted. */
static void the_choice_is_the_official_one(void **state)
{
    static const size_t chosen[] = {1, 2, 5, 7, 10};
    enum { COUNT = sizeof chosen / sizeof *chosen };
    sg_error error = {0};
    sg_dataset *subset = NULL;
    sg_dataset *whole = open_data(state);
    assert_int_equal(sg_dataset_choose(open_data(state), COUNT, false, 5, &subset, &error), SG_OK);
    const sg_dataset_info info = sg_dataset_info_of(subset);
    assert_int_equal(info.image_count, COUNT);
    assert_int_equal(info.label_count, sg_dataset_info_of(whole).label_count);
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t found[SIDE * SIDE];
        uint8_t expected[SIDE * SIDE];
        assert_int_equal(sg_dataset_read(subset, i, found, NULL, &error), SG_OK);
        assert_int_equal(sg_dataset_read(whole, chosen[i], expected, NULL, &error), SG_OK);
        assert_memory_equal(found, expected, sizeof found);
    }
    sg_dataset_destroy(subset);
    sg_dataset_destroy(whole);
}

/* The first of the shuffled order and the last of it are all pictures, each once. */
static void the_last_are_those_that_the_first_leave(void **state)
{
    uint8_t pixels[SIDE * SIDE];
    uint8_t expected[SIDE * SIDE];
    sg_error error = {0};
    sg_dataset *whole = open_data(state);
    sg_dataset *parts[2] = {NULL, NULL};
    assert_int_equal(sg_dataset_choose(open_data(state), 11, false, 5, &parts[0], &error), SG_OK);
    assert_int_equal(sg_dataset_choose(open_data(state), 5, true, 5, &parts[1], &error), SG_OK);
    for (size_t i = 0; i < 16; i++) {
        int found = 0;
        assert_int_equal(sg_dataset_read(whole, i, expected, NULL, &error), SG_OK);
        for (size_t k = 0; k < 16; k++) {
            sg_dataset *part = parts[k >= 11];
            const size_t index = k >= 11 ? k - 11 : k;
            assert_int_equal(sg_dataset_read(part, index, pixels, NULL, &error), SG_OK);
            found += memcmp(pixels, expected, sizeof pixels) == 0;
        }
        assert_int_equal(found, 1);
    }
    sg_dataset_destroy(parts[0]);
    sg_dataset_destroy(parts[1]);
    sg_dataset_destroy(whole);
}

static void counts_out_of_range_are_refused(void **state)
{
    static const size_t counts[] = {0, 17};
    for (size_t i = 0; i < 2; i++) {
        sg_error error = {0};
        sg_dataset *subset = NULL;
        assert_int_equal(sg_dataset_choose(open_data(state), counts[i], false, 0, &subset, &error),
                         SG_ERROR_ARGUMENT);
        assert_null(subset);
        assert_non_null(strstr(error.message, "must be from 1 to 16"));
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_choice_is_the_official_one),
        IN_FOLDER(the_last_are_those_that_the_first_leave),
        IN_FOLDER(counts_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
