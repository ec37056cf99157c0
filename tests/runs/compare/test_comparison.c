/* Runs side by side: names, tables, sheets, data and the page. */
#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "runs/compare/comparison.h"
#include "support/close.h"
#include "support/made_run.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { RUNS = 3 };

#define METRIC(kimg, value)                                                                        \
    "{\"results\":{\"fid5k_full\":" #value "},\"snapshot_pkl\":\"network-snapshot-00000" #kimg     \
    "000.safetensors\"}\n"

/* Three runs of 4, 4 and 6 kimg. */
static void make_runs(void **state, char *folders[RUNS])
{
    folders[0] = made_run(state, "00000-a",
                          "{\"cfg\":\"dcgan\",\"loss\":\"wgan\",\"kimg\":4,\"seed\":1}", 4, 2);
    folders[1] = made_run(state, "00001-b",
                          "{\"cfg\":\"dcgan\",\"loss\":\"hinge\",\"kimg\":4,\"seed\":1}", 4, 3);
    folders[2] = made_run(state, "00002-c",
                          "{\"cfg\":\"dcgan\",\"loss\":\"hinge\",\"kimg\":6,\"seed\":2}", 6, 4);
    made_run_file(folders[1], "metric-fid5k_full.jsonl", METRIC(1, 5) METRIC(2, 3) METRIC(3, 4));
    made_run_file(folders[2], "log.txt", "tick 1 kimg 2.0\nWarning: <b> & so on\n");
}

/* Compares the runs, after the file of this name, if any, is removed from the second. */
static void compare_without(void **state, sg_comparison_options *options, const char *file)
{
    sg_error error = {0};
    char *folders[RUNS];
    char path[512];
    char *outdir = temporary_path(state, "out");
    make_runs(state, folders);
    assert_true(snprintf(path, sizeof path, "%s/%s", folders[1], file ? file : "") <
                (int)sizeof path);
    assert_true(!file || remove(path) == 0);
    options->folders = (const char *const *)folders;
    options->run_count = RUNS;
    options->outdir = outdir;
    if (sg_compare_runs(options, NULL, &error))
        fail_msg("%s", error.message);
    for (int i = 0; i < RUNS; i++)
        free(folders[i]);
    free(outdir);
}

static void compare(void **state, sg_comparison_options *options)
{
    compare_without(state, options, NULL);
}

/* The content of OUT/NAME, on the heap. */
static char *read_text(void **state, const char *name)
{
    char part[64];
    unsigned char *bytes = NULL;
    size_t size = 0;
    snprintf(part, sizeof part, "out/%s", name);
    char *path = temporary_path(state, part);
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, NULL), SG_OK);
    free(path);
    return (char *)bytes;
}

static void assert_file_holds(void **state, const char *name, const char *part)
{
    char *text = read_text(state, name);
    assert_holds(text, part);
    free(text);
}

static void test_tables_and_data(void **state)
{
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    compare(state, &options);
    assert_file_holds(state, "runs.csv",
                      "run,kimg,minutes,seconds per kimg,best fid5k_full,"
                      "at kimg,last loss of G,");
    assert_file_holds(state, "runs.csv", "\n\"hinge, seed 1\",4,0.13333,2,3,2,2.7,0.5,-,0,");
    assert_file_holds(state, "runs.csv", "\n\"wgan, seed 1\",4,");
    assert_file_holds(state, "options.csv", "\nloss,wgan,hinge,hinge\n");
    assert_file_holds(state, "options.csv", "\nkimg,4,4,6\n");
    assert_file_holds(state, "curves.csv", "\n\"hinge, seed 2\",Loss/G/loss,2,,4,3.9\n");
    assert_file_holds(state, "curves.csv", "\n\"hinge, seed 1\",fid5k_full,3,,6,4\n");
    char *options_text = read_text(state, "options.csv");
    assert_null(strstr(options_text, "cfg"));
    free(options_text);
}

static void test_json_has_results(void **state)
{
    sg_comparison_options options;
    const char *const labels[RUNS] = {"one", NULL, "three"};
    sg_comparison_options_init(&options);
    options.labels = labels;
    compare(state, &options);
    char *text = read_text(state, "compare.json");
    cJSON *root = cJSON_Parse(text);
    const cJSON *runs = cJSON_GetObjectItem(root, "runs");
    const cJSON *second = cJSON_GetArrayItem(runs, 1);
    const cJSON *metric = cJSON_GetObjectItem(cJSON_GetObjectItem(second, "metrics"), "fid5k_full");
    assert_int_equal(cJSON_GetArraySize(runs), RUNS);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(runs, 0), "label")->valuestring,
                        "one");
    assert_string_equal(cJSON_GetObjectItem(second, "label")->valuestring, "hinge, seed 1");
    assert_close(cJSON_GetObjectItem(metric, "best")->valuedouble, 3, 0);
    assert_close(cJSON_GetObjectItem(metric, "best_kimg")->valuedouble, 2, 0);
    assert_close(cJSON_GetObjectItem(metric, "last")->valuedouble, 4, 0);
    assert_close(cJSON_GetObjectItem(second, "seconds_per_kimg")->valuedouble, 2, 1e-12);
    cJSON_Delete(root);
    free(text);
}

static void test_page_needs_nothing_else(void **state)
{
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    options.title = "Losses <&> \"more\"";
    compare(state, &options);
    char *page = read_text(state, "compare.html");
    assert_holds(page, "<h1>Losses &lt;&amp;&gt; &quot;more&quot;</h1>");
    assert_holds(page, "kimg 2: &lt;b&gt; &amp; so on</li>");
    assert_holds(page, "src=\"data:image/png;base64,iVBORw0KGgo");
    assert_null(strstr(page, "http"));
    free(page);
}

static sg_image *read_picture(void **state, const char *name)
{
    char part[64];
    sg_image *image = NULL;
    snprintf(part, sizeof part, "out/%s", name);
    char *path = temporary_path(state, part);
    assert_int_equal(png_read(path, &image, NULL), SG_OK);
    free(path);
    return image;
}

/* The columns of a figure that have a pixel of this level in the row. */
static bool row_has(const sg_image *image, size_t y, int level)
{
    for (size_t x = 0; x < image->width; x++) {
        const uint8_t *p = image->pixels + 3 * (y * image->width + x);
        if (p[0] == level && p[1] == level && p[2] == level)
            return true;
    }
    return false;
}

static bool has_level(const sg_image *image, int level)
{
    for (size_t y = 0; y < image->height; y++)
        if (row_has(image, y, level))
            return true;
    return false;
}

static void test_sheets_of_the_same_length_are_side_by_side(void **state)
{
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    options.columns = 2;
    options.cells_x = options.cells_y = 1;
    compare(state, &options);
    /* Sheets at kimg 2 and 4 of all runs, and the last one of the longest, at kimg 6. */
    sg_image *image = read_picture(state, "sheets.png");
    for (int kimg = 0; kimg <= 6; kimg++)
        assert_int_equal(has_level(image, kimg), kimg == 2 || kimg == 4 || kimg == 6);
    sg_image_destroy(image);
}

/* The lengths are those of the run that has the fewest sheets, so that no cell is empty. */
static void test_missing_sheets_leave_no_gaps(void **state)
{
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    options.cells_x = options.cells_y = 1;
    compare_without(state, &options, "fakes-000002000.png");
    sg_image *image = read_picture(state, "sheets.png");
    for (int kimg = 0; kimg <= 6; kimg++)
        assert_int_equal(has_level(image, kimg), kimg != 0 && kimg != 2 && kimg != 5);
    sg_image_destroy(image);
}

static void test_sheets_may_be_named(void **state)
{
    sg_comparison_options options;
    double at[] = {1, 3};
    sg_comparison_options_init(&options);
    options.at = (sg_decimal_list){.values = at, .count = 2};
    options.cells_x = options.cells_y = 1;
    compare(state, &options);
    sg_image *image = read_picture(state, "sheets.png");
    for (int kimg = 0; kimg <= 6; kimg++)
        assert_int_equal(has_level(image, kimg), kimg == 1 || kimg == 3);
    sg_image_destroy(image);
}

static void test_curves_have_a_panel_for_each_statistic(void **state)
{
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    compare(state, &options);
    sg_image *image = read_picture(state, "curves.png");
    /* The title, the legend's line, the metric, two losses, the name of the axis. */
    assert_int_equal(image->height, 24 + 18 + 3 * 220 + 20);
    sg_image_destroy(image);
}

static void test_wrong_requests_are_sentences(void **state)
{
    sg_comparison_options options;
    sg_error error = {0};
    const char *const folders[] = {*state};
    sg_comparison_options_init(&options);
    options.outdir = *state;
    options.folders = folders;
    assert_int_equal(sg_compare_runs(&options, NULL, &error), SG_ERROR_ARGUMENT);
    options.run_count = 1;
    error = (sg_error){0};
    assert_int_equal(sg_compare_runs(&options, NULL, &error), SG_ERROR_FILE);
    options.columns = 99;
    error = (sg_error){0};
    assert_int_equal(sg_compare_runs(&options, NULL, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "columns"));
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_tables_and_data),
        TEST(test_json_has_results),
        TEST(test_page_needs_nothing_else),
        TEST(test_sheets_of_the_same_length_are_side_by_side),
        TEST(test_missing_sheets_leave_no_gaps),
        TEST(test_sheets_may_be_named),
        TEST(test_curves_have_a_panel_for_each_statistic),
        TEST(test_wrong_requests_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
