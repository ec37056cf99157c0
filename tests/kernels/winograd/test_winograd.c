/*
 * Winograd's convolution, called directly, against the plain reference kernel in double: forward
 * and backward data, both orders of the weights, all variants of the kernels; and which shapes it
 * says it suits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/convolution/winograd_shape.h"
#include "kernels/product/product.h"
#include "support/convolution_cases.h"
#include "support/kernel_variants.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* In the precise format the tolerance is that of floats on every processor. */
static void check_direction(const convolution_case *made, sg_convolution_direction direction,
                            bool precise)
{
    const sg_convolution_shape *shape = &made->shape;
    bool forward = direction == SG_FORWARD;
    int64_t count = forward ? count_y(shape) : count_x(shape);
    int64_t depth = forward ? shape->in_channels : shape->out_channels;
    sg_winograd_shape pass = sg_convolution_winograd_shape(shape, direction);
    pass.precise = precise;
    float *packed = unwritten_bytes(sg_winograd_weight_bytes(&pass));
    void *scratch = unwritten_bytes(sg_winograd_scratch_bytes(&pass));
    float *found = unwritten_floats(count);
    sg_winograd_pack(&pass, made->gain, made->w, packed);
    sg_winograd_run(&pass, packed, forward ? made->x : made->y, found, scratch, NULL);
    assert_near_by_norm(made->name, forward ? "forward" : "backward data", found,
                        forward ? made->forward : made->data, count,
                        precise                    ? 6e-6
                        : sg_product_splits(depth) ? 6e-5
                                                   : 3e-5);
    free(packed);
    free(scratch);
    free(found);
}

static void check_shape(const convolution_geometry *geometry, bool swapped)
{
    sg_convolution_shape shape;
    convolution_case made;
    assert_true(shape_of_geometry(geometry, swapped, &shape));
    make_convolution_case(&made, &shape, 0.7, CASE_FORWARD | CASE_DATA);
    for (int v = 0; v < KERNEL_VARIANTS; v++)
        if (choose_kernel_variant(v)) {
            check_direction(&made, SG_FORWARD, false);
            check_direction(&made, SG_FORWARD, true);
            check_direction(&made, SG_BACKWARD_DATA, false);
        }
    free_convolution_case(&made);
}

/* All paddings of 0, 1 and 2 at the top and left, others at the bottom and right. */
static void test_paddings(void **state)
{
    (void)state;
    int64_t turn = 0;
    for (int64_t top = 0; top < 3; top++)
        for (int64_t left = 0; left < 3; left++, turn++) {
            convolution_geometry geometry = {1, 7,   6,    16,           16,       3, 3,
                                             1, top, left, 2 - turn % 3, turn % 3, 1};
            check_shape(&geometry, false);
            geometry.bottom = turn % 2;
            check_shape(&geometry, true);
        }
}

/* Every remainder of height and width by the tiles' four pixels; one pixel and less than a tile. */
static void test_sizes(void **state)
{
    (void)state;
    for (int64_t side = 1; side < 11; side++) {
        convolution_geometry geometry = {2, side, 11 - side, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1};
        check_shape(&geometry, side % 2);
    }
}

/* Channels that fill a panel of the product, or leave some of it; more than one pass of depth. */
static void test_channels(void **state)
{
    (void)state;
    static const int64_t channels[][2] = {{16, 32},  {32, 16},  {48, 16},   {16, 48},
                                          {80, 48},  {48, 80},  {512, 16},  {16, 512},
                                          {272, 32}, {32, 272}, {1040, 16}, {16, 1040}};
    for (size_t i = 0; i < COUNT(channels); i++)
        for (int swapped = 0; swapped < 2; swapped++) {
            convolution_geometry geometry = {1, 3, 5, channels[i][0], channels[i][1], 3, 3, 1, 1, 1,
                                             1, 1, 1};
            check_shape(&geometry, swapped);
        }
}

/* Many tiles: several blocks, shared out to threads, that end within and between images. All of
 * these suit. */
static void test_shapes_that_suit(void **state)
{
    (void)state;
    static const convolution_geometry geometries[] = {
        {1, 21, 22, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1}, {2, 17, 15, 32, 16, 3, 3, 1, 2, 0, 1, 2, 1},
        {3, 33, 33, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1}, {1, 65, 67, 16, 16, 3, 3, 1, 0, 0, 0, 0, 1},
        {1, 24, 24, 48, 16, 3, 3, 1, 2, 2, 2, 2, 1}, {3, 13, 14, 16, 80, 3, 3, 1, 0, 1, 2, 1, 1},
    };
    for (size_t i = 0; i < COUNT(geometries); i++) {
        sg_convolution_shape shape;
        assert_true(shape_of_geometry(&geometries[i], i % 2, &shape));
        assert_true(sg_convolution_suits_winograd(&shape, SG_FORWARD));
        assert_true(sg_convolution_suits_winograd(&shape, SG_BACKWARD_DATA));
        check_shape(&geometries[i], i % 2);
    }
}

/* One thread or two: the same blocks, and so the same bytes. */
static void test_threads_do_not_matter(void **state)
{
    (void)state;
    static const convolution_geometry geometry = {3, 33, 31, 32, 16, 3, 3, 1, 1, 1, 1, 1, 1};
    sg_convolution_shape shape;
    assert_true(shape_of_geometry(&geometry, false, &shape));
    float *x = random_floats(count_x(&shape), 1);
    float *w = random_floats(count_w(&shape), 2);
    float *found[2];
    for (int i = 0; i < 2; i++) {
        sg_set_thread_count(i + 1);
        const sg_winograd_shape pass = sg_convolution_winograd_shape(&shape, SG_FORWARD);
        float *packed =
            unwritten_bytes(sg_winograd_packed_bytes(pass.in_channels, pass.out_channels));
        void *scratch = unwritten_bytes(sg_winograd_scratch_bytes(&pass));
        found[i] = unwritten_floats(count_y(&shape));
        sg_winograd_pack(&pass, 1, w, packed);
        sg_winograd_run(&pass, packed, x, found[i], scratch, NULL);
        free(packed);
        free(scratch);
    }
    assert_memory_equal(found[0], found[1], (size_t)count_y(&shape) * sizeof(float));
    free(found[0]);
    free(found[1]);
    free(x);
    free(w);
}

static bool suits(const convolution_geometry *geometry, sg_convolution_direction direction)
{
    sg_convolution_shape shape;
    assert_true(shape_of_geometry(geometry, false, &shape));
    return sg_convolution_suits_winograd(&shape, direction);
}

static void test_shapes_that_do_not_suit(void **state)
{
    (void)state;
    static const convolution_geometry fine = {2, 32, 32, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1};
    static const convolution_geometry unfit[] = {
        {2, 32, 32, 16, 32, 3, 3, 2, 1, 1, 1, 1, 1}, /* stride */
        {2, 32, 32, 32, 32, 3, 3, 1, 1, 1, 1, 1, 2}, /* groups */
        {2, 32, 32, 16, 32, 5, 5, 1, 2, 2, 2, 2, 1}, /* kernels */
        {2, 32, 32, 16, 32, 1, 1, 1, 0, 0, 0, 0, 1}, /**/
        {2, 32, 32, 16, 32, 3, 1, 1, 1, 0, 1, 0, 1}, /**/
        {2, 32, 32, 16, 32, 1, 3, 1, 0, 1, 0, 1, 1}, /**/
        {2, 32, 32, 17, 32, 3, 3, 1, 1, 1, 1, 1, 1}, /* channels */
        {2, 32, 32, 16, 17, 3, 3, 1, 1, 1, 1, 1, 1}, /**/
        {2, 32, 32, 8, 32, 3, 3, 1, 1, 1, 1, 1, 1},  /**/
        {1, 8, 8, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1},   /* few tiles */
        {1, 16, 28, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1}, /**/
        {2, 32, 32, 16, 32, 3, 3, 1, 3, 1, 1, 1, 1}, /* padding */
        {2, 32, 32, 16, 32, 3, 3, 1, 1, 3, 1, 1, 1}, /**/
        {2, 32, 32, 16, 32, 3, 3, 1, 1, 1, 3, 1, 1}, /**/
        {2, 32, 32, 16, 32, 3, 3, 1, 1, 1, 1, 3, 1}, /**/
    };
    assert_true(suits(&fine, SG_FORWARD));
    assert_true(suits(&fine, SG_BACKWARD_DATA));
    assert_false(suits(&fine, SG_BACKWARD_WEIGHTS));
    for (size_t i = 0; i < COUNT(unfit); i++)
        for (int direction = SG_FORWARD; direction <= SG_BACKWARD_DATA; direction++)
            if (suits(&unfit[i], (sg_convolution_direction)direction))
                fail_msg("shape %zu suits direction %d", i, direction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paddings),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_shapes_that_suit),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_shapes_that_do_not_suit),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, choose_best_kernel_variant);
}
