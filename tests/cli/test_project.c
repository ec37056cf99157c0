/* The command `project`: its files, spaces, starts, targets, losses, Ctrl-C and mistakes. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "checkpoint/numpy/numpy_file.h"
#include "support/cost.h"
#include "support/generated.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define UNCONDITIONAL_3 "tests/golden/sg3-t-32/network.safetensors"

enum { SIDE = 32 /* of NETWORK's pictures */, SMALL_SIDE = 16 /* of CONDITIONAL's */ };

#define QUICK "--w-avg-samples", "50", "--save-video=false"

/* `project` of a picture in the test's folder into its folder "out". */
static program_result project(void *const *state, const char *target, const char *const *arguments)
{
    const char *all[48] = {"project"};
    size_t count = 1;
    char *path = temporary_path(state, target);
    char *out = temporary_path(state, "out");
    all[count++] = "--target";
    all[count++] = path;
    all[count++] = "--outdir";
    all[count++] = out;
    for (; *arguments && count < 47; arguments++)
        all[count++] = *arguments;
    const program_result result = run_program(all);
    free(path);
    free(out);
    return result;
}

#define PROJECT(target_, ...) project(state, target_, (const char *const[]){__VA_ARGS__, NULL})

/* Paints the target "seed0005.png", which the network itself can paint. */
static void paint_target(void *const *state, const char *network, const char *class_index)
{
    if (class_index)
        assert_done(GENERATE("--network", network, "--seeds", "5", "--class", class_index),
                    "picture");
    else
        assert_done(GENERATE("--network", network, "--seeds", "5"), "picture");
}

/* The text of a file in the test's folder. */
static char *read_text(void *const *state, const char *name)
{
    size_t size = 0;
    unsigned char *bytes = read_result(state, name, &size);
    char *text = calloc(size + 1, 1);
    assert_non_null(text);
    memcpy(text, bytes, size);
    free(bytes);
    return text;
}

static double number_of(void *const *state, const char *name, const char *key)
{
    char *text = read_text(state, name);
    /* The file has its pairs on lines, with a tab after the colon. */
    char *at = strstr(text, key);
    if (!at)
        fail_msg("%s has no %s", name, key);
    const double number = strtod(at + strlen(key) + 2, NULL);
    free(text);
    return number;
}

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("project", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--space w|w+|z");
    assert_holds(result.output, "--align X0,Y0,X1,Y1");
    assert_holds(result.output, "sub-folders of their names");
    assert_holds(result.output, "Examples:\n  stylegan project --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  project ");
}

/* ---- files ---- */

static void the_result_is_what_generate_paints_of_its_w(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "6", QUICK),
                "out/proj.png: PSNR ");
    assert_same_pictures(state, "seed0005.png", "out/target.png", true);
    char *w = temporary_path(state, "out/projected_w.npz");
    assert_done(GENERATE("--network", NETWORK, "--projected-w", w), "picture");
    assert_same_pictures(state, "proj00.png", "out/proj.png", true);
    assert_true(number_of(state, "out/projection.json", "\"psnr\"") > 5);
    assert_true(number_of(state, "out/projection.json", "\"ssim\"") < 1);
    assert_int_equal(number_of(state, "out/projection.json", "\"steps\""), 6);
    assert_true(number_of(state, "out/projection.json", "\"seconds\"") > 0);
    assert_remark(state, "out/proj.png", "space", "w");
    assert_absent(state, "out/current.png");
    assert_absent(state, "out/proj.mp4");
    sg_image_destroy(read_picture(state, "out/figure.png"));
    free(w);
}

static sg_numpy_array read_array(void *const *state, const char *name, const char *key)
{
    sg_error error = {0};
    sg_numpy_array array;
    const sg_numpy_choice choice = {&key, 1, false};
    char *path = temporary_path(state, name);
    if (sg_numpy_read(path, &choice, &array, &error))
        fail_msg("%s", error.message);
    free(path);
    return array;
}

/* Counts the layers whose w differs from that of the first one. */
static size_t count_other_layers(void *const *state)
{
    size_t others = 0;
    sg_numpy_array w = read_array(state, "out/projected_w.npz", "w");
    assert_int_equal(w.rank, 3);
    assert_int_equal(w.size[0], 1);
    const size_t bytes = (size_t)w.size[2] * sizeof *w.values;
    for (int64_t i = 1; i < w.size[1]; i++)
        others += memcmp(w.values, w.values + i * w.size[2], bytes) != 0;
    assert_true(w.size[1] > 4);
    sg_numpy_array_clear(&w);
    return others;
}

static void spaces_have_one_w_or_many_or_a_z(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "4", QUICK), "PSNR");
    assert_int_equal(count_other_layers(state), 0);
    assert_done(
        PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "4", "--space", "w+", QUICK),
        "PSNR");
    assert_true(count_other_layers(state) > 4);
    assert_done(
        PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "4", "--space", "z", QUICK),
        "PSNR");
    assert_int_equal(count_other_layers(state), 0);
    sg_numpy_array z = read_array(state, "out/projected_w.npz", "z");
    assert_int_equal(z.rank, 2);
    sg_numpy_array_clear(&z);
}

/* ---- starts ---- */

static void a_found_w_is_gone_on_from(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(
        PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "4", "--space", "w+", QUICK),
        "PSNR");
    rename_result(state, "out/projected_w.npz", "found.npz");
    rename_result(state, "out/proj.png", "found.png");
    char *found = temporary_path(state, "found.npz");
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "0", "--space", "w+",
                        "--start", found, QUICK),
                "after 0 steps");
    assert_same_pictures(state, "found.png", "out/proj.png", true);
    free(found);
}

/* The seed of the target's own picture is nearer than any other start. */
static void a_seed_is_a_start(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "0", "--start-seed",
                        "5", "--start-trunc", "1", QUICK),
                "PSNR inf dB");
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "5", "--multi-start",
                        "3", QUICK),
                "after 5 steps");
}

/* ---- networks ---- */

static void a_conditional_network_finds_the_class(void **state)
{
    paint_target(state, CONDITIONAL, "1");
    assert_done(PROJECT("seed0005.png", "--network", CONDITIONAL, "--num-steps", "3", QUICK),
                ", class ");
    assert_done(PROJECT("seed0005.png", "--network", CONDITIONAL, "--num-steps", "3", "--class",
                        "2", QUICK),
                ", class 2");
    assert_int_equal(number_of(state, "out/projection.json", "\"class\""), 2);
}

static void stylegan3_is_anchored(void **state)
{
    paint_target(state, UNCONDITIONAL_3, NULL);
    assert_done(PROJECT("seed0005.png", "--network", UNCONDITIONAL_3, "--num-steps", "2",
                        "--anchor", QUICK),
                "PSNR");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--anchor", QUICK), 2, "StyleGAN3");
}

/* ---- targets ---- */

static void several_targets_have_folders_of_their_names(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5,6"), "pictures");
    char *other = temporary_path(state, "seed0006.png");
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, other, "--num-steps", "2", QUICK),
                "2 targets: PSNR ");
    assert_same_pictures(state, "seed0005.png", "out/seed0005/target.png", true);
    assert_same_pictures(state, "seed0006.png", "out/seed0006/target.png", true);
    sg_image_destroy(read_picture(state, "out/seed0006/proj.png"));
    sg_image *sheet = read_picture(state, "out/sheet.png");
    assert_true(sheet->width > 3 * 128 && sheet->height > 2 * 128);
    sg_image_destroy(sheet);
    free(other);
}

static void parts_and_masks_are_taken(void **state)
{
    const uint8_t red[] = {200, 30, 30};
    flat_png_write(state, "large.png", 100, 3, red);
    flat_png_write(state, "mask.png", 100, 1, (const uint8_t[]){255});
    char *mask = temporary_path(state, "mask.png");
    assert_done(PROJECT("large.png", "--network", NETWORK, "--num-steps", "2", "--crop",
                        "10,10,50,50", "--mask", mask, QUICK),
                "PSNR");
    sg_image *target = read_picture(state, "out/target.png");
    assert_int_equal(target->width, SIDE);
    assert_memory_equal(target->pixels, red, 3);
    sg_image_destroy(target);
    assert_done(PROJECT("large.png", "--network", CONDITIONAL, "--num-steps", "2", "--align",
                        "20,20,80,80", QUICK),
                "PSNR");
    target = read_picture(state, "out/target.png");
    assert_int_equal(target->width, SMALL_SIDE);
    assert_int_equal(target->channels, 1);
    sg_image_destroy(target);
    assert_true(number_of(state, "out/projection.json", "\"width\"") > 39);
    free(mask);
}

/* ---- losses ---- */

static void losses_are_said_and_stored(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "2", QUICK),
                "The loss is discriminator + pyramid, since no VGG16 for lpips was found");
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "2", "--loss",
                        "pixel=2,pyramid=0.5", QUICK),
                "The loss is 0.5 pyramid + 2 pixel.");
    char *json = read_text(state, "out/projection.json");
    assert_holds(json, "\"pixel\":\t2");
    free(json);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "2", "--space", "w+",
                        "--penalty", "distance=0.1,delta=0.01,mahalanobis=0.01", QUICK),
                "PSNR");
}

/* ---- tuning ---- */

static void a_tuned_network_paints_the_result(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "2", "--tune", "3",
                        "--tune-lr", "0.01", "--locality", "1", "--freeze", "synthesis.b4", QUICK),
                ", tuned in 3 steps (before: ");
    char *w = temporary_path(state, "out/projected_w.npz");
    char *tuned = temporary_path(state, "out/tuned.safetensors");
    assert_done(GENERATE("--network", tuned, "--projected-w", w), "picture");
    assert_same_pictures(state, "proj00.png", "out/proj.png", true);
    assert_done(GENERATE("--network", NETWORK, "--projected-w", w), "picture");
    assert_same_pictures(state, "proj00.png", "out/untuned.png", true);
    assert_same_pictures(state, "out/proj.png", "out/untuned.png", false);
    assert_int_equal(number_of(state, "out/projection.json", "\"tuning_steps\""), 3);
    free(w);
    free(tuned);
}

/* A second target is not found in the network that was tuned to the first one. */
static void targets_are_tuned_alone_or_together(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5,6"), "pictures");
    char *other = temporary_path(state, "seed0006.png");
    char *tuned = temporary_path(state, "out/tuned.safetensors");
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, other, "--num-steps", "1", "--tune",
                        "2", QUICK),
                "2 targets: PSNR ");
    assert_absent(state, "out/tuned.safetensors");
    rename_result(state, "out/seed0006/untuned.png", "second.png");
    assert_done(PROJECT("seed0006.png", "--network", NETWORK, "--num-steps", "1", QUICK), "PSNR");
    assert_same_pictures(state, "second.png", "out/proj.png", true);
    assert_done(PROJECT("seed0005.png", "--network", NETWORK, other, "--num-steps", "1", "--tune",
                        "2", "--tune-together", QUICK),
                "2 targets: PSNR ");
    assert_true(sg_path_exists(tuned));
    free(tuned);
    free(other);
}

/* ---- Ctrl-C, and pictures in the terminal ---- */

static void check_signal(void **state, int signal_number)
{
    paint_target(state, NETWORK, NULL);
    char *target = temporary_path(state, "seed0005.png");
    char *out = temporary_path(state, "out");
    char *current = temporary_path(state, "out/current.png");
    conversation talk = conversation_start((const char *const[]){
        "project", "--network", NETWORK, "--target", target, "--outdir", out, "--num-steps",
        "100000", "--save-video=false", "--w-avg-samples", "50", NULL});
    for (int i = 0; i < 600 && !sg_path_exists(current); i++)
        usleep(100000);
    kill(talk.child, signal_number);
    program_result result = conversation_end(&talk);
    assert_int_equal(result.status, 128 + signal_number);
    assert_holds(result.output, ", stopped");
    program_result_clear(&result);
    sg_image_destroy(read_picture(state, "out/proj.png"));
    assert_int_equal(number_of(state, "out/projection.json", "\"num_steps\""), 100000);
    assert_true(number_of(state, "out/projection.json", "\"steps\"") < 100000);
    assert_absent(state, "out/current.png");
    free(current);
    free(out);
    free(target);
}

static void ctrl_c_keeps_what_there_is(void **state)
{
    check_signal(state, SIGINT);
}

static void sigterm_keeps_what_there_is(void **state)
{
    check_signal(state, SIGTERM);
}

static void terminals_that_can_show_the_picture(void **state)
{
    paint_target(state, NETWORK, NULL);
    char *target = temporary_path(state, "seed0005.png");
    char *out = temporary_path(state, "out");
    const char *const line[] = {"project",     "--network", NETWORK, "--target",
                                target,        "--outdir",  out,     QUICK,
                                "--num-steps", "2",         NULL};
    const struct {
        const char *name, *value, *part;
    } cases[] = {{"TERM_PROGRAM", "iTerm.app", "\033]1337;File=inline=1;size="},
                 {"KITTY_WINDOW_ID", "1", "\033_Ga=T,f=100,"}};
    setenv("TERM", "xterm-256color", 1);
    unsetenv("TMUX");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv(cases[i].name, cases[i].value, 1);
        program_result result = run_program_on_terminal(line);
        assert_int_equal(result.status, 0);
        assert_holds(result.errors, cases[i].part);
        program_result_clear(&result);
        unsetenv(cases[i].name);
    }
    free(out);
    free(target);
}

/* ---- mistakes ---- */

static void mistakes_have_sentences(void **state)
{
    paint_target(state, NETWORK, NULL);
    assert_fails(PROJECT("seed0005.png", "--num-steps", "2"), 2, "--network is missing");
    assert_fails(PROJECT("none.png", "--network", NETWORK), 1, "none.png");
    /* A pass fits there, a step of the search does not; under the address sanitizer neither does.
     */
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--memory", "38M", QUICK), 1,
                 COST_IS_OURS ? "a step of the search takes about" : "memory");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--class", "1"), 2,
                 "is an unconditional network");
    assert_fails(PROJECT("seed0005.png", "--network", CONDITIONAL, "--class", "1000"), 2,
                 "--class is 1000, but");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--space", "s"), 2,
                 "--space is \"s\", but must be w, w+ or z");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--loss", "vgg"), 2, "vgg");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--loss", "lpips"), 1, "--features");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--num-steps", "1000000", "--tune",
                         "1", "--freeze", "b99"),
                 2, "the generator has no such layer"); /* before the search */
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--features", NETWORK), 1,
                 "holds no feature network");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--loss", "own", "--classifier",
                         "models/digits-classifier.safetensors"),
                 2, "takes pictures of 32x32x1, but the network paints 32x32x3");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--loss", "own"), 2,
                 "--classifier names its file");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--classifier", NETWORK), 2,
                 "for the loss \"own\" alone");
    assert_fails(
        PROJECT("seed0005.png", "--network", NETWORK, "--classifier", NETWORK, "--loss", "own"), 1,
        "holds a discriminator, not a classifier");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--penalty", "delta=1"), 2,
                 "only the space w+");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--penalty", "size=1"), 2,
                 "distance, delta or mahalanobis");
    assert_fails(
        PROJECT("seed0005.png", "--network", NETWORK, "--start", "a.npz", "--start-seed", "1"), 2,
        "--start and --start-seed both");
    assert_fails(
        PROJECT("seed0005.png", "--network", NETWORK, "--start", "a.npz", "--multi-start", "2"), 2,
        "draws its starts");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--start-trunc", "0.5"), 2,
                 "--start-seed, which is not given");
    assert_fails(
        PROJECT("seed0005.png", "--network", NETWORK, "--crop", "1,1,5,5", "--align", "1,1,5,5"), 2,
        "--crop and --align both");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--crop", "0,0,64,10"), 2,
                 "--crop reaches to 64, 10");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--crop", "0,0,2,2"), 2,
                 "too small a target");
    assert_absent(state, "out");
}

static void files_that_do_not_fit_are_refused(void **state)
{
    paint_target(state, NETWORK, NULL);
    bytes_write(state, "text.png", "no picture", 10);
    flat_png_write(state, "mask.png", 7, 1, (const uint8_t[]){255});
    char *mask = temporary_path(state, "mask.png");
    char *text = temporary_path(state, "text.png");
    assert_fails(PROJECT("text.png", "--network", NETWORK), 1, "text.png");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--mask", mask), 2,
                 "has 7x7 pixels, but must have");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--start", text), 1, "text.png");
    assert_done(PROJECT("seed0005.png", "--network", CONDITIONAL, "--num-steps", "1", QUICK),
                "PSNR");
    rename_result(state, "out/projected_w.npz", "other.npz");
    char *other = temporary_path(state, "other.npz");
    assert_fails(PROJECT("seed0005.png", "--network", NETWORK, "--start", other), 1, "other.npz");
    free(mask);
    free(text);
    free(other);
}

static void a_target_is_never_replaced(void **state)
{
    flat_png_write(state, "out/target.png", SIDE, 3, (const uint8_t[]){1, 2, 3});
    assert_fails(PROJECT("out/target.png", "--network", NETWORK), 2, "would be replaced");
    flat_png_write(state, "out/proj.png", SIDE, 3, (const uint8_t[]){1, 2, 3});
    assert_fails(PROJECT("out/proj.png", "--network", NETWORK), 2, "would be replaced");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, user_folders_setup, temporary_folder_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(the_result_is_what_generate_paints_of_its_w),
        IN_FOLDER(spaces_have_one_w_or_many_or_a_z),
        IN_FOLDER(a_found_w_is_gone_on_from),
        IN_FOLDER(a_seed_is_a_start),
        IN_FOLDER(a_conditional_network_finds_the_class),
        IN_FOLDER(stylegan3_is_anchored),
        IN_FOLDER(several_targets_have_folders_of_their_names),
        IN_FOLDER(parts_and_masks_are_taken),
        IN_FOLDER(losses_are_said_and_stored),
        IN_FOLDER(a_tuned_network_paints_the_result),
        IN_FOLDER(targets_are_tuned_alone_or_together),
        IN_FOLDER(ctrl_c_keeps_what_there_is),
        IN_FOLDER(sigterm_keeps_what_there_is),
        IN_FOLDER(terminals_that_can_show_the_picture),
        IN_FOLDER(mistakes_have_sentences),
        IN_FOLDER(files_that_do_not_fit_are_refused),
        IN_FOLDER(a_target_is_never_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
