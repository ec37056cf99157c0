/* Plans of edits; see edit_plan.h. */
#include "edit/request/edit_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "edit/centres.h"
#include "edit/directions/direction_file.h"
#include "edit/request/plan_parts.h"
#include "edit/vectors.h"

/* ---- what is asked for ---- */

bool sg_edit_request_edits(const sg_edit_request *r)
{
    const bool listed = !sg_edit_list_is_empty(&r->moves) || !sg_edit_list_is_empty(&r->styles) ||
                        !sg_edit_list_is_empty(&r->mixes) || !sg_edit_list_is_empty(&r->psis);
    return listed || r->sum || r->radius > 0 || r->clamp > 0 || r->centers > 0;
}

void sg_edit_request_follow(sg_edit_request *request, const sg_edit_plan *plan)
{
    request->plan = plan;
    request->strength = 1;
}

/* ---- the line of text ---- */

/* Appends "NOUN VALUE", with a semicolon before it unless it is the first. */
static void describe(sg_text *text, const char *noun, const char *value)
{
    if (value)
        sg_text_append(text, "%s%s %s", text->length > 0 ? "; " : "", noun, value);
}

static void describe_number(sg_text *text, const char *noun, double value)
{
    char number[SG_NUMBER_TEXT_BYTES];
    sg_print_number(number, value);
    if (value > 0)
        describe(text, noun, number);
}

static void describe_list(sg_text *text, const char *noun, const sg_edit_list *list)
{
    char *json = list->json ? cJSON_PrintUnformatted(list->json) : NULL;
    describe(text, noun, json);
    for (size_t i = 0; !list->json && i < list->count; i++)
        describe(text, noun, list->texts[i]);
    cJSON_free(json);
}

static sg_status describe_request(const sg_edit_request *request, sg_text *text, sg_error *error)
{
    describe(text, "sum", request->sum);
    describe_list(text, "layer psi", &request->psis);
    describe_number(text, "radius", request->radius);
    describe_number(text, "clamp", request->clamp);
    describe_number(text, "centers", request->centers);
    describe_list(text, "mix", &request->mixes);
    describe_list(text, "move", &request->moves);
    if (request->orthogonal)
        describe(text, "moves", "orthogonal");
    if (request->from_boundary)
        describe(text, "moves", "from the boundary");
    describe(text, "keep", request->keep);
    describe_list(text, "style", &request->styles);
    if (text->failed || !text->bytes)
        return sg_fail_memory(error, "a text of edits");
    return SG_OK;
}

/* ---- making and freeing ---- */

static sg_status fill(sg_edit_plan *plan, const sg_edit_request *request,
                      const sg_plan_sources *sources, sg_style_label label, sg_error *error)
{
    SG_TRY(sg_plan_truncation(plan, request, label, sources, error));
    if (request->sum) {
        plan->terms = sg_allocate(SG_MOST_TERMS, sizeof *plan->terms);
        if (!plan->terms)
            return sg_fail_memory(error, "the terms of a sum");
        SG_TRY(
            sg_w_terms_read(request->sum, plan->generator, plan->terms, &plan->term_count, error));
    }
    SG_TRY(sg_plan_mixes(plan, request, error));
    SG_TRY(sg_plan_moves(plan, request, sources->directions, error));
    SG_TRY(sg_plan_styles(plan, request, label, error));
    if (plan->shift_count > 0 && !plan->saved)
        plan->saved = sg_allocate(plan->shift_count, sizeof *plan->saved);
    if (plan->shift_count > 0 && !plan->saved)
        return sg_fail_memory(error, "%zu shifts of styles", plan->shift_count);
    return describe_request(request, &plan->text, error);
}

sg_edit_plan *sg_plan_create(sg_generator *generator, sg_error *error)
{
    sg_edit_plan *plan = sg_allocate(1, sizeof *plan);
    if (!plan) {
        (void)sg_fail_memory(error, "a plan of edits");
        return NULL;
    }
    plan->generator = generator;
    plan->inputs = (size_t)sg_generator_num_ws(generator);
    plan->width = (size_t)sg_generator_config_of(generator)->w_dim;
    return plan;
}

sg_status sg_edit_plan_make_of(const sg_edit_request *request, sg_generator *generator,
                               sg_style_label label, const sg_plan_sources *sources,
                               sg_edit_plan **plan, sg_error *error)
{
    *plan = NULL;
    sg_edit_plan *made = sg_plan_create(generator, error);
    if (!made)
        return SG_ERROR_MEMORY;
    const sg_status status = fill(made, request, sources, label, error);
    if (status)
        sg_edit_plan_destroy(made);
    else
        *plan = made;
    return status;
}

sg_status sg_edit_plan_make(const sg_edit_request *request, sg_generator *generator,
                            sg_style_label label, sg_edit_plan **plan, sg_error *error)
{
    sg_direction_set directions = {0};
    sg_status status = SG_OK;
    *plan = NULL;
    if (!sg_edit_request_edits(request))
        return SG_OK;
    if (request->directions)
        status = sg_plan_read_directions(request->directions, generator, &directions, error);
    const sg_plan_sources sources = {.directions = request->directions ? &directions : NULL};
    if (!status)
        status = sg_edit_plan_make_of(request, generator, label, &sources, plan, error);
    sg_direction_set_clear(&directions);
    return status;
}

sg_status sg_plan_read_directions(const char *path, const sg_generator *generator,
                                  sg_direction_set *directions, sg_error *error)
{
    const sg_direction_shape shape = {(size_t)sg_generator_num_ws(generator),
                                      (size_t)sg_generator_config_of(generator)->w_dim};
    return sg_direction_file_read(path, shape, directions, error);
}

void sg_edit_plan_destroy(sg_edit_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->move_count; i++) {
        free(plan->moves[i].step);
        free(plan->moves[i].chosen);
    }
    for (size_t i = 0; i < plan->mix_count; i++) {
        sg_w_term_clear(&plan->mixes[i].term);
        free(plan->mixes[i].chosen);
    }
    for (size_t i = 0; i < plan->term_count; i++)
        sg_w_term_clear(&plan->terms[i]);
    free(plan->moves);
    free(plan->mixes);
    free(plan->terms);
    free(plan->shifts);
    free(plan->amounts);
    free(plan->saved);
    free(plan->path.steps);
    free(plan->psis);
    free(plan->has_psi);
    sg_style_space_clear(&plan->space);
    sg_moments_clear(&plan->moments);
    sg_clusters_clear(&plan->clusters);
    sg_text_clear(&plan->text);
    free(plan);
}

/* ---- following ---- */

const char *sg_edit_plan_text(const sg_edit_plan *plan)
{
    return plan->text.bytes;
}

double sg_edit_plan_single(const sg_edit_plan *plan, const char **name)
{
    *name = plan->named == 1 ? plan->name : NULL;
    return plan->amount;
}

const sg_w_term *sg_edit_plan_sum(const sg_edit_plan *plan, size_t *count)
{
    *count = plan->term_count;
    return plan->terms;
}

const sg_edit_mix *sg_edit_plan_mixes(const sg_edit_plan *plan, size_t *count)
{
    *count = plan->mix_count;
    return plan->mixes;
}

bool sg_edit_plan_truncates(const sg_edit_plan *plan)
{
    return plan->psis || plan->radius > 0 || plan->clamp > 0 || plan->clusters.count > 0;
}

void sg_edit_truncate(const sg_edit_plan *plan, const double *base, double psi, int cutoff,
                      double *ws)
{
    const sg_clusters *clusters = &plan->clusters;
    const size_t width = plan->width;
    const double *centre =
        clusters->count > 0
            ? clusters->centres +
                  sg_nearest_centre(clusters->centres, clusters->count, width, ws) * width
            : NULL;
    for (size_t i = 0; i < plan->inputs; i++) {
        const double *towards = centre ? centre : base + i * width;
        const bool truncated = cutoff < 0 || i < (size_t)cutoff;
        const double own = plan->psis && plan->has_psi[i] ? plan->psis[i] : truncated ? psi : 1;
        if (own != 1)
            sg_truncate_rows(ws + i * width, 1, width, towards, &own);
        if (plan->radius > 0)
            sg_truncate_radially(ws + i * width, 1, width, towards, plan->radius);
        if (plan->clamp > 0)
            sg_truncate_components(ws + i * width, 1, width, plan->moments.mean,
                                   plan->moments.deviation, plan->clamp);
    }
}

/* True if all inputs have the same w. */
static bool is_single(const sg_edit_plan *plan, const double *ws)
{
    bool single = true;
    for (size_t i = plan->width; i < plan->inputs * plan->width; i++)
        single = single && ws[i] == ws[i - plan->width];
    return single;
}

/* Moves the chosen inputs to a distance from the boundary. */
static void move_from_boundary(const sg_edit_plan *plan, const sg_plan_move *move, double amount,
                               double *ws)
{
    const size_t width = plan->width;
    const double length = sg_length(move->step, width);
    double *normal = length > 0 ? sg_allocate(width, sizeof *normal) : NULL;
    for (size_t i = 0; normal && i < width; i++)
        normal[i] = move->step[i] / length;
    for (size_t r = 0; normal && r < plan->inputs; r++)
        if (move->chosen[r])
            sg_walk_from_boundary(ws + r * width, 1, width, normal, amount * length,
                                  ws + r * width);
    free(normal);
}

void sg_edit_move(const sg_edit_plan *plan, double strength, double *ws)
{
    for (size_t i = 0; i < plan->move_count; i++) {
        const sg_plan_move *move = &plan->moves[i];
        const double amount = strength * move->amount;
        if (plan->from_boundary && !move->layered && is_single(plan, ws))
            move_from_boundary(plan, move, amount, ws);
        else
            sg_move_rows(ws, plan->inputs, plan->width, move->chosen, move->step, move->layered,
                         amount);
    }
    for (size_t i = 0; plan->path.steps && plan->shift_count == 0 && i < plan->path.values; i++)
        ws[i] += sg_plan_path_at(plan, strength, i);
}

bool sg_edit_plan_shifts(const sg_edit_plan *plan)
{
    return plan->shift_count > 0;
}

void sg_edit_shift_begin(const sg_edit_plan *plan, double strength)
{
    for (size_t i = 0; i < plan->shift_count; i++)
        plan->shifts[i].amount =
            plan->path.steps ? sg_plan_path_at(plan, strength, i) : strength * plan->amounts[i];
    if (plan->shift_count > 0)
        sg_style_shift_begin(&plan->space, plan->shifts, plan->shift_count, plan->saved);
}

void sg_edit_shift_end(const sg_edit_plan *plan)
{
    if (plan->shift_count > 0)
        sg_style_shift_end(&plan->space, plan->shifts, plan->shift_count, plan->saved);
}
