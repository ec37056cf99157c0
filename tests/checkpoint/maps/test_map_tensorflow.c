/* Networks of ProGAN, StyleGAN and StyleGAN2 in TensorFlow: every architecture and name, and
 * refusals with reasons. */
#include "checkpoint/network/network_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/network/network_load.h"
#include "models/config_rules.h"
#include "models/level.h"
#include "support/golden_names.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "support/tensorflow_file.h"

/* The one that is added to style biases costs a bit. */
static const double bias_rounding = 1e-6;

static bool is_noted(const sg_network_file *file, const char *text)
{
    bool found = false;
    for (size_t i = 0; i < sg_network_ignored_count(file); i++)
        found = found || strcmp(sg_network_ignored_at(file, i), text) == 0;
    return found;
}

static void test_every_architecture(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; golden_networks[i]; i++) {
        sg_network_parts parts = load_golden_networks(context, golden_networks[i]);
        const tensorflow_options options = {.version = i % 2 ? 5 : 4};
        write_tensorflow(path, &parts, &options);
        assert_file_holds(path, &parts, bias_rounding);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

static sg_generator_config small_generator(int classes)
{
    sg_generator_config config = sg_generator_config_default();
    config.z_dim = config.w_dim = 6;
    config.mapping.num_layers = 2;
    config.c_dim = classes;
    config.img_resolution = 16;
    config.channel_base = 64;
    config.channel_max = 8;
    config.architecture = SG_ARCHITECTURE_ORIG;
    return config;
}

static sg_discriminator_config small_discriminator(int classes)
{
    sg_discriminator_config config = sg_discriminator_config_default();
    config.c_dim = classes;
    config.img_resolution = 16;
    config.channel_base = 64;
    config.channel_max = 8;
    config.architecture = SG_ARCHITECTURE_ORIG;
    config.mapping.num_layers = 0;
    return config;
}

static sg_network_parts small_networks(sg_context *context, int classes)
{
    const sg_generator_config generator = small_generator(classes);
    const sg_discriminator_config discriminator = small_discriminator(classes);
    return make_networks(context, &generator, &discriminator);
}

static sg_network_parts growing_networks(sg_context *context, sg_family family, int classes,
                                         sg_fused_scale fused)
{
    sg_generator_config generator = tiny_growing_config(family, 16, 2, classes);
    sg_discriminator_config discriminator =
        tiny_growing_discriminator_config(family, 16, 2, classes);
    generator.mapping.layer_features = generator.w_dim;
    generator.growing.fused_scale = discriminator.growing.fused_scale = fused;
    sg_network_parts parts = make_networks(context, &generator, &discriminator);
    sg_generator *const both[] = {parts.generator, parts.generator_ema};
    for (int i = 0; i < 2 && family == SG_PROGAN; i++) {
        /* The files have no average of w, which is 0. */
        sg_parameter *average =
            sg_parameter_find(sg_generator_parameters(both[i]), "mapping.w_avg");
        memset(sg_f32(average->tensor), 0,
               (size_t)sg_tensor_count(average->tensor) * sizeof(float));
    }
    return parts;
}

/* Names by level of detail stand for the architecture without shortcuts. */
static void test_names_by_level_of_detail(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, 0);
    const tensorflow_options options = {
        .version = 4, .by_level = true, .variable = "FromRGB_lod1/weight"};
    write_tensorflow(path, &parts, &options);
    assert_file_holds(path, &parts, bias_rounding);
    sg_network_file *file = open_network(path);
    sg_generator_config config;
    assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, NULL), SG_OK);
    assert_int_equal(config.architecture, SG_ARCHITECTURE_ORIG);
    assert_true(is_noted(file, "D: FromRGB_lod1/weight"));
    assert_string_equal(sg_network_container(file), "pickle");
    assert_string_equal(sg_network_dialect(file), "StyleGAN2 in TensorFlow");
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

/* The labels' layers of the discriminator: an embedding alone, or layers after it. */
static void test_label_layers(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, 3);
    const tensorflow_options options = {.version = 5};
    write_tensorflow(path, &parts, &options);
    assert_file_holds(path, &parts, bias_rounding);
    sg_network_file *file = open_network(path);
    sg_discriminator_config config;
    assert_int_equal(sg_network_discriminator_config(file, &config, NULL), SG_OK);
    assert_int_equal(config.mapping.num_layers, 0);
    assert_int_equal(config.mbstd_group_size, 4);
    assert_string_equal(sg_network_dialect(file), "StyleGAN2-ADA in TensorFlow");
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

/* Writes small networks and checks that the part is refused. */
static void check_refused(void *const *state, int classes, const tensorflow_options *options,
                          sg_network_part part, const char *words)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, classes);
    write_tensorflow(path, &parts, options);
    assert_part_refused(path, part, words);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

/* Rectangles, as the forks store them and as the official program with another constant does. */
static void test_rectangles(void **state)
{
    static const int sizes[][2] = {{3, 5}, {4, 6}, {8, 4}, {2, 4}};
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (int i = 0; i < 4; i++)
        for (int rectangle = BY_SHAPES; rectangle <= BY_SIZES; rectangle++) {
            sg_generator_config generator = small_generator(0);
            sg_discriminator_config discriminator = small_discriminator(0);
            generator.base_height = discriminator.base_height = sizes[i][0];
            generator.base_width = discriminator.base_width = sizes[i][1];
            sg_network_parts parts = make_networks(context, &generator, &discriminator);
            const tensorflow_options options = {.version = 4,
                                                .rectangle = (tensorflow_rectangle)rectangle};
            write_tensorflow(path, &parts, &options);
            assert_file_holds(path, &parts, bias_rounding);
            destroy_networks(&parts);
        }
    sg_context_destroy(context);
    free(path);
}

/* An option of such a fork may be another network's: attention, which no square network has. */
static void test_attention_is_refused(void **state)
{
    const tensorflow_options options = {.version = 4, .option = "use_attention", .value = "yes"};
    check_refused(state, 0, &options, SG_PART_G_EMA, "use_attention");
}

static void test_refusals_have_reasons(void **state)
{
    tensorflow_options options = {.version = 4, .variable = "LabelConcat/weight"};
    check_refused(state, 0, &options, SG_PART_G_EMA, "LabelConcat");
    options = (tensorflow_options){.version = 4, .missing = "LabelEmbed/weight"};
    check_refused(state, 3, &options, SG_PART_D, "a score for each label");
    options = (tensorflow_options){
        .version = 4, .option = "synthesis_func", .value = "G_synthesis_stylegan_revised"};
    check_refused(state, 0, &options, SG_PART_G,
                  "\"synthesis_func\" = G_synthesis_stylegan_revised");
    options = (tensorflow_options){.version = 5, .option = "attention", .value = "all"};
    check_refused(state, 0, &options, SG_PART_D, "\"attention\" = all");
    options = (tensorflow_options){.version = 5, .missing = "8x8/Conv1/weight"};
    check_refused(state, 0, &options, SG_PART_G_EMA,
                  "lacks the tensor G_ema.synthesis.b8.conv1.weight");
    options = (tensorflow_options){.version = 5, .variable = "8x8/Attention"};
    check_refused(state, 0, &options, SG_PART_D,
                  "8x8/Attention, for which the config has no place");
    options = (tensorflow_options){.version = 5, .option = "fmap_base", .value = "many"};
    check_refused(state, 0, &options, SG_PART_D, "channel_base");
}

static void test_usual_options_are_passed_over(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, 0);
    const tensorflow_options options = {.version = 4, .option = "structure", .value = "fixed"};
    write_tensorflow(path, &parts, &options);
    assert_file_holds(path, &parts, bias_rounding);
    sg_network_file *file = open_network(path);
    assert_true(is_noted(file, "G: option structure"));
    assert_true(is_noted(file, "G_ema: option style_mixing_prob"));
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

/* Networks that grow: StyleGAN with labels, ProGAN in both programs, fused and not. */
static void test_networks_that_grow(void **state)
{
    static const struct {
        sg_family family;
        int version, classes;
        sg_fused_scale fused;
        const char *dialect;
    } cases[] = {
        {SG_STYLEGAN1, 3, 0, SG_FUSED_AUTO, "StyleGAN in TensorFlow"},
        {SG_STYLEGAN1, 3, 3, SG_FUSED_NEVER, "StyleGAN in TensorFlow"},
        {SG_PROGAN, 2, 0, SG_FUSED_ALWAYS, "ProGAN in TensorFlow"},
        {SG_PROGAN, 2, 2, SG_FUSED_NEVER, "ProGAN in TensorFlow"},
        {SG_PROGAN, 3, 0, SG_FUSED_ALWAYS, "StyleGAN in TensorFlow"},
    };
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sg_network_parts parts =
            growing_networks(context, cases[i].family, cases[i].classes, cases[i].fused);
        const tensorflow_options options = {.version = cases[i].version};
        write_tensorflow(path, &parts, &options);
        assert_file_holds(path, &parts, 0.0);
        sg_network_file *file = open_network(path);
        sg_discriminator_config config;
        assert_string_equal(sg_network_dialect(file), cases[i].dialect);
        assert_int_equal(sg_network_family(file, SG_PART_G_EMA), cases[i].family);
        assert_int_equal(sg_network_discriminator_config(file, &config, NULL), SG_OK);
        assert_int_equal(config.family, cases[i].family);
        assert_int_equal(config.growing.fused_scale, cases[i].fused);
        assert_false(sg_network_lacks_average(file, SG_PART_G_EMA));
        sg_network_close(file);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

/* The level of detail of a network in the middle of growing stays. */
static void test_level_of_detail_is_kept(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = growing_networks(context, SG_STYLEGAN1, 0, SG_FUSED_AUTO);
    sg_generator *loaded = NULL;
    sg_generator_set_lod(parts.generator_ema, 0.25);
    write_tensorflow(path, &parts, &(tensorflow_options){.version = 3});
    sg_network_file *file = open_network(path);
    assert_int_equal(sg_network_load_generator(file, SG_PART_G_EMA, context, &loaded, NULL), SG_OK);
    assert_true(sg_level_get(sg_generator_parameters(loaded), "synthesis.lod") == 0.25);
    sg_generator_destroy(loaded);
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

static void test_growing_refusals_have_reasons(void **state)
{
    static const struct {
        sg_family family;
        tensorflow_options options;
        sg_network_part part;
        const char *words;
    } cases[] = {
        {SG_STYLEGAN1,
         {.option = "structure", .value = "fixed"},
         SG_PART_G,
         "\"structure\" = fixed"},
        {SG_STYLEGAN1,
         {.option = "use_styles", .value = "no"},
         SG_PART_G_EMA,
         "\"use_styles\" = no"},
        {SG_STYLEGAN1, {.option = "use_wscale", .value = "no"}, SG_PART_D, "\"use_wscale\" = no"},
        {SG_STYLEGAN1, {.option = "attention", .value = "all"}, SG_PART_D, "\"attention\" = all"},
        {SG_STYLEGAN1,
         {.missing = "8x8/Conv1/weight"},
         SG_PART_G_EMA,
         "lacks the tensor G_ema.synthesis.b8.layer1.weight"},
        {SG_STYLEGAN1, {.missing = "4x4/Dense1/bias"}, SG_PART_D, "lacks the tensor D.b4.out.bias"},
        {SG_PROGAN,
         {.option = "use_pixelnorm", .value = "no"},
         SG_PART_G,
         "\"use_pixelnorm\" = no"},
        {SG_PROGAN,
         {.variable = "8x8/Attention"},
         SG_PART_D,
         "8x8/Attention, for which the config has no place"},
    };
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sg_network_parts parts = growing_networks(context, cases[i].family, 0, SG_FUSED_ALWAYS);
        tensorflow_options options = cases[i].options;
        options.version = cases[i].family == SG_PROGAN ? 2 : 3;
        write_tensorflow(path, &parts, &options);
        assert_part_refused(path, cases[i].part, cases[i].words);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

/* Puts another class of as long a name in place of D's: the fourth, after G and its components. */
static void replace_class_of_discriminator(const char *path)
{
    static const char known[] = "dnnlib.tflib.network\nNetwork";
    static const char foreign[] = "somefork.lib.network\nAnother";
    size_t size = 0;
    unsigned char *bytes = NULL;
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, NULL), SG_OK);
    int found = 0;
    for (size_t i = 0; i + sizeof known < size; i++)
        if (memcmp(bytes + i, known, sizeof known - 1) == 0 && ++found == 4)
            memcpy(bytes + i, foreign, sizeof foreign - 1);
    assert_true(found >= 4);
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    free(bytes);
}

/* A discriminator of another class leaves the generators readable. */
static void test_parts_stand_alone(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, 0);
    const tensorflow_options options = {.version = 5};
    write_tensorflow(path, &parts, &options);
    replace_class_of_discriminator(path);
    sg_discriminator_destroy(parts.discriminator);
    parts.discriminator = NULL;
    assert_file_holds(path, &parts, 0);
    assert_part_refused(path, SG_PART_D, "somefork.lib.network.Another");
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

static void test_other_versions_are_refused(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = small_networks(context, 0);
    for (int version = 1; version <= 6; version += 5) {
        const tensorflow_options options = {.version = version};
        sg_network_file *file = NULL;
        sg_error error = {0};
        write_tensorflow(path, &parts, &options);
        assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
        assert_null(file);
        assert_non_null(strstr(error.message, version == 1 ? "version 1" : "version 6"));
    }
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_architecture, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_names_by_level_of_detail, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_label_layers, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_rectangles, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_attention_is_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_refusals_have_reasons, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_usual_options_are_passed_over, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_networks_that_grow, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_level_of_detail_is_kept, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_growing_refusals_have_reasons, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_parts_stand_alone, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_versions_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
