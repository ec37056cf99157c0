/* What the commands make of TensorFlow's networks that grow: StyleGAN (2018) and ProGAN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/generated.h"
#include "support/loaded_networks.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tensorflow_file.h"

#define STYLEGAN "tests/golden/sg1/main.pkl"
#define LABELLED "tests/golden/sg1/cond.pkl"
#define PROTOCOL_2 "tests/golden/sg1/tiny8_proto2.pkl"

static void info_says_what_a_file_is(void **state)
{
    (void)state;
    assert_done(RUN("info", STYLEGAN), "(pickle, StyleGAN in TensorFlow)");
    assert_done(RUN("info", STYLEGAN), "\nG_ema: the averaged generator of a StyleGAN network");
    assert_done(RUN("info", "--layers", LABELLED), "\n  c_dim                              5\n");
    assert_done(RUN("info", PROTOCOL_2), "\nD: the discriminator of a StyleGAN network, 8x8");
}

/* The converted network paints what the original paints. */
static void pictures_stay_the_same(void **state)
{
    static const char *const networks[] = {STYLEGAN, LABELLED, PROTOCOL_2};
    char *output = temporary_path(state, "network.safetensors");
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        assert_done(RUN("convert", "--network", networks[i], "--output", output),
                    " holds G, D and G_ema of ");
        assert_done(GENERATE("--network", networks[i], "--seeds", "3", "--trunc", "0.7", "--class",
                             i == 1 ? "2" : "0"),
                    "1 picture is in");
        rename_result(state, "seed0003.png", "first.png");
        assert_done(GENERATE("--network", output, "--seeds", "3", "--trunc", "0.7", "--class",
                             i == 1 ? "2" : "0"),
                    "1 picture is in");
        assert_same_pictures(state, "first.png", "seed0003.png", true);
    }
    free(output);
}

static void noise_and_truncation_show(void **state)
{
    assert_done(GENERATE("--network", STYLEGAN, "--seeds", "3"), "1 picture is in");
    rename_result(state, "seed0003.png", "full.png");
    assert_done(GENERATE("--network", STYLEGAN, "--seeds", "3", "--trunc", "1"), "1 picture");
    assert_same_pictures(state, "full.png", "seed0003.png", true);
    assert_done(GENERATE("--network", STYLEGAN, "--seeds", "3", "--noise-mode", "none"),
                "1 picture");
    assert_same_pictures(state, "full.png", "seed0003.png", false);
    assert_done(GENERATE("--network", STYLEGAN, "--seeds", "3", "--trunc", "0.5"), "1 picture");
    rename_result(state, "seed0003.png", "usual.png");
    /* The network has eight inputs, so that the usual cutoff of eight is all of them. */
    assert_done(
        GENERATE("--network", STYLEGAN, "--seeds", "3", "--trunc", "0.5", "--trunc-cutoff", "8"),
        "1 picture");
    assert_same_pictures(state, "usual.png", "seed0003.png", true);
    assert_done(
        GENERATE("--network", STYLEGAN, "--seeds", "3", "--trunc", "0.5", "--trunc-cutoff", "4"),
        "1 picture");
    assert_same_pictures(state, "usual.png", "seed0003.png", false);
}

/* Every command that paints; `class_index` "0" for networks without labels. */
static void run_commands(void *const *state, const char *network, const char *class_index)
{
    char *folder = temporary_path(state, "out");
    char *walk = temporary_path(state, "walk.png");
    assert_done(RUN("generate", "--network", network, "--seeds", "0-3", "--grid", "2x2", "--class",
                    class_index, "--outdir", folder),
                "4 pictures are in");
    assert_done(RUN("mix", "--network", network, "--rows", "0", "--cols", "1", "--styles", "0",
                    "--class", class_index, "--outdir", folder),
                "3 pictures are in");
    assert_done(RUN("truncate", "--network", network, "--seeds", "1", "--class", class_index,
                    "--outdir", folder),
                "6 pictures are in");
    program_result result = RUN("variation", "--network", network, "--seeds", "1", "--samples", "4",
                                "--class", class_index, "--outdir", folder);
    assert_int_equal(result.status, 0);
    program_result_clear(&result);
    assert_done(RUN("interpolate", "--network", network, "--seeds", "0,1", "--class", class_index,
                    "--frames", "4", "--output", walk),
                "frames");
    assert_true(sg_path_exists(walk));
    free(folder);
    free(walk);
}

static void commands_paint_with_stylegan(void **state)
{
    run_commands(state, STYLEGAN, "0");
    run_commands(state, LABELLED, "4");
    assert_fails(GENERATE("--network", LABELLED, "--seeds", "3"), 2, "--class");
}

static void commands_paint_with_progan(void **state)
{
    char *path = temporary_path(state, "progan.pkl");
    sg_context *context = sg_context_create(1);
    const sg_generator_config generator = tiny_growing_config(SG_PROGAN, 16, 3, 0);
    const sg_discriminator_config discriminator =
        tiny_growing_discriminator_config(SG_PROGAN, 16, 3, 0);
    sg_network_parts parts = make_networks(context, &generator, &discriminator);
    write_tensorflow(path, &parts, &(tensorflow_options){.version = 2});
    assert_done(RUN("info", path), "(pickle, ProGAN in TensorFlow)");
    run_commands(state, path, "0");
    destroy_networks(&parts);
    sg_context_destroy(context);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(info_says_what_a_file_is),
        cmocka_unit_test_setup_teardown(pictures_stay_the_same, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(noise_and_truncation_show, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(commands_paint_with_stylegan, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(commands_paint_with_progan, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
