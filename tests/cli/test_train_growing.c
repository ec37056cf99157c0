/*
 * Networks that grow, from outside: the files of each phase, statistics, and that a run which is
 * interrupted anywhere, also in the middle of a fade or between two looks at the schedule, goes on
 * to the same bytes.
 */
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
#include "support/tiny_training.h"
#include "train/run/run_folder.h"

/*
 * 64 images at 4x4 and 64 while 8x8 fades in, and so on to 16x16; two steps between looks at the
 * schedule. So 8x8 comes in at image 96, half faded in, and is whole at 128; 16x16 comes in at 208.
 */
static const char *const tiny[] = {"--initial-resolution",
                                   "4",
                                   "--grow-kimg",
                                   "0.064",
                                   "--grow-batch",
                                   "4:16,8:8,16:4",
                                   "--minibatch-repeats",
                                   "2",
                                   "--tick",
                                   "0.064",
                                   "--snap",
                                   "1",
                                   "--cbase",
                                   "32",
                                   "--cmax",
                                   "4",
                                   "--z-dim",
                                   "8",
                                   "--threads",
                                   "1",
                                   NULL};

static program_result train(const char *cfg, const char *data, const char *outdir, const char *kimg,
                            const char *const *more)
{
    const char *const first[] = {"train",    "--cfg", cfg,      "--data", data,
                                 "--outdir", outdir,  "--kimg", kimg,     NULL};
    return run_program_joined(first, tiny, more);
}

/* Pictures of 16x16; the path on the heap. */
static char *write_pictures(void *const *state)
{
    char *path = temporary_path(state, "square-images-idx3-ubyte");
    const idx_file images = idx_images(40, 16, 16);
    idx_write(path, &images);
    return path;
}

static char *run_whole(const char *cfg, const char *data, const char *outdir,
                       const char *const *more)
{
    return trained_folder(train(cfg, data, outdir, "0.288", more));
}

static void check_resumes(void **state, const char *cfg, const char *const *more)
{
    /* In the first phase, in a fade between two looks, in a fade, in the last fade. */
    static const char *const stops[] = {"0.016", "0.104", "0.112", "0.212"};
    static const char *const files[] = {"network-snapshot-000000288.safetensors",
                                        "training-state-000000288.safetensors",
                                        "fakes-000000256.png", "fakes-000000288.png"};
    char *data = write_pictures(state);
    char *outdir = tiny_run_outdir(state);
    char *whole = run_whole(cfg, data, outdir, more);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        char *folder = trained_folder(train(cfg, data, outdir, stops[i], more));
        program_result rest = RUN("train", "--resume", folder, "--kimg", "0.288", "--threads", "1");
        assert_done(rest, "Resumed at kimg");
        for (size_t k = 0; k < sizeof files / sizeof *files; k++)
            assert_same_file(whole, folder, files[k]);
        free(folder);
    }
    free(whole);
    free(outdir);
    free(data);
}

static void stylegan_resumes_exactly_in_a_fade(void **state)
{
    check_resumes(state, "stylegan1",
                  (const char *const[]){"--w-dim", "8", "--map-depth", "1", "--mirror", NULL});
}

static void progan_resumes_exactly_in_a_fade(void **state)
{
    check_resumes(state, "progan", (const char *const[]){"--batch-gpu", "4", NULL});
}

static void each_phase_leaves_a_sheet(void **state)
{
    static const char *const sheets[] = {
        "reals.png",           "reals-4x4.png",       "reals-8x8.png",
        "fakes-000000000.png", "fakes-000000096.png", "fakes-000000128.png",
        "fakes-000000208.png", "fakes-000000256.png", "fakes-000000288.png"};
    char *data = write_pictures(state);
    char *outdir = tiny_run_outdir(state);
    char *folder = run_whole("progan", data, outdir, (const char *const[]){NULL});
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        assert_in_folder(folder, sheets[i]);
    char *log = (char *)bytes_of(folder, "log.txt", &(size_t){0});
    assert_holds(log, "kimg 0.1: 8x8 fades in, batch 8");
    assert_holds(log, "kimg 0.3: 16x16 is whole, batch 4");
    assert_holds(log, "lod 2.00  res 4    batch 16");
    free(log);
    char *statistics = (char *)bytes_of(folder, "stats.jsonl", &(size_t){0});
    assert_holds(statistics, "\"Progress/lod\":{\"num\":1,\"mean\":2,");
    assert_holds(statistics, "\"Progress/resolution\":{\"num\":1,\"mean\":16,");
    assert_holds(statistics, "\"Progress/minibatch\":{\"num\":1,\"mean\":8,");
    free(statistics);
    free(folder);
    free(outdir);
    free(data);
}

static void options_that_do_not_fit_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"--grow-kimg", "-1", "--grow-kimg"},
        {"--fade-kimg", "nan", "--fade-kimg"},
        {"--initial-resolution", "12", "--initial-resolution"},
        {"--initial-resolution", "2048", "--initial-resolution"},
        {"--grow-batch", "4:16,", "--grow-batch"},
        {"--grow-batch", "5:16", "--grow-batch"},
        {"--grow-batch", "4:0", "--grow-batch"},
        {"--grow-batch", "4", "--grow-batch"},
        {"--grow-batch", "", "--grow-batch"},
        {"--minibatch-repeats", "0", "--minibatch-repeats"},
        {"--ema-kimg", "-2", "--ema-kimg"},
        {"--cond", NULL, "--cond"},
    };
    char *data = write_pictures(state);
    char *outdir = tiny_run_outdir(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train("progan", data, outdir, "0.1",
                           (const char *const[]){cases[i][0], cases[i][1], NULL}),
                     2, cases[i][2]);
    assert_fails(train("progan", data, outdir, "0.1",
                       (const char *const[]){"--grow-kimg", "0", "--fade-kimg", "0", NULL}),
                 2, "must not both be 0");
    assert_fails(train("stylegan2", data, outdir, "0.1", (const char *const[]){NULL}), 2,
                 "--cfg stylegan2 does not grow");
    /* Known only once the data are: 16 images at 4x4 in parts of 3. */
    assert_fails(
        train("progan", data, outdir, "0.1", (const char *const[]){"--batch-gpu", "3", NULL}), 1,
        "3 does not divide the 16 of 4x4");
    assert_fails(train("progan", data, outdir, "0.1",
                       (const char *const[]){"--initial-resolution", "32", NULL}),
                 1, "have 16 pixels a side");
    assert_false(sg_path_exists(outdir));
    free(outdir);
    free(data);
}

static void a_run_too_short_to_grow_up_says_so(void **state)
{
    char *data = write_pictures(state);
    char *outdir = tiny_run_outdir(state);
    program_result result =
        train("progan", data, outdir, "0.1", (const char *const[]){"--dry-run", NULL});
    assert_done(result, "at kimg 0.1 the networks paint 8x8 pixels; the full picture of 16x16");
    free(outdir);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(stylegan_resumes_exactly_in_a_fade),
        IN_FOLDER(progan_resumes_exactly_in_a_fade),
        IN_FOLDER(each_phase_leaves_a_sheet),
        IN_FOLDER(options_that_do_not_fit_are_refused),
        IN_FOLDER(a_run_too_short_to_grow_up_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
