/* The trainings of a sweep; see sweep_plan.h. */
#include "sweep/sweep_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/random.h"
#include "train/options/preset_resolve.h"

enum {
    MOST_DRAWS = 500,
    MOST_TRIES = 20000,
    DRAW_STREAM = 0x53574550 /* apart from the streams of trainings */
};

static const char *const kind_names[] = {"grid", "list", "random"};
const sg_choices sg_sweep_kind_choices = SG_CHOICES(kind_names);

double sg_sweep_share(int round, int rounds)
{
    return pow(2, round - rounds);
}

double sg_sweep_expected_share(int round, int rounds)
{
    double share = sg_sweep_share(round, rounds);
    double left = 1;
    for (int next = round + 1; next <= rounds; next++) {
        left /= 2;
        share += left * (sg_sweep_share(next, rounds) - sg_sweep_share(next - 1, rounds));
    }
    return share;
}

/* ---- axes ---- */

static sg_status refuse_twice(const sg_sweep_plan *plan, const sg_sweep_axis *axis, sg_error *error)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (plan->axes[i].row == axis->row)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"vary\" names %s twice",
                           axis->field->option);
    return SG_OK;
}

static sg_status read_axes(const sg_sweep_request *request, sg_sweep_plan *plan, sg_error *error)
{
    plan->seed_axis = -1;
    plan->seed_count = 1;
    if (request->vary_count == 0 || request->vary_count > SG_SWEEP_MOST_AXES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"vary\" names %zu options, but must name from 1 to %d: what the trainings "
                       "of the sweep differ in",
                       request->vary_count, SG_SWEEP_MOST_AXES);
    for (size_t i = 0; i < request->vary_count; i++) {
        sg_sweep_axis axis;
        sg_status status = sg_sweep_axis_parse(request->vary[i], &axis, error);
        if (!status)
            status = refuse_twice(plan, &axis, error);
        plan->axes[plan->axis_count++] = axis;
        SG_TRY(status);
        const bool is_seed = axis.field->offset == offsetof(sg_run_options, trainer.seed);
        if (axis.is_range && (is_seed || request->kind != SG_SWEEP_RANDOM))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"vary\" gives %s a range to draw from, which %s", axis.field->option,
                           is_seed ? "seeds are not: list them" : "belongs to \"plan\" random");
        if (is_seed) {
            plan->seed_axis = (int)i;
            plan->seed_count = axis.count;
        }
    }
    return SG_OK;
}

/* ---- settings ---- */

/* Tells whether an axis makes settings: all but the seed's do. */
static bool makes_settings(const sg_sweep_plan *plan, size_t axis)
{
    return (int)axis != plan->seed_axis;
}

/* Counts the settings of a grid or list; 0, with a sentence, where there are none. */
static size_t count_settings(const sg_sweep_request *request, const sg_sweep_plan *plan,
                             sg_error *error)
{
    size_t count = 1;
    const char *longest = NULL;
    for (size_t i = 0; i < plan->axis_count; i++) {
        const sg_sweep_axis *axis = &plan->axes[i];
        if (!makes_settings(plan, i))
            continue;
        if (request->kind == SG_SWEEP_GRID) {
            count *= axis->count; /* at most 1000 times 10000 */
        } else if (count == 1 || axis->count == count) {
            count = axis->count > count ? axis->count : count;
            longest = axis->field->option;
        } else if (axis->count != 1) {
            (void)sg_fail(error, SG_ERROR_ARGUMENT,
                          "\"plan\" is list, but %s has %zu values and %s has %zu", longest, count,
                          axis->field->option, axis->count);
            return 0;
        }
        if (count > SG_SWEEP_MOST_RUNS)
            break;
    }
    return count;
}

static void choose_all(const sg_sweep_request *request, const sg_sweep_plan *plan)
{
    for (size_t setting = 0; setting < plan->setting_count; setting++) {
        size_t *chosen = plan->choices + setting * plan->axis_count;
        size_t rest = setting;
        for (size_t i = plan->axis_count; i-- > 0;) {
            const size_t count = plan->axes[i].count;
            if (!makes_settings(plan, i))
                continue;
            chosen[i] = request->kind == SG_SWEEP_GRID ? rest % count : count > 1 ? setting : 0;
            rest /= request->kind == SG_SWEEP_GRID ? count : 1;
        }
    }
}

static bool same_choice(const sg_sweep_plan *plan, size_t a, size_t b)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (strcmp(plan->axes[i].values[plan->choices[a * plan->axis_count + i]],
                   plan->axes[i].values[plan->choices[b * plan->axis_count + i]]) != 0)
            return false;
    return true;
}

/* Fails where two settings of a grid or list are equal; those that are drawn differ. */
static sg_status refuse_equal_settings(const sg_sweep_plan *plan, sg_error *error)
{
    for (size_t i = 0; i < plan->setting_count; i++)
        for (size_t other = 0; other < i; other++)
            if (same_choice(plan, other, i))
                return sg_fail(error, SG_ERROR_ARGUMENT,
                               "\"vary\" gives the same values twice, to settings %zu and %zu: "
                               "each value of an option must be there once, in \"plan\" list each "
                               "row of values",
                               other + 1, i + 1);
    return SG_OK;
}

static sg_status refuse_equal_seeds(const sg_sweep_plan *plan, sg_error *error)
{
    const sg_sweep_axis *seeds = plan->seed_axis < 0 ? NULL : &plan->axes[plan->seed_axis];
    for (size_t i = 0; seeds && i < seeds->count; i++)
        for (size_t other = 0; other < i; other++)
            if (strcmp(seeds->values[other], seeds->values[i]) == 0)
                return sg_fail(error, SG_ERROR_ARGUMENT, "\"vary\" gives the seed %s twice",
                               seeds->values[i]);
    return SG_OK;
}

/* The streams of random numbers of a plan: of lists together, and of each range. */
typedef struct streams {
    sg_random lists, ranges[SG_SWEEP_MOST_AXES];
} streams;

/* Draws one setting: of a range a new value, of a list any. */
static sg_status draw_setting(sg_sweep_plan *plan, size_t setting, streams *random, sg_error *error)
{
    for (size_t i = 0; i < plan->axis_count; i++) {
        sg_sweep_axis *axis = &plan->axes[i];
        size_t *choice = &plan->choices[setting * plan->axis_count + i];
        if (axis->is_range)
            SG_TRY(sg_sweep_axis_draw(axis, setting, &random->ranges[i], error));
        if (makes_settings(plan, i))
            *choice =
                axis->is_range ? setting : (size_t)sg_random_below(&random->lists, axis->count);
    }
    return SG_OK;
}

/* Draws settings, each once. Fails when the values have fewer. */
static sg_status draw_all(const sg_sweep_request *request, sg_sweep_plan *plan, sg_error *error)
{
    streams random;
    const size_t wanted = (size_t)request->draws;
    const uint64_t seed = request->options.trainer.seed;
    size_t found = 0;
    random.lists = sg_random_stream(seed, DRAW_STREAM);
    for (size_t i = 0; i < plan->axis_count; i++)
        random.ranges[i] = sg_random_stream(seed, DRAW_STREAM + 1 + i);
    for (size_t attempt = 0; found < wanted && attempt < MOST_TRIES; attempt++) {
        bool twice = false;
        SG_TRY(draw_setting(plan, found, &random, error));
        for (size_t other = 0; other < found; other++)
            twice = twice || same_choice(plan, other, found);
        found += !twice;
    }
    return found == wanted
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "\"draws\" is %d, but the values to draw from make only %zu settings",
                         request->draws, found);
}

static sg_status make_settings(const sg_sweep_request *request, sg_sweep_plan *plan,
                               sg_error *error)
{
    const bool draws = request->kind == SG_SWEEP_RANDOM;
    if (draws && (request->draws < 1 || request->draws > MOST_DRAWS))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"draws\" is %d, but must be from 1 to %d: how many settings \"plan\" "
                       "random draws",
                       request->draws, MOST_DRAWS);
    if (!draws && request->draws > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"draws\" belongs to \"plan\" random");
    plan->setting_count = draws ? (size_t)request->draws : count_settings(request, plan, error);
    if (plan->setting_count == 0)
        return SG_ERROR_ARGUMENT;
    plan->run_count = plan->setting_count * plan->seed_count;
    if (plan->run_count > SG_SWEEP_MOST_RUNS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the sweep has %zu trainings or more, but at most %d are allowed",
                       plan->run_count, SG_SWEEP_MOST_RUNS);
    plan->choices = sg_allocate(plan->setting_count, plan->axis_count * sizeof *plan->choices);
    plan->runs = sg_allocate(plan->run_count, sizeof *plan->runs);
    if (!plan->choices || !plan->runs)
        return sg_fail_memory(error, "a plan of %zu trainings", plan->run_count);
    if (draws) {
        SG_TRY(draw_all(request, plan, error));
    } else {
        choose_all(request, plan);
        SG_TRY(refuse_equal_settings(plan, error));
    }
    return refuse_equal_seeds(plan, error);
}

/* ---- runs ---- */

const char *sg_sweep_value(const sg_sweep_plan *plan, const sg_sweep_run *run, size_t axis)
{
    const size_t choice = makes_settings(plan, axis)
                              ? plan->choices[run->setting * plan->axis_count + axis]
                              : run->seed;
    return plan->axes[axis].values[choice];
}

sg_status sg_sweep_run_options(const sg_sweep_request *request, const sg_sweep_plan *plan,
                               const sg_sweep_run *run, sg_run_options *options, sg_given *given,
                               sg_error *error)
{
    *options = request->options;
    *given = request->given;
    for (size_t i = 0; i < plan->axis_count; i++)
        SG_TRY(sg_sweep_set_option(plan->axes[i].row, sg_sweep_value(plan, run, i), options, given,
                                   error));
    sg_training_follow(options, given);
    if (options->metrics.count > 0 && !SG_TRAINING_GIVEN(given, metrics_nice)) {
        options->metrics_nice = 0; /* every training waits for its metrics */
        sg_given_set_at(&sg_training_table, given, offsetof(sg_run_options, metrics_nice));
    }
    return SG_OK;
}

/* Writes the names of a training: for people, and as a part of a path. */
static void name_run(const sg_sweep_plan *plan, size_t index, sg_sweep_run *run)
{
    size_t label = 0;
    size_t name = (size_t)snprintf(run->name, sizeof run->name, "%03zu", index);
    for (size_t i = 0; i < plan->axis_count; i++) {
        const char *value = sg_sweep_value(plan, run, i);
        if (label < sizeof run->label)
            label += (size_t)snprintf(run->label + label, sizeof run->label - label, "%s%s=%s",
                                      i ? " " : "", plan->axes[i].field->option,
                                      *value ? value : "default");
        if (name < sizeof run->name)
            name += (size_t)snprintf(run->name + name, sizeof run->name - name, "-%s%s",
                                     plan->axes[i].field->option, *value ? value : "default");
    }
    for (char *c = run->name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+", *c))
            *c = '_';
}

/* Checks the options of a training as far as they can be known before its data. */
static sg_status check_run(const sg_sweep_request *request, const sg_sweep_plan *plan,
                           const sg_sweep_run *run, sg_error *error)
{
    sg_error own = {0};
    sg_given given;
    sg_run_options options;
    sg_status status = sg_sweep_run_options(request, plan, run, &options, &given, &own);
    if (!status)
        status = sg_training_check_given(&options, &given, &own);
    if (!status && request->rounds > 1 && sg_presets[options.cfg].fits &&
        !SG_TRAINING_GIVEN(&given, kimg) && !SG_TRAINING_GIVEN(&given, epochs))
        status = sg_fail(&own, SG_ERROR_ARGUMENT,
                         "\"halving\" needs \"kimg\" or \"epochs\" where \"cfg\" is %s, which fits "
                         "network and length to the hours of the first round",
                         sg_presets[options.cfg].name);
    if (!status && !sg_presets[options.cfg].fits && SG_TRAINING_GIVEN(&given, hours))
        sg_given_clear(&given, (size_t)sg_field_find_option(&sg_training_table, "hours"));
    if (!status)
        status = sg_preset_resolve(&options, &given, 0, &options, &own);
    return status ? sg_fail(error, own.status, "%s: %s", run->label, own.message) : SG_OK;
}

static sg_status check_length(const sg_sweep_request *request, const sg_sweep_plan *plan,
                              sg_error *error)
{
    bool given = SG_TRAINING_GIVEN(&request->given, kimg) ||
                 SG_TRAINING_GIVEN(&request->given, epochs) ||
                 SG_TRAINING_GIVEN(&request->given, hours);
    for (size_t i = 0; i < plan->axis_count; i++) {
        const size_t offset = plan->axes[i].field->offset;
        const bool is_length = offset == offsetof(sg_run_options, kimg) ||
                               offset == offsetof(sg_run_options, epochs) ||
                               offset == offsetof(sg_run_options, hours);
        given = given || is_length;
        if (is_length && request->rounds > 1)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"vary\" names %s, but rounds of \"halving\" set the length",
                           plan->axes[i].field->option);
    }
    if (!given)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"kimg\" is missing: how long each training is (or \"epochs\", or "
                       "\"hours\")");
    if (request->rounds > 1 && request->options.metrics.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"halving\" needs \"metrics\": the first one decides which settings go on");
    return SG_OK;
}

sg_status sg_sweep_plan_make(const sg_sweep_request *request, sg_sweep_plan *plan, sg_error *error)
{
    *plan = (sg_sweep_plan){0};
    SG_TRY(read_axes(request, plan, error));
    SG_TRY(check_length(request, plan, error));
    SG_TRY(make_settings(request, plan, error));
    for (size_t i = 0; i < plan->run_count; i++) {
        plan->runs[i].setting = i % plan->setting_count;
        plan->runs[i].seed = i / plan->setting_count;
        name_run(plan, i, &plan->runs[i]);
    }
    for (size_t i = 0; i < plan->run_count; i++)
        SG_TRY(check_run(request, plan, &plan->runs[i], error));
    return SG_OK;
}

void sg_sweep_plan_clear(sg_sweep_plan *plan)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        sg_sweep_axis_clear(&plan->axes[i]);
    free(plan->choices);
    free(plan->runs);
    *plan = (sg_sweep_plan){0};
}
