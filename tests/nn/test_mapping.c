/* The mapping network: derivatives with and without labels, the formula, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/mapping.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/plain_convolution.h"
#include "support/tensors.h"

static sg_linear linear_of(sg_tensor *weight, sg_tensor *bias, double multiplier,
                           sg_activation activation)
{
    return (sg_linear){.weight = weight,
                       .bias = bias,
                       .weight_gain = multiplier / 2,
                       .bias_gain = multiplier,
                       .activation = activation};
}

/* Inputs: z, fc0.weight, fc0.bias, fc1.weight, fc1.bias. */
static sg_tensor *run_unconditional(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)options;
    const sg_mapping mapping = {
        .context = context,
        .z_dim = 4,
        .num_layers = 2,
        .layers = {linear_of(in[1], in[2], 1, SG_LRELU), linear_of(in[3], in[4], 0.5, SG_LRELU)}};
    return sg_mapping_forward(&mapping, in[0], NULL);
}

/* Inputs: z, c, embed.weight, embed.bias, fc0.weight, fc0.bias. */
static sg_tensor *run_conditional(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)options;
    const sg_mapping mapping = {.context = context,
                                .z_dim = 4,
                                .c_dim = 3,
                                .num_layers = 1,
                                .embed = linear_of(in[2], in[3], 1, SG_LINEAR),
                                .layers = {linear_of(in[4], in[5], 1, SG_LRELU)}};
    return sg_mapping_forward(&mapping, in[0], in[1]);
}

/* The discriminator's: no latents. Inputs: c, embed.weight, embed.bias, fc0.weight, fc0.bias. */
static sg_tensor *run_labels(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)options;
    const sg_mapping mapping = {.context = context,
                                .c_dim = 3,
                                .num_layers = 1,
                                .embed = linear_of(in[1], in[2], 1, SG_LINEAR),
                                .layers = {linear_of(in[3], in[4], 1, SG_LRELU)}};
    return sg_mapping_forward(&mapping, NULL, in[0]);
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const gradient_case cases[] = {{"latents",
                                           run_unconditional,
                                           NULL,
                                           {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(5, 4)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(5)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 5)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
                                           120},
                                          {"latents and labels",
                                           run_conditional,
                                           NULL,
                                           {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(5, 3)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(5)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 9)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
                                           121},
                                          {"labels",
                                           run_labels,
                                           NULL,
                                           {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(4, 3)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(4)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
                                            {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
                                           122}};
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* StyleGAN's of 2018. Inputs: z, c, embed.weight, fc0.weight, fc0.bias. */
static sg_tensor *run_together(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)options;
    const sg_mapping mapping = {.context = context,
                                .form = SG_MAPPING_TOGETHER,
                                .z_dim = 4,
                                .c_dim = 3,
                                .num_layers = 1,
                                .embed = {.weight = in[2], .weight_gain = 1},
                                .layers = {linear_of(in[3], in[4], 1, SG_LRELU)}};
    return sg_mapping_forward(&mapping, in[0], in[1]);
}

static void derivatives_of_the_older_form_are_right(void **state)
{
    (void)state;
    static const gradient_case tested = {.name = "together",
                                         .function = run_together,
                                         .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
                                                    {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 3)},
                                                    {GRADIENT_SIGNED, GRADIENT_SHAPE(4, 3)},
                                                    {GRADIENT_SIGNED, GRADIENT_SHAPE(5, 8)},
                                                    {GRADIENT_SIGNED, GRADIENT_SHAPE(5)}},
                                         .seed = 66};
    assert_gradients_right(&tested);
}

static const sg_mapping_options published = {.z_dim = 30,
                                             .w_dim = 50,
                                             .num_layers = 3,
                                             .embed_features = 25,
                                             .layer_features = 40,
                                             .activation = SG_LRELU,
                                             .lr_multiplier = 0.01,
                                             .track_average = true};

static void networks_start_as_published(void **state)
{
    static const expected_parameter expected[] = {
        {"mapping.w_avg", false, {1, {50}}},   {"mapping.fc0.weight", true, {2, {40, 30}}},
        {"mapping.fc0.bias", true, {1, {40}}}, {"mapping.fc1.weight", true, {2, {40, 40}}},
        {"mapping.fc1.bias", true, {1, {40}}}, {"mapping.fc2.weight", true, {2, {50, 40}}},
        {"mapping.fc2.bias", true, {1, {50}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_mapping mapping = sg_mapping_create(&set, "mapping", published);
    assert_parameters(&set, expected, 7);
    assert_all_values(mapping.w_avg, 0);
    assert_normal_values(mapping.layers[0].weight, 100);
    assert_all_values(mapping.layers[2].bias, 0);
    assert_close(mapping.layers[0].weight_gain, 0.01 / sqrt(30), 1e-15);
    sg_parameter_set_clear(&set);
}

static void conditional_networks_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"mapping.embed.weight", true, {2, {25, 7}}},
                                                  {"mapping.embed.bias", true, {1, {25}}},
                                                  {"mapping.fc0.weight", true, {2, {50, 55}}},
                                                  {"mapping.fc0.bias", true, {1, {50}}}};
    sg_mapping_options options = published;
    sg_parameter_set set;
    options.c_dim = 7;
    options.num_layers = 1;
    options.track_average = false;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_mapping mapping = sg_mapping_create(&set, "mapping", options);
    assert_parameters(&set, expected, 4);
    assert_null(mapping.w_avg);
    assert_normal_values(mapping.embed.weight, 1);
    assert_close(mapping.embed.weight_gain, 1 / sqrt(7), 1e-15);
    assert_int_equal(mapping.embed.activation, SG_LINEAR);
    sg_parameter_set_clear(&set);
}

/* The label's matrix is plain, and layers have the gain in their weights. */
static void older_networks_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"mapping.embed.weight", true, {2, {25, 7}}},
                                                  {"mapping.fc0.weight", true, {2, {50, 55}}},
                                                  {"mapping.fc0.bias", true, {1, {50}}}};
    sg_mapping_options options = published;
    sg_parameter_set set;
    options.form = SG_MAPPING_TOGETHER;
    options.c_dim = 7;
    options.num_layers = 1;
    options.track_average = false;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_mapping mapping = sg_mapping_create(&set, "mapping", options);
    assert_parameters(&set, expected, 3);
    assert_normal_values(mapping.embed.weight, 1);
    assert_close(mapping.embed.weight_gain, 1, 0);
    assert_close(mapping.layers[0].weight_gain, 0.01 * sqrt(2) / sqrt(55), 1e-15);
    assert_true(mapping.layers[0].gain_in_weight);
    sg_parameter_set_clear(&set);
}

static void outputs_follow_the_formula(void **state)
{
    sg_context *context = *state;
    const sg_mapping mapping = {
        .context = context,
        .z_dim = 4,
        .num_layers = 1,
        .layers = {linear_of(random_tensor(context, SG_F64, SG_SHAPE(3, 4), 1),
                             random_tensor(context, SG_F64, SG_SHAPE(3), 2), 0.8, SG_LRELU)}};
    sg_tensor *z = random_tensor(context, SG_F64, SG_SHAPE(2, 4), 3);
    const sg_tensor *w = sg_mapping_forward(&mapping, z, NULL);
    assert_non_null(w);
    for (int n = 0; n < 2; n++)
        for (int o = 0; o < 3; o++) {
            double squares = 0;
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                squares += pow(sg_tensor_value(z, n * 4 + i), 2);
                sum += 0.4 * sg_tensor_value(z, n * 4 + i) *
                       sg_tensor_value(mapping.layers[0].weight, o * 4 + i);
            }
            sum = sum / sqrt(squares / 4 + 1e-8) + 0.8 * sg_tensor_value(mapping.layers[0].bias, o);
            assert_close(sg_tensor_value(w, n * 3 + o), plain_leaky_relu(sum), 1e-13);
        }
}

/* The latents' features come first, so that official weights fit. */
static void labels_come_after_latents(void **state)
{
    sg_context *context = *state;
    static const double z[] = {1, 2, 3, 4};
    static const double c[] = {1, 0, 0};
    static const double weight[] = {10, 0, 0, 0, 1, 0};
    sg_tensor *zeros = sg_tensor_full(context, SG_F64, SG_SHAPE(2), 0);
    sg_tensor *ones = sg_tensor_full(context, SG_F64, SG_SHAPE(2, 3), 1);
    const sg_mapping mapping = {
        .context = context,
        .z_dim = 4,
        .c_dim = 3,
        .num_layers = 1,
        .embed = linear_of(ones, zeros, 1, SG_LINEAR),
        .layers = {linear_of(leaf_of(context, SG_SHAPE(1, 6), weight),
                             sg_tensor_full(context, SG_F64, SG_SHAPE(1), 0), 2, SG_LINEAR)}};
    const sg_tensor *w = sg_mapping_forward(&mapping, leaf_of(context, SG_SHAPE(1, 4), z),
                                            leaf_of(context, SG_SHAPE(1, 3), c));
    assert_non_null(w);
    /* The first latent over the latents' root mean square, times 10; the first label feature, 1. */
    assert_close(sg_tensor_value(w, 0), 10 / sqrt(30.0 / 4) + 1, 1e-6);
}

static void missing_inputs_are_named(void **state)
{
    sg_context *context = *state;
    sg_mapping_options options = published;
    sg_parameter_set set;
    options.c_dim = 7;
    sg_parameter_set_init(&set, context, SG_F64, 3);
    const sg_mapping mapping = sg_mapping_create(&set, "mapping", options);
    sg_tensor *z = random_tensor(context, SG_F64, SG_SHAPE(2, 30), 1);
    sg_tensor *c = random_tensor(context, SG_F64, SG_SHAPE(2, 7), 2);
    sg_tensor *others = random_tensor(context, SG_F64, SG_SHAPE(3, 7), 2);
    assert_non_null(sg_mapping_forward(&mapping, z, c));
    assert_refused(context, sg_mapping_forward(&mapping, NULL, c), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_mapping_forward(&mapping, z, NULL), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_mapping_forward(&mapping, c, z), SG_ERROR_SHAPE);
    assert_refused(context, sg_mapping_forward(&mapping, z, others), SG_ERROR_SHAPE);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),
        WITH_CONTEXT(networks_start_as_published),
        WITH_CONTEXT(conditional_networks_start_as_published),
        WITH_CONTEXT(older_networks_start_as_published),
        WITH_CONTEXT(derivatives_of_the_older_form_are_right),
        WITH_CONTEXT(outputs_follow_the_formula),
        WITH_CONTEXT(labels_come_after_latents),
        WITH_CONTEXT(missing_inputs_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
