/*
 * `train --cfg classifier`: it learns, says how well in the run's files, resumes to the byte, takes
 * classes and attributes, and refuses what only pairs of networks have a use for.
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
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "support/tiny_training.h"
#include "support/two_kinds.h"

/* Trains a tiny classifier on the set at `data` with further options. */
static program_result train(void *const *state, const char *data, const char *kimg,
                            const char *const *more)
{
    static const char *const tiny[] = {"--cfg",  "classifier", "--batch", "8",         "--cbase",
                                       "32",     "--cmax",     "4",       "--threads", "1",
                                       "--snap", "1",          "--dlr",   "0.01",      NULL};
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {"train", data, "--outdir", outdir, "--kimg", kimg, NULL};
    program_result result = run_program_joined(first, tiny, more);
    free(outdir);
    return result;
}

static void assert_in_file(const char *folder, const char *name, const char *part)
{
    char *text = (char *)bytes_of(folder, name, &(size_t){0});
    assert_holds(text, part);
    free(text);
}

static void it_learns_what_the_folders_are(void **state)
{
    char *set = two_kinds_write(state);
    program_result result =
        train(state, set, "1.6", OPTIONS("--cond", "--held-out", "4", "--tick", "0.8"));
    assert_holds(result.output, "Network: a classifier of 2 classes, ");
    assert_holds(result.output, " loss 0.");
    assert_holds(result.output, " held out 1.0000 loss 0.");
    char *folder = trained_folder(result);
    assert_non_null(strstr(folder, "00000-classifier-set-cond-batch8"));
    assert_null(strstr(folder, "gamma"));
    assert_in_file(folder, "stats.jsonl", "\"Loss/C/loss\":{");
    assert_in_file(folder, "stats.jsonl", "\"Accuracy/train\":{");
    assert_in_file(folder, "stats.jsonl", "\"Accuracy/held_out\":{\"num\":4,\"mean\":1,");
    assert_in_folder(folder, "loss.png");
    char *fakes = sg_path_join(folder, "fakes-000001600.png");
    assert_false(sg_path_exists(fakes));
    char *network = sg_path_join(folder, "network-snapshot-000001600.safetensors");
    result = RUN("info", network);
    assert_holds(result.output, "D: a classifier of 2 classes with the body of a StyleGAN2 disc");
    assert_holds(result.output, "8x8 pixels, 1 channel");
    assert_holds(result.output, "classes   2, counted from 0 to 1: cat, dog\n");
    assert_done(result, "accuracy  1 of the answers on pictures that were held out");
    result = RUN("info", "--json", folder);
    assert_holds(result.output, "\"class_names\":\t[\"cat\", \"dog\"]");
    assert_done(result, "\"accuracy\":\t1,");
    assert_done(RUN("score", "--network", folder, set),
                "16 of 16 pictures are recognised as their class: 100.00 %");
    assert_fails(RUN("generate", "--network", network, "--seeds", "1", "--outdir", set), 1,
                 "a discriminator alone paints no pictures");
    free(network);
    free(fakes);
    free(folder);
    free(set);
}

static void it_resumes_to_the_same_bytes(void **state)
{
    const char *const options[] = {"--cond", "--mirror", "--tick", "0.032", "--held-out", "3",
                                   "--aug",  "fixed",    "--seed", "5",     NULL};
    char *set = two_kinds_write(state);
    char *whole = trained_folder(train(state, set, "0.128", options));
    char *broken = trained_folder(train(state, set, "0.04", options));
    assert_done(RUN("train", "--resume", broken, "--kimg", "0.128", "--threads", "1"),
                "Resumed at kimg 0.04");
    assert_same_file(whole, broken, "network-snapshot-000000128.safetensors");
    assert_same_file(whole, broken, "training-state-000000128.safetensors");
    assert_fails(RUN("train", "--resume", broken, "--batch", "4"), 2,
                 "cannot change in a resumed run");
    free(broken);
    free(whole);
    free(set);
}

/* Labels of numbers are attributes, unless all of them add up to 1. */
static void attributes_are_told_one_by_one(void **state)
{
    char labels[1024] = "{\"labels\": [";
    char *set = temporary_path(state, "faces");
    for (int i = 0; i < 8; i++) {
        char name[64];
        const uint8_t grey = (uint8_t)(i % 2 ? 220 : 20);
        snprintf(name, sizeof name, "faces/%d.png", i);
        flat_png_write(state, name, TWO_KINDS_SIDE, 1, &grey);
        snprintf(labels + strlen(labels), sizeof labels - strlen(labels),
                 "%s[\"%d.png\", [%d, %d, 1]]", i ? ", " : "", i, i % 2 ? 1 : -1, !(i % 2));
    }
    strcat(labels, "]}");
    text_write(state, "faces/dataset.json", labels);
    program_result result = train(state, set, "1.6", OPTIONS("--cond", "--tick", "0.8"));
    assert_holds(result.output, "Network: a classifier of 3 attributes, ");
    char *folder = trained_folder(result);
    assert_done(RUN("info", folder), "  attributes 3, counted from 0 to 2");
    char *dark = temporary_path(state, "faces/0.png");
    char *light = temporary_path(state, "faces/1.png");
    result = RUN("score", "--network", folder, dark, light);
    assert_holds(result.output, "/0.png: 1 0.");
    assert_holds(result.output, "/1.png: 0 0.");
    assert_done(result, ", 2 ");
    free(light);
    free(dark);
    free(folder);
    free(set);
}

static void what_has_no_meaning_is_refused(void **state)
{
    static const struct {
        const char *options[4], *part;
    } cases[] = {
        {{"--gamma", "1"}, "--gamma has no meaning for --cfg classifier"},
        {{"--z-dim", "8"}, "--z-dim has no meaning for --cfg classifier"},
        {{"--w-dim", "8"}, "--w-dim has no meaning for --cfg classifier"},
        {{"--loss", "hinge"}, "--loss has no meaning for --cfg classifier"},
        {{"--mbstd-group", "4"}, "--mbstd-group has no meaning for --cfg classifier"},
        {{"--grow-kimg", "4"}, "--grow-kimg has no meaning for --cfg classifier"},
        {{"--metrics", "eqt50k_int"}, "--metrics has no meaning for --cfg classifier"},
        {{"--init", "models/digits-32.safetensors"}, "--init has no meaning for --cfg classifier"},
        {{"--aug", "ada"}, "--aug ada makes no sense for a classifier"},
    };
    char *set = two_kinds_write(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(
            train(state, set, "0.1", OPTIONS("--cond", cases[i].options[0], cases[i].options[1])),
            2, cases[i].part);
    assert_fails(train(state, set, "0.1", OPTIONS("--mirror")), 2,
                 "--cfg classifier needs --cond: a classifier learns the labels of the data");
    free(set);
}

static void labels_that_cannot_be_told_are_refused(void **state)
{
    const uint8_t grey = 9;
    char *same = temporary_path(state, "same");
    char *far = temporary_path(state, "far");
    flat_png_write(state, "same/0.png", TWO_KINDS_SIDE, 1, &grey);
    flat_png_write(state, "same/1.png", TWO_KINDS_SIDE, 1, &grey);
    text_write(state, "same/dataset.json", "{\"labels\": [[\"0.png\", 0], [\"1.png\", 0]]}");
    assert_fails(train(state, same, "0.1", OPTIONS("--cond")), 1,
                 "of 1 class, but a classifier needs two or more");
    flat_png_write(state, "far/0.png", TWO_KINDS_SIDE, 1, &grey);
    flat_png_write(state, "far/1.png", TWO_KINDS_SIDE, 1, &grey);
    text_write(state, "far/dataset.json",
               "{\"labels\": [[\"0.png\", [0, 1.5]], [\"1.png\", [1, 0]]]}");
    assert_fails(train(state, far, "0.1", OPTIONS("--cond")), 1, "has the number 1.5, but");
    free(far);
    free(same);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_learns_what_the_folders_are),         TEST(it_resumes_to_the_same_bytes),
        TEST(attributes_are_told_one_by_one),         TEST(what_has_no_meaning_is_refused),
        TEST(labels_that_cannot_be_told_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
