/*
 * Exact resume: a run that ends after k steps and is resumed gives the bytes of one that was never
 * interrupted, for every k of the lazy schedule (path length every 4 steps, R1 every 16).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "support/networks.h"
#include "support/tiny_run.h"
#include "train/options/preset.h"
#include "train/run/run_folder.h"

enum { STEPS = 18, BATCH = 8 };

#define LAST_NETWORK "network-snapshot-000000144.safetensors"
#define LAST_STATE "training-state-000000144.safetensors"

static double kimg_after(int steps)
{
    return steps * BATCH / 1000.0;
}

/* A run that was ended after `steps` and resumed to the end; its folder on the heap. */
static char *interrupted_run(sg_run_options options, int steps)
{
    options.kimg = kimg_after(steps);
    char *folder = run_to_end(&options, NULL);
    sg_run_options rest = {.resume = folder, .kimg = kimg_after(STEPS)};
    char *same = run_to_end(&rest, NULL);
    assert_string_equal(folder, same);
    free(same);
    return folder;
}

/* Runs to the end, whole and interrupted after some numbers of steps: the same bytes. */
static void assert_resumes(sg_run_options options, const int *interrupted, size_t count)
{
    options.kimg = kimg_after(STEPS);
    char *whole = run_to_end(&options, NULL);
    for (size_t i = 0; i < count; i++) {
        char *folder = interrupted_run(options, interrupted[i]);
        assert_same_file(whole, folder, LAST_NETWORK);
        assert_same_file(whole, folder, LAST_STATE);
        free(folder);
    }
    free(whole);
}

static void every_phase_resumes_to_the_same_bytes(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.kimg = kimg_after(STEPS);
    char *whole = run_to_end(&options, NULL);
    for (int steps = 1; steps < STEPS; steps++) {
        char *folder = interrupted_run(options, steps);
        assert_same_file(whole, folder, LAST_NETWORK);
        assert_same_file(whole, folder, LAST_STATE);
        free(folder);
    }
    free(whole);
    free(outdir);
    free(data);
}

/* StyleGAN3 has magnitudes to go on with, and a blur that fades in the middle of the run. */
static void stylegan3_resumes_to_the_same_bytes(void **state)
{
    static const int interrupted[] = {1, 7, 16};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.generator = tiny_stylegan3_config(true, 1, 0);
    options.trainer.g_interval = 0;
    options.trainer.pl_weight = options.trainer.style_mixing_prob = 0;
    options.trainer.blur_init_sigma = 3;
    options.trainer.blur_fade_kimg = 0.1;
    assert_resumes(options, interrupted, 3);
    free(outdir);
    free(data);
}

/* Adaptive augmentation resumes between two adjustments, which every 4th step makes. */
static void augmentation_resumes_to_the_same_bytes(void **state)
{
    static const int interrupted[] = {1, 2, 7, 17};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.augment.mode = SG_AUGMENT_ADAPTIVE;
    options.trainer.augment.p = 0.5;
    options.trainer.augment.kimg = 0.2;
    assert_resumes(options, interrupted, 4);
    free(outdir);
    free(data);
}

/* The network file has a classifier's average, the state its weights and how they are augmented. */
static void a_classifier_resumes_to_the_same_bytes(void **state)
{
    static const int interrupted[] = {1, 6, 17};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.cfg = (int)(sg_preset_find("classifier") - sg_presets);
    options.conditional = options.mirror = true;
    options.held_out.count = 3;
    options.trainer.discriminator.mbstd_num_channels = 0;
    options.trainer.discriminator.output = SG_OUTPUT_CLASSES;
    options.trainer.augment.mode = SG_AUGMENT_FIXED;
    options.trainer.augment.p = 0.5;
    assert_resumes(options, interrupted, 3);
    free(outdir);
    free(data);
}

/* A resumed run freezes what its options say, and its state has no moments for it. */
static void frozen_layers_stay_frozen(void **state)
{
    static const int interrupted[] = {1, 7, 16};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.freezing = (sg_freezing){.d_layers = 3, .mapping_layers = 1, .g_resolution = 4};
    options.kimg = kimg_after(STEPS);
    char *whole = run_to_end(&options, NULL);
    for (int i = 0; i < 3; i++) {
        size_t size;
        char *folder = interrupted_run(options, interrupted[i]);
        assert_same_file(whole, folder, LAST_NETWORK);
        assert_same_file(whole, folder, LAST_STATE);
        char *saved = (char *)bytes_of(folder, "training_options.json", &size);
        assert_non_null(strstr(saved, "\"freezed\":"));
        free(saved);
        free(folder);
    }
    free(whole);
    free(outdir);
    free(data);
}

/* A pipe of probability 0 is none, to the byte; one of another probability is not. */
static void augmentation_with_probability_0_changes_no_byte(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *folders[3];
    size_t sizes[3];
    unsigned char *networks[3];
    for (int i = 0; i < 3; i++) {
        sg_run_options options = tiny_run_options(data, outdir);
        options.trainer.augment.mode = i ? SG_AUGMENT_FIXED : SG_AUGMENT_NONE;
        options.trainer.augment.p = i == 2 ? 0.5 : 0;
        options.kimg = kimg_after(STEPS);
        folders[i] = run_to_end(&options, NULL);
        networks[i] = bytes_of(folders[i], LAST_NETWORK, &sizes[i]);
    }
    assert_same_file(folders[0], folders[1], LAST_NETWORK);
    assert_int_equal(sizes[0], sizes[2]);
    assert_memory_not_equal(networks[0], networks[2], sizes[0]);
    for (int i = 0; i < 3; i++) {
        free(networks[i]);
        free(folders[i]);
    }
    free(outdir);
    free(data);
}

/* Cuts a file short, as a crash of the machine might. */
static void truncate_file(const char *folder, const char *name)
{
    char path[SG_PATH_BYTES];
    size_t size;
    unsigned char *bytes = bytes_of(folder, name, &size);
    sg_run_folder_path(path, folder, "%s", name);
    assert_int_equal(sg_write_file(path, bytes, size / 2, NULL), SG_OK);
    free(bytes);
}

/* Changes one byte in the middle of a file. */
static void damage_file(const char *folder, const char *name)
{
    char path[SG_PATH_BYTES];
    size_t size;
    unsigned char *bytes = bytes_of(folder, name, &size);
    bytes[size - size / 4] ^= 1;
    sg_run_folder_path(path, folder, "%s", name);
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    free(bytes);
}

/* A torn or damaged pair is passed over with a sentence, and the one before it goes on to the end.
 */
static void check_passed_over(void **state, void (*spoil)(const char *, const char *),
                              const char *name)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    char *folder = run_to_end(&options, NULL);
    size_t size;
    unsigned char *expected = bytes_of(folder, "network-snapshot-000000064.safetensors", &size);
    spoil(folder, name);
    sg_run_options rest = {.resume = folder};
    free(run_to_end(&rest, NULL));
    size_t found_size;
    unsigned char *found = bytes_of(folder, "network-snapshot-000000064.safetensors", &found_size);
    assert_int_equal(size, found_size);
    assert_memory_equal(expected, found, size);
    size_t log_size;
    unsigned char *log = bytes_of(folder, "log.txt", &log_size);
    assert_non_null(strstr((char *)log, "Passed over a snapshot"));
    assert_non_null(strstr((char *)log, "Resumed at kimg 0.032"));
    free(log);
    free(found);
    free(expected);
    free(folder);
    free(outdir);
    free(data);
}

static void a_torn_state_is_passed_over(void **state)
{
    check_passed_over(state, truncate_file, "training-state-000000064.safetensors");
}

static void a_torn_network_is_passed_over(void **state)
{
    check_passed_over(state, truncate_file, "network-snapshot-000000064.safetensors");
}

static void a_damaged_state_is_passed_over(void **state)
{
    check_passed_over(state, damage_file, "training-state-000000064.safetensors");
}

static void a_damaged_network_is_passed_over(void **state)
{
    check_passed_over(state, damage_file, "network-snapshot-000000064.safetensors");
}

/* With absurd learning rates a run ends with a sentence, or goes back and says so. */
static void a_nan_stops_or_rolls_back(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.g_rate = options.trainer.d_rate = 1e30;
    assert_run_refused(&options, SG_ERROR_NUMERIC, "the last snapshot is whole");
    options.nan_rollback = true;
    assert_run_refused(&options, SG_ERROR_NUMERIC, "after 10 rollbacks");
    free(outdir);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
        TEST(every_phase_resumes_to_the_same_bytes),
        TEST(stylegan3_resumes_to_the_same_bytes),
        TEST(augmentation_resumes_to_the_same_bytes),
        TEST(augmentation_with_probability_0_changes_no_byte),
        TEST(a_classifier_resumes_to_the_same_bytes),
        TEST(frozen_layers_stay_frozen),
        TEST(a_torn_state_is_passed_over),
        TEST(a_torn_network_is_passed_over),
        TEST(a_damaged_state_is_passed_over),
        TEST(a_damaged_network_is_passed_over),
        TEST(a_nan_stops_or_rolls_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
