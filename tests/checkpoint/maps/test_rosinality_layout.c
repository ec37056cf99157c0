/* Checkpoints of stylegan2-pytorch by rosinality, read, and written and read back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/numpy_random.h"
#include "checkpoint/maps/foreign_tensors.h"
#include "checkpoint/maps/rosinality.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/torch/torch_file.h"
#include "models/config_rules.h"
#include "support/loaded_networks.h"
#include "support/parameters.h"
#include "support/temporary_folder.h"

static const char training[] = "tests/golden/legacy/rosinality-32/checkpoint.pt";
static const char converted[] = "tests/golden/legacy/rosinality-converted-32/converted.pt";

static sg_status save(const char *path, const sg_network_parts *parts, sg_error *error)
{
    const char *left_out = NULL;
    const sg_status status = sg_rosinality_write(path, parts, sg_torch_write, &left_out, error);
    assert_null(left_out);
    return status;
}

static sg_generator_config generator_config(int resolution, int base, int most)
{
    sg_generator_config config = sg_generator_config_default();
    config.z_dim = config.w_dim = 6;
    config.mapping.num_layers = 3;
    config.img_resolution = resolution;
    config.channel_base = base;
    config.channel_max = most;
    return config;
}

static sg_discriminator_config discriminator_config(int resolution, int base, int most)
{
    sg_discriminator_config config = sg_discriminator_config_default();
    config.img_resolution = resolution;
    config.channel_base = base;
    config.channel_max = most;
    return config;
}

static void check_round_trip(const char *path, int resolution, int base, int most)
{
    sg_context *context = sg_context_create(1);
    sg_generator_config generator = generator_config(resolution, base, most);
    sg_discriminator_config discriminator = discriminator_config(resolution, base, most);
    sg_network_parts parts = make_networks(context, &generator, &discriminator);
    sg_error error = {0};
    /* A checkpoint has one average of w, that of g_ema. */
    sg_generator_destroy(parts.generator);
    parts.generator = NULL;
    if (save(path, &parts, &error))
        fail_msg("%s", error.message);
    assert_file_holds(path, &parts, 0);
    destroy_networks(&parts);
    sg_context_destroy(context);
}

/* Sizes are told by names and shapes alone. */
static void test_round_trips(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    check_round_trip(path, 8, 64, 6);
    check_round_trip(path, 64, 256, 9);
    check_round_trip(path, 256, 512, 4); /* as with a channel multiplier: 2 channels in the end */
    free(path);
}

static void test_plain_generator_is_kept_apart(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    sg_generator_config config = generator_config(8, 64, 6);
    sg_network_parts parts = make_networks(context, &config, NULL);
    sg_generator *loaded = NULL;
    sg_error error = {0};
    assert_int_equal(save(path, &parts, &error), SG_OK);
    sg_network_file *file = open_network(path);
    assert_false(sg_network_has(file, SG_PART_D));
    assert_int_equal(sg_network_load_generator(file, SG_PART_G, context, &loaded, &error), SG_OK);
    const sg_tensor *found =
        parameter_named(sg_generator_parameters(loaded), "synthesis.b8.conv0.weight");
    const sg_tensor *expected =
        parameter_named(sg_generator_parameters(parts.generator), "synthesis.b8.conv0.weight");
    assert_memory_equal(sg_f32(found), sg_f32(expected),
                        (size_t)sg_tensor_count(found) * sizeof(float));
    sg_generator_destroy(loaded);
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

static void test_what_files_are(void **state)
{
    (void)state;
    sg_network_file *file = open_network(training);
    sg_generator_config config;
    assert_string_equal(sg_network_container(file), "torch zip archive");
    assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, NULL), SG_OK);
    assert_int_equal(config.img_resolution, 32);
    assert_int_equal(config.channel_base, 256);
    assert_int_equal(config.channel_max, 16);
    assert_int_equal(config.mapping.num_layers, 8);
    assert_true(sg_network_has(file, SG_PART_G));
    assert_true(sg_network_has(file, SG_PART_D));
    assert_int_equal(sg_network_ignored_count(file), 4);
    sg_network_close(file);
    file = open_network(converted);
    assert_string_equal(sg_network_container(file), "torch stream");
    assert_false(sg_network_has(file, SG_PART_G));
    assert_false(sg_network_has(file, SG_PART_D));
    sg_network_close(file);
}

/* What the file lacks is the mean of w over latents that NumPy would draw. */
static void test_average_is_estimated(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(1);
    sg_network_file *file = open_network(training);
    sg_generator *generator = NULL;
    sg_numpy_random random;
    double mean[16] = {0};
    assert_null(sg_network_tensor_find(file, SG_PART_G_EMA, "mapping.w_avg"));
    assert_int_equal(sg_network_load_generator(file, SG_PART_G_EMA, context, &generator, NULL),
                     SG_OK);
    sg_numpy_random_seed(&random, 0);
    for (int n = 0; n < SG_AVERAGE_LATENTS; n++) {
        size_t scope = sg_scope_open(context);
        sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(1, 16));
        for (int i = 0; i < 16; i++)
            sg_f32(z)[i] = (float)sg_numpy_random_normal(&random);
        const sg_tensor *w = sg_generator_map(generator, z, NULL);
        for (int i = 0; i < 16; i++)
            mean[i] += (double)sg_f32(w)[i] / SG_AVERAGE_LATENTS;
        sg_scope_close(context, scope, NULL);
    }
    const sg_tensor *average = parameter_named(sg_generator_parameters(generator), "mapping.w_avg");
    for (int i = 0; i < 16; i++)
        assert_true(fabs((double)sg_f32(average)[i] - mean[i]) < 1e-5);
    sg_generator_destroy(generator);
    sg_network_close(file);
    sg_context_destroy(context);
}

/* A sg_tensor_writer that writes nothing. */
static sg_status write_nothing(const char *path, const sg_tensor_entry *tensors, size_t count,
                               sg_error *error)
{
    (void)path;
    (void)tensors;
    (void)error;
    assert_true(count > 0);
    return SG_OK;
}

/* Fails the test unless the generator is refused in these words; NULL: unless it is written. */
static void check_generator(const sg_generator_config *config, const char *words)
{
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = {.generator_ema = sg_generator_create(context, config, SG_F32, 0)};
    const char *left_out = NULL;
    sg_error error = {0};
    assert_non_null(parts.generator_ema);
    assert_int_equal(sg_rosinality_write("x.pt", &parts, write_nothing, &left_out, &error),
                     words ? SG_ERROR_ARGUMENT : SG_OK);
    if (words && !strstr(error.message, words))
        fail_msg("\"%s\" lacks \"%s\"", error.message, words);
    destroy_networks(&parts);
    sg_context_destroy(context);
}

static bool is_left_out(const sg_discriminator_config *config)
{
    const sg_generator_config generator = generator_config(8, 64, 6);
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = {.generator_ema = sg_generator_create(context, &generator, SG_F32, 0),
                              .discriminator = sg_discriminator_create(context, config, SG_F32, 0)};
    const char *left_out = NULL;
    assert_non_null(parts.discriminator);
    assert_int_equal(sg_rosinality_write("x.pt", &parts, write_nothing, &left_out, NULL), SG_OK);
    destroy_networks(&parts);
    sg_context_destroy(context);
    return left_out;
}

static void test_obstacles_of_generators(void **state)
{
    const sg_generator_config good = generator_config(8, 64, 6);
    sg_generator_config bad = good;
    (void)state;
    check_generator(&good, NULL);
    bad.architecture = SG_ARCHITECTURE_RESNET;
    check_generator(&bad, "architecture");
    bad = good;
    bad.img_channels = 1;
    check_generator(&bad, "channels");
    bad = good;
    bad.c_dim = 2;
    check_generator(&bad, "labels");
    bad = good;
    bad.base_width = 3;
    check_generator(&bad, "not square");
    bad = good;
    bad.z_dim = 5;
    check_generator(&bad, "widths");
    bad = good;
    bad.mapping.layer_features = 5;
    check_generator(&bad, "widths");
    bad = good;
    bad.conv_clamp = 256;
    check_generator(&bad, "conv_clamp");
    bad = good;
    bad.use_noise = false;
    check_generator(&bad, "noise");
    bad = good;
    bad.channel_list = (sg_channel_list){.count = 2, .at = {6, 3}};
    check_generator(&bad, "no formula");
    bad = good;
    bad.mapping.activation = SG_RELU;
    check_generator(&bad, "lrelu");
    bad = good;
    bad.mapping.lr_multiplier = 1;
    check_generator(&bad, "lr_multiplier");
    bad = good;
    bad.resample_filter[1] = 2;
    check_generator(&bad, "resample_filter");
}

static void test_obstacles_of_discriminators(void **state)
{
    const sg_discriminator_config good = discriminator_config(8, 64, 6);
    sg_discriminator_config bad = good;
    (void)state;
    assert_false(is_left_out(&good));
    bad.architecture = SG_ARCHITECTURE_SKIP;
    assert_true(is_left_out(&bad));
    bad = good;
    bad.mbstd_group_size = 2;
    assert_true(is_left_out(&bad));
    bad = good;
    bad.conv_clamp = 256;
    assert_true(is_left_out(&bad));
}

static void test_channels_of_other_forms(void **state)
{
    static const int usual[] = {512, 512, 512, 512, 256, 128, 64};
    static const int odd[] = {30, 30, 25, 12, 6};
    static const int impossible[] = {16, 8, 16};
    static const int none[] = {16, 0};
    int base = 0;
    int most = 0;
    (void)state;
    assert_true(sg_channels_infer(usual, 7, &base, &most));
    assert_int_equal(base, 16384);
    assert_int_equal(most, 512);
    assert_true(sg_channels_infer(odd, 5, &base, &most));
    assert_int_equal(base, 400);
    assert_int_equal(most, 30);
    assert_false(sg_channels_infer(impossible, 3, &base, &most));
    assert_false(sg_channels_infer(none, 2, &base, &most));
    assert_false(sg_channels_infer(none, 0, &base, &most));
}

/* ---- other versions ---- */

/* Writes the generator as {"g_ema": ...} without the tensors whose foreign names begin with
 * `without`. */
static void write_version(const char *path, sg_generator *generator, const char *without)
{
    enum { MOST = 200 };
    static sg_tensor_entry entries[MOST];
    const sg_generator_config *config = sg_generator_config_of(generator);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    sg_foreign_names names = {0};
    size_t count = 0;
    sg_rosinality_generator_names(config->img_resolution, config->mapping.num_layers, &names);
    for (size_t i = 0; i < names.count; i++) {
        const sg_foreign_name *name = &names.items[i];
        const sg_tensor *tensor = parameter_named(set, name->official);
        sg_tensor_entry entry = {.dict = "g_ema", .name = name->foreign, .scale = 1.0f};
        entry.values = sg_f32(tensor);
        for (int k = 0; k < name->form.leading; k++)
            entry.size[entry.rank++] = 1;
        for (int k = 0; k < tensor->shape.rank; k++)
            entry.size[entry.rank++] = tensor->shape.size[k];
        for (int k = 0; k < name->form.trailing; k++)
            entry.size[entry.rank++] = 1;
        if (strncmp(name->foreign, without, strlen(without)) != 0)
            entries[count++] = entry;
    }
    assert_int_equal(sg_torch_write(path, entries, count, NULL), SG_OK);
    sg_foreign_names_clear(&names);
}

static sg_generator *load_version(const char *path, sg_context *context)
{
    sg_generator *loaded = NULL;
    sg_error error = {0};
    sg_network_file *file = open_network(path);
    if (sg_network_load_generator(file, SG_PART_G_EMA, context, &loaded, &error))
        fail_msg("%s", error.message);
    sg_network_close(file);
    return loaded;
}

/* Its first files have no noise: what is drawn instead is the same at every opening. */
static void test_noise_that_is_not_stored(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = generator_config(16, 64, 6);
    sg_generator *made = sg_generator_create(context, &config, SG_F32, 1);
    write_version(path, made, "noises.");
    sg_network_file *file = open_network(path);
    assert_true(sg_network_lacking_noise(file, SG_PART_G_EMA, NULL) > 0);
    sg_network_close(file);
    sg_generator *loaded[2] = {load_version(path, context), load_version(path, context)};
    const sg_tensor *noise[3];
    for (int i = 0; i < 3; i++)
        noise[i] = parameter_named(sg_generator_parameters(loaded[i % 2]),
                                   i < 2 ? "synthesis.b16.conv0.noise_const"
                                         : "synthesis.b16.conv1.noise_const");
    assert_memory_equal(sg_f32(noise[0]), sg_f32(noise[1]), 256 * sizeof(float));
    assert_memory_not_equal(sg_f32(noise[0]), sg_f32(noise[2]), 256 * sizeof(float));
    assert_normal_values(noise[0], 1.0);
    for (int i = 0; i < 2; i++)
        sg_generator_destroy(loaded[i]);
    sg_generator_destroy(made);
    sg_context_destroy(context);
    free(path);
}

/* Noise that some layers lack is counted, so that it is said. */
static void test_noise_of_some_layers(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = generator_config(16, 64, 6);
    sg_generator *made = sg_generator_create(context, &config, SG_F32, 1);
    write_version(path, made, "noises.noise_3");
    sg_network_file *file = open_network(path);
    size_t all = 0;
    assert_int_equal(sg_network_lacking_noise(file, SG_PART_G_EMA, &all), 1);
    assert_int_equal(all, 5);
    sg_network_close(file);
    sg_generator_destroy(load_version(path, context));
    sg_generator_destroy(made);
    sg_context_destroy(context);
    free(path);
}

static void test_other_numbers_of_colours(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    for (int channels = 1; channels <= 5; channels++) {
        sg_generator_config config = generator_config(8, 64, 6);
        config.img_channels = channels;
        sg_generator *made = sg_generator_create(context, &config, SG_F32, 1);
        write_version(path, made, "noises.");
        sg_generator *loaded = load_version(path, context);
        assert_int_equal(sg_generator_config_of(loaded)->img_channels, channels);
        sg_generator_destroy(loaded);
        sg_generator_destroy(made);
    }
    sg_context_destroy(context);
    free(path);
}

/* Widths that no base and maximum explain are kept as a list. */
static void test_channels_from_shapes(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    sg_generator_config config = generator_config(16, 64, 6);
    config.channel_list = (sg_channel_list){.count = 3, .at = {6, 3, 5}};
    sg_generator *made = sg_generator_create(context, &config, SG_F32, 1);
    write_version(path, made, "none");
    sg_generator *loaded = load_version(path, context);
    const sg_generator_config *found = sg_generator_config_of(loaded);
    assert_memory_equal(&found->channel_list, &config.channel_list, sizeof config.channel_list);
    sg_generator_destroy(loaded);
    sg_generator_destroy(made);
    sg_context_destroy(context);
    free(path);
}

/* A first layer wider than w hides a label's embedding, unless the user says that z is so wide. */
static void test_embedding_that_is_missing(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    sg_generator_config config = generator_config(8, 64, 6);
    config.z_dim = 12;
    sg_generator *made = sg_generator_create(context, &config, SG_F32, 1);
    sg_network_file *file = NULL;
    sg_error error = {0};
    write_version(path, made, "noises.");
    assert_part_refused(path, SG_PART_G_EMA, "style.1 that takes 12 inputs, but gives 6");
    if (sg_network_open_given(path, "z_dim=12", &file, &error))
        fail_msg("%s", error.message);
    assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, NULL), SG_OK);
    assert_int_equal(config.z_dim, 12);
    sg_network_close(file);
    sg_generator_destroy(made);
    sg_context_destroy(context);
    free(path);
}

static void test_average_alone_is_not_saved(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_network_parts none = {0};
    sg_error error = {0};
    assert_int_equal(save(path, &none, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "needs G_ema"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trips, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_plain_generator_is_kept_apart, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test(test_what_files_are),
        cmocka_unit_test(test_average_is_estimated),
        cmocka_unit_test(test_obstacles_of_generators),
        cmocka_unit_test(test_obstacles_of_discriminators),
        cmocka_unit_test(test_channels_of_other_forms),
        cmocka_unit_test_setup_teardown(test_noise_that_is_not_stored, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_noise_of_some_layers, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_numbers_of_colours, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_channels_from_shapes, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_embedding_that_is_missing, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_average_alone_is_not_saved, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
