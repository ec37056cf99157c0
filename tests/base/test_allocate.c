/* Size arithmetic at its limits, and allocation that refuses what does not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/allocate.h"

static void test_multiply_finds_overflow(void **state)
{
    (void)state;
    size_t product = 5;
    assert_true(sg_size_multiply(0, SIZE_MAX, &product));
    assert_int_equal(product, 0);
    assert_true(sg_size_multiply(SIZE_MAX, 1, &product));
    assert_true(product == SIZE_MAX);
    product = 5;
    assert_false(sg_size_multiply(SIZE_MAX / 2 + 1, 2, &product));
    assert_int_equal(product, 5);
}

static void test_add_finds_overflow(void **state)
{
    (void)state;
    size_t sum = 5;
    assert_true(sg_size_add(SIZE_MAX - 1, 1, &sum));
    assert_true(sum == SIZE_MAX);
    sum = 5;
    assert_false(sg_size_add(SIZE_MAX, 1, &sum));
    assert_int_equal(sum, 5);
}

static void test_allocate_zeroes(void **state)
{
    (void)state;
    unsigned char *bytes = sg_allocate(100, 10);
    assert_non_null(bytes);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(bytes[i], 0);
    free(bytes);
}

static void test_allocate_of_nothing_is_no_failure(void **state)
{
    (void)state;
    void *block = sg_allocate(0, 8);
    assert_non_null(block);
    block = sg_reallocate(block, 0, 8);
    assert_non_null(block);
    free(block);
}

static void test_allocate_refuses_overflow(void **state)
{
    (void)state;
    assert_null(sg_allocate(SIZE_MAX / 4 + 1, 4));
    assert_null(sg_allocate(SIZE_MAX, SIZE_MAX));
}

static void test_reallocate_keeps_content_and_block(void **state)
{
    (void)state;
    char *block = sg_reallocate(NULL, 4, 1);
    assert_non_null(block);
    memcpy(block, "abc", 4);
    char *larger = sg_reallocate(block, 1000, 4);
    assert_non_null(larger);
    assert_string_equal(larger, "abc");
    assert_null(sg_reallocate(larger, SIZE_MAX / 2, 3));
    assert_string_equal(larger, "abc");
    free(larger);
}

static void test_duplicate_text(void **state)
{
    (void)state;
    assert_null(sg_duplicate_text(NULL));
    char *copy = sg_duplicate_text("name");
    assert_string_equal(copy, "name");
    free(copy);
}

static void test_an_array_grows_by_doubling(void **state)
{
    (void)state;
    double *values = NULL;
    size_t capacity = 0;
    size_t moves = 0;
    for (size_t count = 0; count < 1000; count++) {
        const size_t before = capacity;
        assert_true(sg_grow(&values, &capacity, count, sizeof *values));
        assert_true(capacity > count);
        moves += capacity != before;
        values[count] = (double)count;
    }
    assert_true(moves < 10);
    for (size_t i = 0; i < 1000; i++)
        assert_true(values[i] == (double)i);
    free(values);
}

static void test_an_array_that_cannot_grow_stays(void **state)
{
    (void)state;
    char items[3] = "ab";
    char *array = items;
    size_t capacity = SIZE_MAX / 2 + 1;
    assert_false(sg_grow(&array, &capacity, capacity, 1));
    assert_ptr_equal(array, items);
    assert_true(capacity == SIZE_MAX / 2 + 1);
    capacity = 3;
    assert_false(sg_grow(&array, &capacity, 3, SIZE_MAX / 4));
    assert_ptr_equal(array, items);
    assert_int_equal(capacity, 3);
    assert_true(sg_grow(&array, &capacity, 2, 1));
    assert_ptr_equal(array, items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiply_finds_overflow),
        cmocka_unit_test(test_add_finds_overflow),
        cmocka_unit_test(test_allocate_zeroes),
        cmocka_unit_test(test_allocate_of_nothing_is_no_failure),
        cmocka_unit_test(test_allocate_refuses_overflow),
        cmocka_unit_test(test_reallocate_keeps_content_and_block),
        cmocka_unit_test(test_duplicate_text),
        cmocka_unit_test(test_an_array_grows_by_doubling),
        cmocka_unit_test(test_an_array_that_cannot_grow_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
