/*
 * `train --cfg encoder-psp|encoder-e4e|encoder-w`: an encoder learns for a given generator, says
 * what it is, resumes to the byte, and refuses what it has no use for.
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
#include "base/text.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"

/* Trains a tiny pair for a moment; returns the network's path on the heap. */
static char *make_network(void *const *state)
{
    char *folder = trained_folder(train_tiny(state, "stylegan2", "0.016", OPTIONS("--w-dim", "8")));
    char *network = sg_path_join(folder, "network-snapshot-000000016.safetensors");
    free(folder);
    return network;
}

/* Trains an encoder for the network (NULL: none is named) with further options. */
static program_result train(void *const *state, const char *cfg, const char *network,
                            const char *kimg, const char *const *more)
{
    static const char *const tiny[] = {"--batch", "8", "--cbase",   "32", "--cmax", "4",
                                       "--snap",  "1", "--threads", "1",  NULL};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {
        "train",    "--cfg", cfg,      "--data", data,
        "--outdir", outdir,  "--kimg", kimg,     network ? "--network" : NULL,
        network,    NULL};
    program_result result = run_program_joined(first, tiny, more);
    free(data);
    free(outdir);
    return result;
}

static void every_kind_learns_and_says_what_it_is(void **state)
{
    static const struct {
        const char *cfg, *said;
    } kinds[] = {{"encoder-psp", "an encoder of the kind psp, 4 codes of 8 numbers"},
                 {"encoder-e4e", "an encoder of the kind e4e, 4 codes of 8 numbers"},
                 {"encoder-w", "an encoder of the kind w, 4 codes of 8 numbers"}};
    char *network = make_network(state);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        program_result result =
            train(state, kinds[i].cfg, network, "0.032", OPTIONS("--held-out", "4"));
        assert_holds(result.output, "Losses: ");
        assert_holds(result.output, "Forecast: ");
        assert_holds(result.output, " PSNR ");
        assert_holds(result.output, " held out ");
        char *folder = trained_folder(result);
        assert_in_folder(folder, "reconstructions-000000032.png");
        assert_in_folder(folder, "loss.png");
        char *encoder = sg_path_join(folder, "network-snapshot-000000032.safetensors");
        result = RUN("info", encoder);
        assert_holds(result.output, kinds[i].said);
        assert_done(result, "psnr");
        free(encoder);
        free(folder);
    }
    free(network);
}

/* Without a step; VGG16 is rehearsed where its files are not needed yet. */
static void dry_runs_forecast(void **state)
{
    char *outdir = tiny_run_outdir(state);
    program_result result =
        RUN("train", "--cfg", "encoder-psp", "--network", "models/faces-64.safetensors", "--data",
            "data/faces/faces-64-held-out.zip", "--outdir", outdir, "--kimg", "1", "--batch", "2",
            "--encoder-loss", "pixel=1,lpips=0.8,pyramid=1", "--threads", "1", "--dry-run");
    assert_holds(result.output, " seconds per kimg");
    assert_done(result, "the end at kimg 1 in ");
    assert_false(sg_path_exists(outdir));
    free(outdir);
}

static void it_resumes_to_the_same_bytes(void **state)
{
    const char *const options[] = {"--tick",
                                   "0.016",
                                   "--seed",
                                   "5",
                                   "--own-share",
                                   "0.5",
                                   "--encoder-loss",
                                   "pixel=1,pyramid=0.5",
                                   "--stage-kimg",
                                   "0.02",
                                   NULL};
    char *network = make_network(state);
    char *whole = trained_folder(train(state, "encoder-e4e", network, "0.064", options));
    char *broken = trained_folder(train(state, "encoder-e4e", network, "0.032", options));
    assert_done(RUN("train", "--resume", broken, "--kimg", "0.064", "--threads", "1"),
                "Resumed at kimg 0.032");
    assert_same_file(whole, broken, "network-snapshot-000000064.safetensors");
    assert_same_file(whole, broken, "training-state-000000064.safetensors"); /* with pools of w */
    /* The network's own path may be repeated, however it is spelled. */
    const char *const name = strrchr(network, '/') + 1;
    sg_text other = {0};
    sg_text_append(&other, "%.*s/./%s", (int)(name - 1 - network), network, name);
    assert_done(RUN("train", "--resume", broken, "--network", other.bytes, "--kimg", "0.064",
                    "--threads", "1"),
                "That is the end already");
    sg_text_clear(&other);
    free(broken);
    free(whole);
    free(network);
}

static void what_has_no_meaning_is_refused(void **state)
{
    static const struct {
        const char *options[2], *part;
    } cases[] = {
        {{"--gamma", "1"}, "--gamma has no meaning for --cfg encoder-psp"},
        {{"--loss", "hinge"}, "--loss has no meaning for --cfg encoder-psp"},
        {{"--own-share", "1.5"}, "--own-share is 1.5, but must be a number from 0 to 1"},
        {{"--encoder-loss", "beauty=1"}, "--encoder-loss"},
        {{"--aug", "fixed"}, "--aug has no meaning for --cfg encoder-psp"},
        {{"--metrics", "fid50k_full"}, "--metrics has no meaning for --cfg encoder-psp"},
    };
    char *network = make_network(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train(state, "encoder-psp", network, "0.016",
                           OPTIONS(cases[i].options[0], cases[i].options[1])),
                     2, cases[i].part);
    assert_fails(train(state, "encoder-psp", NULL, "0.016", OPTIONS("--mirror")), 2,
                 "--cfg encoder-psp needs --network");
    assert_fails(train_tiny(state, "stylegan2", "0.016", OPTIONS("--network", network)), 2,
                 "--network belongs to --cfg encoder-psp, encoder-e4e, encoder-w, nada and mapper");
    assert_fails(train(state, "encoder-psp", "nowhere.safetensors", "0.016", OPTIONS("--mirror")),
                 1, "nowhere.safetensors");
    assert_fails(
        train(state, "encoder-psp", "models/digits-32.safetensors", "0.016", OPTIONS("--mirror")),
        1, "have 8x8 pixels, but --network models/digits-32.safetensors paints 32x32");
    free(network);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_learns_and_says_what_it_is),
        TEST(dry_runs_forecast),
        TEST(it_resumes_to_the_same_bytes),
        TEST(what_has_no_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
