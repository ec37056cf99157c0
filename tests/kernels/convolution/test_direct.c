/* Direct convolution of both types and its adjoints, against the plain reference kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/convolution/direct.h"
#include "kernels/convolution/reference.h"
#include "support/convolution_cases.h"
#include "support/numbers.h"

/* Numbers of a and b, and of the result. */
static void count_operands(const sg_convolution_shape *s, sg_convolution_direction direction,
                           int64_t *a, int64_t *b, int64_t *result)
{
    const int64_t counts[] = {[SG_FORWARD] = (int64_t)count_y(s),
                              [SG_BACKWARD_DATA] = (int64_t)count_x(s),
                              [SG_BACKWARD_WEIGHTS] = (int64_t)count_w(s)};
    *a = counts[direction == SG_BACKWARD_DATA ? SG_FORWARD : SG_BACKWARD_DATA];
    *b = counts[direction == SG_BACKWARD_WEIGHTS ? SG_FORWARD : SG_BACKWARD_WEIGHTS];
    *result = counts[direction];
}

static void compute_doubles(const sg_convolution_shape *s, sg_convolution_direction direction,
                            const double *a, const double *b, double *found)
{
    double *packed = zero_doubles((int64_t)sg_convolution_direct_count(s));
    if (direction == SG_BACKWARD_WEIGHTS) {
        sg_convolution_direct_weights_f64(s, 0.7, a, b, found, packed);
    } else {
        sg_convolution_direct_pack_f64(s, direction, 0.7, b, packed);
        sg_convolution_direct_f64(s, direction, a, packed, found);
    }
    free(packed);
}

static void compute_floats(const sg_convolution_shape *s, sg_convolution_direction direction,
                           const float *a, const float *b, float *found)
{
    float *packed = random_floats((int64_t)sg_convolution_direct_count(s), 5);
    if (direction == SG_BACKWARD_WEIGHTS) {
        sg_convolution_direct_weights_f32(s, 0.7, a, b, found, packed);
    } else {
        sg_convolution_direct_pack_f32(s, direction, 0.7, b, packed);
        sg_convolution_direct_f32(s, direction, a, packed, found);
    }
    free(packed);
}

static void check_direction(const sg_convolution_shape *s, sg_convolution_direction direction)
{
    int64_t a_count;
    int64_t b_count;
    int64_t count;
    count_operands(s, direction, &a_count, &b_count, &count);
    float *a_floats = random_floats(a_count, 1);
    float *b_floats = random_floats(b_count, 2);
    float *floats = random_floats(count, 3);
    double *a = doubles_of(a_floats, a_count);
    double *b = doubles_of(b_floats, b_count);
    double *found = doubles_of(floats, count);
    double *expected = doubles_of(floats, count);
    compute_doubles(s, direction, a, b, found);
    compute_floats(s, direction, a_floats, b_floats, floats);
    sg_convolution_reference_f64(s, direction, 0.7, a, b, expected);
    for (int64_t i = 0; i < count; i++)
        if (fabs(found[i] - expected[i]) > 1e-12 || fabs((double)floats[i] - expected[i]) > 2e-5)
            fail_msg("direction %d, value %d: %g and %g in floats, expected %g", (int)direction,
                     (int)i, found[i], (double)floats[i], expected[i]);
    free(a);
    free(b);
    free(found);
    free(expected);
    free(a_floats);
    free(b_floats);
    free(floats);
}

/* Channels below, at and above the steps that are taken at once; strides; padding on any side; both
 * orders of weights; groups. */
static void test_grid_of_shapes(void **state)
{
    (void)state;
    static const int64_t channels[][3] = {{1, 1, 1}, {4, 3, 1}, {5, 9, 1}, {18, 20, 1}, {10, 6, 2}};
    static const int64_t kernels[][7] = {{1, 1, 1, 0, 0, 0, 0},
                                         {3, 3, 1, 1, 1, 1, 1},
                                         {3, 3, 2, 0, 1, 1, 0},
                                         {2, 5, 1, 1, 3, 0, 1},
                                         {2, 5, 2, 1, 2, 0, 2}};
    int checked = 0;
    for (int c = 0; c < 5; c++)
        for (int k = 0; k < 5; k++)
            for (int swapped = 0; swapped < 2; swapped++) {
                const int64_t *kernel = kernels[k];
                const convolution_geometry geometry = {2,
                                                       5,
                                                       7,
                                                       channels[c][0],
                                                       channels[c][1],
                                                       kernel[0],
                                                       kernel[1],
                                                       kernel[2],
                                                       kernel[3],
                                                       kernel[4],
                                                       kernel[5],
                                                       kernel[6],
                                                       channels[c][2]};
                sg_convolution_shape shape;
                if (swapped && channels[c][2] > 1)
                    continue;
                assert_true(shape_of_geometry(&geometry, swapped, &shape));
                for (int direction = 0; direction < 3; direction++, checked++)
                    check_direction(&shape, (sg_convolution_direction)direction);
            }
    assert_int_equal(checked, 135);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_of_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
