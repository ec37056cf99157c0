/* The transform of pictures against its definition, for sides of every kind of factor. */
#include "metrics/fourier.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"

static const double pi = 3.14159265358979323846;

/* The largest difference to the definition, as a part of the sum of all magnitudes. */
static double largest_error(size_t height, size_t width, size_t side, const double *values,
                            const double complex *bins)
{
    double largest = 0;
    double total = 0;
    for (size_t i = 0; i < height * width; i++)
        total += fabs(values[i]);
    for (size_t v = 0; v < side; v++)
        for (size_t u = 0; u <= side / 2; u++) {
            double complex sum = 0;
            for (size_t y = 0; y < height; y++)
                for (size_t x = 0; x < width; x++)
                    sum += values[y * width + x] *
                           cexp(-2 * pi * I * (double)((v * y + u * x) % side) / (double)side);
            const double apart = cabs(sum - bins[v * (side / 2 + 1) + u]);
            largest = fmax(largest, apart / total);
        }
    return largest;
}

static void check_size(size_t height, size_t width, size_t side)
{
    sg_fourier *fourier = NULL;
    double *values = calloc(height * width, sizeof *values);
    double complex *bins = calloc(side * (side / 2 + 1), sizeof *bins);
    assert_int_equal(sg_fourier_create(height, width, side, &fourier, NULL), SG_OK);
    assert_true(values && bins);
    sg_random random = sg_random_stream(9, side);
    for (size_t repeat = 0; repeat < 2; repeat++) { /* nothing is left of the first */
        for (size_t i = 0; i < height * width; i++)
            values[i] = (double)sg_random_below(&random, 2001) / 1000 - 1;
        sg_fourier_transform(fourier, values, bins);
        assert_true(largest_error(height, width, side, values, bins) < 1e-15);
    }
    sg_fourier_destroy(fourier);
    free(values);
    free(bins);
}

static void transforms_follow_the_definition(void **state)
{
    (void)state;
    for (size_t side = 1; side <= 24; side++)
        check_size(side, side, side);
    check_size(1, 1, 32);
    check_size(5, 8, 32);
    check_size(16, 9, 64);  /* fours only */
    check_size(17, 12, 51); /* 3 and 17, an odd height beyond one block of rows */
    check_size(3, 40, 40);
    check_size(33, 2, 49); /* 7 twice */
    check_size(7, 7, 53);  /* a prime */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(transforms_follow_the_definition)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
