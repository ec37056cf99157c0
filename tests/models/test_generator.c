/* What generators of all families share: truncation, the average of w, checks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "models/family.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

static const sg_synthesis_options stored_noise = {.noise_mode = SG_NOISE_CONST};

/* Truncation of a random w by psi below `cutoff`, against the formula. */
static void assert_truncation(sg_context *context, sg_generator *generator, double psi, int cutoff,
                              int truncated)
{
    const sg_tensor *average = parameter_named(sg_generator_parameters(generator), "mapping.w_avg");
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(2, 5), 10);
    const sg_tensor *ws =
        sg_generator_truncate(generator, sg_generator_broadcast(generator, w), NULL, psi, cutoff);
    const sg_shape expected = SG_SHAPE(2, 4, 5);
    assert_true(ws && sg_shape_equal(&ws->shape, &expected));
    for (int i = 0; i < 40; i++) {
        const double value = sg_tensor_value(w, i / 20 * 5 + i % 5);
        const double centre = sg_tensor_value(average, i % 5);
        const double result = i / 5 % 4 < truncated ? centre + psi * (value - centre) : value;
        assert_close(sg_tensor_value(ws, i), result, 1e-14);
    }
}

static void truncation_follows_the_formula(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = tiny_generator(*state, &config, SG_F64, 6);
    static const double psis[] = {0, 0.5, 1, 1.5, -0.7};
    for (size_t i = 0; i < sizeof psis / sizeof *psis; i++) {
        assert_truncation(*state, generator, psis[i], -1, 4);
        assert_truncation(*state, generator, psis[i], 0, 0);
        assert_truncation(*state, generator, psis[i], 3, 3);
        assert_truncation(*state, generator, psis[i], 4, 4);
        assert_truncation(*state, generator, psis[i], 100, 4);
    }
    sg_generator_destroy(generator);
}

static void the_average_moves_towards_the_mean(void **state)
{
    sg_context *context = *state;
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    config.mapping.w_avg_beta = 0.9;
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 6);
    const sg_tensor *average = parameter_named(sg_generator_parameters(generator), "mapping.w_avg");
    const sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(3, 5), 11);
    double before[5];
    for (int i = 0; i < 5; i++)
        before[i] = sg_tensor_value(average, i);
    const uint64_t version = average->storage->version;
    sg_generator_track_average(generator, w);
    assert_true(average->storage->version > version);
    for (int i = 0; i < 5; i++) {
        const double mean =
            (sg_tensor_value(w, i) + sg_tensor_value(w, 5 + i) + sg_tensor_value(w, 10 + i)) / 3;
        assert_close(sg_tensor_value(average, i), 0.9 * before[i] + 0.1 * mean, 1e-14);
    }
    sg_generator_destroy(generator);
}

static void wrong_inputs_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 2);
    sg_generator *g = tiny_generator(context, &config, SG_F64, 6);
    const sg_shape wrong[] = {SG_SHAPE(2, 3, 5), SG_SHAPE(2, 4, 6), SG_SHAPE(4, 5)};
    sg_tensor *z = random_tensor(context, SG_F64, SG_SHAPE(2, 6), 1);
    sg_tensor *c = one_hot(context, SG_F64, 2, 2, 0);
    for (int i = 0; i < 3; i++) {
        sg_tensor *ws = random_tensor(context, SG_F64, wrong[i], 1);
        assert_refused(context, sg_generator_synthesize(g, ws, stored_noise), SG_ERROR_SHAPE);
    }
    assert_refused(context, sg_generator_map(g, z, NULL), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_generator_map(g, NULL, c), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_generator_map(g, c, c), SG_ERROR_SHAPE);
    assert_refused(context, sg_generator_map(g, z, z), SG_ERROR_SHAPE);
    z = random_tensor(context, SG_F32, SG_SHAPE(2, 6), 1);
    assert_refused(context, sg_generator_map(g, z, c), SG_ERROR_SHAPE);
    sg_tensor *ws = random_tensor(context, SG_F32, SG_SHAPE(2, 4, 5), 1);
    assert_refused(context, sg_generator_synthesize(g, ws, stored_noise), SG_ERROR_SHAPE);
    assert_null(sg_generator_synthesize(g, NULL, stored_noise));
    assert_null(sg_generator_broadcast(g, NULL));
    sg_generator_destroy(g);
}

/* w is then z over its root mean square, and the label's embedding the same way beside it. */
static void without_mapping_layers_w_is_the_latent(void **state)
{
    sg_context *context = *state;
    for (int classes = 0; classes <= 2; classes += 2) {
        sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, classes);
        config.mapping.num_layers = 0;
        config.mapping.embed_features = -1;
        sg_generator_config_set_w(&config);
        assert_int_equal(config.w_dim, classes ? 12 : 6);
        sg_generator *g = tiny_generator(context, &config, SG_F64, 6);
        sg_tensor *z = random_tensor(context, SG_F64, SG_SHAPE(2, 6), 1);
        sg_tensor *w = sg_generator_map(g, z, one_hot(context, SG_F64, 2, classes, 0));
        assert_non_null(w);
        for (int n = 0; n < 2; n++) {
            double squares[2] = {0};
            for (int i = 0; i < 6; i++)
                squares[0] += pow(sg_tensor_value(z, n * 6 + i), 2) / 6;
            for (int i = 0; i < 6; i++)
                assert_close(sg_tensor_value(w, n * config.w_dim + i),
                             sg_tensor_value(z, n * 6 + i) / sqrt(squares[0] + 1e-8), 1e-12);
            for (int i = 6; i < config.w_dim; i++)
                squares[1] += pow(sg_tensor_value(w, n * config.w_dim + i), 2) / 6;
            assert_close(squares[1], classes ? 1 : 0, 1e-6);
        }
        assert_non_null(sg_generator_synthesize(g, sg_generator_broadcast(g, w), stored_noise));
        sg_generator_destroy(g);
    }
}

static void families_are_known_by_their_names(void **state)
{
    (void)state;
    for (int family = 0; family < SG_FAMILY_COUNT; family++)
        assert_int_equal(sg_choice_find(&sg_family_choices,
                                        sg_choice_name(&sg_family_choices, (sg_family)family)),
                         family);
    assert_int_equal(sg_choice_find(&sg_family_choices, "StyleGAN9"), -1);
    assert_string_equal(sg_family_of(SG_STYLEGAN3)->title, "StyleGAN3");
    assert_true(sg_family_has_tensor(SG_STYLEGAN2, "synthesis.b4.conv1.weight"));
    assert_true(sg_family_has_tensor(SG_STYLEGAN3, "synthesis.input.freqs"));
    assert_false(sg_family_has_tensor(SG_STYLEGAN3, "synthesis.b4.conv1.weight"));
    assert_false(sg_family_has_tensor(SG_STYLEGAN2, "mapping.fc0.weight"));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(truncation_follows_the_formula),
        WITH_CONTEXT(the_average_moves_towards_the_mean),
        WITH_CONTEXT(wrong_inputs_are_refused),
        WITH_CONTEXT(without_mapping_layers_w_is_the_latent),
        cmocka_unit_test(families_are_known_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
