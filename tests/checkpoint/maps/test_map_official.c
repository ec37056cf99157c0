/* Snapshots of the official PyTorch programs: names and options from persistent objects. */
#include "checkpoint/network/network_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/foreign_pickle.h"
#include "support/golden_names.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/official_file.h"
#include "support/temporary_folder.h"

static void check_same_tensors(const sg_network_file *file, const sg_network_file *native,
                               sg_network_part part)
{
    assert_int_equal(sg_network_tensor_count(file, part), sg_network_tensor_count(native, part));
    for (size_t i = 0; i < sg_network_tensor_count(native, part); i++) {
        const sg_network_tensor *expected = sg_network_tensor_at(native, part, i);
        const sg_network_tensor *found = sg_network_tensor_find(file, part, expected->name);
        assert_non_null(found);
        assert_int_equal(found->rank, expected->rank);
        assert_memory_equal(found->size, expected->size, sizeof found->size);
        float *a = malloc((found->count + 1) * sizeof *a);
        float *b = malloc((found->count + 1) * sizeof *b);
        assert_int_equal(sg_network_tensor_read_floats(found, a, NULL), SG_OK);
        assert_int_equal(sg_network_tensor_read_floats(expected, b, NULL), SG_OK);
        assert_memory_equal(a, b, found->count * sizeof *a);
        free(a);
        free(b);
    }
}

/* The snapshots of the golden cases hold the same networks as the native files beside them. */
static void test_golden_snapshots(void **state)
{
    (void)state;
    for (size_t i = 0; golden_networks[i]; i++) {
        char path[200];
        snprintf(path, sizeof path, "tests/golden/%s/network.pkl", golden_networks[i]);
        sg_network_file *file = open_network(path);
        sg_network_file *native = open_golden_network(golden_networks[i]);
        check_same_tensors(file, native, SG_PART_G_EMA);
        check_same_tensors(file, native, SG_PART_D);
        assert_true(sg_network_has(file, SG_PART_G));
        sg_network_close(file);
        sg_network_close(native);
    }
}

/* StyleGAN3's generator has keywords of its own; the discriminator is StyleGAN2's. */
static void test_stylegan3_is_recognised(void **state)
{
    static const char path[] = "tests/golden/sg3-r-32/network.pkl";
    (void)state;
    sg_network_file *file = open_network(path);
    const cJSON *init_kwargs = sg_network_init_kwargs(file, SG_PART_G_EMA);
    sg_discriminator_config config;
    sg_generator_config generator;
    assert_int_equal(sg_network_family(file, SG_PART_G_EMA), SG_STYLEGAN3);
    assert_int_equal(sg_network_family(file, SG_PART_D), SG_STYLEGAN2);
    assert_int_equal(cJSON_GetObjectItem(init_kwargs, "num_layers")->valueint, 14);
    assert_int_equal(sg_network_discriminator_config(file, &config, NULL), SG_OK);
    /* The keywords do not say it, and stylegan3's default differs from stylegan2-ada-pytorch's. */
    assert_true(config.conv_clamp == 256.0);
    assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &generator, NULL), SG_OK);
    assert_int_equal(generator.family, SG_STYLEGAN3);
    assert_true(generator.stylegan3.magnitude_ema_beta == 0.999);
    sg_network_close(file);
}

/* ---- made-up snapshots ---- */

/* A buffer "w_avg" [2], so that there is a tensor. */
static void put_mapping(sg_text *pickle)
{
    static const float values[] = {0.5f, -0.5f};
    const int64_t size = 2;
    put_text(pickle, "mapping");
    put_persistent_start(pickle, "MappingNetwork");
    put_number_option(pickle, "w_avg_beta", 0.995);
    put_text(pickle, "_parameters");
    PUT(pickle, "}");
    put_text(pickle, "_buffers");
    PUT(pickle, "}(");
    put_text(pickle, "w_avg");
    put_array(pickle, &size, 1, values);
    PUT(pickle, "u");
    put_persistent_end(pickle);
}

/* synthesis.b4.conv1, with the clamp that it works with. */
static void put_synthesis(sg_text *pickle)
{
    put_text(pickle, "synthesis");
    put_persistent_start(pickle, "SynthesisNetwork");
    put_text(pickle, "_modules");
    PUT(pickle, "}");
    put_text(pickle, "b4");
    put_persistent_start(pickle, "SynthesisBlock");
    put_text(pickle, "_modules");
    PUT(pickle, "}");
    put_text(pickle, "conv1");
    put_persistent_start(pickle, "SynthesisLayer");
    put_number_option(pickle, "conv_clamp", 256);
    put_persistent_end(pickle);
    PUT(pickle, "s");
    put_persistent_end(pickle);
    PUT(pickle, "s");
    put_persistent_end(pickle);
}

/* {"G_ema": a generator}, whose options are put between the two. */
static void put_generator_start(sg_text *pickle)
{
    PUT(pickle, "\x80\x03}(");
    put_text(pickle, "G_ema");
    put_persistent_start(pickle, "Generator");
    put_text(pickle, "_modules");
    PUT(pickle, "}(");
    put_mapping(pickle);
    put_synthesis(pickle);
    PUT(pickle, "u");
}

static void put_generator_end(sg_text *pickle)
{
    put_persistent_end(pickle);
    put_text(pickle, "augment_pipe");
    put_persistent_start(pickle, "AugmentPipe");
    put_persistent_end(pickle);
    put_text(pickle, "training_set_kwargs");
    PUT(pickle, "}");
    put_text(pickle, "D");
    PUT(pickle, "Nu.");
}

static void test_options_by_keyword_and_by_position(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    sg_generator_config config;
    sg_error error = {0};
    put_generator_start(&pickle);
    put_text(&pickle, "_init_args");
    PUT(&pickle, "(");
    put_integer(&pickle, 7); /* z_dim */
    put_integer(&pickle, 3); /* c_dim */
    put_integer(&pickle, 2); /* w_dim */
    PUT(&pickle, "t");
    put_text(&pickle, "_init_kwargs");
    put_global(&pickle, "dnnlib.util", "EasyDict");
    PUT(&pickle, ")R(");
    put_number_option(&pickle, "img_resolution", 16);
    put_number_option(&pickle, "img_channels", 1);
    put_text(&pickle, "synthesis_kwargs");
    PUT(&pickle, "}(");
    put_number_option(&pickle, "channel_base", 64);
    put_number_option(&pickle, "channel_max", 5);
    put_number_option(&pickle, "num_fp16_res", 4);
    put_text_option(&pickle, "architecture", "resnet");
    PUT(&pickle, "uu");
    put_generator_end(&pickle);
    write_pickle(path, &pickle);
    sg_network_file *file = open_network(path);
    if (sg_network_generator_config(file, SG_PART_G_EMA, &config, &error))
        fail_msg("%s", error.message);
    assert_int_equal(config.z_dim, 7);
    assert_int_equal(config.c_dim, 3);
    assert_int_equal(config.w_dim, 2);
    assert_int_equal(config.img_channels, 1);
    assert_int_equal(config.channel_max, 5);
    assert_int_equal(config.architecture, SG_ARCHITECTURE_RESNET);
    /* What the keywords leave out, the modules say. */
    assert_true(config.conv_clamp == 256.0);
    assert_true(config.mapping.w_avg_beta == 0.995);
    assert_int_equal(sg_network_ignored_count(file), 3);
    assert_string_equal(sg_network_ignored_at(file, 0), "augment_pipe");
    assert_string_equal(sg_network_ignored_at(file, 1), "training_set_kwargs");
    assert_string_equal(sg_network_ignored_at(file, 2), "G_ema: option num_fp16_res");
    assert_false(sg_network_has(file, SG_PART_D));
    sg_network_close(file);
    free(path);
}

static void test_unknown_options_are_named(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    put_generator_start(&pickle);
    put_text(&pickle, "_init_kwargs");
    PUT(&pickle, "}(");
    put_number_option(&pickle, "img_resolution", 16);
    put_number_option(&pickle, "attention_heads", 4);
    PUT(&pickle, "u");
    put_generator_end(&pickle);
    write_pickle(path, &pickle);
    assert_part_refused(path, SG_PART_G_EMA, "\"attention_heads\" in \"init_kwargs\"");
    free(path);
}

/* An option that would come from a call stays unknown, and is an error where it is needed. */
static void test_options_are_not_computed(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    put_generator_start(&pickle);
    put_text(&pickle, "_init_kwargs");
    PUT(&pickle, "}(");
    put_text(&pickle, "z_dim");
    put_global(&pickle, "os", "system");
    PUT(&pickle, "(");
    put_text(&pickle, "true");
    PUT(&pickle, "tRu");
    put_generator_end(&pickle);
    write_pickle(path, &pickle);
    assert_part_refused(path, SG_PART_G_EMA, "\"z_dim\" that is not a whole number");
    free(path);
}

static void check_not_opened(const char *path, sg_text *pickle, const char *words)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    write_pickle(path, pickle);
    assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
    assert_null(file);
    if (!strstr(error.message, words))
        fail_msg("\"%s\" lacks \"%s\"", error.message, words);
}

/* A module that has one module below it ten times, down to a level without any. */
static void put_shared_modules(sg_text *pickle, int levels)
{
    put_persistent_start(pickle, "Generator");
    if (levels > 0) {
        put_text(pickle, "_modules");
        PUT(pickle, "}(");
        put_text(pickle, "0");
        put_shared_modules(pickle, levels - 1);
        PUT(pickle, "q");
        put_number(pickle, (uint64_t)levels, 1);
        for (int copy = 1; copy < 10; copy++) {
            char name[2] = {(char)('0' + copy), '\0'};
            put_text(pickle, name);
            PUT(pickle, "h");
            put_number(pickle, (uint64_t)levels, 1);
        }
        PUT(pickle, "u");
    }
    put_persistent_end(pickle);
}

/* A module that is its own module, and one that is shared so often that the walk would not end. */
static void test_endless_modules_are_refused(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "G_ema");
    put_persistent_start(&pickle, "Generator");
    put_text(&pickle, "_modules");
    PUT(&pickle, "}q\x01(");
    put_text(&pickle, "a");
    put_persistent_start(&pickle, "Generator");
    put_text(&pickle, "_modules");
    PUT(&pickle, "h\x01");
    put_persistent_end(&pickle);
    PUT(&pickle, "u");
    put_persistent_end(&pickle);
    PUT(&pickle, "u.");
    check_not_opened(path, &pickle, "nested too deep");

    /* Each level has the one below it ten times: 10 to the 12 modules. */
    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "G_ema");
    put_shared_modules(&pickle, 12);
    PUT(&pickle, "u.");
    check_not_opened(path, &pickle, "nested too deep");
    free(path);
}

/* ---- constants that are not 4x4 ---- */

static sg_network_parts rectangular_networks(sg_context *context, int height, int width,
                                             bool generators)
{
    sg_generator_config generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_discriminator_config discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    generator.img_resolution = discriminator.img_resolution = 16;
    generator.base_height = discriminator.base_height = height;
    generator.base_width = discriminator.base_width = width;
    sg_network_parts parts = make_networks(context, &generator, &discriminator);
    if (!generators) {
        sg_generator_destroy(parts.generator);
        sg_generator_destroy(parts.generator_ema);
        parts.generator = parts.generator_ema = NULL;
    }
    return parts;
}

/* A fork's init_res, the official program with another constant, and both without the keyword that
 * a fork may have set to the picture's size. */
static void test_rectangles(void **state)
{
    static const char *const left_out[] = {NULL, "init_res", "img_resolution"};
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (int i = 0; i < 3; i++) {
        sg_network_parts parts = rectangular_networks(context, 3 + i, 6 - i, true);
        write_official(path, &parts, left_out[i]);
        assert_file_holds(path, &parts, 0);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

/* A fork that says the resolution as [height, width], of a square network too. */
static void test_resolutions_as_lists(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    for (int width = 4; width < 7; width += 2) {
        sg_network_parts parts = rectangular_networks(context, 4, width, true);
        write_official(path, &parts, "img_resolution=[16, 16]");
        assert_file_holds(path, &parts, 0);
        destroy_networks(&parts);
    }
    sg_context_destroy(context);
    free(path);
}

/* Without a generator, a discriminator's constant is 4x4, told by init_res, or not known. */
static void test_discriminators_of_rectangles(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_context *context = sg_context_create(1);
    sg_network_parts parts = rectangular_networks(context, 3, 5, false);
    write_official(path, &parts, NULL);
    assert_file_holds(path, &parts, 0);
    write_official(path, &parts, "init_res");
    assert_part_refused(path, SG_PART_D, "takes 15 pixels for each channel");
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

static void test_parts_that_are_no_networks(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "D");
    put_integer(&pickle, 3);
    put_text(&pickle, "G_ema");
    put_persistent_start(&pickle, "Generator");
    put_persistent_end(&pickle);
    PUT(&pickle, "u.");
    check_not_opened(path, &pickle, "D is ");

    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "G_ema");
    put_persistent_start(&pickle, "Generator");
    put_persistent_end(&pickle);
    PUT(&pickle, "u.");
    check_not_opened(path, &pickle, "no network that has tensors");

    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "G_ema");
    put_persistent_start(&pickle, "Generator");
    put_text(&pickle, "_parameters");
    PUT(&pickle, "}");
    put_text(&pickle, "weight");
    put_text(&pickle, "none");
    PUT(&pickle, "s");
    put_persistent_end(&pickle);
    PUT(&pickle, "u.");
    check_not_opened(path, &pickle, "G_ema.weight is ");
    free(path);
}

/* ---- parts of other programs ---- */

/* A generator with one tensor, of so many numbers. */
static void put_generator(sg_text *pickle, int64_t numbers)
{
    static const float zeros[16];
    put_persistent_start(pickle, "Generator");
    put_text(pickle, "_init_kwargs");
    PUT(pickle, "}");
    put_text(pickle, "_parameters");
    PUT(pickle, "}(");
    put_text(pickle, "weight");
    put_array(pickle, &numbers, 1, zeros);
    PUT(pickle, "u");
    put_persistent_end(pickle);
}

/* A module of another program's class begins; its state is a dict of modules. */
static void put_foreign_module(sg_text *pickle, const char *module, const char *name)
{
    put_global(pickle, module, name);
    PUT(pickle, ")R}(");
    put_text(pickle, "_modules");
    PUT(pickle, "}(");
}

/* A discriminator of an unknown class leaves the generators readable, also a wrapped one. */
static void test_parts_of_other_programs(void **state)
{
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x03}(");
    put_text(&pickle, "G");
    put_foreign_module(&pickle, "torch.nn.parallel.distributed", "DistributedDataParallel");
    put_text(&pickle, "module");
    put_generator(&pickle, 3);
    PUT(&pickle, "uub");
    put_text(&pickle, "D");
    put_foreign_module(&pickle, "projected.discriminator", "ProjectedDiscriminator");
    PUT(&pickle, "uub");
    put_text(&pickle, "G_ema");
    put_generator(&pickle, 5);
    PUT(&pickle, "u.");
    write_pickle(path, &pickle);
    sg_network_file *file = open_network(path);
    assert_int_equal(sg_network_tensor_find(file, SG_PART_G, "weight")->count, 3);
    assert_int_equal(sg_network_tensor_find(file, SG_PART_G_EMA, "weight")->count, 5);
    assert_false(sg_network_has(file, SG_PART_D));
    assert_int_equal(sg_network_ignored_count(file), 1);
    assert_non_null(strstr(sg_network_ignored_at(file, 0), "D is "));
    assert_non_null(strstr(sg_network_ignored_at(file, 0), "ProjectedDiscriminator"));
    sg_network_close(file);
    assert_part_refused(path, SG_PART_D, "ProjectedDiscriminator");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_snapshots),
        cmocka_unit_test(test_stylegan3_is_recognised),
        cmocka_unit_test_setup_teardown(test_parts_of_other_programs, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_options_by_keyword_and_by_position,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_unknown_options_are_named, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_options_are_not_computed, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_endless_modules_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_rectangles, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_resolutions_as_lists, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_discriminators_of_rectangles, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_parts_that_are_no_networks, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
