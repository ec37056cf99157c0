/* What is foretold of a projection is what its steps take, with each loss and kind of noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "invert/projector_cost.h"
#include "models/config_rules.h"
#include "models/family.h"
#include "tensor/tensor.h"

enum { SIDE = 64, BYTES = SIDE * SIDE * 3 };

static sg_generator *make_generator(sg_context *context, sg_family family)
{
    sg_generator_config config = sg_generator_config_of_family(family);
    config.z_dim = config.w_dim = 16;
    config.img_resolution = SIDE;
    config.channel_base = 2048;
    config.channel_max = 64;
    sg_generator_config_set_w(&config);
    sg_generator *generator = sg_generator_create(context, &config, SG_F32, 1);
    assert_non_null(generator);
    return generator;
}

static sg_discriminator *make_discriminator(sg_context *context)
{
    sg_discriminator_config config = sg_discriminator_config_of_family(SG_STYLEGAN2);
    config.img_resolution = SIDE;
    config.channel_base = 2048;
    config.channel_max = 64;
    sg_discriminator *discriminator = sg_discriminator_create(context, &config, SG_F32, 1);
    assert_non_null(discriminator);
    return discriminator;
}

/* Takes two steps with real networks, and compares what the pool holds with what was foretold. */
static void check(sg_family family, sg_invert_loss loss, const sg_projector_options *options)
{
    static unsigned char pixels[BYTES];
    sg_context *context = sg_context_create(0);
    sg_invert_networks networks = {.generator = make_generator(context, family)};
    if (loss == SG_INVERT_DISCRIMINATOR)
        networks.discriminator = make_discriminator(context);
    const sg_projector_targets targets = {
        .pictures = {.count = 1, .height = SIDE, .width = SIDE, .channels = 3, .bytes = pixels}};
    sg_projector_options with_loss = *options;
    with_loss.weights.of[loss] = 1;
    sg_network_cost cost;
    sg_error error = {0};
    assert_int_equal(sg_projector_cost(&networks, &with_loss, &cost, &error), SG_OK);
    sg_projector *projector;
    assert_int_equal(sg_projector_create(&networks, &with_loss, &targets, NULL, &projector, &error),
                     SG_OK);
    assert_int_equal(sg_projector_step(projector, NULL, &error), SG_OK);
    assert_int_equal(sg_projector_step(projector, NULL, &error), SG_OK);
    const double held = (double)sg_pool_bytes_held(context->pool);
    const double ratio = (cost.peak_bytes - SG_PROGRAM_BYTES) / held;
    if (!(ratio > 0.9 && ratio < 1.1))
        fail_msg("family %d, loss %d: %g of what %g bytes were held", (int)family, (int)loss, ratio,
                 held);
    sg_projector_destroy(projector);
    sg_discriminator_destroy(networks.discriminator);
    sg_generator_destroy(networks.generator);
    sg_context_destroy(context);
}

static sg_projector_options few_steps(sg_invert_space space, sg_invert_noise noise)
{
    sg_projector_options options = sg_projector_options_default();
    options.space = space;
    options.noise = noise;
    options.steps = 2;
    options.w_avg_samples = 16;
    return options;
}

static void test_losses_and_noise(void **state)
{
    (void)state;
    const sg_projector_options w = few_steps(SG_INVERT_W, SG_INVERT_NOISE_OPTIMISE);
    const sg_projector_options w_plus = few_steps(SG_INVERT_W_PLUS, SG_INVERT_NOISE_FIXED);
    check(SG_STYLEGAN2, SG_INVERT_PYRAMID, &w);
    check(SG_STYLEGAN2, SG_INVERT_DISCRIMINATOR, &w_plus);
    check(SG_STYLEGAN3, SG_INVERT_PIXEL, &w_plus);
}

static void test_space_z(void **state)
{
    (void)state;
    const sg_projector_options z = few_steps(SG_INVERT_Z, SG_INVERT_NOISE_OPTIMISE);
    check(SG_STYLEGAN2, SG_INVERT_PYRAMID, &z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_losses_and_noise),
        cmocka_unit_test(test_space_z),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
