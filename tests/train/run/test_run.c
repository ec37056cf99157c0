/* Whole runs: the files they leave, equal bytes, stops, resuming, transfer, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/file.h"
#include "checkpoint/network/network_file.h"
#include "image/files/png_file.h"
#include "support/close.h"
#include "support/idx_file.h"
#include "support/networks.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "train/run/run_folder.h"
#include "train/run/snapshots.h"

#define LAST_NETWORK "network-snapshot-000000064.safetensors"
#define LAST_STATE "training-state-000000064.safetensors"

/* ---- files ---- */

static void a_run_leaves_the_promised_files(void **state)
{
    static const char *const names[] = {"training_options.json",
                                        "stats.jsonl",
                                        "log.txt",
                                        "reals.png",
                                        "fakes-000000000.png",
                                        "fakes-000000032.png",
                                        "fakes-000000064.png",
                                        "network-snapshot-000000032.safetensors",
                                        LAST_NETWORK,
                                        "training-state-000000032.safetensors",
                                        LAST_STATE};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    char *folder = run_to_end(&options, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_in_folder(folder, names[i]);
    const char *name = strrchr(folder, '/') + 1;
    assert_int_equal(strncmp(name, "00000-stylegan2-", 16), 0);
    assert_non_null(strstr(name, "-batch8-gamma1"));
    free(folder);
    folder = run_to_end(&options, NULL);
    assert_int_equal(strncmp(strrchr(folder, '/') + 1, "00001-", 6), 0);
    free(folder);
    free(outdir);
    free(data);
}

static double number_at(const cJSON *line, const char *name, const char *part)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(line, name);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, part);
    if (!cJSON_IsNumber(item))
        fail_msg("a line of stats.jsonl has no %s of %s", part, name);
    return item->valuedouble;
}

static void assert_statistics(const cJSON *line, int tick)
{
    static const char *const names[] = {
        "Loss/scores/fake",    "Loss/signs/fake",     "Loss/scores/real", "Loss/signs/real",
        "Loss/G/loss",         "Loss/D/loss",         "Loss/pl_penalty",  "Loss/G/reg",
        "Timing/sec_per_tick", "Timing/sec_per_kimg", "Timing/total_sec", "Resources/cpu_mem_gb"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(number_at(line, names[i], "num") > 0);
        assert_true(isfinite(number_at(line, names[i], "mean")));
        assert_true(number_at(line, names[i], "std") >= 0);
    }
    assert_close(number_at(line, "Progress/tick", "mean"), tick, 0);
    assert_close(number_at(line, "Progress/kimg", "mean"), 0.032 * (tick + 1), 1e-12);
    assert_close(number_at(line, "Loss/G/loss", "num"), 4, 0);
    /* R1 is due every sixteenth step, so in the first tick alone; its scores of real images count.
     */
    assert_close(number_at(line, "Loss/scores/real", "num"), tick == 0 ? 40 : 32, 0);
    assert_true(cJSON_HasObjectItem(line, "Loss/r1_penalty") == (tick == 0));
    assert_true(cJSON_GetObjectItemCaseSensitive(line, "timestamp")->valuedouble > 1.7e9);
}

static void statistics_are_lines_of_json(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    char *folder = run_to_end(&options, NULL);
    size_t size = 0;
    char *text = (char *)bytes_of(folder, "stats.jsonl", &size);
    int tick = 0;
    for (char *rest = text; *rest; tick++) {
        char *end = strchr(rest, '\n');
        assert_non_null(end);
        cJSON *line = cJSON_ParseWithLength(rest, (size_t)(end - rest));
        assert_non_null(line);
        assert_statistics(line, tick);
        cJSON_Delete(line);
        rest = end + 1;
    }
    assert_int_equal(tick, 2);
    free(text);
    free(folder);
    free(outdir);
    free(data);
}

static void snapshots_hold_three_networks(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.conditional = true;
    char *folder = run_to_end(&options, NULL);
    char *path = sg_path_join(folder, LAST_NETWORK);
    sg_network_file *file = NULL;
    sg_error error = {0};
    sg_generator_config config;
    assert_int_equal(sg_network_open(path, &file, &error), SG_OK);
    assert_true(sg_network_has(file, SG_PART_G));
    assert_true(sg_network_has(file, SG_PART_D));
    assert_true(sg_network_has(file, SG_PART_G_EMA));
    assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, &error), SG_OK);
    assert_int_equal(config.img_resolution, 8);
    assert_int_equal(config.img_channels, 1);
    assert_int_equal(config.c_dim, 3);
    assert_non_null(strstr(folder, "-cond-"));
    sg_network_close(file);
    free(path);
    free(folder);
    free(outdir);
    free(data);
}

/* 0.03 - 0.02 is a little less than 0.01 in doubles, which must not put a tick off. */
static void lengths_are_counted_in_whole_images(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.batch = 2;
    options.trainer.pl_weight = 0;
    options.kimg = 0.07;
    options.tick = 0.01;
    char *folder = run_to_end(&options, NULL);
    for (int images = 10; images <= 70; images += 10) {
        char name[80];
        snprintf(name, sizeof name, "network-snapshot-%09d.safetensors", images);
        assert_in_folder(folder, name);
    }
    char *beyond = sg_path_join(folder, "network-snapshot-000000072.safetensors");
    assert_false(sg_path_exists(beyond));
    free(beyond);
    free(folder);
    free(outdir);
    free(data);
}

/* ---- repeating, stopping, resuming ---- */

static void equal_runs_give_equal_bytes(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.mirror = true;
    char *one = run_to_end(&options, NULL);
    char *two = run_to_end(&options, NULL);
    options.trainer.seed = 1;
    char *three = run_to_end(&options, NULL);
    assert_same_file(one, two, LAST_NETWORK);
    assert_same_file(one, two, LAST_STATE);
    assert_same_file(one, two, "fakes-000000064.png");
    assert_same_file(one, three, "reals.png");
    size_t size[2];
    unsigned char *bytes[2] = {bytes_of(one, LAST_NETWORK, &size[0]),
                               bytes_of(three, LAST_NETWORK, &size[1])};
    assert_int_equal(size[0], size[1]);
    assert_memory_not_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
    free(one);
    free(two);
    free(three);
    free(outdir);
    free(data);
}

typedef struct listener {
    int steps, stop_after, lines;
    double last_kimg;
} listener;

static bool on_step(void *user, const sg_run_progress *progress)
{
    listener *heard = user;
    assert_true(progress->kimg > heard->last_kimg);
    assert_close(progress->total_kimg, 0.064, 1e-12);
    assert_true(isfinite(progress->loss_g) && isfinite(progress->loss_d));
    assert_true(progress->seconds_per_kimg > 0);
    heard->last_kimg = progress->kimg;
    return ++heard->steps == heard->stop_after;
}

static void on_log(void *user, const char *line)
{
    listener *heard = user;
    assert_true(strlen(line) > 5);
    assert_null(strchr(line, '\n'));
    heard->lines++;
}

static void callbacks_hear_of_every_step_and_line(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    listener heard = {0};
    const sg_run_callbacks callbacks = {.user = &heard, .step = on_step, .log = on_log};
    char *folder = run_to_end(&options, &callbacks);
    assert_int_equal(heard.steps, 8);
    size_t size = 0;
    char *log = (char *)bytes_of(folder, "log.txt", &size);
    int lines = 0;
    for (const char *at = log; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, heard.lines);
    assert_non_null(strstr(log, "tick 1"));
    free(log);
    free(folder);
    free(outdir);
    free(data);
}

/* Stops a run after three of its eight steps, in the middle of a tick; its folder, on the heap. */
static char *stopped_run(const sg_run_options *options)
{
    listener heard = {.stop_after = 3};
    const sg_run_callbacks callbacks = {.user = &heard, .step = on_step, .log = on_log};
    char *folder = run_to_end(options, &callbacks);
    assert_int_equal(heard.steps, 3);
    return folder;
}

static void a_stopped_run_saves_itself(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    char *folder = stopped_run(&options);
    assert_in_folder(folder, "network-snapshot-000000024.safetensors");
    assert_in_folder(folder, "training-state-000000024.safetensors");
    assert_in_folder(folder, "fakes-000000024.png");
    size_t size = 0;
    char *log = (char *)bytes_of(folder, "log.txt", &size);
    assert_non_null(strstr(log, "Stopped at"));
    free(log);
    free(folder);
    free(outdir);
    free(data);
}

static void a_resumed_run_equals_an_uninterrupted_one(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.conditional = true;
    options.mirror = true;
    char *whole = run_to_end(&options, NULL);
    char *stopped = stopped_run(&options);
    const sg_run_options resumed = {.resume = stopped};
    char *folder = run_to_end(&resumed, NULL);
    assert_string_equal(folder, stopped);
    assert_same_file(whole, stopped, LAST_NETWORK);
    assert_same_file(whole, stopped, LAST_STATE);
    assert_same_file(whole, stopped, "fakes-000000064.png");
    /* Ticks end where they would have ended without the stop. */
    assert_same_file(whole, stopped, "network-snapshot-000000032.safetensors");
    free(folder);
    free(stopped);
    free(whole);
    free(outdir);
    free(data);
}

static void a_finished_run_can_be_made_longer(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.kimg = 0.032;
    char *folder = run_to_end(&options, NULL);
    options.kimg = 0.064;
    char *whole = run_to_end(&options, NULL);
    const sg_run_options resumed = {.resume = folder, .kimg = 0.064};
    free(run_to_end(&resumed, NULL));
    assert_same_file(whole, folder, LAST_NETWORK);
    free(whole);
    free(folder);
    free(outdir);
    free(data);
}

static void folders_without_a_run_cannot_be_resumed(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    const sg_run_options nothing = {.resume = *state};
    assert_run_refused(&nothing, SG_ERROR_FILE, "training_options.json");
    char *folder = run_to_end(&options, NULL);
    const sg_run_options resumed = {.resume = folder};
    static const char *const states[] = {"training-state-000000032.safetensors", LAST_STATE};
    for (int i = 0; i < 2; i++) {
        char *path = sg_path_join(folder, states[i]);
        raw_write(path, "torn", 4);
        free(path);
    }
    assert_run_refused(&resumed, SG_ERROR_FILE, "no training state that can be resumed");
    char *path = sg_path_join(folder, "training_options.json");
    raw_write(path, "{}", 2);
    assert_run_refused(&resumed, SG_ERROR_FORMAT, "training_options.json");
    free(path);
    free(folder);
    free(outdir);
    free(data);
}

/* A sheet of a run's folder; the caller destroys it. */
static sg_image *read_sheet(const char *folder, const char *name)
{
    sg_image *image = NULL;
    char *path = sg_path_join(folder, name);
    assert_int_equal(png_read(path, &image, NULL), SG_OK);
    free(path);
    return image;
}

static void weights_can_come_from_another_run(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.plain = true; /* the titles of the sheets differ */
    char *first = run_to_end(&options, NULL);
    char *network = sg_path_join(first, LAST_NETWORK);
    options.init = network;
    char *second = run_to_end(&options, NULL);
    /* The averaged generator starts where the first run's ended. */
    sg_image *last = read_sheet(first, "fakes-000000064.png");
    sg_image *start = read_sheet(second, "fakes-000000000.png");
    assert_int_equal(sg_image_size(last), sg_image_size(start));
    assert_memory_equal(last->pixels, start->pixels, sg_image_size(last));
    options.init = data;
    assert_run_refused(&options, SG_ERROR_FORMAT, data);
    sg_image_destroy(last);
    sg_image_destroy(start);
    free(network);
    free(first);
    free(second);
    free(outdir);
    free(data);
}

/* ---- rectangles ---- */

static sg_generator_config config_of(const char *folder, const char *network)
{
    sg_generator_config config;
    char *path = sg_path_join(folder, network);
    assert_true(sg_snapshot_config_of(path, &config));
    free(path);
    return config;
}

static void assert_constant(const char *folder, int height, int width, int resolution)
{
    const sg_generator_config config = config_of(folder, LAST_NETWORK);
    assert_int_equal(config.base_height, height);
    assert_int_equal(config.base_width, width);
    assert_int_equal(config.img_resolution, resolution);
}

static char *write_rectangles(void *const *state, uint32_t height, uint32_t width)
{
    char *path = temporary_path(state, "wide-images-idx3-ubyte");
    const idx_file images = idx_images(16, height, width);
    idx_write(path, &images);
    return path;
}

/* 24 x 40 pixels are 3x5 doubled three times; the networks have the blocks of 32x32. */
static void rectangles_make_rectangular_networks(void **state)
{
    char *data = write_rectangles(state, 24, 40);
    char *outdir = tiny_run_outdir(state);
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.generator.channel_base = options.trainer.discriminator.channel_base = 128;
    options.plain = true;
    char *folder = run_to_end(&options, NULL);
    assert_constant(folder, 3, 5, 32);
    size_t size;
    sg_image *sheet = NULL;
    unsigned char *bytes = bytes_of(folder, "reals.png", &size);
    assert_int_equal(sg_png_decode("reals.png", bytes, size, &sheet, NULL), SG_OK);
    assert_int_equal(sheet->width % 40, 0);
    assert_int_equal(sheet->height % 24, 0);
    sg_image_destroy(sheet);
    free(bytes);
    free(folder);
    free(outdir);
    free(data);
}

/*
 * 8 x 16 pixels are 4x8 doubled once, but forks have constants with a side of 2 for them. Weights
 * decide, at the start and when a run goes on.
 */
static void networks_keep_their_constants(void **state)
{
    char *data = write_rectangles(state, 8, 16);
    char *outdir = tiny_run_outdir(state);
    char *network = temporary_path(state, "network.safetensors");
    sg_run_options options = tiny_run_options(data, outdir);
    options.trainer.generator.channel_base = options.trainer.discriminator.channel_base = 64;
    char *plain = run_to_end(&options, NULL);
    assert_constant(plain, 4, 8, 8);
    sg_generator_config config = options.trainer.generator;
    config.img_resolution = 16;
    config.base_height = 2;
    config.base_width = 4;
    save_tiny_generator(network, &config, 1);
    options.init = network;
    char *started = run_to_end(&options, NULL);
    assert_constant(started, 2, 4, 16);
    const sg_run_options longer = {.resume = started, .kimg = 0.096};
    char *resumed = run_to_end(&longer, NULL);
    assert_string_equal(resumed, started);
    const sg_generator_config last = config_of(resumed, "network-snapshot-000000096.safetensors");
    assert_int_equal(last.base_height, 2);
    free(resumed);
    free(started);
    free(plain);
    free(network);
    free(outdir);
    free(data);
}

/* ---- refusals ---- */

static void data_that_does_not_fit_is_refused(void **state)
{
    char *outdir = tiny_run_outdir(state);
    char *alone = temporary_path(state, "odd-images-idx3-ubyte");
    idx_file images = idx_images(4, 9, 9);
    sg_run_options options = tiny_run_options(alone, outdir);
    assert_run_refused(&options, SG_ERROR_FILE, "odd-images");
    idx_write(alone, &images);
    assert_run_refused(&options, SG_ERROR_SHAPE, "\"resolution\"");
    images = idx_images(4, 68, 100);
    idx_write(alone, &images);
    assert_run_refused(&options, SG_ERROR_SHAPE, "100x68 pixels");
    images = idx_images(4, 8, 12);
    idx_write(alone, &images);
    options.trainer.generator = tiny_growing_config(SG_STYLEGAN1, 8, 1, 0);
    assert_run_refused(&options, SG_ERROR_SHAPE, "pictures of StyleGAN are squares");
    options.trainer.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 1, 0);
    images = idx_images(4, 8, 8);
    idx_write(alone, &images);
    options.conditional = true;
    assert_run_refused(&options, SG_ERROR_ARGUMENT, "\"conditional\"");
    options.conditional = false;
    options.outdir = alone;
    assert_run_refused(&options, SG_ERROR_FILE, alone);
    options.outdir = outdir;
    options.trainer.pl_weight = 0;
    options.trainer.generator.mapping.num_layers = 33;
    assert_run_refused(&options, SG_ERROR_ARGUMENT, "num_layers");
    assert_false(sg_path_exists(outdir));
    free(alone);
    free(outdir);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_run_leaves_the_promised_files),
        IN_FOLDER(statistics_are_lines_of_json),
        IN_FOLDER(snapshots_hold_three_networks),
        IN_FOLDER(lengths_are_counted_in_whole_images),
        IN_FOLDER(equal_runs_give_equal_bytes),
        IN_FOLDER(callbacks_hear_of_every_step_and_line),
        IN_FOLDER(a_stopped_run_saves_itself),
        IN_FOLDER(a_resumed_run_equals_an_uninterrupted_one),
        IN_FOLDER(a_finished_run_can_be_made_longer),
        IN_FOLDER(folders_without_a_run_cannot_be_resumed),
        IN_FOLDER(weights_can_come_from_another_run),
        IN_FOLDER(rectangles_make_rectangular_networks),
        IN_FOLDER(networks_keep_their_constants),
        IN_FOLDER(data_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
