/* Costs that are foretold are those of the pass that follows, for every family. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "models/discriminator.h"
#include "models/encoder/encoder.h"
#include "models/encoder/encoder_cost.h"
#include "models/family.h"
#include "models/generator.h"
#include "models/network_cost.h"
#include "tensor/tensor.h"

static sg_generator_config small_generator(sg_family family)
{
    sg_generator_config config = sg_generator_config_of_family(family);
    config.z_dim = config.w_dim = 16;
    config.img_resolution = 64;
    config.channel_base = 1024;
    config.channel_max = 32;
    sg_generator_config_set_w(&config);
    return config;
}

/* Fails unless what the pool holds after a pass is what was foretold, and so are multiply-adds. */
static void assert_foretold(const sg_context *context, const sg_network_cost *cost, int64_t values)
{
    const double held = (double)sg_pool_bytes_held(context->pool);
    assert_true(cost->values == values);
    assert_true(cost->multiply_adds == (double)context->multiply_adds);
    assert_true(fabs(cost->peak_bytes - SG_PROGRAM_BYTES - held) < 0.02 * held + 4096);
}

static void generators_cost_what_is_foretold(void **state)
{
    (void)state;
    for (sg_family family = 0; family < SG_FAMILY_COUNT; family++) {
        sg_network_cost cost;
        sg_error error = {0};
        const sg_generator_config config = small_generator(family);
        assert_int_equal(sg_generator_cost(&config, false, &cost, &error), SG_OK);
        sg_context *context = sg_context_create(0);
        sg_generator *generator = sg_generator_create(context, &config, SG_F32, 1);
        assert_non_null(generator);
        sg_tensor *z = sg_tensor_full(context, SG_F32, SG_SHAPE(1, config.z_dim), 0.5);
        sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, NULL));
        assert_non_null(sg_generator_synthesize(
            generator, ws, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST}));
        sg_scope_close(context, 0, NULL);
        assert_foretold(context, &cost,
                        sg_parameter_set_count_values(sg_generator_parameters(generator)));
        sg_generator_destroy(generator);
        sg_context_destroy(context);
    }
}

static void discriminators_cost_what_is_foretold(void **state)
{
    (void)state;
    for (sg_family family = 0; family < SG_FAMILY_COUNT; family++) {
        sg_network_cost cost;
        sg_error error = {0};
        sg_discriminator_config config =
            sg_discriminator_config_of_family(sg_discriminator_family(family));
        config.img_resolution = 64;
        config.channel_base = 1024;
        config.channel_max = 32;
        assert_int_equal(sg_discriminator_cost(&config, false, &cost, &error), SG_OK);
        sg_context *context = sg_context_create(0);
        sg_discriminator *network = sg_discriminator_create(context, &config, SG_F32, 1);
        assert_non_null(network);
        sg_tensor *picture = sg_tensor_full(context, SG_F32, SG_SHAPE(1, 64, 64, 3), 0.5);
        assert_non_null(sg_discriminator_score(network, picture, NULL));
        sg_scope_close(context, 0, NULL);
        assert_foretold(context, &cost,
                        sg_parameter_set_count_values(sg_discriminator_parameters(network)));
        sg_discriminator_destroy(network);
        sg_context_destroy(context);
    }
}

static void encoders_cost_what_is_foretold(void **state)
{
    (void)state;
    sg_network_cost cost;
    sg_error error = {0};
    sg_encoder_config config = sg_encoder_config_default(SG_ENCODER_E4E);
    config.img_resolution = 64;
    assert_int_equal(sg_encoder_cost(&config, false, &cost, &error), SG_OK);
    sg_context *context = sg_context_create(0);
    sg_encoder *encoder = sg_encoder_create(context, &config, SG_F32, 1);
    assert_non_null(encoder);
    sg_tensor *picture = sg_tensor_full(context, SG_F32, SG_SHAPE(1, 64, 64, 3), 0.5);
    const sg_encoder_pass pass = {.stage = SG_ENCODER_ALL_DELTAS};
    assert_non_null(sg_encoder_codes(encoder, picture, pass));
    sg_scope_close(context, 0, NULL);
    assert_foretold(context, &cost, sg_parameter_set_count_values(sg_encoder_parameters(encoder)));
    sg_encoder_destroy(encoder);
    sg_context_destroy(context);
}

/* The largest network that a config may name is foretold, not made. */
static void huge_networks_cost_nothing_to_foretell(void **state)
{
    sg_network_cost cost;
    sg_error error = {0};
    sg_generator_config config = sg_generator_config_default();
    (void)state;
    config.img_resolution = 4096;
    config.channel_base = 1 << 22;
    config.channel_max = 1024;
    assert_int_equal(sg_generator_cost(&config, false, &cost, &error), SG_OK);
    assert_true(cost.peak_bytes > 1e11);
}

static void passes_that_cannot_be_are_refused(void **state)
{
    sg_network_cost cost;
    sg_error error = {0};
    sg_generator_config config = sg_generator_config_default();
    (void)state;
    config.img_resolution = 100;
    assert_int_equal(sg_generator_cost(&config, false, &cost, &error), SG_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(generators_cost_what_is_foretold),
                                       cmocka_unit_test(discriminators_cost_what_is_foretold),
                                       cmocka_unit_test(encoders_cost_what_is_foretold),
                                       cmocka_unit_test(huge_networks_cost_nothing_to_foretell),
                                       cmocka_unit_test(passes_that_cannot_be_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
