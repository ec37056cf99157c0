/* Angles between directions, and orthogonal sets. */
#include "edit/directions/angles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/near.h"

static void add(sg_direction_set *set, const char *name, double *values, size_t rows, size_t width)
{
    const sg_direction direction = SG_DIRECTION(.name = (char *)name, .values = values,
                                                .rows = rows, .width = width, .source = "by hand");
    assert_int_equal(sg_direction_set_add(set, &direction, NULL), SG_OK);
}

/* A direction for all inputs is compared at each input of one with layers. */
static void test_cosines(void **state)
{
    (void)state;
    double along[] = {2, 0};
    double across[] = {0, -1};
    double between[] = {1, 1};
    double layered[] = {1, 0, 0, 1};
    sg_direction_set set = {0};
    double *cosines = NULL;
    add(&set, "along", along, 1, 2);
    add(&set, "across", across, 1, 2);
    add(&set, "between", between, 1, 2);
    add(&set, "layered", layered, 2, 2);
    assert_int_equal(sg_direction_cosines(&set, &cosines, NULL), SG_OK);
    ASSERT_NEAR(cosines[0], 1, 1e-15);
    assert_true(fabs(cosines[1]) < 1e-15);
    ASSERT_NEAR(cosines[2], sqrt(0.5), 1e-15);
    ASSERT_NEAR(cosines[3], 0.5, 1e-15);
    ASSERT_NEAR(cosines[2 * 4 + 3], sqrt(0.5), 1e-15);
    ASSERT_NEAR(cosines[4 + 2], -sqrt(0.5), 1e-15);
    free(cosines);
    sg_direction_set_clear(&set);
}

static void test_orthogonalise(void **state)
{
    (void)state;
    double first[] = {1, 0, 0};
    double second[] = {1, 1, 0};
    sg_direction_set set = {0};
    double *cosines = NULL;
    add(&set, "first", first, 1, 3);
    add(&set, "second", second, 1, 3);
    assert_int_equal(sg_directions_orthogonalise(&set, NULL), SG_OK);
    assert_int_equal(sg_direction_cosines(&set, &cosines, NULL), SG_OK);
    assert_true(fabs(cosines[1]) < 1e-15);
    ASSERT_NEAR(set.items[1].values[1], 1, 1e-15);
    assert_string_equal(set.items[0].source, "by hand");
    assert_string_equal(set.items[1].source, "by hand, orthogonal to those before");
    free(cosines);
    sg_direction_set_clear(&set);
}

static void test_refused(void **state)
{
    (void)state;
    double two[] = {1, 0};
    double three[] = {1, 0, 0};
    sg_direction_set set = {0};
    double *cosines = NULL;
    sg_error error = {0};
    add(&set, "two", two, 1, 2);
    add(&set, "again", two, 1, 2);
    assert_int_equal(sg_directions_orthogonalise(&set, NULL), SG_ERROR_ARGUMENT);
    add(&set, "three", three, 1, 3);
    assert_int_equal(sg_direction_cosines(&set, &cosines, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "different networks"));
    assert_null(cosines);
    assert_int_equal(sg_directions_orthogonalise(&set, NULL), SG_ERROR_ARGUMENT);
    sg_direction_set_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cosines),
        cmocka_unit_test(test_orthogonalise),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
