/*
 * Augmentation from outside: every family trains with it, interrupted runs go on to the same bytes
 * between two adjustments, its numbers are in the run's files, few pictures and held-out ones are
 * spoken of, contradictions are refused with the reason.
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

static void assert_in_text(const char *folder, const char *name, const char *part, bool there)
{
    char *text = (char *)bytes_of(folder, name, &(size_t){0});
    if ((strstr(text, part) != NULL) != there)
        fail_msg("%s of %s %s %s:\n%s", name, folder, there ? "lacks" : "holds", part, text);
    free(text);
}

static void every_family_trains_with_augmentation(void **state)
{
    static const char *const names[] = {"stylegan2", "stylegan3-r", "dcgan", "stylegan1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *folder = trained_folder(
            train_tiny(state, names[i], "0.032",
                       OPTIONS("--aug", "ada", "--p", "0.5", "--augpipe", "bgcfnc")));
        assert_in_text(folder, "training_options.json", "\"aug\":\t\"ada\"", true);
        assert_in_text(folder, "training_options.json", "\"augpipe\":\t\"bgcfnc\"", true);
        assert_in_text(folder, "stats.jsonl", "\"Progress/augment\":{\"num\":1", true);
        assert_in_text(folder, "log.txt", " r_t ", true);
        assert_non_null(strstr(folder, "-ada"));
        free(folder);
    }
    char *folder = trained_folder(
        train_tiny(state, "progan", "0.032", OPTIONS("--aug", "fixed", "--p", "0.4")));
    assert_in_text(folder, "log.txt", " augment 0.400 ", true);
    assert_non_null(strstr(folder, "-fixed0.4"));
    free(folder);
    folder = trained_folder(train_tiny(state, "stylegan2", "0.032", OPTIONS("--aug", "noaug")));
    assert_in_text(folder, "training_options.json", "aug", false);
    assert_in_text(folder, "stats.jsonl", "Progress/augment", false);
    free(folder);
}

/* Interrupted in the middle of an adjustment's four steps, at their end, and in those of R1. */
static void adaptive_runs_resume_exactly(void **state)
{
    static const char *const stops[] = {"0.048", "0.064", "0.136"};
    static const char *const files[] = {"network-snapshot-000000160.safetensors",
                                        "training-state-000000160.safetensors",
                                        "fakes-000000160.png"};
    static const char *const options[] = {
        "--aug",         "ada", "--p",        "0.4", "--aug-kimg", "0.16", "--augpipe",   "bgcfn",
        "--batch-gpu",   "4",   "--r2-gamma", "1",   "--w-dim",    "6",    "--map-depth", "2",
        "--mbstd-group", "4",   "--cond",     NULL};
    char *whole = trained_folder(train_tiny(state, "stylegan2", "0.16", options));
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        char *folder = trained_folder(train_tiny(state, "stylegan2", stops[i], options));
        assert_done(RUN("train", "--resume", folder, "--kimg", "0.16", "--threads", "1"),
                    "Resumed at kimg");
        for (size_t k = 0; k < sizeof files / sizeof *files; k++)
            assert_same_file(whole, folder, files[k]);
        free(folder);
    }
    free(whole);
}

static void a_pipe_of_probability_0_is_none(void **state)
{
    static const char network[] = "network-snapshot-000000064.safetensors";
    char *plain =
        trained_folder(train_tiny(state, "stylegan2", "0.064", OPTIONS("--aug", "noaug")));
    char *zero = trained_folder(
        train_tiny(state, "stylegan2", "0.064", OPTIONS("--aug", "fixed", "--p", "0")));
    assert_same_file(plain, zero, network);
    free(plain);
    free(zero);
}

static void published_presets_have_their_augmentation(void **state)
{
    static const char *const names[] = {"auto", "cifar", "paper256", "paper512", "paper1024"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *folder = trained_folder(
            train_tiny(state, names[i], "0.008", OPTIONS("--w-dim", "6", "--map-depth", "2")));
        assert_in_text(folder, "training_options.json", "\"aug\":\t\"ada\"", true);
        assert_in_text(folder, "training_options.json", "\"ada_kimg\":\t500", true);
        free(folder);
    }
    /* A loss that it does not work with takes it away. */
    char *folder = trained_folder(train_tiny(state, "auto", "0.008", OPTIONS("--loss", "lsgan")));
    assert_in_text(folder, "training_options.json", "\"aug\"", false);
    char network[SG_PATH_BYTES];
    snprintf(network, sizeof network, "%s/network-snapshot-000000008.safetensors", folder);
    free(folder);
    folder = trained_folder(train_tiny(state, "auto", "0.008", OPTIONS("--init", network)));
    assert_in_text(folder, "training_options.json", "\"ada_kimg\":\t100", true);
    free(folder);
}

static void few_pictures_are_spoken_of(void **state)
{
    static const char note[] = "fewer than 5,000 images";
    char *folder = trained_folder(train_tiny(state, "stylegan2", "0.008", OPTIONS("--cmax", "4")));
    assert_in_text(folder, "log.txt", note, true);
    free(folder);
    folder = trained_folder(train_tiny(state, "stylegan2", "0.008", OPTIONS("--aug", "noaug")));
    assert_in_text(folder, "log.txt", note, false);
    free(folder);
    folder = trained_folder(train_tiny(state, "auto", "0.008", OPTIONS("--cmax", "4")));
    assert_in_text(folder, "log.txt", note, false);
    free(folder);
}

/* Held-out pictures change no byte of a training on the others, and are scored. */
static void held_out_pictures_are_scored(void **state)
{
    static const char network[] = "network-snapshot-000000064.safetensors";
    char *data = tiny_run_data(state);
    char *subset =
        trained_folder(train_tiny(state, "stylegan2", "0.064", OPTIONS("--subset", "11")));
    char *held =
        trained_folder(train_tiny(state, "stylegan2", "0.064", OPTIONS("--held-out", "5")));
    char *path = trained_folder(
        train_tiny(state, "stylegan2", "0.064", OPTIONS("--subset", "11", "--held-out", data)));
    assert_same_file(subset, held, network);
    assert_same_file(subset, path, network);
    assert_in_text(subset, "stats.jsonl", "held_out", false);
    assert_in_text(held, "stats.jsonl", "\"Loss/scores/held_out\":{\"num\":4", true);
    assert_in_text(path, "stats.jsonl", "\"Loss/signs/held_out\":{\"num\":16", true);
    assert_done(RUN("train", "--resume", path, "--kimg", "0.096", "--threads", "1"),
                "Resumed at kimg");
    free(subset);
    free(held);
    free(path);
    free(data);
}

static void contradictions_are_refused(void **state)
{
    static const struct contradiction {
        const char *reason;
        const char *options[7];
    } cases[] = {
        {"--aug is \"on\", but must be noaug, ada or fixed", {"--aug", "on"}},
        {"--aug ada makes no sense with --loss lsgan", {"--aug", "ada", "--loss", "lsgan"}},
        {"fixed works with every loss", {"--aug", "ada", "--loss", "wgan-gp"}},
        {"--p belongs to --aug ada or fixed", {"--p", "0.5"}},
        {"--augpipe belongs to --aug ada or fixed", {"--augpipe", "bg", "--aug", "noaug"}},
        {"--target belongs to --aug ada", {"--target", "0.5", "--aug", "fixed"}},
        {"--p is 1.5, but must be a number from 0 to 1", {"--p", "1.5", "--aug", "fixed"}},
        {"--aug-kimg", {"--aug-kimg", "0", "--aug", "ada"}},
        {"\"bgx\" is unknown", {"--augpipe", "bgx", "--aug", "ada"}},
        {"switches every augmentation off", {"--augpipe", "hue:0", "--aug", "ada"}},
        {"--held-out is 0, but must be 1 or more", {"--held-out", "0"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(train_tiny(state, "stylegan2", "0.008", cases[i].options), 2, cases[i].reason);
    /* The images of the test are grey. */
    assert_fails(train_tiny(state, "stylegan2", "0.008",
                            OPTIONS("--aug", "fixed", "--augpipe", "hue,saturation")),
                 1, "hue and saturation change nothing in grey images");
    assert_fails(train_tiny(state, "stylegan2", "0.008", OPTIONS("--held-out", "16")), 1,
                 "--held-out is 16, but only 15");
    assert_fails(
        train_tiny(state, "stylegan2", "0.008", OPTIONS("--held-out", "5", "--subset", "12")), 1,
        "--held-out is 5, but only 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)
        TEST(every_family_trains_with_augmentation),
        TEST(adaptive_runs_resume_exactly),
        TEST(a_pipe_of_probability_0_is_none),
        TEST(published_presets_have_their_augmentation),
        TEST(few_pictures_are_spoken_of),
        TEST(held_out_pictures_are_scored),
        TEST(contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
