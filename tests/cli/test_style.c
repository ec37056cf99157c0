/*
 * `style`: a picture in the style of others by features of VGG16, of a classifier, by a decoder,
 * and by a generator's styles; the files that it writes, and what it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FOLDER "tests/golden/style/"
#define CONTENT FOLDER "content.png"
#define STYLE FOLDER "style0.png"
#define OTHER FOLDER "style1.png"
#define CLASSIFIER "models/digits-classifier.safetensors"

/* Runs `style` into the test's folder. */
static program_result style(void *const *state, const char *const *more)
{
    const char *arguments[40] = {"style", "--outdir", *state};
    size_t count = 3;
    for (size_t i = 0; more[i]; i++)
        arguments[count++] = more[i];
    return run_program(arguments);
}

#define STYLED(...) style(state, (const char *const[]){__VA_ARGS__, NULL})

/* The text of style.json, zero-terminated, on the heap. */
static char *read_json(void *const *state)
{
    size_t size = 0;
    unsigned char *bytes = read_result(state, "style.json", &size);
    char *text = realloc(bytes, size + 1);
    assert_non_null(text);
    text[size] = '\0';
    return text;
}

static void assert_size(void *const *state, const char *name, size_t width, size_t height,
                        size_t channels)
{
    sg_image *image = read_picture(state, name);
    assert_int_equal(image->width, width);
    assert_int_equal(image->height, height);
    assert_int_equal(image->channels, channels);
    sg_image_destroy(image);
}

/* Sides become multiples of what the network takes. */
static void vgg16_may_have_random_weights(void **state)
{
    program_result result = STYLED("--content", CONTENT, "--style", STYLE, "--size", "16",
                                   "--num-steps", "3", "--no-video");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "The style is taken by VGG16 of random weights");
    assert_holds(result.output, "after 3 steps");
    assert_holds(result.errors, "no VGG16 was found (--features FILE names one)");
    program_result_clear(&result);
    assert_size(state, "content.png", 16, 16, 3);
    assert_size(state, "style00.png", 8, 16, 3);
    assert_size(state, "styled.png", 16, 16, 3);
    assert_same_pictures(state, "styled.png", "content.png", false);
    assert_remark(state, "styled.png", "content", "content.png");
    assert_absent(state, "style.mp4");
    char *json = read_json(state);
    assert_int_equal(number_in(json, "steps"), 3);
    assert_true(number_in(json, "style_loss") > 0);
    assert_holds(json, "\"style_by\":\t\"VGG16 of random weights\"");
    free(json);
}

static void a_classifier_gives_features(void **state)
{
    assert_done(STYLED("--content", CONTENT, "--style", STYLE, "--network", CLASSIFIER, "--size",
                       "32", "--num-steps", "40", OTHER, "--weights", "1,3"),
                "The style is taken by the classifier");
    assert_size(state, "styled.png", 32, 24, 1);
    assert_size(state, "style01.png", 32, 32, 1);
    char *json = read_json(state);
    assert_holds(json, "0.25, 0.75");
    assert_true(number_in(json, "style_loss") < 0.05);
    free(json);
}

static void colours_may_be_the_contents(void **state)
{
    static const char *const names[] = {"content.png", "style00.png"};
    double means[2][3] = {{0}};
    assert_done(STYLED("--content", CONTENT, "--style", STYLE, "--keep-colours", "--size", "16",
                       "--num-steps", "1", "--no-video"),
                "styled.png");
    for (int i = 0; i < 2; i++) {
        sg_image *image = read_picture(state, names[i]);
        for (size_t k = 0; k < sg_image_size(image); k++)
            means[i][k % 3] += image->pixels[k] * 3.0 / (double)sg_image_size(image);
        sg_image_destroy(image);
    }
    for (int c = 0; c < 3; c++)
        assert_true(means[0][c] - means[1][c] < 6 && means[1][c] - means[0][c] < 6);
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, "--keep-colours", "--network",
                        "models/digits-classifier.safetensors"),
                 2, "--keep-colours is for pictures in colour");
}

static void a_decoder_needs_no_steps(void **state)
{
    assert_done(STYLED("--content", CONTENT, STYLE, "--encoder", FOLDER "encoder.pth", "--decoder",
                       FOLDER "decoder.pth", "--size", "37", "--alpha", "0.6", "--no-video"),
                "The style is taken by the published encoder and decoder");
    assert_size(state, "styled.png", 37, 29, 3);
    assert_fails(STYLED("--content", CONTENT, STYLE, "--encoder", FOLDER "encoder.pth"), 2,
                 "--decoder is needed beside --encoder");
    assert_fails(STYLED("--content", CONTENT, STYLE, "--encoder", FOLDER "encoder.pth", "--decoder",
                        FOLDER "decoder.pth", "--num-steps", "3"),
                 2, "--num-steps belongs to the optimisation of pixels");
}

/* Layers from 4 pixels on are all of them. */
static void a_generator_mixes_its_styles(void **state)
{
    assert_done(STYLED("--network", CONDITIONAL, "--content", "3", "--style", "8", "--class", "1",
                       "--no-video"),
                "The style is taken by the generator's styles");
    assert_same_pictures(state, "styled.png", "content.png", false);
    assert_same_pictures(state, "styled.png", "style00.png", false);
    assert_done(STYLED("--network", CONDITIONAL, "--content", "3", "--style", "8", "--class", "1",
                       "--from", "4", "--no-video"),
                "styled.png in");
    assert_same_pictures(state, "styled.png", "style00.png", true);
    assert_done(STYLED("--network", CONDITIONAL, "--content", "3", "--style", "8", "--class", "1",
                       "--alpha", "0", "--no-video"),
                "styled.png in");
    assert_same_pictures(state, "styled.png", "content.png", true);
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "3", "--class", "1"), "1 picture");
    assert_same_pictures(state, "seed0003.png", "content.png", true);
}

static void files_of_w_serve_as_seeds(void **state)
{
    char *w = temporary_path(state, "seed0008.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "8", "--save-w"), "1 picture");
    assert_done(STYLED("--network", NETWORK, "--content", "3", "--style", w, "--style", "5",
                       "--weights", "1,0", "--from", "4", "--no-video"),
                "styled.png in");
    assert_same_pictures(state, "styled.png", "seed0008.png", true);
    free(w);
}

/* Copies a file into the test's folder; returns its path on the heap. */
static char *copied(void *const *state, const char *from, const char *name)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_read_file(from, 1 << 20, &bytes, &size, NULL), SG_OK);
    assert_int_equal(sg_write_file(path, bytes, size, NULL), SG_OK);
    free(bytes);
    return path;
}

static void what_cannot_be_is_refused(void **state)
{
    assert_fails(STYLED("--content", CONTENT), 2, "--style");
    char *styled = copied(state, CONTENT, "styled.png");
    char *first = copied(state, STYLE, "style01.png");
    assert_fails(STYLED("--content", styled, "--style", STYLE), 2, "would be replaced");
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, first), 2, "would be replaced");
    assert_int_equal(remove(first), 0);
    assert_int_equal(remove(styled), 0);
    free(first);
    free(styled);
    assert_fails(STYLED("--content", "3", "--style", "4"), 2,
                 "--content is 3, which is no picture");
    assert_fails(STYLED("--content", CONTENT, "--style", "4"), 2,
                 "both must be pictures, or both seeds or files of w");
    assert_fails(STYLED("--content", "absent.png", "--style", STYLE), 1, "absent.png");
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, "--weights", "1,2"), 2,
                 "--weights has 2 numbers, but must have 1");
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, "--weights", "0"), 2,
                 "one must be above 0");
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, "--alpha", "2"), 2,
                 "--alpha is 2, but must be a number from 0 to 1");
    assert_fails(STYLED("--content", CONTENT, "--style", STYLE, "--network",
                        "models/faces-encoder.safetensors"),
                 1, "holds no discriminator or classifier");
    assert_fails(STYLED("--network", NETWORK, "--content", "3", "--style", "4", "--keep-colours"),
                 2, "--keep-colours is for pictures");
    assert_fails(STYLED("--network", NETWORK, "--content", "3", "--style", "4", "--from", "64"), 2,
                 "--from is 64, but the network's layers have up to 32 pixels");
    assert_fails(STYLED("--network", NETWORK, "--content", "3,4", "--style", "4"), 2,
                 "--content must be one seed or w");
    assert_absent(state, "styled.png");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(vgg16_may_have_random_weights, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_classifier_gives_features, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(colours_may_be_the_contents, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_decoder_needs_no_steps, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_generator_mixes_its_styles, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(files_of_w_serve_as_seeds, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, user_folders_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
