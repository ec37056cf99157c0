/*
 * Projections: each run of a file in double, where the whole course must agree, and in single
 * precision, where steps are taken from stored states, since rounding grows from step to step.
 */
#include "golden_test/projector_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "golden_test/editing_files.h"
#include "golden_test/feature_numbers.h"
#include "invert/projector_inside.h"
#include "invert/schedule.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "support/filled_network.h"

enum { NAME_BYTES = 200, PATH_BYTES = 4096, MOST_RUNS = 16 };

static const double exact_tolerance = 1e-9;  /* doubles */
static const double stored_tolerance = 1e-6; /* singles stored of doubles */
static const double single_tolerance = 1e-5;
/* Gradients in single precision: one unit of the ReLU network that rounds to the other side of 0
 * changes them by up to a percent, whoever computes them. In double they agree. */
static const double kink_tolerance = 1e-2;

/* A run in one precision. */
typedef struct projector_run {
    golden_case *test;
    const char *name; /* the prefix of its tensors */
    sg_dtype dtype;
    sg_projector *projector;
    double *keep;
    size_t keep_count;
    double largest; /* of the group's errors over their tolerances */
    char worst[NAME_BYTES];
} projector_run;

double case_number(golden_case *test, const char *name)
{
    double *values = case_has(test, name) ? case_values(test, name) : NULL;
    const double number = values ? values[0] : (double)NAN;
    free(values);
    return number;
}

void open_filled_lpips(golden_case *test, const char *group, sg_dtype dtype, sg_lpips_tape **lpips)
{
    static const char *const names[] = {"vgg16.safetensors"};
    char folder[SCRATCH_BYTES];
    char path[2 * SCRATCH_BYTES];
    const char *file = path;
    sg_error error = {0};
    *lpips = NULL;
    if (!make_scratch(folder)) {
        report_failure(test->report, test->name, group, "no folder for files");
        return;
    }
    snprintf(path, sizeof path, "%s/%s", folder, names[0]);
    if (write_filled_vgg16(path, FILLED_LAYERS | FILLED_HEADS, &error) ||
        sg_lpips_tape_find(test->context, dtype, &file, 1, lpips, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    remove_scratch(folder, names, 1);
}

/* ---- comparing ---- */

/* Writes "RUN.PART". */
static const char *part_name(const projector_run *run, const char *part, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%.60s.%.130s", run->name, part);
    return name;
}

/* Reads a part; NULL when it is absent. */
static double *read_part(const projector_run *run, const char *part)
{
    char name[NAME_BYTES];
    return case_has(run->test, part_name(run, part, name)) ? case_values(run->test, name) : NULL;
}

/* Notes an error of the group. */
static void note(projector_run *run, const char *what, double error, double tolerance)
{
    const double part = error / tolerance;
    if (part <= run->largest)
        return;
    run->largest = part;
    snprintf(run->worst, sizeof run->worst, "%.150s, %.2g against %.2g", what, error, tolerance);
}

/* Reports the group, whose errors are in units of their tolerances, and begins another. */
static void report_group(projector_run *run, const char *group)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s.%s", run->name, group,
             run->dtype == SG_F64 ? "double" : "single");
    sg_error error = {0};
    if (sg_context_take_error(run->test->context, &error))
        report_failure(run->test->report, run->test->name, name, "%s", error.message);
    else
        report_error(run->test->report, run->test->name, name, run->largest, 1, run->worst);
    run->largest = 0;
    run->worst[0] = '\0';
}

/* Compares numbers with values from `at` on of a part, if the file has it. */
static void compare(projector_run *run, const char *part, size_t at, const double *found,
                    size_t count, double tolerance)
{
    char name[NAME_BYTES];
    const sg_stored_tensor *stored = case_find(run->test, part_name(run, part, name), NULL);
    double *expected = read_part(run, part);
    if (expected)
        note(run, part,
             found && at + count <= stored->count ? relative_error(found, expected + at, count, 0)
                                                  : (double)NAN,
             tolerance);
    free(expected);
}

static void compare_number(projector_run *run, const char *part, size_t at, double found,
                           double tolerance)
{
    compare(run, part, at, &found, 1, tolerance);
}

/* A tensor that is NULL counts as zeros of no size. */
static void compare_tensor(projector_run *run, const char *part, size_t at, const sg_tensor *found,
                           double tolerance)
{
    double *values = found ? tensor_values(found) : NULL;
    compare(run, part, at, values, values ? (size_t)sg_tensor_count(found) : 0, tolerance);
    free(values);
}

/* ---- setting states ---- */

static bool fill(const projector_run *run, const char *part, size_t at, sg_tensor *tensor)
{
    double *values = read_part(run, part);
    for (int64_t i = 0; values && i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, values[at + (size_t)i]);
    sg_tensor_touch(tensor);
    free(values);
    return values;
}

static size_t latent_values(const projector_run *run)
{
    return (size_t)sg_tensor_count(run->projector->latent);
}

/* The module of a buffer: "b8.conv0.noise_const". */
static const char *buffer_name(const projector_run *run, size_t index)
{
    const char *name = run->projector->noise.buffers[index]->name;
    return sg_has_prefix(name, "synthesis.") ? name + strlen("synthesis.") : name;
}

static void buffer_part(const projector_run *run, const char *part, int step, size_t index,
                        char text[NAME_BYTES])
{
    snprintf(text, NAME_BYTES, "%s%d.%s", part, step, buffer_name(run, index));
}

/* Puts the state after step `step` back, and the draw of the next. */
static void force(projector_run *run, int step)
{
    char part[NAME_BYTES];
    fill(run, "w_opt", (size_t)step * latent_values(run), run->projector->latent);
    for (size_t i = 0; i < run->projector->noise.count; i++) {
        buffer_part(run, "noise.step", step, i, part);
        fill(run, part, 0, run->projector->noise.buffers[i]->tensor);
    }
    fill(run, "draw_w", (size_t)(step + 1) * latent_values(run), run->projector->draw);
    run->projector->step = step + 1;
}

/* ---- what is compared ---- */

static void compare_start(projector_run *run)
{
    const bool precise = run->dtype == SG_F64;
    compare_tensor(run, "w_start", 0, run->projector->latent,
                   precise ? exact_tolerance : single_tolerance);
    compare_number(run, "w_std", 0, run->projector->w_std,
                   precise ? exact_tolerance : single_tolerance);
    for (size_t i = 0; i < run->projector->noise.count; i++) {
        char part[NAME_BYTES];
        snprintf(part, sizeof part, "draw_noise.%s", buffer_name(run, i));
        compare_tensor(run, part, 0, run->projector->noise.buffers[i]->tensor, 1e-12);
    }
    for (int i = 0; i < run->projector->options.steps; i++) {
        compare_number(run, "lr", (size_t)i, sg_invert_rate(&run->projector->options, i),
                       exact_tolerance);
        compare_number(run, "w_noise_scale", (size_t)i,
                       run->projector->w_std * sg_invert_noise_scale(&run->projector->options, i),
                       precise ? exact_tolerance : single_tolerance);
    }
    report_group(run, "start");
}

/* Compares the losses and gradients of a step that was evaluated. */
static void compare_step(projector_run *run, const sg_projector_report *report, double tolerance,
                         double gradient_tolerance)
{
    const size_t step = (size_t)report->step;
    char part[NAME_BYTES];
    compare_number(run, "loss", step, report->loss, tolerance);
    compare_number(run, "dist", step, report->distance, tolerance);
    if (run->projector->optimises_noise)
        compare_number(run, "reg", step, report->noise_penalty, 10 * tolerance);
    compare_tensor(run, "grad_w", step * latent_values(run), run->projector->list.gradients[0],
                   gradient_tolerance);
    for (size_t i = 0; i < run->projector->noise.count; i++) {
        buffer_part(run, "grad_noise.step", report->step, i, part);
        compare_tensor(run, part, 0, run->projector->list.gradients[1 + i],
                       fmax(gradient_tolerance, stored_tolerance));
    }
}

/* The picture of the present latent and draw. */
static void compare_picture(projector_run *run, double scale, double tolerance)
{
    char part[NAME_BYTES];
    char name[NAME_BYTES];
    snprintf(part, sizeof part, "img.step%d", run->projector->step);
    if (!case_has(run->test, part_name(run, part, name)))
        return;
    const size_t scope = sg_scope_open(run->test->context);
    sg_tensor *w = sg_add(run->projector->latent, sg_affine(run->projector->draw, scale, 0));
    const sg_tensor *picture = sg_to_channels_first(
        sg_projector_paint(run->projector, sg_projector_styles(run->projector, w)));
    compare_tensor(run, part, 0, picture, tolerance);
    sg_scope_close(run->test->context, scope, NULL);
}

/* Compares what a step left. */
static void compare_state(projector_run *run, int step, double tolerance)
{
    char part[NAME_BYTES];
    compare_tensor(run, "w_opt", (size_t)step * latent_values(run), run->projector->latent,
                   tolerance);
    for (size_t i = 0; i < run->projector->noise.count; i++) {
        buffer_part(run, "noise.step", step, i, part);
        compare_tensor(run, part, 0, run->projector->noise.buffers[i]->tensor,
                       fmax(tolerance, stored_tolerance));
    }
}

/* Takes `steps` steps from the start. In double errors may grow to the file's own rounding. */
static void compare_course(projector_run *run, int steps, const char *group)
{
    const bool precise = run->dtype == SG_F64;
    const double tolerance = precise ? stored_tolerance : single_tolerance;
    sg_error error = {0};
    sg_status status = SG_OK;
    for (int i = 0; i < steps && !status; i++) {
        sg_projector_report report;
        sg_projector_draw(run->projector);
        compare_tensor(run, "draw_w", (size_t)i * latent_values(run), run->projector->draw, 1e-12);
        status = sg_projector_evaluate(run->projector, &report, &error);
        if (status)
            break;
        compare_picture(run, report.w_noise_scale, tolerance);
        compare_step(run, &report, tolerance, precise ? 1e-5 : kink_tolerance);
        sg_projector_move(run->projector, report.rate);
        if (precise)
            compare_state(run, i, tolerance);
    }
    if (status)
        sg_context_fail(run->test->context, status, "%s", error.message);
    report_group(run, group);
}

/* Compares steps from stored states with the file's own deviations. */
static void compare_forced(projector_run *run)
{
    double *deviations = read_part(run, "forced.f32_deviation");
    sg_error error = {0};
    sg_status status = SG_OK;
    for (size_t k = 0; deviations && k + 1 < run->keep_count && !status; k++) {
        sg_projector_report report;
        force(run, (int)run->keep[k]);
        status = sg_projector_evaluate(run->projector, &report, &error);
        if (!status)
            compare_step(run, &report, 4 * deviations[2 * k] + single_tolerance,
                         4 * deviations[2 * k + 1] + kink_tolerance);
    }
    if (status)
        sg_context_fail(run->test->context, status, "%s", error.message);
    report_group(run, "forced");
    free(deviations);
}

/* Feeds the stored gradients to the optimiser: it must go where the run went. */
static void compare_adam(projector_run *run)
{
    const sg_trainable_list *list = &run->projector->list;
    const size_t scope = sg_scope_open(run->test->context);
    run->projector->step = 0;
    for (int step = 0; step < run->projector->options.steps; step++) {
        sg_trainable_list_release_gradients((sg_trainable_list *)list);
        for (size_t i = 0; i < list->count; i++) {
            char part[NAME_BYTES];
            sg_tensor *gradient =
                sg_tensor_create(run->test->context, run->dtype, list->tensors[i]->shape);
            if (i > 0)
                buffer_part(run, "grad_noise.step", step, i - 1, part);
            if (gradient && fill(run, i == 0 ? "grad_w" : part,
                                 i == 0 ? (size_t)step * latent_values(run) : 0, gradient))
                list->gradients[i] = sg_tensor_retain(gradient);
        }
        sg_projector_move(run->projector, sg_invert_rate(&run->projector->options, step));
        compare_tensor(run, "w_opt", (size_t)step * latent_values(run), run->projector->latent,
                       exact_tolerance);
        for (size_t i = 1; step < 2 && i < list->count; i++) {
            char part[NAME_BYTES];
            buffer_part(run, "noise.step", step, i - 1, part);
            compare_tensor(run, part, 0, list->tensors[i], stored_tolerance);
        }
    }
    sg_scope_close(run->test->context, scope, NULL);
    report_group(run, "adam");
}

/* ---- runs ---- */

/* What the name of a run says; the rest is in its tensors. */
static sg_projector_options options_of(projector_run *run)
{
    char name[NAME_BYTES];
    sg_projector_options o = sg_projector_options_default();
    o.steps = (int)case_number(run->test, part_name(run, "steps", name));
    o.seed = (uint32_t)case_number(run->test, part_name(run, "seed", name));
    o.w_avg_samples = (int)case_number(run->test, part_name(run, "w_avg_samples", name));
    if (strstr(run->name, "wplus"))
        o.space = SG_INVERT_W_PLUS;
    if (!case_first(run->test, part_name(run, "draw_noise.", name)))
        o.noise = SG_INVERT_NOISE_FIXED;
    if (strstr(run->name, "seedstart")) {
        o.start = SG_INVERT_START_SEED;
        o.start_seed = 85;
        o.schedule = SG_INVERT_CONSTANT;
    }
    o.weights.of[strstr(run->name, "pixel") ? SG_INVERT_PIXEL : SG_INVERT_LPIPS] = 1;
    return o;
}

/* Reads the target [3, H, W] as a picture [H, W, 3]. */
static float *read_target(const projector_run *run, sg_feature_pictures *pictures)
{
    char name[NAME_BYTES];
    const sg_stored_tensor *stored = case_find(run->test, part_name(run, "target", name), NULL);
    double *values = stored && stored->rank == 3 ? read_part(run, "target") : NULL;
    float *target = values ? malloc((stored->count + 1) * sizeof *target) : NULL;
    if (target) {
        *pictures = (sg_feature_pictures){.count = 1,
                                          .height = (size_t)stored->size[1],
                                          .width = (size_t)stored->size[2],
                                          .channels = (size_t)stored->size[0],
                                          .floats = target};
        const size_t pixels = pictures->height * pictures->width;
        for (size_t i = 0; i < stored->count; i++)
            target[i % pixels * pictures->channels + i / pixels] = (float)values[i];
    }
    free(values);
    return target;
}

/* Makes the projector at the run's start. */
static bool begin(projector_run *run, sg_generator *generator, sg_lpips_tape *lpips)
{
    sg_projector_targets targets = {.mask = NULL};
    sg_error error = {0};
    const sg_invert_networks networks = {.generator = generator, .lpips = lpips};
    const sg_projector_options options = options_of(run);
    float *target = read_target(run, &targets.pictures);
    if (!target)
        sg_fail(&error, SG_ERROR_FORMAT, "the target is absent");
    else
        sg_projector_create(&networks, &options, &targets, NULL, &run->projector, &error);
    if (!run->projector)
        report_failure(run->test->report, run->test->name, run->name, "%s", error.message);
    free(target);
    return run->projector;
}

static void end(projector_run *run)
{
    sg_projector_destroy(run->projector);
    run->projector = NULL;
}

static void run_one(golden_case *test, const char *name, sg_generator *generator,
                    sg_lpips_tape *lpips)
{
    char part[NAME_BYTES];
    projector_run run = {
        .test = test, .name = name, .dtype = sg_generator_parameters(generator)->dtype};
    const bool precise = run.dtype == SG_F64;
    const sg_stored_tensor *keep = case_find(test, part_name(&run, "keep", part), NULL);
    run.keep = read_part(&run, "keep");
    run.keep_count = run.keep ? keep->count : 0;
    if (begin(&run, generator, lpips)) {
        compare_start(&run);
        compare_course(&run, precise ? run.projector->options.steps : 2,
                       precise ? "course" : "first_steps");
        if (!precise)
            compare_forced(&run);
        end(&run);
    }
    if (precise && begin(&run, generator, lpips)) {
        compare_adam(&run);
        end(&run);
    }
    free(run.keep);
}

/* The names of the file's runs: prefixes of ".steps". */
static int list_runs(const golden_case *test, char names[MOST_RUNS][NAME_BYTES])
{
    int count = 0;
    for (size_t i = 0; i < sg_safetensors_count(test->expected) && count < MOST_RUNS; i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        const char *dot = strchr(name, '.');
        if (dot && strcmp(dot, ".steps") == 0 && dot - name < NAME_BYTES)
            snprintf(names[count++], NAME_BYTES, "%.*s", (int)(dot - name), name);
    }
    return count;
}

/* Runs all runs of a network in one precision. */
static void run_network(golden_case *test, const char *kind, sg_dtype dtype)
{
    char names[MOST_RUNS][NAME_BYTES];
    sg_lpips_tape *lpips = NULL;
    const bool third = strcmp(kind, "stylegan3") == 0;
    const int count = list_runs(test, names);
    int wanted = 0;
    for (int i = 0; i < count; i++)
        wanted += sg_has_prefix(names[i], "sg3") == third;
    sg_generator *generator =
        wanted > 0 ? load_editing_generator_in(test, kind, "all", dtype) : NULL;
    if (generator)
        open_filled_lpips(test, "all", dtype, &lpips);
    for (int i = 0; i < count && lpips; i++)
        if (sg_has_prefix(names[i], "sg3") == third)
            run_one(test, names[i], generator, lpips);
    sg_lpips_tape_close(lpips);
    sg_generator_destroy(generator);
}

/* ---- the anchored input of StyleGAN3 ---- */

/* Paints the first of the network's expected styles with the position of the average w. */
static void run_anchor(golden_case *test, sg_dtype dtype)
{
    char group[NAME_BYTES];
    snprintf(group, sizeof group, "anchor.%s", dtype == SG_F64 ? "double" : "single");
    sg_generator *generator = load_editing_generator_in(test, "stylegan3", group, dtype);
    sg_tensor *styles = generator ? editing_network_styles(test, "stylegan3", group, dtype) : NULL;
    const size_t scope = sg_scope_open(test->context);
    if (generator && styles) {
        projector_run run = {.test = test, .name = "anchor", .dtype = dtype};
        const double tolerance = dtype == SG_F64 ? stored_tolerance : single_tolerance;
        sg_generator_anchor(generator);
        const sg_parameter *bias =
            sg_parameter_find(sg_generator_parameters(generator), "synthesis.input.affine.bias");
        compare_tensor(&run, "affine_bias", 0, bias ? bias->tensor : NULL, tolerance);
        sg_tensor *ws = sg_slice(styles, 0, 0, 1);
        compare_tensor(&run, "img", 0,
                       sg_to_channels_first(sg_generator_synthesize(
                           generator, ws, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST})),
                       tolerance);
        report_group(&run, "img");
    }
    sg_scope_close(test->context, scope, NULL);
    sg_tensor_release(styles);
    sg_generator_destroy(generator);
}

/* Convolutions are direct ones: the errors of faster ones, 1e-5, put more units of the ReLU network
 * on the other side of 0, each of which changes gradients by up to a percent. */
void run_projections(golden_case *test)
{
    test->context->exact = true;
    for (int i = 0; i < 2; i++) {
        const sg_dtype dtype = i == 0 ? SG_F32 : SG_F64;
        if (case_has(test, "anchor.img"))
            run_anchor(test, dtype);
        run_network(test, "stylegan2", dtype);
        run_network(test, "stylegan3", dtype);
    }
}
