/* Before and after, and strips; see edit_pictures.h. Tested by: tests/cli/test_edit.c */
#include "pictures/edits/edit_pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/utf8.h"
#include "edit/request/edit_plan.h"
#include "latent/seeds.h"
#include "models/family.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"

enum { SHEET_GAP = 4 /* pixels */, TITLE_BYTES = 200, NAME_BYTES = 20 /* of an edit in a label */ };

/* A sheet being painted: row by row, a row for each source. */
typedef struct sheet {
    const sg_picture_work *work;
    size_t columns;
    bool pairs;             /* the picture before, or the terms of a sum, and the one after;
                               otherwise a strip */
    const sg_w_term *terms; /* of the sum; NULL without one */
    size_t term_count;
    float *latent; /* [z_dim]: the same sum of latents, in the last column but one; NULL: none */
    sg_labels rows, labels;
    sg_page *page;
    char name[SG_PICTURE_NAME_BYTES];
} sheet;

/* Returns how much of the moves a column of a strip has, from -1 to 1; of the way of a search, from
 * 0 to 1. */
static double strength_of(const sheet *all, size_t column)
{
    const double share = (double)column / (double)(all->columns - 1);
    return all->work->found ? share : 2 * share - 1;
}

/* Makes the request that of a term's w alone. */
static void show_term(const sg_w_term *term, sg_picture_request *request)
{
    request->edit = (sg_edit_request){0};
    request->ws = term->values;
    request->seed = term->seed;
    request->psi = term->average ? 1 : request->psi;
}

/* True for the column that shows the sum of latents. */
static bool shows_latents(const sheet *all, size_t column)
{
    return all->latent && column == all->term_count;
}

static sg_picture_request request_at(void *user, size_t index)
{
    sheet *all = user;
    sg_picture_request request = sg_picture_work_at(all->work, index / all->columns, 0, 0);
    const size_t column = index % all->columns;
    if (shows_latents(all, column)) {
        request.edit = (sg_edit_request){0};
        request.z = all->latent;
    } else if (all->pairs && all->terms && column + 1 < all->columns)
        show_term(&all->terms[column], &request);
    else if (all->pairs)
        request.edit.only_source = column + 1 < all->columns;
    else
        request.edit.strength = strength_of(all, column);
    request.save_w = request.save_w && all->pairs && column + 1 == all->columns;
    request.output = sg_picture_name(&request, false, false, all->name);
    if (shows_latents(all, column))
        request.output = "sum-z.png";
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const sheet *all = user;
    const size_t column = index % all->columns;
    if (all->pairs && (column + 1 == all->columns || shows_latents(all, column)))
        SG_TRY(sg_picture_write(&all->work->network, request, image, error));
    return sg_page_paste(all->page, column, index / all->columns, image, error);
}

/* ---- labels ---- */

static sg_status label_rows(sheet *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->work->lists;
    if (!all->work->common.edit.sum)
        return sg_labels_sources(&all->rows, &lists->seeds, &lists->w, 0, 1, error);
    return sg_labels_create(&all->rows, 1, error);
}

/* Labels a strip's columns with the amount of a single move, otherwise with shares of all. */
static sg_status label_columns(sheet *all, sg_error *error)
{
    const char *name = NULL;
    SG_TRY(sg_labels_create(&all->labels, all->columns, error));
    const double amount = sg_edit_plan_single(all->work->common.edit.plan, &name);
    for (size_t i = 0; i < all->columns; i++)
        if (all->pairs && i + 1 == all->columns)
            sg_labels_set(&all->labels, i, "%s",
                          !all->terms   ? "after"
                          : all->latent ? "sum in w"
                                        : "sum");
        else if (shows_latents(all, i))
            sg_labels_set(&all->labels, i, "sum in z");
        else if (all->pairs && all->terms)
            sg_labels_set(&all->labels, i, "%.4g x %.30s", all->terms[i].factor,
                          all->terms[i].text);
        else if (all->pairs)
            sg_labels_set(&all->labels, i, "before");
        else if (name)
            sg_labels_set(&all->labels, i, "%.*s %.3g", (int)sg_utf8_cut(name, NAME_BYTES), name,
                          amount * strength_of(all, i));
        else if (all->work->found)
            sg_labels_set(&all->labels, i, "%.0f %% of the way", 100 * strength_of(all, i));
        else
            sg_labels_set(&all->labels, i, "%.3g of all", strength_of(all, i));
    return SG_OK;
}

/* ---- sheets ---- */

/* Writes the edits, cut to what stands above the columns. */
static void write_title(const sheet *all, char title[TITLE_BYTES])
{
    enum { COLUMN_LETTERS = 17, DOTS = 3 };
    const char *text = sg_edit_plan_text(all->work->common.edit.plan);
    const size_t wide = all->columns * COLUMN_LETTERS;
    const size_t room = wide < TITLE_BYTES ? wide : TITLE_BYTES - 1;
    if (strlen(text) <= room)
        snprintf(title, TITLE_BYTES, "%s", text);
    else
        snprintf(title, TITLE_BYTES, "%.*s...", (int)sg_utf8_cut(text, room - DOTS), text);
}

static sg_status open_page(sheet *all, sg_error *error)
{
    char title[TITLE_BYTES];
    const sg_picture_work *work = all->work;
    SG_TRY(label_rows(all, error));
    SG_TRY(label_columns(all, error));
    write_title(all, title);
    const sg_figure_layout layout = {
        .columns = {.count = all->columns, .labels = all->labels.pointers},
        .rows = {.count = all->rows.count, .labels = all->rows.pointers},
        .gap = SHEET_GAP,
        .scale = (size_t)work->common.scale,
        .title = title,
        .plain = work->plain};
    return sg_picture_page_create(work->network.generator, layout, &all->page, error);
}

static sg_status write_page(const sheet *all, const char *name, sg_error *error)
{
    const sg_picture_request request = sg_picture_work_at(all->work, 0, 0, 0);
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(&all->work->network));
    if (!request.edit.sum)
        sg_remark_text(&remarks, "seeds", all->work->lists.seeds.text);
    sg_remark_settings(&remarks, &all->work->network, &request, NULL, NULL);
    return sg_write_picture(request.folder, name, sg_page_image(all->page), &remarks, error);
}

static sg_status paint_sheet(sheet *all, const char *name, const sg_watch *watch, sg_error *error)
{
    const sg_picture_plan plan = {.count = all->work->lists.seeds.count * all->columns,
                                  .user = all,
                                  .request = request_at,
                                  .deliver = deliver};
    sg_status status = open_page(all, error);
    if (!status)
        status = sg_paint_pictures(&all->work->network, &plan, watch, error);
    if (!status)
        status = write_page(all, name, error);
    sg_page_destroy(all->page);
    sg_labels_clear(&all->rows);
    sg_labels_clear(&all->labels);
    return status;
}

/* ---- sums of latents ---- */

/* True if the sum is all of the edit, and every term has a latent of its own. */
static bool has_latents(const sheet *all)
{
    const sg_edit_request *edit = &all->work->common.edit;
    const sg_generator_config *config = &all->work->network.config;
    for (size_t i = 0; i < all->term_count; i++)
        if (all->terms[i].values || all->terms[i].average)
            return false;
    return all->terms && sg_family_of(config->family)->maps &&
           sg_edit_list_is_empty(&edit->moves) && sg_edit_list_is_empty(&edit->styles) &&
           sg_edit_list_is_empty(&edit->mixes) && !sg_edit_plan_truncates(all->work->plan);
}

/* Computes the sum of the terms' latents. */
static sg_status add_latents(sheet *all, sg_error *error)
{
    const size_t width = (size_t)all->work->network.config.z_dim;
    float *one = sg_allocate(width, sizeof *one);
    all->latent = sg_allocate(width, sizeof *all->latent);
    for (size_t i = 0; one && all->latent && i < all->term_count; i++) {
        sg_seed_latent(all->terms[i].seed, width, one);
        for (size_t k = 0; k < width; k++)
            all->latent[k] += (float)all->terms[i].factor * one[k];
    }
    free(one);
    return one && all->latent ? SG_OK : sg_fail_memory(error, "a sum of latents");
}

sg_status sg_edit_paint(const sg_picture_work *work, const sg_watch *watch, sg_error *error)
{
    sheet all = {.work = work, .pairs = true};
    all.terms = sg_edit_plan_sum(work->common.edit.plan, &all.term_count);
    sg_status status = has_latents(&all) ? add_latents(&all, error) : SG_OK;
    all.columns = (all.terms ? all.term_count : 1) + (all.latent != NULL) + 1;
    if (!status)
        status = paint_sheet(&all, "before-after.png", watch, error);
    free(all.latent);
    return status;
}

sg_status sg_edit_strip(const sg_picture_work *work, size_t count, const sg_watch *watch,
                        sg_error *error)
{
    sheet all = {.work = work, .columns = count};
    return paint_sheet(&all, "strip.png", watch, error);
}
