/* The command `metrics`: figures, their repetition, forms of output, the cache, and mistakes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "image/files/png_file.h"
#include "support/filled_network.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define T "tests/golden/sg3-t-32/network.safetensors"
#define STYLEGAN2 "tests/golden/sg2-skip-32/network.safetensors"

/* The decibels on the metric's line. */
static double decibels(const char *output, const char *metric)
{
    const char *line = strstr(output, metric);
    assert_non_null(line);
    return strtod(line + strlen(metric), NULL);
}

static void moves_are_followed(void **state)
{
    program_result first =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqt50k_int,eqt50k_frac,eqr50k");
    program_result again =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k,eqt50k_int,eqt50k_frac");
    program_result alone = RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k");
    program_result other =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k", "--seed", "1");
    (void)state;
    assert_int_equal(first.status, 0);
    assert_true(decibels(first.output, "eqt50k_int ") > 30);
    assert_true(decibels(first.output, "eqt50k_frac ") > 20);
    assert_true(decibels(first.output, "eqt50k_int ") > decibels(first.output, "eqr50k ") + 5);
    assert_true(decibels(first.output, "eqt50k_frac ") == decibels(again.output, "eqt50k_frac "));
    assert_true(decibels(first.output, "eqt50k_int ") == decibels(again.output, "eqt50k_int "));
    assert_holds(first.output, alone.output);
    assert_string_not_equal(alone.output, other.output);
    program_result_clear(&first);
    program_result_clear(&again);
    program_result_clear(&alone);
    program_result_clear(&other);
}

/* Its pixels know where they are. */
static void stylegan2_hardly_follows(void **state)
{
    program_result result = RUN("metrics", "--network", STYLEGAN2, "--num", "8", "--metrics",
                                "eqt50k_int,eqt50k_frac,eqr50k");
    (void)state;
    assert_int_equal(result.status, 0);
    assert_true(decibels(result.output, "eqt50k_int ") < 30);
    assert_true(decibels(result.output, "eqr50k ") < 30);
    program_result_clear(&result);
}

/* ---- sets of pictures ---- */

enum { SIDE = 24, CELL = 6, PICTURES = 12 };

/* The next byte of a stream of splitmix64. */
static uint8_t draw(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint8_t)((z ^ z >> 31) >> 56);
}

/* Coarse squares and fine noise, from the hash (FNV-1a) of "KIND.INDEX". */
static void make_picture(const char *kind, int index, size_t side, sg_image *image)
{
    char name[32];
    uint8_t coarse[3 * 64];
    uint64_t state = 0xcbf29ce484222325u;
    const size_t cells = (side + CELL - 1) / CELL;
    snprintf(name, sizeof name, "%s.%d", kind, index);
    for (const char *at = name; *at; at++)
        state = (state ^ (unsigned char)*at) * 0x100000001b3u;
    for (size_t i = 0; i < 3 * cells * cells; i++)
        coarse[i] = draw(&state);
    for (size_t c = 0; c < 3; c++)
        for (size_t y = 0; y < side; y++)
            for (size_t x = 0; x < side; x++)
                image->pixels[(y * side + x) * 3 + c] =
                    (uint8_t)((3 * coarse[(c * cells + y / CELL) * cells + x / CELL] +
                               draw(&state)) /
                              4);
}

/* Makes FOLDER/KIND with pictures; returns its path on the heap. */
static char *make_set(void *const *state, const char *kind, size_t side, int count)
{
    char *folder = temporary_path(state, kind);
    sg_image *image;
    assert_int_equal(sg_make_folders(folder, NULL), SG_OK);
    assert_int_equal(sg_image_create(side, side, 3, &image, NULL), SG_OK);
    for (int i = 0; i < count; i++) {
        char path[4096];
        make_picture(kind, i, side, image);
        snprintf(path, sizeof path, "%s/%02d.png", folder, i);
        assert_int_equal(sg_png_write(path, image, NULL, 0, NULL), SG_OK);
    }
    sg_image_destroy(image);
    return folder;
}

static void assert_number(const char *output, const char *key, double expected, double tolerance)
{
    const double found = number_in(output, key);
    if (!(fabs(found - expected) <= tolerance * fabs(expected)))
        fail_msg("%s is %.12g, but must be %.12g", key, found, expected);
}

/*
 * The values were computed once, from the same pictures and weights: features by PyTorch 1.13 in
 * double precision, with a graph of torch.nn.functional's convolutions that meets the stored
 * features of tests/golden/metrics to 1e-7; then by NumPy, the square root's trace as the sum of
 * the singular values of the product of the centred features.
 */
static void assert_numpy_values(const char *output)
{
    assert_number(output, "fid1k", 12.5328964087, 1e-5);
    assert_number(output, "kid1k", -0.0777157601517, 1e-5);
    assert_number(output, "kid1k_mean", -0.0777157601517, 1e-5);
    assert_number(output, "is1k_mean", 1.00102522321, 1e-5);
    assert_number(output, "is1k_std", 0.00224091563171, 1e-4);
}

static void two_folders_meet_numpy(void **state)
{
    char *real = make_set(state, "real", SIDE, PICTURES);
    char *fake = make_set(state, "fake", SIDE, PICTURES);
    char *inception = temporary_path(state, "inception.safetensors");
    assert_int_equal(write_filled_inception(inception, NULL), SG_OK);
    program_result first = RUN("metrics", "--data", real, "--pictures", fake, "--features",
                               inception, "--metrics", "fid1k,kid1k,is1k", "--json");
    assert_int_equal(first.status, 0);
    assert_numpy_values(first.output);
    assert_holds(first.output, "\"n\":12,\"reals\":12,\"data\":");
    assert_holds(first.output, "\"resize\":\"legacy\",\"features\":");
    assert_holds(first.errors, "fid1k of 12 pictures: with fewer than 2048 the distance comes out");
    assert_holds(first.errors, "fid1k is of 1000 pictures, but ");
    program_result_clear(&first);
    free(real);
    free(fake);
    free(inception);
}

static void pictures_need_no_file(void **state)
{
    char *real = make_set(state, "real", 32, PICTURES);
    char *fake = make_set(state, "fake", 32, PICTURES);
    program_result same =
        RUN("metrics", "--data", real, "--pictures", real, "--metrics", "swd1k", "--json");
    assert_true(number_in(same.output, "swd1k") >= 0);
    program_result other =
        RUN("metrics", "--data", real, "--pictures", fake, "--metrics", "swd1k,msssim1k", "--json");
    assert_true(number_in(other.output, "swd1k") > number_in(same.output, "swd1k"));
    assert_true(number_in(other.output, "msssim1k") < 0.9);
    program_result_clear(&same);
    program_result_clear(&other);
    assert_done(RUN("metrics", "--data", real, "--pictures", fake, "--pictures", real, "--metrics",
                    "swd1k,msssim1k", "--csv"),
                "subject,swd1k,msssim1k\n");
    assert_done(RUN("metrics", "--data", real, "--pictures", fake, "--pictures", real, "--metrics",
                    "swd1k"),
                "       swd1k\n");
    free(real);
    free(fake);
}

static void what_can_be_measured_is_chosen(void **state)
{
    char *real = make_set(state, "real", 32, PICTURES);
    program_result result = RUN("metrics", "--data", real, "--network", T, "--num", "4");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "swd1k");
    assert_holds(result.output, "pplpx_wend1k");
    assert_holds(result.output, "eqr1k");
    assert_holds(result.errors, "inception-2015-12-05");
    assert_holds(result.errors, "also: fid5k_full, kid5k_full, is5k");
    program_result_clear(&result);
    free(real);
}

/* ---- warnings ---- */

/* Runs swd of a set of pictures or a network; the sentence on standard error holds `part`. */
static void assert_noted(const char *option, const char *subject, const char *data,
                         const char *part)
{
    program_result result =
        RUN("metrics", option, subject, "--data", data, "--metrics", "swd1k", "--num", "2");
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, part);
    program_result_clear(&result);
}

static void jpeg_reals_are_noted(void **state)
{
    const jpeg_file grey = {.side = 16, .components = 1, .left = {20}, .right = {200}};
    jpeg_write(state, "photos/a.jpg", &grey);
    jpeg_write(state, "photos/b.JPEG", &grey);
    char *photos = temporary_path(state, "photos");
    assert_noted("--pictures", photos, photos, "2 of the 2 pictures in ");
    free(photos);
}

/* The filters are those that dataset.json records, of both sets or of what a run learnt from. */
static void other_filters_are_noted(void **state)
{
    char *real = make_set(state, "real", 16, 4);
    char *fake = make_set(state, "fake", 16, 4);
    char *runs = temporary_path(state, "runs");
    text_write(state, "real/dataset.json", "{\"filter\": \"box\", \"labels\": null}");
    text_write(state, "fake/dataset.json", "{\"filter\": \"lanczos\", \"labels\": null}");
    assert_noted("--pictures", fake, real, "was resized by the filter box and ");
    char *run = trained_folder(RUN("train", "--cfg", "dcgan", "--data", real, "--outdir", runs,
                                   "--kimg", "0.004", "--batch", "4", "--cbase", "32", "--cmax",
                                   "4", "--z-dim", "4", "--threads", "1"));
    char *network = sg_path_join(run, "network-snapshot-000000004.safetensors");
    assert_noted("--network", network, fake, "was trained on pictures resized by the filter box");
    program_result same =
        RUN("metrics", "--network", network, "--data", real, "--metrics", "swd1k", "--num", "2");
    assert_null(strstr(same.errors, "filter"));
    program_result_clear(&same);
    free(network);
    free(run);
    free(runs);
    free(real);
    free(fake);
}

static void wrong_sets_are_sentences(void **state)
{
    char *real = make_set(state, "real", 32, 3);
    char *small = make_set(state, "small", 16, 3);
    char *single = make_set(state, "single", 32, 1);
    assert_fails(RUN("metrics", "--data", real, "--pictures", small, "--metrics", "swd1k"), 2,
                 "are 16x16, but those in");
    assert_fails(RUN("metrics", "--data", real, "--pictures", single, "--metrics", "msssim1k"), 2,
                 "msssim1k needs 2 pictures or more, but of");
    assert_fails(RUN("metrics", "--pictures", real, "--metrics", "eqt1k_int"), 2,
                 "eqt1k_int needs a network");
    assert_fails(RUN("metrics", "--pictures", real, "--metrics", "swd1k"), 2,
                 "swd1k compares with real pictures, whose place --data must name");
    assert_fails(RUN("metrics", "--pictures", real, "--data", real, "--metrics", "fid1k"), 2,
                 "nothing is downloaded");
    assert_fails(
        RUN("metrics", "--pictures", real, "--data", real, "--metrics", "fid1k", "--features", T),
        1, "its tensors are none of Inception-v3");
    assert_fails(RUN("metrics", "--pictures", real, "--data", real, "--json", "--csv"), 2,
                 "choose one");
    assert_fails(RUN("metrics", "--pictures", real, "--plot", "curves.png"), 2,
                 "which --run must name");
    free(real);
    free(small);
    free(single);
}

static void official_options_are_understood(void **state)
{
    char *real = make_set(state, "real", 32, 3);
    (void)state;
    assert_done(RUN("calc_metrics", "--metrics=msssim1k", "--mirror=1", "--gpus=1", "--verbose=1",
                    "--network", T, "--data", real, "--num", "4"),
                "msssim1k");
    free(real);
}

static void json_holds_the_results(void **state)
{
    (void)state;
    assert_done(RUN("metrics", "--network", T, "--num", "2", "--metrics", "eqt50k_int", "--json"),
                "{\"metric\":\"eqt50k_int\",\"results\":{\"eqt50k_int\":");
}

static void mistakes_are_sentences(void **state)
{
    (void)state;
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqt50k_int,fid"), 2, "not \"fid\"");
    assert_fails(RUN("metrics", "--metrics", "eqr50k"), 2, "the option --network is missing");
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqr50k", "--num", "0"), 2,
                 "--num is 0, but must be a whole number 1 or more");
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqr50k", "--seed", "-1"), 2,
                 "--seed is -1, but must be a whole number 0 or more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_followed),
        cmocka_unit_test(stylegan2_hardly_follows),
        cmocka_unit_test_setup_teardown(two_folders_meet_numpy, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(pictures_need_no_file, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_can_be_measured_is_chosen, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(jpeg_reals_are_noted, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(other_filters_are_noted, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(wrong_sets_are_sentences, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(official_options_are_understood, user_folders_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test(json_holds_the_results),
        cmocka_unit_test(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
