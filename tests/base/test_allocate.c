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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
