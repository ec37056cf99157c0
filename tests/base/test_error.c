/* Errors: the first one stays, and its sentence is safe to show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void test_fail_fills_and_returns(void **state)
{
    (void)state;
    sg_error error = {0};
    assert_int_equal(sg_fail(&error, SG_ERROR_SHAPE, "%d is not %s", 3, "four"), SG_ERROR_SHAPE);
    assert_int_equal(error.status, SG_ERROR_SHAPE);
    assert_string_equal(error.message, "3 is not four");
}

static void test_fail_without_an_error_only_returns(void **state)
{
    (void)state;
    assert_int_equal(sg_fail(NULL, SG_ERROR_FILE, "x"), SG_ERROR_FILE);
    sg_error_clear(NULL);
}

static void test_the_first_failure_stays(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_fail(&error, SG_ERROR_FILE, "first");
    assert_int_equal(sg_fail(&error, SG_ERROR_MEMORY, "second"), SG_ERROR_MEMORY);
    assert_int_equal(error.status, SG_ERROR_FILE);
    assert_string_equal(error.message, "first");
    sg_error_clear(&error);
    assert_int_equal(error.status, SG_OK);
    assert_string_equal(error.message, "");
    sg_fail(&error, SG_ERROR_MEMORY, "second");
    assert_string_equal(error.message, "second");
}

static void test_control_characters_are_replaced(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_fail(&error, SG_ERROR_FORMAT, "name a\nb\x1b[1m\x7f \xc2\x9b and \xc3\xa9\xc2\xa0");
    assert_string_equal(error.message, "name a?b?[1m? ?? and \xc3\xa9\xc2\xa0");
}

static void test_a_long_sentence_is_cut_between_characters(void **state)
{
    (void)state;
    char name[2001];
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    name[2000] = '\0';
    for (size_t shift = 0; shift < 2; shift++) {
        sg_error error = {0};
        sg_fail(&error, SG_ERROR_FORMAT, "%s", name + 2 - 2 * shift);
        size_t length = strlen(error.message);
        assert_true(length >= 990 && length < sizeof error.message);
        assert_string_equal(error.message + length - 3, "...");
        assert_int_equal((unsigned char)error.message[length - 4], 0xa9);
    }
    sg_error error = {0};
    sg_fail(&error, SG_ERROR_FORMAT, "x%s", name);
    size_t length = strlen(error.message);
    assert_string_equal(error.message + length - 3, "...");
    assert_int_equal((unsigned char)error.message[length - 4], 0xa9);
}

static void test_lack_of_memory_names_what_it_is_for(void **state)
{
    (void)state;
    sg_error error = {0};
    assert_int_equal(sg_fail_memory(&error, "the labels of %s", "faces\n"), SG_ERROR_MEMORY);
    assert_int_equal(error.status, SG_ERROR_MEMORY);
    assert_string_equal(error.message, "out of memory for the labels of faces?");
    assert_int_equal(sg_fail_memory(&error, "more"), SG_ERROR_MEMORY);
    assert_string_equal(error.message, "out of memory for the labels of faces?");
    assert_int_equal(sg_fail_memory(NULL, "x"), SG_ERROR_MEMORY);
}

static void test_a_long_lack_of_memory_is_cut(void **state)
{
    (void)state;
    char name[2000];
    sg_error error = {0};
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    sg_fail_memory(&error, "%s", name);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_string_equal(error.message + sizeof error.message - 5, "n...");
    assert_memory_equal(error.message, "out of memory for nnn", 21);
}

/* Counts its calls, and gives back the status. */
static sg_status counted(sg_status status, int *calls)
{
    ++*calls;
    return status;
}

static sg_status try_two(sg_status first, sg_status second, int *calls)
{
    if (first != SG_OK)
        SG_TRY(counted(first, calls));
    else
        SG_TRY(counted(second, calls));
    ++*calls;
    return SG_OK;
}

static void test_a_status_is_forwarded_by_one_evaluation(void **state)
{
    (void)state;
    int calls = 0;
    assert_int_equal(try_two(SG_ERROR_FILE, SG_OK, &calls), SG_ERROR_FILE);
    assert_int_equal(calls, 1);
    assert_int_equal(try_two(SG_OK, SG_ERROR_SHAPE, &calls), SG_ERROR_SHAPE);
    assert_int_equal(calls, 2);
    assert_int_equal(try_two(SG_OK, SG_OK, &calls), SG_OK);
    assert_int_equal(calls, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_fills_and_returns),
        cmocka_unit_test(test_fail_without_an_error_only_returns),
        cmocka_unit_test(test_the_first_failure_stays),
        cmocka_unit_test(test_control_characters_are_replaced),
        cmocka_unit_test(test_a_long_sentence_is_cut_between_characters),
        cmocka_unit_test(test_lack_of_memory_names_what_it_is_for),
        cmocka_unit_test(test_a_long_lack_of_memory_is_cut),
        cmocka_unit_test(test_a_status_is_forwarded_by_one_evaluation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
