/* Resampling: the separable path against the plain loops, and those against numbers by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/resample/upfirdn.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t in_count(const sg_upfirdn_shape *s)
{
    return s->samples * s->in_height * s->in_width * s->channels;
}

static int64_t out_count(const sg_upfirdn_shape *s)
{
    return s->samples * s->out_height * s->out_width * s->channels;
}

/* The outputs of an axis whose padding after the last pixel is `after`. */
static int64_t out_size(int64_t in, int up, int down, int before, int after, int64_t taps)
{
    int64_t room = in * up + before + after - taps;
    return room < 0 ? 0 : room / down + 1;
}

/* A product of two rows of taps, none of them symmetric. */
static float *product_filter(int64_t height, int64_t width)
{
    float *column = random_floats(height, 21);
    float *row = random_floats(width, 22);
    float *filter = random_floats(height * width, 23);
    for (int64_t i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++)
            filter[i * width + j] = column[i] * row[j];
    free(column);
    free(row);
    return filter;
}

/* The separable path and the references for float and double. */
static void check_shape(const sg_upfirdn_shape *s)
{
    char name[200];
    snprintf(name, sizeof name,
             "%dx%d to %dx%d, %d channels, filter %dx%d, up %d %d, down %d %d, padding %d %d%s",
             (int)s->in_height, (int)s->in_width, (int)s->out_height, (int)s->out_width,
             (int)s->channels, (int)s->filter_height, (int)s->filter_width, s->up_y, s->up_x,
             s->down_y, s->down_x, s->pad_y, s->pad_x, s->correlate ? ", correlated" : "");
    float *x = random_floats(in_count(s), 1);
    float *filter = product_filter(s->filter_height, s->filter_width);
    double *x_doubles = doubles_of(x, in_count(s));
    double *filter_doubles = doubles_of(filter, s->filter_height * s->filter_width);
    double *expected = zero_doubles(out_count(s));
    float *found = random_floats(out_count(s), 2);
    float *plain = random_floats(out_count(s), 3);
    void *scratch = malloc(sg_upfirdn_scratch_bytes(s));
    assert_non_null(scratch);
    sg_upfirdn_reference_f64(s, x_doubles, filter_doubles, expected);
    assert_true(sg_upfirdn_separable_f32(s, x, filter, found, scratch));
    assert_floats_near(name, found, expected, out_count(s), 1e-5);
    sg_upfirdn_reference_f32(s, x, filter, plain);
    assert_floats_near(name, plain, expected, out_count(s), 1e-6);
    free(x);
    free(filter);
    free(x_doubles);
    free(filter_doubles);
    free(expected);
    free(found);
    free(plain);
    free(scratch);
}

/* An image of 5x7 (or as given) with the same factors and padding in both axes. */
static sg_upfirdn_shape square_shape(int up, int down, int before, int after, int64_t taps)
{
    sg_upfirdn_shape shape = {.samples = 2,
                              .in_height = 5,
                              .in_width = 7,
                              .channels = 3,
                              .filter_height = taps,
                              .filter_width = taps,
                              .up_x = up,
                              .up_y = up,
                              .down_x = down,
                              .down_y = down,
                              .pad_x = before,
                              .pad_y = before,
                              .gain = 1.3};
    shape.out_height = out_size(shape.in_height, up, down, before, after, taps);
    shape.out_width = out_size(shape.in_width, up, down, before, after, taps);
    return shape;
}

/* Factors, taps and paddings, cropping among them; the direction and channels take turns. */
static void test_separable_filters(void **state)
{
    (void)state;
    static const int paddings[][2] = {{0, 0}, {2, 1}, {1, 4}, {-1, 2}, {3, -2}, {-2, -1}, {9, 8}};
    static const int64_t taps[] = {1, 2, 3, 4, 5, 8, 12};
    int turn = 0;
    for (int up = 1; up <= 3; up++)
        for (int down = 1; down <= 3; down++)
            for (size_t p = 0; p < COUNT(paddings); p++)
                for (size_t t = 0; t < COUNT(taps); t++) {
                    sg_upfirdn_shape shape =
                        square_shape(up, down, paddings[p][0], paddings[p][1], taps[t]);
                    if (shape.out_height == 0 || shape.out_width == 0)
                        continue;
                    shape.channels = turn % 3 == 0 ? 1 : turn % 3 == 1 ? 16 : 3;
                    shape.correlate = turn++ / 3 % 2;
                    check_shape(&shape);
                }
    assert_true(turn > 300);
}

/* Nothing that belongs to one axis may be used for the other. */
static void test_axes_that_differ(void **state)
{
    (void)state;
    for (int correlate = 0; correlate < 2; correlate++) {
        sg_upfirdn_shape shape = {.samples = 1,
                                  .in_height = 6,
                                  .in_width = 4,
                                  .channels = 5,
                                  .filter_height = 3,
                                  .filter_width = 4,
                                  .up_x = 3,
                                  .up_y = 1,
                                  .down_x = 2,
                                  .down_y = 1,
                                  .pad_x = 2,
                                  .pad_y = -1,
                                  .correlate = correlate,
                                  .gain = -0.5};
        shape.out_height = out_size(6, 1, 1, -1, 2, 3);
        shape.out_width = out_size(4, 3, 2, 2, 1, 4);
        check_shape(&shape);
        shape.filter_height = 1;
        shape.out_height = out_size(6, 1, 1, -1, 2, 1);
        check_shape(&shape);
    }
}

/* Enough rows for several bands, with borders inside images. */
static void test_several_bands(void **state)
{
    (void)state;
    for (int up = 1; up <= 2; up++) {
        sg_upfirdn_shape shape = square_shape(up, 3 - up, 2, 1, 4);
        shape.samples = 3;
        shape.in_height = 31;
        shape.in_width = 33;
        shape.channels = 16;
        shape.out_height = out_size(31, up, 3 - up, 2, 1, 4);
        shape.out_width = out_size(33, up, 3 - up, 2, 1, 4);
        check_shape(&shape);
    }
}

/* A single pixel, and an output that lies wholly in the padding. */
static void test_single_pixels(void **state)
{
    (void)state;
    sg_upfirdn_shape shape = square_shape(1, 1, 1, 1, 3);
    shape.in_height = shape.in_width = shape.out_height = shape.out_width = 1;
    check_shape(&shape);
    shape.pad_x = shape.pad_y = 20;
    check_shape(&shape);
    shape.pad_x = shape.pad_y = -20;
    check_shape(&shape);
}

/* x 1, 2 becomes 1, 0, 2, 0 with a zero before; taps 1, 2, 3 and their reverse, times 10. */
static void test_reference_numbers(void **state)
{
    (void)state;
    static const double x[] = {1, 2};
    static const double filter[] = {1, 2, 3};
    double found[4];
    sg_upfirdn_shape shape = {.samples = 1,
                              .in_height = 1,
                              .in_width = 2,
                              .channels = 1,
                              .out_height = 1,
                              .out_width = 4,
                              .filter_height = 1,
                              .filter_width = 3,
                              .up_x = 2,
                              .up_y = 1,
                              .down_x = 1,
                              .down_y = 1,
                              .pad_x = 1,
                              .correlate = true,
                              .gain = 10};
    sg_upfirdn_reference_f64(&shape, x, filter, found);
    assert_doubles_near("correlated", found, (double[]){20, 70, 40, 20}, 4, 1e-15);
    shape.correlate = false;
    sg_upfirdn_reference_f64(&shape, x, filter, found);
    assert_doubles_near("convolved", found, (double[]){20, 50, 40, 60}, 4, 1e-15);
    shape.down_x = 2;
    shape.out_width = 2;
    sg_upfirdn_reference_f64(&shape, x, filter, found);
    assert_doubles_near("every other", found, (double[]){20, 40}, 2, 1e-15);
}

static bool takes_filter(const float *filter, int64_t height, int64_t width)
{
    sg_upfirdn_shape shape = square_shape(1, 1, 2, 2, 1);
    shape.filter_height = height;
    shape.filter_width = width;
    shape.out_height = shape.out_width = 1;
    float *x = random_floats(in_count(&shape), 1);
    float y[6] = {7, 7, 7, 7, 7, 7};
    void *scratch = malloc(sg_upfirdn_scratch_bytes(&shape));
    bool taken = sg_upfirdn_separable_f32(&shape, x, filter, y, scratch);
    for (int i = 0; i < 6 && !taken; i++)
        assert_true(y[i] == 7);
    free(x);
    free(scratch);
    return taken;
}

static void test_filters_that_are_no_product_are_refused(void **state)
{
    (void)state;
    static const float product[] = {1, 2, 3, 6};
    static const float identity[] = {1, 0, 0, 1};
    static const float nearly[] = {1, 2, 3, 6.001f};
    static const float zero[] = {0, 0, 0, 0};
    assert_true(takes_filter(product, 2, 2));
    assert_false(takes_filter(identity, 2, 2));
    assert_false(takes_filter(nearly, 2, 2));
    assert_false(takes_filter(zero, 2, 2));
    float *long_row = random_floats(65, 5);
    assert_true(takes_filter(long_row, 1, 64));
    assert_false(takes_filter(long_row, 1, 65));
    assert_false(takes_filter(long_row, 65, 1));
    free(long_row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_separable_filters),
        cmocka_unit_test(test_axes_that_differ),
        cmocka_unit_test(test_several_bands),
        cmocka_unit_test(test_single_pixels),
        cmocka_unit_test(test_reference_numbers),
        cmocka_unit_test(test_filters_that_are_no_product_are_refused),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
