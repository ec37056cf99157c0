/*
 * Snapshots and state dicts for the official programs: read back they are the same networks, and
 * their modules have the attributes that the official classes give themselves. That the official
 * programs load them, with equal pictures, was tried with both (docs/checkpoints.md).
 */
#include "checkpoint/official/official_write.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/document.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/torch/torch_file.h"
#include "models/config_rules.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

static const char *const snapshots[] = {"sg2-skip-32",   "sg2-cond-gray-16", "sg2-orig-16",
                                        "sg2-resnet-16", "sg3-r-32",         "sg3-t-32"};

static sg_network_parts load(const char *path, sg_context *context)
{
    sg_network_parts parts = {0};
    sg_network_file *file = open_network(path);
    assert_int_equal(sg_network_load_generator(file, SG_PART_G, context, &parts.generator, NULL),
                     SG_OK);
    assert_int_equal(sg_network_load_discriminator(file, context, &parts.discriminator, NULL),
                     SG_OK);
    assert_int_equal(
        sg_network_load_generator(file, SG_PART_G_EMA, context, &parts.generator_ema, NULL), SG_OK);
    sg_network_close(file);
    return parts;
}

static void write_snapshot(const char *path, const sg_network_parts *parts)
{
    sg_error error = {0};
    if (sg_official_write(path, parts, &error))
        fail_msg("%s", error.message);
}

static void assert_same_bytes(const char *a, const char *b)
{
    unsigned char *bytes[2];
    size_t size[2];
    assert_int_equal(sg_read_file(a, 1 << 24, &bytes[0], &size[0], NULL), SG_OK);
    assert_int_equal(sg_read_file(b, 1 << 24, &bytes[1], &size[1], NULL), SG_OK);
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
}

/* Every golden snapshot written back holds the same numbers and configs, and writing is exact. */
static void snapshots_are_written_back(void **state)
{
    char *path = temporary_path(state, "back.pkl");
    char *again = temporary_path(state, "again.pkl");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; i < sizeof snapshots / sizeof snapshots[0]; i++) {
        char original[200];
        snprintf(original, sizeof original, "tests/golden/%s/network.pkl", snapshots[i]);
        sg_network_parts parts = load(original, context);
        write_snapshot(path, &parts);
        assert_file_holds(path, &parts, 0);
        sg_network_parts back = load(path, context);
        assert_memory_equal(sg_generator_config_of(back.generator_ema),
                            sg_generator_config_of(parts.generator_ema),
                            sizeof(sg_generator_config));
        assert_memory_equal(sg_discriminator_config_of(back.discriminator),
                            sg_discriminator_config_of(parts.discriminator),
                            sizeof(sg_discriminator_config));
        write_snapshot(again, &back);
        assert_same_bytes(path, again);
        destroy_networks(&parts);
        destroy_networks(&back);
    }
    sg_context_destroy(context);
    free(path);
    free(again);
}

/* ---- modules ---- */

/* Returns the state of the module at a path such as "G_ema.synthesis.b8". */
static const sg_value *state_at(const sg_value *root, const char *path)
{
    char name[100];
    const sg_value *state = NULL;
    for (const char *at = path; *at;) {
        const size_t length = strcspn(at, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        const sg_value *modules = state ? sg_value_find(state, "_modules") : root;
        const sg_value *module = sg_value_find(modules, name);
        if (!module)
            fail_msg("%s has no module %s", path, name);
        state = sg_value_state(module);
        at += length + (at[length] == '.');
    }
    return state;
}

/* An attribute that the official constructor sets; NAN stands for None. */
typedef struct attribute {
    const char *module, *name;
    double value;
} attribute;

static void check_attributes(const char *snapshot, const attribute *attributes, size_t count,
                             void **state)
{
    char original[200];
    char *path = temporary_path(state, "modules.pkl");
    sg_context *context = sg_context_create(1);
    snprintf(original, sizeof original, "tests/golden/%s/network.pkl", snapshot);
    sg_network_parts parts = load(original, context);
    write_snapshot(path, &parts);
    destroy_networks(&parts);
    sg_context_destroy(context);
    sg_document *document = NULL;
    assert_int_equal(sg_document_open(path, &document, NULL), SG_OK);
    for (size_t i = 0; i < count; i++) {
        const attribute *one = &attributes[i];
        double value = NAN;
        const sg_value *found =
            sg_value_find(state_at(sg_document_root(document), one->module), one->name);
        if (!found)
            fail_msg("%s has no %s", one->module, one->name);
        const bool number = sg_value_real(found, &value);
        if (number != !isnan(one->value) || (number && fabs(value - one->value) > 1e-12))
            fail_msg("%s.%s is %g, but the official value is %g", one->module, one->name, value,
                     one->value);
    }
    sg_document_close(document);
    free(path);
}

#define SQRT_2 1.4142135623730951

static void blocks_have_the_official_attributes(void **state)
{
    static const attribute attributes[] = {
        {"G_ema", "num_ws", 6},
        {"G_ema", "training", 0},
        {"G_ema.mapping", "num_layers", 3},
        {"G_ema.mapping", "w_avg_beta", 0.998},
        {"G_ema.mapping.fc0", "in_features", 32},
        {"G_ema.mapping.fc0", "weight_gain", 0.01 / 5.656854249492381},
        {"G_ema.mapping.fc0", "bias_gain", 0.01},
        {"G_ema.mapping.embed", "bias_gain", 1},
        {"G_ema.synthesis", "img_resolution_log2", 4},
        {"G_ema.synthesis.b4", "in_channels", 0},
        {"G_ema.synthesis.b4", "num_conv", 1},
        {"G_ema.synthesis.b16", "is_last", 1},
        {"G_ema.synthesis.b16", "num_torgb", 1},
        {"G_ema.synthesis.b8.conv0", "up", 2},
        {"G_ema.synthesis.b8.conv1", "up", 1},
        {"G_ema.synthesis.b8.conv1", "resolution", 8},
        {"G_ema.synthesis.b8.conv1", "padding", 1},
        {"G_ema.synthesis.b8.conv1", "act_gain", SQRT_2},
        {"G_ema.synthesis.b8.conv1", "conv_clamp", 256},
        {"G_ema.synthesis.b8.torgb", "weight_gain", 0.25},
        {"D", "img_resolution_log2", 4},
        {"D.mapping", "z_dim", 0},
        {"D.mapping", "w_dim", 16},
        {"D.mapping", "num_ws", NAN},
        {"D.b16", "in_channels", 0},
        {"D.b8", "in_channels", 16},
        {"D.b16", "num_layers", 4},
        {"D.b8", "first_layer_idx", 4},
        {"D.b8.conv1", "down", 2},
        {"D.b8.skip", "bias", NAN},
        {"D.b8.skip", "conv_clamp", NAN},
        {"D.b8.skip", "act_gain", 1},
        {"D.b8.skip", "padding", 0},
        {"D.b4", "cmap_dim", 16},
        {"D.b4.mbstd", "group_size", 4},
        {"D.b4.conv", "in_channels", 17},
        {"D.b4.fc", "in_features", 256},
    };
    check_attributes("sg2-cond-gray-16", attributes, sizeof attributes / sizeof attributes[0],
                     state);
}

static void alias_free_layers_have_the_official_attributes(void **state)
{
    static const attribute attributes[] = {
        {"G_ema.mapping", "embed", NAN},
        {"G_ema.synthesis", "num_ws", 16},
        {"G_ema.synthesis", "output_scale", 0.25},
        {"G_ema.synthesis.input", "bandwidth", 2},
        {"G_ema.synthesis.input", "sampling_rate", 16},
        {"G_ema.synthesis.L0_36_24", "in_half_width", 6},
        {"G_ema.synthesis.L0_36_24", "tmp_sampling_rate", 32},
        {"G_ema.synthesis.L0_36_24", "up_factor", 2},
        {"G_ema.synthesis.L0_36_24", "down_taps", 12},
        {"G_ema.synthesis.L0_36_24", "down_radial", 1},
        {"G_ema.synthesis.L0_36_24", "conv_kernel", 1},
        {"G_ema.synthesis.L14_32_3", "is_torgb", 1},
        {"G_ema.synthesis.L14_32_3", "up_taps", 1},
        {"G_ema.synthesis.L14_32_3", "up_filter", NAN},
        {"G_ema.synthesis.L14_32_3", "down_radial", 0},
        {"G_ema.synthesis.L13_32_16", "is_critically_sampled", 1},
    };
    check_attributes("sg3-r-32", attributes, sizeof attributes / sizeof attributes[0], state);
}

/* A reader runs the source text of a class: one import of the program's own module. */
static void sources_are_imports(void **state)
{
    static const char *const expected[][3] = {
        {"G", "from training.networks_stylegan3 import *\n", "Generator"},
        {"D",
         "try:\n    from training.networks_stylegan2 import *\n"
         "except ImportError:\n    from training.networks import *\n",
         "Discriminator"},
    };
    char *path = temporary_path(state, "sources.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load("tests/golden/sg3-t-32/network.pkl", context);
    write_snapshot(path, &parts);
    destroy_networks(&parts);
    sg_context_destroy(context);
    sg_document *document = NULL;
    assert_int_equal(sg_document_open(path, &document, NULL), SG_OK);
    for (size_t i = 0; i < 2; i++) {
        const sg_value *network = sg_value_find(sg_document_root(document), expected[i][0]);
        const sg_value *fields = sg_value_item(sg_value_arguments(network), 0);
        assert_string_equal(sg_value_text(sg_value_find(fields, "module_src")), expected[i][1]);
        assert_string_equal(sg_value_text(sg_value_find(fields, "class_name")), expected[i][2]);
        assert_string_equal(sg_value_text(sg_value_find(fields, "type")), "class");
    }
    sg_document_close(document);
    free(path);
}

/* ---- parts ---- */

static void absent_networks_are_made_up(void **state)
{
    char *path = temporary_path(state, "one.pkl");
    sg_context *context = sg_context_create(1);
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_network_parts parts = make_networks(context, &config, NULL);
    sg_network_parts one = {.generator_ema = parts.generator_ema};
    write_snapshot(path, &one);
    sg_network_file *file = open_network(path);
    assert_true(sg_network_has(file, SG_PART_G));
    assert_true(sg_network_has(file, SG_PART_G_EMA));
    assert_false(sg_network_has(file, SG_PART_D));
    assert_int_equal(sg_network_ignored_count(file), 1);
    sg_network_close(file);
    sg_document *document = NULL;
    assert_int_equal(sg_document_open(path, &document, NULL), SG_OK);
    const sg_value *root = sg_document_root(document);
    assert_ptr_equal(sg_value_find(root, "G"), sg_value_find(root, "G_ema"));
    assert_string_equal(sg_value_class(sg_value_find(root, "D")),
                        "torch.nn.modules.linear.Identity");
    assert_int_equal(sg_value_kind_of(sg_value_find(root, "training_set_kwargs")), SG_VALUE_NONE);
    sg_document_close(document);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

static void state_dicts_are_read_back(void **state)
{
    char *path = temporary_path(state, "states.pt");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; i < sizeof snapshots / sizeof snapshots[0]; i++) {
        char original[200];
        snprintf(original, sizeof original, "tests/golden/%s/network.pkl", snapshots[i]);
        sg_network_parts parts = load(original, context);
        assert_int_equal(sg_official_write_states(path, &parts, sg_torch_write, NULL), SG_OK);
        assert_file_holds(path, &parts, 0);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

static void check_refused(void **state, const sg_network_parts *parts, const char *words)
{
    char *path = temporary_path(state, "refused.pkl");
    sg_error error = {0};
    assert_int_equal(sg_official_write(path, parts, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, words))
        fail_msg("\"%s\" lacks \"%s\"", error.message, words);
    assert_int_equal(sg_official_write_states(path, parts, sg_torch_write, NULL),
                     SG_ERROR_ARGUMENT);
    assert_false(sg_path_exists(path));
    free(path);
}

static void other_networks_are_refused(void **state)
{
    sg_context *context = sg_context_create(1);
    sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    sg_network_parts parts = make_networks(context, &config, NULL);
    check_refused(state, &parts, "of another family than StyleGAN2 and StyleGAN3");
    destroy_networks(&parts);
    config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    config.base_width = 6;
    parts = make_networks(context, &config, NULL);
    check_refused(state, &parts, "a constant of another size than 4x4");
    destroy_networks(&parts);
    check_refused(state, &(sg_network_parts){0}, "it needs G_ema or G");
    sg_context_destroy(context);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(snapshots_are_written_back),
        IN_FOLDER(blocks_have_the_official_attributes),
        IN_FOLDER(alias_free_layers_have_the_official_attributes),
        IN_FOLDER(sources_are_imports),
        IN_FOLDER(absent_networks_are_made_up),
        IN_FOLDER(state_dicts_are_read_back),
        IN_FOLDER(other_networks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
