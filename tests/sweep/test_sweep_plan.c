/* Plans of sweeps: grids, lists, draws, seeds, names, and requests without a plan. */
#include "sweep/sweep_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void give(sg_sweep_request *request, const char *option, const char *text)
{
    const int row = sg_field_find_option(&sg_training_table, option);
    assert_int_equal(
        sg_sweep_set_option((size_t)row, text, &request->options, &request->given, NULL), SG_OK);
}

/* A request for trainings of one kimg that vary as the texts say. */
static sg_sweep_request request_of(sg_sweep_kind kind, const char *first, const char *second,
                                   const char *third)
{
    const char *const texts[] = {first, second, third};
    sg_sweep_request request = {.kind = kind, .rounds = 1, .options = sg_run_options_default()};
    give(&request, "data", "pictures");
    give(&request, "outdir", "sweep");
    give(&request, "kimg", "1");
    for (size_t i = 0; i < 3 && texts[i]; i++)
        request.vary[request.vary_count++] = texts[i];
    return request;
}

static void assert_refused(const sg_sweep_request *request, const char *part)
{
    sg_sweep_plan plan;
    sg_error error = {0};
    assert_int_equal(sg_sweep_plan_make(request, &plan, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" is not in: %s", part, error.message);
    sg_sweep_plan_clear(&plan);
}

static void assert_planned(const sg_sweep_request *request, const char *const *labels)
{
    sg_sweep_plan plan;
    sg_error error = {0};
    size_t count = 0;
    if (sg_sweep_plan_make(request, &plan, &error))
        fail_msg("%s", error.message);
    for (; labels[count]; count++) {
        assert_true(count < plan.run_count);
        assert_string_equal(plan.runs[count].label, labels[count]);
    }
    assert_int_equal(count, plan.run_count);
    sg_sweep_plan_clear(&plan);
}

static void grids_are_all_combinations(void **state)
{
    static const char *const labels[] = {"gamma=1 z-dim=8", "gamma=1 z-dim=16", "gamma=2 z-dim=8",
                                         "gamma=2 z-dim=16", NULL};
    (void)state;
    const sg_sweep_request request = request_of(SG_SWEEP_GRID, "gamma=1,2", "z-dim=8,16", NULL);
    assert_planned(&request, labels);
}

/* All settings with the first seed come first, so that a sweep that is ended has compared them. */
static void seeds_repeat_all_settings(void **state)
{
    static const char *const labels[] = {"gamma=1 seed=3", "gamma=2 seed=3", "gamma=1 seed=4",
                                         "gamma=2 seed=4", NULL};
    (void)state;
    const sg_sweep_request request = request_of(SG_SWEEP_GRID, "gamma=1,2", "seed=3,4", NULL);
    assert_planned(&request, labels);
}

static void lists_go_side_by_side(void **state)
{
    static const char *const labels[] = {"cfg=dcgan map-depth=default glr=0.001",
                                         "cfg=stylegan2 map-depth=2 glr=0.001", NULL};
    (void)state;
    const sg_sweep_request request =
        request_of(SG_SWEEP_LIST, "cfg=dcgan,stylegan2", "map-depth=,2", "glr=0.001");
    assert_planned(&request, labels);
}

static void draws_repeat_and_differ(void **state)
{
    sg_sweep_plan plan;
    sg_sweep_plan again;
    (void)state;
    sg_sweep_request request =
        request_of(SG_SWEEP_RANDOM, "glr=log:1e-4..1e-2", "batch=8,16,32", "seed=0-1");
    request.draws = 12;
    assert_int_equal(sg_sweep_plan_make(&request, &plan, NULL), SG_OK);
    assert_int_equal(sg_sweep_plan_make(&request, &again, NULL), SG_OK);
    assert_int_equal(plan.run_count, 24);
    for (size_t i = 0; i < plan.run_count; i++) {
        assert_string_equal(plan.runs[i].label, again.runs[i].label);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(plan.runs[i].label, plan.runs[k].label);
    }
    sg_sweep_plan_clear(&again);
    sg_sweep_plan_clear(&plan);
}

/* Nine of nine whole numbers. */
static void repeated_draws_are_drawn_anew(void **state)
{
    sg_sweep_plan plan;
    sg_error error = {0};
    (void)state;
    sg_sweep_request request = request_of(SG_SWEEP_RANDOM, "z-dim=16..24", NULL, NULL);
    request.draws = 9;
    if (sg_sweep_plan_make(&request, &plan, &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < plan.run_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(plan.runs[i].label, plan.runs[k].label);
    sg_sweep_plan_clear(&plan);
    request.draws = 10;
    assert_refused(&request, "make only 9 settings");
}

static void trainings_have_their_options(void **state)
{
    sg_sweep_plan plan;
    sg_run_options options;
    sg_given given;
    (void)state;
    const sg_sweep_request request =
        request_of(SG_SWEEP_GRID, "gamma=1,2", "cfg=stylegan2;", "mirror=true,false");
    assert_int_equal(sg_sweep_plan_make(&request, &plan, NULL), SG_OK);
    assert_int_equal(plan.run_count, 8);
    assert_string_equal(plan.runs[4].name, "004-gamma2-cfgstylegan2-mirrortrue");
    assert_int_equal(sg_sweep_run_options(&request, &plan, &plan.runs[4], &options, &given, NULL),
                     SG_OK);
    assert_true(options.trainer.gamma == 2 && options.mirror && options.kimg == 1);
    assert_true(SG_TRAINING_GIVEN(&given, cfg) && SG_TRAINING_GIVEN(&given, mirror));
    assert_int_equal(sg_sweep_run_options(&request, &plan, &plan.runs[3], &options, &given, NULL),
                     SG_OK);
    assert_true(options.trainer.gamma == 1 && !options.mirror);
    assert_false(SG_TRAINING_GIVEN(&given, cfg));
    sg_sweep_plan_clear(&plan);
}

static void requests_without_a_plan_get_a_sentence(void **state)
{
    (void)state;
    sg_sweep_request request = request_of(SG_SWEEP_GRID, NULL, NULL, NULL);
    assert_refused(&request, "\"vary\" names 0 options");
    request = request_of(SG_SWEEP_GRID, "gamma=1", "gamma=2", NULL);
    assert_refused(&request, "\"vary\" names gamma twice");
    request = request_of(SG_SWEEP_GRID, "gamma=1..2", NULL, NULL);
    assert_refused(&request, "belongs to \"plan\" random");
    request = request_of(SG_SWEEP_LIST, "gamma=1,2", "glr=0.1,0.2,0.3", NULL);
    assert_refused(&request, "gamma has 2 values and glr has 3");
    request = request_of(SG_SWEEP_GRID, "gamma=1,2,1", NULL, NULL);
    assert_refused(&request, "the same values twice, to settings 1 and 3");
    request = request_of(SG_SWEEP_LIST, "gamma=1,2,1", "glr=0.1,0.1,0.1", NULL);
    assert_refused(&request, "the same values twice, to settings 1 and 3");
    request = request_of(SG_SWEEP_GRID, "seed=3,0-3", NULL, NULL);
    assert_refused(&request, "gives the seed 3 twice");
    request = request_of(SG_SWEEP_GRID, "seed=0-999", "subset=1-999", NULL);
    assert_refused(&request, "at most 10000");
    request = request_of(SG_SWEEP_RANDOM, "gamma=1,2", NULL, NULL);
    assert_refused(&request, "\"draws\" is 0");
    request.draws = 3;
    assert_refused(&request, "make only 2 settings");
    request = request_of(SG_SWEEP_GRID, "gamma=1,2", NULL, NULL);
    request.rounds = 3;
    assert_refused(&request, "\"halving\" needs \"metrics\"");
    request = request_of(SG_SWEEP_GRID, "cfg=stylegan2,dcgan", "map-depth=2", NULL);
    assert_refused(&request, "cfg=dcgan map-depth=2: \"mapping_layers\" needs a mapping network");
    request = request_of(SG_SWEEP_GRID, "gamma=1,2", NULL, NULL);
    sg_given_clear(&request.given, (size_t)sg_field_find_option(&sg_training_table, "kimg"));
    assert_refused(&request, "\"kimg\" is missing");
    request.vary[0] = "hours=1,2";
    request.rounds = 3;
    assert_refused(&request, "\"vary\" names hours, but rounds");
    request.rounds = 1;
    sg_sweep_plan plan;
    assert_int_equal(sg_sweep_plan_make(&request, &plan, NULL), SG_OK);
    sg_sweep_plan_clear(&plan);
    request.vary[0] = "gamma=1,2";
    give(&request, "hours", "1");
    give(&request, "cfg", "fit");
    request.rounds = 3;
    assert_true(sg_metric_list_add(&request.options.metrics, "fid5k"));
    assert_refused(&request, "\"halving\" needs \"kimg\" or \"epochs\" where \"cfg\" is fit");
}

static void rounds_double_the_length(void **state)
{
    (void)state;
    assert_true(sg_sweep_share(1, 1) == 1);
    assert_true(sg_sweep_share(1, 4) == 0.125 && sg_sweep_share(2, 4) == 0.25);
    assert_true(sg_sweep_share(4, 4) == 1);
    /* A quarter for all, as much again for half of them, twice that for a quarter. */
    assert_true(sg_sweep_expected_share(1, 3) == 0.25 + 0.5 * 0.25 + 0.25 * 0.5);
    assert_true(sg_sweep_expected_share(3, 3) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_all_combinations),
        cmocka_unit_test(seeds_repeat_all_settings),
        cmocka_unit_test(lists_go_side_by_side),
        cmocka_unit_test(draws_repeat_and_differ),
        cmocka_unit_test(repeated_draws_are_drawn_anew),
        cmocka_unit_test(trainings_have_their_options),
        cmocka_unit_test(requests_without_a_plan_get_a_sentence),
        cmocka_unit_test(rounds_double_the_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
