/* stylegan bench from outside: the lines of --json, and refusals. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "support/close.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { MOST_LINES = 32 };

/* The lines of a run's output as JSON. */
typedef struct json_lines {
    cJSON *lines[MOST_LINES];
    int count;
} json_lines;

static json_lines parse_lines(program_result result)
{
    json_lines parsed = {.count = 0};
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    assert_string_equal(result.errors, "");
    for (char *at = result.output; *at;) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        assert_true(parsed.count < MOST_LINES);
        *end = '\0';
        cJSON *line = cJSON_Parse(at);
        if (!line)
            fail_msg("not JSON: %s", at);
        parsed.lines[parsed.count++] = line;
        at = end + 1;
    }
    program_result_clear(&result);
    return parsed;
}

static void free_lines(json_lines *parsed)
{
    for (int i = 0; i < parsed->count; i++)
        cJSON_Delete(parsed->lines[i]);
}

/* A positive number of the line of that name; fails the test without it. */
static double field(const json_lines *parsed, const char *name, const char *key)
{
    for (int i = 0; i < parsed->count; i++) {
        const cJSON *found = cJSON_GetObjectItemCaseSensitive(parsed->lines[i], "name");
        if (!cJSON_IsString(found) || strcmp(found->valuestring, name) != 0)
            continue;
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(parsed->lines[i], key);
        if (!cJSON_IsNumber(item) || !(item->valuedouble > 0))
            fail_msg("%s has no positive %s", name, key);
        return item->valuedouble;
    }
    fail_msg("there is no line for %s", name);
    return 0;
}

static void assert_fields(const json_lines *parsed, const char *name)
{
    static const char *const keys[] = {"seconds", "rate_fraction", "peak_bytes"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        field(parsed, name, keys[i]);
}

static void limits_are_measured(void **state)
{
    (void)state;
    json_lines parsed = parse_lines(RUN("bench", "limits", "--runs", "1", "--json"));
    assert_int_equal(parsed.count, 2);
    assert_fields(&parsed, "limits/conv3x3");
    assert_fields(&parsed, "limits/fma");
    assert_close(field(&parsed, "limits/conv3x3", "rate_fraction"), 1, 1e-12);
    /* 512 to 512 channels, 3x3, on 64x64 pixels. */
    const double gmac = 512.0 * 512 * 9 * 64 * 64 * 1e-9;
    const double seconds = field(&parsed, "limits/conv3x3", "seconds");
    assert_close(field(&parsed, "limits/conv3x3", "gmac_per_second") * seconds / gmac, 1, 0.2);
    free_lines(&parsed);
}

#define TINY                                                                                       \
    "--resolution", "8", "--cbase", "32", "--cmax", "4", "--z-dim", "8", "--w-dim", "8",           \
        "--map-depth", "1", "--runs", "1", "--threads", "1", "--json"

static void training_steps_are_measured(void **state)
{
    (void)state;
    static const char *const names[] = {"train/stylegan2/8/Gmain", "train/stylegan2/8/Greg",
                                        "train/stylegan2/8/Dmain", "train/stylegan2/8/Dreg",
                                        "train/stylegan2/8/step"};
    static const double shares[] = {1, 0.25, 1, 1.0 / 16};
    json_lines parsed = parse_lines(RUN("bench", "train", "--batch", "4", TINY));
    double sum = 0;
    assert_int_equal(parsed.count, 5);
    for (int i = 0; i < 5; i++)
        assert_fields(&parsed, names[i]);
    for (int i = 0; i < 4; i++)
        sum += shares[i] * field(&parsed, names[i], "seconds");
    assert_close(field(&parsed, names[4], "seconds") / sum, 1, 1e-6);
    free_lines(&parsed);
}

/* Two passes of the pipe in each of Gmain and Dmain, R1's every 16th step. */
static void augmentation_is_measured(void **state)
{
    (void)state;
    static const char *const names[] = {"train/stylegan2/8/augment/Gmain",
                                        "train/stylegan2/8/augment/Dmain",
                                        "train/stylegan2/8/augment/Dreg"};
    static const double shares[] = {1, 1, 1.0 / 16};
    json_lines parsed =
        parse_lines(RUN("bench", "train", "--batch", "2", "--aug", "bgc", "--p", "1", TINY));
    double sum = 0;
    assert_int_equal(parsed.count, 9);
    for (int i = 0; i < 3; i++)
        sum += shares[i] * field(&parsed, names[i], "seconds");
    const double seconds = field(&parsed, "train/stylegan2/8/augment", "seconds");
    const double step = field(&parsed, "train/stylegan2/8/step", "seconds");
    assert_close(seconds / sum, 1, 1e-6);
    assert_close(field(&parsed, "train/stylegan2/8/augment", "step_share") * step / seconds, 1,
                 1e-6);
    free_lines(&parsed);
    program_result wrong = RUN("bench", "train", "--aug", "bgx", TINY);
    assert_int_not_equal(wrong.status, 0);
    assert_non_null(strstr(wrong.errors, "\"bgx\" is unknown"));
    program_result_clear(&wrong);
}

/* StyleGAN3 has no regularisation of its generator. */
static void other_families_are_measured(void **state)
{
    (void)state;
    static const char *const names[] = {"train/stylegan3-t/8/Gmain", "train/stylegan3-t/8/Dmain",
                                        "train/stylegan3-t/8/Dreg", "train/stylegan3-t/8/step"};
    json_lines parsed =
        parse_lines(RUN("bench", "train", "--cfg", "stylegan3-t", "--batch", "1", TINY));
    assert_int_equal(parsed.count, 4);
    for (int i = 0; i < 4; i++)
        assert_fields(&parsed, names[i]);
    free_lines(&parsed);
    parsed = parse_lines(RUN("bench", "generate", "--cfg", "stylegan3-r", TINY));
    assert_fields(&parsed, "generate/stylegan3-r/8");
    free_lines(&parsed);
}

/* At the full size, not the one that training begins with. */
static void growing_families_are_measured_whole(void **state)
{
    (void)state;
    json_lines small = parse_lines(RUN("bench", "train", "--cfg", "progan", "--batch", "2", TINY));
    json_lines large = parse_lines(
        RUN("bench", "train", "--cfg", "progan", "--batch", "2", TINY, "--resolution", "16"));
    assert_true(field(&large, "train/progan/16/Gmain", "gmac") >
                field(&small, "train/progan/8/Gmain", "gmac"));
    free_lines(&small);
    free_lines(&large);
}

/* Makes the test's folder, which must be empty, the one for temporary files. */
static void use_folder(void **state)
{
    assert_int_equal(setenv("TMPDIR", *state, 1), 0);
}

static void assert_empty_folder(void **state)
{
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            fail_msg("%s was left behind", entry->d_name);
    closedir(folder);
}

static int leave_folder(void **state)
{
    unsetenv("TMPDIR");
    return temporary_folder_teardown(state);
}

/* Networks wide enough for the fast path, whose error is then not zero; nothing stays behind. */
static void pictures_are_measured(void **state)
{
    use_folder(state);
    json_lines parsed = parse_lines(
        RUN("bench", "generate", "--resolution", "32", "--cbase", "512", "--cmax", "16", "--z-dim",
            "8", "--w-dim", "8", "--map-depth", "1", "--runs", "1", "--threads", "1", "--json"));
    assert_int_equal(parsed.count, 2);
    assert_fields(&parsed, "generate/stylegan2/32");
    double error = field(&parsed, "generate/stylegan2/32", "error");
    assert_true(error > 1e-9 && error < 1e-3);
    field(&parsed, "cold/stylegan2/32", "seconds");
    assert_true(field(&parsed, "cold/stylegan2/32", "total_seconds") >
                field(&parsed, "cold/stylegan2/32", "seconds"));
    free_lines(&parsed);
    assert_empty_folder(state);
}

/* Cold starts are measured of single pictures. */
static void batches_are_measured_warm_only(void **state)
{
    use_folder(state);
    json_lines parsed = parse_lines(RUN("bench", "generate", "--batch", "2", TINY));
    assert_int_equal(parsed.count, 1);
    assert_fields(&parsed, "generate/stylegan2/8");
    free_lines(&parsed);
    assert_empty_folder(state);
}

static void operations_are_measured(void **state)
{
    (void)state;
    json_lines parsed = parse_lines(RUN("bench", "ops", "--resolution", "8", "--cmax", "16",
                                        "--batch", "1", "--runs", "1", "--threads", "1", "--json"));
    assert_fields(&parsed, "ops/convolution");
    field(&parsed, "ops/bias_act", "seconds");
    field(&parsed, "ops/bias_act", "peak_bytes");
    field(&parsed, "limits/fma", "gmac_per_second");
    field(&parsed, "ops/filtered_lrelu/t", "gmac_per_second");
    field(&parsed, "ops/filtered_lrelu/r", "gmac_per_second");
    free_lines(&parsed);
}

static void feature_networks_are_measured(void **state)
{
    (void)state;
    json_lines parsed = parse_lines(
        RUN("bench", "features", "--batch", "1", "--runs", "1", "--threads", "1", "--json"));
    assert_int_equal(parsed.count, 3);
    assert_fields(&parsed, "features/inception");
    field(&parsed, "features/inception", "pictures_per_second");
    assert_fields(&parsed, "features/vgg16");
    assert_fields(&parsed, "features/clip");
    free_lines(&parsed);
}

static void projection_steps_are_measured(void **state)
{
    (void)state;
    json_lines parsed = parse_lines(RUN("bench", "project", "--resolution", "16", "--cbase", "256",
                                        "--cmax", "16", "--runs", "1", "--threads", "1", "--json"));
    assert_int_equal(parsed.count, 1);
    assert_fields(&parsed, "project/stylegan2/16");
    free_lines(&parsed);
}

static void tables_are_printed_without_json(void **state)
{
    (void)state;
    program_result result = RUN("bench", "limits", "--runs", "1");
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.output, "limits/conv3x3 ", 15), 0);
    assert_non_null(strstr(result.output, "rate_fraction"));
    program_result_clear(&result);
}

static void assert_refused_with(program_result result, int status, const char *part)
{
    if (result.status != status)
        fail_msg("exit status %d instead of %d: %s", result.status, status, result.errors);
    if (!strstr(result.errors, part))
        fail_msg("\"%s\" was expected in: %s", part, result.errors);
    assert_string_equal(result.output, "");
    program_result_clear(&result);
}

static void bad_usage_is_refused(void **state)
{
    (void)state;
    static const char *const options[][2] = {
        {"--runs", "0"},       {"--runs", "some"},     {"--threads", "-1"}, {"--batch", "0"},
        {"--batch", "-1"},     {"--resolution", "-8"}, {"--cbase", "0"},    {"--cmax", "x"},
        {"--map-depth", "-1"}, {"--cfg", "biggan"},    {"--z-dim", "0"},    {"--speed", "1"},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        assert_refused_with(RUN("bench", "generate", options[i][0], options[i][1]), 2, "bench");
    assert_refused_with(RUN("bench"), 2, "limits, ops, generate, train, features or project");
    assert_refused_with(RUN("bench", "everything"), 2, "everything");
    assert_refused_with(RUN("bench", "limits", "surplus"), 2, "surplus");
}

static void impossible_networks_are_reported(void **state)
{
    use_folder(state);
    assert_refused_with(RUN("bench", "generate", "--resolution", "12", "--runs", "1"), 1,
                        "img_resolution is 12");
    assert_empty_folder(state);
}

/* A folder for temporary files that is none, and one that the system lacks. */
static void temporary_files_that_cannot_be_made_are_reported(void **state)
{
    char *missing = temporary_path(state, "missing");
    char *file = temporary_path(state, "file");
    char *far = malloc(5000);
    FILE *made = fopen(file, "w");
    assert_non_null(made);
    assert_non_null(far);
    fclose(made);
    memset(far, 'x', 4999);
    far[0] = '/';
    far[4999] = '\0';
    const char *const unfit[] = {missing, file, far};
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        assert_int_equal(setenv("TMPDIR", unfit[i], 1), 0);
        assert_refused_with(RUN("bench", "generate", TINY), 1, "temporary folder");
    }
    free(missing);
    free(file);
    free(far);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, temporary_folder_setup, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_measured),
        cmocka_unit_test(training_steps_are_measured),
        IN_FOLDER(pictures_are_measured),
        IN_FOLDER(batches_are_measured_warm_only),
        cmocka_unit_test(augmentation_is_measured),
        cmocka_unit_test(other_families_are_measured),
        cmocka_unit_test(growing_families_are_measured_whole),
        cmocka_unit_test(operations_are_measured),
        cmocka_unit_test(feature_networks_are_measured),
        cmocka_unit_test(projection_steps_are_measured),
        cmocka_unit_test(tables_are_printed_without_json),
        cmocka_unit_test(bad_usage_is_refused),
        IN_FOLDER(impossible_networks_are_reported),
        IN_FOLDER(temporary_files_that_cannot_be_made_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
