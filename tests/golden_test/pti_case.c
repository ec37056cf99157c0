/*
 * Pivotal tuning in double and in single precision: losses and pictures, statistics of gradients
 * and of what moved, the points and the value of the locality term.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/editing_files.h"
#include "golden_test/projector_case.h"
#include "invert/tuner_inside.h"
#include "ops/gradient.h"
#include "ops/layout.h"

enum { NAME_BYTES = 200, STATISTICS = 4 };

/* The case in one precision. */
typedef struct tuning_run {
    golden_case *test;
    sg_dtype dtype;
    sg_generator *generator;
    sg_tuner *tuner;
    sg_tensor **start; /* the parameters' first values, in the order of the tuner's list */
    double error;      /* the group's largest, in units of its tolerance */
    char worst[NAME_BYTES];
} tuning_run;

/* ---- comparing ---- */

static double pick(const tuning_run *run, double precise, double single)
{
    return run->dtype == SG_F64 ? precise : single;
}

static void note(tuning_run *run, const char *name, double error, double tolerance)
{
    if (error / tolerance <= run->error)
        return;
    run->error = error / tolerance;
    snprintf(run->worst, sizeof run->worst, "%.150s, %.2g against %.2g", name, error, tolerance);
}

static void compare(tuning_run *run, const char *name, size_t at, const double *found, size_t count,
                    double tolerance, double slack)
{
    const sg_stored_tensor *stored = case_find(run->test, name, NULL);
    double *expected = stored ? case_values(run->test, name) : NULL;
    if (expected)
        note(run, name,
             found && at + count <= stored->count
                 ? relative_error(found, expected + at, count, slack)
                 : (double)NAN,
             tolerance);
    free(expected);
}

static void compare_tensor(tuning_run *run, const char *name, const sg_tensor *found,
                           double tolerance)
{
    double *values = found ? tensor_values(found) : NULL;
    compare(run, name, 0, values, values ? (size_t)sg_tensor_count(found) : 0, tolerance, 0);
    free(values);
}

static void report_group(tuning_run *run, const char *group)
{
    char name[NAME_BYTES];
    sg_error error = {0};
    snprintf(name, sizeof name, "%s.%s", group, run->dtype == SG_F64 ? "double" : "single");
    if (sg_context_take_error(run->test->context, &error))
        report_failure(run->test->report, run->test->name, name, "%s", error.message);
    else
        report_error(run->test->report, run->test->name, name, run->error, 1, run->worst);
    run->error = 0;
    run->worst[0] = '\0';
}

/*
 * Compares sum, norm, first and last element of a tensor less another (NULL: zeros) with
 * "PREFIX.NAME". A sum may cancel: its error is relative to what rounding makes of as many
 * elements. First and last are those of `ends`.
 */
static void compare_statistics(tuning_run *run, const char *prefix, const char *parameter,
                               const sg_tensor *tensor, const sg_tensor *less,
                               const sg_tensor *ends, double tolerance, double slack)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%.60s.%.96s", prefix, parameter);
    double *expected = case_has(run->test, name) ? case_values(run->test, name) : NULL;
    const int64_t count = ends ? sg_tensor_count(ends) : 0;
    double found[STATISTICS] = {0};
    for (int64_t i = 0; expected && tensor && i < count; i++) {
        const double value = sg_tensor_value(tensor, i) - (less ? sg_tensor_value(less, i) : 0);
        found[0] += value;
        found[1] += value * value;
    }
    found[1] = sqrt(found[1]);
    if (expected && count > 0) {
        found[2] = tensor ? sg_tensor_value(ends, 0) : 0;
        found[3] = tensor ? sg_tensor_value(ends, count - 1) : 0;
        if (fabs(found[0] - expected[0]) <= tolerance * (found[1] + slack) * sqrt((double)count))
            found[0] = expected[0];
        compare(run, name, 0, found, STATISTICS, tolerance, slack);
    }
    free(expected);
}

/* Returns the largest norm among statistics of a prefix. */
static double largest_norm(golden_case *test, const char *prefix)
{
    double largest = 0;
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        double *values =
            strncmp(name, prefix, strlen(prefix)) == 0 ? case_values(test, name) : NULL;
        if (values)
            largest = fmax(largest, values[1]);
        free(values);
    }
    return largest;
}

static void compare_gradients(tuning_run *run, const char *prefix, sg_tensor *const *gradients,
                              double tolerance)
{
    const double slack = GOLDEN_GRADIENT_FLOOR * largest_norm(run->test, prefix);
    for (size_t i = 0; i < run->tuner->variables.count; i++)
        compare_statistics(run, prefix, run->tuner->variables.items[i].name, gradients[i], NULL,
                           gradients[i] ? gradients[i] : run->tuner->variables.items[i].tensor,
                           tolerance, slack);
}

/* ---- the run ---- */

/* The step after the first two that has the term tells the interval. */
static int interval_of(const tuning_run *run, int steps)
{
    const double least = 1e-12;
    double *reg = case_has(run->test, "reg") ? case_values(run->test, "reg") : NULL;
    int step = 2;
    while (reg && step < steps && fabs(reg[step]) < least)
        step++;
    free(reg);
    return step - 1;
}

/* Puts the k-th stored draw into the tuner. */
static void set_draw(tuning_run *run, int k)
{
    double *draws = case_has(run->test, "draw_z") ? case_values(run->test, "draw_z") : NULL;
    const int64_t count = sg_tensor_count(run->tuner->z);
    for (int64_t i = 0; draws && i < count; i++)
        sg_tensor_set_value(run->tuner->z, i, draws[k * count + i]);
    free(draws);
}

/* LPIPS is off by 2e-8 from the first step on: the published module of this program keeps its
 * constants in single precision. */
static void compare_report(tuning_run *run, const sg_tuning_report *report)
{
    const double tolerance = pick(run, 1e-7, 1e-5);
    const size_t step = (size_t)report->step;
    compare(run, "loss", step, &report->loss, 1, tolerance, 0);
    compare(run, "l2", step, &report->distances[SG_INVERT_PIXEL], 1, tolerance, 0);
    compare(run, "lpips", step, &report->distances[SG_INVERT_LPIPS], 1, tolerance, 0);
    compare(run, "reg", step, &report->locality, 1, pick(run, 1e-5, 1e-3), 1e-6);
}

static void compare_final(tuning_run *run)
{
    const sg_parameter_set *set = &run->tuner->variables;
    const double tolerance = pick(run, 1e-6, 1e-3);
    for (size_t i = 0; i < set->count; i++) {
        char name[NAME_BYTES];
        compare_statistics(run, "change_stats", set->items[i].name, set->items[i].tensor,
                           run->start[i], set->items[i].tensor, tolerance, 0);
        snprintf(name, sizeof name, "param_final.%s", set->items[i].name);
        if (case_has(run->test, name))
            compare_tensor(run, name, set->items[i].tensor, pick(run, 1e-9, 1e-5));
    }
    compare_tensor(run, "img_final", sg_to_channels_first(sg_tuner_picture(run->tuner, 0)),
                   pick(run, 1e-6, 2e-5));
}

static void compare_course(tuning_run *run)
{
    sg_error error = {0};
    sg_status status = SG_OK;
    int draw = 0;
    const int steps = run->tuner->options.steps;
    compare_tensor(run, "img0", sg_to_channels_first(sg_tuner_picture(run->tuner, 0)),
                   pick(run, 1e-6, 1e-5));
    for (int i = 0; i < steps && !status; i++) {
        char prefix[40];
        sg_tuning_report report;
        if (sg_tuner_has_locality(run->tuner, i))
            set_draw(run, draw++);
        status = sg_tuner_evaluate(run->tuner, &report, &error);
        if (status || report.enough)
            break;
        compare_report(run, &report);
        snprintf(prefix, sizeof prefix, "grad_stats.step%d", i);
        compare_gradients(run, prefix, run->tuner->list.gradients, pick(run, 1e-6, 1e-4));
        sg_tuner_move(run->tuner);
        run->tuner->step++;
    }
    if (status)
        sg_context_fail(run->test->context, status, "%s", error.message);
    report_group(run, "course");
    compare_final(run);
    report_group(run, "final");
}

/* Compares the points of the first draw. */
static void compare_points(tuning_run *run)
{
    const size_t scope = sg_scope_open(run->test->context);
    set_draw(run, 0);
    compare_tensor(run, "morphed", sg_tuner_points(run->tuner, run->tuner->targets[0].ws),
                   pick(run, 1e-8, 1e-5));
    sg_scope_close(run->test->context, scope, NULL);
    report_group(run, "morphed");
}

/* Compares the term and its gradients where every parameter is 1.05 times the original. */
static void compare_locality(tuning_run *run)
{
    const sg_trainable_list *list = &run->tuner->list;
    sg_context *context = run->test->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor **gradients = calloc(list->count + 1, sizeof *gradients);
    set_draw(run, 0);
    for (size_t i = 0; i < list->count; i++) {
        for (int64_t k = 0; k < sg_tensor_count(list->tensors[i]); k++)
            sg_tensor_set_value(list->tensors[i], k, 1.05 * sg_tensor_value(run->start[i], k));
        sg_tensor_touch(list->tensors[i]);
    }
    sg_tensor *points = sg_tuner_points(run->tuner, run->tuner->targets[0].ws);
    context->recording = true;
    sg_parameter_set_require_gradient(&run->tuner->variables, true);
    sg_tensor *term = sg_tuner_locality(run->tuner, points);
    if (gradients && term &&
        !sg_gradient(term, NULL, list->tensors, list->count, (sg_gradient_options){0}, gradients)) {
        compare_tensor(run, "locality", term, pick(run, 1e-8, 1e-4));
        compare_gradients(run, "locality_grad_stats", gradients, pick(run, 1e-6, 1e-3));
    }
    sg_parameter_set_require_gradient(&run->tuner->variables, false);
    context->recording = false;
    free(gradients);
    sg_scope_close(context, scope, NULL);
    report_group(run, "locality");
}

/* ---- the case ---- */

/* Reads the target [3, H, W] and the w of the row. */
static bool read_target(tuning_run *run, sg_tensor *styles, sg_tuning_target *target)
{
    const sg_stored_tensor *stored = case_find(run->test, "target", NULL);
    double *values = stored && stored->rank == 3 ? case_values(run->test, "target") : NULL;
    const int64_t row = (int64_t)case_number(run->test, "row");
    const int64_t numbers = styles ? sg_tensor_count(styles) / styles->shape.size[0] : 0;
    float *picture = values ? malloc((stored->count + 1) * sizeof *picture) : NULL;
    float *ws = malloc(((size_t)numbers + 1) * sizeof *ws);
    for (size_t i = 0; picture && i < stored->count; i++) {
        const size_t pixels = (size_t)(stored->size[1] * stored->size[2]);
        picture[i % pixels * (size_t)stored->size[0] + i / pixels] = (float)values[i];
    }
    for (int64_t i = 0; ws && i < numbers; i++)
        ws[i] = (float)sg_tensor_value(styles, row * numbers + i);
    if (picture)
        target->picture = (sg_feature_pictures){.count = 1,
                                                .height = (size_t)stored->size[1],
                                                .width = (size_t)stored->size[2],
                                                .channels = (size_t)stored->size[0],
                                                .floats = picture};
    target->ws = ws;
    free(values);
    return picture && ws && numbers > 0;
}

/* Makes the tuner, and keeps the parameters' values. */
static bool begin(tuning_run *run, sg_lpips_tape *lpips, const sg_tuning_target *target)
{
    const sg_invert_networks networks = {.generator = run->generator, .lpips = lpips};
    const sg_stored_tensor *draws = case_find(run->test, "draw_z", NULL);
    sg_tuning_options options = sg_tuning_options_default();
    sg_error error = {0};
    options.steps = (int)case_number(run->test, "steps");
    options.locality_samples = draws && draws->rank == 3 ? (int)draws->size[1] : 0;
    options.locality_interval = interval_of(run, options.steps);
    if (sg_tuner_create(&networks, &options, target, 1, &run->tuner, &error)) {
        report_failure(run->test->report, run->test->name, "all", "%s", error.message);
        return false;
    }
    run->start = calloc(run->tuner->list.count + 1, sizeof *run->start);
    const size_t scope = sg_scope_open(run->test->context);
    for (size_t i = 0; run->start && i < run->tuner->list.count; i++)
        run->start[i] = sg_tensor_retain(
            tensor_in_precision(run->test->context, run->tuner->list.tensors[i], run->dtype));
    sg_scope_close(run->test->context, scope, NULL);
    return run->start;
}

static void run_precision(golden_case *test, sg_dtype dtype)
{
    tuning_run run = {.test = test, .dtype = dtype};
    sg_lpips_tape *lpips = NULL;
    sg_tuning_target target = {.ws = NULL};
    run.generator = load_editing_generator(test, "stylegan2", "all", dtype);
    sg_tensor *styles =
        run.generator ? editing_network_styles(test, "stylegan2", "all", dtype) : NULL;
    if (styles)
        open_filled_lpips(test, "all", dtype, &lpips);
    if (lpips && read_target(&run, styles, &target) && begin(&run, lpips, &target)) {
        compare_points(&run);
        compare_course(&run);
        if (case_has(test, "locality"))
            compare_locality(&run);
    } else if (lpips) {
        case_fail(test, "all");
    }
    for (size_t i = 0; run.start && i < run.tuner->list.count; i++)
        sg_tensor_release(run.start[i]);
    free(run.start);
    sg_tuner_destroy(run.tuner);
    free((void *)(uintptr_t)target.picture.floats);
    free((void *)(uintptr_t)target.ws);
    sg_tensor_release(styles);
    sg_lpips_tape_close(lpips);
    sg_generator_destroy(run.generator);
}

void run_pivotal_tuning(golden_case *test)
{
    test->context->exact = true;
    run_precision(test, SG_F64);
    run_precision(test, SG_F32);
}
