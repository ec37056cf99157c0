/* Convolution in double and its adjoints, against the plain reference kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "kernels/convolution/direct_double.h"
#include "kernels/convolution/reference.h"
#include "support/convolution_cases.h"

static double *random_doubles(int64_t count, uint64_t seed)
{
    sg_random random = sg_random_stream(seed, 0);
    double *values = malloc((size_t)count * sizeof *values + 1);
    assert_non_null(values);
    for (int64_t i = 0; i < count; i++)
        values[i] = 2 * sg_random_uniform(&random) - 1;
    return values;
}

static void check_direction(const sg_convolution_shape *s, sg_convolution_direction direction)
{
    const int64_t counts[] = {[SG_FORWARD] = (int64_t)count_y(s),
                              [SG_BACKWARD_DATA] = (int64_t)count_x(s),
                              [SG_BACKWARD_WEIGHTS] = (int64_t)count_w(s)};
    const int64_t a_count = counts[direction == SG_BACKWARD_DATA ? SG_FORWARD : SG_BACKWARD_DATA];
    const int64_t b_count =
        counts[direction == SG_BACKWARD_WEIGHTS ? SG_FORWARD : SG_BACKWARD_WEIGHTS];
    double *a = random_doubles(a_count, 1);
    double *b = random_doubles(b_count, 2);
    double *found = random_doubles(counts[direction], 3);
    double *expected = random_doubles(counts[direction], 4);
    double *packed = malloc(sg_convolution_double_bytes(s));
    assert_non_null(packed);
    if (direction == SG_BACKWARD_WEIGHTS) {
        sg_convolution_double_weights(s, 0.7, a, b, found, packed);
    } else {
        sg_convolution_double_pack(s, direction, 0.7, b, packed);
        sg_convolution_double(s, direction, a, packed, found);
    }
    sg_convolution_reference_f64(s, direction, 0.7, a, b, expected);
    for (int64_t i = 0; i < counts[direction]; i++)
        if (fabs(found[i] - expected[i]) > 1e-12)
            fail_msg("direction %d, value %d: %g, expected %g", (int)direction, (int)i, found[i],
                     expected[i]);
    free(a);
    free(b);
    free(found);
    free(expected);
    free(packed);
}

/* Channels below, at and above a step of four; strides; padding on any side; both orders. */
static void test_grid_of_shapes(void **state)
{
    (void)state;
    static const int64_t channels[][2] = {{1, 1}, {4, 3}, {5, 9}};
    static const int64_t kernels[][7] = {{1, 1, 1, 0, 0, 0, 0},
                                         {3, 3, 1, 1, 1, 1, 1},
                                         {3, 3, 2, 0, 1, 1, 0},
                                         {2, 5, 1, 1, 3, 0, 1},
                                         {2, 5, 2, 1, 2, 0, 2}};
    int checked = 0;
    for (int c = 0; c < 3; c++)
        for (int k = 0; k < 5; k++)
            for (int swapped = 0; swapped < 2; swapped++) {
                const int64_t *kernel = kernels[k];
                const convolution_geometry geometry = {
                    2,         5,         7,         channels[c][0], channels[c][1],
                    kernel[0], kernel[1], kernel[2], kernel[3],      kernel[4],
                    kernel[5], kernel[6], 1};
                sg_convolution_shape shape;
                assert_true(shape_of_geometry(&geometry, swapped, &shape));
                for (int direction = 0; direction < 3; direction++, checked++)
                    check_direction(&shape, (sg_convolution_direction)direction);
            }
    assert_int_equal(checked, 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_of_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
