/*
 * Activations against their definitions and finite differences; the fused bias-and-activation pass
 * and its gradient against their definition, for both types.
 */
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
#include "kernels/elementwise/activation.h"
#include "support/close.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static double activate(sg_activation kind, int order, double x)
{
    double y;
    sg_activate_f64(kind, 0.3, order, 1, &x, &y);
    return y;
}

/* The functions themselves, written as their papers do. */
static double defined(sg_activation kind, double x)
{
    switch (kind) {
    case SG_LINEAR:
        return x;
    case SG_RELU:
        return fmax(x, 0);
    case SG_LRELU:
        return x < 0 ? 0.3 * x : x;
    case SG_TANH:
        return (exp(x) - exp(-x)) / (exp(x) + exp(-x));
    case SG_SIGMOID:
        return 1 / (1 + exp(-x));
    case SG_ELU:
        return x < 0 ? exp(x) - 1 : x;
    case SG_SELU:
        return 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * (exp(x) - 1) : x);
    case SG_SOFTPLUS:
        return log(1 + exp(x));
    default:
        return x / (1 + exp(-x));
    }
}

static void test_values(void **state)
{
    (void)state;
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++)
        for (double x = -5; x <= 5; x += 0.25)
            assert_close(activate((sg_activation)kind, 0, x), defined((sg_activation)kind, x),
                         1e-12);
}

static void test_derivatives_are_those_of_the_order_before(void **state)
{
    (void)state;
    static const double step = 1e-5;
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++)
        for (int order = 1; order <= SG_ACTIVATION_MAX_ORDER; order++)
            for (double x = -3.85; x < 4; x += 0.3) {
                double above = activate((sg_activation)kind, order - 1, x + step);
                double below = activate((sg_activation)kind, order - 1, x - step);
                assert_close(activate((sg_activation)kind, order, x), (above - below) / (2 * step),
                             1e-8);
            }
}

/* Far out, nothing overflows on the way to a finite result. */
static void test_large_values(void **state)
{
    (void)state;
    assert_close(activate(SG_SOFTPLUS, 0, 1000), 1000, 0);
    assert_close(activate(SG_SOFTPLUS, 0, -1000), 0, 0);
    assert_close(activate(SG_SWISH, 0, 1000), 1000, 0);
    assert_close(activate(SG_ELU, 0, -1000), -1, 0);
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++)
        for (int order = 0; order <= SG_ACTIVATION_MAX_ORDER; order++)
            for (double x = -700; x <= 700; x += 175)
                assert_true(isfinite(activate((sg_activation)kind, order, x)));
}

static void test_floats_are_the_doubles(void **state)
{
    (void)state;
    enum { ELEMENTS = 5003 };
    float *x = random_floats(ELEMENTS, 1);
    double *x_doubles = doubles_of(x, ELEMENTS);
    float *y = random_floats(ELEMENTS, 2);
    double *expected = zero_doubles(ELEMENTS);
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++)
        for (int order = 0; order <= SG_ACTIVATION_MAX_ORDER; order++) {
            sg_activate_f64((sg_activation)kind, 0.2, order, ELEMENTS, x_doubles, expected);
            sg_activate_f32((sg_activation)kind, 0.2, order, ELEMENTS, x, y);
            assert_floats_near(sg_activation_name((sg_activation)kind), y, expected, ELEMENTS,
                               1e-6);
        }
    free(x);
    free(x_doubles);
    free(y);
    free(expected);
}

static void test_names_and_defaults(void **state)
{
    (void)state;
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++) {
        assert_int_equal(
            sg_choice_find(&sg_activation_choices, sg_activation_name((sg_activation)kind)), kind);
        bool piecewise = kind == SG_LINEAR || kind == SG_RELU || kind == SG_LRELU;
        assert_int_equal(sg_activation_is_piecewise_linear((sg_activation)kind), piecewise);
        bool halving = kind == SG_RELU || kind == SG_LRELU || kind == SG_SWISH;
        assert_close(sg_activation_default_gain((sg_activation)kind), halving ? sqrt(2) : 1, 1e-15);
        assert_close(sg_activation_default_alpha((sg_activation)kind), kind == SG_LRELU ? 0.2 : 0,
                     0);
    }
    assert_int_equal(sg_choice_find(&sg_activation_choices, "lrelu"), SG_LRELU);
    assert_int_equal(sg_choice_find(&sg_activation_choices, "leaky"), -1);
    assert_int_equal(sg_choice_find(&sg_activation_choices, ""), -1);
}

/* The operands of a fused pass in both types; those that are absent are NULL. */
typedef struct operands {
    float *x, *scale, *noise, *bias;
    double *x_doubles, *scale_doubles, *noise_doubles, *bias_doubles;
} operands;

enum { WITH_SCALE = 1, WITH_NOISE = 2, WITH_BIAS = 4, PER_SAMPLE = 8, ALL_OPERANDS = 16 };

static void make_operand(bool present, int64_t count, uint64_t seed, float **floats,
                         double **doubles)
{
    *floats = present ? random_floats(count, seed) : NULL;
    *doubles = present ? doubles_of(*floats, count) : NULL;
}

static operands make_operands(const sg_bias_act_shape *s, unsigned present)
{
    operands made;
    int64_t noises = s->noise_per_sample ? s->samples * s->pixels : s->pixels;
    make_operand(true, s->samples * s->pixels * s->channels, 1, &made.x, &made.x_doubles);
    make_operand(present & WITH_SCALE, s->samples * s->channels, 2, &made.scale,
                 &made.scale_doubles);
    make_operand(present & WITH_NOISE, noises, 3, &made.noise, &made.noise_doubles);
    make_operand(present & WITH_BIAS, s->channels, 4, &made.bias, &made.bias_doubles);
    return made;
}

static void free_operands(operands *made)
{
    free(made->x);
    free(made->scale);
    free(made->noise);
    free(made->bias);
    free(made->x_doubles);
    free(made->scale_doubles);
    free(made->noise_doubles);
    free(made->bias_doubles);
}

/* One element by the definition. */
static double fused_element(const sg_bias_act_shape *s, const operands *in, int64_t sample,
                            int64_t pixel, int64_t channel)
{
    double u = in->x_doubles[(sample * s->pixels + pixel) * s->channels + channel];
    if (in->scale)
        u *= in->scale_doubles[sample * s->channels + channel];
    if (in->noise)
        u += in->noise_doubles[s->noise_per_sample ? sample * s->pixels + pixel : pixel];
    if (in->bias)
        u += in->bias_doubles[channel];
    double slope = u > 0 || s->kind == SG_LINEAR ? 1 : s->kind == SG_RELU ? 0 : s->alpha;
    double y = s->gain * slope * u;
    return s->clamp < 0 ? y : fmin(fmax(y, -s->clamp), s->clamp);
}

static double *fused_values(const sg_bias_act_shape *s, const operands *in)
{
    double *y = zero_doubles(s->samples * s->pixels * s->channels);
    int64_t at = 0;
    for (int64_t sample = 0; sample < s->samples; sample++)
        for (int64_t pixel = 0; pixel < s->pixels; pixel++)
            for (int64_t channel = 0; channel < s->channels; channel++)
                y[at++] = fused_element(s, in, sample, pixel, channel);
    return y;
}

static void check_fused(const sg_bias_act_shape *s, unsigned present)
{
    char name[100];
    int64_t count = s->samples * s->pixels * s->channels;
    snprintf(name, sizeof name, "%s, operands %u, %d channels, clamp %g",
             sg_activation_name(s->kind), present, (int)s->channels, s->clamp);
    operands in = make_operands(s, present);
    double *expected = fused_values(s, &in);
    float *y = random_floats(count, 5);
    double *y_doubles = zero_doubles(count);
    sg_bias_act_f32(s, in.x, in.scale, in.noise, in.bias, y);
    assert_floats_near(name, y, expected, count, 1e-6);
    sg_bias_act_f64(s, in.x_doubles, in.scale_doubles, in.noise_doubles, in.bias_doubles,
                    y_doubles);
    assert_doubles_near(name, y_doubles, expected, count, 1e-14);
    sg_bias_act_f32(s, in.x, in.scale, in.noise, in.bias, in.x);
    assert_memory_equal(in.x, y, (size_t)count * sizeof *y);
    free_operands(&in);
    free(expected);
    free(y);
    free(y_doubles);
}

static void test_fused_pass(void **state)
{
    (void)state;
    static const int64_t sizes[][3] = {{1, 1, 1}, {2, 35, 3}, {3, 5, 16}, {2, 7, 19}, {3, 4, 1}};
    static const double clamps[] = {-1, 0.75, 0};
    for (unsigned present = 0; present < ALL_OPERANDS; present++)
        for (int kind = SG_LINEAR; kind <= SG_LRELU; kind++)
            for (size_t i = 0; i < COUNT(sizes); i++)
                for (size_t c = 0; c < COUNT(clamps); c++) {
                    sg_bias_act_shape shape = {
                        sizes[i][0], sizes[i][1], sizes[i][2], (sg_activation)kind,
                        0.2,         1.4142,      clamps[c],   present & PER_SAMPLE};
                    check_fused(&shape, present);
                }
}

/* Enough pixels for several threads. */
static void test_fused_pass_on_large_images(void **state)
{
    (void)state;
    sg_bias_act_shape shape = {2, 33 * 33, 33, SG_LRELU, 0.2, 1.4142, 0.75, false};
    check_fused(&shape, WITH_SCALE | WITH_NOISE | WITH_BIAS);
    shape.noise_per_sample = true;
    check_fused(&shape, WITH_SCALE | WITH_NOISE | WITH_BIAS);
}

/* From the result's sign and size alone; on the clamp itself the gradient is zero. */
static void check_fused_gradient(const sg_bias_act_shape *s)
{
    int64_t count = s->samples * s->pixels * s->channels;
    float *dy = random_floats(count, 1);
    float *y = random_floats(count, 2);
    for (int64_t i = 0; i < count; i += 7)
        y[i] = (i / 7 % 2 ? 0.75f : -0.75f);
    double *dy_doubles = doubles_of(dy, count);
    double *y_doubles = doubles_of(y, count);
    double *expected = zero_doubles(count);
    double *dx_doubles = zero_doubles(count);
    float *dx = random_floats(count, 3);
    for (int64_t i = 0; i < count; i++) {
        double slope = y[i] > 0 || s->kind == SG_LINEAR ? 1 : s->kind == SG_RELU ? 0 : s->alpha;
        bool clamped = s->clamp >= 0 && fabs(y_doubles[i]) >= s->clamp;
        expected[i] = clamped ? 0 : dy_doubles[i] * s->gain * slope;
    }
    sg_bias_act_gradient_f32(s, dy, y, dx);
    assert_floats_near(sg_activation_name(s->kind), dx, expected, count, 1e-6);
    sg_bias_act_gradient_f64(s, dy_doubles, y_doubles, dx_doubles);
    assert_doubles_near(sg_activation_name(s->kind), dx_doubles, expected, count, 1e-14);
    sg_bias_act_gradient_f32(s, dy, y, dy);
    assert_memory_equal(dy, dx, (size_t)count * sizeof *dx);
    free(dy);
    free(y);
    free(dy_doubles);
    free(y_doubles);
    free(expected);
    free(dx_doubles);
    free(dx);
}

static void test_gradient_of_the_fused_pass(void **state)
{
    (void)state;
    for (int kind = SG_LINEAR; kind <= SG_LRELU; kind++)
        for (int clamped = 0; clamped < 2; clamped++) {
            sg_bias_act_shape shape = {
                2, 35, 19, (sg_activation)kind, 0.2, 1.4142, clamped ? 0.75 : -1, false};
            check_fused_gradient(&shape);
            shape.pixels = 1089;
            check_fused_gradient(&shape);
        }
}

/* The gradient's definition agrees with differences of the pass itself. */
static void test_fused_gradient_by_differences(void **state)
{
    (void)state;
    enum { ELEMENTS = 40 };
    static const double step = 1e-6;
    for (int kind = SG_LINEAR; kind <= SG_LRELU; kind++) {
        sg_bias_act_shape shape = {1, ELEMENTS, 1, (sg_activation)kind, 0.2, 1.3, 0.9, false};
        double x[ELEMENTS];
        double near[2][ELEMENTS];
        double y[ELEMENTS];
        double ones[ELEMENTS];
        double dx[ELEMENTS];
        for (int sign = 0; sign < 2; sign++) {
            for (int i = 0; i < ELEMENTS; i++) {
                ones[i] = 1;
                x[i] = -1.51 + 0.077 * i;
                near[sign][i] = x[i] + (sign ? step : -step);
            }
            sg_bias_act_f64(&shape, near[sign], NULL, NULL, NULL, near[sign]);
        }
        sg_bias_act_f64(&shape, x, NULL, NULL, NULL, y);
        sg_bias_act_gradient_f64(&shape, ones, y, dx);
        for (int i = 0; i < ELEMENTS; i++)
            assert_close(dx[i], (near[1][i] - near[0][i]) / (2 * step), 1e-8);
    }
}

static void test_not_a_number_passes_through(void **state)
{
    (void)state;
    for (int kind = SG_LINEAR; kind <= SG_SWISH; kind++) {
        float x = NAN;
        sg_activate_f32((sg_activation)kind, 0.2, 0, 1, &x, &x);
        assert_true(isnan(x));
        assert_true(isnan(activate((sg_activation)kind, 0, (double)NAN)));
    }
    for (int kind = SG_LINEAR; kind <= SG_LRELU; kind++)
        for (int clamped = 0; clamped < 2; clamped++) {
            enum { CHANNELS = 19, BROKEN = 11 };
            sg_bias_act_shape shape = {
                1, 1, CHANNELS, (sg_activation)kind, 0.2, 1, clamped ? 0.75 : -1, false};
            float x[CHANNELS] = {[BROKEN] = NAN};
            sg_bias_act_f32(&shape, x, NULL, NULL, NULL, x);
            for (int i = 0; i < CHANNELS; i++)
                assert_int_equal(isnan(x[i]) != 0, i == BROKEN);
            float y[CHANNELS] = {0};
            float gradient[CHANNELS] = {[BROKEN] = NAN};
            sg_bias_act_gradient_f32(&shape, gradient, y, gradient);
            for (int i = 0; i < CHANNELS; i++)
                assert_int_equal(isnan(gradient[i]) != 0, i == BROKEN);
        }
    float x = NAN;
    sg_clamp_f32(1, 0.5, &x, &x);
    assert_true(isnan(x));
}

static void test_clamp_and_its_gradient(void **state)
{
    (void)state;
    enum { ELEMENTS = 33003 };
    float *x = random_floats(ELEMENTS, 1);
    float *dy = random_floats(ELEMENTS, 2);
    float *y = random_floats(ELEMENTS, 3);
    float *dx = random_floats(ELEMENTS, 4);
    x[5] = 0.5f;
    x[6] = -0.5f;
    sg_clamp_f32(ELEMENTS, 0.5, x, y);
    sg_clamp_gradient_f32(ELEMENTS, 0.5, dy, x, dx);
    for (int i = 0; i < ELEMENTS; i++) {
        double xi = (double)x[i];
        double yi;
        double dyi = (double)dy[i];
        double dxi;
        assert_true(y[i] == fminf(fmaxf(x[i], -0.5f), 0.5f));
        assert_true(dx[i] == (fabsf(x[i]) < 0.5f ? dy[i] : 0));
        sg_clamp_f64(1, 0.5, &xi, &yi);
        sg_clamp_gradient_f64(1, 0.5, &dyi, &xi, &dxi);
        assert_true(yi == (double)y[i] && dxi == (double)dx[i]);
    }
    free(x);
    free(dy);
    free(y);
    free(dx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_derivatives_are_those_of_the_order_before),
        cmocka_unit_test(test_large_values),
        cmocka_unit_test(test_floats_are_the_doubles),
        cmocka_unit_test(test_names_and_defaults),
        cmocka_unit_test(test_fused_pass),
        cmocka_unit_test(test_fused_pass_on_large_images),
        cmocka_unit_test(test_gradient_of_the_fused_pass),
        cmocka_unit_test(test_fused_gradient_by_differences),
        cmocka_unit_test(test_not_a_number_passes_through),
        cmocka_unit_test(test_clamp_and_its_gradient),
    };
    sg_set_thread_count(2);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
