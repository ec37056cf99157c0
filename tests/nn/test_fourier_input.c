/* StyleGAN3's input: derivatives, the plain formula, transforms, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "nn/fourier_input.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { CHANNELS = 3, SIDE = 4, W_DIM = 2 };

static const double two_pi = 6.283185307179586;

/* Below the bandwidth, above it, and beyond what can be sampled. */
static const double frequencies[] = {0.4, -0.3, 1.3, 0.7, 1.9, -1.2};
static const double identity[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};

static sg_fourier_input bare_input(sg_context *context, const double *transform)
{
    const double phases[] = {0.1, -0.4, 0.3};
    sg_fourier_input input = {.options = {.w_dim = W_DIM,
                                          .channels = CHANNELS,
                                          .size = SIDE,
                                          .sampling_rate = 4,
                                          .bandwidth = 1},
                              .affine = {.weight_gain = 1, .bias_gain = 1, .activation = SG_LINEAR},
                              .freqs = leaf_of(context, SG_SHAPE(CHANNELS, 2), frequencies),
                              .phases = leaf_of(context, SG_SHAPE(CHANNELS), phases),
                              .transform = leaf_of(context, SG_SHAPE(3, 3), transform)};
    sg_tensor_require_gradient(input.freqs, false);
    sg_tensor_require_gradient(input.phases, false);
    sg_tensor_require_gradient(input.transform, false);
    return input;
}

/* Inputs: w, weight, affine.weight, affine.bias. */
static sg_tensor *run_input(sg_context *context, sg_tensor *const *in, const void *transform)
{
    sg_fourier_input input = bare_input(context, transform);
    input.weight = in[1];
    input.affine.weight = in[2];
    input.affine.bias = in[3];
    return sg_fourier_input_forward(&input, in[0]);
}

static const gradient_input inputs[] = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, W_DIM)},
                                        {GRADIENT_SIGNED, GRADIENT_SHAPE(CHANNELS, CHANNELS)},
                                        {GRADIENT_SIGNED, GRADIENT_SHAPE(4, W_DIM)},
                                        {GRADIENT_POSITIVE, GRADIENT_SHAPE(4)}};

static void derivatives_are_right(void **state)
{
    static const double turned[] = {0.8, -0.6, 0.2, 0.6, 0.8, -0.1, 0, 0, 1};
    static const double skewed[] = {1.1, 0.3, 0, -0.2, 0.7, 0.4, 0.05, 0.02, 0.9};
    static const double *const transforms[] = {identity, turned, skewed};
    (void)state;
    for (int i = 0; i < 3; i++) {
        const gradient_case tested = {
            .name = "fourier input",
            .function = run_input,
            .options = transforms[i],
            .inputs = {inputs[0], inputs[1], inputs[2], inputs[3]},
            .seed = (uint64_t)i,
        };
        assert_gradients_right(&tested);
    }
}

/* Wave `channel` at a place, of an input whose w turns it by nothing and moves it by (x, y). */
static double wave_at(int channel, double x, double y)
{
    const double phases[] = {0.1, -0.4, 0.3};
    const double fx = frequencies[2 * channel];
    const double fy = frequencies[2 * channel + 1];
    const double amplitude = fmin(fmax(1 - (hypot(fx, fy) - 1), 0), 1);
    return amplitude * sin(two_pi * (fx * x + fy * y + phases[channel]));
}

/*
 * An input whose affine layer gives (2 cos, 2 sin, 2 x, 2 y), seen through a transform, against the
 * waves at the places where the samples come from.
 */
static void assert_samples(sg_context *context, double angle, double x, double y,
                           const double *transform)
{
    const double bias[] = {2 * cos(angle), 2 * sin(angle), 2 * x, 2 * y};
    const double mixing[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    sg_fourier_input input = bare_input(context, transform);
    input.weight = leaf_of(context, SG_SHAPE(CHANNELS, CHANNELS), mixing);
    input.affine.weight = sg_tensor_full(context, SG_F64, SG_SHAPE(4, W_DIM), 0);
    input.affine.bias = leaf_of(context, SG_SHAPE(4), bias);
    sg_tensor *w = sg_tensor_full(context, SG_F64, SG_SHAPE(1, W_DIM), 1);
    const sg_tensor *found = sg_fourier_input_forward(&input, w);
    assert_non_null(found);
    for (int i = 0; i < SIDE * SIDE * CHANNELS; i++) {
        const int pixel = i / CHANNELS;
        const int across = pixel % SIDE;
        const int down = pixel / SIDE;
        const double column = (across + 0.5 - SIDE / 2.0) / 4;
        const double row = (down + 0.5 - SIDE / 2.0) / 4;
        const double tx = transform[0] * column + transform[1] * row + transform[2] - x;
        const double ty = transform[3] * column + transform[4] * row + transform[5] - y;
        const double px = cos(angle) * tx - sin(angle) * ty;
        const double py = sin(angle) * tx + cos(angle) * ty;
        assert_close(sg_tensor_value(found, i), wave_at(i % CHANNELS, px, py) / sqrt(CHANNELS),
                     1e-12);
    }
}

static void samples_are_waves_at_moved_places(void **state)
{
    static const double turned[] = {0.8, -0.6, 0.2, 0.6, 0.8, -0.1, 0, 0, 1};
    assert_samples(*state, 0, 0, 0, identity);
    assert_samples(*state, 0, 0.25, -0.1, identity);
    assert_samples(*state, 0.7, 0, 0, identity);
    assert_samples(*state, -0.4, 0.3, 0.1, identity);
    assert_samples(*state, 0, 0, 0, turned);
    assert_samples(*state, 1.1, -0.2, 0.4, turned);
}

static void it_starts_as_published(void **state)
{
    enum { MANY = 400 };
    static const expected_parameter expected[] = {
        {"in.weight", true, {2, {MANY, MANY}}},      {"in.transform", false, {2, {3, 3}}},
        {"in.freqs", false, {2, {MANY, 2}}},         {"in.phases", false, {1, {MANY}}},
        {"in.affine.weight", true, {2, {4, W_DIM}}}, {"in.affine.bias", true, {1, {4}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_fourier_input input = sg_fourier_input_create(
        &set, "in",
        (sg_fourier_input_options){
            .w_dim = W_DIM, .channels = MANY, .size = SIDE, .sampling_rate = 16, .bandwidth = 2});
    assert_parameters(&set, expected, 6);
    assert_normal_values(input.weight, 1);
    assert_all_values(input.affine.weight, 0);
    for (int i = 0; i < 4; i++)
        assert_close(sg_tensor_value(input.affine.bias, i), i == 0, 0);
    for (int i = 0; i < 9; i++)
        assert_close(sg_tensor_value(input.transform, i), identity[i], 0);
    int outer = 0;
    double phases = 0;
    for (int i = 0; i < MANY; i++) {
        const double radius =
            hypot(sg_tensor_value(input.freqs, 2 * i), sg_tensor_value(input.freqs, 2 * i + 1));
        const double phase = sg_tensor_value(input.phases, i);
        assert_true(radius <= 2 && fabs(phase) <= 0.5);
        outer += radius > sqrt(2);
        phases += phase * phase;
    }
    /* Half of a disc's area lies beyond 1/sqrt(2) of its radius. */
    assert_in_range(outer, MANY / 2 - 60, MANY / 2 + 60);
    assert_close(phases / MANY, 1.0 / 12, 0.015);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),
        WITH_CONTEXT(samples_are_waves_at_moved_places),
        WITH_CONTEXT(it_starts_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
