/* StyleGAN2's generator: shapes, names, noise, and that its paths agree. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "ops/layout.h"
#include "support/close.h"
#include "support/golden_names.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

static const sg_synthesis_options stored_noise = {.noise_mode = SG_NOISE_CONST};

/* Pictures of random latents, and of class 0, 1 ... */
static sg_tensor *paint(sg_generator *generator, int samples, sg_synthesis_options options)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    sg_tensor *z = random_tensor(set->context, set->dtype, SG_SHAPE(samples, config->z_dim), 7);
    sg_tensor *c = one_hot(set->context, set->dtype, samples, config->c_dim, 0);
    sg_tensor *w = sg_generator_map(generator, z, c);
    return sg_generator_synthesize(generator, sg_generator_broadcast(generator, w), options);
}

static void assert_finite(const sg_tensor *tensor)
{
    double squares = 0;
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        squares += pow(sg_tensor_value(tensor, i), 2);
    assert_true(isfinite(squares) && squares > 0);
}

static void assert_pictures(sg_context *context, const sg_generator_config *config)
{
    const int scale = config->img_resolution / 4;
    const sg_shape expected =
        SG_SHAPE(3, config->base_height * scale, config->base_width * scale, config->img_channels);
    size_t scope = sg_scope_open(context);
    sg_generator *generator = tiny_generator(context, config, SG_F32, 1);
    for (int recording = 0; recording < 2; recording++) {
        context->recording = recording;
        const sg_tensor *pictures = paint(generator, 3, stored_noise);
        if (!pictures)
            fail_msg("%s", context->error.message);
        assert_true(sg_shape_equal(&pictures->shape, &expected));
        assert_finite(pictures);
    }
    assert_int_equal(sg_generator_height(generator), expected.size[1]);
    assert_int_equal(sg_generator_width(generator), expected.size[2]);
    sg_scope_close(context, scope, NULL);
    sg_generator_destroy(generator);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
}

static void every_kind_paints(void **state)
{
    static const int channels[] = {1, 3, 4, 7};
    for (int a = SG_ARCHITECTURE_ORIG; a <= SG_ARCHITECTURE_RESNET; a++)
        for (int c = 0; c < 4; c++)
            for (int classes = 0; classes <= 3; classes += 3) {
                sg_generator_config config =
                    tiny_generator_config((sg_architecture)a, channels[c], classes);
                config.img_resolution = c == 1 ? 16 : 8;
                config.base_width = c % 2 ? 8 : 4;
                config.conv_clamp = c == 2 ? 256 : -1;
                config.use_noise = c != 3;
                assert_pictures(*state, &config);
            }
}

static void each_block_takes_two_ws(void **state)
{
    for (int resolution = 8, expected = 4; resolution <= 64; resolution *= 2, expected += 2) {
        sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
        config.img_resolution = resolution;
        config.channel_base = 64;
        sg_generator *generator = tiny_generator(*state, &config, SG_F32, 1);
        assert_int_equal(sg_generator_num_ws(generator), expected);
        sg_generator_destroy(generator);
    }
}

static void tensors_are_those_of_the_official_networks(void **state)
{
    for (const char *const *name = golden_networks; *name; name++) {
        sg_error error = {0};
        sg_generator_config config;
        sg_network_file *file = open_golden_network(*name);
        assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, &error), SG_OK);
        sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 0);
        assert_non_null(generator);
        assert_names_of_part(sg_generator_parameters(generator), file, SG_PART_G_EMA);
        sg_generator_destroy(generator);
        sg_network_close(file);
    }
}

static void the_average_and_filters_are_not_trained(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_RESNET, 3, 2);
    sg_generator *generator = tiny_generator(*state, &config, SG_F32, 1);
    sg_parameter_set *set = sg_generator_parameters(generator);
    assert_false(sg_parameter_find(set, "mapping.w_avg")->trainable);
    assert_false(sg_parameter_find(set, "synthesis.b8.conv0.noise_const")->trainable);
    assert_false(sg_parameter_find(set, "synthesis.b8.resample_filter")->trainable);
    assert_true(sg_parameter_find(set, "synthesis.b4.const")->trainable);
    assert_true(sg_parameter_find(set, "synthesis.b8.conv0.noise_strength")->trainable);
    sg_generator_destroy(generator);
}

static void the_path_without_tape_agrees(void **state)
{
    sg_context *context = *state;
    for (int a = SG_ARCHITECTURE_ORIG; a <= SG_ARCHITECTURE_RESNET; a++)
        for (int wide = 0; wide < 2; wide++) {
            sg_generator_config config = tiny_generator_config((sg_architecture)a, 3, 2);
            config.conv_clamp = a == SG_ARCHITECTURE_SKIP ? 1.5 : -1;
            config.img_resolution = 16;
            config.channel_base = wide ? 1024 : 64;
            config.channel_max = wide ? 64 : 4;
            sg_generator *generator = tiny_generator(context, &config, SG_F32, 2);
            context->recording = true;
            const sg_tensor *recorded = paint(generator, 2, stored_noise);
            context->recording = false;
            assert_tensors_near("without tape", paint(generator, 2, stored_noise), recorded, 1e-4);
            sg_generator_destroy(generator);
        }
}

static void a_batch_is_its_pictures(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 3);
    sg_tensor *z = random_tensor(context, SG_F32, SG_SHAPE(5, 6), 8);
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, NULL));
    sg_tensor *batch = sg_generator_synthesize(generator, ws, stored_noise);
    assert_non_null(batch);
    for (int n = 0; n < 5; n++) {
        sg_tensor *w = sg_generator_map(generator, sg_slice(z, 0, n, 1), NULL);
        sg_tensor *alone =
            sg_generator_synthesize(generator, sg_generator_broadcast(generator, w), stored_noise);
        assert_tensors_near("alone", alone, sg_slice(batch, 0, n, 1), 1e-5);
    }
    sg_generator_destroy(generator);
}

/* The largest difference between two tensors of one shape. */
static double distance(const sg_tensor *a, const sg_tensor *b)
{
    double largest = 0;
    assert_non_null(a);
    assert_non_null(b);
    for (int64_t i = 0; i < sg_tensor_count(a); i++)
        largest = fmax(largest, fabs(sg_tensor_value(a, i) - sg_tensor_value(b, i)));
    return largest;
}

static void every_w_matters(void **state)
{
    sg_context *context = *state;
    for (int a = SG_ARCHITECTURE_ORIG; a <= SG_ARCHITECTURE_RESNET; a++) {
        const sg_generator_config config = tiny_generator_config((sg_architecture)a, 3, 0);
        sg_generator *generator = tiny_generator(context, &config, SG_F64, 4);
        sg_tensor *ws = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 5), 9);
        const sg_tensor *before = sg_generator_synthesize(generator, ws, stored_noise);
        for (int i = 0; i < 4; i++) {
            const double value = sg_tensor_value(ws, i * 5);
            sg_tensor_set_value(ws, i * 5, value + 0.5);
            assert_true(distance(sg_generator_synthesize(generator, ws, stored_noise), before) >
                        1e-4);
            sg_tensor_set_value(ws, i * 5, value);
        }
        sg_generator_destroy(generator);
    }
}

static void noise_modes_differ(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 5);
    sg_random random = sg_random_stream(3, 4);
    sg_random again = random;
    const sg_tensor *none =
        paint(generator, 2, (sg_synthesis_options){.noise_mode = SG_NOISE_NONE});
    const sg_tensor *stored = paint(generator, 2, stored_noise);
    const sg_synthesis_options drawn = {.noise_mode = SG_NOISE_RANDOM, .random = &random};
    const sg_tensor *first = paint(generator, 2, drawn);
    const sg_tensor *second = paint(generator, 2, drawn);
    const sg_tensor *repeated = paint(
        generator, 2, (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM, .random = &again});
    assert_true(distance(none, stored) > 1e-3);
    assert_true(distance(stored, first) > 1e-3);
    assert_true(distance(first, second) > 1e-3);
    assert_true(distance(first, repeated) == 0);
    sg_generator_destroy(generator);
}

/* Noise in the layers of `silent` is left out; the random numbers of the others are their own. */
static void silent_layers_have_no_noise(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    for (uint32_t silent = 0; silent < 8; silent++) {
        sg_generator *generator = tiny_generator(context, &config, SG_F64, 5);
        sg_parameter_set *set = sg_generator_parameters(generator);
        sg_random random = sg_random_stream(3, 4);
        sg_random again = random;
        const sg_tensor *all = paint(
            generator, 2,
            (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM, .random = &(sg_random){3, 4, 0}});
        const sg_tensor *some =
            paint(generator, 2,
                  (sg_synthesis_options){
                      .noise_mode = SG_NOISE_RANDOM, .random = &random, .silent_layers = silent});
        const char *const layers[] = {"b4.conv1", "b8.conv0", "b8.conv1"};
        for (int i = 0; i < 3; i++) {
            char name[SG_PARAMETER_NAME_BYTES];
            snprintf(name, sizeof name, "synthesis.%s.noise_strength", layers[i]);
            if (silent >> i & 1)
                sg_tensor_set_value(parameter_named(set, name), 0, 0);
        }
        const sg_tensor *weakened = paint(
            generator, 2, (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM, .random = &again});
        assert_true(distance(some, weakened) == 0);
        assert_true(silent == 0 || distance(some, all) > 1e-3);
        assert_true(random.index == again.index);
        sg_generator_destroy(generator);
    }
}

static void impossible_configs_are_refused(void **state)
{
    sg_context *context = *state;
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    config.img_resolution = 12;
    sg_error error = {0};
    assert_null(sg_generator_create(context, &config, SG_F32, 0));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "img_resolution is 12"));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(every_kind_paints),
        WITH_CONTEXT(each_block_takes_two_ws),
        WITH_CONTEXT(tensors_are_those_of_the_official_networks),
        WITH_CONTEXT(the_average_and_filters_are_not_trained),
        WITH_CONTEXT(the_path_without_tape_agrees),
        WITH_CONTEXT(a_batch_is_its_pictures),
        WITH_CONTEXT(every_w_matters),
        WITH_CONTEXT(noise_modes_differ),
        WITH_CONTEXT(silent_layers_have_no_noise),
        WITH_CONTEXT(impossible_configs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
