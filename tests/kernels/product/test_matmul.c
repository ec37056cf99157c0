/* Matrix products of the kernels: all transposes, odd and empty sizes, against known numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/product/gemm.h"
#include "kernels/product/matmul.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* [rows, columns] from [columns, rows], or a copy; on the heap. */
static float *stored(const float *values, int64_t rows, int64_t columns, bool transposed)
{
    float *result = random_floats(rows * columns, 9);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            result[transposed ? j * rows + i : i * columns + j] = values[i * columns + j];
    return result;
}

/* Without transposes, by the definition. */
static double *product_of(const sg_matmul_shape *shape, const float *a, const float *b)
{
    double *c = zero_doubles(shape->rows * shape->columns);
    for (int64_t i = 0; i < shape->rows; i++)
        for (int64_t j = 0; j < shape->columns; j++)
            for (int64_t k = 0; k < shape->inner; k++)
                c[i * shape->columns + j] += shape->alpha * (double)a[i * shape->inner + k] *
                                             (double)b[k * shape->columns + j];
    return c;
}

static void check_references(const char *name, const sg_matmul_shape *shape, const float *a,
                             const float *b, const double *expected)
{
    int64_t count = shape->rows * shape->columns;
    double *a_doubles = doubles_of(a, shape->rows * shape->inner);
    double *b_doubles = doubles_of(b, shape->inner * shape->columns);
    double *doubles = zero_doubles(count);
    float *floats = random_floats(count, 4);
    sg_matmul_reference_f64(shape, a_doubles, b_doubles, doubles);
    assert_doubles_near(name, doubles, expected, count, 1e-12);
    sg_matmul_reference_f32(shape, a, b, floats);
    assert_floats_near(name, floats, expected, count, 1e-6);
    free(a_doubles);
    free(b_doubles);
    free(doubles);
    free(floats);
}

/* The product by tiles, with wider strides, into a result that is kept by half. */
static void check_tiles(const char *name, const sg_matmul_shape *shape, const float *a,
                        const float *b, const double *expected)
{
    enum { GAP = 3 };
    const int64_t columns = shape->columns + GAP;
    const int64_t count = shape->rows * columns;
    const sg_gemm product = {.transpose_a = shape->transpose_a,
                             .transpose_b = shape->transpose_b,
                             .rows = shape->rows,
                             .columns = shape->columns,
                             .inner = shape->inner,
                             .alpha = (float)shape->alpha,
                             .beta = 0.5F,
                             .a = a,
                             .b = b,
                             .c = random_floats(count, 5),
                             .a_stride = shape->transpose_a ? shape->rows : shape->inner,
                             .b_stride = shape->transpose_b ? shape->inner : shape->columns,
                             .c_stride = columns};
    double *sums = zero_doubles(count);
    for (int64_t i = 0; i < count; i++)
        sums[i] =
            i % columns < shape->columns
                ? expected[i / columns * shape->columns + i % columns] + 0.5 * (double)product.c[i]
                : (double)product.c[i];
    if (shape->inner > 0) {
        assert_int_equal(sg_gemm_tiles_f32(&product), SG_OK);
        assert_floats_near(name, product.c, sums, count, 1e-5);
    }
    free(sums);
    free(product.c);
}

static void check_size(int64_t rows, int64_t columns, int64_t inner, double alpha)
{
    float *a = random_floats(rows * inner, 1);
    float *b = random_floats(inner * columns, 2);
    for (int transposes = 0; transposes < 4; transposes++) {
        sg_matmul_shape shape = {rows, columns, inner, transposes & 1, transposes & 2, alpha};
        char name[100];
        snprintf(name, sizeof name, "%d x %d x %d, transposes %d", (int)rows, (int)columns,
                 (int)inner, transposes);
        double *expected = product_of(&shape, a, b);
        float *a_stored = stored(a, rows, inner, shape.transpose_a);
        float *b_stored = stored(b, inner, columns, shape.transpose_b);
        float *c = random_floats(rows * columns, 3);
        assert_int_equal(sg_matmul_f32(&shape, a_stored, b_stored, c), SG_OK);
        assert_floats_near(name, c, expected, rows * columns, 1e-5);
        check_tiles(name, &shape, a_stored, b_stored, expected);
        check_references(name, &shape, a_stored, b_stored, expected);
        free(expected);
        free(a_stored);
        free(b_stored);
        free(c);
    }
    free(a);
    free(b);
}

static void test_sizes_and_transposes(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 2, 3, 7, 16, 33};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t j = 0; j < COUNT(sizes); j++)
            for (size_t k = 0; k < COUNT(sizes); k++)
                check_size(sizes[i], sizes[j], sizes[k], 0.7);
}

static void test_large_sizes(void **state)
{
    (void)state;
    check_size(127, 65, 257, -1.5);
    check_size(1, 513, 512, 1);
    check_size(513, 1, 512, 2);
    check_size(4, 512, 1030, 1);
    check_size(200, 150, 600, 1);
}

/* Nothing to multiply leaves zeros; nothing to write writes nothing. */
static void test_empty_sizes(void **state)
{
    (void)state;
    check_size(3, 5, 0, 1);
    for (int transposes = 0; transposes < 4; transposes++) {
        float untouched = 7;
        sg_matmul_shape no_rows = {0, 5, 3, transposes & 1, transposes & 2, 1};
        sg_matmul_shape no_columns = {5, 0, 3, transposes & 1, transposes & 2, 1};
        float *values = random_floats(15, 1);
        assert_int_equal(sg_matmul_f32(&no_rows, values, values, &untouched), SG_OK);
        assert_int_equal(sg_matmul_f32(&no_columns, values, values, &untouched), SG_OK);
        sg_matmul_reference_f32(&no_rows, values, values, &untouched);
        sg_matmul_reference_f32(&no_columns, values, values, &untouched);
        assert_true(untouched == 7);
        free(values);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_and_transposes),
        cmocka_unit_test(test_large_sizes),
        cmocka_unit_test(test_empty_sizes),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
