/* Noise inputs: stored and fresh, per channel, and blocks without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/noise_layer.h"
#include "support/close.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { HEIGHT = 2, WIDTH = 3, PIXELS = HEIGHT * WIDTH };

static sg_noise_layer make_layer(sg_parameter_set *set, sg_shape strength)
{
    sg_noise_layer layer = {0};
    sg_noise_layer_add_constant(&layer, set, "layer", HEIGHT, WIDTH);
    sg_noise_layer_add_strength(&layer, set, "layer", strength);
    for (int64_t i = 0; i < sg_tensor_count(layer.strength); i++)
        sg_tensor_set_value(layer.strength, i, 0.5 * (double)(i + 1));
    return layer;
}

static void stored_noise_is_shared(void **state)
{
    static const expected_parameter expected[] = {{"layer.noise_const", false, {2, {2, 3}}},
                                                  {"layer.noise_strength", true, {1, {4}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_noise_layer layer = make_layer(&set, SG_SHAPE(4));
    assert_parameters(&set, expected, 2);
    const sg_tensor *noise =
        sg_noise_layer_forward(&layer, 5, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    const sg_shape shape = SG_SHAPE(1, 2, 3, 4);
    assert_true(noise && sg_shape_equal(&noise->shape, &shape));
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < 4; c++)
            assert_close(sg_tensor_value(noise, i * 4 + c),
                         sg_tensor_value(layer.constant, i) * 0.5 * (c + 1), 1e-15);
    assert_null(
        sg_noise_layer_forward(&layer, 5, (sg_synthesis_options){.noise_mode = SG_NOISE_NONE}));
    assert_null(sg_noise_layer_forward(&(sg_noise_layer){0}, 5, (sg_synthesis_options){0}));
    sg_parameter_set_clear(&set);
}

static void fresh_noise_is_each_samples_own(void **state)
{
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_noise_layer layer = make_layer(&set, sg_shape_of(0, NULL));
    sg_random random = sg_random_stream(1, 2);
    float expected[2 * PIXELS];
    sg_random_normal_fill(&random, expected, 2 * PIXELS);
    random = sg_random_stream(1, 2);
    const sg_tensor *noise = sg_noise_layer_forward(
        &layer, 2, (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM, .random = &random});
    const sg_shape shape = SG_SHAPE(2, 2, 3, 1);
    assert_true(noise && sg_shape_equal(&noise->shape, &shape));
    for (int i = 0; i < 2 * PIXELS; i++)
        assert_close(sg_tensor_value(noise, i), 0.5 * (double)expected[i], 1e-15);
    sg_parameter_set_clear(&set);
}

/* What is drawn after a silent layer is what would be drawn after one with noise. */
static void silent_layers_skip_their_numbers(void **state)
{
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_noise_layer layer = make_layer(&set, sg_shape_of(0, NULL));
    sg_random loud = sg_random_stream(1, 2);
    sg_random silent = sg_random_stream(1, 2);
    sg_synthesis_options options = {.noise_mode = SG_NOISE_RANDOM, .random = &loud};
    assert_non_null(
        sg_noise_layer_forward(&layer, 3, sg_noise_options_of_layer(options, 1, &layer, 3)));
    options.random = &silent;
    options.silent_layers = 1u << 1;
    assert_int_equal(sg_noise_options_of_layer(options, 1, &layer, 3).noise_mode, SG_NOISE_NONE);
    assert_int_equal(sg_noise_options_of_layer(options, 0, &layer, 3).noise_mode, SG_NOISE_RANDOM);
    assert_close(sg_random_uniform(&silent), sg_random_uniform(&loud), 0);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(stored_noise_is_shared),
        WITH_CONTEXT(fresh_noise_is_each_samples_own),
        WITH_CONTEXT(silent_layers_skip_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
