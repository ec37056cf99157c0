/* train --init from outside: what is said of the weights, fine-tuning, fading in, frozen layers,
 * and snapshots that are removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/idx_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

#define SIZES "--cbase", "32", "--cmax", "4", "--z-dim", "8", "--w-dim", "8", "--map-depth", "1"
#define LENGTH "--batch", "8", "--kimg", "0.016", "--tick", "0.008", "--snap", "1", "--threads", "1"

/* A run of two ticks over the pictures at `data`; its folder, on the heap. */
static char *start_run(void *const *state, const char *data)
{
    char *outdir = tiny_run_outdir(state);
    char *folder = trained_folder(RUN("train", data, "--outdir", outdir, LENGTH, SIZES));
    free(outdir);
    return folder;
}

/* The number after a key of training_options.json. */
static double option_of(const char *folder, const char *key)
{
    size_t size;
    char quoted[64];
    char *text = (char *)bytes_of(folder, "training_options.json", &size);
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = strstr(text, quoted);
    const double value = found ? strtod(found + strlen(quoted), NULL) : -1;
    free(text);
    return value;
}

/* Returns the lines on the weights that were taken, which end before the one that starts with
 * `end`; on the heap. */
static char *report_in(const char *output, const char *end)
{
    const char *from = strstr(output, "Took ");
    assert_non_null(from);
    const char *to = strstr(from, end);
    assert_non_null(to);
    return strndup(from, (size_t)(to - from));
}

/* A rehearsal, whose networks have no values, says the same of the weights as a training: from a
 * network without classes to one with them, and back. */
static void a_dry_run_reports_the_same(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *first = start_run(state, data);
    for (int back = 0; back < 2; back++) {
        const char *classes = back ? "--desc=back" : "--cond";
        program_result real =
            RUN("train", data, "--outdir", outdir, "--init", first, classes, LENGTH, SIZES);
        program_result dry =
            RUN("train", data, "--dry-run", "--init", first, classes, LENGTH, SIZES);
        assert_int_equal(dry.status, 0);
        char *said = report_in(real.output, "Forecast: ");
        char *rehearsed = report_in(dry.output, "Forecast: ");
        assert_string_equal(rehearsed, said);
        free(rehearsed);
        free(said);
        program_result_clear(&dry);
        free(first);
        first = trained_folder(real);
    }
    free(first);
    free(outdir);
    free(data);
}

static void the_report_names_tensors_and_reasons(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *first = start_run(state, data);
    program_result result =
        RUN("train", data, "--outdir", outdir, "--init", first, "--cond", LENGTH, SIZES);
    assert_holds(result.output, ", of which 4 are adapted; the others are new\n");
    assert_holds(result.output, "The networks of that file have 0 classes instead of 3\n");
    assert_holds(result.output, "  new: mapping, 2 tensors (embed.weight ...): ");
    assert_holds(result.output, "  adapted: mapping.fc0.weight [8, 16]: ");
    char *second = trained_folder(result);
    size_t size;
    char *log = (char *)bytes_of(second, "log.txt", &size);
    assert_holds(log, "  adapted: mapping.fc0.weight [8, 16]: ");
    assert_true(option_of(second, "ema_rampup") == 0);
    free(log);
    free(second);
    free(first);
    free(outdir);
    free(data);
}

static void fine_tuning_says_what_it_sets(void **state)
{
    char *data = temporary_path(state, "large-images-idx3-ubyte");
    char *outdir = tiny_run_outdir(state);
    const idx_file images = idx_images(16, 32, 32);
    idx_write(data, &images);
    char *first = start_run(state, data);
    program_result result =
        RUN("train", data, "--outdir", outdir, "--init", first, "--finetune", LENGTH, SIZES);
    assert_holds(result.output, "Fine-tuning: --glr 0.001, half the usual rate");
    assert_holds(result.output, "Fine-tuning: --freezed 4, the layers above 16x16");
    assert_holds(result.output, "Fine-tuning: --aug \"ada\", adaptive");
    char *second = trained_folder(result);
    assert_true(option_of(second, "freezed") == 4);
    assert_true(option_of(second, "glr") == 0.001);
    assert_fails(RUN("train", data, "--outdir", outdir, "--finetune", LENGTH, SIZES), 2,
                 "--finetune needs --init");
    assert_fails(RUN("train", data, "--outdir", outdir, "--init-partly", LENGTH, SIZES), 2,
                 "--init-partly needs --init");
    assert_fails(RUN("train", "--resume", second, "--p", "0.7"), 2, "--p cannot change");
    assert_fails(RUN("train", "--resume", second, "--freezed", "2"), 2, "--freezed cannot change");
    free(second);
    free(first);
    free(outdir);
    free(data);
}

static void larger_networks_fade_in(void **state)
{
    char *data = tiny_run_data(state);
    char *large = temporary_path(state, "large-images-idx3-ubyte");
    char *outdir = tiny_run_outdir(state);
    const idx_file images = idx_images(16, 16, 16);
    idx_write(large, &images);
    char *first = start_run(state, data);
    char *second = trained_folder(RUN("train", large, "--outdir", outdir, "--init", first,
                                      "--init-fade", "0.5", LENGTH, SIZES));
    assert_true(option_of(second, "blur_init_sigma") == 2);
    assert_true(option_of(second, "blur_fade_kimg") == 0.5);
    assert_fails(
        RUN("train", data, "--outdir", outdir, "--init", first, "--init-fade", "1", LENGTH, SIZES),
        1, "does not paint fewer pixels than the 8 a side");
    assert_fails(RUN("train", data, "--outdir", outdir, "--init-fade", "1", LENGTH, SIZES), 2,
                 "--init-fade needs --init");
    free(second);
    free(first);
    free(outdir);
    free(large);
    free(data);
}

static void frozen_layers_are_asked_for_by_options(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *folder =
        trained_folder(RUN("train", data, "--outdir", outdir, LENGTH, SIZES, "--cond", "--freezeD",
                           "2", "--freezeM", "1", "--freezeE", "--freezeG", "4"));
    assert_true(option_of(folder, "freezed") == 2);
    assert_true(option_of(folder, "freezem") == 1);
    assert_true(option_of(folder, "freezeg") == 4);
    assert_fails(RUN("train", data, "--outdir", outdir, LENGTH, SIZES, "--freezeE"), 1,
                 "--freezee is set, but the networks know no classes");
    assert_fails(RUN("train", data, "--outdir", outdir, LENGTH, SIZES, "--freezeG", "16"), 1,
                 "--freezeg is 16, but must be a power of two from 4 to 8");
    free(folder);
    free(outdir);
    free(data);
}

static void the_newest_snapshots_are_kept(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *folder =
        trained_folder(RUN("train", data, "--outdir", outdir, LENGTH, SIZES, "--keep", "1"));
    char *old = sg_path_join(folder, "network-snapshot-000000008.safetensors");
    assert_in_folder(folder, "network-snapshot-000000016.safetensors");
    assert_in_folder(folder, "training-state-000000016.safetensors");
    assert_false(sg_path_exists(old));
    /* The number may change when the run goes on. */
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.024", "--keep", "2"), "Resumed");
    assert_in_folder(folder, "network-snapshot-000000016.safetensors");
    assert_in_folder(folder, "network-snapshot-000000024.safetensors");
    free(old);
    free(folder);
    free(outdir);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
        TEST(the_report_names_tensors_and_reasons),   TEST(a_dry_run_reports_the_same),
        TEST(fine_tuning_says_what_it_sets),          TEST(larger_networks_fade_in),
        TEST(frozen_layers_are_asked_for_by_options), TEST(the_newest_snapshots_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
