/* `generate` with several classes and truncations: names, order, remarks, grids and limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 16 /* pixels of a picture of CONDITIONAL, which are grey */ };

/* The grid's cells must show these pictures, row by row. */
static void assert_grid(void *const *state, const char *const *names, size_t count, size_t columns)
{
    sg_image *grid = read_picture(state, "grid.png");
    assert_int_equal(grid->width, columns * SIDE);
    for (size_t i = 0; i < count; i++) {
        sg_image *image = read_picture(state, names[i]);
        for (size_t y = 0; y < SIDE; y++)
            assert_memory_equal(grid->pixels + (i / columns * SIDE + y) * grid->width +
                                    i % columns * SIDE,
                                image->pixels + y * SIDE, SIDE);
        sg_image_destroy(image);
    }
    sg_image_destroy(grid);
}

static void several_classes_are_painted_one_after_the_other(void **state)
{
    static const char *const names[] = {"seed0007-class0.png", "seed0003-class0.png",
                                        "seed0007-class1.png", "seed0003-class1.png",
                                        "seed0007-class4.png", "seed0003-class4.png"};
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7,3", "--class", "0-1,4", "--grid",
                         "2x3", "--plain"),
                "6 pictures are in");
    assert_grid(state, names, 6, 2);
    assert_same_pictures(state, names[0], names[2], false);
    assert_remark(state, names[3], "class", "1");
    assert_remark(state, names[3], "seed", "3");
    assert_remark(state, names[4], "class", "4");
    assert_remark(state, names[4], "truncation psi", "1");
    assert_remark(state, "grid.png", "class", "0-1,4");
    assert_remark(state, "grid.png", "truncation psi", "1");
    assert_absent(state, "seed0007.png");
}

static void several_truncations_are_painted_one_after_the_other(void **state)
{
    static const char *const names[] = {"seed0001-trunc-0.5.png", "seed0002-trunc-0.5.png",
                                        "seed0001-trunc0.png",    "seed0002-trunc0.png",
                                        "seed0001-trunc1.25.png", "seed0002-trunc1.25.png"};
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1,2", "--class", "3", "--trunc",
                         "-0.5, 0.0 ,1.25", "--grid", "3x2", "--plain"),
                "6 pictures are in");
    assert_grid(state, names, 6, 3);
    assert_same_pictures(state, names[2], names[3], true);
    assert_same_pictures(state, names[0], names[4], false);
    assert_remark(state, names[0], "truncation psi", "-0.5");
    assert_remark(state, names[0], "class", "3");
    assert_remark(state, names[5], "truncation psi", "1.25");
    assert_remark(state, "grid.png", "truncation psi", "-0.5, 0.0 ,1.25");
    assert_remark(state, "grid.png", "class", "3");
}

static void seeds_change_faster_than_truncations_and_these_than_classes(void **state)
{
    static const char *const names[] = {
        "seed0001-class3-trunc0.5.png", "seed0002-class3-trunc0.5.png",
        "seed0001-class3-trunc1.png",   "seed0002-class3-trunc1.png",
        "seed0001-class2-trunc0.5.png", "seed0002-class2-trunc0.5.png",
        "seed0001-class2-trunc1.png",   "seed0002-class2-trunc1.png"};
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1,2", "--class", "3,2", "--trunc",
                         "0.5,1", "--grid", "4x2", "--plain"),
                "8 pictures are in");
    assert_grid(state, names, 8, 4);
    for (size_t i = 0; i < 8; i++) {
        assert_remark(state, names[i], "seed", i % 2 ? "2" : "1");
        assert_remark(state, names[i], "truncation psi", i / 2 % 2 ? "1" : "0.5");
        assert_remark(state, names[i], "class", i / 4 ? "2" : "3");
    }
}

static void pictures_do_not_depend_on_the_lists(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "0-2", "--class", "0-4", "--trunc",
                         "0.3,0.7", "--noise-mode", "random"),
                "30 pictures are in");
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "2", "--class", "4", "--trunc", "0.7",
                         "--noise-mode", "random"),
                "1 picture is in");
    assert_same_files(state, "seed0002.png", "seed0002-class4-trunc0.7.png", true);
}

/* Truncations that differ must not share a file. */
static void close_truncations_have_names_of_their_own(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "1", "--trunc",
                         "0.3,0.30000000000000004"),
                "2 pictures are in");
    assert_remark(state, "seed0001-trunc0.3.png", "truncation psi", "0.3");
    assert_remark(state, "seed0001-trunc0.30000000000000004.png", "truncation psi",
                  "0.30000000000000004");
}

static void unconditional_networks_ignore_every_class(void **state)
{
    program_result result = GENERATE("--network", NETWORK, "--seeds", "1,2", "--class", "0-9",
                                     "--trunc", "0,1", "--grid", "2x2");
    assert_holds(result.errors, "--class is ignored");
    assert_done(result, "4 pictures are in");
    sg_image_destroy(read_picture(state, "seed0002-trunc1.png"));
    assert_absent(state, "seed0002-class0-trunc1.png");
}

static void bad_lists_are_refused(void **state)
{
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "0-5"), 2,
                 "has 5 classes, numbered from 0 to 4");
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "3-1"), 2,
                 "--class: the range \"3-1\"");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", "0,much"), 2,
                 "--trunc: \"much\" in the list of truncations is not a finite number");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", "0-1"), 2,
                 "--trunc: \"0-1\"");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", ""), 2, "--trunc: \"");
    assert_absent(state, "seed0001.png");
}

static void too_many_pictures_are_refused(void **state)
{
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "0-1", "--class", "0-4", "--trunc",
                          "0,1", "--grid", "4x4"),
                 2, "a grid of 4x4 has no room for 20 pictures");
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1-200000", "--class", "0-2",
                          "--trunc", "0,1"),
                 2, "3 classes, 2 truncations and 200000 seeds are more than the 1000000 pictures");
    assert_absent(state, "seed0001-class0-trunc0.png");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(several_classes_are_painted_one_after_the_other),
        IN_FOLDER(several_truncations_are_painted_one_after_the_other),
        IN_FOLDER(seeds_change_faster_than_truncations_and_these_than_classes),
        IN_FOLDER(pictures_do_not_depend_on_the_lists),
        IN_FOLDER(close_truncations_have_names_of_their_own),
        IN_FOLDER(unconditional_networks_ignore_every_class),
        IN_FOLDER(bad_lists_are_refused),
        IN_FOLDER(too_many_pictures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
