/* Run folders: what is read of whole ones, of others, and of damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runs/run_record.h"
#include "support/close.h"
#include "support/made_run.h"
#include "support/temporary_folder.h"

static sg_run_record open_run(const char *folder)
{
    sg_run_record run;
    sg_error error = {0};
    if (sg_run_record_open(folder, &run, &error))
        fail_msg("%s", error.message);
    return run;
}

static void test_options_are_texts(void **state)
{
    char *folder = made_run(state, "00007-a",
                            "{\"cfg\":\"dcgan\",\"batch\":20,\"cond\":true,"
                            "\"G_kwargs\":{\"z_dim\":64,\"deep\":{\"x\":[1,2]}},"
                            "\"none\":null}",
                            3, 1);
    sg_run_record run = open_run(folder);
    assert_string_equal(run.name, "00007-a");
    assert_string_equal(sg_record_option_value(&run, "cfg"), "dcgan");
    assert_string_equal(sg_record_option_value(&run, "cond"), "yes");
    assert_string_equal(sg_record_option_value(&run, "G_kwargs.z_dim"), "64");
    assert_string_equal(sg_record_option_value(&run, "G_kwargs.deep.x"), "[1,2]");
    assert_string_equal(sg_record_option_value(&run, "none"), "null");
    assert_null(sg_record_option_value(&run, "G_kwargs"));
    assert_int_equal(run.history.count, 3);
    assert_close(run.history.steps[2], 150, 1e-9);
    assert_int_equal(run.sheet_count, 4);
    assert_close(run.sheets[3], 3, 0);
    sg_run_record_close(&run);
    free(folder);
}

static void test_events_have_their_place(void **state)
{
    char *folder = made_run(state, "00001-a", "{}", 4, 1);
    made_run_file(folder, "log.txt",
                  "Run folder: x\n"
                  "Warning: said at the start\n"
                  "tick 0     kimg 1.0      time 2s\n"
                  "Warning: about the first tick\n"
                  "Still, after 16 ticks: about the first tick.\n"
                  "kimg 1.4: 8x8 fades in, batch 16\n"
                  "tick 1     kimg 2.0      time 4s\n"
                  "Warning: forgotten, since the run goes on before it\n"
                  "Resumed at kimg 1.500\n"
                  "tick 1     kimg 2.0      time 4s\n"
                  "kimg 2.0     fid50k 12\n");
    made_run_file(folder, "network-snapshot-000003000.safetensors", "");
    made_run_file(folder, "network-snapshot-3.safetensors", "");
    sg_run_record run = open_run(folder);
    const struct {
        sg_record_event_kind kind;
        double kimg;
        const char *text;
    } expected[] = {{SG_RECORD_WARNING, 0, "said at the start"},
                    {SG_RECORD_WARNING, 1, "about the first tick"},
                    {SG_RECORD_PHASE, 1.4, "8x8 fades in, batch 16"},
                    {SG_RECORD_RESUME, 1.5, "resumed"},
                    {SG_RECORD_SNAPSHOT, 3, ""}};
    assert_int_equal(run.event_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < run.event_count; i++) {
        assert_int_equal(run.events[i].kind, expected[i].kind);
        assert_close(run.events[i].kimg, expected[i].kimg, 0);
        assert_string_equal(run.events[i].text, expected[i].text);
    }
    sg_run_record_close(&run);
    free(folder);
}

static void test_metrics_know_their_best(void **state)
{
    char *folder = made_run(state, "00001-a", "{}", 3, 1);
    made_run_file(folder, "metric-fid5k_full.jsonl",
                  "{\"results\":{\"fid5k_full\":9},\"snapshot_pkl\":\"network-snapshot-000001000."
                  "safetensors\"}\n"
                  "{\"results\":{\"fid5k_full\":7},\"snapshot_pkl\":\"network-snapshot-000003000."
                  "safetensors\"}\n"
                  "{\"results\":{\"fid5k_full\":3},\"snapshot_pkl\":\"network-snapshot-000002000."
                  "safetensors\"}\nno JSON\n");
    made_run_file(folder, "metric-unknown.jsonl", "{}\n");
    sg_run_record run = open_run(folder);
    const sg_record_metric *metric = sg_record_metric_of(&run, "fid5k_full");
    assert_int_equal(run.metric_count, 1);
    assert_int_equal(metric->count, 3);
    assert_int_equal(metric->better, -1);
    assert_int_equal(sg_record_metric_best(metric), 1);
    assert_close(metric->kimg[1], 2, 0);
    sg_run_record_close(&run);
    free(folder);
}

static void test_other_folders_are_refused(void **state)
{
    sg_error error = {0};
    sg_run_record run;
    assert_int_equal(sg_run_record_open(*state, &run, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "no run folder"));
    sg_run_record_close(&run);
    static const char *const bad[] = {"", "[]", "{\"cfg\":", "\x80\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error = (sg_error){0};
        char *folder = made_run_folder(state, "bad", bad[i], NULL);
        assert_int_equal(sg_run_record_open(folder, &run, &error), SG_ERROR_FORMAT);
        sg_run_record_close(&run);
        free(folder);
    }
}

static void test_a_run_that_has_just_begun_is_empty(void **state)
{
    char *folder = made_run_folder(state, "new", "{}", NULL);
    sg_run_record run = open_run(folder);
    assert_int_equal(run.history.count + run.event_count + run.sheet_count + run.metric_count, 0);
    sg_run_record_close(&run);
    free(folder);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_options_are_texts),
        TEST(test_events_have_their_place),
        TEST(test_metrics_know_their_best),
        TEST(test_other_folders_are_refused),
        TEST(test_a_run_that_has_just_begun_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
