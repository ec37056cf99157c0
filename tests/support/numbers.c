/* Random arrays and their comparison. */
#include "support/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"

static void *zeroed(int64_t count, size_t bytes)
{
    void *values = calloc((size_t)count + 1, bytes);
    if (!values)
        fail_msg("out of memory for %" PRId64 " numbers", count);
    return values;
}

float *random_floats(int64_t count, uint64_t seed)
{
    float *values = zeroed(count, sizeof *values);
    sg_random random = sg_random_stream(seed, 7);
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)(2 * sg_random_uniform(&random) - 1);
    return values;
}

double *zero_doubles(int64_t count)
{
    return zeroed(count, sizeof(double));
}

double *doubles_of(const float *values, int64_t count)
{
    double *result = zero_doubles(count);
    for (int64_t i = 0; i < count; i++)
        result[i] = (double)values[i];
    return result;
}

static double root_mean_square(const double *values, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return count ? sqrt(sum / (double)count) : 0;
}

static void assert_near(const char *what, double found, double expected, int64_t index,
                        double allowed)
{
    /* Written so that a NaN fails. */
    if (!(fabs(found - expected) <= allowed))
        fail_msg("%s: element %" PRId64 " is %.9g, expected %.9g", what, index, found, expected);
}

void assert_floats_near(const char *what, const float *found, const double *expected, int64_t count,
                        double tolerance)
{
    double scale = root_mean_square(expected, count);
    for (int64_t i = 0; i < count; i++)
        assert_near(what, (double)found[i], expected[i], i,
                    tolerance * (fabs(expected[i]) + scale));
}

void assert_doubles_near(const char *what, const double *found, const double *expected,
                         int64_t count, double tolerance)
{
    double scale = root_mean_square(expected, count);
    for (int64_t i = 0; i < count; i++)
        assert_near(what, found[i], expected[i], i, tolerance * (fabs(expected[i]) + scale));
}
