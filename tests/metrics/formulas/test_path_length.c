/* Path lengths between percentiles, and the crop. */
#include "metrics/formulas/path_length.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/near.h"

/* Of 0 .. 150 in another order: positions 1.5 and 148.5 become 1 and 149. */
static void test_extremes_are_left_out(void **state)
{
    (void)state;
    double distances[151];
    sg_path_length length;
    for (int i = 0; i < 151; i++)
        distances[i] = i * 7 % 151;
    distances[0] = -1e6;
    assert_int_equal(sg_path_length_finish(distances, 151, &length, NULL), SG_OK);
    ASSERT_NEAR(length.least, 1, 0);
    ASSERT_NEAR(length.most, 149, 0);
    assert_int_equal(length.kept, 149);
    ASSERT_NEAR(length.mean, 75, 1e-14);
}

static void test_few_are_all_kept(void **state)
{
    (void)state;
    static const double distances[] = {5, 1, 1};
    sg_path_length length;
    assert_int_equal(sg_path_length_finish(distances, 3, &length, NULL), SG_OK);
    assert_int_equal(length.kept, 3);
    ASSERT_NEAR(length.mean, 7 / 3.0, 1e-15);
}

static void test_crop(void **state)
{
    (void)state;
    const sg_path_crop crop = sg_path_length_crop(256);
    assert_int_equal(crop.top, 96);
    assert_int_equal(crop.left, 64);
    assert_int_equal(crop.height, 128);
    assert_int_equal(crop.width, 128);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const double distances[] = {1, NAN};
    sg_path_length length;
    sg_error error = {0};
    assert_int_equal(sg_path_length_finish(distances, 0, &length, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a path length needs at least 1 distance");
    error = (sg_error){0};
    assert_int_equal(sg_path_length_finish(distances, 2, &length, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "distances of pictures are not finite");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extremes_are_left_out),
        cmocka_unit_test(test_few_are_all_kept),
        cmocka_unit_test(test_crop),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
