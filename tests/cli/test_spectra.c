/* The command `spectra`: its files, their numbers, and mistakes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checkpoint/numpy/numpy_file.h"
#include "support/generated.h"
#include "support/temporary_folder.h"

/* The choice of the array of this name. */
#define NAMED(name) ((sg_numpy_choice){(const char *const[]){name}, 1, false})

#define DATA "data/mnist"
#define DIGITS "models/digits-32.safetensors"
#define SPECTRA(...) RUN("spectra", "--output", *state, __VA_ARGS__)

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("spectra", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--interp N");
    assert_holds(result.output, "Examples:\n  stylegan spectra --data");
    program_result_clear(&result);
}

static void read_array(void *const *state, const char *member, int rank, int64_t size,
                       sg_numpy_array *array)
{
    char *path = temporary_path(state, "spectrum.npz");
    assert_int_equal(sg_numpy_read(path, member ? &NAMED(member) : NULL, array, NULL), SG_OK);
    free(path);
    assert_int_equal(array->rank, rank);
    assert_int_equal(array->size[0], size);
}

static void a_data_set_and_a_network_share_a_figure(void **state)
{
    sg_numpy_array own = {0};
    sg_numpy_array other = {0};
    assert_done(SPECTRA("--network", DIGITS, "--data", DATA, "--num", "6", "--interp", "2"),
                "2 spectra are in");
    sg_image *maps = read_picture(state, "heatmap.png");
    assert_true(maps->width > 2 * 400 && maps->height > 400);
    sg_image_destroy(maps);
    sg_image *slices = read_picture(state, "slices.png");
    assert_int_equal(slices->width, 900);
    sg_image_destroy(slices);
    assert_remark(state, "slices.png", "pictures", "6");
    assert_remark(state, "slices.png", "sources", "mnist, digits-32.safetensors");
    assert_remark(state, "heatmap.png", "sources", "mnist, digits-32.safetensors");
    read_array(state, "spectrum_1", 2, 64, &own);
    sg_numpy_array_clear(&own);
    /* Both are whitened with the data's statistics. */
    read_array(state, "statistics_0", 1, 3, &own);
    read_array(state, "statistics_1", 1, 3, &other);
    assert_true(own.values[0] > 10 && own.values[0] < 60 && own.values[1] > 50);
    assert_true(own.values[0] == other.values[0] && own.values[1] == other.values[1]);
    assert_true(own.values[2] == 6 && other.values[2] == 6);
    sg_numpy_array_clear(&own);
    assert_done(SPECTRA("--data", DATA, "--num", "6"), "1 spectrum is in");
    read_array(state, "statistics", 1, 3, &own);
    assert_true(own.values[0] == other.values[0] && own.values[1] == other.values[1]);
    sg_numpy_array_clear(&own);
    sg_numpy_array_clear(&other);
}

static void seeds_choose_the_pictures(void **state)
{
    assert_done(SPECTRA("--data", DATA, "--num", "3", "--seed", "1"), "1 spectrum is in");
    rename_result(state, "spectrum.npz", "first.npz");
    rename_result(state, "heatmap.png", "first.png");
    assert_done(SPECTRA("--data", DATA, "--num", "3", "--seed", "1"), "1 spectrum is in");
    assert_same_files(state, "spectrum.npz", "first.npz", true);
    assert_same_files(state, "heatmap.png", "first.png", true);
    assert_done(SPECTRA("--data", DATA, "--num", "3", "--seed", "2"), "1 spectrum is in");
    assert_same_files(state, "spectrum.npz", "first.npz", false);
}

static void mistakes_are_refused(void **state)
{
    assert_fails(SPECTRA("--num", "3"), 2, "--network and --data must name 1 to 8 sources, not 0");
    assert_fails(RUN("spectra", "--data", DATA), 2, "--output");
    assert_fails(SPECTRA("--data", DATA, "--num", "0"), 2,
                 "--num is 0, but must be a whole number 1 or more");
    assert_fails(SPECTRA("--data", DATA, "--seed", "-1"), 2,
                 "--seed is -1, but must be a whole number from 0 to");
    assert_fails(SPECTRA("--data", DATA, "--beta", "-1"), 2,
                 "--beta is -1, but must be a number from 0 to 100");
    assert_fails(SPECTRA("--data", DATA, "--interp", "0"), 2,
                 "--interp is 0, but must be a whole number from 1 to 64");
    assert_fails(SPECTRA("--data", "data/absent"), 1, "data/absent");
    assert_fails(SPECTRA("--network", "absent.pkl"), 1, "absent.pkl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        cmocka_unit_test_setup_teardown(a_data_set_and_a_network_share_a_figure,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(seeds_choose_the_pictures, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_refused, temporary_folder_setup,
                                        temporary_folder_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
