/*
 * `train --cfg nada`: a copy of a generator is moved towards an attribute of a classifier; its loss
 * falls, the mapping network stays, it resumes to the byte, and refuses what it has no use for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/text.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/clip_and_merges.h"
#include "support/filled_clip.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"
#include "support/two_kinds.h"

/* Trains on the set of two kinds; returns the last snapshot's path on the heap. */
static char *train_on_kinds(void *const *state, const char *cfg, const char *kimg,
                            const char *snapshot, const char *const *more)
{
    static const char *const tiny[] = {"--batch",   "8",     "--cbase", "32",     "--cmax",
                                       "4",         "--dlr", "0.01",    "--snap", "1",
                                       "--threads", "1",     NULL};
    char *set = two_kinds_write(state);
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {"train", set,      "--cfg", cfg, "--outdir",
                                 outdir,  "--kimg", kimg,    NULL};
    char *folder = trained_folder(run_program_joined(first, tiny, more));
    char *network = sg_path_join(folder, snapshot);
    free(folder);
    free(outdir);
    free(set);
    return network;
}

/* What all tests start from: a pair of networks, and a classifier of cats (dark) and dogs (light).
 */
typedef struct start {
    char *network, *classifier;
} start;

static start make_start(void *const *state)
{
    return (start){train_on_kinds(state, "stylegan2", "0.016",
                                  "network-snapshot-000000016.safetensors",
                                  OPTIONS("--w-dim", "8", "--z-dim", "8", "--map-depth", "2")),
                   train_on_kinds(state, "classifier", "1.6",
                                  "network-snapshot-000001600.safetensors", OPTIONS("--cond"))};
}

static void clear_start(start *all)
{
    free(all->network);
    free(all->classifier);
}

/* Moves the network with further options, towards what these say. */
static program_result move_by(void *const *state, const start *from, const char *kimg,
                              const char *const *more)
{
    static const char *const none[] = {NULL};
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {"train", "--cfg",  "nada", "--network", from->network, "--outdir",
                                 outdir,  "--kimg", kimg,   "--threads", "1",           NULL};
    program_result result = run_program_joined(first, more, none);
    free(outdir);
    return result;
}

/* The same towards dogs. */
static program_result move(void *const *state, const start *from, const char *kimg,
                           const char *const *more)
{
    const char *all[20] = {"--towards", "dog", "--classifier", from->classifier};
    for (size_t i = 0; more[i]; i++)
        all[4 + i] = more[i];
    return move_by(state, from, kimg, all);
}

static void its_pictures_become_dogs(void **state)
{
    start from = make_start(state);
    program_result result =
        move(state, &from, "0.24", OPTIONS("--batch", "4", "--tick", "0.08", "--glr", "0.02"));
    assert_holds(result.output, "Moved towards: dog, by ");
    assert_holds(result.output, "Losses: direction 1, global 1, manifold 0");
    assert_holds(result.output, "trained are 2 of 3 layers in each step");
    char *folder = trained_folder(result);
    const double before = statistic_at(folder, "Loss/G/global", 0);
    const double after = statistic_at(folder, "Loss/G/global", 2);
    if (!(after < 0.7 * before))
        fail_msg("the loss was %g and is %g", before, after);
    assert_in_folder(folder, "originals.png");
    char *strip = temporary_path(state, "strip.png");
    assert_done(RUN("progress", folder, "--output", strip), "");
    free(strip);
    assert_in_folder(folder, "fakes-000000240.png");
    char *moved = sg_path_join(folder, "network-snapshot-000000240.safetensors");
    char *blended = sg_path_join(folder, "blended.safetensors");
    assert_done(RUN("blend", from.network, moved, "--at", "8", "--output", blended), "");
    free(blended);
    free(moved);
    free(folder);
    clear_start(&from);
}

/* Writes a small CLIP and its merges file beside it; returns the network's path on the heap. */
static char *make_clip(void *const *state)
{
    filled_clip sizes = tiny_clip;
    sizes.context = 77;
    return write_clip_and_merges(state, &sizes);
}

/* By texts through CLIP, with all losses; by a few pictures, which may have any size. */
static void its_pictures_follow_clip(void **state)
{
    start from = make_start(state);
    char *clip = make_clip(state);
    char *set = two_kinds_write(state);
    program_result result = move_by(state, &from, "0.004",
                                    OPTIONS("--source-text", "cat", "--target-text", "dog",
                                            "--features", clip, "--lambda-global", "0.5",
                                            "--lambda-manifold", "0.25", "--auto-layers", "1"));
    assert_holds(result.output, "Moved from \"cat\" to \"dog\"");
    assert_holds(result.output, "Losses: direction 1, global 0.5, manifold 0.25");
    char *folder = trained_folder(result);
    assert_in_folder(folder, "fakes-000000004.png");
    assert_true(statistic_at(folder, "Loss/G/manifold", 0) > 0);
    free(folder);
    result = move_by(state, &from, "0.004", OPTIONS("--data", set, "--features", clip));
    assert_holds(result.output, "Moved to the pictures of ");
    assert_holds(result.output, "trained are all layers");
    free(trained_folder(result));
    free(set);
    free(clip);
    clear_start(&from);
}

static void it_resumes_to_the_same_bytes(void **state)
{
    start from = make_start(state);
    const char *const options[] = {"--tick", "0.016", "--snap", "1", "--seed", "3", NULL};
    char *whole = trained_folder(move(state, &from, "0.032", options));
    char *broken = trained_folder(move(state, &from, "0.016", options));
    assert_done(RUN("train", "--resume", broken, "--kimg", "0.032", "--threads", "1"),
                "Resumed at kimg 0.016");
    assert_same_file(whole, broken, "network-snapshot-000000032.safetensors");
    assert_same_file(whole, broken, "training-state-000000032.safetensors");
    free(broken);
    free(whole);
    clear_start(&from);
}

/* Files are named by relative paths where the run starts; it resumes elsewhere. */
static void it_resumes_in_another_folder(void **state)
{
    start from = make_start(state);
    char *classifier = from.classifier;
    char *place = getcwd(NULL, 0);
    assert_non_null(place);
    *strrchr(classifier, '/') = '\0';
    assert_int_equal(chdir(classifier), 0);
    classifier[strlen(classifier)] = '/';
    from.classifier = strrchr(classifier, '/') + 1;
    char *folder = trained_folder(move(state, &from, "0.016", OPTIONS("--seed", "1")));
    assert_int_equal(chdir("/"), 0);
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.032", "--threads", "1",
                    "--classifier", classifier),
                "Resumed at kimg 0.016");
    assert_fails(RUN("train", "--resume", folder, "--kimg", "0.048", "--classifier", from.network),
                 2, "--classifier cannot change in a resumed run");
    assert_int_equal(chdir(place), 0);
    free(folder);
    free(place);
    from.classifier = classifier;
    clear_start(&from);
}

/* Counts the convolutions whose weights have had a gradient, by the optimiser's second moments. */
static int trained_layers(const char *state_path)
{
    sg_error error = {0};
    sg_safetensors *file = NULL;
    int trained = 0;
    assert_int_equal(sg_safetensors_open(state_path, &file, &error), SG_OK);
    for (size_t i = 0; i < sg_safetensors_count(file); i++) {
        const sg_stored_tensor *tensor = sg_safetensors_at(file, i);
        double sum = 0;
        if (!sg_has_prefix(tensor->name, "G.second.synthesis.") || !strstr(tensor->name, ".conv") ||
            !sg_has_suffix(tensor->name, ".weight") || strstr(tensor->name, ".affine"))
            continue;
        float *values = calloc(tensor->count, sizeof *values);
        assert_non_null(values);
        assert_int_equal(sg_safetensors_read_floats(file, tensor, values, &error), SG_OK);
        for (size_t j = 0; j < tensor->count; j++)
            sum += (double)values[j];
        trained += sum > 0;
        free(values);
    }
    sg_safetensors_close(file);
    return trained;
}

/* A step trains as many layers as are asked for, whatever parts its batch is worked on in. */
static void parts_of_a_batch_train_the_same_layers(void **state)
{
    start from = make_start(state);
    char *folder =
        trained_folder(move(state, &from, "0.016",
                            OPTIONS("--batch", "16", "--batch-gpu", "1", "--auto-layers", "1",
                                    "--auto-layer-batch", "1", "--auto-layer-steps", "2")));
    char *path = sg_path_join(folder, "training-state-000000016.safetensors");
    assert_int_equal(trained_layers(path), 1);
    free(path);
    free(folder);
    clear_start(&from);
}

/* Resumes up to `kimg` with one more option, which may be NULL. */
static program_result go_on(const char *folder, const char *kimg, const char *more,
                            const char *value)
{
    return RUN("train", "--resume", folder, "--kimg", kimg, "--threads", "1", more, value);
}

/* CLIP is found again at a resume; another one, or a classifier that was replaced, is named. */
static void it_resumes_with_the_same_files_only(void **state)
{
    sg_error error = {0};
    size_t size = 0;
    start from = make_start(state);
    char *clip = make_clip(state);
    char *folder = trained_folder(
        move_by(state, &from, "0.004",
                OPTIONS("--source-text", "cat", "--target-text", "dog", "--features", clip)));
    assert_done(go_on(folder, "0.008", NULL, NULL), "Resumed at kimg 0.004");
    char *other = temporary_path(state, "other.safetensors");
    filled_clip sizes = tiny_clip;
    sizes.context = 76;
    assert_int_equal(write_filled_clip(other, &sizes, FILLED_CLIP_OPENAI, NULL), SG_OK);
    assert_fails(go_on(folder, "0.012", "--features", other), 1,
                 "other.safetensors is not the file (CLIP) that the run in ");
    assert_done(RUN("train", "--resume", folder, "--kimg", "0.012", "--threads", "1", "--features",
                    other, "--accept-changes"),
                "Resumed at kimg 0.008");
    free(folder);
    folder = trained_folder(move(state, &from, "0.004", OPTIONS("--seed", "1")));
    unsigned char *bytes = bytes_of("", from.network, &size);
    assert_int_equal(sg_write_file(from.classifier, bytes, size, &error), SG_OK);
    assert_fails(go_on(folder, "0.008", NULL, NULL), 1,
                 "is not the file (classifier) that the run in ");
    free(bytes);
    free(other);
    free(folder);
    free(clip);
    clear_start(&from);
}

static void what_has_no_meaning_is_refused(void **state)
{
    static const struct {
        const char *options[2], *part;
    } cases[] = {
        {{"--gamma", "1"}, "--gamma has no meaning for --cfg nada"},
        {{"--dlr", "1"}, "--dlr has no meaning for --cfg nada"},
        {{"--cond", NULL}, "--cond has no meaning for --cfg nada"},
        {{"--metrics", "fid5k"}, "--metrics has no meaning for --cfg nada"},
        {{"--source-text", "photo"}, "--cfg nada needs one of these: --source-text"},
        {{"--own-share", "1"}, "--own-share belongs to --cfg encoder-psp"},
    };
    start from = make_start(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(move(state, &from, "0.016", OPTIONS(cases[i].options[0], cases[i].options[1])),
                     2, cases[i].part);
    assert_fails(
        move(state, &from, "0.016", OPTIONS("--lambda-direction", "0", "--lambda-global", "0")), 2,
        "--lambda-direction, --lambda-global and --lambda-manifold are all 0");
    assert_fails(
        move_by(state, &from, "0.016",
                OPTIONS("--source-text", "cat", "--target-text", "dog", "--lambda-direction", "0")),
        2, "--lambda-manifold are all 0");
    assert_fails(move(state, &from, "0.016", OPTIONS("--auto-layers", "4")), 1,
                 "--auto-layers is 4, but must be 0 to 3, the layers of the generator");
    assert_fails(move(state, &from, "0.016", OPTIONS("--towards", "cow")), 1, "cow");
    assert_fails(move(state, &from, "0.016", OPTIONS("--towards", "dog=1,dog=-1")), 1,
                 "--towards asks for nothing");
    assert_fails(train_tiny(state, "stylegan2", "0.016", OPTIONS("--towards", "dog")), 2,
                 "--towards belongs to --cfg nada");
    start nowhere = from;
    nowhere.network = (char[]){"nowhere.safetensors"};
    assert_fails(move(state, &nowhere, "0.016", OPTIONS("--seed", "1")), 1, "nowhere.safetensors");
    assert_fails(
        move_by(state, &from, "0.004", OPTIONS("--source-text", "cat", "--target-text", "dog")), 1,
        "CLIP");
    nowhere.network =
        train_on_kinds(state, "stylegan1", "0.016", "network-snapshot-000000016.safetensors",
                       OPTIONS("--initial-resolution", "4"));
    assert_fails(move(state, &nowhere, "0.016", OPTIONS("--seed", "1")), 1,
                 "but must be grown to its full pictures");
    free(nowhere.network);
    clear_start(&from);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
    const struct CMUnitTest tests[] = {
        TEST(its_pictures_become_dogs),
        TEST(its_pictures_follow_clip),
        TEST(it_resumes_to_the_same_bytes),
        TEST(it_resumes_in_another_folder),
        TEST(it_resumes_with_the_same_files_only),
        TEST(parts_of_a_batch_train_the_same_layers),
        TEST(what_has_no_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
