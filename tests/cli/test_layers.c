/* The command `layers`: every family's layers, their maps, sheets, spectra and tables, mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define LAYERS(...) RUN("layers", "--outdir", *state, __VA_ARGS__)

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("layers", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--no-normalise");
    assert_holds(result.output, "Examples:\n  stylegan layers --network");
    program_result_clear(&result);
}

/* Every family names all its layers, from the first features to the colours. */
static void every_family_has_layers(void **state)
{
    static const struct {
        const char *network, *layers[4];
    } cases[] = {
        {"tests/golden/sg2-skip-32/network.safetensors",
         {"b4.const", "b4.torgb", "b32.conv0", "b32.torgb"}},
        {"tests/golden/sg2-resnet-16/network.safetensors",
         {"b4.const", "b8.skip", "b16.conv1", "b16.torgb"}},
        {"tests/golden/sg3-t-32/network.safetensors", {"input", "L0_", "L1_", "L14_32_3"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        program_result result = RUN("layers", "--network", cases[i].network, "--json");
        assert_int_equal(result.status, 0);
        for (int k = 0; k < 4; k++) {
            char part[80];
            snprintf(part, sizeof part, "{\"layer\":\"%s", cases[i].layers[k]);
            assert_holds(result.output, part);
        }
        program_result_clear(&result);
    }
}

static void growing_families_have_layers(void **state)
{
    static const sg_family families[] = {SG_STYLEGAN1, SG_PROGAN};
    static const char *const firsts[] = {"b4.const", "b4.dense"};
    for (int i = 0; i < 2; i++) {
        char *path = temporary_path(state, "growing.safetensors");
        const sg_generator_config config = tiny_growing_config(families[i], 8, 3, 0);
        save_tiny_generator(path, &config, 3);
        program_result result = RUN("layers", "--network", path);
        assert_int_equal(result.status, 0);
        assert_holds(result.output, firsts[i]);
        assert_holds(result.output, "b8.layer1");
        assert_holds(result.output, "b8.torgb");
        program_result_clear(&result);
        free(path);
    }
}

/* The colours of a network without skips are its picture, to the level. */
static void colours_are_the_picture(void **state)
{
    static const char network[] = "tests/golden/sg2-orig-16/network.safetensors";
    assert_done(LAYERS("--network", network, "--seeds", "3", "--layers", "b16.torgb", "--colours",
                       "3", "--no-normalise", "--plain"),
                "b16.torgb");
    assert_done(GENERATE("--network", network, "--seeds", "3"), "1 picture is in");
    assert_same_pictures(state, "seed0003-b16.torgb.png", "seed0003.png", true);
    /* 20 dB are ten times as much, and -200 nothing. */
    assert_done(LAYERS("--network", network, "--seeds", "3", "--layers", "b16.torgb", "--colours",
                       "3", "--no-normalise", "--plain", "--gain", "-100"),
                "b16.torgb");
    sg_image *grey = read_picture(state, "seed0003-b16.torgb.png");
    for (size_t i = 0; i < sg_image_size(grey); i++)
        assert_in_range(grey->pixels[i], 127, 128);
    sg_image_destroy(grey);
}

static void normalised_channels_reach_an_end(void **state)
{
    assert_done(
        LAYERS("--network", NETWORK, "--layers", "b16.conv1", "--channels", "1,0,3", "--plain"),
        "b16.conv1");
    sg_image *sheet = read_picture(state, "seed0000-b16.conv1.png");
    assert_int_equal(sheet->width, 2 * 16);
    assert_int_equal(sheet->height, 2 * 16);
    int ends = 0;
    for (size_t y = 0; y < 16; y++)
        for (size_t x = 0; x < 16; x++) {
            const int level = sheet->pixels[y * sheet->width + x];
            ends += level <= 1 || level >= 255;
        }
    assert_in_range(ends, 1, 16);
    sg_image_destroy(sheet);
}

static size_t count_lines(void *const *state, const char *name)
{
    size_t size = 0;
    size_t lines = 0;
    unsigned char *bytes = read_result(state, name, &size);
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    free(bytes);
    return lines;
}

static void a_folder_holds_maps_and_tables(void **state)
{
    assert_done(LAYERS("--network", NETWORK, "--seeds", "1,2", "--layers", "b8,b32.conv1",
                       "--no-sheets", "--spectrum"),
                "The maps of these layers are in");
    sg_image *maps = read_picture(state, "layers.png");
    assert_true(maps->width > 5 * 128 && maps->height > 2 * 128);
    sg_image_destroy(maps);
    sg_image *spectra = read_picture(state, "spectra.png");
    assert_true(spectra->width > 4 * 256 && spectra->height > 256);
    sg_image_destroy(spectra);
    assert_int_equal(count_lines(state, "layers.tsv"), 1 + 2 * 4);
    assert_absent(state, "seed0001-b8.conv0.png");
    assert_remark(state, "layers.png", "seeds", "1,2");
}

/* The blocks of a classifier, from half the size on, for pictures in files. */
static void discriminators_look_at_pictures(void **state)
{
    static const char classifier[] = "models/faces-classifier.safetensors";
    char *folder = temporary_path(state, "seen");
    assert_done(GENERATE("--network", "models/faces-64.safetensors", "--seeds", "1,2"),
                "2 pictures");
    char *first = temporary_path(state, "seed0001.png");
    char *second = temporary_path(state, "seed0002.png");
    assert_done(RUN("layers", "--network", classifier, "--pictures", first, "--pictures", second,
                    "--layers", "D0,D2", "--outdir", folder),
                "The maps of these layers are in");
    sg_image *sheet = read_picture(state, "seen/seed0002-D2.png");
    assert_true(sheet->width > 4 * 64);
    sg_image_destroy(sheet);
    assert_int_equal(count_lines(state, "seen/layers.tsv"), 1 + 2 * 2);
    assert_remark(state, "seen/seed0002-D2.png", "picture", "seed0002.png");
    assert_done(RUN("layers", "--network", classifier, "--pictures", first, "--pictures", first,
                    "--layers", "D2", "--outdir", folder),
                "The maps of these layers are in");
    sg_image_destroy(read_picture(state, "seen/seed0001-1-D2.png"));
    assert_fails(RUN("layers", "--network", classifier, "--pictures", first, "--layers", "D9"), 2,
                 "--layers names \"D9\"");
    assert_fails(RUN("layers", "--network", classifier, "--pictures", first, "--seeds", "1"), 2,
                 "--pictures is about the discriminator");
    assert_fails(RUN("layers", "--network", NETWORK, "--pictures", first), 1,
                 "seed0001.png has 64x64");
    free(first);
    free(second);
    free(folder);
}

static void equal_calls_give_equal_files(void **state)
{
    for (int i = 0; i < 2; i++) {
        assert_done(LAYERS("--network", NETWORK, "--seeds", "1", "--layers", "b8.conv1"),
                    "b8.conv1");
        if (i == 0) {
            rename_result(state, "layers.png", "first.png");
            rename_result(state, "seed0001-b8.conv1.png", "sheet.png");
        }
    }
    assert_same_files(state, "layers.png", "first.png", true);
    assert_same_files(state, "seed0001-b8.conv1.png", "sheet.png", true);
}

/* Without files the maps of all pictures share one place. */
static void peaks_do_not_depend_on_files(void **state)
{
    program_result all = RUN("layers", "--network", NETWORK, "--seeds", "0-2", "--json");
    program_result written = LAYERS("--network", NETWORK, "--seeds", "0-2", "--json");
    assert_int_equal(all.status, 0);
    assert_int_equal(written.status, 0);
    assert_holds(written.output, all.output);
    program_result_clear(&written);
    program_result_clear(&all);
}

static void mistakes_are_refused(void **state)
{
    assert_fails(LAYERS("--network", NETWORK, "--layers", "b64"), 2, "--layers names \"b64\"");
    assert_fails(LAYERS("--network", NETWORK, "--channels", "9999"), 2,
                 "--channels is \"9999\", but none of the layers has these channels");
    assert_fails(LAYERS("--network", NETWORK, "--channels", "x"), 2, "--channels: ");
    assert_fails(LAYERS("--network", NETWORK, "--colours", "2"), 2, "--colours is \"2\"");
    assert_fails(LAYERS("--network", NETWORK, "--gain", "101"), 2, "--gain is 101");
    assert_fails(LAYERS("--network", NETWORK, "--seeds", "0-64"), 2, "--seeds has 65 pictures");
    assert_fails(LAYERS("--network", "no-such-file"), 1, "no-such-file");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        cmocka_unit_test(every_family_has_layers),
        IN_FOLDER(growing_families_have_layers),
        IN_FOLDER(colours_are_the_picture),
        IN_FOLDER(normalised_channels_reach_an_end),
        IN_FOLDER(a_folder_holds_maps_and_tables),
        IN_FOLDER(discriminators_look_at_pictures),
        IN_FOLDER(equal_calls_give_equal_files),
        IN_FOLDER(peaks_do_not_depend_on_files),
        IN_FOLDER(mistakes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
