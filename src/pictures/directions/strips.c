/* Strips of directions; see strips.h.
 * Tested by: tests/cli/test_directions.c */
#include "pictures/directions/strips.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "edit/request/edit_plan.h"
#include "image/figures/plot.h"
#include "pictures/directions/strip_files.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

typedef struct painting {
    const sg_strips *strips;
    sg_edit_request *edits; /* [count]: one move each, at full strength */
    sg_edit_plan **plans;   /* [count] */
    size_t first, lines;    /* directions of the figure being painted: several with one seed */
    sg_figure *figure;
    double *answers; /* [count, amounts, asked]: sums of probabilities over seeds */
    double *logits;  /* [attributes] */
    char (*files)[SG_STRIP_FILE_BYTES]; /* [count]: of the directions' figures */
} painting;

static size_t seeds_of(const painting *all)
{
    return all->strips->work->lists.seeds.count;
}

/* ---- plans ---- */

/* Makes the plan of a move of one direction by one sigma. */
static sg_status make_plan(painting *all, size_t index, sg_error *error)
{
    char text[SG_EDIT_TEXT_BYTES];
    const sg_strips *strips = all->strips;
    const sg_picture_work *work = strips->work;
    const int class_index = work->common.class_index >= 0 ? work->common.class_index : 0;
    const sg_style_label label = {class_index, work->common.label.values};
    sg_edit_request *edit = &all->edits[index];
    if (snprintf(text, sizeof text, "%s=1", strips->names[index]) >= (int)sizeof text)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the name of direction %zu is too long", index);
    *edit = (sg_edit_request){.directions = strips->directions, .keep = strips->keep};
    edit->moves.texts[edit->moves.count++] = text;
    edit->orthogonal = strips->keep != NULL;
    SG_TRY(sg_edit_plan_make(edit, work->network.generator, label, &all->plans[index], error));
    edit->moves.count = 0; /* the text ends here; the plan has read it */
    return SG_OK;
}

/* ---- pictures ---- */

/* Amounts vary fastest, then seeds, then directions. */
static sg_picture_request request_at(void *user, size_t index)
{
    const painting *all = user;
    const sg_strips *strips = all->strips;
    const size_t line = index / strips->amount_count;
    const size_t direction = all->first + line / seeds_of(all);
    const sg_picture_lists *lists = &strips->work->lists;
    sg_picture_request request = strips->work->common;
    sg_source_set(&lists->seeds, &lists->w, line % seeds_of(all), &request);
    request.edit = all->edits[direction];
    sg_edit_request_follow(&request.edit, all->plans[direction]);
    request.edit.strength = strips->amounts[index % strips->amount_count];
    return request;
}

static sg_status ask(painting *all, size_t direction, size_t amount, const sg_image *image,
                     sg_error *error)
{
    const sg_strips *strips = all->strips;
    double *sums = all->answers + (direction * strips->amount_count + amount) * strips->asked_count;
    if (!strips->attributes)
        return SG_OK;
    SG_TRY(sg_attributes_answer_picture(strips->attributes, image->pixels, all->logits, error));
    for (size_t i = 0; i < strips->asked_count; i++)
        sums[i] += sg_attribute_probability(strips->attributes, all->logits, strips->asked[i]) /
                   (double)seeds_of(all);
    return SG_OK;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    painting *all = user;
    const sg_strips *strips = all->strips;
    const size_t line = index / strips->amount_count;
    const size_t amount = index % strips->amount_count;
    (void)request;
    SG_TRY(ask(all, all->first + line / seeds_of(all), amount, image, error));
    return sg_figure_paste(all->figure, strips->transposed ? line : amount,
                           strips->transposed ? amount : line, image, error);
}

/* ---- figures ---- */

static sg_status label_amounts(const sg_strips *strips, sg_labels *labels, sg_error *error)
{
    SG_TRY(sg_labels_create(labels, strips->amount_count, error));
    for (size_t i = 0; i < strips->amount_count; i++) {
        char number[SG_NUMBER_TEXT_BYTES];
        sg_print_number(number, strips->amounts[i]);
        sg_labels_set(labels, i, "%s%s", strips->amounts[i] > 0 ? "+" : "", number);
    }
    return SG_OK;
}

/* The seeds of one direction, or the directions of one seed. */
static sg_status label_lines(const painting *all, sg_labels *labels, sg_error *error)
{
    const sg_strips *strips = all->strips;
    const sg_picture_lists *lists = &strips->work->lists;
    if (seeds_of(all) > 1)
        return sg_labels_sources(labels, &lists->seeds, &lists->w, 0, 1, error);
    SG_TRY(sg_labels_create(labels, strips->count, error));
    for (size_t i = 0; i < strips->count; i++)
        sg_labels_set(labels, i, "%s", strips->names[i]);
    return SG_OK;
}

static sg_status create_figure(painting *all, sg_error *error)
{
    const sg_strips *strips = all->strips;
    const sg_picture_work *work = strips->work;
    sg_labels amounts = {0};
    sg_labels lines = {0};
    sg_status status = label_amounts(strips, &amounts, error);
    if (!status)
        status = label_lines(all, &lines, error);
    if (!status) {
        const sg_figure_side columns = {amounts.count, amounts.pointers, NULL, 0};
        const sg_figure_side rows = {lines.count, lines.pointers, NULL, 0};
        status =
            sg_picture_figure_create(work->network.generator, strips->transposed ? rows : columns,
                                     strips->transposed ? columns : rows, work->plain,
                                     (size_t)work->common.scale, &all->figure, error);
    }
    sg_labels_clear(&amounts);
    sg_labels_clear(&lines);
    return status;
}

static sg_status paint_figure(painting *all, const char *file, const sg_watch *watch,
                              sg_error *error)
{
    const sg_strips *strips = all->strips;
    const sg_picture_work *work = strips->work;
    const sg_picture_plan plan = {.count = all->lines * seeds_of(all) * strips->amount_count,
                                  .user = all,
                                  .request = request_at,
                                  .deliver = deliver};
    sg_remarks remarks;
    sg_status status = create_figure(all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status) {
        sg_remarks_start(&remarks, sg_picture_network_name(&work->network));
        sg_remark_settings(&remarks, &work->network, &work->common, NULL, NULL);
        sg_remark_text(&remarks, "directions", strips->directions);
        status = sg_write_picture(work->common.folder, file, sg_figure_image(all->figure), &remarks,
                                  error);
    }
    sg_figure_destroy(all->figure);
    all->figure = NULL;
    return status;
}

static sg_status paint_figures(painting *all, const sg_watch *watch, sg_error *error)
{
    const sg_strips *strips = all->strips;
    if (seeds_of(all) == 1) {
        all->lines = strips->count;
        return paint_figure(all, "strips.png", watch, error);
    }
    all->lines = 1;
    for (all->first = 0; all->first < strips->count; all->first++)
        SG_TRY(paint_figure(all, all->files[all->first], watch, error));
    return SG_OK;
}

/* ---- answers ---- */

static sg_status write_table(const painting *all, sg_error *error)
{
    const sg_strips *strips = all->strips;
    sg_text text = {0};
    char *path = sg_path_join(strips->work->common.folder, "answers.tsv");
    sg_text_append(&text, "direction\tamount");
    for (size_t i = 0; i < strips->asked_count; i++)
        sg_text_append(&text, "\t%s", sg_attribute_name(strips->attributes, strips->asked[i]));
    for (size_t i = 0; i < strips->count * strips->amount_count; i++) {
        sg_text_append(&text, "\n%s\t%g", strips->names[i / strips->amount_count],
                       strips->amounts[i % strips->amount_count]);
        for (size_t k = 0; k < strips->asked_count; k++)
            sg_text_append(&text, "\t%.4f", all->answers[i * strips->asked_count + k]);
    }
    sg_text_append(&text, "\n");
    const sg_status status = path && !text.failed
                                 ? sg_write_file(path, text.bytes, text.length, error)
                                 : sg_fail_memory(error, "a table of answers");
    sg_text_clear(&text);
    free(path);
    return status;
}

/* Fills the panel and the lines of one direction; `curves` [asked, amounts] are copies by
 * attribute. */
static void make_panel(const painting *all, size_t direction, double *curves, sg_plot_line *lines,
                       sg_plot_panel *panel)
{
    const sg_strips *strips = all->strips;
    for (size_t i = 0; i < strips->asked_count; i++) {
        double *curve = curves + i * strips->amount_count;
        for (size_t k = 0; k < strips->amount_count; k++)
            curve[k] =
                all->answers[(direction * strips->amount_count + k) * strips->asked_count + i];
        lines[i] = (sg_plot_line){sg_attribute_name(strips->attributes, strips->asked[i]),
                                  strips->amounts, curve, strips->amount_count};
    }
    *panel = (sg_plot_panel){strips->names[direction], lines, strips->asked_count, false};
}

static sg_status draw_answers(const painting *all, sg_image **image, sg_error *error)
{
    const sg_strips *strips = all->strips;
    const size_t lines = strips->count * strips->asked_count;
    sg_plot plot;
    sg_plot_init(&plot);
    sg_plot_panel *panels = sg_allocate(strips->count, sizeof *panels);
    sg_plot_line *list = sg_allocate(lines, sizeof *list);
    double *curves = sg_allocate(lines, strips->amount_count * sizeof *curves);
    sg_status status =
        panels && list && curves ? SG_OK : sg_fail_memory(error, "a plot of answers");
    for (size_t i = 0; !status && i < strips->count; i++)
        make_panel(all, i, curves + i * strips->asked_count * strips->amount_count,
                   list + i * strips->asked_count, &panels[i]);
    plot.x_name = "amount in sigmas";
    plot.title = "mean probability by the classifier";
    plot.panels = panels;
    plot.panel_count = strips->count;
    if (!status)
        status = sg_plot_draw(&plot, image, error);
    free(panels);
    free(list);
    free(curves);
    return status;
}

static sg_status write_answers(const painting *all, sg_error *error)
{
    sg_image *image = NULL;
    sg_remarks remarks;
    const sg_picture_work *work = all->strips->work;
    if (!all->strips->attributes)
        return SG_OK;
    SG_TRY(draw_answers(all, &image, error));
    sg_remarks_start(&remarks, sg_picture_network_name(&work->network));
    sg_remark_text(&remarks, "directions", all->strips->directions);
    sg_remark_text(&remarks, "classifier", sg_attributes_file(all->strips->attributes));
    sg_status status = sg_write_picture(work->common.folder, "answers.png", image, &remarks, error);
    sg_image_destroy(image);
    return status ? status : write_table(all, error);
}

/* ---- all ---- */

static sg_status prepare(painting *all, sg_error *error)
{
    const sg_strips *strips = all->strips;
    const size_t outputs = strips->attributes ? sg_attributes_count(strips->attributes) : 1;
    all->edits = sg_allocate(strips->count, sizeof *all->edits);
    all->plans = sg_allocate(strips->count, sizeof(sg_edit_plan *));
    all->answers = sg_allocate(strips->count * strips->amount_count,
                               (strips->asked_count + 1) * sizeof *all->answers);
    all->logits = sg_allocate(outputs, sizeof *all->logits);
    if (!all->edits || !all->plans || !all->answers || !all->logits)
        return sg_fail_memory(error, "strips of %zu directions", strips->count);
    for (size_t i = 0; i < strips->amount_count; i++)
        if (fabs(strips->amounts[i]) > SG_LARGEST_AMOUNT)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"amounts\" holds %g, but amounts are from %g to %g",
                           strips->amounts[i], -SG_LARGEST_AMOUNT, SG_LARGEST_AMOUNT);
    for (size_t i = 0; i < strips->count; i++)
        SG_TRY(make_plan(all, i, error));
    return sg_strip_files_name(strips->names, strips->count, &all->files, error);
}

sg_status sg_strips_paint(const sg_strips *strips, const sg_watch *watch, sg_error *error)
{
    painting all = {.strips = strips};
    sg_status status = prepare(&all, error);
    if (!status)
        status = paint_figures(&all, watch, error);
    if (!status)
        status = write_answers(&all, error);
    for (size_t i = 0; all.plans && i < strips->count; i++)
        sg_edit_plan_destroy(all.plans[i]);
    free(all.plans);
    free(all.edits);
    free(all.answers);
    free(all.logits);
    free(all.files);
    return status;
}
