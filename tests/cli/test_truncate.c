/* The command `truncate`: its figure, single pictures, classes, centers and mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 32 /* pixels of NETWORK's pictures */, CONDITIONAL_SIDE = 16 };

#define TRUNCATE(...) RUN("truncate", "--outdir", *state, __VA_ARGS__)

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("truncate", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--trunc LIST");
    assert_holds(result.output, "--trunc-cutoff N");
    assert_holds(result.output, "Examples:\n  stylegan truncate --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  truncate    Show pictures at several truncations\n");
}

/* The cell of the plain figure must show the picture, grey or not. */
static void assert_cell(void *const *state, size_t column, size_t row, const char *name)
{
    sg_image *whole = read_picture(state, "truncation.png");
    sg_image *image = read_picture(state, name);
    const size_t colours = image->channels;
    for (size_t y = 0; y < image->height; y++)
        for (size_t x = 0; x < image->width; x++)
            for (size_t c = 0; c < 3; c++)
                assert_int_equal(
                    whole->pixels[((row * image->height + y) * whole->width +
                                   column * image->width + x) *
                                      3 +
                                  c],
                    image->pixels[(y * image->width + x) * colours + (colours == 3 ? c : 0)]);
    sg_image_destroy(whole);
    sg_image_destroy(image);
}

static void assert_figure_size(void *const *state, size_t width, size_t height)
{
    sg_image *figure = read_picture(state, "truncation.png");
    assert_int_equal(figure->width, width);
    assert_int_equal(figure->height, height);
    sg_image_destroy(figure);
}

static void pictures_are_those_of_generate(void **state)
{
    static const char *const names[] = {"seed0003-trunc-1.5.png", "seed0003-trunc0.png",
                                        "seed0007-trunc0.7.png", "seed0007-trunc1.png"};
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "3,7", "--trunc", "-1.5,0,0.7,1",
                         "--trunc-cutoff", "5", "--noise-mode", "random", "--singles", "--plain"),
                "8 pictures are in");
    assert_figure_size(state, 4 * SIDE, 2 * SIDE);
    assert_cell(state, 0, 0, names[0]);
    assert_cell(state, 1, 0, names[1]);
    assert_cell(state, 2, 1, names[2]);
    assert_cell(state, 3, 1, names[3]);
    for (int i = 0; i < 4; i++) {
        char first[16];
        snprintf(first, sizeof first, "%d.png", i);
        rename_result(state, names[i], first);
    }
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3,7", "--trunc", "-1.5,0,0.7,1",
                         "--trunc-cutoff", "5", "--noise-mode", "random"),
                "8 pictures are in");
    for (int i = 0; i < 4; i++) {
        char first[16];
        snprintf(first, sizeof first, "%d.png", i);
        assert_same_pictures(state, first, names[i], true);
    }
}

/* Without noise of their own, all seeds become the same picture. */
static void seeds_meet_at_the_average(void **state)
{
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1,2", "--trunc", "0,0.5", "--singles"),
                "4 pictures are in");
    assert_same_pictures(state, "seed0001-trunc0.png", "seed0002-trunc0.png", true);
    assert_same_pictures(state, "seed0001-trunc0.5.png", "seed0002-trunc0.5.png", false);
}

static void the_default_is_that_of_the_paper(void **state)
{
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1", "--singles", "--plain"),
                "6 pictures are in");
    assert_figure_size(state, 6 * SIDE, SIDE);
    assert_cell(state, 0, 0, "seed0001-trunc1.png");
    assert_cell(state, 1, 0, "seed0001-trunc0.7.png");
    assert_cell(state, 2, 0, "seed0001-trunc0.5.png");
    assert_cell(state, 3, 0, "seed0001-trunc0.png");
    assert_cell(state, 4, 0, "seed0001-trunc-0.5.png");
    assert_cell(state, 5, 0, "seed0001-trunc-1.png");
}

static void classes_have_their_own_rows(void **state)
{
    assert_done(TRUNCATE("--network", CONDITIONAL, "--seeds", "1,2", "--class", "4,0", "--trunc",
                         "1,2,3", "--singles", "--plain"),
                "12 pictures are in");
    assert_figure_size(state, 3 * CONDITIONAL_SIDE, 4 * CONDITIONAL_SIDE);
    assert_cell(state, 0, 0, "seed0001-class4-trunc1.png");
    assert_cell(state, 2, 1, "seed0002-class4-trunc3.png");
    assert_cell(state, 1, 2, "seed0001-class0-trunc2.png");
    assert_cell(state, 0, 3, "seed0002-class0-trunc1.png");
    assert_same_pictures(state, "seed0001-class4-trunc1.png", "seed0001-class0-trunc1.png", false);
    assert_done(TRUNCATE("--network", CONDITIONAL, "--seeds", "1,2", "--class", "4,0", "--trunc",
                         "1,2,3", "--transpose", "--plain"),
                "12 pictures are in");
    assert_figure_size(state, 4 * CONDITIONAL_SIDE, 3 * CONDITIONAL_SIDE);
    assert_cell(state, 1, 2, "seed0002-class4-trunc3.png");
    assert_cell(state, 2, 1, "seed0001-class0-trunc2.png");
}

static void labels_make_the_figure_larger(void **state)
{
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1", "--trunc", "1"), "1 picture is in");
    sg_image *figure = read_picture(state, "truncation.png");
    assert_true(figure->width > 128 + 50); /* the cell is enlarged to 128 pixels */
    assert_true(figure->height > 128 + 20);
    sg_image_destroy(figure);
    assert_absent(state, "seed0001-trunc1.png");
}

static void a_center_is_where_psi_0_leads(void **state)
{
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1", "--trunc", "0,0.5", "--new-center",
                         "5", "--singles"),
                "2 pictures are in");
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "5", "--trunc", "1", "--singles"),
                "1 picture is in");
    assert_same_pictures(state, "seed0001-trunc0.png", "seed0005-trunc1.png", true);
    assert_remark(state, "seed0001-trunc0.png", "truncation center", "5");
}

static void files_say_how_they_were_made(void **state)
{
    assert_done(TRUNCATE("--network", CONDITIONAL, "--seeds", "1-2", "--class", "4,0", "--trunc",
                         "1,0.5", "--trunc-cutoff", "3", "--singles", "--noise-mode", "none"),
                "8 pictures are in");
    assert_remark(state, "truncation.png", "seeds", "1-2");
    assert_remark(state, "truncation.png", "class", "4,0");
    assert_remark(state, "truncation.png", "truncation psi", "1,0.5");
    assert_remark(state, "truncation.png", "noise mode", "none");
    assert_remark(state, "seed0002-class4-trunc0.5.png", "seed", "2");
    assert_remark(state, "seed0002-class4-trunc0.5.png", "class", "4");
    assert_remark(state, "seed0002-class4-trunc0.5.png", "truncation psi", "0.5");
    assert_remark(state, "seed0002-class4-trunc0.5.png", "truncation cutoff", "3");
}

static void equal_calls_give_equal_files(void **state)
{
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1"), "6 pictures are in");
    rename_result(state, "truncation.png", "first.png");
    assert_done(TRUNCATE("--network", NETWORK, "--seeds", "1"), "6 pictures are in");
    assert_same_files(state, "truncation.png", "first.png", true);
}

static void bad_options_are_refused(void **state)
{
#define REFUSED(sentence, ...)                                                                     \
    assert_fails(TRUNCATE("--network", NETWORK, "--seeds", "1", __VA_ARGS__), 2, sentence)
    REFUSED("--trunc: \"x\"", "--trunc", "x");
    REFUSED("--trunc: \"nan\"", "--trunc", "nan");
    REFUSED("--trunc-cutoff is -2, but must be a whole number 0 or more", "--trunc-cutoff", "-2");
    REFUSED("--noise-mode is \"some\", but must be const, random or none", "--noise-mode", "some");
    REFUSED("--threads is -1, but must be a whole number from 0 to 4096", "--threads", "-1");
    REFUSED("there is no option", "--tronc", "1");
    assert_fails(TRUNCATE("--network", NETWORK), 2, "the option --seeds is missing");
    assert_fails(TRUNCATE("--network", NETWORK, "--seeds", "a"), 2, "--seeds: \"a\"");
    assert_fails(TRUNCATE("--network", NETWORK, "--seeds", "0-499999"), 2,
                 "are more than the 1000000 pictures");
    assert_fails(TRUNCATE("--network", CONDITIONAL, "--seeds", "1"), 2, "needs --class");
    assert_fails(TRUNCATE("--network", NETWORK, "--seeds", "0-1999"), 2,
                 "larger than the 32767 pixels");
    assert_fails(TRUNCATE("--network", "no-such-file", "--seeds", "1"), 1, "no-such-file");
    assert_absent(state, "truncation.png");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(pictures_are_those_of_generate),
        IN_FOLDER(seeds_meet_at_the_average),
        IN_FOLDER(the_default_is_that_of_the_paper),
        IN_FOLDER(classes_have_their_own_rows),
        IN_FOLDER(labels_make_the_figure_larger),
        IN_FOLDER(a_center_is_where_psi_0_leads),
        IN_FOLDER(files_say_how_they_were_made),
        IN_FOLDER(equal_calls_give_equal_files),
        IN_FOLDER(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
