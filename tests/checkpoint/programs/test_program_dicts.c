/*
 * Networks of other programs: what the golden files of each are, and what names and shapes that no
 * file of theirs should have do. tests/golden/legacy has the pictures, which golden-test compares.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_load.h"
#include "support/foreign_dict.h"
#include "support/loaded_networks.h"
#include "support/temporary_folder.h"

/* ---- golden files ---- */

/* A file of tests/golden/legacy, and options of its generator. */
typedef struct program_file {
    const char *path, *dialect;
    sg_family family;
    int z_dim, c_dim, w_dim, mapping_layers;
    int img_resolution, img_channels;
    int channel_base, channel_max;
    sg_architecture architecture;
    double norm_epsilon; /* of networks that grow */
} program_file;

static const program_file files[] = {
    {"genforce-sg2-16/generator.pth", "state dict of genforce's StyleGAN2", SG_STYLEGAN2, 16, 0, 12,
     3, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 0},
    {"genforce-sg2-origin-16/generator.pth", "state dict of genforce's StyleGAN2", SG_STYLEGAN2, 16,
     0, 12, 3, 16, 3, 128, 10, SG_ARCHITECTURE_ORIG, 0},
    {"genforce-ada-16/generator.pth", "state dict of genforce's StyleGAN2", SG_STYLEGAN2, 16, 3, 12,
     3, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 0},
    {"genforce-sg1-16/generator.pth", "state dict of genforce's StyleGAN", SG_STYLEGAN1, 16, 0, 12,
     3, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-8},
    {"genforce-progan-16/generator.pth", "state dict of genforce's ProGAN", SG_PROGAN, 16, 0, 16, 0,
     16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-8},
    {"idinvert-16/generator.pth", "state dict of StyleGAN in InterFaceGAN or idinvert",
     SG_STYLEGAN1, 16, 0, 12, 3, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-8},
    {"interfacegan-progan-16/generator.pth", "state dict of InterFaceGAN's ProGAN", SG_PROGAN, 16,
     0, 16, 0, 16, 3, 64, 10, SG_ARCHITECTURE_SKIP, 1e-8},
    {"hammer-16/checkpoint.pth", "state dict of Hammer's StyleGAN2", SG_STYLEGAN2, 16, 3, 12, 3, 16,
     3, 128, 10, SG_ARCHITECTURE_SKIP, 0},
    {"huangzh13-16/generator.pth", "state dict of StyleGAN.pytorch (huangzh13)", SG_STYLEGAN1, 16,
     0, 12, 4, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-5},
    {"huangzh13-cond-16/generator.pth", "state dict of StyleGAN.pytorch (huangzh13)", SG_STYLEGAN1,
     16, 3, 12, 4, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-5},
    {"huangzh13-fused-128/generator.pth", "state dict of StyleGAN.pytorch (huangzh13)",
     SG_STYLEGAN1, 8, 0, 8, 2, 128, 1, 768, 6, SG_ARCHITECTURE_SKIP, 1e-5},
    {"lernapparat-16/for_g_all.pt", "state dict of lernapparat's StyleGAN", SG_STYLEGAN1, 16, 0, 16,
     8, 16, 3, 128, 10, SG_ARCHITECTURE_SKIP, 1e-5},
    {"basicsr-16/stylegan2_16.pth", "state dict of BasicSR's StyleGAN2", SG_STYLEGAN2, 12, 0, 12, 3,
     16, 3, 128, 8, SG_ARCHITECTURE_SKIP, 0},
    {"mmgeneration-16/ckpt.pth", "state dict of MMGeneration's StyleGAN2", SG_STYLEGAN2, 12, 0, 12,
     3, 16, 3, 96, 8, SG_ARCHITECTURE_SKIP, 0},
};

static void check_generator(const program_file *expected)
{
    char path[200];
    sg_generator_config found;
    sg_error error = {0};
    snprintf(path, sizeof path, "tests/golden/legacy/%s", expected->path);
    sg_network_file *file = open_network(path);
    print_message("%s\n", path);
    if (sg_network_generator_config(file, SG_PART_G_EMA, &found, &error))
        fail_msg("%s", error.message);
    assert_string_equal(sg_network_dialect(file), expected->dialect);
    assert_int_equal(sg_network_family(file, SG_PART_G_EMA), expected->family);
    assert_int_equal(found.z_dim, expected->z_dim);
    assert_int_equal(found.c_dim, expected->c_dim);
    assert_int_equal(found.w_dim, expected->w_dim);
    assert_int_equal(found.mapping.num_layers, expected->mapping_layers);
    assert_int_equal(found.img_resolution, expected->img_resolution);
    assert_int_equal(found.img_channels, expected->img_channels);
    assert_int_equal(found.channel_max, expected->channel_max);
    for (int r = 4; r <= found.img_resolution; r *= 2)
        assert_int_equal(sg_channels_at(found.channel_base, found.channel_max, r),
                         sg_channels_at(expected->channel_base, expected->channel_max, r));
    if (expected->family == SG_STYLEGAN2)
        assert_int_equal(found.architecture, expected->architecture);
    else
        assert_true(found.growing.norm_epsilon == expected->norm_epsilon);
    sg_network_close(file);
}

static void test_generators(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        check_generator(&files[i]);
}

static void check_discriminator(const char *path, sg_family family, int channels, int group,
                                int c_dim)
{
    sg_discriminator_config found;
    sg_error error = {0};
    sg_network_file *file = open_network(path);
    if (sg_network_discriminator_config(file, &found, &error))
        fail_msg("%s", error.message);
    assert_int_equal(found.family, family);
    assert_int_equal(found.img_resolution, 16);
    assert_int_equal(found.img_channels, 3);
    assert_int_equal(found.channel_max, channels);
    assert_int_equal(found.mbstd_num_channels, 1);
    assert_int_equal(found.mbstd_group_size, group);
    assert_int_equal(found.c_dim, c_dim);
    sg_network_close(file);
}

static void test_discriminators(void **state)
{
    (void)state;
    check_discriminator("tests/golden/legacy/genforce-sg2-16/generator.pth", SG_STYLEGAN2, 10, 4,
                        0);
    check_discriminator("tests/golden/legacy/genforce-sg1-16/generator.pth", SG_STYLEGAN1, 10, 4,
                        0);
    check_discriminator("tests/golden/legacy/genforce-progan-16/generator.pth", SG_PROGAN, 10, 16,
                        0);
    check_discriminator("tests/golden/legacy/studiogan-cond-16-D/discriminator.pth", SG_STYLEGAN2,
                        10, 4, 2);
}

/* A network that grows has colours of every size; those of which it makes no picture are zero. */
static void test_unused_colours(void **state)
{
    (void)state;
    float bias[3] = {1, 1, 1};
    sg_network_file *file = open_network("tests/golden/legacy/lernapparat-16/for_g_all.pt");
    const sg_network_tensor *tensor =
        sg_network_tensor_find(file, SG_PART_G_EMA, "synthesis.b8.torgb.bias");
    assert_non_null(tensor);
    assert_int_equal(tensor->count, 3);
    assert_int_equal(sg_network_tensor_read_floats(tensor, bias, NULL), SG_OK);
    assert_true(bias[0] == 0 && bias[1] == 0 && bias[2] == 0);
    assert_true(sg_network_lacking_noise(file, SG_PART_G_EMA, NULL) > 0);
    sg_network_close(file);
}

/* ---- files that are made up ---- */

/* Opens a file of these arrays, and finds a tensor of its generator. */
static sg_network_file *open_dict(char *path, const named_array *arrays, const char *name,
                                  const sg_network_tensor **tensor)
{
    write_dict(path, arrays);
    sg_network_file *file = open_network(path);
    *tensor = sg_network_tensor_find(file, SG_PART_G_EMA, name);
    assert_non_null(*tensor);
    return file;
}

/* InterFaceGAN's fused kernels have other names and lie as in TensorFlow, [height, width, in, out].
 */
static void test_fused_kernels(void **state)
{
    static const named_array arrays[] = {
        {"mapping.dense0.wscale.bias", {4}},
        {"mapping.dense0.linear.weight", {4, 4}},
        {"synthesis.layer0.first_layer", {1, 2, 4, 4}},
        {"synthesis.layer0.epilogue.apply_noise.weight", {2}},
        {"synthesis.layer1.conv.weight", {2, 2, 3, 3}},
        {"synthesis.layer2.weight", {3, 3, 2, 5}},
        {0},
    };
    float kernel[90];
    const sg_network_tensor *tensor = NULL;
    char *path = temporary_path(state, "stylegan.pth");
    sg_network_file *file = open_dict(path, arrays, "synthesis.b8.layer0.weight", &tensor);
    assert_int_equal(tensor->size[0], 5);
    assert_int_equal(tensor->size[1], 2);
    assert_int_equal(sg_network_tensor_read_floats(tensor, kernel, NULL), SG_OK);
    assert_true(kernel[1] == 10 && kernel[9] == 5 && kernel[18] == 1);
    const cJSON *fused =
        cJSON_GetObjectItem(sg_network_init_kwargs(file, SG_PART_G_EMA), "fused_scale");
    assert_true(cJSON_IsTrue(fused));
    sg_network_close(file);
    file = open_network("tests/golden/legacy/interfacegan-progan-16/generator.pth");
    fused = cJSON_GetObjectItem(sg_network_init_kwargs(file, SG_PART_G_EMA), "fused_scale");
    assert_true(cJSON_IsFalse(fused));
    sg_network_close(file);
    free(path);
}

/* The kernels of genforce's StyleGAN2 that double the size are stored in reverse. */
static void test_reversed_kernels(void **state)
{
    static const named_array arrays[] = {
        {"mapping.dense0.weight", {4, 4}},
        {"truncation.w_avg", {4}},
        {"synthesis.layer0.noise_strength", {0}},
        {"synthesis.layer0.weight", {2, 2, 3, 3}},
        {"synthesis.layer1.weight", {2, 2, 3, 3}},
        {"synthesis.layer1.style.bias", {2}},
        {0},
    };
    float kernel[36];
    const sg_network_tensor *tensor = NULL;
    char *path = temporary_path(state, "stylegan2.pth");
    sg_network_file *file = open_dict(path, arrays, "synthesis.b8.conv0.weight", &tensor);
    assert_int_equal(sg_network_tensor_read_floats(tensor, kernel, NULL), SG_OK);
    assert_true(kernel[0] == 8 && kernel[8] == 0 && kernel[9] == 17);
    tensor = sg_network_tensor_find(file, SG_PART_G_EMA, "synthesis.b8.conv0.affine.bias");
    assert_int_equal(sg_network_tensor_read_floats(tensor, kernel, NULL), SG_OK);
    assert_true(kernel[0] == 1 && kernel[1] == 2);
    sg_network_close(file);
    free(path);
}

/* A tensor that only networks have which are not built here, and words of the sentence. */
typedef struct refused_dict {
    named_array arrays[6];
    sg_network_part part;
    const char *words;
} refused_dict;

#define STYLEGAN2                                                                                  \
    {"mapping.dense0.weight", {4, 4}}, {"truncation.w_avg", {4}},                                  \
    {                                                                                              \
        "synthesis.layer0.noise_strength",                                                         \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

static const refused_dict refused[] = {
    {{STYLEGAN2, {"mapping.label_weight", {3, 4}}, {0}},
     SG_PART_G_EMA,
     "joins labels to the latents before they are normalised"},
    {{STYLEGAN2, {"synthesis.early_layer.weight", {4, 4}}, {0}},
     SG_PART_G_EMA,
     "begins with w instead of a constant"},
    {{STYLEGAN2, {"synthesis.skip_layer1.weight", {4, 4, 1, 1}}, {0}},
     SG_PART_G_EMA,
     "has shortcuts between its layers"},
    {{STYLEGAN2, {"synthesis.layer0.weight", {4, 4, 3}}, {0}},
     SG_PART_G_EMA,
     "which cannot stand for synthesis.b4.conv1.weight"},
    {{STYLEGAN2, {"synthesis.layer1.filter.kernel", {1, 1, 4, 3}}, {0}},
     SG_PART_G_EMA,
     "resampling filter"},
    {{{"from_rgb.0.weight", {2, 3, 1, 1}},
      {"blocks.0.conv1_down.weight", {2, 2, 3, 3}},
      {"final_block.dense1.weight", {1, 2}},
      {0}},
     SG_PART_D,
     "without an activation"},
    {{{"b4.conv.weight", {2, 3, 3, 3}},
      {"b4.fc.weight", {2, 32}},
      {"linear1.weight", {1, 2}},
      {"linear2.weight", {5, 2}},
      {0}},
     SG_PART_D,
     "second layer of scores"},
    {{{"b4.conv.weight", {2, 3, 3, 3}}, {"b4.fc.weight", {2, 32}}, {"linear1.weight", {4, 2}}, {0}},
     SG_PART_D,
     "a score for each label"},
};

static void test_refusals(void **state)
{
    char *path = temporary_path(state, "network.pth");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        sg_network_file *file = NULL;
        sg_error error = {0};
        write_dict(path, refused[i].arrays);
        print_message("%s\n", refused[i].words);
        if (sg_network_open(path, &file, &error))
            assert_non_null(strstr(error.message, refused[i].words));
        else
            assert_part_refused(path, refused[i].part, refused[i].words);
        sg_network_close(file);
    }
    free(path);
}

/* Names that look like a layout's, with numbers of no block, stay as they are and are reported. */
static void test_numbers_without_a_block(void **state)
{
    static const char *const names[] = {"synthesis.layer99.weight",
                                        "synthesis.layer4294967297.weight",
                                        "synthesis.layer99999999999999999999.weight",
                                        "synthesis.layer.weight",
                                        "synthesis.layer-1.weight",
                                        "mapping.dense100000.weight"};
    char *path = temporary_path(state, "network.pth");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const named_array arrays[] = {STYLEGAN2, {names[i], {2, 2, 3, 3}}, {0}};
        const sg_network_tensor *tensor = NULL;
        sg_network_close(open_dict(path, arrays, names[i], &tensor));
    }
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generators),
        cmocka_unit_test(test_discriminators),
        cmocka_unit_test(test_unused_colours),
        cmocka_unit_test(test_fused_kernels),
        cmocka_unit_test(test_reversed_kernels),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_numbers_without_a_block),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
