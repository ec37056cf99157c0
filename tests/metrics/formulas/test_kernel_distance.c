/* Kernel distances: by hand, and against the official program's lines in NumPy. */
#include "metrics/formulas/kernel_distance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/near.h"

/* One feature: fake 1, -1, 3; real 0, 2. */
static void test_by_hand(void **state)
{
    (void)state;
    static const float fake[] = {1, -1, 3};
    static const float real[] = {0, 2};
    static const size_t of_fake[] = {0, 2};
    static const size_t of_real[] = {1, 0};
    const sg_rows a = {fake, 3, 1};
    const sg_rows b = {real, 2, 1};
    const sg_kernel_subset subset = {of_fake, of_real, 2};
    double found = 0;
    assert_int_equal(sg_kernel_subset_distance(&a, &b, &subset, &found, NULL), SG_OK);
    /* (3 + 1)^3 and (0 + 1)^3; between: (2 + 1)^3, 1, (6 + 1)^3, 1 */
    ASSERT_NEAR(found, 64 + 1 - 2 * (27 + 1 + 343 + 1) / 4.0, 1e-14);
}

/* From RandomState(123).choice(7, 5, replace=False), then of 9. */
static void test_draws_of_numpy(void **state)
{
    (void)state;
    static const size_t first[] = {1, 3, 4, 0, 2};
    static const size_t second[] = {5, 0, 4, 6, 8};
    sg_numpy_random random;
    size_t indices[9];
    sg_numpy_random_seed(&random, 123);
    sg_kernel_draw(&random, 7, indices);
    assert_memory_equal(indices, first, sizeof first);
    sg_kernel_draw(&random, 9, indices);
    assert_memory_equal(indices, second, sizeof second);
}

static void fill(float *values, int count, int seed)
{
    for (int i = 0; i < count; i++)
        values[i] = (float)((i * 7 + seed * 3) % 11 + i % 5 * seed) / 4 - 1;
}

/* From the official lines in NumPy, with RandomState(123). */
static void test_subsets_of_the_official_program(void **state)
{
    (void)state;
    static const double expected[] = {0.5889346313476551, 1.8902900695800788, 0.43986877441406236};
    float real[9 * 4];
    float fake[7 * 4];
    double found[3];
    double mean = 0;
    fill(real, 9 * 4, 1);
    fill(fake, 7 * 4, 2);
    const sg_rows reals = {real, 9, 4};
    const sg_rows fakes = {fake, 7, 4};
    const sg_kernel_options options = {3, 5, 123, NULL};
    assert_int_equal(sg_kernel_distance(&options, &fakes, &reals, found, &mean, NULL), SG_OK);
    for (int i = 0; i < 3; i++)
        ASSERT_NEAR(found[i], expected[i], 1e-12);
    ASSERT_NEAR(mean, 0.9730311584472654, 1e-12);
}

/* Sets smaller than the subsets are taken whole. */
static void test_small_sets(void **state)
{
    (void)state;
    float values[7 * 4];
    double found[2];
    double mean = 0;
    fill(values, 7 * 4, 1);
    const sg_rows rows = {values, 7, 4};
    const sg_kernel_options options = {2, SG_KERNEL_SUBSET_SIZE, 0, NULL};
    assert_int_equal(sg_kernel_distance(&options, &rows, &rows, found, &mean, NULL), SG_OK);
    ASSERT_NEAR(found[0], found[1], 1e-12);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const float values[] = {1, 2, INFINITY, 4};
    const sg_kernel_options options = {1, 10, 0, NULL};
    const sg_rows rows = {values, 2, 2};
    const sg_rows one = {values, 1, 2};
    const sg_rows wide = {values, 2, 1};
    double mean = 0;
    sg_error error = {0};
    assert_int_equal(sg_kernel_distance(&options, &rows, &rows, NULL, &mean, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "features of pictures are not finite");
    error = (sg_error){0};
    assert_int_equal(sg_kernel_distance(&options, &one, &rows, NULL, &mean, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a kernel distance needs at least 2 pictures of each set, "
                                       "but one has 1");
    error = (sg_error){0};
    assert_int_equal(sg_kernel_distance(&options, &wide, &rows, NULL, &mean, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "sets with 1 and 2 features cannot be compared");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_draws_of_numpy),
        cmocka_unit_test(test_subsets_of_the_official_program),
        cmocka_unit_test(test_small_sets),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
