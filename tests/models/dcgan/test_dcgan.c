/*
 * DCGAN's networks against a computation of their definition
 * (tests/models/dcgan/make_reference.py), and their tensors, configs and refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_json.h"
#include "models/config_rules.h"
#include "models/discriminator.h"
#include "models/generator.h"
#include "support/close.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { SAMPLES = 2, STEP = 37 };

static const double tracked_pictures[] = {
    -0.519830445820878, -0.534259693676031, -0.751004365329412,  -0.60765972629951,
    -0.136860189552067, 0.27220642331937,   -0.0545907244154035, -0.571840654857207,
    -0.741847712402663, -0.703766073853379, -0.012732726927343,  0.272047694716324,
    -0.028983881355007, -0.565886766623966};
static const double batch_pictures[] = {-0.691509504971389, -0.603423332776095, -0.127383358316249,
                                        -0.84955700430223,  -0.773797072044785, 0.0430243538063547,
                                        -0.473355136523882, -0.537183189127735, -0.981287811767864,
                                        -0.828295838810456, -0.492402072519726, 0.724343540422977,
                                        -0.323791399501353, -0.644182125309663};
static const double scores[SG_NORM_COUNT][SAMPLES] = {
    [SG_NORM_BATCH] = {1.28002765037243, -0.232919385506399},
    [SG_NORM_LAYER] = {1.14159366302615, -0.206607903870869},
    [SG_NORM_NONE] = {0.762034064132351, -0.83237827232212}};

static double value(int parameter, int64_t i)
{
    return 0.4 * sin(0.7 * (double)i + parameter);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* The values of the script. */
static void fill(sg_parameter_set *set)
{
    for (size_t k = 0; k < set->count; k++) {
        sg_tensor *tensor = set->items[k].tensor;
        const char *name = set->items[k].name;
        for (int64_t i = 0; i < sg_tensor_count(tensor); i++) {
            double v = value((int)k, i);
            if (ends_with(name, "norm.weight"))
                v += 1;
            if (ends_with(name, "running_var"))
                v = v * v + 0.5;
            sg_tensor_set_value(tensor, i, v);
        }
        sg_tensor_touch(tensor);
    }
}

static sg_tensor *values_of(sg_context *context, sg_shape shape, int parameter)
{
    sg_tensor *tensor = sg_tensor_create(context, SG_F64, shape);
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, value(parameter, i));
    return tensor;
}

static sg_generator_config generator_config(int resolution, int classes)
{
    sg_generator_config config = sg_generator_config_of_family(SG_DCGAN);
    config.z_dim = 3;
    config.c_dim = classes;
    config.w_dim = 3 + classes;
    config.img_resolution = resolution;
    config.img_channels = 1;
    config.channel_base = 64;
    config.channel_max = 3;
    return config;
}

static sg_discriminator_config discriminator_config(sg_norm_kind norm, int classes)
{
    sg_discriminator_config config = sg_discriminator_config_of_family(SG_DCGAN);
    config.c_dim = classes;
    config.img_resolution = 16;
    config.img_channels = 1;
    config.channel_base = 64;
    config.channel_max = 3;
    config.norm = norm;
    return config;
}

static void pictures_follow_the_definition(void **state)
{
    const sg_generator_config config = generator_config(16, 0);
    sg_generator *generator = sg_generator_create(*state, &config, SG_F64, 1);
    assert_non_null(generator);
    fill(sg_generator_parameters(generator));
    sg_tensor *ws = values_of(*state, SG_SHAPE(SAMPLES, 1, 3), 50);
    for (int batch = 0; batch < 2; batch++) {
        const double *expected = batch ? batch_pictures : tracked_pictures;
        const sg_tensor *pictures = sg_generator_synthesize(
            generator, ws, (sg_synthesis_options){.batch_moments = batch == 1});
        const sg_shape shape = SG_SHAPE(SAMPLES, 16, 16, 1);
        assert_true(pictures && sg_shape_equal(&pictures->shape, &shape));
        for (int64_t i = 0; i * STEP < sg_tensor_count(pictures); i++)
            assert_close(sg_tensor_value(pictures, i * STEP), expected[i], 1e-12);
    }
    sg_generator_destroy(generator);
}

static void scores_follow_the_definition(void **state)
{
    sg_context *context = *state;
    const double labels[] = {1, 0, 0, 1};
    for (int norm = 0; norm < SG_NORM_COUNT; norm++) {
        const sg_discriminator_config config = discriminator_config((sg_norm_kind)norm, 2);
        sg_discriminator *d = sg_discriminator_create(context, &config, SG_F64, 1);
        assert_non_null(d);
        fill(sg_discriminator_parameters(d));
        const sg_tensor *found =
            sg_discriminator_score(d, values_of(context, SG_SHAPE(SAMPLES, 16, 16, 1), 60),
                                   leaf_of(context, SG_SHAPE(SAMPLES, 2), labels));
        assert_non_null(found);
        for (int64_t i = 0; i < SAMPLES; i++)
            assert_close(sg_tensor_value(found, i), scores[norm][i], 1e-12);
        sg_discriminator_destroy(d);
    }
}

static void tensors_have_their_names_and_first_values(void **state)
{
    static const expected_parameter expected[] = {
        {"synthesis.b4.project.weight", true, {4, {100, 64, 4, 4}}},
        {"synthesis.b4.norm.weight", true, {1, {64}}},
        {"synthesis.b4.norm.bias", true, {1, {64}}},
        {"synthesis.b4.norm.running_mean", false, {1, {64}}},
        {"synthesis.b4.norm.running_var", false, {1, {64}}},
        {"synthesis.b8.upconv.weight", true, {4, {64, 3, 4, 4}}},
        {"synthesis.b8.upconv.bias", true, {1, {3}}},
        {"mapping.w_avg", false, {1, {100}}},
    };
    sg_generator_config config = sg_generator_config_of_family(SG_DCGAN);
    config.img_resolution = 8;
    config.channel_max = 64;
    sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 1);
    assert_non_null(generator);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    assert_parameters(set, expected, sizeof expected / sizeof *expected);
    assert_normal_values(set->items[0].tensor, 0.02);
    assert_all_values(set->items[3].tensor, 0);
    assert_all_values(set->items[4].tensor, 1);
    assert_all_values(set->items[6].tensor, 0);
    assert_int_equal(sg_generator_num_ws(generator), 1);
    sg_generator_destroy(generator);
}

/* w is z and the label as they are, and truncation pulls towards zero. */
static void latents_are_styles(void **state)
{
    const sg_generator_config config = generator_config(8, 2);
    sg_generator *generator = sg_generator_create(*state, &config, SG_F64, 1);
    const double labels[] = {0, 1, 1, 0};
    sg_tensor *z = values_of(*state, SG_SHAPE(SAMPLES, 3), 9);
    sg_tensor *w = sg_generator_map(generator, z, leaf_of(*state, SG_SHAPE(SAMPLES, 2), labels));
    assert_non_null(w);
    const sg_tensor *half =
        sg_generator_truncate(generator, sg_generator_broadcast(generator, w), NULL, 0.5, -1);
    for (int64_t i = 0; i < SAMPLES * 5; i++) {
        const double expected =
            i % 5 < 3 ? sg_tensor_value(z, i / 5 * 3 + i % 5) : labels[i / 5 * 2 + i % 5 - 3];
        assert_close(sg_tensor_value(w, i), expected, 0);
        assert_close(sg_tensor_value(half, i), 0.5 * expected, 1e-15);
    }
    sg_generator_destroy(generator);
}

static void configs_survive_json(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_generator_config g = generator_config(32, 2);
    sg_discriminator_config d = discriminator_config(SG_NORM_LAYER, 2);
    sg_generator_config g_read;
    sg_discriminator_config d_read;
    cJSON *g_json = sg_generator_config_to_json(&g);
    cJSON *d_json = sg_discriminator_config_to_json(&d);
    assert_int_equal(sg_generator_config_from_json(g_json, SG_DCGAN, &g_read, &error), SG_OK);
    assert_int_equal(sg_discriminator_config_from_json(d_json, &d_read, &error), SG_OK);
    assert_memory_equal(&g_read, &g, sizeof g);
    assert_memory_equal(&d_read, &d, sizeof d);
    cJSON_ReplaceItemInObject(d_json, "norm", cJSON_CreateString("instance"));
    assert_int_equal(sg_discriminator_config_from_json(d_json, &d_read, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "\"layer\""));
    cJSON_Delete(g_json);
    cJSON_Delete(d_json);
}

static void assert_no_generator(sg_context *context, const sg_generator_config *config)
{
    sg_error error = {0};
    assert_null(sg_generator_create(context, config, SG_F32, 1));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
}

static void what_makes_no_network_is_refused(void **state)
{
    sg_context *context = *state;
    sg_generator_config g = generator_config(8, 2);
    g.w_dim = 3;
    assert_no_generator(context, &g);
    g = generator_config(8, 0);
    g.mapping.num_layers = 2;
    assert_no_generator(context, &g);
    const sg_discriminator_config d = discriminator_config(SG_NORM_BATCH, 2);
    sg_discriminator *discriminator = sg_discriminator_create(context, &d, SG_F64, 1);
    assert_non_null(discriminator);
    sg_tensor *pictures = values_of(context, SG_SHAPE(SAMPLES, 16, 16, 1), 60);
    assert_refused(context, sg_discriminator_score(discriminator, pictures, NULL),
                   SG_ERROR_ARGUMENT);
    sg_discriminator_destroy(discriminator);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(pictures_follow_the_definition),
        WITH_CONTEXT(scores_follow_the_definition),
        WITH_CONTEXT(tensors_have_their_names_and_first_values),
        WITH_CONTEXT(latents_are_styles),
        cmocka_unit_test(configs_survive_json),
        WITH_CONTEXT(what_makes_no_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
