/* Arithmetic of vectors: lengths, signs, vectors of zeros. */
#include "edit/directions/vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit/vectors.h"
#include "support/near.h"

static void test_length(void **state)
{
    (void)state;
    double vector[] = {3, 0, -4};
    double zeros[] = {0, 0};
    ASSERT_NEAR(sg_vector_normalise(vector, 3), 5, 1e-15);
    ASSERT_NEAR(sg_dot(vector, vector, 3), 1, 1e-15);
    assert_true(sg_vector_normalise(zeros, 2) == 0);
    assert_true(zeros[0] == 0);
}

static void test_sign(void **state)
{
    (void)state;
    double negative[] = {3, 0, -4};
    double positive[] = {-3, 4};
    sg_vector_fix_sign(negative, 3);
    sg_vector_fix_sign(positive, 2);
    sg_vector_fix_sign(NULL, 0);
    assert_true(negative[0] == -3 && negative[2] == 4);
    assert_true(positive[0] == -3 && positive[1] == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
