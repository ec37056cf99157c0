/* The program from outside: its commands, their files, sentences and exit statuses. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { FILE_LIMIT = 1 << 24 };

/* ---- helpers ---- */

/* Writes the first `size` bytes of a network (all when 0) to a file in the test's folder. */
static char *write_part(void *const *state, const char *name, size_t size)
{
    sg_error error = {0};
    unsigned char *bytes = NULL;
    size_t whole = 0;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_read_file(NETWORK, FILE_LIMIT, &bytes, &whole, &error), SG_OK);
    assert_true(size < whole);
    assert_int_equal(sg_write_file(path, bytes, size ? size : whole, &error), SG_OK);
    free(bytes);
    return path;
}

/* ---- the program itself ---- */

static void the_overview_names_every_command(void **state)
{
    (void)state;
    assert_done(RUN("--help"), "generate");
    assert_done(RUN("-h"), "train");
    assert_done(RUN("help"), "bench");
    assert_done(RUN("help"), "info");
    assert_done(RUN("--version"), "stylegan ");
    assert_fails(run_program((const char *const[]){NULL}), 2, "a command is missing");
}

static void every_command_has_help(void **state)
{
    (void)state;
    assert_done(RUN("generate", "--help"), "Usage: stylegan generate");
    assert_done(RUN("generate", "--help"), "Examples:");
    assert_done(RUN("generate", "--seeds", "1", "-h"), "--trunc-cutoff N");
    assert_done(RUN("info", "--help"), "Usage: stylegan info");
    assert_done(RUN("help", "info"), "--json");
    assert_done(RUN("help", "generate"), "--noise-mode MODE");
}

/* Help fits a terminal of 80 columns, examples and usage included. */
static void help_fits_the_terminal(void **state)
{
    static const char *const commands[] = {"bench",     "convert", "dataset", "generate",
                                           "info",      "metrics", "mix",     "interpolate",
                                           "variation", "spectra", "train",   "truncate"};
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        program_result result = RUN("help", commands[i]);
        assert_int_equal(result.status, 0);
        size_t length;
        for (const char *line = result.output; *line != '\0'; line += length + 1)
            if ((length = strcspn(line, "\n")) > 80)
                fail_msg("%s: %.*s", commands[i], (int)length, line);
        program_result_clear(&result);
    }
}

static void unknown_commands_are_refused(void **state)
{
    (void)state;
    assert_fails(RUN("genrate"), 2, "did you mean \"generate\"?");
    assert_fails(RUN("ifno"), 2, "did you mean \"info\"?");
    assert_fails(RUN("xyzzy"), 2, "there is no command \"xyzzy\"");
    assert_fails(RUN(""), 2, "there is no command");
    assert_fails(RUN("--bogus"), 2, "there is no option \"--bogus\"");
    assert_fails(RUN("help", "xyzzy"), 2, "there is no command \"xyzzy\"");
}

static void full_disks_are_noticed(void **state)
{
    (void)state;
    char command[512];
    snprintf(command, sizeof command, "\"%s\" --help > /dev/full 2> /dev/null", getenv("STYLEGAN"));
    const int status = system(command);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
}

/* ---- options ---- */

static void bad_options_are_refused(void **state)
{
    (void)state;
    assert_fails(RUN("generate", "--sedes", "1"), 2, "did you mean --seeds?");
    assert_fails(RUN("generate", "--bogus"), 2, "there is no option --bogus");
    assert_fails(RUN("generate", "-x"), 2, "there is no option -x");
    assert_fails(RUN("generate", "--seeds"), 2, "the option --seeds needs a value");
    assert_fails(RUN("generate", "--threads", "much"), 2,
                 "--threads is \"much\", but must be a whole number");
    assert_fails(RUN("generate", "--threads=a=b"), 2,
                 "--threads is \"a=b\", but must be a whole number");
    assert_fails(RUN("generate", "--trunc-cutoff", "1.5"), 2,
                 "--trunc-cutoff is 1.5, but must be a whole number 0 or more");
    assert_fails(RUN("generate", "--threads", "99999999999"), 2,
                 "--threads is 99999999999, but must be a whole number from 0 to 4096");
    assert_fails(RUN("info", "--json=yes", NETWORK), 2, "the option --json takes no value");
    assert_fails(RUN("generate", NETWORK, "stray"), 2, "the argument \"stray\" is one too many");
    assert_fails(RUN("info", "one", "two"), 2, "the argument \"two\" is one too many");
    assert_fails(RUN("info"), 2, "the option --network is missing: the network file");
}

static void missing_options_are_named(void **state)
{
    (void)state;
    assert_fails(RUN("generate"), 2, "the option --network is missing");
    assert_fails(RUN("generate", "--network", NETWORK), 2, "the option --seeds is missing");
    assert_fails(RUN("generate", "--network", NETWORK, "--seeds", "1"), 2,
                 "the option --outdir is missing");
    assert_fails(RUN("generate", "--network", NETWORK, "--seeds", "1", "--outdir", ""), 2,
                 "--outdir must not be empty");
}

static void bad_values_are_refused(void **state)
{
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1,x"), 2, "\"x\"");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "9-3"), 2, "\"9-3\"");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "4294967296"), 2, "4294967296");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", "nan"), 2, "--trunc");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", "inf"), 2, "--trunc");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc-cutoff", "-2"), 2,
                 "--trunc-cutoff is -2, but must be a whole number 0 or more");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--noise-mode", "loud"), 2,
                 "--noise-mode is \"loud\", but must be const, random or none");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--threads", "-1"), 2,
                 "--threads is -1, but must be");
    assert_absent(state, "seed0001.png");
}

static void bad_grids_are_refused(void **state)
{
    static const char *const grids[] = {
        "",      "3",     "x",     "3x",   "x3",    "0x3",     "3x0",
        "-1x-3", "3x3x3", "3 x 3", "3by3", "1e3x1", "10001x1", "99999999999999999999x1"};
    for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++)
        assert_fails(GENERATE("--network", NETWORK, "--seeds", "0-2", "--grid", grids[i]), 2,
                     "--grid takes WIDTHxHEIGHT");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "0-4", "--grid", "2x2"), 2,
                 "a grid of 2x2 has no room for 5 pictures");
}

static void bad_classes_are_refused(void **state)
{
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1"), 2,
                 "needs --class, from 0 to 4");
    static const char *const mistakes[] = {"-1", "1.5", "", "x", "99999999999"};
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", mistakes[i]), 2,
                     "--class: ");
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "5"), 2,
                 "--class is 5, but " CONDITIONAL " has 5 classes, numbered from 0 to 4");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--class", "x"), 2,
                 "\"x\" in the list of classes");
    program_result result = GENERATE("--network", NETWORK, "--seeds", "1", "--class", "3");
    assert_holds(result.errors, "--class is ignored");
    assert_done(result, "1 picture is in");
}

/* ---- bad files ---- */

static void assert_no_network(void *const *state, const char *path, const char *part)
{
    assert_fails(RUN("info", path), 1, part);
    assert_fails(RUN("info", "--json", path), 1, part);
    assert_fails(GENERATE("--network", path, "--seeds", "1"), 1, part);
    assert_absent(state, "seed0001.png");
}

static void missing_networks_are_reported(void **state)
{
    char *path = temporary_path(state, "absent.safetensors");
    assert_no_network(state, path, "absent.safetensors: No such file or directory");
    assert_no_network(state, *state, *state);
    free(path);
}

static void truncated_networks_are_reported(void **state)
{
    static const size_t sizes[] = {1, 7, 8, 9, 100, 30000, 150000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *path = write_part(state, "short.safetensors", sizes[i]);
        assert_no_network(state, path, "short.safetensors");
        free(path);
    }
}

static void garbage_is_reported(void **state)
{
    sg_error error = {0};
    char *path = temporary_path(state, "garbage.safetensors");
    assert_int_equal(sg_write_file(path, "", 0, &error), SG_OK);
    assert_no_network(state, path, "garbage.safetensors");
    char garbage[4096];
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)(i * 131 + i / 7);
    assert_int_equal(sg_write_file(path, garbage, sizeof garbage, &error), SG_OK);
    assert_no_network(state, path, "garbage.safetensors");
    assert_int_equal(sg_write_file(path, "\x80\x02}q\x00.", 6, &error), SG_OK);
    assert_no_network(state, path, "holds no network: it is a dict");
    assert_no_network(state, "tests/golden/sg2-skip-32/seeds.safetensors", "holds no network");
    free(path);
}

static void unwritable_folders_are_reported(void **state)
{
    sg_error error = {0};
    char *file = temporary_path(state, "file");
    char *below = temporary_path(state, "file/below");
    assert_int_equal(sg_write_file(file, "x", 1, &error), SG_OK);
    assert_fails(RUN("generate", "--network", NETWORK, "--seeds", "1", "--outdir", file), 1,
                 "/file");
    assert_fails(RUN("generate", "--network", NETWORK, "--seeds", "1", "--outdir", below), 1,
                 "/file");
    assert_fails(RUN("generate", "--network", NETWORK, "--seeds", "1", "--outdir", "/proc/none"), 1,
                 "/proc/none");
    free(file);
    free(below);
}

/* ---- pictures ---- */

static void a_file_is_written_for_each_seed(void **state)
{
    char *folder = temporary_path(state, "a/b");
    assert_done(
        RUN("generate", "--network", NETWORK, "--seeds", "0,12345,4294967295", "--outdir", folder),
        "3 pictures are in");
    free(folder);
    static const char *const names[] = {"a/b/seed0000.png", "a/b/seed12345.png",
                                        "a/b/seed4294967295.png"};
    for (size_t i = 0; i < 3; i++) {
        sg_image *image = read_picture(state, names[i]);
        assert_int_equal(image->width, 32);
        assert_int_equal(image->height, 32);
        assert_int_equal(image->channels, 3);
        sg_image_destroy(image);
    }
    assert_absent(state, "a/b/grid.png");
}

static void grey_networks_give_grey_pictures(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "3", "--class", "4"), "1 picture is");
    sg_image *image = read_picture(state, "seed0003.png");
    assert_int_equal(image->width, 16);
    assert_int_equal(image->channels, 1);
    sg_image_destroy(image);
}

static void pictures_repeat_byte_for_byte(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5"), "picture");
    rename_result(state, "seed0005.png", "first.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1-9", "--trunc", "1.0"), "picture");
    assert_same_files(state, "first.png", "seed0005.png", true);
    assert_same_pictures(state, "seed0004.png", "seed0005.png", false);
}

static void random_noise_belongs_to_the_seed(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--noise-mode", "random"),
                "picture");
    rename_result(state, "seed0005.png", "first.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "4,5", "--noise-mode", "random"),
                "picture");
    assert_same_files(state, "first.png", "seed0005.png", true);
    rename_result(state, "seed0005.png", "random.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--noise-mode", "none"), "picture");
    rename_result(state, "seed0005.png", "none.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--noise-mode", "const"), "picture");
    assert_same_pictures(state, "random.png", "none.png", false);
    assert_same_pictures(state, "seed0005.png", "none.png", false);
    assert_same_pictures(state, "seed0005.png", "random.png", false);
}

static void truncation_to_zero_gives_the_average(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1,2", "--trunc", "0"), "picture");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", true);
    assert_same_files(state, "seed0001.png", "seed0002.png", false); /* they name their seeds */
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "1,2", "--trunc", "0", "--trunc-cutoff", "3"),
        "picture");
    assert_same_pictures(state, "seed0001.png", "seed0002.png", false);
}

static void any_psi_is_taken(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc", "-0.7"), "picture");
    rename_result(state, "seed0001.png", "below.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1", "--trunc=1.5"), "picture");
    assert_same_pictures(state, "below.png", "seed0001.png", false);
}

static void pictures_say_how_they_were_made(void **state)
{
    size_t size = 0;
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--class", "2", "--trunc", "0.7",
                         "--trunc-cutoff", "4", "--noise-mode", "none"),
                "picture");
    unsigned char *bytes = read_result(state, "seed0007.png", &size);
    static const char *const remarks[] = {"network\0network.safetensors",
                                          "seed\0"
                                          "7",
                                          "truncation psi\0"
                                          "0.7",
                                          "truncation cutoff\0"
                                          "4",
                                          "class\0"
                                          "2",
                                          "noise mode\0none",
                                          "Software\0stylegan "};
    static const size_t lengths[] = {27, 6, 18, 19, 7, 15, 18};
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++)
        if (!memmem(bytes, size, remarks[i], lengths[i]))
            fail_msg("the remark \"%s\" is missing", remarks[i]);
    free(bytes);
}

static void grids_hold_the_pictures_in_order(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3,1,2", "--grid", "2x2", "--plain"),
                "grid.png");
    static const char *const names[] = {"seed0003.png", "seed0001.png", "seed0002.png"};
    sg_image *grid = read_picture(state, "grid.png");
    assert_int_equal(grid->width, 64);
    assert_int_equal(grid->height, 64);
    for (size_t i = 0; i < 3; i++) {
        sg_image *image = read_picture(state, names[i]);
        for (size_t y = 0; y < 32; y++)
            assert_memory_equal(grid->pixels + ((i / 2 * 32 + y) * 64 + i % 2 * 32) * 3,
                                image->pixels + y * 32 * 3, 32 * 3);
        sg_image_destroy(image);
    }
    sg_image_destroy(grid);
}

/* One of the pictures in a case's seeds.safetensors, within one level. */
static void check_reference(void *const *state, sg_safetensors *file,
                            const sg_stored_tensor *tensor)
{
    char name[32];
    const long seed = strtol(tensor->name + strlen("seed"), NULL, 10);
    snprintf(name, sizeof name, "seed%04ld.png", seed);
    sg_image *image = read_picture(state, name);
    uint8_t *expected = malloc(tensor->bytes);
    assert_non_null(expected);
    assert_int_equal(sg_image_size(image), tensor->bytes);
    assert_int_equal(sg_safetensors_read_bytes(file, tensor, expected, NULL), SG_OK);
    for (size_t i = 0; i < tensor->bytes; i++)
        if (abs(expected[i] - image->pixels[i]) > 1)
            fail_msg("%s, byte %zu: %d, expected %d", tensor->name, i, image->pixels[i],
                     expected[i]);
    free(expected);
    sg_image_destroy(image);
}

static void check_reference_case(void *const *state, const char *name, bool conditional)
{
    char network[128];
    char path[128];
    char seeds[128] = "";
    sg_error error = {0};
    sg_safetensors *file = NULL;
    snprintf(network, sizeof network, "tests/golden/%s/network.safetensors", name);
    snprintf(path, sizeof path, "tests/golden/%s/seeds.safetensors", name);
    if (sg_safetensors_open(path, &file, &error))
        fail_msg("%s", error.message);
    assert_true(sg_safetensors_count(file) > 0);
    for (size_t i = 0; i < sg_safetensors_count(file); i++) {
        const char *tensor = sg_safetensors_at(file, i)->name;
        const size_t length = strlen(seeds);
        snprintf(seeds + length, sizeof seeds - length, "%s%ld", i ? "," : "",
                 strtol(tensor + strlen("seed"), NULL, 10));
    }
    assert_done(GENERATE("--network", network, "--seeds", seeds, "--trunc", "0.7",
                         conditional ? "--class=1" : "--noise-mode=const"),
                "pictures are in");
    for (size_t i = 0; i < sg_safetensors_count(file); i++)
        check_reference(state, file, sg_safetensors_at(file, i));
    sg_safetensors_close(file);
}

static void pictures_are_those_of_the_official_program(void **state)
{
    check_reference_case(state, "sg2-skip-32", false);
    check_reference_case(state, "sg2-orig-16", false);
    check_reference_case(state, "sg2-resnet-16", false);
    check_reference_case(state, "sg2-cond-gray-16", true);
}

static void progress_is_shown_on_terminals_only(void **state)
{
    const char *const arguments[] = {"generate", "--network", NETWORK, "--seeds",
                                     "0-9",      "--outdir",  *state,  NULL};
    program_result result = run_program_on_terminal(arguments);
    assert_holds(result.errors, "generating [");
    assert_holds(result.errors, "0/10 pictures");
    assert_done(result, "10 pictures are in");
    result = run_program(arguments);
    assert_string_equal(result.errors, "");
    assert_done(result, "10 pictures are in");
}

/* ---- info ---- */

static void info_describes_every_network(void **state)
{
    (void)state;
    assert_done(RUN("info", NETWORK),
                "G_ema: the averaged generator of a StyleGAN2 network, 32x32");
    assert_done(RUN("info", NETWORK), "D: the discriminator of a StyleGAN2 network, 32x32");
    assert_done(RUN("info", "--layers", CONDITIONAL), "mapping_kwargs.num_layers          3");
    assert_done(RUN("info", "--layers", CONDITIONAL), "16 x 8x8\n");
    assert_done(RUN("info", CONDITIONAL), "16,220");
    assert_done(RUN("info", CONDITIONAL), "  classes   5, counted from 0 to 4\n");
    assert_done(RUN("info", CONDITIONAL), "  num_ws    6, the styles of the synthesis network:\n"
                                          "            0 at 4x4, 1-2 at 8x8, 3-5 at 16x16\n"
                                          "            coarse 0, middle 1-2, fine 3-5\n");
    /* Layers are shown when they are asked for alone. */
    program_result result = RUN("info", CONDITIONAL);
    assert_null(strstr(result.output, "num_layers"));
    assert_null(strstr(result.output, "affine"));
    program_result_clear(&result);
}

/* Checks the sums of one network, and that they are those of its layers and tensors. */
static void check_network_json(const cJSON *network)
{
    const cJSON *layer = NULL;
    const cJSON *tensor = NULL;
    const cJSON *size = NULL;
    double sums[2] = {0, 0};
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(network, "init_kwargs")));
    cJSON_ArrayForEach(layer, cJSON_GetObjectItem(network, "layers"))
    {
        cJSON_ArrayForEach(tensor, cJSON_GetObjectItem(layer, "tensors"))
        {
            double values = 1;
            cJSON_ArrayForEach(size, cJSON_GetObjectItem(tensor, "shape")) values *=
                size->valuedouble;
            sums[cJSON_IsTrue(cJSON_GetObjectItem(tensor, "buffer"))] += values;
        }
    }
    assert_true(sums[0] > 1000);
    assert_true(cJSON_GetObjectItem(network, "parameters")->valuedouble == sums[0]);
    assert_true(cJSON_GetObjectItem(network, "buffers")->valuedouble == sums[1]);
}

static const cJSON *find_layer(const cJSON *network, const char *name)
{
    const cJSON *layer = NULL;
    cJSON_ArrayForEach(layer, cJSON_GetObjectItem(network, "layers"))
    {
        if (strcmp(cJSON_GetObjectItem(layer, "name")->valuestring, name) == 0)
            return layer;
    }
    fail_msg("there is no layer %s", name);
    return NULL;
}

static void assert_output(const cJSON *network, const char *layer, int channels, int height,
                          int width)
{
    const cJSON *output = cJSON_GetObjectItem(find_layer(network, layer), "output");
    assert_int_equal(cJSON_GetArraySize(output), height ? 3 : 1);
    assert_int_equal(cJSON_GetArrayItem(output, 0)->valueint, channels);
    if (height) {
        assert_int_equal(cJSON_GetArrayItem(output, 1)->valueint, height);
        assert_int_equal(cJSON_GetArrayItem(output, 2)->valueint, width);
    }
}

static void info_is_available_as_json(void **state)
{
    (void)state;
    program_result result = RUN("info", "--json", CONDITIONAL);
    cJSON *report = cJSON_Parse(result.output);
    assert_int_equal(result.status, 0);
    assert_non_null(report);
    const cJSON *networks = cJSON_GetObjectItem(report, "networks");
    assert_int_equal(cJSON_GetArraySize(networks), 2);
    const cJSON *generator = cJSON_GetObjectItem(networks, "G_ema");
    const cJSON *discriminator = cJSON_GetObjectItem(networks, "D");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(report, "kimg")));
    assert_int_equal(cJSON_GetObjectItem(generator, "num_ws")->valueint, 6);
    assert_int_equal(
        cJSON_GetArrayItem(cJSON_GetObjectItem(generator, "style_resolutions"), 2)->valueint, 8);
    assert_null(cJSON_GetObjectItem(discriminator, "num_ws"));
    check_network_json(generator);
    check_network_json(discriminator);
    assert_output(generator, "mapping.fc2", 20, 0, 0);
    assert_output(generator, "synthesis.b4.conv1", 16, 4, 4);
    assert_output(generator, "synthesis.b16.conv0", 16, 16, 16);
    assert_output(generator, "synthesis.b8.torgb", 1, 8, 8);
    assert_output(discriminator, "b16.conv0", 16, 16, 16);
    assert_output(discriminator, "b16.conv1", 16, 8, 8);
    assert_output(discriminator, "b16.skip", 16, 8, 8);
    assert_output(discriminator, "b4.conv", 16, 4, 4);
    assert_output(discriminator, "b4.out", 16, 0, 0);
    cJSON_Delete(report);
    program_result_clear(&result);
}

/* ---- network files of other kinds ---- */

/*
 * Writes a file with one part of the network, under another name, and a pair of metadata beside its
 * config; returns its path.
 */
static char *write_network(void *const *state, const char *part, const char *new_part,
                           sg_metadata remark)
{
    sg_error error = {0};
    sg_safetensors *file = NULL;
    assert_int_equal(sg_safetensors_open(NETWORK, &file, &error), SG_OK);
    const size_t limit = sg_safetensors_count(file);
    sg_safetensors_entry *entries = calloc(limit, sizeof *entries);
    char(*names)[128] = calloc(limit, sizeof *names);
    assert_true(entries && names);
    size_t count = 0;
    for (size_t i = 0; i < limit; i++) {
        const sg_stored_tensor *tensor = sg_safetensors_at(file, i);
        const size_t length = strlen(part);
        if (strncmp(tensor->name, part, length) != 0 || tensor->name[length] != '.')
            continue;
        void *values = malloc(tensor->bytes + 1);
        assert_non_null(values);
        assert_int_equal(sg_safetensors_read_bytes(file, tensor, values, &error), SG_OK);
        snprintf(names[count], sizeof *names, "%s%s", new_part, tensor->name + length);
        entries[count] =
            (sg_safetensors_entry){names[count], tensor->type, tensor->rank, {0}, values};
        memcpy(entries[count++].size, tensor->size, sizeof tensor->size);
    }
    const sg_metadata metadata[] = {{"config", sg_safetensors_metadata(file, "config")}, remark};
    char *path = temporary_path(state, "written.safetensors");
    assert_int_equal(sg_safetensors_write(path, entries, count, metadata, 2, &error), SG_OK);
    for (size_t i = 0; i < count; i++)
        free((void *)entries[i].values);
    free(entries);
    free(names);
    sg_safetensors_close(file);
    return path;
}

/* Metadata may hold anything; none of it may steer a terminal. */
static void metadata_is_shown_without_control_characters(void **state)
{
    char *path = write_network(state, "G_ema", "G_ema",
                               (sg_metadata){"no\tte", "red \x1b[31m \xc2\x9b text\nline"});
    assert_done(RUN("info", path), "  no?te: red ?[31m ?? text?line\n");
    free(path);
}

static void files_without_an_average_give_pictures_of_g(void **state)
{
    char *path = write_network(state, "G_ema", "G", (sg_metadata){"note", "G alone"});
    program_result result = GENERATE("--network", path, "--seeds", "1");
    assert_holds(result.errors, "holds no G_ema, so the pictures come from G");
    assert_done(result, "1 picture is in");
    rename_result(state, "seed0001.png", "alone.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1"), "picture");
    assert_same_pictures(state, "alone.png", "seed0001.png", true);
    assert_done(RUN("info", path), "\nG: the generator of");
    free(path);
}

static void files_without_a_generator_give_no_pictures(void **state)
{
    char *path = write_network(state, "D", "D", (sg_metadata){"note", "D alone"});
    assert_fails(GENERATE("--network", path, "--seeds", "1"), 1, "holds no G_ema");
    assert_done(RUN("info", path), "\nD: the discriminator of");
    free(path);
}

static void unreadable_networks_are_reported(void **state)
{
    char *path = write_network(state, "D", "G_ema", (sg_metadata){"note", "not a generator"});
    assert_fails(RUN("info", path), 1, "written.safetensors");
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_overview_names_every_command),
        cmocka_unit_test(every_command_has_help),
        cmocka_unit_test(help_fits_the_terminal),
        cmocka_unit_test(unknown_commands_are_refused),
        cmocka_unit_test(full_disks_are_noticed),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(missing_options_are_named),
        IN_FOLDER(bad_values_are_refused),
        IN_FOLDER(bad_grids_are_refused),
        IN_FOLDER(bad_classes_are_refused),
        IN_FOLDER(missing_networks_are_reported),
        IN_FOLDER(truncated_networks_are_reported),
        IN_FOLDER(garbage_is_reported),
        IN_FOLDER(unwritable_folders_are_reported),
        IN_FOLDER(a_file_is_written_for_each_seed),
        IN_FOLDER(grey_networks_give_grey_pictures),
        IN_FOLDER(pictures_repeat_byte_for_byte),
        IN_FOLDER(random_noise_belongs_to_the_seed),
        IN_FOLDER(truncation_to_zero_gives_the_average),
        IN_FOLDER(any_psi_is_taken),
        IN_FOLDER(pictures_say_how_they_were_made),
        IN_FOLDER(grids_hold_the_pictures_in_order),
        IN_FOLDER(pictures_are_those_of_the_official_program),
        IN_FOLDER(progress_is_shown_on_terminals_only),
        cmocka_unit_test(info_describes_every_network),
        cmocka_unit_test(info_is_available_as_json),
        IN_FOLDER(metadata_is_shown_without_control_characters),
        IN_FOLDER(files_without_an_average_give_pictures_of_g),
        IN_FOLDER(files_without_a_generator_give_no_pictures),
        IN_FOLDER(unreadable_networks_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
