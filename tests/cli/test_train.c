/* stylegan train from outside: refusals, a tiny run and a resumed one. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/idx_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

enum { MOST_ARGUMENTS = 48 };

/* Options that make a run last a moment: eight steps on networks of at most 4 channels. */
static const char *const tiny[] = {"--kimg",    "0.064", "--batch", "8",  "--tick",      "0.032",
                                   "--snap",    "1",     "--cbase", "32", "--cmax",      "4",
                                   "--z-dim",   "8",     "--w-dim", "8",  "--map-depth", "1",
                                   "--threads", "1",     NULL};

/* "train", the data, --outdir, the tiny options, then `more`; "" as data or outdir leaves it out.
 */
static void arguments_of(const char **all, const char *data, const char *outdir,
                         const char *const *more)
{
    size_t count = 0;
    all[count++] = "train";
    if (*data) {
        all[count++] = "--data";
        all[count++] = data;
    }
    if (*outdir) {
        all[count++] = "--outdir";
        all[count++] = outdir;
    }
    for (const char *const *at = tiny; *at; at++)
        all[count++] = *at;
    for (; *more; more++) {
        assert_true(count < MOST_ARGUMENTS - 1);
        all[count++] = *more;
    }
    all[count] = NULL;
}

static program_result train_on(const char *data, const char *outdir, const char *const *more)
{
    const char *all[MOST_ARGUMENTS];
    arguments_of(all, data, outdir, more);
    return run_program(all);
}

#define TRAIN(data, outdir, ...) train_on(data, outdir, (const char *const[]){__VA_ARGS__, NULL})

/* The run must have ended with this status and one sentence that holds `part`. */
static void assert_sentence(program_result result, int status, const char *part)
{
    if (result.status != status)
        fail_msg("exit status %d instead of %d: %s", result.status, status, result.errors);
    if (!strstr(result.errors, part))
        fail_msg("\"%s\" was expected in: %s", part, result.errors);
    assert_int_equal(strncmp(result.errors, "stylegan", 8), 0);
    assert_string_equal(result.output, "");
    program_result_clear(&result);
}

/* ---- bad usage ---- */

static void bad_options_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"--no-such-option", NULL, "--no-such-option"},
        {"--kimgs", "1", "--kimg"},
        {"--kimg", NULL, "--kimg"},
        {"--batch", "many", "--batch"},
        {"--batch", "8x", "--batch"},
        {"--batch", "0", "--batch"},
        {"--batch", "-1", "--batch"},
        {"--batch", "99999999999999999999", "--batch"},
        {"--kimg", "0", "--kimg"},
        {"--kimg", "-1", "--kimg"},
        {"--kimg", "nan", "--kimg"},
        {"--kimg", "inf", "--kimg"},
        {"--tick", "0", "--tick"},
        {"--tick", "-1", "--tick"},
        {"--snap", "0", "--snap"},
        {"--snap", "-1", "--snap"},
        {"--snap", "1.5", "--snap"},
        {"--gamma", "-1", "--gamma"},
        {"--gamma", "nan", "--gamma"},
        {"--gamma", "ten", "--gamma"},
        {"--glr", "-0.1", "--glr"},
        {"--dlr", "-1", "--dlr"},
        {"--pl-weight", "-2", "--pl-weight"},
        {"--cbase", "0", "--cbase"},
        {"--cmax", "-1", "--cmax"},
        {"--z-dim", "0", "--z-dim"},
        {"--w-dim", "-7", "--w-dim"},
        {"--map-depth", "-1", "--map-depth"},
        {"--map-depth", "33", "--map-depth"},
        {"--mbstd-group", "-1", "--mbstd-group"},
        {"--style-mixing-prob", "1.1", "--style-mixing-prob"},
        {"--beta1", "1", "--beta1"},
        {"--beta2", "-0.1", "--beta2"},
        {"--eps", "0", "--eps"},
        {"--g-reg-interval", "-1", "--g-reg-interval"},
        {"--d-reg-interval", "0.5", "--d-reg-interval"},
        {"--g-arch", "fork", "orig, skip or resnet"},
        {"--d-arch", "", "orig, skip or resnet"},
        {"--epochs", "0", "--epochs"},
        {"--epochs", "3", "--kimg and --epochs exclude each other"},
        {"--resample-filter", "1,", "--resample-filter"},
        {"--resample-filter", "1,x,1", "--resample-filter"},
        {"--resample-filter", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "--resample-filter"},
        {"--no-const-input", NULL, "belongs to --cfg stylegan1"},
        {"--seed", "-1", "--seed"},
        {"--seed", "x", "--seed"},
        {"--clip-grad", "-1", "--clip-grad"},
        {"--clip-grad", "nan", "--clip-grad"},
        {"--batch-gpu", "3", "--batch-gpu"},
        {"--batch-gpu", "0", "--batch-gpu"},
        {"--batch-gpu", "-1", "--batch-gpu"},
        {"--nan", "ignore", "--nan"},
        {"--threads", "-1", "--threads"},
        {"--threads", "100000", "--threads"},
        {"--cfg", "biggan", "--cfg"},
        {"--cond=yes", NULL, "--cond"},
        {"surplus", NULL, "surplus"},
    };
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_sentence(TRAIN(data, outdir, cases[i][0], cases[i][1]), 2, cases[i][2]);
    assert_false(sg_path_exists(outdir));
    free(outdir);
    free(data);
}

static void missing_options_are_named(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    assert_sentence(TRAIN("", outdir, "--cond"), 2, "--data");
    assert_sentence(TRAIN(data, "", "--cond"), 2, "--outdir");
    assert_sentence(RUN("train"), 2, "--data");
    free(outdir);
    free(data);
}

static void help_names_the_options(void **state)
{
    (void)state;
    static const char *const names[] = {
        "--cfg",     "--data",     "--outdir",     "--kimg",      "--tick",      "--snap",
        "--batch",   "--gamma",    "--glr",        "--dlr",       "--cbase",     "--cmax",
        "--z-dim",   "--w-dim",    "--map-depth",  "--mirror",    "--cond",      "--seed",
        "--resume",  "--init",     "--threads",    "--batch-gpu", "--clip-grad", "--nan",
        "--dry-run", "stylegan2 ", "stylegan3-t ", "stylegan3-r "};
    program_result result = RUN("train", "--help");
    assert_int_equal(result.status, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strstr(result.output, names[i]))
            fail_msg("the help does not name %s", names[i]);
    program_result_clear(&result);
}

/* ---- bad data ---- */

static void unreadable_data_is_reported(void **state)
{
    char *outdir = tiny_run_outdir(state);
    char *path = temporary_path(state, "bad-images-idx3-ubyte");
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, path);
    raw_write(path, "", 0);
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, "is empty");
    raw_write(path, "\x89PNG\r\n\x1a\n and so on", 18);
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, "IDX");
    idx_file images = idx_images(16, 8, 8);
    images.size -= 5;
    idx_write(path, &images);
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, path);
    images = idx_images(0, 8, 8);
    idx_write(path, &images);
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, path);
    assert_sentence(TRAIN("/dev/null", outdir, "--mirror"), 1, "/dev/null");
    assert_false(sg_path_exists(outdir));
    free(path);
    free(outdir);
}

/* Halves a gzip-compressed file, and breaks a byte in the middle of another. */
static void damaged_archives_are_reported(void **state)
{
    char *outdir = tiny_run_outdir(state);
    char *path = temporary_path(state, "bad-images-idx3-ubyte.gz");
    const idx_file images = idx_images(16, 32, 32);
    for (int kind = 0; kind < 2; kind++) {
        sg_error error = {0};
        unsigned char *bytes = NULL;
        size_t size = 0;
        idx_write(path, &images);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, &error), SG_OK);
        bytes[size / 2] ^= 0x5a;
        raw_write(path, bytes, kind == 0 ? size / 2 : size);
        free(bytes);
        assert_sentence(TRAIN(path, outdir, "--mirror"), 1, path);
    }
    free(path);
    free(outdir);
}

static void data_that_does_not_fit_is_reported(void **state)
{
    char *outdir = tiny_run_outdir(state);
    char *path = temporary_path(state, "odd-images-idx3-ubyte");
    idx_file images = idx_images(4, 9, 9);
    idx_write(path, &images);
    assert_sentence(TRAIN(path, outdir, "--mirror"), 1, "--resolution");
    images = idx_images(4, 8, 12);
    idx_write(path, &images);
    assert_sentence(TRAIN(path, outdir, "--cfg", "stylegan3-t"), 1,
                    "--cfg stylegan2 makes rectangles");
    images = idx_images(4, 8, 8);
    idx_write(path, &images);
    assert_sentence(TRAIN(path, outdir, "--cond"), 1, "--cond");
    assert_sentence(TRAIN(path, outdir, "--cbase", "4"), 1, "channel_base");
    free(path);
    free(outdir);
}

static void unwritable_folders_are_reported(void **state)
{
    char *data = tiny_run_data(state);
    char *below = temporary_path(state, "images-idx3-ubyte/runs");
    assert_sentence(TRAIN(data, below, "--mirror"), 1, data);
    assert_sentence(TRAIN(data, "/proc/no-such-folder", "--mirror"), 1, "/proc/no-such-folder");
    free(below);
    free(data);
}

static void bad_starts_are_reported(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    char *absent = temporary_path(state, "absent.safetensors");
    assert_sentence(TRAIN(data, outdir, "--init", absent), 1, absent);
    assert_sentence(TRAIN(data, outdir, "--init", data), 1, data);
    assert_sentence(TRAIN(data, outdir, "--init", "runs/training-state-000000064.safetensors"), 1,
                    "runs/network-snapshot-000000064.safetensors");
    assert_sentence(TRAIN(data, outdir, "--resume", *state), 1, "training_options.json");
    assert_sentence(TRAIN(data, outdir, "--resume", absent), 1, "--init");
    assert_sentence(TRAIN(data, outdir, "--resume", absent, "--init", absent), 2, "--init");
    free(absent);
    free(outdir);
    free(data);
}

/* ---- runs ---- */

static void a_tiny_run_leaves_its_files(void **state)
{
    static const char *const names[] = {"training_options.json",
                                        "stats.jsonl",
                                        "log.txt",
                                        "reals.png",
                                        "fakes-000000000.png",
                                        "fakes-000000064.png",
                                        "network-snapshot-000000064.safetensors"};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    program_result result = TRAIN(data, outdir, "--cond", "--mirror", "--seed", "3");
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    assert_non_null(strstr(result.output, "Run folder: "));
    assert_non_null(strstr(result.output, "tick 1"));
    assert_non_null(strstr(result.output, "Done: "));
    program_result_clear(&result);
    char *folder = only_run(outdir);
    assert_non_null(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_in_folder(folder, names[i]);
    char *network = sg_path_join(folder, names[6]);
    result = RUN("info", network);
    assert_int_equal(result.status, 0);
    assert_non_null(strstr(result.output, "8x8"));
    assert_non_null(strstr(result.output, "\n  trained   kimg 0.064\n"));
    program_result_clear(&result);
    result = RUN("info", "--json", network);
    assert_non_null(strstr(result.output, "\"kimg\":\t0.064,"));
    program_result_clear(&result);
    free(network);
    free(folder);
    free(outdir);
    free(data);
}

static void a_dry_run_makes_nothing(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    program_result result = TRAIN(data, outdir, "--dry-run");
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    assert_true(strlen(result.output) > 20);
    assert_false(sg_path_exists(outdir));
    program_result_clear(&result);
    free(outdir);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(bad_options_are_refused),         IN_FOLDER(missing_options_are_named),
        cmocka_unit_test(help_names_the_options),   IN_FOLDER(unreadable_data_is_reported),
        IN_FOLDER(damaged_archives_are_reported),   IN_FOLDER(data_that_does_not_fit_is_reported),
        IN_FOLDER(unwritable_folders_are_reported), IN_FOLDER(bad_starts_are_reported),
        IN_FOLDER(a_tiny_run_leaves_its_files),     IN_FOLDER(a_dry_run_makes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
