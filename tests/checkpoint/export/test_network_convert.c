/* Network files in other formats. */
#include "checkpoint/export/network_convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"
#include "models/config_rules.h"
#include "support/golden_names.h"
#include "support/loaded_networks.h"
#include "support/temporary_folder.h"

static void convert(const char *from, const char *to, sg_context *context)
{
    sg_network_file *file = open_network(from);
    sg_network_choice choice = sg_network_choose_all(file);
    sg_error error = {0};
    const char *left_out = NULL;
    if (sg_network_convert(file, &choice, sg_network_format_find("a.safetensors", -1), to, context,
                           &left_out, &error))
        fail_msg("%s", error.message);
    assert_null(left_out);
    sg_network_close(file);
}

/* Fails the test unless both files hold the same bytes. */
static void assert_same_files(const char *a, const char *b)
{
    unsigned char *first = NULL;
    unsigned char *second = NULL;
    size_t first_size = 0;
    size_t second_size = 0;
    assert_int_equal(sg_read_file(a, 1 << 24, &first, &first_size, NULL), SG_OK);
    assert_int_equal(sg_read_file(b, 1 << 24, &second, &second_size, NULL), SG_OK);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
}

static void test_snapshots_become_native(void **state)
{
    char *native = temporary_path(state, "network.safetensors");
    char *again = temporary_path(state, "again.safetensors");
    sg_context *context = sg_context_create(1);
    for (size_t i = 0; golden_networks[i]; i++) {
        char path[200];
        snprintf(path, sizeof path, "tests/golden/%s/network.pkl", golden_networks[i]);
        sg_network_parts parts = load_golden_networks(context, golden_networks[i]);
        convert(path, native, context);
        sg_network_file *file = open_network(native);
        assert_true(sg_network_has(file, SG_PART_G));
        assert_string_equal(sg_network_metadata_at(file, 0).key, "converted_from");
        sg_network_close(file);
        /* G is another network than G_ema there. */
        sg_generator_destroy(parts.generator);
        parts.generator = NULL;
        sg_network_choice choice = {.part = {[SG_PART_D] = true, [SG_PART_G_EMA] = true}};
        file = open_network(path);
        const char *left_out = NULL;
        assert_int_equal(sg_network_convert(file, &choice,
                                            sg_network_format_find("a.safetensors", -1), again,
                                            context, &left_out, NULL),
                         SG_OK);
        sg_network_close(file);
        assert_file_holds(again, &parts, 0);
        convert(native, again, context);
        assert_same_files(native, again);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(native);
    free(again);
}

/* A StyleGAN3, whose filters and frequencies are tensors too. */
static void test_stylegan3_is_converted(void **state)
{
    static const char path[] = "tests/golden/sg3-r-32/network.pkl";
    char *native = temporary_path(state, "network.safetensors");
    sg_context *context = sg_context_create(1);
    convert(path, native, context);
    sg_network_file *file = open_network(path);
    sg_network_file *copy = open_network(native);
    sg_generator_config config;
    assert_int_equal(sg_network_family(copy, SG_PART_G_EMA), SG_STYLEGAN3);
    assert_int_equal(sg_network_generator_config(copy, SG_PART_G, &config, NULL), SG_OK);
    assert_true(config.stylegan3.use_radial_filters);
    assert_int_equal(config.stylegan3.conv_kernel, 1);
    assert_true(config.conv_clamp == 256.0);
    assert_int_equal(sg_network_tensor_count(file, SG_PART_G_EMA),
                     sg_network_tensor_count(copy, SG_PART_G_EMA));
    for (size_t i = 0; i < sg_network_tensor_count(file, SG_PART_G_EMA); i++) {
        const sg_network_tensor *tensor = sg_network_tensor_at(file, SG_PART_G_EMA, i);
        const sg_network_tensor *copied = sg_network_tensor_find(copy, SG_PART_G_EMA, tensor->name);
        assert_non_null(copied);
        assert_int_equal(tensor->count, copied->count);
    }
    sg_network_close(file);
    sg_network_close(copy);
    sg_context_destroy(context);
    free(native);
}

/* From rosinality's format and back again: the same file. */
static void test_rosinality_there_and_back(void **state)
{
    char *native = temporary_path(state, "network.safetensors");
    char *checkpoint = temporary_path(state, "checkpoint.pt");
    char *again = temporary_path(state, "again.safetensors");
    sg_context *context = sg_context_create(1);
    const char *left_out = NULL;
    sg_error error = {0};
    convert("tests/golden/legacy/rosinality-32/checkpoint.pt", native, context);
    sg_network_file *file = open_network(native);
    sg_network_choice choice = sg_network_choose_all(file);
    if (sg_network_convert(file, &choice, sg_network_format_find("a.pt", -1), checkpoint, context,
                           &left_out, &error))
        fail_msg("%s", error.message);
    assert_null(left_out);
    sg_network_close(file);
    convert(checkpoint, again, context);
    assert_same_files(native, again);
    sg_context_destroy(context);
    free(native);
    free(checkpoint);
    free(again);
}

static void test_other_networks_are_refused_or_left_out(void **state)
{
    char *path = temporary_path(state, "checkpoint.pt");
    sg_context *context = sg_context_create(1);
    const char *left_out = NULL;
    sg_error error = {0};
    sg_network_file *file = open_network("tests/golden/sg2-resnet-16/network.pkl");
    sg_network_choice choice = sg_network_choose_all(file);
    assert_int_equal(sg_network_convert(file, &choice, sg_network_format_find("a.pt", -1), path,
                                        context, &left_out, &error),
                     SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "another architecture than skip"));
    assert_false(sg_path_exists(path));
    sg_network_close(file);

    sg_generator_config generator = sg_generator_config_default();
    sg_discriminator_config discriminator = sg_discriminator_config_default();
    generator.img_resolution = discriminator.img_resolution = 8;
    generator.channel_base = discriminator.channel_base = 32;
    generator.z_dim = generator.w_dim = 4;
    discriminator.architecture = SG_ARCHITECTURE_ORIG;
    sg_network_parts parts = make_networks(context, &generator, &discriminator);
    char *native = temporary_path(state, "network.safetensors");
    assert_int_equal(sg_network_save(native, &parts, NULL, 0, NULL), SG_OK);
    file = open_network(native);
    choice = sg_network_choose_all(file);
    assert_int_equal(sg_network_convert(file, &choice, sg_network_format_find("a.pt", -1), path,
                                        context, &left_out, NULL),
                     SG_OK);
    assert_string_equal(left_out, "has another architecture than resnet");
    sg_network_close(file);
    file = open_network(path);
    assert_false(sg_network_has(file, SG_PART_D));
    sg_network_close(file);
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(native);
    free(path);
}

static void test_formats_by_name(void **state)
{
    const int official = sg_choice_find(&sg_network_layouts, "official");
    char text[40];
    (void)state;
    assert_null(sg_network_format_find("a.safetensors", -1)->write);
    const sg_network_format *usual = sg_network_format_find("a.PT", -1);
    const sg_network_format *states = sg_network_format_find("a.pt", official);
    assert_string_equal(usual->program, "stylegan2-pytorch");
    assert_string_equal(states->program, "stylegan2-ada-pytorch and stylegan3");
    assert_ptr_equal(sg_network_format_find("a.pkl", -1),
                     sg_network_format_find("a.pkl", official));
    assert_null(sg_network_format_find("a.safetensors", official));
    assert_null(sg_network_format_find(".pt", -1));
    assert_null(sg_network_format_find("a", -1));
    assert_string_equal(sg_network_format_suffixes(text, sizeof text),
                        ".safetensors or .pkl or .pt");
}

/* Writes a golden snapshot natively without one tensor of the part. */
static void write_damaged(const char *path, sg_network_part damaged)
{
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = load_golden_networks(context, "sg2-skip-32");
    sg_parameter_set *sets[SG_PART_COUNT] = {
        [SG_PART_G] = sg_generator_parameters(parts.generator),
        [SG_PART_D] = sg_discriminator_parameters(parts.discriminator),
        [SG_PART_G_EMA] = sg_generator_parameters(parts.generator_ema),
    };
    sets[damaged]->count--;
    assert_int_equal(sg_network_save(path, &parts, NULL, 0, NULL), SG_OK);
    sets[damaged]->count++;
    destroy_networks(&parts);
    sg_context_destroy(context);
}

/* G and D that cannot be read are left out with the reason, if nobody asked for them. The file
 * holds no encoder, whose part is the last. */
static void test_damaged_parts_are_left_out(void **state)
{
    char *damaged = temporary_path(state, "damaged.safetensors");
    char *path = temporary_path(state, "network.safetensors");
    sg_context *context = sg_context_create(1);
    const sg_network_format *format = sg_network_format_find("a.safetensors", -1);
    const char *left_out = NULL;
    for (int part = 0; part < SG_PART_E; part++) {
        write_damaged(damaged, (sg_network_part)part);
        sg_network_file *file = open_network(damaged);
        sg_network_choice choice = sg_network_choose_all(file);
        const sg_status expected = part == SG_PART_G_EMA ? SG_ERROR_FORMAT : SG_OK;
        assert_int_equal(sg_network_convert(file, &choice, format, path, context, &left_out, NULL),
                         expected);
        assert_int_equal(choice.part[part], part == SG_PART_G_EMA);
        if (part != SG_PART_G_EMA)
            assert_non_null(strstr(choice.refusal[part].message, "lacks the tensor"));
        choice = (sg_network_choice){.part = {[SG_PART_G_EMA] = true}};
        choice.part[part] = true;
        assert_int_equal(sg_network_convert(file, &choice, format, path, context, &left_out, NULL),
                         SG_ERROR_FORMAT);
        sg_network_close(file);
    }
    sg_context_destroy(context);
    free(damaged);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats_by_name),
        cmocka_unit_test_setup_teardown(test_snapshots_become_native, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_stylegan3_is_converted, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_rosinality_there_and_back, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_networks_are_refused_or_left_out,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_damaged_parts_are_left_out, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
