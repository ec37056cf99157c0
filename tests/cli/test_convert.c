/* The command `convert`, and what every other command makes of files of other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define SNAPSHOT "tests/golden/sg2-skip-32/network.pkl"
#define LABELLED "tests/golden/sg2-cond-gray-16/network.pkl"
#define STYLEGAN3 "tests/golden/sg3-r-32/network.pkl"
#define TENSORFLOW "tests/golden/legacy/tf-skip-32/network.pkl"
#define ROSINALITY "tests/golden/legacy/rosinality-32/checkpoint.pt"

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("convert", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--parts LIST");
    assert_holds(result.output, "Examples:\n  stylegan convert --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  convert     Write a network file in another format\n");
}

/* The converted network paints what the original paints. */
static void pictures_stay_the_same(void **state)
{
    static const char *const networks[] = {SNAPSHOT, TENSORFLOW, ROSINALITY};
    static const char *const outputs[] = {"network.safetensors", "checkpoint.pt"};
    char *first = temporary_path(state, "first");
    char *second = temporary_path(state, "second");
    for (size_t i = 0; i < 2 * sizeof networks / sizeof networks[0]; i++) {
        const char *network = networks[i / 2];
        char *output = temporary_path(state, outputs[i % 2]);
        assert_done(RUN("convert", "--network", network, "--output", output),
                    " holds G, D and G_ema of ");
        assert_done(RUN("generate", "--network", network, "--seeds", "85", "--trunc", "0.7",
                        "--outdir", first),
                    "1 picture is in");
        assert_done(RUN("generate", "--network", output, "--seeds", "85", "--trunc", "0.7",
                        "--outdir", second),
                    "1 picture is in");
        assert_same_pictures(state, "first/seed0085.png", "second/seed0085.png", true);
        free(output);
    }
    free(first);
    free(second);
}

/* Snapshots for the official programs paint the same, StyleGAN3's and conditional ones too. */
static void snapshots_paint_the_same(void **state)
{
    static const char *const networks[] = {SNAPSHOT, LABELLED, STYLEGAN3};
    char *first = temporary_path(state, "first");
    char *second = temporary_path(state, "second");
    char *output = temporary_path(state, "folder/network.pkl");
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        assert_done(RUN("convert", "--network", networks[i], "--output", output),
                    " holds G, D and G_ema of ");
        assert_done(RUN("generate", "--network", networks[i], "--seeds", "85", "--class", "2",
                        "--outdir", first),
                    "1 picture is in");
        assert_done(RUN("generate", "--network", output, "--seeds", "85", "--class", "2",
                        "--outdir", second),
                    "1 picture is in");
        assert_same_pictures(state, "first/seed0085.png", "second/seed0085.png", true);
    }
    free(first);
    free(second);
    free(output);
}

static void layouts_are_chosen(void **state)
{
    char *output = temporary_path(state, "states.pt");
    assert_done(RUN("convert", "--network", SNAPSHOT, "--output", output, "--layout", "official"),
                "states.pt holds G, D and G_ema of");
    assert_done(RUN("info", output), "state dict of stylegan2-ada-pytorch or stylegan3");
    assert_fails(RUN("convert", "--network", SNAPSHOT, "--output", "a.pkl", "--layout", "native"),
                 2, "a.pkl is not written in the layout native");
    free(output);
}

static void parts_can_be_chosen(void **state)
{
    char *output = temporary_path(state, "small.safetensors");
    char *again = temporary_path(state, "again.safetensors");
    assert_done(RUN("convert", "--network", LABELLED, "--output", output, "--parts", "G_ema"),
                "small.safetensors holds G_ema of tests/golden");
    program_result result = RUN("info", "--json", output);
    cJSON *report = cJSON_Parse(result.output);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(report, "networks")), 1);
    assert_string_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(report, "metadata"), "converted_from")->valuestring,
        "stylegan2-ada-pytorch or stylegan3 snapshot");
    cJSON_Delete(report);
    program_result_clear(&result);
    assert_done(RUN("convert", "--network", output, "--output", again), "holds G_ema");
    assert_same_files(state, "small.safetensors", "again.safetensors", true);
    assert_fails(RUN("convert", "--network", output, "--output", again, "--parts", "D,G_ema"), 1,
                 "small.safetensors holds no D");
    free(output);
    free(again);
}

static void mistakes_are_explained(void **state)
{
    char *output = temporary_path(state, "out.pt");
    char *other = temporary_path(state, "out.onnx");
    assert_fails(RUN("convert", "--output", output), 2, "--network is missing");
    assert_fails(RUN("convert", "--network", SNAPSHOT), 2, "--output is missing");
    assert_fails(RUN("convert", "--network", SNAPSHOT, "--output", other), 2,
                 "ends in .safetensors or .pkl or .pt");
    assert_fails(RUN("convert", "--network", SNAPSHOT, "--output", output, "--parts", "G,X"), 2,
                 "a list of G, D, G_ema and E, not \"G,X\"");
    assert_fails(RUN("convert", "--network", SNAPSHOT, "--output", output, "--parts", ""), 2,
                 "a list of G, D, G_ema and E");
    assert_fails(RUN("convert", "--network", LABELLED, "--output", output), 1,
                 "another number of channels than three");
    assert_fails(RUN("convert", "--network", STYLEGAN3, "--output", output), 1,
                 "is of another family than StyleGAN2");
    assert_false(sg_path_exists(output));
    free(output);
    free(other);
}

static void info_says_what_a_file_is(void **state)
{
    (void)state;
    assert_done(RUN("info", SNAPSHOT), "(pickle, stylegan2-ada-pytorch or stylegan3 snapshot)");
    assert_done(RUN("info", TENSORFLOW), "(pickle, StyleGAN2 in TensorFlow)");
    assert_done(RUN("info", TENSORFLOW),
                "\nIgnored\n  G: option truncation_psi\n  G: option style_mixing_prob\n  G: lod\n");
    assert_done(RUN("info", ROSINALITY), "(torch zip archive, stylegan2-pytorch (rosinality) ");
    assert_done(RUN("info", ROSINALITY), "\nIgnored\n  g_optim\n  d_optim\n  args\n  ada_aug_p\n");
    assert_done(RUN("info", ROSINALITY), "\nG: the generator of a StyleGAN2 network, 32x32");
    assert_done(RUN("info", STYLEGAN3), "\nG_ema: the averaged generator of a StyleGAN3 network");
    assert_done(RUN("info", "--layers", STYLEGAN3), "19 x 52x52");
    assert_done(RUN("info", ROSINALITY), "\nThe file has no average of w, which truncation needs");
    assert_done(RUN("info", "--layers", STYLEGAN3), "  use_radial_filters                 true\n");
    assert_done(RUN("info", STYLEGAN3), "\nD: the discriminator of a StyleGAN2 network");
}

static void info_tells_the_same_as_json(void **state)
{
    (void)state;
    program_result result = RUN("info", "--json", STYLEGAN3);
    cJSON *report = cJSON_Parse(result.output);
    const cJSON *networks = cJSON_GetObjectItem(report, "networks");
    const cJSON *generator = cJSON_GetObjectItem(networks, "G_ema");
    assert_int_equal(result.status, 0);
    assert_string_equal(cJSON_GetObjectItem(report, "format")->valuestring, "pickle");
    assert_string_equal(cJSON_GetObjectItem(generator, "family")->valuestring, "StyleGAN3");
    assert_null(cJSON_GetObjectItem(generator, "error"));
    assert_int_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(generator, "init_kwargs"), "margin_size")->valueint,
        10);
    assert_null(cJSON_GetObjectItem(cJSON_GetObjectItem(networks, "D"), "error"));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(report, "ignored")), 0);
    cJSON_Delete(report);
    program_result_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        cmocka_unit_test_setup_teardown(pictures_stay_the_same, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(snapshots_paint_the_same, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(layouts_are_chosen, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(parts_can_be_chosen, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_explained, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test(info_says_what_a_file_is),
        cmocka_unit_test(info_tells_the_same_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
