/* `train --metrics`: lines, curves and events of snapshots measured beside the training, the best
 * one, and mistakes. */
#define _GNU_SOURCE /* memmem */
#include <dirent.h>
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
#include "support/tiny_run.h"
#include "support/tiny_training.h"

/* Snapshots every 16 images. Metrics take a thousand pictures at least, which a small mapping
 * network and little to measure make a matter of a second. */
#define SNAPSHOTS "--snap", "1", "--tick", "0.016"
#define SMALL SNAPSHOTS, "--w-dim", "6", "--map-depth", "1"

static size_t lines_of(const char *folder, const char *name)
{
    size_t size;
    size_t count = 0;
    unsigned char *bytes = bytes_of(folder, name, &size);
    for (size_t i = 0; i < size; i++)
        count += bytes[i] == '\n';
    free(bytes);
    return count;
}

static bool holds(const char *folder, const char *name, const char *part)
{
    size_t size;
    unsigned char *bytes = bytes_of(folder, name, &size);
    const bool found = strstr((const char *)bytes, part);
    free(bytes);
    return found;
}

/* The number of network snapshots in a run's folder. */
static int count_networks(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += strncmp(entry->d_name, "network-snapshot-", 17) == 0;
    closedir(directory);
    return count;
}

/* True if the run's file of events for TensorBoard holds the tag. */
static bool has_event(const char *folder, const char *tag)
{
    bool found = false;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        size_t size;
        if (strncmp(entry->d_name, "events.", 7) != 0)
            continue;
        unsigned char *bytes = bytes_of(folder, entry->d_name, &size);
        found = found || memmem(bytes, size, tag, strlen(tag));
        free(bytes);
    }
    closedir(directory);
    return found;
}

/* The training's bytes do not depend on what is measured beside it. */
static void snapshots_are_measured(void **state)
{
    static const char *const none[] = {SMALL, NULL};
    static const char *const options[] = {SMALL, "--metrics", "msssim1k,pplpx_wend1k", NULL};
    program_result result = train_tiny(state, "stylegan2", "0.032", options);
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "Metrics: about ");
    assert_holds(result.output, "kimg 0.0      msssim1k ");
    assert_holds(result.output, "Best so far by pplpx_wend1k: ");
    char *folder = trained_folder(result);
    char *plain = trained_folder(train_tiny(state, "stylegan2", "0.032", none));
    assert_int_equal(lines_of(folder, "metric-msssim1k.jsonl"), 2);
    assert_int_equal(lines_of(folder, "metric-pplpx_wend1k.jsonl"), 2);
    assert_true(holds(folder, "metric-pplpx_wend1k.jsonl",
                      "\"snapshot_pkl\":\"network-snapshot-000000032.safetensors\""));
    assert_in_folder(folder, "metrics.png");
    assert_true(has_event(folder, "Metrics/msssim1k"));
    assert_same_file(folder, plain, "network-snapshot-000000032.safetensors");
    free(folder);
    free(plain);
}

/* Beside the newest snapshot stays the best one, by the first metric for which there is a best. */
static void the_best_is_kept(void **state)
{
    static const char *const options[] = {SMALL, "--metrics", "pplpx_wend1k", "--keep", "1", NULL};
    char *folder = trained_folder(train_tiny(state, "stylegan2", "0.048", options));
    assert_in_folder(folder, "best.json");
    assert_in_folder(folder, "network-snapshot-000000048.safetensors");
    assert_true(count_networks(folder) <= 2);
    free(folder);
}

/* The second snapshot is measured, and the last one always. */
static void every_other_snapshot(void **state)
{
    static const char *const options[] = {
        SNAPSHOTS, "--metrics", "msssim1k", "--metrics-every", "2", "--metrics-nice", "0", NULL};
    char *folder = trained_folder(train_tiny(state, "dcgan", "0.048", options));
    assert_int_equal(lines_of(folder, "metric-msssim1k.jsonl"), 2);
    assert_false(holds(folder, "metric-msssim1k.jsonl", "network-snapshot-000000016"));
    free(folder);
}

/* A kill leaves snapshots whose metrics were not there yet; a resumed run measures them. */
static void missed_snapshots_are_measured(void **state)
{
    static const char *const options[] = {SMALL, "--metrics", "pplpx_wend1k", NULL};
    char *folder = trained_folder(train_tiny(state, "stylegan2", "0.048", options));
    size_t size;
    unsigned char *lines = bytes_of(folder, "metric-pplpx_wend1k.jsonl", &size);
    char *path = sg_path_join(folder, "metric-pplpx_wend1k.jsonl");
    const size_t first = (size_t)((unsigned char *)strchr((char *)lines, '\n') + 1 - lines);
    sg_error error = {0};
    assert_int_equal(sg_write_file(path, lines, first, &error), SG_OK);
    assert_done(RUN("train", "--resume", folder, "--metrics", "pplpx_wend1k", "--tick", "0.016",
                    "--snap", "1", "--threads", "1"),
                "kimg 0.0      pplpx_wend1k ");
    assert_int_equal(lines_of(folder, "metric-pplpx_wend1k.jsonl"), 3);
    assert_true(holds(folder, "metric-pplpx_wend1k.jsonl", "network-snapshot-000000048"));
    /* Metrics that are new to a run are of what it still trains. */
    assert_done(RUN("train", "--resume", folder, "--metrics", "msssim1k", "--tick", "0.016",
                    "--snap", "1", "--threads", "1", "--kimg", "0.064"),
                "Done");
    assert_int_equal(lines_of(folder, "metric-msssim1k.jsonl"), 1);
    free(path);
    free(lines);
    free(folder);
}

static void mistakes_come_before_the_training(void **state)
{
    static const char *const without_file[] = {"--metrics", "fid5k", NULL};
    static const char *const dry[] = {"--metrics", "fid5k", "--dry-run", NULL};
    static const char *const unmoved[] = {"--metrics", "eqt1k_int", NULL};
    static const char *const small[] = {"--metrics", "swd1k", NULL};
    static const char *const unknown[] = {"--metrics", "fidd5k", NULL};
    char *missing = (char *)"/nowhere";
    assert_int_equal(setenv("XDG_DATA_HOME", missing, 1), 0);
    program_result file = train_tiny(state, "stylegan2", "0.016", without_file);
    assert_int_equal(file.status, 1);
    assert_holds(file.errors, "name the file by --features");
    program_result plan = train_tiny(state, "stylegan2", "0.016", dry);
    assert_int_equal(plan.status, 1);
    assert_holds(plan.errors, "name the file by --features");
    program_result_clear(&plan);
    program_result moved = train_tiny(state, "dcgan", "0.016", unmoved);
    assert_int_not_equal(moved.status, 0);
    program_result size = train_tiny(state, "dcgan", "0.016", small);
    assert_int_not_equal(size.status, 0);
    assert_holds(size.errors, "16x16");
    program_result_clear(&size);
    program_result name = train_tiny(state, "dcgan", "0.016", unknown);
    assert_int_equal(name.status, 2);
    assert_holds(name.errors, "not \"fidd5k\"");
    static const char *const alone[] = {"--metrics-every", "2", NULL};
    program_result every = train_tiny(state, "dcgan", "0.016", alone);
    assert_int_equal(every.status, 2);
    assert_holds(every.errors, "--metrics-every needs --metrics");
    program_result_clear(&every);
    program_result_clear(&file);
    program_result_clear(&moved);
    program_result_clear(&name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(snapshots_are_measured, tiny_run_setup, tiny_run_teardown),
        cmocka_unit_test_setup_teardown(the_best_is_kept, tiny_run_setup, tiny_run_teardown),
        cmocka_unit_test_setup_teardown(every_other_snapshot, tiny_run_setup, tiny_run_teardown),
        cmocka_unit_test_setup_teardown(missed_snapshots_are_measured, tiny_run_setup,
                                        tiny_run_teardown),
        cmocka_unit_test_setup_teardown(mistakes_come_before_the_training, tiny_run_setup,
                                        tiny_run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
