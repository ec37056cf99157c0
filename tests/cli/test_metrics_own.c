/* Metrics with a classifier of one's own, the cache of real pictures' features, and metrics of a
 * run's snapshots. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"

#define DIGITS "models/digits-32.safetensors"
#define CLASSIFIER "models/digits-classifier.safetensors"

/* Makes FOLDER/NAME with 24 digits of a class; returns its path on the heap. */
static char *make_digits(void *const *state, const char *name, const char *class_index,
                         const char *seeds)
{
    char *folder = temporary_path(state, name);
    program_result result = RUN("generate", "--network", DIGITS, "--seeds", seeds, "--class",
                                class_index, "--outdir", folder);
    assert_int_equal(result.status, 0);
    program_result_clear(&result);
    return folder;
}

/* Runs fd_own of two folders. */
static program_result compare(const char *real, const char *fake)
{
    program_result result = RUN("metrics", "--data", real, "--pictures", fake, "--metrics",
                                "fd_own1k,pr_own1k", "--json");
    assert_int_equal(result.status, 0);
    return result;
}

/* Replaces the content of all files in a folder; returns their number. */
static int spoil_files(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = sg_path_join(folder, entry->d_name);
        assert_int_equal(sg_write_file(path, "spoilt", 6, NULL), SG_OK);
        free(path);
        count++;
    }
    closedir(directory);
    return count;
}

/* The classifier of models/ fits, so that nobody has to name it. */
static void other_classes_are_far(void **state)
{
    char *three = make_digits(state, "three", "3", "0-23");
    char *other = make_digits(state, "other", "3", "100-123");
    char *eight = make_digits(state, "eight", "8", "0-23");
    program_result near = compare(three, other);
    program_result far = compare(three, eight);
    assert_true(number_in(far.output, "fd_own1k") > 2 * number_in(near.output, "fd_own1k"));
    assert_true(number_in(near.output, "pr_own1k_precision") > 0.5);
    assert_true(number_in(far.output, "pr_own1k_precision") < 0.5);
    assert_holds(near.output, "\"features\":\"" CLASSIFIER "\"");
    program_result_clear(&near);
    program_result_clear(&far);
    free(three);
    free(other);
    free(eight);
}

/* Features of real pictures are kept: a spoilt file is noticed, and computed again. */
static void features_are_kept(void **state)
{
    char *three = make_digits(state, "three", "3", "0-23");
    char *eight = make_digits(state, "eight", "8", "0-23");
    char *cache = temporary_path(state, "cache/stylegan");
    program_result first = compare(three, eight);
    assert_true(sg_path_is_folder(cache));
    program_result cached = compare(three, eight);
    const double value = number_in(first.output, "fd_own1k");
    assert_true(number_in(cached.output, "fd_own1k") == value);
    assert_null(strstr(cached.errors, "computed again"));
    assert_true(spoil_files(cache) > 0);
    program_result spoilt = compare(three, eight);
    assert_holds(spoilt.errors, "are computed again");
    assert_true(number_in(spoilt.output, "fd_own1k") == value);
    spoil_files(cache);
    program_result without = RUN("metrics", "--data", three, "--pictures", eight, "--metrics",
                                 "fd_own1k", "--json", "--no-cache");
    assert_null(strstr(without.errors, "computed again"));
    assert_true(number_in(without.output, "fd_own1k") == value);
    program_result_clear(&first);
    program_result_clear(&cached);
    program_result_clear(&spoilt);
    program_result_clear(&without);
    free(three);
    free(eight);
    free(cache);
}

/* Mirror images double the reals of metrics without _full; errors come by bootstrap. */
static void flags_are_heeded(void **state)
{
    char *three = make_digits(state, "three", "3", "0-23");
    program_result result = RUN("metrics", "--data", three, "--pictures", three, "--mirror",
                                "--errors", "--metrics", "fd_own1k,swd1k", "--json");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "\"errors\":{\"fd_own1k\":");
    assert_holds(result.output, "\"reals\":24,");
    assert_holds(result.output, "\"reals\":48,");
    assert_holds(result.output, "\"mirror\":true");
    program_result_clear(&result);
    assert_done(RUN("metrics", "--network", DIGITS, "--metrics", "ls1k", "--num", "60", "--json"),
                "\"ls1k_z\":");
    assert_fails(RUN("metrics", "--network", "tests/golden/sg3-t-32/network.safetensors", "--data",
                     three, "--metrics", "fd_own1k", "--features", CLASSIFIER),
                 2, "looks at 32x32 pictures with 1 channels, but these are 32x32 with");
    char *cut = temporary_path(state, "cut.safetensors");
    FILE *file = fopen(cut, "w");
    assert_non_null(file);
    fputs("no network", file);
    fclose(file);
    assert_fails(RUN("metrics", "--pictures", three, "--data", three, "--metrics", "fd_own1k",
                     "--features", cut),
                 1, "cut.safetensors");
    free(cut);
    free(three);
}

/* ---- runs ---- */

static void snapshots_of_a_run_are_measured(void **state)
{
    static const char *const plain[] = {"--snap", "1", "--tick", "0.016", NULL};
    char *folder = trained_folder(train_tiny(state, "dcgan", "0.048", plain));
    program_result result = RUN("metrics", "--run", folder, "--metrics", "msssim1k", "--num", "8");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "network-snapshot-000000048.safetensors");
    program_result_clear(&result);
    assert_in_folder(folder, "metric-msssim1k.jsonl");
    assert_in_folder(folder, "metrics.png");
    assert_fails(RUN("metrics", "--run", folder, "--network", DIGITS, "--metrics", "msssim1k"), 2,
                 "--run measures the run's own snapshots");
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(other_classes_are_far, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(features_are_kept, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(flags_are_heeded, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(snapshots_of_a_run_are_measured, tiny_run_setup,
                                        tiny_run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
