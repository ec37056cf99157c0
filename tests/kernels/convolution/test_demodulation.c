/* Energies of weights and demodulation factors against sums in double. */
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
#include "kernels/convolution/demodulation.h"
#include "support/convolution_cases.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Input channels with and without a remainder beside the sums that run side by side. */
static const sg_demodulation_shape sizes[] = {
    {1, 1, 1, 1, false},   {2, 3, 5, 9, true},      {3, 17, 31, 9, false}, {2, 40, 32, 1, true},
    {1, 48, 33, 9, false}, {2, 130, 272, 9, false}, {2, 3, 5, 9, false},   {1, 48, 33, 9, true},
};

static void check_energies(const char *name, const sg_demodulation_shape *s, const float *weights,
                           double *expected)
{
    float *found = unwritten_floats(s->out * s->in);
    for (int64_t i = 0; i < s->out * s->in * s->taps; i++)
        expected[i / s->taps] += (double)weights[i] * (double)weights[i];
    sg_weight_energy(s->out, s->in, s->taps, weights, found);
    assert_floats_near(name, found, expected, s->out * s->in, 1e-6);
    free(found);
}

static void check_factors(const char *name, const sg_demodulation_shape *s, const double *energy)
{
    int64_t count = s->samples * s->out;
    float *styles = random_floats(s->samples * s->in, 2);
    float *narrow = unwritten_floats(s->out * s->in);
    float *found = unwritten_floats(count);
    double *expected = zero_doubles(count);
    for (int64_t i = 0; i < s->out * s->in; i++)
        narrow[i] = (float)energy[i];
    for (int64_t item = 0; item < count; item++) {
        double sum = 0;
        double style_squares = 0;
        double weight_squares = 0;
        for (int64_t i = 0; i < s->in; i++) {
            double style = (double)styles[item / s->out * s->in + i];
            sum += style * style * energy[item % s->out * s->in + i];
            style_squares += style * style / (double)s->in;
            weight_squares += energy[item % s->out * s->in + i] / (double)(s->in * s->taps);
        }
        expected[item] =
            1 / sqrt(sum + 1e-8 * (s->normalized ? style_squares * weight_squares : 1));
    }
    sg_demodulation_factors(s, styles, narrow, found);
    assert_floats_near(name, found, expected, count, 1e-6);
    free(styles);
    free(narrow);
    free(found);
    free(expected);
}

static void test_factors_are_those_of_the_paper(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int threads = 1; threads < 4; threads++) {
            const sg_demodulation_shape *s = &sizes[i];
            char name[60];
            snprintf(name, sizeof name, "size %zu, %d threads", i, threads);
            sg_set_thread_count(threads);
            float *weights = random_floats(s->out * s->in * s->taps, 1);
            double *energy = zero_doubles(s->out * s->in);
            check_energies(name, s, weights, energy);
            check_factors(name, s, energy);
            free(weights);
            free(energy);
        }
}

/* Styles of zero give the factor that the constant beside the sum allows, not infinity. */
static void test_zero_styles(void **state)
{
    (void)state;
    const float styles[40] = {0};
    const float energy[40] = {1};
    float found;
    const sg_demodulation_shape shape = {1, 1, 40, 1, false};
    sg_demodulation_factors(&shape, styles, energy, &found);
    assert_true(found > 0.9999e4f && found < 1.0001e4f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factors_are_those_of_the_paper),
        cmocka_unit_test(test_zero_styles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
