/* Lists of seeds and files of w: each w is the picture of its seed wherever the seed could be. */
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

/* Runs a command on NETWORK whose pictures go to the test's folder. */
#define PAINT(command, ...) RUN(command, "--network", NETWORK, "--outdir", *state, __VA_ARGS__)

/* The list "FOLDER/seed0003.npz,5" or the like, on the heap. */
static char *list_of(void *const *state, const char *format)
{
    char *path = temporary_path(state, "seed0003.npz");
    char *list = calloc(1, strlen(format) + strlen(path) + 1);
    assert_non_null(list);
    const char *place = strchr(format, '@');
    sprintf(list, "%.*s%s%s", (int)(place - format), format, path, place + 1);
    free(path);
    return list;
}

/* Writes seed0003.npz and takes its picture away. */
static void save_w(void **state)
{
    assert_done(PAINT("generate", "--seeds", "3", "--save-w"), "1 picture");
    rename_result(state, "seed0003.png", "three.png");
}

static void generate_paints_both(void **state)
{
    save_w(state);
    char *list = list_of(state, "5, @ ,3");
    assert_done(PAINT("generate", "--seeds", list, "--grid", "3x1"), "3 pictures");
    assert_same_pictures(state, "proj00.png", "three.png", true);
    assert_same_pictures(state, "seed0003.png", "three.png", true);
    assert_same_pictures(state, "seed0005.png", "three.png", false);
    free(list);
}

static void mix_takes_w_for_rows_and_columns(void **state)
{
    save_w(state);
    char *rows = list_of(state, "@,7");
    char *columns = list_of(state, "8,@");
    assert_done(PAINT("mix", "--rows", "3", "--cols", "8", "--styles", "0-3"), "3 pictures");
    rename_result(state, "3-8.png", "expected.png");
    assert_done(PAINT("mix", "--rows", "7", "--cols", "3", "--styles", "0-3"), "3 pictures");
    rename_result(state, "7-3.png", "reverse.png");
    assert_done(PAINT("mix", "--rows", rows, "--cols", columns, "--styles", "0-3"), "8 pictures");
    assert_same_pictures(state, "proj00-8.png", "expected.png", true);
    assert_same_pictures(state, "7-proj01.png", "reverse.png", true);
    assert_same_pictures(state, "proj00-proj00.png", "three.png", true);
    assert_same_pictures(state, "proj01-proj01.png", "three.png", true);
    assert_same_pictures(state, "proj00-proj01.png", "three.png", true);
    assert_done(PAINT("mix", "--figure", "--rows", rows, "--cols", columns), "8 pictures");
    free(rows);
    free(columns);
}

static void truncate_and_variation_take_w(void **state)
{
    save_w(state);
    char *list = list_of(state, "1,@");
    assert_done(PAINT("truncate", "--seeds", "3", "--trunc", "0.5", "--singles"), "1 picture");
    assert_done(PAINT("truncate", "--seeds", list, "--trunc", "0.5,1", "--singles"), "4 pictures");
    assert_same_pictures(state, "proj00-trunc0.5.png", "seed0003-trunc0.5.png", true);
    assert_same_pictures(state, "proj00-trunc1.png", "three.png", true);
    assert_done(PAINT("variation", "--seeds", "3", "--samples", "2"), "seed 3: standard");
    assert_done(PAINT("variation", "--seeds", list, "--samples", "2"), "seed0003.npz: standard");
    assert_same_pictures(state, "proj00-noise-none.png", "seed0003-noise-none.png", true);
    free(list);
}

static void interpolate_goes_through_both(void **state)
{
    save_w(state);
    char *frames = temporary_path(state, "%02d.png");
    char *list = list_of(state, "1,@,5");
    char *file = list_of(state, "@");
    assert_done(RUN("interpolate", "--network", NETWORK, "--seeds", list, "--frames", "1",
                    "--output", frames),
                "3 frames");
    assert_same_pictures(state, "01.png", "three.png", true);
    assert_done(RUN("interpolate", "--network", NETWORK, "--seeds", "1", "--keyframes", file,
                    "--keyframes", file, "--frames", "1", "--no-loop", "--output", frames),
                "3 frames");
    assert_same_pictures(state, "01.png", "three.png", true);
    assert_same_pictures(state, "02.png", "three.png", true);
    assert_fails(RUN("interpolate", "--network", NETWORK, "--seeds", list, "--space", "z",
                     "--output", frames),
                 2, "--keyframes are w already");
    free(frames);
    free(list);
    free(file);
}

static void mistakes_are_quoted(void **state)
{
    assert_fails(PAINT("truncate", "--seeds", "1,absent.npz"), 1, "cannot open absent.npz");
    assert_fails(PAINT("truncate", "--seeds", "x,absent.npz"), 2, "\"x\" in the list of seeds");
    assert_fails(PAINT("truncate", "--seeds", "1.5"), 2, "\"1.5\" in the list of seeds");
}

/* Only seeds have a class. */
static void a_list_of_files_needs_no_class(void **state)
{
    assert_done(RUN("generate", "--network", CONDITIONAL, "--seeds", "3", "--class", "1",
                    "--save-w", "--outdir", *state),
                "1 picture");
    rename_result(state, "seed0003.png", "three.png");
    char *file = list_of(state, "@");
    char *list = list_of(state, "@,4");
    assert_done(RUN("generate", "--network", CONDITIONAL, "--seeds", file, "--outdir", *state),
                "1 picture");
    assert_same_pictures(state, "proj00.png", "three.png", true);
    assert_fails(RUN("generate", "--network", CONDITIONAL, "--seeds", list, "--outdir", *state), 2,
                 "needs --class");
    free(file);
    free(list);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(generate_paints_both),          IN_FOLDER(mix_takes_w_for_rows_and_columns),
        IN_FOLDER(truncate_and_variation_take_w), IN_FOLDER(interpolate_goes_through_both),
        IN_FOLDER(mistakes_are_quoted),           IN_FOLDER(a_list_of_files_needs_no_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
