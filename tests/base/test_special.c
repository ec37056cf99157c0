/* Windows against values of NumPy and SciPy. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/special.h"
#include "support/close.h"

static void test_sinc(void **state)
{
    (void)state;
    assert_true(sg_sinc(0) == 1);
    assert_true(sg_sinc(1e-13) == 1);
    assert_close(sg_sinc(0.5), 2 / M_PI, 1e-15);
    assert_close(sg_sinc(-2), 0, 1e-15);
}

static void test_lanczos_window(void **state)
{
    (void)state;
    assert_true(sg_lanczos_window(0) == 1);
    assert_close(sg_lanczos_window(-1.5), 2 / M_PI, 1e-15);
    assert_true(sg_lanczos_window(3) == 0);
    assert_true(sg_lanczos_window(-7) == 0);
}

/* numpy.kaiser(5, 8) */
static void test_kaiser_window(void **state)
{
    (void)state;
    static const double expected[] = {0.00233884, 0.36897272, 1, 0.36897272, 0.00233884};
    for (size_t i = 0; i < 5; i++)
        assert_close(sg_kaiser_window(i, 5, 8), expected[i], 1e-8);
    assert_true(sg_kaiser_window(0, 1, 8) == 1);
    assert_true(sg_kaiser_window(2, 9, 0) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sinc),
        cmocka_unit_test(test_lanczos_window),
        cmocka_unit_test(test_kaiser_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
