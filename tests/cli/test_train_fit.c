/* stylegan train on a folder of photographs, with nothing else said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/idx_file.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

/* Photographs of several sizes, some turned, and a file that is none. */
static char *photos(void *const *state)
{
    char name[64];
    for (int i = 0; i < 12; i++) {
        const jpeg_file file = {.side = i % 3 ? 40 : 48,
                                .components = 3,
                                .orientation = i % 4 == 0 ? 6 : 0,
                                .left = {200, (uint8_t)(10 * i), 30},
                                .right = {30, 60, (uint8_t)(20 * i)}};
        snprintf(name, sizeof name, "photos/IMG_%04d.jpg", i);
        jpeg_write(state, name, &file);
    }
    text_write(state, "photos/notes.txt", "from the holidays");
    return temporary_path(state, "photos");
}

/* Returns the number of words of the command that the output states, cut apart in place. */
static size_t stated_command(char *output, const char **words, size_t most)
{
    char *at = strstr(output, "The same by hand:\n  stylegan ");
    size_t count = 0;
    assert_non_null(at);
    at = strchr(at, '\n') + 3;
    *strchr(at, '\n') = '\0';
    for (char *word = strtok(at, " "); word && count < most - 1; word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    return count;
}

/* Every choice is said with a reason, and none needs an option. */
static void a_folder_is_enough(void **state)
{
    char *data = photos(state);
    program_result result = RUN("train", data, "--dry-run");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_holds(result.output, "Fit: 12 pictures, nearly all of 40 pixels or more on a side; ");
    assert_holds(result.output, "3.0 hours of time:\n");
    static const char *const choices[] = {
        "\n  --resolution ", "\n  --cbase ",        ", --cmax ",   "\n  --z-dim ", "\n  --batch ",
        "\n  --gamma 1: ",   "\n  --pl-weight 0: ", "\n  --kimg ", "\n  --tick "};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        assert_holds(result.output, choices[i]);
    assert_holds(result.output, "stylegan train --cfg auto --data ");
    assert_holds(result.output, "Forecast: ");
    program_result_clear(&result);
    free(data);
}

/* The command that is stated has every option that was given, lists too. */
static void given_options_are_stated(void **state)
{
    char *data = photos(state);
    program_result result =
        RUN("train", data, "--dry-run", "--hours", "0.1", "--aug", "fixed", "--p", "0.25",
            "--augpipe", "bg,hue", "--resample-filter", "1,2,1", "--held-out", "2", "--no-noise");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    static const char *const stated[] = {" --aug fixed",      " --p 0.25",
                                         " --augpipe bg,hue", " --no-noise",
                                         " --held-out 2",     " --resample-filter 1,2,1"};
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++)
        assert_holds(strstr(result.output, "by hand"), stated[i]);
    assert_holds(result.output, "--aug fixed: as asked");
    program_result_clear(&result);
    free(data);
}

/* A length in passes is stated in kimg, as one command takes only one of the two. */
static void passes_are_stated_in_kimg(void **state)
{
    char *data = photos(state);
    program_result result = RUN("train", data, "--dry-run", "--cfg", "fit", "--epochs", "50");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_holds(strstr(result.output, "by hand"), " --kimg 0.6");
    assert_null(strstr(result.output, " --epochs"));
    program_result_clear(&result);
    free(data);
}

/* What a loss or a network has no use for is not chosen: no R1 beside a bound of the gradient, no
 * width of w without a mapping network. */
static void losses_without_r1_are_fitted(void **state)
{
    char *data = photos(state);
    program_result result = RUN("train", data, "--dry-run", "--loss", "wgan-gp");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_null(strstr(result.output, "--gamma"));
    program_result_clear(&result);
    result = RUN("train", data, "--dry-run", "--loss", "bce", "--gp-weight", "10");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_holds(result.output, " --gp-weight 10");
    program_result_clear(&result);
    result = RUN("train", data, "--dry-run", "--map-depth", "0");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_null(strstr(result.output, "--w-dim"));
    program_result_clear(&result);
    free(data);
}

/* The command that a run states trains the same networks to the byte. */
static void the_stated_command_does_the_same(void **state)
{
    char *data = photos(state);
    char *outdir = temporary_path(state, "runs");
    program_result result = RUN("train", "--data", data, "--outdir", outdir, "--hours", "0.001",
                                "--kimg", "0.032", "--cbase", "64", "--cmax", "8", "--resolution",
                                "16", "--batch", "4", "--seed", "5", "--threads", "1");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    char *said = strdup(result.output);
    char *fitted = trained_folder(result);
    const char *words[64];
    const size_t count = stated_command(said, words, 60);
    assert_in_range(count, 20, 58);
    words[count] = "--threads";
    words[count + 1] = "1";
    words[count + 2] = NULL;
    assert_string_equal(words[0], "stylegan");
    char *by_hand = trained_folder(run_program(words + 1));
    assert_same_file(fitted, by_hand, "network-snapshot-000000032.safetensors");
    size_t size = 0;
    char *log = (char *)bytes_of(fitted, "log.txt", &size);
    assert_holds(log, "Fit: 12 pictures");
    free(log);
    free(by_hand);
    free(fitted);
    free(said);
    free(outdir);
    free(data);
}

/* After the first tick the length follows from what it took, and is saved. */
static void the_length_follows_the_first_tick(void **state)
{
    char *data = photos(state);
    char *outdir = temporary_path(state, "runs");
    program_result result =
        RUN("train", data, "--outdir", outdir, "--hours", "0.0005", "--cbase", "64", "--cmax", "8",
            "--resolution", "16", "--batch", "4", "--tick", "0.02", "--threads", "1");
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    const char *moved = NULL; /* the last time; never if the forecast was exact */
    for (const char *at = result.output; (at = strstr(at, "The length becomes ")); at++)
        moved = at;
    char line[64];
    if (moved) {
        const double kimg = strtod(moved + strlen("The length becomes "), NULL);
        char *folder = trained_folder(result);
        size_t size = 0;
        char *options = (char *)bytes_of(folder, "training_options.json", &size);
        snprintf(line, sizeof line, "\"kimg\":\t%g,", kimg);
        assert_holds(options, line);
        free(options);
        free(folder);
    } else {
        /* A machine that is busy enough is given less than a tick, after which nothing follows. */
        const char *chosen = strstr(result.output, "--kimg ");
        if (strtod(chosen + strlen("--kimg "), NULL) > 0.02)
            assert_holds(result.output, "Forecast by the first tick: ");
        program_result_clear(&result);
    }
    free(outdir);
    free(data);
}

/* Hours belong to fit; what has a length or a kind is not fitted, and told what it is. */
static void other_trainings_are_not_fitted(void **state)
{
    char *data = tiny_run_data(state);
    assert_fails(RUN("train", "--data", data, "--cfg", "stylegan2", "--hours", "3", "--dry-run"), 2,
                 "--hours belongs to --cfg fit");
    program_result result =
        RUN("train", "--data", data, "--kimg", "1", "--cbase", "32", "--dry-run");
    assert_int_equal(result.status, 0);
    assert_null(strstr(result.output, "Fit: "));
    program_result_clear(&result);
    char *large = temporary_path(state, "large.idx");
    const idx_file pictures = idx_images(2, 128, 128);
    idx_write(large, &pictures);
    result = RUN("train", "--data", large, "--cfg", "stylegan2", "--dry-run");
    assert_int_equal(result.status, 0);
    assert_null(strstr(result.output, "Fit: "));
    assert_holds(result.output, "--cfg stylegan2 are the published ones, for graphics cards");
    program_result_clear(&result);
    free(large);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_folder_is_enough),
        IN_FOLDER(given_options_are_stated),
        IN_FOLDER(passes_are_stated_in_kimg),
        IN_FOLDER(losses_without_r1_are_fitted),
        IN_FOLDER(the_stated_command_does_the_same),
        IN_FOLDER(the_length_follows_the_first_tick),
        IN_FOLDER(other_trainings_are_not_fitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
