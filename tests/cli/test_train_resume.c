/* train --resume and --init from outside: which run is meant, which options may change, what fits.
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
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "support/idx_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

#define SIZES "--cbase", "32", "--cmax", "4", "--z-dim", "8", "--w-dim", "8", "--map-depth", "1"

/* A run of two ticks in "runs", with more options; its folder, on the heap. */
static char *start_run(void *const *state, const char *more)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *folder =
        trained_folder(RUN("train", data, "--outdir", outdir, "--kimg", "0.032", "--tick", "0.016",
                           "--batch", "8", "--threads", "1", SIZES, more));
    free(outdir);
    free(data);
    return folder;
}

static void options_that_cannot_change_are_refused(void **state)
{
    char *folder = start_run(state, NULL);
    program_result result = RUN("train", "--resume", folder, "--kimg", "0.064", "--batch", "4",
                                "--gamma", "50", "--mirror", "--snap", "7");
    assert_holds(result.errors, "--mirror, --batch, --gamma cannot change in a resumed run");
    assert_holds(result.errors, "training_options.json");
    assert_null(strstr(result.errors, "--snap"));
    assert_fails(result, 2, "start another run from its network by --init");
    assert_fails(RUN("train", "--resume", folder, "--cfg", "stylegan3-t"), 2,
                 "--cfg cannot change in a resumed run");
    assert_fails(RUN("train", "--resume", folder, "--cbase", "64"), 2, "--cbase cannot change");
    assert_fails(RUN("train", "--resume", folder, "--subset", "4"), 2, "--subset cannot change");
    assert_fails(RUN("train", "--resume", folder, "--desc", "b"), 2, "--desc cannot change");
    assert_fails(RUN("train", "--resume", folder, "--outdir", "elsewhere"), 2,
                 "--outdir cannot change");
    free(folder);
}

/* The whole line of the first call may be typed again, with --resume. */
static void options_that_the_run_has_are_taken(void **state)
{
    char *folder = start_run(state, NULL);
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    assert_done(RUN("train", data, "--outdir", outdir, "--cfg", "stylegan2", "--batch", "8",
                    "--mirror=0", "--kimg", "0.048", "--tick", "0.008", "--snap", "1", "--img-snap",
                    "1", "--threads", "1", SIZES, "--resume", folder),
                "Resumed at kimg 0.032");
    /* --tick, --snap and --img-snap have an effect: a snapshot after 8 more images. */
    assert_in_folder(folder, "network-snapshot-000000040.safetensors");
    assert_in_folder(folder, "fakes-000000040.png");
    assert_in_folder(folder, "network-snapshot-000000048.safetensors");
    free(outdir);
    free(data);
    free(folder);
}

/* Images that the run brought to a size stay the run's when its line is typed again. */
static void the_size_of_the_run_is_taken(void **state)
{
    char *data = temporary_path(state, "large-images-idx3-ubyte");
    char *outdir = tiny_run_outdir(state);
    const idx_file images = idx_images(16, 16, 16);
    idx_write(data, &images);
    char *folder = trained_folder(RUN("train", data, "--outdir", outdir, "--resolution", "8",
                                      "--kimg", "0.016", "--batch", "8", "--threads", "1", SIZES));
    assert_done(RUN("train", data, "--outdir", outdir, "--resolution", "8", "--kimg", "0.024",
                    "--batch", "8", "--threads", "1", SIZES, "--resume", folder),
                "16 images of 8x8");
    assert_fails(RUN("train", "--resume", folder, "--resolution", "16"), 2,
                 "--resolution cannot change");
    free(folder);
    free(outdir);
    free(data);
}

static void the_newest_run_is_found(void **state)
{
    char *outdir = tiny_run_outdir(state);
    char *first = start_run(state, NULL);
    char *second = start_run(state, NULL);
    program_result result = RUN("train", "--resume", outdir, "--kimg", "0.04", "--threads", "1");
    assert_holds(result.errors, "is continued: ");
    assert_holds(result.errors, "/00001-");
    assert_done(result, "Resumed at kimg 0.032");
    assert_in_folder(second, "network-snapshot-000000040.safetensors");
    assert_done(
        RUN("train", "--resume", "latest", "--outdir", outdir, "--kimg", "0.048", "--threads", "1"),
        "Resumed at kimg 0.040");
    free(second);
    free(first);
    free(outdir);
}

/* What an official program leaves is a network to start from. */
static void official_runs_are_starts(void **state)
{
    sg_error error = {0};
    size_t size = 0;
    char *data = tiny_run_data(state);
    char *outdir = temporary_path(state, "more");
    char *folder = start_run(state, NULL);
    unsigned char *bytes = bytes_of(folder, "network-snapshot-000000032.safetensors", &size);
    char *official = temporary_path(state, "00000-ada/network-snapshot-000200.pkl");
    char *official_folder = sg_path_folder(official);
    assert_int_equal(sg_make_parent_folder(official, &error), SG_OK);
    assert_int_equal(sg_write_file(official, bytes, size, &error), SG_OK);
    program_result result = RUN("train", data, "--outdir", outdir, "--resume", official_folder,
                                "--batch", "8", "--kimg", "0.008", "--threads", "1", SIZES);
    assert_holds(result.errors, "is no run folder, it is taken as --init");
    assert_done(result, "Took ");
    free(official_folder);
    free(official);
    free(bytes);
    free(folder);
    free(outdir);
    free(data);
}

static void finished_and_moved_runs_are_explained(void **state)
{
    char *folder = start_run(state, NULL);
    char *data = tiny_run_data(state);
    char *moved = temporary_path(state, "moved-images-idx3-ubyte");
    program_result result = RUN("train", "--resume", folder, "--threads", "1");
    assert_null(strstr(result.output, "Forecast"));
    assert_done(result, "kimg 0.032 was asked for; a larger --kimg goes on");
    assert_int_equal(rename(data, moved), 0);
    result = RUN("train", "--resume", folder, "--kimg", "0.04", "--threads", "1");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "where nothing is now; name their place by --data");
    program_result_clear(&result);
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.04", "--threads", "1", moved),
                "Done");
    free(moved);
    free(data);
    free(folder);
}

/* ---- what has changed behind the run's back ---- */

/* Replaces the first `from` in a file of the folder by `to`. */
static void edit_file(const char *folder, const char *name, const char *from, const char *to)
{
    sg_error error = {0};
    sg_text text = {0};
    size_t size = 0;
    char *bytes = (char *)bytes_of(folder, name, &size);
    char *path = sg_path_join(folder, name);
    const char *at = strstr(bytes, from);
    assert_non_null(at);
    sg_text_append(&text, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
    assert_int_equal(sg_write_file(path, text.bytes, text.length, &error), SG_OK);
    sg_text_clear(&text);
    free(path);
    free(bytes);
}

/* Statistics of steps that are trained anew, and a line that a crash has torn, are gone. */
static void statistics_are_cut_back(void **state)
{
    static const char after[] = "{\"Progress/kimg\": {\"num\": 1, \"mean\": 0.048, \"std\": 0}}\n"
                                "{\"Loss/G/loss\": {\"num\": 8, \"me";
    size_t size = 0;
    size_t lines = 0;
    char *folder = start_run(state, NULL);
    char *path = sg_path_join(folder, "stats.jsonl");
    FILE *stream = fopen(path, "a");
    assert_non_null(stream);
    fputs(after, stream);
    fclose(stream);
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1"),
                "Resumed at kimg 0.032");
    char *text = (char *)bytes_of(folder, "stats.jsonl", &size);
    for (char *line = text; *line; line = strchr(line, '\n') + 1, lines++)
        assert_int_equal(strncmp(line, "{\"Loss", 6) == 0 || strstr(line, "timestamp"), 1);
    assert_int_equal(lines, 3);
    assert_null(strstr(text, "me{"));
    free(text);
    free(path);
    free(folder);
}

static void changed_options_are_named(void **state)
{
    char *folder = start_run(state, NULL);
    edit_file(folder, "training_options.json", "\"beta2\":\t0.99", "\"beta2\":\t0.19");
    edit_file(folder, "training_options.json", "\"num_layers\":\t1", "\"num_layers\":\t2");
    program_result result = RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1");
    assert_holds(result.errors, "training_options.json was changed since the run was trained");
    assert_holds(result.errors, "beta2 (0.19 instead of 0.99");
    assert_holds(result.errors, "num_layers (2 instead of 1)");
    assert_fails(result, 1, "--accept-changes goes on with what it says now");
    edit_file(folder, "training_options.json", "\"num_layers\":\t2", "\"num_layers\":\t1");
    assert_done(
        RUN("train", "--resume", folder, "--kimg", "0.04", "--threads", "1", "--accept-changes"),
        "Resumed at kimg 0.032");
    /* The states from then on are of the options as they are. */
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1"),
                "Resumed at kimg 0.040");
    free(folder);
}

static uint8_t other_element(size_t index)
{
    return (uint8_t)(idx_element(index) ^ (index == 700));
}

static void changed_images_are_told(void **state)
{
    char *folder = start_run(state, NULL);
    char *data = tiny_run_data(state);
    const idx_file fewer = idx_images(15, 8, 8);
    idx_file other = idx_images(16, 8, 8);
    other.element = other_element;
    idx_write(data, &other);
    program_result result = RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1");
    assert_holds(result.errors, "though as many: some were added, removed or replaced");
    assert_fails(result, 1, "--accept-changes goes on with them");
    char *labels = temporary_path(state, "labels-idx1-ubyte");
    assert_int_equal(remove(labels), 0);
    idx_write(data, &fewer);
    assert_fails(RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1"), 1,
                 "they were 16 images of 8x8 with 1 channel, and are 15 images");
    assert_done(
        RUN("train", "--resume", folder, "--kimg", "0.048", "--threads", "1", "--accept-changes"),
        "Resumed at kimg 0.032");
    free(labels);
    free(data);
    free(folder);
}

static void runs_are_named_and_chosen(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = start_run(state, "--desc=first-try");
    assert_holds(folder, "-batch8-gamma1-first-try");
    free(folder);
    folder = start_run(state, "--subset=5");
    assert_holds(folder, "-subset5-");
    free(folder);
    program_result result = RUN("train", data, "-n", "--subset", "1", "--batch", "8", SIZES);
    assert_holds(result.output, "1 image of 8x8 with 1 channel, no labels");
    assert_done(result, "Forecast: ");
    assert_fails(RUN("train", data, "-n", "--desc", "a/b"), 2, "no slash");
    free(data);
}

/* ---- networks of other shapes ---- */

static void mostly_random_networks_are_refused(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = start_run(state, NULL);
    program_result result =
        RUN("train", data, "-n", "--init", folder, "--batch", "8", "--cbase", "64", "--cmax", "8",
            "--z-dim", "8", "--w-dim", "9", "--map-depth", "2", "--threads", "1");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "most of the networks would start at random");
    assert_holds(result.errors, "G.synthesis.b4.const is [4, 4, 4] in the file and [8, 4, 4] here");
    assert_holds(result.errors, "have --cbase 32 --cmax 4 --w-dim 8 --map-depth 1");
    program_result_clear(&result);
    result =
        RUN("train", data, "-n", "--init", folder, "--init-partly", "--batch", "8", "--cbase", "64",
            "--cmax", "8", "--z-dim", "8", "--w-dim", "9", "--map-depth", "2", "--threads", "1");
    assert_holds(result.output, "Warning: Took ");
    assert_done(result, "have --cbase 32 --cmax 4 --w-dim 8 --map-depth 1");
    result = RUN("train", data, "-n", "--init", folder, "--cfg", "stylegan3-t", "--batch", "8",
                 SIZES, "--threads", "1");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "have --cfg stylegan2");
    program_result_clear(&result);
    free(folder);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(options_that_cannot_change_are_refused),
        IN_FOLDER(options_that_the_run_has_are_taken),
        IN_FOLDER(the_size_of_the_run_is_taken),
        IN_FOLDER(the_newest_run_is_found),
        IN_FOLDER(official_runs_are_starts),
        IN_FOLDER(finished_and_moved_runs_are_explained),
        IN_FOLDER(statistics_are_cut_back),
        IN_FOLDER(changed_options_are_named),
        IN_FOLDER(changed_images_are_told),
        IN_FOLDER(runs_are_named_and_chosen),
        IN_FOLDER(mostly_random_networks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
