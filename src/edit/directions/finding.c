/* The table of methods, and what they share; see finding.h. */
#include "edit/directions/finding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/finding_state.h"
#include "edit/directions/vectors.h"
#include "edit/vectors.h"
#include "latent/codes.h"

/* A method: what it needs, and how many w it takes unless told. */
static const struct method_row {
    const char *name;
    sg_status (*find)(sg_finding_state *state, sg_error *error);
    size_t samples, layer_samples; /* the latter with a layer */
    bool by_attributes;            /* or by scores that are given */
} methods[] = {
    [SG_FIND_PCA] = {"pca", sg_find_pca, 10000, 1000, false},
    [SG_FIND_SEFA] = {"sefa", sg_find_sefa, 10000, 10000, false},
    [SG_FIND_BOUNDARY] = {"boundary", sg_find_boundary, 4000, 4000, true},
    [SG_FIND_GRADIENT] = {"gradient", sg_find_gradient, 500, 500, true},
    [SG_FIND_STYLE_SPACE] = {"stylespace", sg_find_style_space, 200, 200, true},
};
const sg_choices sg_finding_methods = SG_CHOICES(methods);

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
    direction->sigma = sigma > 0 ? sigma : sqrt(squares / (double)count);
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

/* Conditions `values` on all conditions except the direction of this name itself. */
static sg_status condition(const sg_finding_state *state, const char *name, double *values,
                           sg_text *source, sg_error *error)
{
    const sg_finding *finding = state->finding;
    size_t count = 0;
    sg_status status = SG_OK;
    double *others = sg_allocate(finding->condition_count + 1, state->width * sizeof *others);
    if (!others)
        return sg_fail_memory(error, "conditions");
    for (size_t i = 0; !status && i < finding->condition_count; i++) {
        if (strcmp(finding->conditions[i], name) == 0)
            continue;
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
    sg_direction direction =
        SG_DIRECTION(.name = (char *)name, .rows = 1, .width = state->width,
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
    sg_tensor *all = sg_tensor_create(
        context, SG_F32, SG_SHAPE(1, (int64_t)state->num_ws, (int64_t)state->width));
    if (!all)
        return NULL;
    for (size_t i = 0; i < state->num_ws * state->width; i++)
        sg_tensor_set_value(all, (int64_t)i,
                            state->codes[index * state->width + i % state->width]);
    if (ws) {
        sg_tensor_require_gradient(all, true);
        *ws = all;
    }
    return sg_generator_synthesize(generator, all, (sg_synthesis_options){0});
}

/* ---- the call ---- */

static sg_status check(const sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const struct method_row *method = &methods[finding->method];
    const bool scored = finding->method == SG_FIND_BOUNDARY && finding->codes;
    const int last = finding->last == SG_ALL_LAYERS ? (int)state->num_ws - 1 : finding->last;
    if (method->by_attributes && !scored && (!finding->attributes || finding->wanted_count == 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the method %s needs a \"classifier\" and an \"attribute\"%s", method->name,
                       finding->method == SG_FIND_BOUNDARY ? ", or \"w\" and their \"labels\""
                                                           : "");
    if (finding->first < 0 || finding->first > last || last >= (int)state->num_ws)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"layers\" are %d to %d, but the network has the inputs 0 to %zu",
                       finding->first, last, state->num_ws - 1);
    if (state->samples < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"samples\" is %zu, but must be at least 2",
                       state->samples);
    return SG_OK;
}

/* Takes the w that are given, or draws them. */
static sg_status take_codes(sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    if (!finding->codes)
        return sg_draw_codes(finding->generator, finding->seed, state->samples, finding->label,
                             &state->codes, error);
    state->codes = sg_allocate(finding->code_count, state->width * sizeof *state->codes);
    if (!state->codes)
        return sg_fail_memory(error, "%zu w", finding->code_count);
    for (size_t i = 0; i < finding->code_count * state->width; i++)
        state->codes[i] = (double)finding->codes[i];
    return SG_OK;
}

sg_status sg_directions_find(const sg_finding *finding, const sg_watch *watch,
                             sg_direction_set *found, sg_error *error)
{
    const struct method_row *method = &methods[finding->method];
    const size_t usual = finding->layer ? method->layer_samples : method->samples;
    sg_finding_state state = {
        .finding = finding,
        .watch = watch,
        .found = found,
        .width = (size_t)sg_generator_config_of(finding->generator)->w_dim,
        .num_ws = (size_t)sg_generator_num_ws(finding->generator),
        .samples = finding->codes      ? finding->code_count
                   : finding->samples  ? finding->samples
                                       : usual};
    SG_TRY(check(&state, error));
    sg_status status = take_codes(&state, error);
    if (!status)
        status = method->find(&state, error);
    free(state.codes);
    free(state.logits);
    return status;
}
