/* Programs whose networks do not run here: the sentence names the program and what to bring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_file.h"
#include "support/foreign_dict.h"
#include "support/foreign_pickle.h"
#include "support/temporary_folder.h"

/* Some of the names that a program's files have, and what the sentence says. */
typedef struct unread_file {
    named_array arrays[4];
    const char *program;
} unread_file;

static const unread_file files[] = {
    {{{"GE.initial_conv.weight", {2, 2, 3, 3}}, {"SE.net.0.weight", {2, 2}}, {0}},
     "a network of stylegan2-pytorch by lucidrains"},
    {{{"G.blocks.0.to_style1.weight", {2, 2}}, {0}},
     "a network of stylegan2-pytorch by lucidrains"},
    {{{"generator.progression.0.conv1.input", {1, 2, 4, 4}},
      {"style.1.linear.weight_orig", {2, 2}},
      {0}},
     "a network of style-based-gan-pytorch"},
    {{{"progression.0.conv1.0.conv.weight_orig", {2, 2, 3, 3}},
      {"linear.linear.weight_orig", {1, 2}},
      {0}},
     "a discriminator of style-based-gan-pytorch"},
    {{{"student.to_img1.conv.weight", {1, 2, 2, 1}}, {"mapping_net.layers.1.weight", {2, 2}}, {0}},
     "a network of MobileStyleGAN"},
    {{{"to_img1.conv.weight", {12, 2, 1, 1}}, {"layers.0.conv1.conv.weight_dw", {2, 1, 3, 3}}, {0}},
     "a network of MobileStyleGAN"},
    {{{"to_rgb1.conv.weight", {1, 3, 2, 1}},
      {"conv1.conv.modulation.weight", {2, 2}},
      {"layers.0.conv1.conv.modulation.weight", {2, 2}},
      {0}},
     "MobileStyleGAN's teacher"},
    {{{"conv1.conv.modulation.weight", {2, 2}},
      {"to_rgb1.conv.weight", {1, 12, 2, 1}},
      {"to_rgbs.0.iwt.ll", {2, 2}},
      {0}},
     "a network of SWAGAN"},
    {{{"generator.conv1.conv.modulation.weight", {2, 2}},
      {"generator.to_rgb1.conv.weight", {1, 3, 2, 1}},
      {"res.0.conv.0.weight", {2, 2, 3, 3}},
      {0}},
     "a network of DualStyleGAN"},
    {{{"stylegan_decoder.style_conv1.modulated_conv.weight", {1, 2, 2, 3}}, {0}},
     "a network of GFPGAN"},
    {{{"mapping.embed_proj.weight", {2, 2}}, {"synthesis.input.freqs", {2, 2}}, {0}},
     "a network of StyleGAN-XL"},
    {{{"mapping.embed.weight", {2, 2}}, {"synthesis.input.freqs", {2, 2}}, {0}},
     "a network of StyleGAN-XL"},
    {{{"mapping.mlp.fc0.weight", {2, 2}}, {0}}, "a network of StyleGAN-T"},
    {{{"backbone.synthesis.b4.const", {2, 4, 4}}, {"decoder.net.0.weight", {2, 2}}, {0}},
     "a network of EG3D"},
    {{{"synthesis.init.init.0.weight_orig", {2, 2, 4, 4}},
      {"synthesis.to_big.weight_orig", {3, 2, 3, 3}},
      {0}},
     "Projected GAN's FastGAN"},
    {{{"module.init.init.0.weight_orig", {2, 2, 4, 4}},
      {"module.to_big.weight_orig", {3, 2, 3, 3}},
      {0}},
     "a network of FastGAN"},
    {{{"layers.0.conv_1.weight", {2, 2, 4, 4}}, {"rgb_converters.0.weight", {3, 2, 1, 1}}, {0}},
     "a network of pro_gan_pytorch"},
    {{{"scaleLayers.0.0.module.weight", {2, 2, 3, 3}}, {"formatLayer.module.weight", {2, 2}}, {0}},
     "a network of pytorch_GAN_zoo"},
};

/* Fails the test unless opening the file fails with a sentence that has these words. */
static void assert_unread(const char *path, const char *words)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    print_message("%s\n", words);
    assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
    assert_null(file);
    assert_non_null(strstr(error.message, "holds no network that runs here: it is "));
    assert_non_null(strstr(error.message, words));
}

static void test_state_dicts(void **state)
{
    char *path = temporary_path(state, "network.pth");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        write_dict(path, files[i].arrays);
        assert_unread(path, files[i].program);
    }
    free(path);
}

/* StyleGAN-XL and EG3D save persistent objects, as the official programs do. */
static void test_persistent_objects(void **state)
{
    static const float values[4] = {0};
    static const int64_t size[] = {2, 2};
    char *path = temporary_path(state, "network.pkl");
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x03}");
    put_text(&pickle, "G_ema");
    put_persistent_start(&pickle, "SuperresGenerator");
    put_text(&pickle, "_parameters");
    PUT(&pickle, "}(");
    put_text(&pickle, "mapping.embed_proj.weight");
    put_array(&pickle, size, 2, values);
    put_text(&pickle, "synthesis.input.freqs");
    put_array(&pickle, size, 2, values);
    PUT(&pickle, "u");
    put_persistent_end(&pickle);
    PUT(&pickle, "s.");
    write_pickle(path, &pickle);
    assert_unread(path, "a network of StyleGAN-XL");
    free(path);
}

/* StyleGAN3's own embedding of classes has a bias. */
static void test_stylegan3_is_another(void **state)
{
    static const named_array arrays[] = {
        {"mapping.embed.weight", {2, 2}},
        {"mapping.embed.bias", {2}},
        {"synthesis.input.freqs", {2, 2}},
        {0},
    };
    char *path = temporary_path(state, "network.pth");
    sg_network_file *file = NULL;
    sg_error error = {0};
    write_dict(path, arrays);
    assert_int_equal(sg_network_open(path, &file, &error), SG_OK);
    assert_string_equal(sg_network_dialect(file),
                        "state dict of stylegan2-ada-pytorch or stylegan3");
    sg_network_close(file);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_dicts),
        cmocka_unit_test(test_persistent_objects),
        cmocka_unit_test(test_stylegan3_is_another),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
