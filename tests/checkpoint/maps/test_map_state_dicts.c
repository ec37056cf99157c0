/* State dicts of the golden networks in all wrappers, prefixes and containers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/safetensors/safetensors.h"
#include "checkpoint/torch/torch_file.h"
#include "models/config_json.h"
#include "models/config_rules.h"
#include "support/foreign_pickle.h"
#include "support/golden_names.h"
#include "support/loaded_networks.h"
#include "support/parameters.h"
#include "support/temporary_folder.h"

enum { MOST_TENSORS = 400, NAME_BYTES = 160 };

/* Entries of a file being made, with their names. */
typedef struct dict_file {
    sg_tensor_entry entries[MOST_TENSORS];
    char names[MOST_TENSORS][NAME_BYTES];
    size_t count;
} dict_file;

static void add_entry(dict_file *file, const char *dict, const char *prefix, const char *name,
                      const sg_tensor *tensor)
{
    assert_true(file->count < MOST_TENSORS);
    char *full = file->names[file->count];
    snprintf(full, NAME_BYTES, "%s%s", prefix, name);
    sg_tensor_entry *entry = &file->entries[file->count++];
    *entry = (sg_tensor_entry){.dict = dict,
                               .name = full,
                               .rank = tensor->shape.rank,
                               .values = sg_f32(tensor),
                               .scale = 1.0f};
    memcpy(entry->size, tensor->shape.size, (size_t)entry->rank * sizeof *entry->size);
}

/* Adds a network's state dict under the key `dict`, with a prefix before every name. */
static void add_dict(dict_file *file, const char *dict, const char *prefix,
                     const sg_parameter_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        add_entry(file, dict, prefix, set->items[i].name, set->items[i].tensor);
}

static void write_torch(const char *path, const dict_file *file)
{
    assert_int_equal(sg_torch_write(path, file->entries, file->count, NULL), SG_OK);
}

static void write_safetensors(const char *path, const dict_file *file)
{
    static const sg_metadata metadata = {"format", "pt"};
    sg_safetensors_entry entries[MOST_TENSORS] = {0};
    for (size_t i = 0; i < file->count; i++) {
        entries[i] = (sg_safetensors_entry){.name = file->entries[i].name,
                                            .type = SG_STORED_F32,
                                            .rank = file->entries[i].rank,
                                            .values = file->entries[i].values};
        memcpy(entries[i].size, file->entries[i].size, sizeof entries[i].size);
    }
    assert_int_equal(sg_safetensors_write(path, entries, file->count, &metadata, 1, NULL), SG_OK);
}

/* ---- what names and shapes tell ---- */

/* Options that no tensor shows. Many values of channel_base give the same channels, which the
 * shapes show. */
static const char *const untold[] = {"conv_clamp", "num_fp16_res", "magnitude_ema_beta",
                                     "channel_base"};

static char *told_config(cJSON *config)
{
    for (size_t i = 0; i < sizeof untold / sizeof *untold; i++)
        cJSON_DeleteItemFromObject(config, untold[i]);
    cJSON *mapping = cJSON_GetObjectItem(config, "mapping_kwargs");
    cJSON_DeleteItemFromObject(mapping, "w_avg_beta");
    cJSON_DeleteItemFromObject(mapping, "layer_features");
    char *text = cJSON_PrintUnformatted(config);
    cJSON_Delete(config);
    return text;
}

static void check_config(const sg_network_file *file, sg_generator *expected)
{
    sg_generator_config found;
    sg_error error = {0};
    if (sg_network_generator_config(file, SG_PART_G_EMA, &found, &error))
        fail_msg("%s", error.message);
    char *a = told_config(sg_generator_config_to_json(&found));
    char *b = told_config(sg_generator_config_to_json(sg_generator_config_of(expected)));
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static void check_golden(const char *path, const char *name)
{
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, name);
    dict_file *file = calloc(1, sizeof *file);
    sg_generator_destroy(parts.generator);
    parts.generator = NULL;
    add_dict(file, NULL, "G_ema.module.", sg_generator_parameters(parts.generator_ema));
    add_dict(file, NULL, "D.", sg_discriminator_parameters(parts.discriminator));
    write_safetensors(path, file);
    assert_file_holds(path, &parts, 0);
    sg_network_file *opened = open_network(path);
    check_config(opened, parts.generator_ema);
    sg_network_close(opened);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(file);
}

static void test_options_are_told_by_shapes(void **state)
{
    char *path = temporary_path(state, "network.safetensors");
    for (size_t i = 0; golden_networks[i]; i++)
        check_golden(path, golden_networks[i]);
    check_golden(path, "sg2-rectangle-12x20");
    free(path);
}

/* ---- wrappers and prefixes ---- */

typedef struct wrapper {
    const char *dict, *prefix;
    sg_network_part part;
} wrapper;

static const wrapper wrappers[] = {
    {NULL, "", SG_PART_G_EMA},
    {NULL, "module.", SG_PART_G_EMA},
    {NULL, "G.", SG_PART_G},
    {NULL, "net.decoder.", SG_PART_G_EMA},
    {"g_ema", "", SG_PART_G_EMA},
    {"G_ema", "module.", SG_PART_G_EMA},
    {"state_dict", "", SG_PART_G_EMA},
    {"state_dict", "generator.", SG_PART_G},
    {"model", "", SG_PART_G_EMA},
    {"generator", "", SG_PART_G},
    {"anything", "some.thing.", SG_PART_G_EMA},
};

static void check_wrapper(const char *path, sg_generator *generator, const wrapper *around)
{
    sg_network_parts expected = {0};
    dict_file *file = calloc(1, sizeof *file);
    if (around->part == SG_PART_G)
        expected.generator = generator;
    else
        expected.generator_ema = generator;
    add_dict(file, around->dict, around->prefix, sg_generator_parameters(generator));
    write_torch(path, file);
    assert_file_holds(path, &expected, 0);
    free(file);
}

static void test_wrappers_are_peeled(void **state)
{
    char *path = temporary_path(state, "network.pt");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-skip-32");
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        check_wrapper(path, parts.generator_ema, &wrappers[i]);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

/* Two generators without words for them: the first is the averaged one. */
static void test_generators_of_one_name(void **state)
{
    char *path = temporary_path(state, "network.pt");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-orig-16");
    dict_file *file = calloc(1, sizeof *file);
    add_dict(file, "one", "", sg_generator_parameters(parts.generator_ema));
    add_dict(file, "two", "", sg_generator_parameters(parts.generator));
    add_dict(file, "three", "", sg_generator_parameters(parts.generator));
    write_torch(path, file);
    sg_network_file *opened = open_network(path);
    assert_true(sg_network_has(opened, SG_PART_G) && sg_network_has(opened, SG_PART_G_EMA));
    assert_int_equal(sg_network_ignored_count(opened), 1);
    assert_non_null(strstr(sg_network_ignored_at(opened, 0), "another G"));
    sg_network_close(opened);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(file);
    free(path);
}

static sg_tensor *rows_of(sg_context *context, int64_t rows, int64_t columns, float value)
{
    sg_tensor *tensor = sg_tensor_create(context, SG_F32, SG_SHAPE(rows, columns));
    for (int64_t i = 0; i < rows * columns; i++)
        sg_f32(tensor)[i] = value + (float)i;
    return tensor;
}

/* Encoders keep their decoder's average of w beside the state dict, once for each input. */
static void test_average_beside_the_dict(void **state)
{
    char *path = temporary_path(state, "encoder.pt");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-skip-32");
    sg_parameter_set *set = sg_generator_parameters(parts.generator_ema);
    dict_file *file = calloc(1, sizeof *file);
    const int width = sg_generator_config_of(parts.generator_ema)->w_dim;
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, "mapping.w_avg") != 0)
            add_entry(file, "state_dict", "decoder.", set->items[i].name, set->items[i].tensor);
    add_entry(file, "state_dict", "encoder.", "body.weight", set->items[0].tensor);
    add_entry(file, NULL, "", "latent_avg", rows_of(context, 8, width, 3.0f));
    write_torch(path, file);
    sg_generator *loaded = NULL;
    sg_network_file *opened = open_network(path);
    assert_int_equal(sg_network_load_generator(opened, SG_PART_G_EMA, context, &loaded, NULL),
                     SG_OK);
    const sg_tensor *average = parameter_named(sg_generator_parameters(loaded), "mapping.w_avg");
    for (int i = 0; i < width; i++)
        assert_true(sg_f32(average)[i] == 3.0f + (float)i);
    sg_generator_destroy(loaded);
    sg_network_close(opened);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(file);
    free(path);
}

/* ---- what is refused ---- */

static void test_names_that_nobody_knows(void **state)
{
    char *path = temporary_path(state, "network.safetensors");
    sg_context *context = sg_context_create(1);
    dict_file *file = calloc(1, sizeof *file);
    sg_network_file *opened = NULL;
    sg_error error = {0};
    add_entry(file, NULL, "", "layer1.conv.weight", rows_of(context, 2, 2, 0.0f));
    write_safetensors(path, file);
    assert_int_equal(sg_network_open(path, &opened, &error), SG_ERROR_FORMAT);
    assert_non_null(
        strstr(error.message, "holds no network: it is a dict of 1 entry (layer1.conv.weight)"));
    sg_context_destroy(context);
    free(file);
    free(path);
}

/* A damaged part leaves the others readable, and its sentence says why it is not there. */
static void test_parts_stand_alone(void **state)
{
    char *path = temporary_path(state, "network.pt");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-skip-32");
    dict_file *file = calloc(1, sizeof *file);
    add_dict(file, NULL, "G_ema.", sg_generator_parameters(parts.generator_ema));
    add_entry(file, NULL, "D.", "b4.conv.weight", rows_of(context, 3, 5, 0.0f));
    add_entry(file, NULL, "D.", "b4.out.weight", rows_of(context, 1, 3, 0.0f));
    write_torch(path, file);
    sg_generator *loaded = NULL;
    sg_network_file *opened = open_network(path);
    assert_int_equal(sg_network_load_generator(opened, SG_PART_G_EMA, context, &loaded, NULL),
                     SG_OK);
    sg_generator_destroy(loaded);
    sg_network_close(opened);
    assert_part_refused(path, SG_PART_D, "img_");
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(file);
    free(path);
}

/* Adds the tensors whose names do not begin with `without`. */
static void add_dict_without(dict_file *file, const sg_parameter_set *set, const char *without)
{
    for (size_t i = 0; i < set->count; i++)
        if (strncmp(set->items[i].name, without, strlen(without)) != 0)
            add_entry(file, NULL, "", set->items[i].name, set->items[i].tensor);
}

static void check_without(const char *path, const sg_generator_config *config, const char *without,
                          const char *reason)
{
    sg_context *context = sg_context_create(1);
    sg_generator *made = sg_generator_create(context, config, SG_F32, 1);
    dict_file *file = calloc(1, sizeof *file);
    add_dict_without(file, sg_generator_parameters(made), without);
    write_torch(path, file);
    assert_part_refused(path, SG_PART_G_EMA, reason);
    sg_generator_destroy(made);
    sg_context_destroy(context);
    free(file);
}

/* Networks that lack what no other tensor tells are refused rather than misread. */
static void test_what_is_missing_is_said(void **state)
{
    char *path = temporary_path(state, "network.pt");
    sg_generator_config config = sg_generator_config_default();
    config.img_resolution = 16;
    config.channel_base = 64;
    config.z_dim = config.w_dim = 6;
    config.c_dim = 3;
    check_without(path, &config, "mapping.embed", "label embedding is missing");
    check_without(path, &config, "mapping.fc", "has no mapping network");
    check_without(path, &config, "synthesis.b8", "lacks the tensors synthesis.b8");
    free(path);
}

/* What lies beside a network under a prefix of its own is listed, an encoder and the like. */
static void test_other_prefixes_are_listed(void **state)
{
    char *path = temporary_path(state, "network.pt");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-skip-32");
    dict_file *file = calloc(1, sizeof *file);
    add_dict(file, NULL, "decoder.", sg_generator_parameters(parts.generator_ema));
    add_entry(file, NULL, "encoder.", "body.weight", rows_of(context, 3, 5, 0.0f));
    add_entry(file, "hyper", "", "body.weight", rows_of(context, 3, 5, 0.0f));
    write_torch(path, file);
    sg_network_file *opened = open_network(path);
    assert_int_equal(sg_network_ignored_count(opened), 2);
    assert_string_equal(sg_network_ignored_at(opened, 0),
                        "encoder: names of no program that is known");
    assert_string_equal(sg_network_ignored_at(opened, 1),
                        "hyper: names of no program that is known");
    sg_network_close(opened);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(file);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_told_by_shapes),
        cmocka_unit_test(test_wrappers_are_peeled),
        cmocka_unit_test(test_generators_of_one_name),
        cmocka_unit_test(test_average_beside_the_dict),
        cmocka_unit_test(test_names_that_nobody_knows),
        cmocka_unit_test(test_parts_stand_alone),
        cmocka_unit_test(test_what_is_missing_is_said),
        cmocka_unit_test(test_other_prefixes_are_listed),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
