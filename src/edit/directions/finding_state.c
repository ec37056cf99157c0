/* What the ways of finding directions share; see finding_state.h.
 * Tested by: tests/cli/test_directions.c */
#include "edit/directions/finding_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/vectors.h"

/* ---- measuring ---- */

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Measures the deviation of the drawn w along a direction, and where 99 % of them lie in units of
 * it. */
static sg_status measure(const sg_finding_state *state, const double *values, double sigma,
                         sg_direction *direction, sg_error *error)
{
    const size_t count = state->samples;
    double *along = sg_allocate(count, sizeof *along);
    double mean = 0;
    double squares = 0;
    if (!along)
        return sg_fail_memory(error, "%zu w", count);
    for (size_t i = 0; i < count; i++) {
        along[i] = sg_dot(state->codes + i * state->width, values, state->width);
        mean += along[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++)
        squares += (along[i] - mean) * (along[i] - mean);
    /* sigma is that of w without truncation */
    const double psi = state->finding->psi > 0 && !state->finding->codes ? state->finding->psi : 1;
    direction->sigma = (sigma > 0 ? sigma : sqrt(squares / (double)count)) / psi;
    qsort(along, count, sizeof *along, compare_numbers);
    const double unit = direction->sigma > 0 ? direction->sigma : 1;
    direction->useful_from = (along[count / 200] - mean) / unit;
    direction->useful_to = (along[count - 1 - count / 200] - mean) / unit;
    free(along);
    return SG_OK;
}

/* ---- conditions ---- */

/* Returns the direction of that name among the known ones and those found so far. */
static const sg_direction *find_condition(const sg_finding_state *state, const char *name,
                                          sg_error *error)
{
    for (size_t i = 0; i < state->found->count; i++)
        if (strcmp(state->found->items[i].name, name) == 0)
            return &state->found->items[i];
    const sg_direction_set none = {0};
    const sg_direction_set *known = state->finding->known ? state->finding->known : &none;
    return sg_direction_find(known->count > 0 ? known : state->found, name, error);
}

/* True for a direction that others are conditioned on, which stays as it was found. */
static bool is_condition(const sg_finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->condition_count; i++)
        if (strcmp(finding->conditions[i], name) == 0)
            return true;
    return false;
}

/* Conditions `values` on all conditions. */
static sg_status condition(const sg_finding_state *state, const char *name, double *values,
                           sg_text *source, sg_error *error)
{
    const sg_finding *finding = state->finding;
    size_t count = 0;
    sg_status status = SG_OK;
    if (is_condition(finding, name))
        return SG_OK;
    double *others = sg_allocate(finding->condition_count + 1, state->width * sizeof *others);
    if (!others)
        return sg_fail_memory(error, "conditions");
    for (size_t i = 0; !status && i < finding->condition_count; i++) {
        const sg_direction *other = find_condition(state, finding->conditions[i], error);
        if (!other)
            status = SG_ERROR_ARGUMENT;
        else if (!other->values || other->rows != 1 || other->width != state->width)
            status = sg_fail(error, SG_ERROR_ARGUMENT,
                             "the direction \"%s\" is no single vector of %zu numbers, so that "
                             "others cannot be conditioned on it",
                             other->name, state->width);
        else
            memcpy(others + count++ * state->width, other->values, state->width * sizeof *others);
        if (!status)
            sg_text_append(source, "%s%s", count == 1 ? ", conditioned on " : " and ",
                           finding->conditions[i]);
    }
    if (!status && count > 0)
        status = sg_condition(values, others, count, state->width, values, error);
    free(others);
    return status;
}

sg_status sg_finding_add(sg_finding_state *state, const char *name, const double *values,
                         double sigma, sg_text *source, sg_error *error)
{
    const sg_finding *finding = state->finding;
    sg_direction direction = SG_DIRECTION(.name = (char *)name, .rows = 1, .width = state->width,
                                          .first = finding->first);
    direction.last = finding->last;
    direction.values = sg_allocate(state->width, sizeof *direction.values);
    sg_status status =
        direction.values ? SG_OK : sg_fail_memory(error, "the direction \"%s\"", name);
    if (!status) {
        memcpy(direction.values, values, state->width * sizeof *values);
        status = condition(state, name, direction.values, source, error);
    }
    if (!status && source->failed)
        status = sg_fail_memory(error, "the source of \"%s\"", name);
    if (!status)
        status = measure(state, direction.values, finding->condition_count > 0 ? 0 : sigma,
                         &direction, error);
    direction.source = source->bytes;
    if (!status)
        status = sg_direction_set_add(state->found, &direction, error);
    free(direction.values);
    sg_text_clear(source);
    return status;
}

sg_tensor *sg_finding_paint(const sg_finding_state *state, size_t index, sg_tensor **ws)
{
    sg_generator *generator = state->finding->generator;
    sg_context *context = sg_generator_parameters(generator)->context;
    sg_tensor *all = sg_tensor_create(context, SG_F32,
                                      SG_SHAPE(1, (int64_t)state->num_ws, (int64_t)state->width));
    if (!all)
        return NULL;
    for (size_t i = 0; i < state->num_ws * state->width; i++)
        sg_tensor_set_value(all, (int64_t)i, state->codes[index * state->width + i % state->width]);
    if (ws) {
        sg_tensor_require_gradient(all, true);
        *ws = all;
    }
    return sg_generator_synthesize(generator, all, (sg_synthesis_options){0});
}
