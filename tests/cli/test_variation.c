/* The command `variation`: realisations of noise, their map, noise in some layers, mistakes. */
#include <math.h>
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
#include "support/parameters.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 32, CHANNELS = 3 /* of NETWORK's pictures */ };

#define VARIATION(...) RUN("variation", "--outdir", *state, __VA_ARGS__)

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("variation", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--samples N");
    assert_holds(result.output, "--noise-layers LAYERS");
    assert_holds(result.output, "Examples:\n  stylegan variation --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  variation   Show what noise changes in a picture\n");
}

/* The standard deviation, times `scale`, of a pixel's mean over channels and pictures. */
static double plain_level(sg_image *const *images, int count, size_t pixel, double scale)
{
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
        double grey = 0;
        for (size_t c = 0; c < CHANNELS; c++)
            grey += images[i]->pixels[pixel * CHANNELS + c] / (double)CHANNELS;
        mean += grey / count;
        squares += grey * grey / count;
    }
    return fmin(255, scale * sqrt(fmax(0, squares - mean * mean)));
}

static void the_map_is_that_of_the_single_pictures(void **state)
{
    enum { SAMPLES = 7 };
    sg_image *images[SAMPLES];
    size_t beyond = 0;
    assert_done(VARIATION("--network", NETWORK, "--seeds", "3", "--samples", "7", "--scale", "2.5",
                          "--singles"),
                "seed 3: standard deviation");
    for (int i = 0; i < SAMPLES; i++) {
        char name[40];
        snprintf(name, sizeof name, "seed0003-noise%03d.png", i);
        images[i] = read_picture(state, name);
    }
    sg_image *map = read_picture(state, "seed0003-std.png");
    assert_int_equal(map->width, SIDE);
    assert_int_equal(map->height, SIDE);
    assert_int_equal(map->channels, 1);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        const double expected = plain_level(images, SAMPLES, i, 2.5);
        assert_true(fabs(map->pixels[i] - expected) <= 0.5 + 1e-6);
        beyond += map->pixels[i] > 4;
    }
    assert_true(beyond > SIDE * SIDE / 4);
    for (int i = 0; i < SAMPLES; i++)
        sg_image_destroy(images[i]);
    sg_image_destroy(map);
}

static void realisations_are_those_of_generate_and_go_on(void **state)
{
    assert_done(VARIATION("--network", NETWORK, "--seeds", "5", "--samples", "3", "--singles",
                          "--trunc", "0.7", "--trunc-cutoff", "3"),
                "seed 5: standard deviation");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--noise-mode", "random", "--trunc",
                         "0.7", "--trunc-cutoff", "3"),
                "1 picture is in");
    assert_same_pictures(state, "seed0005-noise000.png", "seed0005.png", true);
    assert_same_pictures(state, "seed0005-noise-all.png", "seed0005.png", true);
    assert_same_pictures(state, "seed0005-noise001.png", "seed0005.png", false);
    assert_same_pictures(state, "seed0005-noise001.png", "seed0005-noise002.png", false);
    rename_result(state, "seed0005-noise001.png", "second.png");
    /* Neither other seeds nor fewer realisations change one. */
    assert_done(VARIATION("--network", NETWORK, "--seeds", "4,5", "--samples", "2", "--singles",
                          "--trunc", "0.7", "--trunc-cutoff", "3"),
                "seed 5: standard deviation");
    assert_same_pictures(state, "seed0005-noise001.png", "second.png", true);
    assert_same_pictures(state, "seed0005-noise001.png", "seed0004-noise001.png", false);
}

/* The map must be black. */
static void assert_no_variation(void *const *state, const char *name)
{
    sg_image *map = read_picture(state, name);
    for (size_t i = 0; i < sg_image_size(map); i++)
        assert_int_equal(map->pixels[i], 0);
    sg_image_destroy(map);
}

static void nothing_varies_without_new_noise(void **state)
{
    static const char *const options[][2] = {
        {"--noise-mode", "none"}, {"--noise-mode", "const"}, {"--noise-layers", "none"}};
    static const char *const modes[] = {"none", "const", "none"};
    for (int i = 0; i < 3; i++) {
        assert_done(VARIATION("--network", CONDITIONAL, "--class", "2", "--seeds", "1", "--samples",
                              "4", "--scale", "1000", options[i][0], options[i][1]),
                    "seed 1: standard deviation 0 of 255 levels on average, 0 at most");
        assert_no_variation(state, "seed0001-std.png");
        rename_result(state, "seed0001.png", "first.png");
        assert_done(GENERATE("--network", CONDITIONAL, "--class", "2", "--seeds", "1",
                             "--noise-mode", modes[i]),
                    "1 picture is in");
        assert_same_pictures(state, "first.png", "seed0001.png", true);
    }
}

static void layers_have_noise_of_their_own(void **state)
{
    static const char *const names[] = {"seed0002-noise-all.png", "seed0002-noise-none.png",
                                        "seed0002-noise-fine.png", "seed0002-noise-coarse.png"};
    static const char *const layers[] = {"all", "none", "fine", "coarse"};
    assert_done(VARIATION("--network", NETWORK, "--seeds", "2", "--samples", "2"),
                "32 pixels are too few for the paper's ranges (4-32, 64-1024):\n"
                "coarse layers are those of 4-8 pixels, fine ones of 16-32\n");
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            assert_same_pictures(state, names[i], names[k], false);
    for (int i = 0; i < 4; i++) {
        assert_done(VARIATION("--network", NETWORK, "--seeds", "2", "--samples", "2",
                              "--noise-layers", layers[i]),
                    "seed 2: standard deviation");
        assert_same_pictures(state, "seed0002.png", names[i], true);
        assert_remark(state, "seed0002.png", "noise layers", layers[i]);
    }
}

/* A 32x32 generator in which one layer alone has noise. */
static void save_with_noise_in(const char *path, const char *layer)
{
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_context *context = sg_context_create(1);
    config.img_resolution = config.channel_base = SIDE;
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 3);
    const sg_parameter_set *set = sg_generator_parameters(generator);
    for (int side = 4; side <= SIDE; side *= 2)
        for (int i = side == 4; i < 2; i++) {
            char name[SG_PARAMETER_NAME_BYTES];
            snprintf(name, sizeof name, "synthesis.b%d.conv%d.noise_strength", side, i);
            sg_tensor_set_value(parameter_named(set, name), 0, strstr(name, layer) ? 1 : 0);
        }
    save_generator(path, generator);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static void each_layer_is_coarse_or_fine(void **state)
{
    static const char *const layers[] = {"b4.conv1",  "b8.conv0",  "b8.conv1", "b16.conv0",
                                         "b16.conv1", "b32.conv0", "b32.conv1"};
    char *path = temporary_path(state, "network.safetensors");
    for (int i = 0; i < 7; i++) {
        const bool coarse = i < 3;
        save_with_noise_in(path, layers[i]);
        assert_done(VARIATION("--network", path, "--seeds", "1", "--samples", "1"), "seed 1: ");
        assert_same_pictures(state, "seed0001-noise-all.png", "seed0001-noise-none.png", false);
        assert_same_pictures(state, "seed0001-noise-coarse.png",
                             coarse ? "seed0001-noise-all.png" : "seed0001-noise-none.png", true);
        assert_same_pictures(state, "seed0001-noise-fine.png",
                             coarse ? "seed0001-noise-none.png" : "seed0001-noise-all.png", true);
    }
    free(path);
}

/* The cell of a plain figure must show the picture, grey or not. */
static void assert_cell(void *const *state, const char *figure, size_t column, size_t row,
                        const char *name)
{
    sg_image *whole = read_picture(state, figure);
    sg_image *image = read_picture(state, name);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++)
            for (size_t c = 0; c < 3; c++)
                assert_int_equal(
                    whole->pixels[((row * SIDE + y) * whole->width + column * SIDE + x) * 3 + c],
                    image->pixels[(y * SIDE + x) * image->channels +
                                  (image->channels == 3 ? c : 0)]);
    sg_image_destroy(whole);
    sg_image_destroy(image);
}

static void a_list_of_layers_is_a_column(void **state)
{
    assert_done(VARIATION("--network", NETWORK, "--seeds", "1", "--samples", "2", "--noise-layers",
                          "0-2", "--plain"),
                "seed 1: standard deviation");
    /* Layers 0 to 2 are those of 4 and 8 pixels, the coarse ones of this network. */
    assert_same_pictures(state, "seed0001-noise-listed.png", "seed0001-noise-coarse.png", true);
    assert_same_pictures(state, "seed0001.png", "seed0001-noise-listed.png", true);
    assert_remark(state, "seed0001-noise-listed.png", "noise layers", "0-2");
    assert_cell(state, "noise-layers.png", 4, 0, "seed0001-noise-listed.png");
    assert_done(
        VARIATION("--network", NETWORK, "--seeds", "1", "--samples", "1", "--noise-layers", "1,6"),
        "seed 1: ");
    assert_same_pictures(state, "seed0001-noise-listed.png", "seed0001-noise-coarse.png", false);
    assert_same_pictures(state, "seed0001-noise-listed.png", "seed0001-noise-none.png", false);
    assert_fails(VARIATION("--network", NETWORK, "--seeds", "1", "--noise-layers", "0-12"), 2,
                 "--noise-layers has layer 8, but the network's are from 0 to 7");
}

static void figures_show_the_pictures(void **state)
{
    static const char *const layers[] = {"all", "none", "fine", "coarse"};
    assert_done(VARIATION("--network", NETWORK, "--seeds", "8,1", "--samples", "3", "--shown", "2",
                          "--singles", "--plain"),
                "in its variation.png and noise-layers.png");
    sg_image *figure = read_picture(state, "variation.png");
    assert_int_equal(figure->width, 4 * SIDE);
    assert_int_equal(figure->height, 2 * SIDE);
    sg_image_destroy(figure);
    assert_cell(state, "variation.png", 0, 0, "seed0008.png");
    assert_cell(state, "variation.png", 1, 0, "seed0008-noise000.png");
    assert_cell(state, "variation.png", 2, 0, "seed0008-noise001.png");
    assert_cell(state, "variation.png", 3, 0, "seed0008-std.png");
    assert_cell(state, "variation.png", 2, 1, "seed0001-noise001.png");
    assert_cell(state, "variation.png", 3, 1, "seed0001-std.png");
    for (size_t i = 0; i < 4; i++) {
        char name[40];
        snprintf(name, sizeof name, "seed0001-noise-%s.png", layers[i]);
        assert_cell(state, "noise-layers.png", i, 1, name);
    }
}

/* The part from (10, 4) on, each pixel twice in both directions. */
static void crops_are_enlarged(void **state)
{
    assert_done(VARIATION("--network", NETWORK, "--seeds", "8", "--samples", "1", "--plain",
                          "--crop", "10,4,16"),
                "seed 8: standard deviation 0 of");
    sg_image *figure = read_picture(state, "variation.png");
    sg_image *image = read_picture(state, "seed0008.png");
    assert_int_equal(figure->width, 3 * SIDE);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++)
            assert_memory_equal(figure->pixels + (y * figure->width + SIDE + x) * 3,
                                image->pixels + ((4 + y / 2) * SIDE + 10 + x / 2) * 3, 3);
    sg_image_destroy(figure);
    sg_image_destroy(image);
}

static void files_say_how_they_were_made(void **state)
{
    assert_done(VARIATION("--network", CONDITIONAL, "--class", "3", "--seeds", "1", "--samples",
                          "2", "--trunc", "0.5", "--trunc-cutoff", "4", "--scale", "8"),
                "seed 1: standard deviation");
    assert_remark(state, "seed0001.png", "seed", "1");
    assert_remark(state, "seed0001.png", "class", "3");
    assert_remark(state, "seed0001.png", "noise realisation", "0");
    assert_remark(state, "seed0001.png", "truncation cutoff", "4");
    assert_remark(state, "seed0001-std.png", "noise realisations", "2");
    assert_remark(state, "seed0001-std.png", "levels for each level of standard deviation", "8");
    assert_remark(state, "seed0001-noise-fine.png", "noise layers", "fine");
    assert_remark(state, "variation.png", "seeds", "1");
    assert_remark(state, "variation.png", "noise mode", "random");
    assert_remark(state, "noise-layers.png", "truncation psi", "0.5");
}

/* What the paper's ranges are for. */
static void ranges_depend_on_the_resolution(void **state)
{
    static const struct {
        int resolution;
        const char *said;
    } cases[] = {{8, "(4-32, 64-1024):\ncoarse layers are those of 4 pixels, fine ones of 8\n"},
                 {16, "(4-32, 64-1024):\ncoarse layers are those of 4-8 pixels, fine ones of 16\n"},
                 {64, "coarse layers are those of 4-32 pixels, fine ones of 64\n"},
                 {128, "coarse layers are those of 4-32 pixels, fine ones of 64-128\n"}};
    char *path = temporary_path(state, "network.safetensors");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
        config.img_resolution = cases[i].resolution;
        config.channel_base = cases[i].resolution;
        save_tiny_generator(path, &config, 1);
        assert_done(VARIATION("--network", path, "--seeds", "1", "--samples", "1"), cases[i].said);
    }
    free(path);
}

static void equal_calls_give_equal_files(void **state)
{
    static const char *const names[] = {"variation.png", "noise-layers.png", "seed0001-std.png"};
    static const char *const first[] = {"a.png", "b.png", "c.png"};
    for (int run = 0; run < 2; run++) {
        assert_done(VARIATION("--network", NETWORK, "--seeds", "1", "--samples", "3"), "seed 1: ");
        for (int i = 0; i < 3 && run == 0; i++)
            rename_result(state, names[i], first[i]);
    }
    for (int i = 0; i < 3; i++)
        assert_same_files(state, names[i], first[i], true);
}

static void bad_options_are_refused(void **state)
{
#define REFUSED(sentence, ...)                                                                     \
    assert_fails(VARIATION("--network", NETWORK, "--seeds", "1", __VA_ARGS__), 2, sentence)
    REFUSED("--samples is 0, but must be a whole number from 1 to 1000000", "--samples", "0");
    REFUSED("--shown is 4, but must be from 0 to --samples, which is 3", "--samples", "3",
            "--shown", "4");
    REFUSED("--scale is 0, but must be a number above 0", "--scale", "0");
    REFUSED("--scale is nan, but must be a number above 0", "--scale", "nan");
    REFUSED("--noise-layers is \"some\", but must be all, none, fine, coarse, or a list",
            "--noise-layers", "some");
    REFUSED("--noise-mode is \"some\", but must be const, random or none", "--noise-mode", "some");
    REFUSED("--crop takes the left and the top pixel", "--crop", "1,2");
    REFUSED("--crop takes the left and the top pixel", "--crop", "1,2,0");
    REFUSED("--crop takes the left and the top pixel", "--crop", "a");
    REFUSED("--crop 20,0,13 does not lie within the pictures of 32x32", "--crop", "20,0,13");
    REFUSED("--crop 0,4294967295,4294967295 does not lie", "--crop", "0,4294967295,4294967295");
    REFUSED("--trunc is inf, but must be a finite number", "--trunc", "inf");
    REFUSED("--trunc-cutoff is -1, but must be a whole number 0 or more", "--trunc-cutoff", "-1");
    REFUSED("--threads is -1, but must be a whole number from 0 to 4096", "--threads", "-1");
    assert_fails(VARIATION("--network", NETWORK, "--seeds", "0-99", "--samples", "10001"), 2,
                 "100 seeds of 10001 samples are more than the 1000000 pictures");
    assert_fails(VARIATION("--network", CONDITIONAL, "--seeds", "1", "--class", "1,2"), 2,
                 "--class takes one class");
    assert_fails(VARIATION("--network", NETWORK), 2, "the option --seeds is missing");
    assert_fails(VARIATION("--network", "no-such-file", "--seeds", "1"), 1, "no-such-file");
    assert_absent(state, "variation.png");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(the_map_is_that_of_the_single_pictures),
        IN_FOLDER(realisations_are_those_of_generate_and_go_on),
        IN_FOLDER(nothing_varies_without_new_noise),
        IN_FOLDER(layers_have_noise_of_their_own),
        IN_FOLDER(each_layer_is_coarse_or_fine),
        IN_FOLDER(a_list_of_layers_is_a_column),
        IN_FOLDER(figures_show_the_pictures),
        IN_FOLDER(crops_are_enlarged),
        IN_FOLDER(files_say_how_they_were_made),
        IN_FOLDER(ranges_depend_on_the_resolution),
        IN_FOLDER(equal_calls_give_equal_files),
        IN_FOLDER(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
