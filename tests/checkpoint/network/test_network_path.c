/* Which file a path means: files, snapshots of runs, names of published networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/network/network_path.h"
#include "support/program.h"
#include "support/temporary_folder.h"

static void make_file(void *const *state, const char *name)
{
    sg_error error = {0};
    char *path = temporary_path(state, name);
    assert_int_equal(sg_make_parent_folder(path, &error), SG_OK);
    assert_int_equal(sg_write_file(path, "x", 1, &error), SG_OK);
    free(path);
}

/* The path `name` in the test's folder must mean `expected` in it. */
static void assert_means(void *const *state, const char *name, const char *expected)
{
    sg_error error = {0};
    char *found = NULL;
    char *path = temporary_path(state, name);
    char *wanted = temporary_path(state, expected);
    if (sg_network_locate(path, &found, &error))
        fail_msg("%s", error.message);
    assert_string_equal(found, wanted);
    free(wanted);
    free(found);
    free(path);
}

static void assert_refused(const char *path, const char *part)
{
    sg_error error = {0};
    char *found = NULL;
    assert_int_equal(sg_network_locate(path, &found, &error), SG_ERROR_FILE);
    assert_null(found);
    assert_holds(error.message, part);
}

static void files_mean_themselves(void **state)
{
    make_file(state, "a.pkl");
    assert_means(state, "a.pkl", "a.pkl");
    assert_means(state, "absent.pkl", "absent.pkl");
}

static void folders_mean_their_newest_network(void **state)
{
    make_file(state, "run/network-snapshot-000000900.safetensors");
    make_file(state, "run/network-snapshot-000001000.safetensors");
    make_file(state, "run/training-state-000009000.safetensors");
    make_file(state, "run/network-snapshot-9999.txt");
    make_file(state, "run/network-snapshot-x2000.pkl");
    assert_means(state, "run", "run/network-snapshot-000001000.safetensors");
    make_file(state, "run/network-snapshot-001200.pkl");
    assert_means(state, "run", "run/network-snapshot-001200.pkl");
    make_file(state, "models/model_9.pt");
    make_file(state, "models/model_10.pt");
    assert_means(state, "models", "models/model_10.pt");
    make_file(state, "old/network-snapshot-000100.pkl");
    make_file(state, "old/network-final.pkl");
    assert_means(state, "old", "old/network-final.pkl");
}

static void folders_of_runs_mean_the_newest_with_a_network(void **state)
{
    make_file(state, "runs/00009-a/network-snapshot-000200.pkl");
    make_file(state, "runs/00010-b/network-snapshot-000100.pkl");
    make_file(state, "runs/00011-c/log.txt");
    make_file(state, "runs/notes/network-snapshot-000900.pkl");
    assert_means(state, "runs", "runs/00010-b/network-snapshot-000100.pkl");
}

static void folders_without_networks_are_refused(void **state)
{
    make_file(state, "empty/00000-a/log.txt");
    char *path = temporary_path(state, "empty");
    assert_refused(path, "is a folder without networks");
    free(path);
}

static void published_names_are_explained(void **state)
{
    (void)state;
    assert_refused("ffhq256",
                   "transfer-learning-source-nets/ffhq-res256-mirror-paper256-noaug.pkl");
    assert_refused("ffhqu256", "stylegan3-t-ffhqu-256x256.pkl");
    assert_refused(
        "gdrive:networks/stylegan2-car-config-f.pkl",
        "https://nvlabs-fi-cdn.nvidia.com/stylegan2/networks/stylegan2-car-config-f.pkl");
    assert_refused("metfaces1024", "nothing is downloaded");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(files_mean_themselves),
        IN_FOLDER(folders_mean_their_newest_network),
        IN_FOLDER(folders_of_runs_mean_the_newest_with_a_network),
        IN_FOLDER(folders_without_networks_are_refused),
        cmocka_unit_test(published_names_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
