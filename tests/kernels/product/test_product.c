/*
 * Products over packed panels against products in double, in both formats and all vector widths;
 * and that rows which are read only because registers hold several do not matter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/product/matmul.h"
#include "kernels/product/product.h"
#include "kernels/vector/lanes.h"
#include "support/convolution_cases.h"
#include "support/kernel_variants.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_ROWS = 70, GAP = 16 /* floats between rows of C that nobody may write */ };

/* a [MOST_ROWS, depth] times b [depth, columns], plain and as the product wants them. */
typedef struct product_case {
    int64_t depth, columns;
    bool split;
    float *a, *b;
    double *expected; /* [MOST_ROWS, columns] */
    float *packed_b;
} product_case;

/* The nearest bfloat16 by its bits, and what it is worth. */
static uint16_t bfloat16_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t below = bits & 0xffff;
    bits >>= 16;
    bits += below > 0x8000 || (below == 0x8000 && (bits & 1));
    return (uint16_t)bits;
}

static float value_of(uint16_t half)
{
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void split_number(float value, uint16_t *high, uint16_t *low)
{
    *high = bfloat16_of(value);
    *low = bfloat16_of(value - value_of(*high));
}

static void pack_plain(const product_case *c)
{
    int64_t panel = sg_product_panel();
    for (int64_t k = 0; k < c->depth; k++)
        for (int64_t o = 0; o < c->columns; o++)
            c->packed_b[(o / panel * c->depth + k) * panel + o % panel] = c->b[k * c->columns + o];
}

/* As product.h says: a panel's matrices are [depth / 32][low][half of the panel][pair][column][2].
 */
static void pack_split(const product_case *c)
{
    uint16_t *packed = (uint16_t *)(void *)c->packed_b;
    for (int64_t k = 0; k < c->depth; k++)
        for (int64_t o = 0; o < c->columns; o++) {
            uint16_t *panel = packed + o / 32 * c->depth * 64;
            uint16_t *high = panel + k / 32 * 2048 + o % 32 / 16 * 512;
            int64_t at = (k % 32 / 2 * 16 + o % 16) * 2 + k % 2;
            split_number(c->b[k * c->columns + o], &high[at], &high[at + 1024]);
        }
}

static void make_case(product_case *c, int64_t depth, int64_t columns)
{
    *c = (product_case){.depth = depth, .columns = columns};
    c->split = sg_product_splits(depth);
    c->a = random_floats(MOST_ROWS * depth, 1);
    c->b = random_floats(depth * columns, 2);
    c->expected = zero_doubles(MOST_ROWS * columns);
    c->packed_b = unwritten_floats(depth * columns);
    double *a = doubles_of(c->a, MOST_ROWS * depth);
    double *b = doubles_of(c->b, depth * columns);
    const sg_matmul_shape shape = {
        .rows = MOST_ROWS, .columns = columns, .inner = depth, .alpha = 1};
    sg_matmul_reference_f64(&shape, a, b, c->expected);
    free(a);
    free(b);
    if (c->split)
        pack_split(c);
    else
        pack_plain(c);
}

static void free_case(product_case *c)
{
    free(c->a);
    free(c->b);
    free(c->expected);
    free(c->packed_b);
}

/* The first rows of a in the product's format; those beyond are left as NaN. */
static void format_rows(const product_case *c, int64_t rows, float *to, int64_t stride)
{
    for (int64_t r = 0; r < rows; r++) {
        const float *row = c->a + r * c->depth;
        uint16_t *high = (uint16_t *)(void *)(to + r * stride);
        if (!c->split)
            memcpy(to + r * stride, row, (size_t)c->depth * sizeof *row);
        for (int64_t k = 0; c->split && k < c->depth; k++)
            split_number(row[k], &high[k], &high[c->depth + k]);
    }
}

static int64_t rows_held(int64_t rows, bool split)
{
    int64_t step = sg_product_rows(split);
    return (rows + step - 1) / step * step;
}

/* The product's rows, packed without gaps; fails when anything but rows of C was written. */
static float *multiply(const product_case *c, int64_t rows)
{
    int64_t held = rows_held(rows, c->split);
    int64_t a_stride = c->depth + GAP;
    int64_t c_stride = c->columns + GAP;
    float *a = unwritten_floats(held * a_stride);
    float *found = unwritten_floats(held * c_stride);
    float *result = unwritten_floats(rows * c->columns);
    float *untouched = unwritten_floats(GAP);
    format_rows(c, rows, a, a_stride);
    sg_product_begin(c->split);
    sg_product_choose(c->split)(rows, c->depth, c->columns, a, a_stride, c->packed_b, found,
                                c_stride);
    sg_product_end(c->split);
    for (int64_t r = 0; r < held; r++)
        assert_memory_equal(found + r * c_stride + c->columns, untouched, GAP * sizeof(float));
    for (int64_t r = 0; r < rows; r++)
        memcpy(result + r * c->columns, found + r * c_stride, (size_t)c->columns * sizeof(float));
    free(a);
    free(found);
    free(untouched);
    return result;
}

static void check_rows(const char *variant, const product_case *c, int64_t rows,
                       const float *all_rows)
{
    char name[100];
    snprintf(name, sizeof name, "%s: %d rows, depth %d, %d columns", variant, (int)rows,
             (int)c->depth, (int)c->columns);
    float *found = multiply(c, rows);
    assert_floats_near(name, found, c->expected, rows * c->columns, c->split ? 4e-5 : 4e-6);
    if (memcmp(found, all_rows, (size_t)(rows * c->columns) * sizeof(float)) != 0)
        fail_msg("%s: rows depend on how many there are", name);
    free(found);
}

/* Depths of one and several passes, whole and not; columns of one and several panels. */
static const int64_t shapes[][2] = {{16, 32},   {16, 512}, {48, 96},   {256, 32},  {272, 64},
                                    {1040, 96}, {32, 32},  {32, 512},  {96, 64},   {288, 96},
                                    {512, 32},  {992, 32}, {1024, 96}, {1024, 512}};

static void test_products_of_all_rows(void **state)
{
    (void)state;
    for (int v = 0; v < KERNEL_VARIANTS; v++) {
        const char *variant = choose_kernel_variant(v);
        for (size_t i = 0; variant && i < COUNT(shapes); i++) {
            product_case made;
            make_case(&made, shapes[i][0], shapes[i][1]);
            float *all_rows = multiply(&made, MOST_ROWS);
            /* Large products take most of the time, and every remainder has been met by then. */
            int64_t step = shapes[i][0] * shapes[i][1] > 40000 ? 23 : 1;
            for (int64_t rows = 1; rows <= MOST_ROWS; rows += step)
                check_rows(variant, &made, rows, all_rows);
            free(all_rows);
            free_case(&made);
        }
    }
}

/* Numbers that a single bfloat16 would round away come through. */
static void test_split_products_are_right_to_sixteen_bits(void **state)
{
    (void)state;
    if (!choose_kernel_variant(3))
        skip();
    product_case made;
    make_case(&made, 32, 32);
    for (int64_t k = 0; k < 32; k++)
        for (int64_t r = 0; r < MOST_ROWS; r++)
            made.a[r * 32 + k] = k == r % 32 ? 1 + 1.0f / 512 : 0;
    for (int64_t i = 0; i < 32 * 32; i++)
        made.b[i] = 1 + (float)i / 4096;
    pack_split(&made);
    float *found = multiply(&made, MOST_ROWS);
    for (int64_t i = 0; i < MOST_ROWS * 32; i++) {
        double expected = (1 + 1.0 / 512) * (1 + (double)(i % 1024) / 4096);
        if (!(found[i] > expected * (1 - 2e-5) && found[i] < expected * (1 + 2e-5)))
            fail_msg("element %d is %.9g, expected %.9g", (int)i, (double)found[i], expected);
    }
    free(found);
    free_case(&made);
}

static void test_formats_follow_depth_and_processor(void **state)
{
    (void)state;
    for (int v = 0; v < KERNEL_VARIANTS; v++) {
        if (!choose_kernel_variant(v))
            continue;
        assert_int_equal(sg_product_panel(), 2 * sg_vector_lanes());
        assert_int_equal(sg_product_splits(64), v == 3);
        assert_false(sg_product_splits(16));
        assert_false(sg_product_splits(1040));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_of_all_rows),
        cmocka_unit_test(test_split_products_are_right_to_sixteen_bits),
        cmocka_unit_test(test_formats_follow_depth_and_processor),
    };
    return cmocka_run_group_tests(tests, NULL, choose_best_kernel_variant);
}
