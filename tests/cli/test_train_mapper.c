/*
 * `train --cfg mapper`: a mapper learns to move w towards an attribute or a text, says what it is,
 * resumes to the byte, refuses what it has no use for, and edits pictures.
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
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"

static const char generator[] = "models/digits-32.safetensors";
static const char classifier[] = "models/digits-classifier.safetensors";

static program_result train(void *const *state, const char *kimg, const char *const *more)
{
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {"train", "--cfg",  "mapper", "--network", generator, "--outdir",
                                 outdir,  "--kimg", kimg,     "--threads", "1",       NULL};
    static const char *const none[] = {NULL};
    program_result result = run_program_joined(first, more, none);
    free(outdir);
    return result;
}

/* What the classifier says of the picture in FOLDER/before-after's edit: the probability of a 3. */
static double answer_of(const char *folder)
{
    char *picture = sg_path_join(folder, "seed0001.png");
    double answer = -1;
    program_result result = RUN("score", "--network", classifier, picture, "--json");
    const char *list = strstr(result.output, "\"classes\":");
    assert_non_null(list);
    for (int i = 0; i < 4; i++)
        list = strpbrk(list + 1, "[,");
    assert_int_equal(sscanf(list + 1, "%lf", &answer), 1);
    assert_done(result, "");
    free(picture);
    return answer;
}

/* Strength 0 leaves a picture as it is; a positive one moves it towards a 3. */
static void it_edits(void *const *state, const char *mapper)
{
    char *still = temporary_path(state, "still");
    char *moved = temporary_path(state, "moved");
    assert_done(RUN("edit", "--network", generator, "--seeds", "1", "--class", "5", "--mapper",
                    mapper, "--strength", "0", "--outdir", still),
                "1 edited picture is in");
    assert_done(RUN("edit", "--network", generator, "--seeds", "1", "--class", "5", "--mapper",
                    mapper, "--strength", "2", "--strip", "3", "--outdir", moved),
                "The strip is in");
    const double before = answer_of(still);
    const double after = answer_of(moved);
    if (!(after > before))
        fail_msg("a 3: %g, then %g", before, after);
    assert_fails(RUN("edit", "--network", "models/faces-64.safetensors", "--seeds", "1", "--mapper",
                     mapper, "--outdir", moved),
                 2, "--mapper");
    assert_fails(RUN("edit", "--network", generator, "--seeds", "1", "--class", "5", "--mapper",
                     generator, "--outdir", moved),
                 1, "holds no M");
    free(moved);
    free(still);
}

static void it_learns_and_says_what_it_is(void **state)
{
    program_result result = train(
        state, "0.32",
        OPTIONS("--towards", "3", "--classifier", classifier, "--tick", "0.08", "--batch", "8"));
    assert_holds(result.output, "Network: a mapper of ");
    assert_holds(result.output, "Moved towards: 3, by ");
    char *folder = trained_folder(result);
    const double before = statistic_at(folder, "Loss/M/goal", 0);
    const double after = statistic_at(folder, "Loss/M/goal", 3);
    if (!(after < 0.8 * before))
        fail_msg("the loss was %g and is %g", before, after);
    assert_in_folder(folder, "originals.png");
    assert_in_folder(folder, "fakes-000000320.png");
    char *mapper = sg_path_join(folder, "network-snapshot-000000320.safetensors");
    result = RUN("info", mapper);
    assert_done(result, "M: a mapper that moves ");
    result = RUN("info", mapper, "--json");
    assert_done(result, "\"mapper\"");
    it_edits(state, mapper);
    free(mapper);
    free(folder);
}

static void it_resumes_to_the_same_bytes(void **state)
{
    const char *const options[] = {"--towards", "3", "--classifier", classifier, "--tick", "0.016",
                                   "--snap",    "1", "--seed",       "3",        NULL};
    char *whole = trained_folder(train(state, "0.032", options));
    char *broken = trained_folder(train(state, "0.016", options));
    assert_done(RUN("train", "--resume", broken, "--kimg", "0.032", "--threads", "1"),
                "Resumed at kimg 0.016");
    assert_same_file(whole, broken, "network-snapshot-000000032.safetensors");
    assert_same_file(whole, broken, "training-state-000000032.safetensors");
    free(broken);
    free(whole);
}

static void what_has_no_meaning_is_refused(void **state)
{
    static const struct {
        const char *options[6], *part;
    } cases[] = {
        {{"--mirror"}, "--mirror has no meaning for --cfg mapper"},
        {{"--text", "three", "--dry-run"}, "--dry-run ends after the forecast, but"},
        {{"--seed", "1"}, "--cfg mapper needs one of these: --text"},
        {{"--towards", "3"}, "--towards and --classifier belong together"},
        {{"--source-text", "photo"}, "--source-text belongs to --cfg nada"},
        {{"--data", "data/mnist", "--text", "three"}, "--data has no meaning for --cfg mapper"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train(state, "0.016", cases[i].options), 2, cases[i].part);
    assert_fails(train_tiny(state, "stylegan2", "0.016", OPTIONS("--latent-l2", "1")), 2,
                 "--latent-l2 belongs to --cfg mapper");
    assert_fails(train(state, "0.016", OPTIONS("--text", "three")), 1, "CLIP");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_learns_and_says_what_it_is),
        TEST(it_resumes_to_the_same_bytes),
        TEST(what_has_no_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
