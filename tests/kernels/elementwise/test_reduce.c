/* Sums against plain ones in double, around the borders of chunks, and whatever the threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/elementwise/reduce.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct sum_case {
    int64_t outer, reduced, inner;
    float *x, *factor;
    double *sums, *magnitudes; /* of the terms, and of their absolute values */
} sum_case;

static sum_case make_case(int64_t outer, int64_t reduced, int64_t inner, bool with_factor)
{
    sum_case made = {outer,
                     reduced,
                     inner,
                     random_floats(outer * reduced * inner, 1),
                     NULL,
                     zero_doubles(outer * inner),
                     zero_doubles(outer * inner)};
    if (with_factor)
        made.factor = random_floats(outer * reduced * inner, 2);
    for (int64_t o = 0; o < outer; o++)
        for (int64_t r = 0; r < reduced; r++)
            for (int64_t i = 0; i < inner; i++) {
                int64_t at = (o * reduced + r) * inner + i;
                double term = (double)made.x[at] * (with_factor ? (double)made.factor[at] : 1);
                made.sums[o * inner + i] += term;
                made.magnitudes[o * inner + i] += fabs(term);
            }
    return made;
}

static void free_case(sum_case *made)
{
    free(made->x);
    free(made->factor);
    free(made->sums);
    free(made->magnitudes);
}

/* Rounding may only be as large as a small part of what was added, or a term is missing. */
static void assert_sum(const sum_case *made, int64_t at, double found, double tolerance)
{
    if (!(fabs(found - made->sums[at]) <= tolerance * made->magnitudes[at]))
        fail_msg("[%d, %d, %d]%s: sum %d is %.9g, expected %.9g", (int)made->outer,
                 (int)made->reduced, (int)made->inner, made->factor ? " with a factor" : "",
                 (int)at, found, made->sums[at]);
}

static float *sum_floats(const sum_case *made)
{
    void *scratch = malloc(sg_sum_scratch_bytes(made->outer, made->reduced, made->inner));
    float *found = random_floats(made->outer * made->inner, 3);
    assert_non_null(scratch);
    sg_sum_f32(made->outer, made->reduced, made->inner, made->x, made->factor, found, scratch);
    free(scratch);
    return found;
}

static double *sum_doubles(const sum_case *made)
{
    int64_t count = made->outer * made->reduced * made->inner;
    void *scratch = malloc(sg_sum_scratch_bytes(made->outer, made->reduced, made->inner));
    double *found = zero_doubles(made->outer * made->inner);
    double *x = doubles_of(made->x, count);
    double *factor = made->factor ? doubles_of(made->factor, count) : NULL;
    assert_non_null(scratch);
    sg_sum_f64(made->outer, made->reduced, made->inner, x, factor, found, scratch);
    free(scratch);
    free(x);
    free(factor);
    return found;
}

static void check_size(int64_t outer, int64_t reduced, int64_t inner)
{
    for (int with_factor = 0; with_factor < 2; with_factor++) {
        sum_case made = make_case(outer, reduced, inner, with_factor);
        float *floats = sum_floats(&made);
        double *doubles = sum_doubles(&made);
        for (int64_t i = 0; i < outer * inner; i++) {
            assert_sum(&made, i, (double)floats[i], 1e-6);
            assert_sum(&made, i, doubles[i], 1e-14);
        }
        free(floats);
        free(doubles);
        free_case(&made);
    }
}

/* Rows of one element: a vector of 16, a chunk of 8192, and one more or less. */
static void test_rows_of_one(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1,    2,    15,   16,   17,   31,    63,    64,    65,
                                    1000, 8191, 8192, 8193, 8208, 16383, 16384, 16385, 50000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        check_size(1, sizes[i], 1);
        check_size(3, sizes[i], 1);
    }
}

/* Rows of several: blocks of 64 rows, chunks of 8192 / inner rows. */
static void test_rows_of_several(void **state)
{
    (void)state;
    static const int64_t inner[] = {2, 3, 16, 17, 128};
    for (size_t i = 0; i < COUNT(inner); i++) {
        int64_t chunk = 8192 / inner[i];
        int64_t rows[] = {1,   2,   63,        64,    65,        127,
                          128, 129, chunk - 1, chunk, chunk + 1, 2 * chunk + 1};
        for (size_t r = 0; r < COUNT(rows); r++)
            check_size(1 + (int64_t)r % 3, rows[r], inner[i]);
    }
}

/* Rows of more than a chunk, which then holds 64 of them. */
static void test_long_rows(void **state)
{
    (void)state;
    check_size(1, 3, 8193);
    check_size(2, 63, 200);
    check_size(1, 64, 1000);
    check_size(1, 65, 1000);
    check_size(2, 129, 513);
}

static void test_many_sums(void **state)
{
    (void)state;
    check_size(1000, 3, 1);
    check_size(517, 5, 7);
    check_size(40000, 1, 1);
}

/* Ones add up exactly: every element is counted once. */
static void test_ones_are_counted(void **state)
{
    (void)state;
    enum { ELEMENTS = 100003 };
    float *ones = random_floats(ELEMENTS, 1);
    for (int i = 0; i < ELEMENTS; i++)
        ones[i] = 1;
    float sum;
    void *scratch = malloc(sg_sum_scratch_bytes(1, ELEMENTS, 1));
    sg_sum_f32(1, ELEMENTS, 1, ones, NULL, &sum, scratch);
    assert_true(sum == ELEMENTS);
    free(scratch);
    free(ones);
}

static void test_nothing_adds_up_to_zero(void **state)
{
    (void)state;
    float y[6] = {7, 7, 7, 7, 7, 7};
    double z[6] = {7, 7, 7, 7, 7, 7};
    void *scratch = malloc(sg_sum_scratch_bytes(2, 0, 3));
    sg_sum_f32(2, 0, 3, NULL, NULL, y, scratch);
    sg_sum_f64(2, 0, 3, NULL, NULL, z, scratch);
    for (int i = 0; i < 6; i++)
        assert_true(y[i] == 0 && z[i] == 0);
    sg_sum_f32(0, 3, 2, NULL, NULL, y, scratch);
    sg_sum_f32(2, 3, 0, NULL, NULL, y, scratch);
    free(scratch);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    static const int64_t sizes[][3] = {{1, 100001, 1}, {3, 20011, 1}, {1, 5003, 17}, {7, 999, 33}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int with_factor = 0; with_factor < 2; with_factor++) {
            sum_case made = make_case(sizes[i][0], sizes[i][1], sizes[i][2], with_factor);
            sg_set_thread_count(1);
            float *alone = sum_floats(&made);
            sg_set_thread_count(2);
            float *together = sum_floats(&made);
            assert_memory_equal(alone, together, (size_t)(made.outer * made.inner) * sizeof(float));
            free(alone);
            free(together);
            free_case(&made);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_one),
        cmocka_unit_test(test_rows_of_several),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_many_sums),
        cmocka_unit_test(test_ones_are_counted),
        cmocka_unit_test(test_nothing_adds_up_to_zero),
        cmocka_unit_test(test_threads_do_not_matter),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
