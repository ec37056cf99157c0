/* Scores of a sweep: the best of each training, means over seeds, and the order of settings. */
#include "sweep/sweep_score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "support/temporary_folder.h"

enum { SETTINGS = 4, SEEDS = 2, RUNS = SETTINGS * SEEDS };

/* A plan of four settings with two seeds, whose folders are "0" to "7". */
static sg_sweep_plan plan_of(sg_sweep_run runs[RUNS])
{
    for (size_t i = 0; i < RUNS; i++) {
        runs[i] = (sg_sweep_run){.setting = i % SETTINGS, .seed = i / SETTINGS, .rounds = 1};
        snprintf(runs[i].name, sizeof runs[i].name, "%zu", i);
    }
    return (sg_sweep_plan){
        .setting_count = SETTINGS, .seed_count = SEEDS, .runs = runs, .run_count = RUNS};
}

static sg_sweep_request request_with(const char *metric)
{
    sg_sweep_request request = {.rounds = 1};
    assert_true(sg_metric_list_add(&request.options.metrics, metric));
    return request;
}

static void means_are_ranked(void **state)
{
    sg_sweep_run runs[RUNS];
    sg_sweep_result results[SETTINGS];
    (void)state;
    const sg_sweep_plan plan = plan_of(runs);
    sg_sweep_score scores[RUNS] = {{3, 1, 3}, {NAN, NAN, NAN}, {1, 1, 1}, {NAN, NAN, NAN},
                                   {5, 2, 5}, {2, 1, 2},       {6, 1, 6}, {NAN, NAN, NAN}};
    sg_sweep_request request = request_with("fid5k_full");
    sg_sweep_rank(&request, &plan, scores, results);
    /* (1 + 6) / 2 = 3.5, (3 + 5) / 2 = 4, and 2 of a setting whose other seed diverged. */
    static const size_t order[] = {2, 0, 1, 3};
    for (size_t i = 0; i < SETTINGS; i++)
        assert_int_equal(results[i].setting, order[i]);
    assert_true(results[2].seeds == 1 && results[2].mean == 2 && isnan(results[2].deviation));
    assert_true(fabs(results[0].deviation - sqrt(12.5)) < 1e-12);
    assert_true(results[0].least == 1 && results[0].most == 6 && results[0].best_run == 2);
    /* Equal means keep the order of the plan. */
    scores[4].best = 4;
    sg_sweep_rank(&request, &plan, scores, results);
    assert_int_equal(results[0].setting, 0);
    assert_int_equal(results[1].setting, 2);
    scores[4].best = 5;
    assert_true(isnan(results[3].mean) && results[3].seeds == 0 && results[3].best_run == 3);
    /* More is better of the Inception score; later rounds go first. */
    request = request_with("is5k");
    runs[3].rounds = runs[7].rounds = 2;
    sg_sweep_rank(&request, &plan, scores, results);
    assert_int_equal(results[0].setting, 3);
    assert_int_equal(results[1].setting, 0);
    assert_int_equal(results[1].best_run, 4);
}

static void logs_are_read(void **state)
{
    static const char lines[] =
        "{\"results\": {\"fid5k_full\": 9}, \"snapshot_pkl\": \"network-snapshot-000001000\"}\n"
        "{\"results\": {\"fid5k_full\": 4}, \"snapshot_pkl\": \"network-snapshot-000002000\"}\n"
        "{\"results\": {\"fid5k_full\": 6}, \"snapshot_pkl\": \"network-snapshot-000003000\"}\n";
    sg_sweep_run runs[RUNS];
    sg_sweep_score scores[RUNS];
    sg_error error = {0};
    const sg_sweep_plan plan = plan_of(runs);
    const sg_sweep_request request = request_with("fid5k_full");
    char *path = temporary_path(state, "2/metric-fid5k_full.jsonl");
    char *folder = temporary_path(state, "");
    assert_int_equal(sg_make_parent_folder(path, &error), SG_OK);
    assert_int_equal(sg_write_file(path, lines, sizeof lines - 1, &error), SG_OK);
    assert_int_equal(sg_sweep_score_runs(folder, &request, &plan, scores, &error), SG_OK);
    assert_true(scores[2].best == 4 && scores[2].kimg == 2 && scores[2].last == 6);
    assert_true(isnan(scores[0].best) && isnan(scores[0].last));
    free(folder);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_ranked),
        cmocka_unit_test_setup_teardown(logs_are_read, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
