/* Suggestions for mistyped names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest_name.h"

static const char *const names[] = {"batch", "batch-gpu", "gamma", "snap",
                                    "a-name-of-more-than-forty-letters-is-no-guess"};

static const char *nearest(const char *typed)
{
    return sg_nearest_name(typed, names, sizeof names / sizeof names[0]);
}

static void test_one_edit_is_found(void **state)
{
    (void)state;
    assert_string_equal(nearest("gama"), "gamma");
    assert_string_equal(nearest("gammma"), "gamma");
    assert_string_equal(nearest("gemma"), "gamma");
    assert_string_equal(nearest("gmama"), "gamma");
    assert_string_equal(nearest("batch"), "batch");
}

static void test_the_closest_wins(void **state)
{
    (void)state;
    assert_string_equal(nearest("batchgpu"), "batch-gpu");
    assert_string_equal(nearest("batc"), "batch");
}

static void test_what_is_far_gives_nothing(void **state)
{
    (void)state;
    assert_null(nearest("truncation"));
    assert_null(nearest(""));
    assert_null(nearest("xy"));
    assert_null(nearest("a-name-of-more-than-forty-letters-is-no-guest"));
    assert_null(sg_nearest_name("gamma", names, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_edit_is_found),
        cmocka_unit_test(test_the_closest_wins),
        cmocka_unit_test(test_what_is_far_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
