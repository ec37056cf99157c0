/* The version is three numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stylegan.h"

static void test_version_is_three_numbers(void **state)
{
    (void)state;
    int numbers[3];
    int end = 0;
    const char *version = sg_version();
    /* NOLINTNEXTLINE(cert-err34-c) */
    assert_int_equal(sscanf(version, "%d.%d.%d%n", &numbers[0], &numbers[1], &numbers[2], &end), 3);
    assert_int_equal(version[end], '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_is_three_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
