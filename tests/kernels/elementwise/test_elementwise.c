/* Element-wise kernels over strided loops, against plain indexing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/elementwise/elementwise.h"
#include "support/close.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The offset of operand k at flat element `at`, by division. */
static int64_t offset_at(const sg_strided *loop, int k, int64_t at)
{
    int64_t offset = 0;
    for (int d = loop->rank - 1; d >= 0; d--) {
        offset += at % loop->size[d] * loop->stride[k][d];
        at /= loop->size[d];
    }
    return offset;
}

/* One more than the largest offset of operand k, strides being positive. */
static int64_t extent_of(const sg_strided *loop, int k)
{
    int64_t extent = 1;
    for (int d = 0; d < loop->rank; d++)
        extent += (loop->size[d] - 1) * loop->stride[k][d];
    return extent;
}

static double combine(sg_binary_kind kind, double a, double b)
{
    switch (kind) {
    case SG_ADD:
        return a + b;
    case SG_SUBTRACT:
        return a - b;
    default:
        return a * b;
    }
}

/* All three kinds on the loop, as it is and collapsed. */
static void check_binary(const char *name, sg_strided loop)
{
    int64_t count = sg_strided_count(&loop);
    sg_strided collapsed = loop;
    sg_strided_collapse(&collapsed);
    float *a = random_floats(extent_of(&loop, 0), 1);
    float *b = random_floats(extent_of(&loop, 1), 2);
    for (int64_t i = 0; i < extent_of(&loop, 1); i++)
        b[i] += b[i] < 0 ? -0.5f : 0.5f;
    double *a_doubles = doubles_of(a, extent_of(&loop, 0));
    double *b_doubles = doubles_of(b, extent_of(&loop, 1));
    double *expected = zero_doubles(count);
    double *y_doubles = zero_doubles(count);
    float *y = random_floats(count, 3);
    for (int kind = SG_ADD; kind <= SG_MULTIPLY; kind++) {
        for (int64_t i = 0; i < count; i++)
            expected[i] = combine((sg_binary_kind)kind, a_doubles[offset_at(&loop, 0, i)],
                                  b_doubles[offset_at(&loop, 1, i)]);
        sg_binary_f32((sg_binary_kind)kind, &loop, a, b, y);
        assert_floats_near(name, y, expected, count, 1e-6);
        memset(y, 0xff, (size_t)count * sizeof *y);
        sg_binary_f32((sg_binary_kind)kind, &collapsed, a, b, y);
        assert_floats_near(name, y, expected, count, 1e-6);
        sg_binary_f64((sg_binary_kind)kind, &collapsed, a_doubles, b_doubles, y_doubles);
        assert_doubles_near(name, y_doubles, expected, count, 1e-15);
    }
    free(a);
    free(b);
    free(a_doubles);
    free(b_doubles);
    free(expected);
    free(y_doubles);
    free(y);
}

static void test_binary_with_broadcasting(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        sg_strided loop;
    } cases[] = {
        {"dense", {3, {3, 5, 7}, {{35, 7, 1}, {35, 7, 1}}, 2}},
        {"a row for all", {3, {3, 5, 7}, {{35, 7, 1}, {0, 0, 1}}, 2}},
        {"a column for all", {3, {3, 5, 7}, {{35, 7, 1}, {0, 1, 0}}, 2}},
        {"one number", {3, {3, 5, 7}, {{35, 7, 1}, {0, 0, 0}}, 2}},
        {"one number first", {2, {3, 50}, {{0, 0}, {50, 1}}, 2}},
        {"both stretched", {2, {6, 9}, {{0, 1}, {1, 0}}, 2}},
        {"between two", {3, {3, 5, 7}, {{5, 1, 0}, {7, 0, 1}}, 2}},
        {"transposed", {2, {6, 9}, {{9, 1}, {1, 6}}, 2}},
        {"every other", {2, {6, 9}, {{36, 2}, {27, 3}}, 2}},
        {"single elements", {3, {1, 1, 1}, {{1, 1, 1}, {1, 1, 1}}, 2}},
        {"six dimensions", {6, {2, 3, 1, 2, 3, 2}, {{36, 12, 12, 6, 2, 1}, {3, 1, 0, 0, 0, 0}}, 2}},
        {"several threads", {2, {3, 33001}, {{33001, 1}, {0, 1}}, 2}},
        {"several threads, short rows", {2, {33001, 3}, {{3, 1}, {1, 0}}, 2}},
        {"several threads, dense", {1, {99003}, {{1}, {1}}, 2}},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_binary(cases[i].name, cases[i].loop);
}

static void test_binary_in_place(void **state)
{
    (void)state;
    float a[] = {1, 2, 3, 4, 5, 6};
    const float b[] = {10, 20, 30};
    const sg_strided loop = {2, {2, 3}, {{3, 1}, {0, 1}}, 2};
    sg_binary_f32(SG_SUBTRACT, &loop, a, b, a);
    assert_floats_near("in place", a, (double[]){-9, -18, -27, -6, -15, -24}, 6, 0);
}

static void test_nothing_is_done_for_no_elements(void **state)
{
    (void)state;
    float y = 7;
    const sg_strided loop = {2, {0, 3}, {{3, 1}, {0, 1}}, 2};
    sg_binary_f32(SG_ADD, &loop, NULL, NULL, &y);
    sg_strided_copy_f32(&loop, NULL, &y);
    sg_strided_scatter_f32(&loop, NULL, &y);
    sg_affine_f32(0, 2, 3, NULL, &y);
    sg_power_f32(0, 2, NULL, &y);
    assert_true(y == 7);
}

/* Loops for copies: how far the first element lies into the array, and the loop. */
static const struct {
    const char *name;
    int64_t first;
    sg_strided loop;
} copies[] = {
    {"dense", 0, {2, {4, 5}, {{5, 1}}, 1}},
    {"transposed", 0, {2, {5, 4}, {{1, 5}}, 1}},
    {"permuted", 0, {4, {2, 4, 5, 3}, {{60, 5, 1, 20}}, 1}},
    {"a slice", 7, {2, {3, 4}, {{6, 1}}, 1}},
    {"every third", 1, {1, {11}, {{3}}, 1}},
    {"reversed", 19, {1, {20}, {{-1}}, 1}},
    {"reversed rows", 15, {2, {4, 5}, {{-5, 1}}, 1}},
    {"reversed columns", 4, {2, {4, 5}, {{5, -1}}, 1}},
    {"large, permuted", 0, {2, {301, 333}, {{1, 301}}, 1}},
    {"large, rows", 2, {2, {333, 300}, {{302, 1}}, 1}},
};
enum { COPY_EXTENT = 333 * 302 + 2 };

static void test_copies(void **state)
{
    (void)state;
    for (size_t c = 0; c < COUNT(copies); c++) {
        const sg_strided *loop = &copies[c].loop;
        int64_t count = sg_strided_count(loop);
        float *x = random_floats(COPY_EXTENT, 1);
        float *y = random_floats(count, 2);
        double *x_doubles = doubles_of(x, COPY_EXTENT);
        double *y_doubles = zero_doubles(count);
        sg_strided collapsed = *loop;
        sg_strided_collapse(&collapsed);
        sg_strided_copy_f32(loop, x + copies[c].first, y);
        sg_strided_copy_f64(&collapsed, x_doubles + copies[c].first, y_doubles);
        for (int64_t i = 0; i < count; i++) {
            float expected = x[copies[c].first + offset_at(loop, 0, i)];
            if (y[i] != expected || y_doubles[i] != (double)expected)
                fail_msg("%s: element %d is wrong", copies[c].name, (int)i);
        }
        free(x);
        free(y);
        free(x_doubles);
        free(y_doubles);
    }
}

/* What is written lands where a copy would read; everything else stays. */
static void test_scatter(void **state)
{
    (void)state;
    for (size_t c = 0; c < COUNT(copies); c++) {
        const sg_strided *loop = &copies[c].loop;
        int64_t count = sg_strided_count(loop);
        float *x = random_floats(count, 1);
        float *y = random_floats(COPY_EXTENT, 2);
        float *expected = random_floats(COPY_EXTENT, 2);
        double *x_doubles = doubles_of(x, count);
        double *y_doubles = doubles_of(y, COPY_EXTENT);
        for (int64_t i = 0; i < count; i++)
            expected[copies[c].first + offset_at(loop, 0, i)] = x[i];
        sg_strided_scatter_f32(loop, x, y + copies[c].first);
        sg_strided_scatter_f64(loop, x_doubles, y_doubles + copies[c].first);
        for (int64_t i = 0; i < COPY_EXTENT; i++)
            if (y[i] != expected[i] || y_doubles[i] != (double)expected[i])
                fail_msg("%s: element %d is wrong", copies[c].name, (int)i);
        free(x);
        free(y);
        free(expected);
        free(x_doubles);
        free(y_doubles);
    }
}

static void test_affine(void **state)
{
    (void)state;
    enum { ELEMENTS = 40001 };
    float *x = random_floats(ELEMENTS, 1);
    double *x_doubles = doubles_of(x, ELEMENTS);
    double *expected = zero_doubles(ELEMENTS);
    double *y_doubles = zero_doubles(ELEMENTS);
    for (int64_t i = 0; i < ELEMENTS; i++)
        expected[i] = 3 * x_doubles[i] - 0.5;
    sg_affine_f64(ELEMENTS, 3, -0.5, x_doubles, y_doubles);
    assert_doubles_near("affine", y_doubles, expected, ELEMENTS, 1e-15);
    sg_affine_f32(ELEMENTS, 3, -0.5, x, x);
    assert_floats_near("affine", x, expected, ELEMENTS, 1e-6);
    free(x);
    free(x_doubles);
    free(expected);
    free(y_doubles);
}

static void test_power(void **state)
{
    (void)state;
    enum { ELEMENTS = 20001 };
    static const double exponents[] = {2, -1, 0.5, -0.5, 3, -2, 1.7, 1, 0, -1.5};
    float *x = random_floats(ELEMENTS, 1);
    float *y = random_floats(ELEMENTS, 2);
    for (int64_t i = 0; i < ELEMENTS; i++)
        x[i] = fabsf(x[i]) + 0.1f;
    double *x_doubles = doubles_of(x, ELEMENTS);
    double *y_doubles = zero_doubles(ELEMENTS);
    double *expected = zero_doubles(ELEMENTS);
    for (size_t e = 0; e < COUNT(exponents); e++) {
        char name[40];
        snprintf(name, sizeof name, "power %g", exponents[e]);
        for (int64_t i = 0; i < ELEMENTS; i++)
            expected[i] = exp(exponents[e] * log(x_doubles[i]));
        sg_power_f32(ELEMENTS, exponents[e], x, y);
        assert_floats_near(name, y, expected, ELEMENTS, 1e-6);
        sg_power_f64(ELEMENTS, exponents[e], x_doubles, y_doubles);
        assert_doubles_near(name, y_doubles, expected, ELEMENTS, 1e-13);
    }
    free(x);
    free(y);
    free(x_doubles);
    free(y_doubles);
    free(expected);
}

static double power_of(double x, double exponent)
{
    float single = (float)x;
    double y;
    sg_power_f64(1, exponent, &x, &y);
    sg_power_f32(1, exponent, &single, &single);
    assert_true(isnan(y) ? isnan(single) : (double)single == y);
    return y;
}

/* Signs, zeros, infinities and numbers that are none. */
static void test_special_powers(void **state)
{
    (void)state;
    assert_close(power_of(-3, 2), 9, 0);
    assert_close(power_of(-2, 3), -8, 0);
    assert_close(power_of(-4, -1), -0.25, 0);
    assert_close(power_of(0, 0.5), 0, 0);
    assert_close(power_of(0, 0), 1, 0);
    assert_close(power_of((double)INFINITY, -1), 0, 0);
    assert_close(power_of((double)INFINITY, -0.5), 0, 0);
    assert_true(power_of(0, -1) == (double)INFINITY);
    assert_true(power_of(0, -0.5) == (double)INFINITY);
    assert_true(isnan(power_of(-1, 0.5)));
    assert_true(isnan(power_of(-1, -0.5)));
    assert_true(isnan(power_of(-1, 1.5)));
    static const double exponents[] = {2, -1, 0.5, -0.5, 3};
    for (size_t e = 0; e < COUNT(exponents); e++)
        assert_true(isnan(power_of((double)NAN, exponents[e])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binary_with_broadcasting),
        cmocka_unit_test(test_binary_in_place),
        cmocka_unit_test(test_nothing_is_done_for_no_elements),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_scatter),
        cmocka_unit_test(test_affine),
        cmocka_unit_test(test_power),
        cmocka_unit_test(test_special_powers),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
