/* Directions in closed form: by hand, the scale of rows, what is refused. */
#include "edit/directions/closed_form.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/near.h"

/* Rows become (1, 0), (1, 0), (0, 1), whatever their length: A^T A is diag(2, 1). */
static void test_by_hand(void **state)
{
    (void)state;
    static const float first[] = {-7, 0, 0.5F, 0};
    static const float second[] = {0, -100};
    const sg_affine_weight weights[] = {{first, 2}, {second, 1}};
    sg_closed_form found;
    assert_int_equal(sg_closed_form_factor(weights, 2, 2, &found, NULL), SG_OK);
    ASSERT_NEAR(found.eigenvalues[0], 2, 1e-14);
    ASSERT_NEAR(found.eigenvalues[1], 1, 1e-14);
    ASSERT_NEAR(found.directions[0], 1, 1e-14);
    ASSERT_NEAR(found.directions[3], 1, 1e-14);
    assert_true(fabs(found.directions[1]) < 1e-14);
    sg_closed_form_clear(&found);
    assert_null(found.directions);
}

/* A row of zeros has no direction: it changes nothing. */
static void test_row_of_zeros(void **state)
{
    (void)state;
    static const float rows[] = {3, 4, 0, 0};
    const sg_affine_weight weight = {rows, 2};
    sg_closed_form found;
    assert_int_equal(sg_closed_form_factor(&weight, 1, 2, &found, NULL), SG_OK);
    ASSERT_NEAR(found.eigenvalues[0], 1, 1e-14);
    ASSERT_NEAR(found.directions[0], 0.6, 1e-7);
    ASSERT_NEAR(found.directions[1], 0.8, 1e-7);
    sg_closed_form_clear(&found);
}

static void test_refused(void **state)
{
    (void)state;
    static const float rows[] = {1, NAN};
    const sg_affine_weight weight = {rows, 1};
    sg_closed_form found;
    sg_error error = {0};
    assert_int_equal(sg_closed_form_factor(&weight, 1, 2, &found, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "layer 0"));
    assert_int_equal(sg_closed_form_factor(NULL, 0, 2, &found, NULL), SG_ERROR_ARGUMENT);
    assert_null(found.eigenvalues);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_row_of_zeros),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
