/* Run folders: numbering, appending, options written and read back, statistics. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/file.h"
#include "models/config_json.h"
#include "support/close.h"
#include "support/idx_file.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "train/run/run_folder.h"

static void assert_next_folder(const char *outdir, const char *description, const char *expected)
{
    char folder[SG_PATH_BYTES];
    sg_error error = {0};
    if (sg_run_folder_create(outdir, description, folder, &error))
        fail_msg("%s", error.message);
    assert_true(sg_path_is_folder(folder));
    assert_string_equal(strrchr(folder, '/') + 1, expected);
}

static void folders_are_numbered_in_order(void **state)
{
    char *outdir = temporary_path(state, "a/b/c");
    assert_next_folder(outdir, "one", "00000-one");
    assert_next_folder(outdir, "one", "00001-one");
    assert_next_folder(outdir, "two", "00002-two");
    free(outdir);
}

static void numbers_follow_the_highest_there_is(void **state)
{
    static const char *const names[] = {"00007-x", "notes", "12", "00003-y", "-5-z", "abc-9"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = temporary_path(state, names[i]);
        assert_int_equal(mkdir(path, 0777), 0);
        free(path);
    }
    assert_next_folder(*state, "next", "00008-next");
}

static void folders_that_cannot_be_made_are_reported(void **state)
{
    char folder[SG_PATH_BYTES];
    sg_error error = {0};
    char *file = temporary_path(state, "file");
    char *below = temporary_path(state, "file/below");
    raw_write(file, "x", 1);
    assert_int_equal(sg_run_folder_create(below, "run", folder, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, file));
    error = (sg_error){0};
    assert_int_equal(sg_run_folder_create(*state, "no/such", folder, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "no/such"));
    char *last = temporary_path(state, "99999-run");
    assert_int_equal(mkdir(last, 0777), 0);
    error = (sg_error){0};
    char *description = calloc(SG_PATH_BYTES + 1, 1);
    assert_non_null(description);
    memset(description, 'x', SG_PATH_BYTES);
    assert_int_equal(sg_run_folder_create(*state, description, folder, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "too long"));
    free(description);
    free(last);
    free(below);
    free(file);
}

static void lines_are_appended(void **state)
{
    sg_error error = {0};
    size_t size = 0;
    assert_int_equal(sg_run_folder_append(*state, "log.txt", "first", &error), SG_OK);
    assert_int_equal(sg_run_folder_append(*state, "log.txt", "100% second", &error), SG_OK);
    char *text = (char *)bytes_of(*state, "log.txt", &size);
    assert_string_equal(text, "first\n100% second\n");
    free(text);
    assert_int_equal(sg_run_folder_append(*state, "no/log.txt", "x", &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "no/log.txt"));
}

/* Options of which none has its default. */
static sg_run_options unusual_options(void)
{
    sg_run_options options = tiny_run_options("some/data", "some/outdir");
    sg_trainer_options *t = &options.trainer;
    t->generator = tiny_generator_config(SG_ARCHITECTURE_RESNET, 3, 2);
    t->discriminator = tiny_discriminator_config(SG_ARCHITECTURE_ORIG, 3, 2);
    options.cfg = 3;
    options.conditional = true;
    options.mirror = true;
    options.kimg = 12.5;
    options.snap = 7;
    options.plain = true;
    t->seed = 123456789;
    t->batch = 24;
    t->batch_part = 8;
    t->gamma = 3.25;
    t->g_rate = 0.003;
    t->d_rate = 0.004;
    t->beta1 = 0.1;
    t->beta2 = 0.95;
    t->pl_weight = 0.5;
    t->pl_decay = 0.02;
    t->style_mixing_prob = 0.25;
    t->g_interval = 5;
    t->d_interval = 9;
    t->ema_kimg = 1.5;
    t->ema_rampup = 0.125;
    t->clip_gradient = 7.5;
    return options;
}

static void stylegan3_options_come_back_as_written(void **state)
{
    sg_error error = {0};
    sg_run_options written = unusual_options();
    sg_saved_options *saved = calloc(1, sizeof *saved);
    sg_generator_config *generator = &written.trainer.generator;
    assert_non_null(saved);
    *generator = tiny_stylegan3_config(true, 3, 0);
    generator->stylegan3.num_critical = 1;
    generator->stylegan3.first_cutoff = 1.25;
    generator->stylegan3.magnitude_ema_beta = 0.99944563597;
    generator->conv_clamp = -1;
    written.trainer.g_interval = 0;
    written.trainer.blur_init_sigma = 10;
    written.trainer.blur_fade_kimg = 6.25;
    assert_int_equal(sg_run_folder_write_options(*state, &written, &error), SG_OK);
    if (sg_run_folder_read_options(*state, saved, &error))
        fail_msg("%s", error.message);
    const sg_trainer_options *read = &saved->options.trainer;
    assert_int_equal(read->generator.family, SG_STYLEGAN3);
    cJSON *expected = sg_generator_config_to_json(generator);
    cJSON *found = sg_generator_config_to_json(&read->generator);
    assert_true(cJSON_Compare(found, expected, true));
    cJSON_Delete(expected);
    cJSON_Delete(found);
    assert_int_equal(read->g_interval, 0);
    assert_close(read->blur_init_sigma, 10, 0);
    assert_close(read->blur_fade_kimg, 6.25, 0);
    free(saved);
}

static void options_come_back_as_written(void **state)
{
    sg_error error = {0};
    const sg_run_options written = unusual_options();
    sg_saved_options *saved = calloc(1, sizeof *saved);
    assert_non_null(saved);
    assert_int_equal(sg_run_folder_write_options(*state, &written, &error), SG_OK);
    assert_int_equal(sg_run_folder_read_options(*state, saved, &error), SG_OK);
    const sg_run_options *read = &saved->options;
    assert_int_equal(read->cfg, 3);
    assert_string_equal(read->data, "some/data");
    assert_true(read->conditional && read->mirror);
    assert_close(read->kimg, 12.5, 0);
    assert_close(read->tick, written.tick, 0);
    assert_int_equal(read->snap, 7);
    assert_true(read->plain);
    assert_memory_equal(&read->trainer.generator, &written.trainer.generator,
                        sizeof written.trainer.generator);
    assert_memory_equal(&read->trainer.discriminator, &written.trainer.discriminator,
                        sizeof written.trainer.discriminator);
    const double found[] = {read->trainer.gamma,        read->trainer.g_rate,
                            read->trainer.d_rate,       read->trainer.beta1,
                            read->trainer.beta2,        read->trainer.pl_weight,
                            read->trainer.pl_decay,     read->trainer.style_mixing_prob,
                            read->trainer.ema_kimg,     read->trainer.ema_rampup,
                            read->trainer.clip_gradient};
    const double expected[] = {3.25, 0.003, 0.004, 0.1, 0.95, 0.5, 0.02, 0.25, 1.5, 0.125, 7.5};
    for (int i = 0; i < 11; i++)
        assert_close(found[i], expected[i], 0);
    assert_int_equal(read->trainer.seed, 123456789);
    assert_int_equal(read->trainer.batch, 24);
    assert_int_equal(read->trainer.batch_part, 8);
    assert_int_equal(read->trainer.g_interval, 5);
    assert_int_equal(read->trainer.d_interval, 9);
    free(saved);
}

/* Runs from before there were a blur, other losses or other families do not have their fields. */
static void options_of_older_runs_are_read(void **state)
{
    static const char *const names[] = {
        "blur_init_sigma", "blur_fade_kimg", "loss",  "optimizer", "n_critic",
        "clip_weights",    "gp_weight",      "drift", "r2_gamma",  "family"};
    sg_error error = {0};
    const sg_run_options written = unusual_options();
    sg_saved_options *saved = calloc(1, sizeof *saved);
    size_t size = 0;
    assert_non_null(saved);
    assert_int_equal(sg_run_folder_write_options(*state, &written, &error), SG_OK);
    unsigned char *bytes = bytes_of(*state, "training_options.json", &size);
    cJSON *root = cJSON_ParseWithLength((char *)bytes, size);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(root, names[i]);
    char *text = cJSON_Print(root);
    char *path = sg_path_join(*state, "training_options.json");
    raw_write(path, text, strlen(text));
    if (sg_run_folder_read_options(*state, saved, &error))
        fail_msg("%s", error.message);
    assert_int_equal(saved->options.trainer.loss, SG_LOSS_LOGISTIC);
    assert_int_equal(saved->options.trainer.n_critic, 1);
    assert_int_equal(saved->options.trainer.generator.family, SG_STYLEGAN2);
    assert_int_equal(saved->options.trainer.batch, 24);
    free(path);
    cJSON_free(text);
    cJSON_Delete(root);
    free(bytes);
    free(saved);
}

/* cJSON allocates this many times before it fails; negative: it never does. */
static int allocations_left = -1;

static void *allocate_or_fail(size_t size)
{
    if (allocations_left == 0)
        return NULL;
    allocations_left -= allocations_left > 0;
    return malloc(size);
}

/* Writes the options or a tick into `folder`. */
static sg_status write_one(const char *folder, bool ticks, sg_error *error)
{
    const sg_tick tick = {.number = 1, .kimg = 2, .grows = true};
    sg_statistics statistics = {0};
    sg_run_options options = unusual_options();
    if (!ticks) {
        options.trainer.growing = (sg_growing_schedule){.initial_resolution = 4, .repeats = 1};
        return sg_run_folder_write_options(folder, &options, error);
    }
    sg_statistics_add(&statistics, SG_STATISTIC_LOSS_D, 2);
    sg_statistics_add(&statistics, SG_STATISTIC_LOSS_G, 1);
    return sg_run_folder_write_tick(folder, &tick, &statistics, error);
}

/* Whichever allocation fails, a file is whole or the call says that memory ran out. */
static void files_are_whole_or_not_written(void **state)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate_or_fail, .free_fn = free};
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "stats.jsonl" : "training_options.json";
        sg_status status = SG_ERROR_MEMORY;
        int failures = -1;
        char *path = sg_path_join(*state, name);
        for (cJSON_InitHooks(&hooks); status; failures++) {
            sg_error error = {0};
            allocations_left = failures + 1;
            status = write_one(*state, i == 1, &error);
            if (status)
                assert_non_null(strstr(error.message, "out of memory for "));
            assert_int_equal(sg_path_exists(path), !status);
        }
        cJSON_InitHooks(NULL);
        assert_true(failures > 20);
        size_t size = 0;
        unsigned char *bytes = bytes_of(*state, name, &size);
        cJSON *root = cJSON_ParseWithLength((char *)bytes, size);
        assert_non_null(cJSON_GetObjectItemCaseSensitive(root, i ? "timestamp" : "D_kwargs"));
        cJSON_Delete(root);
        free(bytes);
        free(path);
    }
}

/* Writes the options with one of them replaced by a JSON text, and expects a refusal. */
static void assert_option_refused(const char *folder, const char *name, const char *value)
{
    sg_error error = {0};
    const sg_run_options written = unusual_options();
    sg_saved_options *saved = calloc(1, sizeof *saved);
    assert_non_null(saved);
    assert_int_equal(sg_run_folder_write_options(folder, &written, &error), SG_OK);
    size_t size = 0;
    unsigned char *bytes = bytes_of(folder, "training_options.json", &size);
    cJSON *root = cJSON_ParseWithLength((char *)bytes, size);
    cJSON *item = cJSON_Parse(value);
    assert_non_null(item);
    assert_true(cJSON_ReplaceItemInObjectCaseSensitive(root, name, item));
    char *text = cJSON_Print(root);
    char *path = sg_path_join(folder, "training_options.json");
    raw_write(path, text, strlen(text));
    if (!sg_run_folder_read_options(folder, saved, &error))
        fail_msg("%s: %s was taken", name, value);
    assert_true(strlen(error.message) > 20);
    free(path);
    cJSON_free(text);
    cJSON_Delete(root);
    free(bytes);
    free(saved);
}

static void options_out_of_range_are_refused(void **state)
{
    assert_option_refused(*state, "batch", "0");
    assert_option_refused(*state, "batch", "1e12");
    assert_option_refused(*state, "batch", "\"32\"");
    assert_option_refused(*state, "batch_gpu", "7");
    assert_option_refused(*state, "seed", "-1");
    assert_option_refused(*state, "kimg", "null");
    assert_option_refused(*state, "G_reg_interval", "-1");
    assert_option_refused(*state, "blur_init_sigma", "-1");
    assert_option_refused(*state, "family", "\"StyleGAN9\"");
    assert_option_refused(*state, "D_reg_interval", "-16");
    assert_option_refused(*state, "data", "7");
    assert_option_refused(*state, "G_kwargs", "{\"z_dim\": -3}");
    assert_option_refused(*state, "D_kwargs", "{\"img_resolution\": 12}");
}

static void ticks_become_lines(void **state)
{
    sg_error error = {0};
    const sg_tick tick = {.number = 3,
                          .kimg = 1.5,
                          .total_seconds = 10,
                          .seconds_per_tick = 4,
                          .seconds_per_kimg = 2,
                          .peak_bytes = 1 << 29,
                          .timestamp = 1.8e9};
    sg_statistics statistics;
    sg_statistics_reset(&statistics);
    sg_statistics_add(&statistics, SG_STATISTIC_LOSS_G, 1);
    sg_statistics_add(&statistics, SG_STATISTIC_LOSS_G, 3);
    sg_statistics_add(&statistics, SG_STATISTIC_LOSS_D, (double)NAN);
    assert_int_equal(sg_run_folder_write_tick(*state, &tick, &statistics, &error), SG_OK);
    size_t size = 0;
    char *text = (char *)bytes_of(*state, "stats.jsonl", &size);
    assert_ptr_equal(strchr(text, '\n'), text + size - 1);
    cJSON *line = cJSON_Parse(text);
    const cJSON *loss = cJSON_GetObjectItemCaseSensitive(line, "Loss/G/loss");
    assert_close(cJSON_GetObjectItem(loss, "num")->valuedouble, 2, 0);
    assert_close(cJSON_GetObjectItem(loss, "mean")->valuedouble, 2, 0);
    assert_close(cJSON_GetObjectItem(loss, "std")->valuedouble, 1, 0);
    const cJSON *memory = cJSON_GetObjectItemCaseSensitive(line, "Resources/cpu_mem_gb");
    assert_close(cJSON_GetObjectItem(memory, "mean")->valuedouble, 0.5, 0);
    /* Not a number has no place in JSON. */
    const cJSON *broken = cJSON_GetObjectItemCaseSensitive(line, "Loss/D/loss");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(broken, "mean")));
    assert_null(cJSON_GetObjectItemCaseSensitive(line, "Loss/r1_penalty"));
    cJSON_Delete(line);
    free(text);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(folders_are_numbered_in_order),
        IN_FOLDER(numbers_follow_the_highest_there_is),
        IN_FOLDER(folders_that_cannot_be_made_are_reported),
        IN_FOLDER(lines_are_appended),
        IN_FOLDER(options_come_back_as_written),
        IN_FOLDER(stylegan3_options_come_back_as_written),
        IN_FOLDER(options_out_of_range_are_refused),
        IN_FOLDER(options_of_older_runs_are_read),
        IN_FOLDER(files_are_whole_or_not_written),
        IN_FOLDER(ticks_become_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
