/* Pairs of network snapshots and training states: kept, found again, passed over when torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/idx_file.h"
#include "support/networks.h"
#include "support/numbers.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "train/run/snapshots.h"

/* A trainer of tiny networks in a context of its own. */
typedef struct training {
    sg_context *context;
    sg_trainer *trainer;
} training;

static training start(uint64_t seed, int channels)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, channels, 0);
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, channels, 0);
    options.batch = 4;
    options.seed = seed;
    training t = {.context = sg_context_create(1)};
    assert_non_null(t.context);
    t.trainer = sg_trainer_create(t.context, &options, NULL);
    assert_non_null(t.trainer);
    return t;
}

static void end(training *t)
{
    sg_trainer_destroy(t->trainer);
    sg_context_destroy(t->context);
}

/* Steps once and saves, with the newest `keep` snapshots kept. */
static void advance_keeping(training *t, const char *folder, int keep)
{
    sg_error error = {0};
    sg_statistics statistics = {0};
    float *reals = random_floats(4 * 64, 1);
    assert_int_equal(sg_trainer_step(t->trainer, reals, NULL, &statistics), SG_OK);
    if (sg_snapshot_save(t->trainer, folder, keep, NULL, 0, NULL, &error))
        fail_msg("%s", error.message);
    free(reals);
}

static void advance(training *t, const char *folder)
{
    advance_keeping(t, folder, 0);
}

/* Three steps, each saved in the test's folder. */
static training advanced(void *const *state)
{
    training t = start(1, 1);
    for (int i = 0; i < 3; i++)
        advance(&t, *state);
    return t;
}

static bool exists(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    const bool found = sg_path_exists(path);
    free(path);
    return found;
}

static void the_last_two_states_are_kept(void **state)
{
    training t = advanced(state);
    assert_false(exists(state, "training-state-000000004.safetensors"));
    assert_true(exists(state, "training-state-000000008.safetensors"));
    assert_true(exists(state, "training-state-000000012.safetensors"));
    assert_true(exists(state, "network-snapshot-000000004.safetensors"));
    assert_true(exists(state, "network-snapshot-000000012.safetensors"));
    end(&t);
}

/* Makes a file of that name which is no snapshot. */
static void raw_copy(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    raw_write(path, (const unsigned char *)"torn", 4);
    free(path);
}

static const char *const all_files[] = {
    "network-snapshot-000000004.safetensors", "network-snapshot-000000008.safetensors",
    "network-snapshot-000000012.safetensors", "training-state-000000004.safetensors",
    "training-state-000000008.safetensors",   "training-state-000000012.safetensors"};

/* Whether each file is there: a one for each that is, in the list's order. */
static int files_there(void *const *state)
{
    int there = 0;
    for (int i = 0; i < 6; i++)
        there = there * 2 + exists(state, all_files[i]);
    return there;
}

static void older_networks_go_when_asked(void **state)
{
    static const int expected[] = {0x3b, 0x09, 0x1b, 0x3b};
    for (int keep = 0; keep < 4; keep++) {
        training t = start(1, 1);
        for (int i = 0; i < 3; i++)
            advance_keeping(&t, *state, keep);
        assert_int_equal(files_there(state), expected[keep]);
        for (int i = 0; i < 6; i++) {
            char *path = temporary_path(state, all_files[i]);
            remove(path);
            free(path);
        }
        end(&t);
    }
}

/* A damaged pair with a higher number, which a resumed run passed over, does not count; the pair
 * just written is never removed. */
static void the_pair_just_written_stays(void **state)
{
    training t = start(1, 1);
    raw_copy(state, "network-snapshot-000000099.safetensors");
    raw_copy(state, "training-state-000000099.safetensors");
    raw_copy(state, "network-snapshot-best.safetensors");
    for (int i = 0; i < 2; i++)
        advance_keeping(&t, *state, 1);
    assert_int_equal(files_there(state), 0x12);
    assert_true(exists(state, "network-snapshot-000000099.safetensors"));
    assert_true(exists(state, "network-snapshot-best.safetensors"));
    end(&t);
}

static void count_line(void *user, const char *line)
{
    assert_non_null(strstr(line, "Passed over"));
    ++*(int *)user;
}

/* Loads into a fresh trainer; the images it has seen then, or -1. `passed` counts the skipped. */
static int load(const char *folder, uint64_t seed, int channels, int *passed)
{
    sg_error error = {0};
    training t = start(seed, channels);
    *passed = 0;
    bool loaded = false;
    const sg_status status = sg_snapshot_load(
        t.trainer, folder, &(sg_watch){.user = passed, .note = count_line}, &loaded, &error);
    if (status)
        fail_msg("%s", error.message);
    const int images = loaded ? (int)sg_trainer_images(t.trainer) : -1;
    end(&t);
    return images;
}

static void the_newest_pair_is_loaded(void **state)
{
    int passed;
    training t = advanced(state);
    assert_int_equal(load(*state, 1, 1, &passed), 12);
    assert_int_equal(passed, 0);
    end(&t);
}

static void a_loaded_training_saves_the_same_bytes(void **state)
{
    training t = advanced(state);
    training other = start(9, 1);
    char *folder = temporary_path(state, "other");
    sg_error error = {0};
    assert_int_equal(mkdir(folder, 0777), 0);
    bool loaded = false;
    assert_int_equal(sg_snapshot_load(other.trainer, *state, NULL, &loaded, &error), SG_OK);
    assert_true(loaded);
    assert_int_equal(sg_snapshot_save(other.trainer, folder, 0, NULL, 0, NULL, &error), SG_OK);
    assert_same_file(*state, folder, "network-snapshot-000000012.safetensors");
    assert_same_file(*state, folder, "training-state-000000012.safetensors");
    free(folder);
    end(&other);
    end(&t);
}

/* Changes one byte near the end of a file, where tensors lie. */
static void flip_byte(void *const *state, const char *name)
{
    size_t size = 0;
    unsigned char *bytes = bytes_of(*state, name, &size);
    char *path = temporary_path(state, name);
    bytes[size - 30] ^= 1;
    raw_write(path, bytes, size);
    free(path);
    free(bytes);
}

static void cut_short(void *const *state, const char *name)
{
    size_t size = 0;
    unsigned char *bytes = bytes_of(*state, name, &size);
    char *path = temporary_path(state, name);
    raw_write(path, bytes, size / 2);
    free(path);
    free(bytes);
}

static void damaged_pairs_are_passed_over(void **state)
{
    static const char *const files[] = {"network-snapshot-000000012.safetensors",
                                        "training-state-000000012.safetensors"};
    for (int kind = 0; kind < 4; kind++) {
        int passed;
        training t = advanced(state);
        if (kind < 2)
            flip_byte(state, files[kind]);
        else
            cut_short(state, files[kind - 2]);
        assert_int_equal(load(*state, 1, 1, &passed), 8);
        assert_int_equal(passed, 1);
        end(&t);
    }
}

/* A state belongs to the one snapshot that it was written beside. */
static void foreign_snapshots_are_passed_over(void **state)
{
    int passed;
    size_t size = 0;
    training t = advanced(state);
    unsigned char *bytes = bytes_of(*state, "network-snapshot-000000004.safetensors", &size);
    char *path = temporary_path(state, "network-snapshot-000000012.safetensors");
    raw_write(path, bytes, size);
    assert_int_equal(load(*state, 1, 1, &passed), 8);
    assert_int_equal(passed, 1);
    free(path);
    free(bytes);
    end(&t);
}

static void nothing_that_fits_is_an_error(void **state)
{
    int passed;
    assert_int_equal(load(*state, 1, 1, &passed), -1);
    training t = advanced(state);
    assert_int_equal(load(*state, 1, 3, &passed), -1);
    assert_int_equal(passed, 2);
    end(&t);
}

/* An older pair would silently throw training away. */
static void what_cannot_be_read_ends_the_loading(void **state)
{
    int passed = 0;
    bool loaded = false;
    sg_error error = {0};
    training t = advanced(state);
    training fresh = start(1, 1);
    char *path = temporary_path(state, "training-state-000000012.safetensors");
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(sg_snapshot_load(fresh.trainer, *state,
                                      &(sg_watch){.user = &passed, .note = count_line}, &loaded,
                                      &error),
                     SG_ERROR_FILE);
    assert_false(loaded);
    assert_int_equal(passed, 0);
    assert_non_null(strstr(error.message, path));
    free(path);
    end(&fresh);
    end(&t);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(older_networks_go_when_asked),
        IN_FOLDER(the_pair_just_written_stays),
        IN_FOLDER(the_last_two_states_are_kept),
        IN_FOLDER(the_newest_pair_is_loaded),
        IN_FOLDER(a_loaded_training_saves_the_same_bytes),
        IN_FOLDER(damaged_pairs_are_passed_over),
        IN_FOLDER(what_cannot_be_read_ends_the_loading),
        IN_FOLDER(foreign_snapshots_are_passed_over),
        IN_FOLDER(nothing_that_fits_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
