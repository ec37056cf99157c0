/* The command `edit`, and edits in generate, mix, interpolate and lines of JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "checkpoint/latents/w_file.h"
#include "edit/directions/direction_file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* 8 inputs of 16 numbers, latents of 16, pictures of 32 pixels. */
#define NETWORK "tests/golden/sg2-skip-32/network.safetensors"
#define CONDITIONAL "tests/golden/sg2-cond-gray-16/network.safetensors"
#define THIRD "tests/golden/sg3-t-32/network.safetensors"

enum { INPUTS = 8, WIDTH = 16, SIDE = 32 };

#define EDIT(...) RUN("edit", "--network", NETWORK, "--outdir", *state, __VA_ARGS__)
#define MOVE "--directions", file, "--move"

/* Writes directions along the first axes, and returns the path on the heap. */
static char *write_directions(void *const *state)
{
    static const char *const names[] = {"smile", "age"};
    char *path = temporary_path(state, "directions.safetensors");
    sg_direction_set set = {0};
    for (int i = 0; i < 2; i++) {
        double values[WIDTH] = {0};
        values[i] = 1;
        values[0] += i * 0.5;
        const sg_direction direction =
            SG_DIRECTION(.name = (char *)names[i], .values = values, .rows = 1, .width = WIDTH);
        assert_int_equal(sg_direction_set_add(&set, &direction, NULL), SG_OK);
    }
    assert_int_equal(sg_direction_file_write(path, &set, NULL), SG_OK);
    sg_direction_set_clear(&set);
    return path;
}

/* Writes one w, the same number everywhere, to a file. */
static char *write_w(void *const *state, const char *name, size_t inputs, float value)
{
    float values[INPUTS * WIDTH];
    char *path = temporary_path(state, name);
    for (int i = 0; i < INPUTS * WIDTH; i++)
        values[i] = value;
    assert_int_equal(sg_w_file_write(path, values, 1, inputs, WIDTH, NULL), SG_OK);
    return path;
}

/* Reads the w of a file; the caller frees them. */
static float *read_w(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    sg_w_set set = {0};
    assert_int_equal(sg_w_file_read(path, INPUTS, WIDTH, &set, NULL), SG_OK);
    free(path);
    return set.values;
}

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("edit", "--help");
    assert_holds(result.output, "--move NAME=AMOUNT[@LAYERS]");
    assert_holds(result.output, "--style LAYER:CHANNEL=AMOUNT");
    assert_holds(result.output, "--w SUM");
    assert_done(result, "Examples:\n  stylegan edit ");
    assert_done(RUN("--help"), "  edit        Edit pictures along directions");
}

/* Moves reach their layers of w alone, and the sheet shows both. */
static void moves_change_their_layers(void **state)
{
    char *file = write_directions(state);
    char *start = write_w(state, "start.npz", INPUTS, 0.25F);
    assert_done(EDIT("--projected-w", start, MOVE, "smile=2@1-2", "--move", "age=1@7", "--save-w"),
                "1 edited picture is in ");
    float *w = read_w(state, "proj00.npz");
    for (int i = 0; i < INPUTS; i++) {
        const float first = i == 1 || i == 2 ? 2.25F : i == 7 ? 0.75F : 0.25F;
        assert_true(w[(size_t)i * WIDTH] == first);
        assert_true(w[(size_t)i * WIDTH + 1] == (i == 7 ? 1.25F : 0.25F));
        assert_true(w[(size_t)i * WIDTH + 2] == 0.25F);
    }
    sg_image *sheet = read_picture(state, "before-after.png");
    assert_true(sheet->width > 2 * SIDE);
    sg_image_destroy(sheet);
    free(w);
    free(start);
    free(file);
}

static void orthogonal_moves_leave_each_other_alone(void **state)
{
    char *file = write_directions(state);
    char *start = write_w(state, "start.npz", 1, 0);
    assert_done(
        EDIT("--seeds", start, MOVE, "smile=2", "--move", "age=0", "--orthogonal", "--save-w"),
        "1 edited");
    float *w = read_w(state, "proj00.npz");
    const double along_age = 0.5 * (double)w[0] + (double)w[1]; /* age is (0.5, 1) */
    assert_true(along_age < 1e-5 && along_age > -1e-5);
    assert_true(w[0] > 1.7F && w[0] < 1.9F); /* 2 * 2 / sqrt(5) */
    free(w);
    free(start);
    free(file);
}

/* A sum with a single term is that seed's picture. */
static void sums_are_starts(void **state)
{
    assert_done(EDIT("--w", "2*seed:4 - seed:4", "--trunc", "0.5"), "1 edited");
    assert_done(
        RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", "4", "--trunc", "0.5"),
        "1 picture");
    assert_same_pictures(state, "sum.png", "seed0004.png", true);
    assert_same_pictures(state, "sum-z.png", "seed0004.png", true);
    assert_done(EDIT("--w", "seed:1 - seed:2 + seed:3"), "1 edited");
    assert_same_pictures(state, "sum-z.png", "sum.png", false);
    rename_result(state, "sum-z.png", "kept.png");
    assert_done(EDIT("--w", "average + 0*seed:1"), "1 edited");
    assert_absent(state, "sum-z.png");
    assert_done(
        RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", "4", "--trunc", "0"),
        "1 picture");
    assert_same_pictures(state, "sum.png", "seed0004.png", true);
}

/* Latents from a file are mapped as a seed's own. */
static void latents_are_starts(void **state)
{
    char *z = write_w(state, "z.npy", 1, 0.5F);
    assert_done(EDIT("--z", z, "--style", "b8.conv0:3=0"), "1 edited");
    assert_true(sg_path_exists(z));
    sg_image *picture = read_picture(state, "proj00.png");
    assert_int_equal(picture->width, SIDE);
    sg_image_destroy(picture);
    free(z);
}

/* A share of 1 in all layers is the other seed. */
static void mixes_take_shares(void **state)
{
    assert_done(EDIT("--seeds", "1", "--mix", "seed:2=1"), "1 edited");
    assert_done(RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", "2"),
                "1 picture");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", true);
    assert_done(EDIT("--seeds", "1", "--mix", "2=0.5@0-3"), "1 edited");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", false);
}

static void truncations_have_their_rules(void **state)
{
    assert_done(
        RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", "2", "--trunc", "0.5"),
        "1 picture");
    assert_done(EDIT("--seeds", "1,2", "--layer-psi", "0-7=0.5"), "2 edited");
    char *moved = temporary_path(state, "a");
    assert_done(
        RUN("generate", "--network", NETWORK, "--outdir", moved, "--seeds", "2", "--trunc", "0.5"),
        "1 picture");
    assert_same_pictures(state, "seed0002.png", "a/seed0002.png", true);
    assert_done(EDIT("--seeds", "1,2", "--centers", "1", "--trunc", "0"), "2 edited");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", true); /* one centre for all */
    assert_done(EDIT("--seeds", "1,2", "--centers", "40", "--trunc", "0"), "2 edited");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", false);
    assert_done(EDIT("--seeds", "1", "--radius", "0.001", "--clamp", "9"), "1 edited");
    free(moved);
}

static void strips_and_films_are_written(void **state)
{
    char *file = write_directions(state);
    char *film = temporary_path(state, "film.png");
    char *wave = temporary_path(state, "wave/");
    char *pulse = temporary_path(state, "pulse.gif");
    program_result result =
        EDIT("--seeds", "0,1", MOVE, "smile=3", "--strip", "5", "--film", film, "--frames", "4");
    assert_holds(result.output, "The strip is in ");
    assert_done(result, "The film is in ");
    sg_image *strip = read_picture(state, "strip.png");
    assert_true(strip->width > 5 * SIDE && strip->height > 2 * SIDE);
    sg_image_destroy(strip);
    assert_true(sg_path_exists(film));
    assert_done(
        EDIT("--seeds", "0-3", "--wave", "0,1", "--film", wave, "--grid", "4x1", "--frames", "3"),
        "The film is in ");
    sg_image *frame = read_picture(state, "wave/frame0002.png");
    assert_int_equal(frame->width, 4 * SIDE);
    assert_int_equal(frame->height, SIDE);
    sg_image_destroy(frame);
    assert_done(EDIT("--seeds", "0", "--pulse", "0,1", "--frequency", "1", "--film", pulse,
                     "--frames", "3"),
                "The film is in ");
    free(pulse);
    free(wave);
    free(film);
    free(file);
}

/* The same edit by every way to ask for it. */
static void requests_take_edits_too(void **state)
{
    char *file = write_directions(state);
    char *other = temporary_path(state, "other");
    char *film = temporary_path(state, "film/");
    char *jobs = temporary_path(state, "jobs.txt");
    assert_done(EDIT("--seeds", "1", MOVE, "smile=2", "--style", "b8.conv0:3=4"), "1 edited");
    assert_done(RUN("generate", "--network", NETWORK, "--outdir", other, "--seeds", "1", MOVE,
                    "smile=2", "--style", "b8.conv0:3=4"),
                "1 picture");
    assert_same_pictures(state, "seed0001.png", "other/seed0001.png", true);
    FILE *stream = fopen(jobs, "w");
    assert_non_null(stream);
    fprintf(stream,
            "{\"seed\": 1, \"output\": \"json.png\", \"directions\": \"%s\", \"move\": "
            "{\"smile\": 2}, \"style\": [\"b8.conv0:3=4\"]}\n"
            "{\"sum\": \"seed:1\", \"output\": \"plain.png\"}\n",
            file);
    fclose(stream);
    assert_done(RUN("generate", "--network", NETWORK, "--outdir", other, "--jobs", jobs),
                "json.png");
    assert_same_pictures(state, "seed0001.png", "other/json.png", true);
    assert_same_pictures(state, "seed0001.png", "other/plain.png", false);
    assert_done(RUN("mix", "--network", NETWORK, "--outdir", other, "--rows", "1", "--cols", "2",
                    "--styles", "none", MOVE, "smile=2", "--style", "b8.conv0:3=4"),
                "pictures");
    assert_same_pictures(state, "seed0001.png", "other/1-2.png", true);
    assert_done(RUN("interpolate", "--network", NETWORK, "--seeds", "1,2", "--frames", "1",
                    "--output", film, MOVE, "smile=2", "--style", "b8.conv0:3=4"),
                "film");
    assert_same_pictures(state, "seed0001.png", "film/frame0000.png", true);
    free(jobs);
    free(film);
    free(other);
    free(file);
}

/* A w beyond the network's is told once, a picture of no numbers refused. */
static void w_far_off_are_told(void **state)
{
    char *thousand = write_w(state, "thousand.npz", INPUTS, 1e4F);
    char *huge = write_w(state, "huge.npz", INPUTS, 3e38F);
    program_result result =
        RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", thousand);
    assert_holds(result.errors, "warning: the w of proj00 is");
    assert_holds(result.errors, "times as far from the mean as random w are");
    assert_done(result, "1 picture");
    result = EDIT("--w", "1000*seed:1", "--layer-psi", "0=1");
    assert_holds(result.errors, "warning: the w of sum is");
    assert_done(result, "1 edited");
    result = RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", "1");
    assert_string_equal(result.errors, "");
    assert_done(result, "1 picture");
    assert_fails(RUN("generate", "--network", NETWORK, "--outdir", *state, "--seeds", huge), 1,
                 "holds numbers that are not finite; the largest number of its w is 3e+38");
    free(huge);
    free(thousand);
}

/* Lines of a batch with equal edits read their files once, so that the second needs none. */
static void batches_plan_edits_once(void **state)
{
    char *file = write_directions(state);
    char line[2000];
    conversation talk = conversation_start((const char *const[]){
        "generate", "--network", NETWORK, "--outdir", *state, "--jobs", "-", NULL});
    for (int i = 0; i < 3; i++) {
        snprintf(line, sizeof line,
                 "{\"seed\": 1, \"output\": \"%d.png\", \"directions\": \"%s\", \"move\": "
                 "\"smile=%d\", \"centers\": 3, \"trunc\": 0.5}",
                 i, file, i < 2 ? 2 : 1000);
        char *answer = conversation_ask(&talk, line);
        assert_holds(answer, ".png\",\"width\"");
        assert_true((strstr(answer, "\"warning\":\"the w of seed0001 is") != NULL) == (i == 2));
        free(answer);
        remove(file);
    }
    program_result result = conversation_end(&talk);
    assert_int_equal(result.status, 0);
    program_result_clear(&result);
    assert_same_pictures(state, "0.png", "1.png", true);
    free(file);
}

/* Half of each, in the layers that are mixed. */
static void mixing_may_be_soft(void **state)
{
    char *zeros = write_w(state, "zeros.npz", INPUTS, 0);
    char *ones = write_w(state, "ones.npz", INPUTS, 1);
    assert_done(RUN("mix", "--network", NETWORK, "--outdir", *state, "--rows", zeros, "--cols",
                    ones, "--styles", "0-7", "--weight", "0.5"),
                "pictures");
    assert_done(RUN("edit", "--network", NETWORK, "--outdir", *state, "--seeds", zeros, "--mix",
                    "seed:1=0"),
                "1 edited");
    char text[4200];
    snprintf(text, sizeof text, "0.5*%s + 0.5*%s", zeros, ones);
    assert_done(EDIT("--w", text), "1 edited");
    assert_same_pictures(state, "sum.png", "proj00-proj01.png", true);
    free(ones);
    free(zeros);
}

static void other_families_are_edited(void **state)
{
    char *file = write_directions(state);
    assert_done(RUN("edit", "--network", THIRD, "--outdir", *state, "--seeds", "1", MOVE,
                    "smile=2@0-3", "--style", "input:0=1"),
                "1 edited");
    assert_done(RUN("edit", "--network", CONDITIONAL, "--class", "2", "--outdir", *state, "--seeds",
                    "1", "--centers", "3", "--trunc", "0.5", "--style", "b8.conv1:2=1"),
                "1 edited");
    assert_fails(RUN("edit", "--network", CONDITIONAL, "--outdir", *state, "--seeds", "1",
                     "--centers", "3", "--trunc", "0.5"),
                 2, "--class");
    assert_fails(RUN("edit", "--network", CONDITIONAL, "--class", "2", "--outdir", *state,
                     "--seeds", "1", MOVE, "smile=1"),
                 1, "directions of this network are (N, 20)");
    free(file);
}

static void mistakes_are_sentences(void **state)
{
    char *file = write_directions(state);
    assert_fails(EDIT("--move", "smile=1", "--directions", file), 2, "--seeds");
    assert_fails(EDIT("--seeds", "1"), 2, "nothing is edited");
    assert_fails(EDIT("--seeds", "1", "--w", "seed:1"), 2, "--seeds cannot be given with it");
    assert_fails(EDIT("--seeds", "1", "--move", "smile=1"), 2, "--move needs --directions");
    assert_fails(EDIT("--seeds", "1", MOVE, "smile"), 2, "--move takes NAME=AMOUNT");
    assert_fails(EDIT("--seeds", "1", MOVE, "smlie=1"), 2, "did you mean \"smile\"?");
    assert_fails(EDIT("--seeds", "1", MOVE, "smile=nan"), 2, "is nan");
    assert_fails(EDIT("--seeds", "1", MOVE, "smile=1e9"), 2, "from -1000 to 1000");
    assert_fails(EDIT("--seeds", "1", MOVE, "smile=1@9"), 2, "the network has 8 inputs");
    assert_fails(EDIT("--seeds", "1", "--keep", "age", "--mix", "2=1"), 2, "--keep changes moves");
    assert_fails(EDIT("--seeds", "1", "--centers", "4"), 2, "--trunc below 1");
    assert_fails(EDIT("--seeds", "1", "--radius", "nan"), 2, "--radius");
    assert_fails(EDIT("--seeds", "1", "--mix", "2=1", "--strip", "3"), 2,
                 "--strip varies moves and styles");
    assert_fails(EDIT("--seeds", "1", "--wave", "0,1"), 2, "--wave needs --film");
    assert_fails(EDIT("--seeds", "1", "--wave", "0"), 2, "takes two truncations");
    assert_fails(EDIT("--seeds", "1", "--wave", "0,1", "--pulse", "0,1", "--film", "a.mp4"), 2,
                 "exclude each other");
    assert_fails(EDIT("--seeds", "1", "--wave", "0,1", "--film", "a.xyz"), 2, "must be a video");
    assert_fails(EDIT("--seeds", "0-8", "--wave", "0,1", "--film", "a.gif", "--grid", "2x2"), 2,
                 "no room for 9 starts");
    assert_fails(EDIT("--z", file, "--mix", "1=1"), 1, "directions.safetensors");
    assert_fails(EDIT("--seeds", "absent.npz", "--mix", "1=1"), 1, "absent.npz");
    free(file);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(moves_change_their_layers),
        IN_FOLDER(orthogonal_moves_leave_each_other_alone),
        IN_FOLDER(sums_are_starts),
        IN_FOLDER(latents_are_starts),
        IN_FOLDER(mixes_take_shares),
        IN_FOLDER(truncations_have_their_rules),
        IN_FOLDER(strips_and_films_are_written),
        IN_FOLDER(requests_take_edits_too),
        IN_FOLDER(w_far_off_are_told),
        IN_FOLDER(batches_plan_edits_once),
        IN_FOLDER(mixing_may_be_soft),
        IN_FOLDER(other_families_are_edited),
        IN_FOLDER(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
