/* Transforms of a picture: their inverses, and what they do to a StyleGAN3's picture. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latent/transform.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

/* The matrix that the official program gives its network for --rotate 30 --translate 0.1,-0.05. */
static void the_inverse_is_that_of_the_official_program(void **state)
{
    static const double expected[] = {0.8660254,  -0.5, -0.11160254, 0.5, 0.8660254,
                                      -0.0066987, 0,    0,           1};
    const sg_transform transform = {0.1, -0.05, 30};
    double inverse[9];
    (void)state;
    sg_transform_invert(&transform, inverse);
    for (int i = 0; i < 9; i++)
        assert_close(inverse[i], expected[i], 1e-7);
    assert_false(sg_transform_is_identity(&transform));
    assert_true(sg_transform_is_identity(&(sg_transform){0, 0, 0}));
}

static sg_tensor *paint(sg_generator *generator, sg_tensor *ws)
{
    return sg_generator_synthesize(generator, ws, (sg_synthesis_options){0});
}

/*
 * A network without layers' detail: moved by two pixels, the middle of the picture is what was two
 * pixels further left, to within what the filters let through.
 */
static void pictures_move_to_the_right(void **state)
{
    enum { SIDE = 32, SHIFT = 4 };
    sg_context *context = *state;
    sg_generator_config config = tiny_stylegan3_config(false, 1, 0);
    config.img_resolution = SIDE;
    config.channel_base = 128;
    config.stylegan3.margin_size = 10;
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 2);
    sg_tensor *ws = random_tensor(context, SG_F64,
                                  SG_SHAPE(1, sg_generator_num_ws(generator), config.w_dim), 3);
    double inverse[9];
    double found[9];
    const sg_tensor *before = paint(generator, ws);
    sg_transform_invert(&(sg_transform){(double)SHIFT / SIDE, 0, 0}, inverse);
    assert_true(sg_generator_set_transform(generator, inverse));
    assert_true(sg_generator_transform(generator, found));
    assert_memory_equal(inverse, found, sizeof found);
    const sg_tensor *after = paint(generator, ws);
    double difference = 0;
    double spread = 0;
    for (int y = 8; y < SIDE - 8; y++)
        for (int x = 8; x < SIDE - 8; x++) {
            const double here = sg_tensor_value(after, y * SIDE + x);
            difference += pow(here - sg_tensor_value(before, y * SIDE + x - SHIFT), 2);
            spread += pow(here - sg_tensor_value(before, y * SIDE + x), 2);
        }
    assert_true(spread > 0 && difference < 1e-3 * spread);
    sg_generator_destroy(generator);
}

/* Anchored, w no longer moves the picture: its input is that of the average w. */
static void anchored_pictures_stay_where_the_average_is(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_stylegan3_config(false, 1, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 2);
    sg_parameter_set *set = sg_generator_parameters(generator);
    sg_tensor *weight = parameter_named(set, "synthesis.input.affine.weight");
    for (int i = 0; i < 20; i++)
        sg_tensor_set_value(weight, i, 0.1 * (i % 7) - 0.3);
    sg_tensor *w = sg_tensor_view(parameter_named(set, "mapping.w_avg"), SG_SHAPE(1, 5));
    sg_tensor *average = sg_generator_broadcast(generator, w);
    sg_tensor *other =
        sg_generator_broadcast(generator, random_tensor(context, SG_F64, SG_SHAPE(1, 5), 8));
    const sg_tensor *of_average = paint(generator, average);
    const sg_tensor *of_other = paint(generator, other);
    assert_true(sg_generator_anchor(generator, SG_ANCHOR_AVERAGE));
    assert_tensors_near("the average", paint(generator, average), of_average, 1e-12);
    /* What is left of the other's: its input replaced by the average's. */
    const sg_tensor *anchored = paint(generator, other);
    double difference = 0;
    for (int i = 0; i < 64; i++)
        difference += fabs(sg_tensor_value(anchored, i) - sg_tensor_value(of_other, i));
    assert_true(difference > 1e-3);
    for (int i = 0; i < 5; i++)
        sg_tensor_set_value(other, i, sg_tensor_value(average, i));
    assert_tensors_near("the input", paint(generator, other), anchored, 1e-12);
    sg_generator_destroy(generator);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_inverse_is_that_of_the_official_program),
        WITH_CONTEXT(pictures_move_to_the_right),
        WITH_CONTEXT(anchored_pictures_stay_where_the_average_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
