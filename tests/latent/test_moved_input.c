/* The moved constant of a StyleGAN2, and the transform of a StyleGAN3. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latent/moved_input.h"
#include "support/networks.h"

enum { SIDE = 4, VALUES = SIDE * SIDE };

/* Fills the first channel with a wave that the samples hold wholly, moved by (x, y) samples. */
static void draw_wave(float *values, double x, double y)
{
    for (int i = 0; i < VALUES; i++) {
        const int column = i % SIDE;
        const int row = i / SIDE;
        values[i] = (float)(cos(2 * M_PI * (column - x) / SIDE) + sin(2 * M_PI * (row - y) / SIDE));
    }
}

static void a_constant_moves_as_its_waves_do(void **state)
{
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    float *values =
        sg_f32(sg_parameter_find(sg_generator_parameters(generator), "synthesis.b4.const")->tensor);
    float original[VALUES];
    float expected[VALUES];
    sg_moved_input input = {0};
    (void)state;
    draw_wave(original, 0, 0);
    memcpy(values, original, sizeof original);
    assert_int_equal(sg_moved_input_begin(generator, &input, NULL), 0);
    sg_moved_input_set(&input, &(sg_transform){.x = 0.1, .y = -0.05});
    draw_wave(expected, 0.4, -0.2);
    for (int i = 0; i < VALUES; i++)
        assert_float_equal(values[i], expected[i], 1e-6);
    sg_moved_input_set(&input, &(sg_transform){.degrees = 90});
    for (int i = 0; i < VALUES; i++) /* the right column becomes the top row */
        assert_float_equal(values[i], original[i % SIDE * SIDE + SIDE - 1 - i / SIDE], 1e-6);
    sg_moved_input_end(&input);
    assert_memory_equal(values, original, sizeof original);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

/* Turns are those of pixels: a wave of 4 samples along the 8 columns goes along the 4 rows. */
static void a_rectangle_turns_without_shear(void **state)
{
    enum { WIDTH = 2 * SIDE };
    sg_context *context = sg_context_create(1);
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    config.base_width = WIDTH;
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    float *values =
        sg_f32(sg_parameter_find(sg_generator_parameters(generator), "synthesis.b4.const")->tensor);
    sg_moved_input input = {0};
    (void)state;
    for (int i = 0; i < SIDE * WIDTH; i++)
        values[i] = (float)cos(2 * M_PI * (i % WIDTH) / SIDE);
    assert_int_equal(sg_moved_input_begin(generator, &input, NULL), 0);
    sg_moved_input_set(&input, &(sg_transform){.degrees = 90});
    for (int i = 0; i < SIDE * WIDTH; i++)
        assert_float_equal(values[i], cos(2 * M_PI * (5 - i / WIDTH) / SIDE), 1e-6);
    sg_moved_input_set(&input, &(sg_transform){.x = 0.125, .y = 0.25}); /* of 8 and of 4 samples */
    for (int i = 0; i < SIDE * WIDTH; i++)
        assert_float_equal(values[i], cos(2 * M_PI * (i % WIDTH - 1) / SIDE), 1e-6);
    sg_moved_input_end(&input);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

/* Fast waves, half of whose samples are the other half's opposites, are there once. */
static void a_constant_stays_where_it_is(void **state)
{
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    const float *values =
        sg_f32(sg_parameter_find(sg_generator_parameters(generator), "synthesis.b4.const")->tensor);
    float original[VALUES];
    sg_moved_input input = {0};
    (void)state;
    memcpy(original, values, sizeof original);
    assert_int_equal(sg_moved_input_begin(generator, &input, NULL), 0);
    sg_moved_input_set(&input, &(sg_transform){0});
    for (int i = 0; i < VALUES; i++)
        assert_float_equal(values[i], original[i], 1e-6);
    sg_moved_input_end(&input);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static void a_transform_is_put_back(void **state)
{
    static const double own[9] = {0, 1, 0.5, -1, 0, 0.25, 0, 0, 1};
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    sg_moved_input input = {0};
    double now[9];
    (void)state;
    sg_generator_set_transform(generator, own);
    assert_int_equal(sg_moved_input_begin(generator, &input, NULL), 0);
    sg_moved_input_set(&input, &(sg_transform){.x = 0.125});
    sg_generator_transform(generator, now);
    assert_float_equal(now[2], -0.125, 1e-7);
    sg_moved_input_end(&input);
    sg_generator_transform(generator, now);
    assert_memory_equal(now, own, sizeof own);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_moves_as_its_waves_do),
        cmocka_unit_test(a_rectangle_turns_without_shear),
        cmocka_unit_test(a_constant_stays_where_it_is),
        cmocka_unit_test(a_transform_is_put_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
