/*
 * What a generator or a training is without one of its parts, by options of `stylegan train`: the
 * rows of the tables of docs/ablations.md as trainings of a few steps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

enum { MOST_ARGUMENTS = 64 };

/* Runs `stylegan train` for eight steps with options as one text; returns what it left. */
static program_result train(void *const *state, const char *options)
{
    static const char usual[] = "--batch 8 --tick 0.032 --snap 1 --cbase 32 --cmax 4 --z-dim 8 "
                                "--threads 1";
    const char *arguments[MOST_ARGUMENTS] = {"train"};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char text[1024];
    size_t count = 1;
    snprintf(text, sizeof text, "%s %s", usual, options);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        assert_true(count < MOST_ARGUMENTS - 5);
        arguments[count++] = word;
    }
    arguments[count++] = "--data";
    arguments[count++] = data;
    arguments[count++] = "--outdir";
    arguments[count] = outdir;
    const program_result result = run_program(arguments);
    free(data);
    free(outdir);
    return result;
}

static void assert_trains(void *const *state, const char *options, const char *saved)
{
    size_t size = 0;
    program_result result = train(state, options);
    if (result.status != 0)
        fail_msg("%s: %s", options, result.errors);
    char *folder = trained_folder(result);
    unsigned char *json = bytes_of(folder, "training_options.json", &size);
    if (!strstr((const char *)json, saved))
        fail_msg("%s: \"%s\" is not in %s", options, saved, (const char *)json);
    free(json);
    free(folder);
}

#define LENGTH "--kimg 0.032 "
#define NARROW "--w-dim 8 --map-depth 2 "
#define GROWN "--initial-resolution 4 --grow-kimg 0.008 "

/* Karras et al. 2018, table 1. */
static void stylegan_can_be_taken_apart(void **state)
{
    assert_trains(state, LENGTH GROWN "--cfg progan", "\"loss\":\t\"wgan-gp\"");
    assert_trains(state,
                  LENGTH GROWN "--cfg progan --resample-filter 1,2,1 --loss logistic --gamma 10",
                  "\"resample_filter\":\t[1, 2, 1]");
    assert_trains(state,
                  LENGTH GROWN NARROW
                  "--cfg stylegan1 --no-const-input --no-noise --style-mixing-prob 0",
                  "\"const_input_layer\":\tfalse");
    assert_trains(state, LENGTH GROWN NARROW "--cfg stylegan1 --no-noise --style-mixing-prob 0",
                  "\"use_noise\":\tfalse");
    assert_trains(state, LENGTH GROWN NARROW "--cfg stylegan1 --style-mixing-prob 0",
                  "\"style_mixing_prob\":\t0");
    assert_trains(state, LENGTH GROWN NARROW "--cfg stylegan1", "\"style_mixing_prob\":\t0.9");
}

/* Karras et al. 2020, table 1. */
static void stylegan2_can_be_taken_apart(void **state)
{
    assert_trains(state,
                  LENGTH NARROW "--cfg stylegan2-e --g-arch orig --d-arch orig --pl-weight 0 "
                                "--d-reg-interval 0",
                  "\"architecture\":\t\"orig\"");
    assert_trains(state,
                  LENGTH NARROW "--cfg stylegan2-e --g-arch orig --d-arch orig --g-reg-interval 0",
                  "\"G_reg_interval\":\t0");
    assert_trains(state, LENGTH NARROW "--cfg stylegan2-e --g-arch resnet --d-arch skip",
                  "\"architecture\":\t\"resnet\"");
}

static void parts_can_be_left_out(void **state)
{
    assert_trains(state, LENGTH "--map-depth 0", "\"num_layers\":\t0");
    assert_trains(state, LENGTH "--map-depth 0 --cond", "\"embed_features\":\t8");
    assert_trains(state, LENGTH NARROW "--mbstd-group 0", "\"mbstd_num_channels\":\t0");
    assert_trains(state, LENGTH NARROW "--no-equalized --glr 0.0002 --dlr 0.0002",
                  "\"plain_rates\":\ttrue");
    assert_trains(state, LENGTH NARROW "--beta1 0.5 --beta2 0.9 --eps 1e-6", "\"eps\":");
    assert_trains(state, LENGTH NARROW "--loss bce", "\"loss\":\t\"logistic\"");
}

/* Sixteen pictures, three times and a half, and twice more. */
static void lengths_are_given_in_epochs(void **state)
{
    assert_trains(state, NARROW "--epochs 3.5", "\"kimg\":\t0.056");
    char *folder = trained_folder(train(state, NARROW "--epochs 2"));
    assert_in_folder(folder, "network-snapshot-000000032.safetensors");
    assert_done(RUN("train", "--resume", folder, "--epochs", "4", "--threads", "1"),
                "Resumed at kimg");
    assert_in_folder(folder, "network-snapshot-000000064.safetensors");
    free(folder);
    assert_fails(train(state, "--epochs 3 --kimg 1"), 2, "--kimg and --epochs exclude each other");
}

static void options_without_meaning_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"--cfg dcgan --no-equalized", "--no-equalized changes nothing with dcgan"},
        {"--cfg dcgan --g-arch skip", "--g-arch belongs to StyleGAN2's generator"},
        {"--cfg stylegan3-t --g-arch skip", "--g-arch belongs to StyleGAN2's generator"},
        {"--cfg stylegan1 --d-arch skip", "--d-arch belongs to StyleGAN2's discriminator"},
        {"--cfg progan --style-mixing-prob 0", "--style-mixing-prob needs a mapping network"},
        {"--cfg progan --no-noise", "--no-noise has no meaning here"},
        {"--cfg progan --no-const-input", "--no-const-input belongs to --cfg stylegan1"},
        {"--cfg stylegan3-t --resample-filter 1", "--resample-filter has no meaning for dcgan"},
        {"--optimizer rmsprop --beta1 0.5", "--beta1 belongs to --optimizer adam"},
        {"--map-depth 0 --w-dim 8", "--w-dim makes no sense with --map-depth 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train(state, cases[i][0]), 2, cases[i][1]);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(stylegan_can_be_taken_apart),
        IN_FOLDER(stylegan2_can_be_taken_apart),
        IN_FOLDER(parts_can_be_left_out),
        IN_FOLDER(lengths_are_given_in_epochs),
        IN_FOLDER(options_without_meaning_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
