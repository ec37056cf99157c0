/* StyleCLIP's latent optimisation in both precisions; see word_case.h. */
#include "golden_test/word_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/clip_case.h"
#include "golden_test/editing_files.h"
#include "golden_test/projector_case.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "words/latent_search_inside.h"

enum { START_ROW = 2, NAME_BYTES = 100 };

/* Stored doubles, stored floats; single precision, whose free course drifts as Adam's first steps
 * are signs: of it the first step alone. */
static const double exact = 1e-9, rounded = 1e-6, single = 1e-4, single_gradient = 1e-3;

/* A run in one precision; everything is of the innermost scope. */
typedef struct word_run {
    golden_case *test;
    sg_dtype dtype;
    const sg_clip *clip;
    sg_generator *generator;
    sg_guide *guide;
    sg_latent_search *search;
} word_run;

static bool is_double(const word_run *run)
{
    return run->dtype == SG_F64;
}

static const char *group_of(const word_run *run, const char *name, char group[NAME_BYTES])
{
    snprintf(group, NAME_BYTES, "styleclip.%.60s.%s", name, is_double(run) ? "double" : "single");
    return group;
}

/* Compares numbers with values from `first` on of a tensor of several; reports the worst of all. */
static double error_of(word_run *run, const char *name, size_t step, double found)
{
    double *values = case_values(run->test, name);
    const double error = values ? relative_error(&found, values + step, 1, 0) : (double)INFINITY;
    free(values);
    return error;
}

static void compare(word_run *run, const char *name, sg_tensor *found, double tolerance)
{
    char tensor[NAME_BYTES];
    char group[NAME_BYTES];
    snprintf(tensor, sizeof tensor, "styleclip.%.60s", name);
    if (case_has(run->test, tensor))
        case_compare(run->test, group_of(run, name, group), tensor, found, tolerance);
}

/* Compares what CLIP sees of the start. */
static void compare_view(word_run *run)
{
    sg_tensor *picture = sg_latent_search_picture(run->search);
    sg_tensor *view =
        sg_to_channels_first(sg_clip_view_of(run->clip, picture, SG_CLIP_VIEW_STYLECLIP));
    if (view)
        view = sg_reshape(view,
                          SG_SHAPE(view->shape.size[1], view->shape.size[2], view->shape.size[3]));
    compare(run, "clip_input.step0", view, is_double(run) ? rounded : single);
}

/* Compares w after a step, where the file has it. */
static void compare_w(word_run *run, int step)
{
    char name[NAME_BYTES];
    const sg_shape *shape = &run->search->start->shape;
    snprintf(name, sizeof name, "w.step%d", step);
    compare(run, name,
            sg_reshape(sg_add(run->search->start, run->search->step),
                       SG_SHAPE(shape->size[1], shape->size[2])),
            exact);
}

/* Takes steps, and reports the largest error of each number over all of them. */
static void take_steps(word_run *run, int steps)
{
    static const char *const names[] = {"loss", "clip", "l2", "lr"};
    double errors[4] = {0};
    sg_error error = {0};
    for (int step = 0; step < steps; step++) {
        sg_search_report report;
        if (sg_latent_search_evaluate(run->search, &report, &error))
            break;
        const double found[] = {report.loss, report.guide, report.distance, report.rate};
        for (int i = 0; i < 4; i++) {
            char name[NAME_BYTES];
            snprintf(name, sizeof name, "styleclip.%.60s", names[i]);
            errors[i] = fmax(errors[i], error_of(run, name, (size_t)step, found[i]));
        }
        const sg_shape *shape = &run->search->start->shape;
        if (step == 0)
            compare(run, "grad_w.step0",
                    sg_reshape(run->search->list.gradients[0],
                               SG_SHAPE(shape->size[1], shape->size[2])),
                    is_double(run) ? exact : single_gradient);
        sg_latent_search_move(run->search, report.rate);
        if (is_double(run))
            compare_w(run, step);
    }
    for (int i = 0; i < 4; i++) {
        char group[NAME_BYTES];
        report_error(run->test->report, run->test->name, group_of(run, names[i], group),
                     error.message[0] ? (double)INFINITY : errors[i],
                     is_double(run) ? exact : single, error.message);
    }
}

/* Makes the guide: the text of the file's row of tokens, as StyleCLIP shows pictures to CLIP. */
static sg_status make_guide(word_run *run, sg_error *error)
{
    const sg_wish wish = {"the text", 1};
    const sg_guide_texts texts = {.clip = run->clip,
                                  .context = run->test->context,
                                  .wishes = &wish,
                                  .count = 1,
                                  .view = SG_CLIP_VIEW_STYLECLIP};
    size_t count = 0;
    const int64_t row = (int64_t)case_number(run->test, "styleclip.token_row");
    int32_t *tokens = case_tokens(run->test, "text.tokens", &count);
    sg_tensor *rows = tokens ? sg_clip_unit(sg_clip_tokens(run->clip, tokens, count)) : NULL;
    free(tokens);
    run->guide = sg_guide_create();
    return run->guide && rows
               ? sg_guide_add_rows(run->guide, &texts, sg_slice(rows, 0, row, 1), error)
               : sg_fail(error, SG_ERROR_FORMAT, "the text's features are absent");
}

static sg_status begin(word_run *run, const sg_tensor *styles, int steps, sg_error *error)
{
    sg_latent_search_options options = SG_LATENT_SEARCH_OPTIONS;
    options.steps = steps;
    SG_TRY(make_guide(run, error));
    const sg_tensor *start = sg_slice((sg_tensor *)styles, 0, START_ROW, 1);
    return start ? sg_latent_search_create(run->generator, run->guide, &options, start,
                                           &run->search, error)
                 : sg_context_take_error(run->test->context, error);
}

static void run_in(golden_case *test, sg_dtype dtype, int steps)
{
    static const char group[] = "styleclip";
    word_run run = {.test = test, .dtype = dtype};
    sg_error error = {0};
    const size_t scope = sg_scope_open(test->context);
    sg_clip *clip = open_case_clip(test, dtype, group);
    sg_tensor *styles = clip ? editing_network_styles(test, "stylegan2", group, dtype) : NULL;
    run.clip = clip;
    run.generator = styles ? load_editing_generator_in(test, "stylegan2", group, dtype) : NULL;
    if (run.generator && begin(&run, styles, steps, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    else if (run.generator) {
        compare_view(&run);
        take_steps(&run, dtype == SG_F64 ? steps : 1);
    }
    sg_latent_search_destroy(run.search);
    sg_guide_close(run.guide);
    sg_generator_destroy(run.generator);
    sg_tensor_release(styles);
    sg_scope_close(test->context, scope, NULL);
    sg_clip_close(clip);
}

void run_styleclip(golden_case *test)
{
    const sg_stored_tensor *losses = case_find(test, "styleclip.loss", NULL);
    if (!losses)
        return;
    run_in(test, SG_F64, (int)losses->count);
    run_in(test, SG_F32, (int)losses->count);
}
