/* The searches of a set of pictures; see word_edits.h. Tested by: tests/cli/test_edit_words.c */
#include "words/run/word_edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "edit/request/edit_path.h"
#include "image/files/png_file.h"
#include "tensor/context.h"
#include "words/run/word_edits_state.h"

enum { MOST_POINTS = 30 /* of a path */, SOURCE_BYTES = 200, REMARK_BYTES = 300 };

static const double show_interval = 5; /* seconds */

/* One call of sg_word_edits_run; then what belongs to one source. */
typedef struct running {
    sg_word_edits *edits;
    sg_picture_work *work;
    const sg_word_hooks *hooks;
    const sg_watch *watch;
    char *current;  /* the path of current.png */
    double *before; /* [count + kept], then as many after */

    size_t index; /* of the source */
    char source[SOURCE_BYTES];
    sg_latent_search *search;
    sg_image *start;
    float *path; /* [points, values] */
    size_t points;
    double shown; /* seconds */
} running;

static sg_context *context_of(const running *all)
{
    return all->work->network.context;
}

/* ---- pictures ---- */

/* Makes the picture so far in *image, which the caller destroys, and the guide's answers for it. */
static sg_status look(const running *all, double *answers, sg_image **image, sg_error *error)
{
    sg_context *context = context_of(all);
    const size_t scope = sg_scope_open(context);
    sg_tensor *picture = sg_latent_search_picture(all->search);
    sg_status status = sg_context_take_error(context, error);
    if (!status && answers == all->before)
        status = sg_guide_start(all->edits->guide, picture, error);
    if (!status && answers)
        status = sg_guide_answer(all->edits->guide, picture, answers, error);
    if (!status && image)
        status = sg_image_from_floats(sg_f32(picture), (size_t)picture->shape.size[1],
                                      (size_t)picture->shape.size[2],
                                      (size_t)picture->shape.size[3], image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* Shows the start beside the picture so far, now and then. */
static sg_status show(running *all, sg_error *error)
{
    sg_image *picture = NULL;
    sg_image *both = NULL;
    if (sg_clock_seconds() - all->shown < show_interval)
        return SG_OK;
    sg_status status = look(all, NULL, &picture, error);
    if (!status)
        status = sg_image_beside(all->start, picture, &both, error);
    if (!status)
        status = sg_png_write(all->current, both, NULL, 0, error);
    if (!status && all->hooks->show)
        all->hooks->show(all->hooks->user, both);
    sg_image_destroy(picture);
    sg_image_destroy(both);
    all->shown = sg_clock_seconds();
    return status;
}

/* ---- one source ---- */

/* Starts the search at the styles that the source's picture has. */
static sg_status begin(running *all, sg_error *error)
{
    sg_context *context = context_of(all);
    const sg_picture_request request = sg_picture_work_at(all->work, all->index, 0, 0);
    sg_latent_search_options options = all->edits->options->search;
    options.layers = all->edits->layers;
    options.without_noise = request.noise_mode == SG_NOISE_NONE;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *start = sg_picture_styles(&all->work->network, &request);
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = sg_latent_search_create(all->work->network.generator, all->edits->guide, &options,
                                         start, &all->search, error);
    sg_scope_close(context, scope, NULL);
    SG_TRY(status);
    all->points = (size_t)options.steps < MOST_POINTS ? (size_t)options.steps : MOST_POINTS;
    all->path = sg_allocate(all->points, sg_latent_search_count(all->search) * sizeof *all->path);
    return all->path ? look(all, all->before, &all->start, error)
                     : sg_fail_memory(error, "the path of an edit");
}

/* Keeps what was found where a point of the path is due. */
static void keep_point(running *all, size_t done)
{
    const size_t steps = (size_t)all->edits->options->search.steps;
    const size_t point = done * all->points / steps;
    if (point > (done - 1) * all->points / steps)
        sg_latent_search_found(all->search,
                               all->path + (point - 1) * sg_latent_search_count(all->search));
}

/* Tells the watch; true when the work should stop. */
static bool step_watch(const running *all, int done, double loss)
{
    char remark[REMARK_BYTES];
    const int steps = all->edits->options->search.steps;
    const size_t count = all->work->lists.seeds.count;
    snprintf(remark, sizeof remark, "%s, loss %.4g", all->source, loss);
    return sg_watch_step(all->watch, (double)all->index * steps + done, (double)count * steps,
                         remark);
}

static sg_status take_steps(running *all, sg_search_report *report, sg_error *error)
{
    const int steps = all->edits->options->search.steps;
    while (sg_latent_search_steps_done(all->search) < steps) {
        SG_TRY(sg_latent_search_step(all->search, report, error));
        const int done = sg_latent_search_steps_done(all->search);
        keep_point(all, (size_t)done);
        SG_TRY(show(all, error));
        if (step_watch(all, done, report->loss))
            return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    }
    return SG_OK;
}

/* Makes the source's plan, and notes its answers. */
static sg_status finish(running *all, const sg_search_report *report, sg_error *error)
{
    const size_t answers = sg_guide_count(all->edits->guide) + sg_guide_kept(all->edits->guide);
    const bool styles = all->edits->options->search.space == SG_SEARCH_STYLES;
    const sg_edit_path path = {
        .points = all->points, .w = styles ? NULL : all->path, .styles = styles ? all->path : NULL};
    const sg_word_result result = {all->source, all->edits->guide, all->before,
                                   all->before + answers, *report};
    SG_TRY(look(all, all->before + answers, NULL, error));
    SG_TRY(sg_edit_plan_make_path(&path, all->edits->text.bytes, all->work->network.generator,
                                  &all->work->found[all->index], error));
    SG_TRY(sg_word_record_add(all->edits, &result, error));
    if (all->hooks->found)
        all->hooks->found(all->hooks->user, &result);
    return SG_OK;
}

static sg_status edit_source(running *all, sg_error *error)
{
    sg_search_report report = {0};
    sg_source_print(&all->work->lists.seeds, &all->work->lists.w, all->index, all->source,
                    sizeof all->source);
    sg_status status = begin(all, error);
    if (!status)
        status = take_steps(all, &report, error);
    if (!status)
        status = finish(all, &report, error);
    sg_latent_search_destroy(all->search);
    sg_image_destroy(all->start);
    free(all->path);
    all->search = NULL;
    all->start = NULL;
    all->path = NULL;
    return status;
}

/* ---- all sources ---- */

static sg_status edit_all(running *all, sg_error *error)
{
    const size_t count = all->work->lists.seeds.count;
    const size_t answers = sg_guide_count(all->edits->guide) + sg_guide_kept(all->edits->guide);
    sg_edit_plan **found = sg_allocate(count, sizeof(sg_edit_plan *));
    all->before = sg_allocate(answers, 2 * sizeof *all->before);
    all->current = sg_path_join(all->work->common.folder, "current.png");
    if (!found || !all->before || !all->current) {
        free(found);
        return sg_fail_memory(error, "%zu edits", count);
    }
    all->work->found = found;
    SG_TRY(sg_word_record_begin(all->edits, error));
    for (all->index = 0; all->index < count; all->index++)
        SG_TRY(edit_source(all, error));
    return sg_word_record_write(all->edits, all->work->common.folder, error);
}

sg_status sg_word_edits_run(sg_word_edits *edits, sg_picture_work *work, const sg_word_hooks *hooks,
                            const sg_watch *watch, sg_error *error)
{
    const sg_word_hooks none = {0};
    running all = {.edits = edits,
                   .work = work,
                   .hooks = hooks ? hooks : &none,
                   .watch = watch,
                   .shown = sg_clock_seconds()};
    const sg_status status = edit_all(&all, error);
    if (all.current)
        remove(all.current);
    free(all.current);
    free(all.before);
    return status;
}
