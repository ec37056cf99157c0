/*
 * Trainings towards texts through a CLIP of ViT-B/32's size, whose weights are filled, so that what
 * it says means nothing: every training runs to its end, and its loss falls. The variable
 * STYLEGAN_CLIP_STEPS says how many steps it takes: 2 usually, 50 in `make test-all`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/clip_and_merges.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

enum { ENOUGH_TO_FALL = 20 /* steps */ };

/* The network and its merges, written once: 605 MB. */
static void *folder;
static char *clip, *merges;

static int steps(void)
{
    const char *given = getenv("STYLEGAN_CLIP_STEPS");
    return given ? (int)strtol(given, NULL, 10) : 2;
}

static int setup(void **state)
{
    (void)state;
    if (temporary_folder_setup(&folder))
        return -1;
    clip = write_clip_and_merges(&folder, &full_clip);
    merges = temporary_path(&folder, "merges.txt");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(clip);
    free(merges);
    return temporary_folder_teardown(&folder);
}

/* The sum of a statistic over so many ticks from one on. */
static double sum_of(const char *run, const char *name, int first, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += statistic_at(run, name, first + i);
    return sum;
}

/* Fails the test unless the last ticks' loss is below that of the first ones. */
static void assert_falls(program_result result, const char *name)
{
    char *run = trained_folder(result);
    const int quarter = steps() / 4;
    if (steps() >= ENOUGH_TO_FALL) {
        const double before = sum_of(run, name, 0, quarter);
        const double after = sum_of(run, name, steps() - quarter, quarter);
        if (!(after < before))
            fail_msg("%s of %d ticks was %g and is %g", name, quarter, before, after);
    }
    free(run);
}

#define TRAIN(cfg, ...)                                                                            \
    RUN("train", "--cfg", cfg, "--network", "models/faces-64.safetensors", "--features", clip,     \
        "--batch", "2", "--tick", "0.002", "--kimg", kimg, "--snap", "1000", "--outdir", runs,     \
        __VA_ARGS__)

static void a_generator_moves_from_text_to_text(void **state)
{
    char kimg[32];
    char *runs = temporary_path(&folder, "nada");
    (void)state;
    snprintf(kimg, sizeof kimg, "%g", steps() * 0.002);
    assert_falls(TRAIN("nada", "--source-text", "a face", "--target-text", "a cab",
                       "--auto-layer-batch", "2"),
                 "Loss/G/loss");
    free(runs);
}

static void a_mapper_learns_a_text(void **state)
{
    char kimg[32];
    char *runs = temporary_path(&folder, "mapper");
    (void)state;
    snprintf(kimg, sizeof kimg, "%g", steps() * 0.002);
    assert_falls(TRAIN("mapper", "--text", "a cab", "--latent-l2", "0", "--dlr", "3"),
                 "Loss/M/goal");
    free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_generator_moves_from_text_to_text),
        cmocka_unit_test(a_mapper_learns_a_text),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
