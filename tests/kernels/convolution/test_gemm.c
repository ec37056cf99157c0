/*
 * Weight gradients by matrix products, against the plain reference kernel in double. The engine
 * takes this way only on processors without AVX-512, so it is called directly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/convolution/gemm.h"
#include "support/convolution_cases.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_shape(const convolution_geometry *geometry, bool swapped, double gain)
{
    sg_convolution_shape shape;
    convolution_case made;
    assert_true(shape_of_geometry(geometry, swapped, &shape));
    make_convolution_case(&made, &shape, gain, CASE_WEIGHTS);
    void *scratch = unwritten_bytes(sg_convolution_gemm_scratch_bytes(&shape));
    float *found = unwritten_floats(count_w(&shape));
    assert_int_equal(sg_convolution_gemm_weights(&shape, gain, made.x, made.y, found, scratch), 0);
    assert_near_by_norm(made.name, "weights", found, made.weights, count_w(&shape), 1e-5);
    free(found);
    free(scratch);
    free_convolution_case(&made);
}

/* Every kernel, stride and padding on small images, in both orders. */
static void test_grid_of_shapes(void **state)
{
    (void)state;
    /* Height and width, stride, padding at the top, left, bottom and right. */
    static const int64_t kernels[][7] = {
        {1, 1, 1, 0, 0, 0, 0}, {1, 1, 2, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0, 1},
        {3, 3, 1, 0, 0, 0, 0}, {3, 3, 2, 0, 0, 0, 0}, {3, 3, 1, 1, 1, 1, 1}, {3, 3, 2, 1, 1, 1, 1},
        {3, 3, 1, 2, 0, 1, 1}, {3, 3, 2, 0, 2, 1, 0}, {2, 5, 1, 0, 2, 1, 2}, {2, 5, 2, 1, 3, 0, 1},
    };
    static const int64_t channels[][2] = {{1, 1}, {1, 17}, {3, 5}, {8, 16}, {17, 3}};
    static const int64_t sizes[][2] = {{1, 1}, {2, 3}, {5, 7}, {9, 8}};
    int checked = 0;
    for (size_t k = 0; k < COUNT(kernels); k++)
        for (size_t c = 0; c < COUNT(channels); c++)
            for (size_t s = 0; s < COUNT(sizes); s++)
                for (int swapped = 0; swapped < 2; swapped++) {
                    const int64_t *kernel = kernels[k];
                    convolution_geometry geometry = {1 + (int64_t)c % 3,
                                                     sizes[s][0],
                                                     sizes[s][1],
                                                     channels[c][0],
                                                     channels[c][1],
                                                     kernel[0],
                                                     kernel[1],
                                                     kernel[2],
                                                     kernel[3],
                                                     kernel[4],
                                                     kernel[5],
                                                     kernel[6],
                                                     1};
                    sg_convolution_shape shape;
                    if (!shape_of_geometry(&geometry, swapped, &shape))
                        continue;
                    check_shape(&geometry, swapped, 0.7);
                    checked++;
                }
    assert_true(checked > 300);
}

/* More pixels than are gathered at a time: by their number, by the width of a gathered row, and
 * with a block's border within an image and between images. */
static void test_several_blocks_of_pixels(void **state)
{
    (void)state;
    static const convolution_geometry geometries[] = {
        {1, 70, 75, 1, 3, 3, 3, 1, 1, 1, 1, 1, 1},   {3, 40, 41, 3, 2, 3, 3, 1, 1, 1, 1, 1, 1},
        {2, 64, 64, 2, 1, 3, 3, 1, 1, 1, 1, 1, 1},   {1, 24, 25, 513, 1, 3, 3, 1, 1, 1, 1, 1, 1},
        {2, 91, 93, 3, 4, 1, 1, 2, 0, 0, 0, 0, 1},   {1, 67, 63, 5, 7, 1, 1, 1, 0, 0, 0, 0, 1},
        {1, 33, 33, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1}, {1, 5, 7, 513, 16, 3, 3, 1, 1, 1, 1, 1, 1},
    };
    for (size_t i = 0; i < COUNT(geometries); i++)
        check_shape(&geometries[i], i % 2, 1.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_of_shapes),
        cmocka_unit_test(test_several_blocks_of_pixels),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
