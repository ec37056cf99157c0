/* How well pictures fit texts: angles, lengths, means and their errors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metrics/formulas/text_fit.h"
#include "support/close.h"

static void test_the_angle_counts(void **state)
{
    (void)state;
    static const float x[] = {3, 0};
    static const float same[] = {0.5F, 0};
    static const float half[] = {1, 1.7320508F};
    static const float away[] = {-1, 0.1F};
    static const float none[] = {0, 0};
    assert_close(sg_text_fit(x, same, 2), 100, 1e-12);
    assert_close(sg_text_fit(x, half, 2), 50, 1e-5);
    assert_close(sg_text_fit(x, away, 2), 0, 0);
    assert_close(sg_text_fit(x, none, 2), 0, 0);
}

static void test_the_mean_is_over_pictures_and_texts(void **state)
{
    (void)state;
    static const float pictures[] = {1, 0, 0, 1, 1, 0};
    static const float texts[] = {1, 0, 1, 1.7320508F};
    const sg_rows some = {pictures, 3, 2};
    const sg_rows both = {texts, 2, 2};
    double error;
    /* 100 and 50, 0 and 86.6, 100 and 50: means of 75, 43.30, 75. */
    assert_close(sg_text_fit_mean(&some, &both, &error), (75 + 43.3012702 + 75) / 3, 1e-5);
    assert_close(error, (75 - 43.3012702) / 3, 1e-5);
    const sg_rows one = {pictures, 1, 2};
    assert_close(sg_text_fit_mean(&one, &both, &error), 75, 1e-5);
    assert_true(isnan(error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_angle_counts),
        cmocka_unit_test(test_the_mean_is_over_pictures_and_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
