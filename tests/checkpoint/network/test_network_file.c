/* Network files: saved and loaded, and refused with a sentence when they do not hold together. */
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
#include "checkpoint/network/network_writer.h"
#include "checkpoint/safetensors/safetensors.h"
#include "models/config_rules.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

static sg_generator_config small_generator(void)
{
    sg_generator_config config = sg_generator_config_default();
    config.z_dim = 5;
    config.w_dim = 6;
    config.img_resolution = 8;
    config.channel_base = 64;
    config.channel_max = 6;
    config.mapping.num_layers = 2;
    config.base_width = 3;
    return config;
}

static sg_discriminator_config small_discriminator(void)
{
    sg_discriminator_config config = sg_discriminator_config_default();
    config.c_dim = 2;
    config.img_resolution = 8;
    config.channel_base = 64;
    config.channel_max = 6;
    config.base_width = 3;
    return config;
}

/* A context with a G, a D and a G_ema of different values. */
typedef struct networks {
    sg_context *context;
    sg_network_parts parts;
} networks;

static networks create_networks(void)
{
    networks made = {.context = sg_context_create(1)};
    assert_non_null(made.context);
    sg_generator_config generator = small_generator();
    sg_discriminator_config discriminator = small_discriminator();
    made.parts.generator = sg_generator_create(made.context, &generator, SG_F32, 1);
    made.parts.discriminator = sg_discriminator_create(made.context, &discriminator, SG_F32, 2);
    made.parts.generator_ema = sg_generator_create(made.context, &generator, SG_F32, 3);
    assert_non_null(made.parts.generator);
    assert_non_null(made.parts.discriminator);
    assert_non_null(made.parts.generator_ema);
    return made;
}

static void destroy_networks(networks *made)
{
    sg_generator_destroy(made->parts.generator);
    sg_discriminator_destroy(made->parts.discriminator);
    sg_generator_destroy(made->parts.generator_ema);
    sg_context_destroy(made->context);
}

static void check_same_set(const sg_parameter_set *a, const sg_parameter_set *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const sg_tensor *first = a->items[i].tensor;
        const sg_tensor *second = b->items[i].tensor;
        assert_string_equal(a->items[i].name, b->items[i].name);
        assert_true(sg_shape_equal(&first->shape, &second->shape));
        assert_memory_equal(sg_f32(first), sg_f32(second),
                            (size_t)sg_tensor_count(first) * sizeof(float));
    }
}

static void check_same_networks(sg_network_file *file, networks *made)
{
    sg_generator *generator = NULL;
    sg_discriminator *discriminator = NULL;
    sg_error error = {0};
    assert_int_equal(sg_network_load_generator(file, SG_PART_G, made->context, &generator, &error),
                     SG_OK);
    check_same_set(sg_generator_parameters(generator),
                   sg_generator_parameters(made->parts.generator));
    sg_generator_destroy(generator);
    assert_int_equal(
        sg_network_load_generator(file, SG_PART_G_EMA, made->context, &generator, &error), SG_OK);
    check_same_set(sg_generator_parameters(generator),
                   sg_generator_parameters(made->parts.generator_ema));
    sg_generator_destroy(generator);
    assert_int_equal(sg_network_load_discriminator(file, made->context, &discriminator, &error),
                     SG_OK);
    check_same_set(sg_discriminator_parameters(discriminator),
                   sg_discriminator_parameters(made->parts.discriminator));
    sg_discriminator_destroy(discriminator);
}

static void test_round_trip(void **state)
{
    static const sg_metadata extra = {"images", "1000"};
    char *path = temporary_path(state, "network.safetensors");
    networks made = create_networks();
    sg_network_file *file = NULL;
    sg_error error = {0};
    assert_int_equal(sg_network_save(path, &made.parts, &extra, 1, &error), SG_OK);
    assert_int_equal(sg_network_open(path, &file, &error), SG_OK);
    check_same_networks(file, &made);
    assert_int_equal(sg_network_metadata_count(file), 1);
    assert_string_equal(sg_network_metadata_at(file, 0).key, "images");
    assert_string_equal(sg_network_metadata_at(file, 0).value, "1000");
    assert_int_equal(sg_network_family(file, SG_PART_G), SG_STYLEGAN2);
    assert_int_equal(sg_network_tensor_count(file, SG_PART_G),
                     sg_generator_parameters(made.parts.generator)->count);
    assert_true(sg_network_tensor_at(file, SG_PART_D, 0)->count > 0);
    sg_network_close(file);
    destroy_networks(&made);
    free(path);
}

static void test_growing_round_trip(void **state)
{
    static const sg_family families[] = {SG_STYLEGAN1, SG_PROGAN};
    for (int i = 0; i < 4; i++) {
        const sg_family family = families[i / 2];
        const int classes = i % 2 ? 3 : 0;
        char *path = temporary_path(state, "network.safetensors");
        networks made = {.context = sg_context_create(1)};
        const sg_generator_config g = tiny_growing_config(family, 16, 3, classes);
        const sg_discriminator_config d = tiny_growing_discriminator_config(family, 16, 3, classes);
        made.parts.generator = tiny_generator(made.context, &g, SG_F32, 1);
        made.parts.generator_ema = tiny_generator(made.context, &g, SG_F32, 2);
        made.parts.discriminator = tiny_discriminator(made.context, &d, SG_F32, 3);
        sg_generator_set_lod(made.parts.generator, 1.25);
        sg_discriminator_set_lod(made.parts.discriminator, 1.25);
        sg_network_file *file = NULL;
        sg_error error = {0};
        assert_int_equal(sg_network_save(path, &made.parts, NULL, 0, &error), SG_OK);
        assert_int_equal(sg_network_open(path, &file, &error), SG_OK);
        check_same_networks(file, &made);
        for (int part = 0; part < SG_PART_E; part++)
            assert_int_equal(sg_network_family(file, (sg_network_part)part), family);
        sg_network_close(file);
        destroy_networks(&made);
        free(path);
    }
}

/* How many tensors' values lie in a file. */
static size_t count_mapped(const sg_parameter_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->items[i].tensor->storage->mapping != NULL;
    return count;
}

/* A new network's values stay in the file where the context says so, and the file may go; those of
 * one that exists are copied. */
static void test_values_stay_in_the_file(void **state)
{
    char *path = temporary_path(state, "network.safetensors");
    networks made = create_networks();
    sg_network_file *file = NULL;
    sg_generator *mapped = NULL;
    made.context->map_files = true;
    assert_int_equal(sg_network_save(path, &made.parts, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, NULL), SG_OK);
    assert_int_equal(sg_network_load_generator(file, SG_PART_G_EMA, made.context, &mapped, NULL),
                     SG_OK);
    sg_parameter_set *copied = sg_generator_parameters(made.parts.generator);
    assert_int_equal(sg_network_fill(file, SG_PART_G_EMA, copied, NULL), SG_OK);
    sg_network_close(file);
    assert_int_equal(remove(path), 0);
    assert_int_equal(count_mapped(copied), 0);
    assert_int_equal(count_mapped(sg_generator_parameters(mapped)), copied->count);
    check_same_set(sg_generator_parameters(mapped), copied);
    check_same_set(copied, sg_generator_parameters(made.parts.generator_ema));
    sg_generator_destroy(mapped);
    destroy_networks(&made);
    free(path);
}

/* Writing into a network that lies in its file does not change the file. */
static void test_changed_networks_leave_their_file_alone(void **state)
{
    char *path = temporary_path(state, "network.safetensors");
    networks made = create_networks();
    sg_network_file *file = NULL;
    sg_generator *mapped[2] = {NULL, NULL};
    made.context->map_files = true;
    assert_int_equal(sg_network_save(path, &made.parts, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, NULL), SG_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            sg_network_load_generator(file, SG_PART_G_EMA, made.context, &mapped[i], NULL), SG_OK);
        sg_parameter_set *set = sg_generator_parameters(mapped[i]);
        check_same_set(set, sg_generator_parameters(made.parts.generator_ema));
        for (size_t k = 0; k < set->count; k++) {
            sg_tensor_set_value(set->items[k].tensor, 0, 1000);
            sg_tensor_touch(set->items[k].tensor);
        }
    }
    sg_network_close(file);
    sg_generator_destroy(mapped[0]);
    sg_generator_destroy(mapped[1]);
    destroy_networks(&made);
    free(path);
}

static void test_equal_networks_give_equal_bytes(void **state)
{
    unsigned char *bytes[2];
    size_t sizes[2];
    char *path = temporary_path(state, "network.safetensors");
    for (int i = 0; i < 2; i++) {
        networks made = create_networks();
        assert_int_equal(sg_network_save(path, &made.parts, NULL, 0, NULL), SG_OK);
        assert_int_equal(sg_read_file(path, 1 << 24, &bytes[i], &sizes[i], NULL), SG_OK);
        destroy_networks(&made);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    free(path);
}

static void test_one_part_is_enough(void **state)
{
    char *path = temporary_path(state, "network.safetensors");
    networks made = create_networks();
    sg_network_parts alone = {.generator_ema = made.parts.generator_ema};
    sg_network_parts none = {0};
    sg_network_file *file = NULL;
    sg_discriminator *discriminator = NULL;
    sg_error error = {0};
    assert_int_equal(sg_network_save(path, &none, NULL, 0, &error), SG_ERROR_ARGUMENT);
    sg_error_clear(&error);
    assert_int_equal(sg_network_save(path, &alone, NULL, 0, &error), SG_OK);
    assert_int_equal(sg_network_open(path, &file, &error), SG_OK);
    assert_true(sg_network_has(file, SG_PART_G_EMA));
    assert_false(sg_network_has(file, SG_PART_G));
    assert_false(sg_network_has(file, SG_PART_D));
    assert_int_equal(sg_network_load_discriminator(file, made.context, &discriminator, &error),
                     SG_ERROR_FORMAT);
    assert_null(discriminator);
    assert_non_null(strstr(error.message, "holds no D"));
    sg_network_close(file);
    destroy_networks(&made);
    free(path);
}

static void test_reads_the_official_tensors(void **state)
{
    (void)state;
    static const char *const cases[] = {"sg2-skip-32", "sg2-cond-gray-16", "sg2-orig-16",
                                        "sg2-resnet-16"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[200];
        sg_context *context = sg_context_create(1);
        sg_network_file *file = NULL;
        sg_generator *generator = NULL;
        sg_discriminator *discriminator = NULL;
        sg_error error = {0};
        snprintf(path, sizeof path, "tests/golden/%s/network.safetensors", cases[i]);
        if (sg_network_open(path, &file, &error) ||
            sg_network_load_generator(file, SG_PART_G_EMA, context, &generator, &error) ||
            sg_network_load_discriminator(file, context, &discriminator, &error))
            fail_msg("%s", error.message);
        assert_int_equal(sg_generator_parameters(generator)->count,
                         sg_network_tensor_count(file, SG_PART_G_EMA));
        sg_network_close(file);
        sg_generator_destroy(generator);
        sg_discriminator_destroy(discriminator);
        sg_context_destroy(context);
    }
}

/* ---- damaged files ---- */

/* Room for a small generator's tensors and one more. */
enum { MOST_ENTRIES = 200 };

typedef struct damage {
    sg_safetensors_entry entries[MOST_ENTRIES];
    char names[MOST_ENTRIES][128];
    size_t count;
    char config[1000];
} damage;

/* The entries and config of a file with G_ema alone, to be changed before they are written. */
static void prepare_damage(damage *file, const networks *made)
{
    const sg_parameter_set *set = sg_generator_parameters(made->parts.generator_ema);
    file->count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        char *name = file->names[file->count];
        sg_safetensors_entry *entry = &file->entries[file->count++];
        snprintf(name, sizeof file->names[0], "G_ema.%s", set->items[i].name);
        *entry = (sg_safetensors_entry){.name = name,
                                        .type = SG_STORED_F32,
                                        .rank = tensor->shape.rank,
                                        .values = sg_f32(tensor)};
        memcpy(entry->size, tensor->shape.size, sizeof tensor->shape.size);
    }
    strcpy(file->config,
           "{\"G_ema\":{\"class_name\":\"Generator\",\"init_kwargs\":{\"z_dim\":5,\"w_dim\":6,"
           "\"img_resolution\":8,\"channel_base\":64,\"channel_max\":6,\"base_width\":3,"
           "\"mapping_kwargs\":{\"num_layers\":2}}}}");
}

static sg_safetensors_entry *find_entry(damage *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->entries[i].name, name) == 0)
            return &file->entries[i];
    fail_msg("there is no %s", name);
    return NULL;
}

/* Writes the file, and returns the sentence that loading it gives ("" when it loads). */
static const char *load_damage(void **state, const damage *file, sg_error *error)
{
    char *path = temporary_path(state, "network.safetensors");
    const sg_metadata config = {"config", file->config};
    sg_context *context = sg_context_create(1);
    sg_network_file *opened = NULL;
    sg_generator *generator = NULL;
    sg_error_clear(error);
    assert_int_equal(sg_safetensors_write(path, file->entries, file->count, &config,
                                          file->config[0] != '\0' ? 1 : 0, error),
                     SG_OK);
    if (!sg_network_open(path, &opened, error))
        sg_network_load_generator(opened, SG_PART_G_EMA, context, &generator, error);
    assert_true((!generator) == (error->status != SG_OK));
    if (error->status)
        assert_non_null(strstr(error->message, path));
    sg_network_close(opened);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    free(path);
    return error->message;
}

static void test_tensors_that_do_not_fit(void **state)
{
    networks made = create_networks();
    damage *file = calloc(1, sizeof *file);
    sg_error error = {0};
    prepare_damage(file, &made);
    assert_string_equal(load_damage(state, file, &error), "");

    sg_safetensors_entry *bias = find_entry(file, "G_ema.synthesis.b8.conv0.bias");
    bias->size[0] -= 1;
    assert_non_null(strstr(load_damage(state, file, &error), "has the shape [5], but"));
    assert_non_null(strstr(error.message, "G_ema.synthesis.b8.conv0.bias"));
    bias->name = "D.unrelated";
    assert_non_null(
        strstr(load_damage(state, file, &error), "lacks the tensor G_ema.synthesis.b8.conv0.bias"));

    prepare_damage(file, &made);
    file->entries[file->count] = file->entries[0];
    file->entries[file->count++].name = "G_ema.synthesis.b16.conv0.bias";
    assert_non_null(strstr(load_damage(state, file, &error), "G_ema.synthesis.b16.conv0.bias"));
    file->entries[file->count - 1].name = "G_ema.anywhere.resample_filter";
    assert_string_equal(load_damage(state, file, &error), "");
    file->entries[file->count - 1].name = "G_ema.synthesis.input.freqs";
    assert_non_null(strstr(load_damage(state, file, &error), "G_ema.synthesis.input.freqs"));
    free(file);
    destroy_networks(&made);
}

/* The official networks keep filters of eight taps and more by their taps alone. */
static void test_separable_filters(void **state)
{
    networks made = create_networks();
    damage *file = calloc(1, sizeof *file);
    sg_error error = {0};
    prepare_damage(file, &made);
    sg_safetensors_entry *filter = find_entry(file, "G_ema.synthesis.b8.conv0.resample_filter");
    filter->rank = 1;
    assert_string_equal(load_damage(state, file, &error), "");
    filter->size[0] = 3;
    assert_non_null(strstr(load_damage(state, file, &error), "has the shape [3], but"));
    free(file);
    destroy_networks(&made);
}

static void test_doubles_are_taken_too(void **state)
{
    networks made = create_networks();
    damage *file = calloc(1, sizeof *file);
    sg_error error = {0};
    static const double bias[] = {1, 2, 3, 4, 5, 6};
    prepare_damage(file, &made);
    sg_safetensors_entry *entry = find_entry(file, "G_ema.synthesis.b8.conv0.bias");
    entry->type = SG_STORED_F64;
    entry->values = bias;
    assert_string_equal(load_damage(state, file, &error), "");
    free(file);
    destroy_networks(&made);
}

/* A config and what the sentence about it must hold. */
typedef struct refused_config {
    const char *text, *part;
} refused_config;

static const refused_config refused_configs[] = {
    {"not JSON", "not a JSON object"},
    {"[]", "not a JSON object"},
    {"{}", "no init_kwargs for G_ema"},
    {"{\"G_ema\": 3}", "no init_kwargs"},
    {"{\"D\": {\"class_name\": \"Discriminator\", \"init_kwargs\": {}}}", "no init_kwargs"},
    {"{\"G_ema\": {\"init_kwargs\": {}}}", "class_name"},
    {"{\"G_ema\": {\"class_name\": \"Discriminator\", \"init_kwargs\": {}}}", "class_name"},
    {"{\"G_ema\": {\"class_name\": \"Generator\", \"init_kwargs\": {\"colour\": 1}}}", "colour"},
    {"{\"G_ema\": {\"class_name\": \"Generator\", \"init_kwargs\": {}}}", "asks for at least"},
    {"{\"G_ema\": {\"class_name\": \"Generator\", \"init_kwargs\": {\"z_dim\": 65536, \"w_dim\": "
     "65536, \"img_resolution\": 256, \"channel_base\": 16777216, \"channel_max\": 65536, "
     "\"base_height\": 64, \"base_width\": 64}}}",
     "asks for at least"},
};

static void test_configs_that_are_refused(void **state)
{
    networks made = create_networks();
    damage *file = calloc(1, sizeof *file);
    sg_error error = {0};
    prepare_damage(file, &made);
    for (size_t i = 0; i < sizeof refused_configs / sizeof refused_configs[0]; i++) {
        strcpy(file->config, refused_configs[i].text);
        if (!strstr(load_damage(state, file, &error), refused_configs[i].part))
            fail_msg("\"%s\" lacks \"%s\"", error.message, refused_configs[i].part);
    }
    free(file);
    destroy_networks(&made);
}

static void test_the_other_generators_config_serves(void **state)
{
    networks made = create_networks();
    damage *file = calloc(1, sizeof *file);
    sg_error error = {0};
    prepare_damage(file, &made);
    char *name = strstr(file->config, "\"G_ema\"");
    memmove(name + 3, name + 7, strlen(name + 7) + 1);
    memcpy(name, "\"G\"", 3);
    assert_string_equal(load_damage(state, file, &error), "");
    free(file);
    destroy_networks(&made);
}

static void check_not_a_network(const char *path, const void *bytes, size_t size, const char *part)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
    assert_null(file);
    if (!strstr(error.message, path) || !strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

static void test_other_formats_are_named(void **state)
{
    static const char pickle[] = "\x80\x04\x95 and so on, and so on";
    static const char archive[] = "PK\3\4 and so on, and so on";
    char *path = temporary_path(state, "network.pkl");
    sg_network_file *file = NULL;
    sg_error error = {0};
    static const char number[] = "\x80\2K\1.";
    check_not_a_network(path, pickle, sizeof pickle, "a frame of");
    check_not_a_network(path, archive, sizeof archive, "archive");
    check_not_a_network(path, number, sizeof number - 1, "holds no network: it is");
    check_not_a_network(path, "", 0, "is no network file: it seems to be an empty file");
    check_not_a_network(path, "some text that is long enough", 29,
                        "is no network file: it seems to be a text (\"some text that is long "
                        "enough\")");
    check_not_a_network(path, "<html>", 6, "is no network file: it seems to be a web page");
    assert_int_equal(sg_safetensors_write(path, NULL, 0, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "holds no network"));
    sg_error_clear(&error);
    assert_int_equal(sg_network_open("/does/not/exist", &file, &error), SG_ERROR_FILE);
    free(path);
}

/* A header whose length begins with a pickle's or an archive's first bytes is still ours. */
static void test_lengths_are_not_taken_for_other_formats(void **state)
{
    static const size_t lengths[] = {0x0280, 0x4b50};
    for (size_t i = 0; i < 2; i++) {
        char *path = temporary_path(state, "network.safetensors");
        unsigned char *bytes = malloc(8 + lengths[i]);
        assert_non_null(bytes);
        memset(bytes, 0, 8);
        memset(bytes + 8, ' ', lengths[i]);
        bytes[0] = (unsigned char)lengths[i];
        bytes[1] = (unsigned char)(lengths[i] >> 8);
        bytes[8] = '{';
        bytes[9] = '}';
        check_not_a_network(path, bytes, 8 + lengths[i], "holds no network");
        free(bytes);
        free(path);
    }
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_round_trip),
        IN_FOLDER(test_growing_round_trip),
        IN_FOLDER(test_values_stay_in_the_file),
        IN_FOLDER(test_changed_networks_leave_their_file_alone),
        IN_FOLDER(test_equal_networks_give_equal_bytes),
        IN_FOLDER(test_one_part_is_enough),
        cmocka_unit_test(test_reads_the_official_tensors),
        IN_FOLDER(test_tensors_that_do_not_fit),
        IN_FOLDER(test_separable_filters),
        IN_FOLDER(test_doubles_are_taken_too),
        IN_FOLDER(test_configs_that_are_refused),
        IN_FOLDER(test_the_other_generators_config_serves),
        IN_FOLDER(test_other_formats_are_named),
        IN_FOLDER(test_lengths_are_not_taken_for_other_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
