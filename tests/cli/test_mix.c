/* The command `mix`: its files and grid, which styles come from where, and mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 32, CHANNELS = 3 /* of NETWORK's pictures, painted from 8 styles */ };

#define MIX(...) RUN("mix", "--outdir", *state, __VA_ARGS__)

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("mix", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--rows LIST");
    assert_holds(result.output, "--styles LIST");
    assert_holds(result.output, "Examples:\n  stylegan mix --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  mix         Mix the styles of pictures\n");
}

/* The cell of the grid must show the picture, or nothing without a name. */
static void assert_cell(void *const *state, size_t column, size_t row, const char *name)
{
    static const uint8_t black[SIDE * CHANNELS];
    sg_image *grid = read_picture(state, "grid.png");
    sg_image *image = name ? read_picture(state, name) : NULL;
    for (size_t y = 0; y < SIDE; y++)
        assert_memory_equal(grid->pixels +
                                ((row * SIDE + y) * grid->width + column * SIDE) * CHANNELS,
                            image ? image->pixels + y * SIDE * CHANNELS : black, SIDE * CHANNELS);
    sg_image_destroy(grid);
    sg_image_destroy(image);
}

static void every_pair_has_a_file_and_a_cell(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1,2", "--cols", "12,11,10", "--plain"),
                "11 pictures are in");
    sg_image *grid = read_picture(state, "grid.png");
    assert_int_equal(grid->width, 4 * SIDE);
    assert_int_equal(grid->height, 3 * SIDE);
    assert_int_equal(grid->channels, CHANNELS);
    sg_image_destroy(grid);
    assert_cell(state, 0, 0, NULL);
    assert_cell(state, 1, 0, "12-12.png");
    assert_cell(state, 3, 0, "10-10.png");
    assert_cell(state, 0, 1, "1-1.png");
    assert_cell(state, 0, 2, "2-2.png");
    assert_cell(state, 2, 1, "1-11.png");
    assert_cell(state, 3, 2, "2-10.png");
    assert_same_pictures(state, "1-11.png", "2-11.png", false);
    assert_same_pictures(state, "1-11.png", "1-10.png", false);
}

static void seeds_alone_are_those_of_generate(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "3", "--cols", "7", "--trunc", "0.6",
                    "--noise-mode", "random"),
                "3 pictures are in");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3,7", "--trunc", "0.6", "--noise-mode",
                         "random"),
                "2 pictures are in");
    assert_same_pictures(state, "3-3.png", "seed0003.png", true);
    assert_same_pictures(state, "7-7.png", "seed0007.png", true);
}

static void without_styles_the_rows_stay_as_they_are(void **state)
{
    assert_done(MIX("--network", CONDITIONAL, "--rows", "0,4", "--cols", "9,5", "--styles", "none",
                    "--class", "2", "--trunc", "0.7"),
                "8 pictures are in");
    assert_done(
        GENERATE("--network", CONDITIONAL, "--seeds", "0,4", "--class", "2", "--trunc", "0.7"),
        "2 pictures are in");
    assert_same_pictures(state, "0-9.png", "seed0000.png", true);
    assert_same_pictures(state, "0-5.png", "seed0000.png", true);
    assert_same_pictures(state, "4-9.png", "seed0004.png", true);
    assert_same_pictures(state, "4-9.png", "9-9.png", false);
}

static void with_all_styles_the_columns_appear(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2,3", "--styles", "0-7"),
                "5 pictures are in");
    assert_same_pictures(state, "1-2.png", "2-2.png", true);
    assert_same_pictures(state, "1-3.png", "3-3.png", true);
}

/* What one half of the styles gives from one side, the other half gives from the other. */
static void swapping_seeds_and_styles_changes_nothing(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", "0,1,2"),
                "3 pictures are in");
    rename_result(state, "1-2.png", "low.png");
    assert_done(MIX("--network", NETWORK, "--rows", "2", "--cols", "1", "--styles", "3-7"),
                "3 pictures are in");
    assert_same_pictures(state, "low.png", "2-1.png", true);
    assert_same_pictures(state, "low.png", "1-1.png", false);
    assert_same_pictures(state, "low.png", "2-2.png", false);
}

static void the_default_styles_are_the_first_seven(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2"), "3 pictures are in");
    rename_result(state, "1-2.png", "default.png");
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", "0-6"),
                "3 pictures are in");
    assert_same_files(state, "default.png", "1-2.png", true);
    /* A network of six styles takes them all. */
    assert_done(MIX("--network", CONDITIONAL, "--rows", "1", "--cols", "2", "--class", "0"),
                "3 pictures are in");
    assert_same_pictures(state, "1-2.png", "2-2.png", true);
}

/* Words stand for the layers of their resolutions, alone and beside numbers. */
static void words_choose_layers(void **state)
{
    static const struct {
        const char *word, *numbers, *said;
    } cases[] = {
        {"coarse", "0-2", "coarse styles are those of 4-8 pixels, layers 0-2\n"},
        {"middle", "3-4", "middle styles are those of 16 pixels, layers 3-4\n"},
        {"fine", "5-7", "fine styles are those of 32 pixels, layers 5-7\n"},
        {"fine, 1,coarse", "0-2,5-7", "fine styles are those of 32 pixels, layers 5-7\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_done(
            MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", cases[i].numbers),
            "");
        rename_result(state, "1-2.png", "numbers.png");
        assert_done(
            MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", cases[i].word),
            cases[i].said);
        assert_same_pictures(state, "1-2.png", "numbers.png", true);
    }
    assert_remark(state, "grid.png", "styles of the column", "fine, 1,coarse (0-2,5-7)");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", "rough"), 2,
                 "\"rough\" is neither a layer nor coarse, middle or fine");
}

/* A sheet has labels around the enlarged pictures, and nothing black in its corner. */
static void sheets_are_labelled(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1,2", "--cols", "12,11"), "grid.png");
    sg_image *sheet = read_picture(state, "grid.png");
    assert_true(sheet->width > 3 * 128 && sheet->height > 3 * 128);
    sg_image_destroy(sheet);
    assert_remark(state, "grid.png", "row seeds", "1,2");
    assert_done(
        MIX("--network", NETWORK, "--rows", "1,2", "--cols", "12,11", "--plain", "--scale", "2"),
        "grid.png");
    sheet = read_picture(state, "grid.png");
    assert_int_equal(sheet->width, 6 * SIDE);
    assert_int_equal(sheet->height, 6 * SIDE);
    sg_image_destroy(sheet);
    sheet = read_picture(state, "1-12.png");
    assert_int_equal(sheet->width, 2 * SIDE);
    sg_image_destroy(sheet);
}

static void equal_calls_give_equal_files(void **state)
{
    static const char *const names[] = {"1-2.png", "grid.png"};
    for (int i = 0; i < 2; i++) {
        assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--noise-mode",
                        "random", "--styles", "0-3"),
                    "3 pictures are in");
        if (i == 0) {
            rename_result(state, names[0], "first.png");
            rename_result(state, names[1], "first-grid.png");
        }
    }
    assert_same_files(state, names[0], "first.png", true);
    assert_same_files(state, names[1], "first-grid.png", true);
}

/* Both spellings are one option. */
static void official_names_are_understood(void **state)
{
    assert_done(
        MIX("--network", NETWORK, "--row-seeds", "1", "--col-seeds", "2", "--col-styles", "0-3"),
        "3 pictures are in");
    rename_result(state, "grid.png", "official.png");
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", "0-3"),
                "3 pictures are in");
    assert_same_files(state, "official.png", "grid.png", true);
}

/* Each band of the figure takes the layers that a grid takes with --styles. */
static void the_figure_has_three_bands(void **state)
{
    static const struct {
        const char *row, *styles, *name;
    } bands[] = {{"1", "0-2", "1-12-coarse.png"},
                 {"2", "0-2", "2-12-coarse.png"},
                 {"3", "3-4", "3-12-middle.png"},
                 {"4", "5-7", "4-12-fine.png"}};
    assert_done(MIX("--figure", "--network", NETWORK, "--rows", "1-4", "--cols", "12,13"),
                "32 pixels are too few for the paper's ranges (4-8, 16-32, 64-1024):\n"
                "coarse styles are those of 4-8 pixels, layers 0-2\n"
                "middle styles are those of 16 pixels, layers 3-4\n"
                "fine styles are those of 32 pixels, layers 5-7\n"
                "14 pictures are in");
    assert_absent(state, "grid.png");
    assert_absent(state, "1-12.png");
    sg_image_destroy(read_picture(state, "figure.png"));
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
        char name[16] = "";
        assert_done(MIX("--network", NETWORK, "--rows", bands[i].row, "--cols", "12", "--styles",
                        bands[i].styles),
                    "3 pictures are in");
        strcat(strcat(name, bands[i].row), "-12.png");
        assert_same_pictures(state, bands[i].name, name, true);
    }
}

/* Whether the picture, enlarged `scale` times, is part of the whole at that place. */
static bool is_at(const sg_image *whole, const sg_image *part, size_t scale, size_t left,
                  size_t top)
{
    for (size_t y = 0; y < part->height * scale; y++)
        for (size_t x = 0; x < part->width * scale; x++)
            if (memcmp(whole->pixels + ((top + y) * whole->width + left + x) * 3,
                       part->pixels + (y / scale * part->width + x / scale) * 3, 3) != 0)
                return false;
    return true;
}

/* How many places of the figure show the picture; the last of them is in *left and *top. */
static int count_places(void *const *state, const char *name, size_t *left, size_t *top)
{
    enum { SCALE = 4 /* 32 to 128 */ };
    sg_image *whole = read_picture(state, "figure.png");
    sg_image *part = read_picture(state, name);
    int count = 0;
    for (size_t y = 0; y + part->height * SCALE <= whole->height; y++)
        for (size_t x = 0; x + part->width * SCALE <= whole->width; x++)
            if (is_at(whole, part, SCALE, x, y)) {
                *left = x;
                *top = y;
                count++;
            }
    sg_image_destroy(whole);
    sg_image_destroy(part);
    return count;
}

static void the_figure_shows_every_picture_in_its_place(void **state)
{
    static const char *const names[] = {"6-6.png",        "7-7.png",        "0-0.png",
                                        "0-6-coarse.png", "0-7-coarse.png", "1-1.png",
                                        "1-6-middle.png", "1-7-middle.png"};
    size_t left[8];
    size_t top[8];
    assert_done(MIX("--figure", "--network", NETWORK, "--rows", "0,1", "--cols", "6,7"),
                "8 pictures are in");
    for (int i = 0; i < 8; i++)
        assert_int_equal(count_places(state, names[i], &left[i], &top[i]), 1);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(top[i], top[i < 2 ? 0 : i < 5 ? 2 : 5]);
        assert_int_equal(left[i], left[i < 2 ? i : i % 3 == 2 ? 2 : i % 3]);
    }
    assert_true(top[0] < top[2] && top[2] < top[5]);
    assert_true(left[2] < left[0] && left[0] < left[1]);
}

static void the_figure_has_default_seeds(void **state)
{
    assert_done(MIX("--figure", "--network", CONDITIONAL, "--class", "1", "--bands", "0,2,4"),
                "41 pictures are in");
    sg_image_destroy(read_picture(state, "1-10-middle.png"));
    sg_image_destroy(read_picture(state, "2-6-fine.png"));
    assert_absent(state, "0-6-coarse.png");
}

/* From 64x64 on, the paper's ranges. */
static void ranges_depend_on_the_resolution(void **state)
{
    static const struct {
        int resolution;
        const char *said;
    } cases[] = {{16, "coarse styles are those of 4 pixels, layers 0\n"
                      "middle styles are those of 8 pixels, layers 1-2\n"
                      "fine styles are those of 16 pixels, layers 3-5\n"},
                 {64, "coarse styles are those of 4-8 pixels, layers 0-2\n"
                      "middle styles are those of 16-32 pixels, layers 3-6\n"
                      "fine styles are those of 64 pixels, layers 7-9\n"},
                 {128, "fine styles are those of 64-128 pixels, layers 7-11\n"}};
    char *path = temporary_path(state, "network.safetensors");
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        config.img_resolution = config.channel_base = cases[i].resolution;
        save_tiny_generator(path, &config, 1);
        assert_done(MIX("--figure", "--network", path, "--rows", "1", "--cols", "2"),
                    cases[i].said);
    }
    config.img_resolution = config.channel_base = 8;
    save_tiny_generator(path, &config, 1);
    assert_fails(MIX("--figure", "--network", path, "--rows", "1", "--cols", "2"), 2,
                 "--figure needs a network of at least three resolutions");
    free(path);
}

static void bad_figures_are_refused(void **state)
{
    assert_fails(MIX("--figure", "--network", NETWORK, "--styles", "1"), 2,
                 "--styles cannot be given with --figure");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--bands", "1,0,0"), 2,
                 "--bands belongs to --figure");
    assert_fails(MIX("--figure", "--network", NETWORK, "--bands", "1,2,2"), 2,
                 "--bands takes three numbers that make 6");
    assert_fails(MIX("--figure", "--network", NETWORK, "--bands", "3,3"), 2,
                 "--bands takes three numbers that make 6");
    assert_fails(MIX("--figure", "--network", NETWORK, "--bands", "a"), 2, "--bands: \"a\"");
    assert_fails(MIX("--figure", "--network", NETWORK, "--rows", "0-1099"), 2,
                 "is larger than the 32767 pixels that can be drawn on each side");
    assert_absent(state, "figure.png");
}

static void missing_options_are_named(void **state)
{
    assert_fails(MIX("--rows", "1", "--cols", "2"), 2, "the option --network is missing");
    assert_fails(MIX("--network", NETWORK, "--cols", "2"), 2, "the option --rows is missing");
    assert_fails(MIX("--network", NETWORK, "--rows", "2"), 2, "the option --cols is missing");
    assert_fails(RUN("mix", "--network", NETWORK, "--rows", "1", "--cols", "2"), 2,
                 "the option --outdir is missing");
    assert_fails(RUN("mix", "--network", NETWORK, "--rows", "1", "--cols", "2", "--outdir", ""), 2,
                 "--outdir must not be empty");
}

static void bad_options_are_refused(void **state)
{
    assert_fails(MIX("--network", NETWORK, "--rows", "x", "--cols", "2"), 2, "--rows: \"x\"");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2-1"), 2,
                 "--cols: the range \"2-1\"");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--styles", "0-8"), 2,
                 "--styles: \"0-8\" in the list of layers is not a number from 0 to 7");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--trunc", "nan"), 2,
                 "--trunc is nan, but must be a finite number");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--noise-mode", "some"), 2,
                 "--noise-mode is \"some\", but must be const, random or none");
    assert_fails(MIX("--network", NETWORK, "--rows", "0-9999", "--cols", "0-9999"), 2,
                 "10000 rows of 10000 columns are more than the 1000000 pictures");
    assert_fails(MIX("--network", CONDITIONAL, "--rows", "1", "--cols", "2"), 2,
                 "needs --class, from 0 to 4");
    assert_fails(MIX("--network", CONDITIONAL, "--rows", "1", "--cols", "2", "--class", "0,1"), 2,
                 "--class takes one class for all pictures, not \"0,1\"");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--style", "1"), 2,
                 "--style takes LAYER:CHANNEL=AMOUNT");
    assert_absent(state, "grid.png");
}

static void missing_networks_are_failures(void **state)
{
    assert_fails(MIX("--network", "no-such-file", "--rows", "1", "--cols", "2"), 1, "no-such-file");
}

static void crossovers_are_mixes_of_the_later_layers(void **state)
{
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "12,11", "--crossovers", "0,3,8",
                    "--plain"),
                "all together in its crossovers.png");
    sg_image *figure = read_picture(state, "crossovers.png");
    assert_int_equal(figure->width, 5 * SIDE);
    assert_int_equal(figure->height, 2 * SIDE);
    sg_image *last = read_picture(state, "11-11.png");
    for (size_t y = 0; y < SIDE; y++)
        assert_memory_equal(figure->pixels + ((SIDE + y) * figure->width + 4 * SIDE) * CHANNELS,
                            last->pixels + y * SIDE * CHANNELS, SIDE * CHANNELS);
    sg_image_destroy(figure);
    sg_image_destroy(last);
    assert_same_pictures(state, "1-12-k0.png", "12-12.png", true);
    assert_same_pictures(state, "1-12-k8.png", "1-1.png", true);
    assert_remark(state, "crossovers.png", "crossovers", "0,3,8");
    assert_done(MIX("--network", NETWORK, "--rows", "1", "--cols", "12", "--styles", "3-7"),
                "3 pictures are in");
    assert_same_pictures(state, "1-12-k3.png", "1-12.png", true);
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--crossovers", "9"), 2,
                 "--crossovers has 9, but must be from 0 to 8");
    assert_fails(MIX("--network", NETWORK, "--rows", "1,2,3", "--cols", "4,5", "--crossovers", "2"),
                 2, "one of either, not 3 and 2");
    assert_fails(MIX("--network", NETWORK, "--rows", "1", "--cols", "2", "--crossovers", "2",
                     "--styles", "1"),
                 2, "--styles cannot be given with it");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(every_pair_has_a_file_and_a_cell),
        IN_FOLDER(seeds_alone_are_those_of_generate),
        IN_FOLDER(without_styles_the_rows_stay_as_they_are),
        IN_FOLDER(with_all_styles_the_columns_appear),
        IN_FOLDER(swapping_seeds_and_styles_changes_nothing),
        IN_FOLDER(the_default_styles_are_the_first_seven),
        IN_FOLDER(words_choose_layers),
        IN_FOLDER(crossovers_are_mixes_of_the_later_layers),
        IN_FOLDER(sheets_are_labelled),
        IN_FOLDER(equal_calls_give_equal_files),
        IN_FOLDER(official_names_are_understood),
        IN_FOLDER(the_figure_has_three_bands),
        IN_FOLDER(the_figure_shows_every_picture_in_its_place),
        IN_FOLDER(the_figure_has_default_seeds),
        IN_FOLDER(ranges_depend_on_the_resolution),
        IN_FOLDER(bad_figures_are_refused),
        IN_FOLDER(missing_options_are_named),
        IN_FOLDER(bad_options_are_refused),
        IN_FOLDER(missing_networks_are_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
