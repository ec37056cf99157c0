/* The truncations and mixes of a plan; see plan_parts.h. Tested by: tests/cli/test_edit.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/request/plan_parts.h"

/* Latents that statistics of w are taken of: those of the official projector's RandomState(123). */
enum { MOMENT_SEED = 123, MOMENT_CODES = 10000, CLUSTER_CODES = 5000, CLUSTER_SEED = 0 };

/* ---- psi of some inputs ---- */

static sg_status read_psis(sg_edit_plan *plan, const sg_edit_request *request, sg_edit_item *items,
                           sg_error *error)
{
    size_t count = 0;
    bool *chosen = sg_allocate(plan->inputs, sizeof *chosen);
    plan->psis = sg_allocate(plan->inputs, sizeof *plan->psis);
    plan->has_psi = sg_allocate(plan->inputs, sizeof *plan->has_psi);
    sg_status status = chosen && plan->psis && plan->has_psi
                           ? sg_edit_list_read(&request->psis, "layer_psi", items, &count, error)
                           : sg_fail_memory(error, "psi of the inputs");
    for (size_t k = 0; k < count && !status; k++) {
        if (items[k].layers[0] != '\0')
            status = sg_fail(error, SG_ERROR_ARGUMENT,
                             "\"layer_psi\" takes LAYERS=PSI, such as 0-3=0.5, not \"%s=...@%s\"",
                             items[k].name, items[k].layers);
        snprintf(items[k].layers, sizeof items[k].layers, "%s", items[k].name);
        if (!status)
            status = sg_edit_layers_read(&items[k], "layer_psi", plan->inputs, chosen, error);
        for (size_t i = 0; i < plan->inputs && !status; i++)
            if (chosen[i]) {
                plan->psis[i] = items[k].amount;
                plan->has_psi[i] = true;
            }
    }
    free(chosen);
    return status;
}

/* ---- statistics ---- */

static double *copy(const double *values, size_t count)
{
    double *copied = sg_allocate(count, sizeof *copied);
    if (copied)
        memcpy(copied, values, count * sizeof *copied);
    return copied;
}

static sg_status copy_moments(const sg_moments *from, sg_moments *to, sg_error *error)
{
    *to = (sg_moments){.width = from->width,
                       .count = from->count,
                       .mean = copy(from->mean, from->width),
                       .deviation = copy(from->deviation, from->width)};
    return to->mean && to->deviation
               ? SG_OK
               : sg_fail_memory(error, "the mean and deviation of %zu numbers", from->width);
}

/* Copies the centres, which are all that plans read. */
static sg_status copy_clusters(const sg_clusters *from, sg_clusters *to, sg_error *error)
{
    *to = (sg_clusters){.count = from->count,
                        .width = from->width,
                        .centres = copy(from->centres, from->count * from->width)};
    return to->centres ? SG_OK : sg_fail_memory(error, "%zu centers", from->count);
}

static sg_status find_moments(sg_edit_plan *plan, sg_style_label label, sg_error *error)
{
    double *codes = NULL;
    SG_TRY(sg_moments_start(&plan->moments, plan->width, error));
    SG_TRY(sg_draw_codes(plan->generator, MOMENT_SEED, MOMENT_CODES, label, 1, &codes, error));
    for (size_t i = 0; i < MOMENT_CODES; i++)
        sg_moments_add(&plan->moments, codes + i * plan->width);
    sg_moments_finish(&plan->moments);
    free(codes);
    return SG_OK;
}

static sg_status find_clusters(sg_edit_plan *plan, int count, sg_style_label label, sg_error *error)
{
    double *codes = NULL;
    sg_clusters *clusters = &plan->clusters;
    size_t *initial = sg_allocate((size_t)count, sizeof *initial);
    sg_status status = initial ? sg_draw_codes(plan->generator, MOMENT_SEED, CLUSTER_CODES, label,
                                               1, &codes, error)
                               : sg_fail_memory(error, "%d centers", count);
    if (!status)
        status = sg_clusters_choose(CLUSTER_CODES, CLUSTER_SEED, (size_t)count, initial, error);
    clusters->count = (size_t)count;
    clusters->width = plan->width;
    if (!status)
        status = sg_clusters_find(clusters, codes, CLUSTER_CODES, initial, error);
    free(initial);
    free(codes);
    return status;
}

sg_status sg_plan_truncation(sg_edit_plan *plan, const sg_edit_request *request,
                             sg_style_label label, const sg_plan_sources *sources, sg_error *error)
{
    plan->radius = request->radius;
    plan->clamp = request->clamp;
    if (!sg_edit_list_is_empty(&request->psis)) {
        sg_edit_item *items = sg_allocate(SG_MOST_EDITS, sizeof *items);
        const sg_status status = items ? read_psis(plan, request, items, error)
                                       : sg_fail_memory(error, "psi of the inputs");
        free(items);
        SG_TRY(status);
    }
    if (plan->clamp > 0)
        SG_TRY(sources->with_moments
                   ? copy_moments(&sources->with_moments->moments, &plan->moments, error)
                   : find_moments(plan, label, error));
    if (request->centers == 0)
        return SG_OK;
    return sources->with_clusters
               ? copy_clusters(&sources->with_clusters->clusters, &plan->clusters, error)
               : find_clusters(plan, request->centers, label, error);
}

/* ---- mixes ---- */

static sg_status read_mix(sg_edit_plan *plan, const sg_edit_item *item, sg_error *error)
{
    sg_edit_mix *mix = &plan->mixes[plan->mix_count++];
    mix->share = item->amount;
    mix->chosen = sg_allocate(plan->inputs, sizeof *mix->chosen);
    if (!mix->chosen)
        return sg_fail_memory(error, "a mix");
    SG_TRY(sg_edit_layers_read(item, "mix", plan->inputs, mix->chosen, error));
    return sg_w_term_read(item->name, plan->generator, &mix->term, error);
}

sg_status sg_plan_mixes(sg_edit_plan *plan, const sg_edit_request *request, sg_error *error)
{
    if (sg_edit_list_is_empty(&request->mixes))
        return SG_OK;
    size_t count = 0;
    sg_edit_item *items = sg_allocate(SG_MOST_EDITS, sizeof *items);
    plan->mixes = sg_allocate(SG_MOST_EDITS, sizeof *plan->mixes);
    sg_status status = items && plan->mixes
                           ? sg_edit_list_read(&request->mixes, "mix", items, &count, error)
                           : sg_fail_memory(error, "mixes");
    for (size_t i = 0; i < count && !status; i++)
        status = read_mix(plan, &items[i], error);
    free(items);
    return status;
}
