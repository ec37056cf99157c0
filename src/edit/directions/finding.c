/* The table of methods; see finding.h.
 * Tested by: tests/cli/test_directions.c */
#include "edit/directions/finding.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "edit/directions/finding_state.h"
#include "latent/codes.h"
#include "tensor/context.h"

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
    [SG_FIND_TEXT] = {"text", sg_find_text, 10, 10, false},
};
const sg_choices sg_finding_methods = SG_CHOICES(methods);

enum { USUAL_COUNT = 10 /* directions or channels */ };

/* ---- the call ---- */

/* Fails for more directions than the method can find, before any w is drawn. */
static sg_status check_count(const sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const bool pca = finding->method == SG_FIND_PCA;
    const bool of_w = finding->method == SG_FIND_SEFA || (pca && !finding->layer);
    if (of_w && state->count > state->width)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"count\" is %zu, but must be from 1 to %zu",
                       state->count, state->width);
    if (pca && state->samples <= state->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"samples\" is %zu, but must be more than the %zu directions to find",
                       state->samples, state->count);
    return SG_OK;
}

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
    if (finding->method == SG_FIND_TEXT && (!finding->from_text || !finding->to_text))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the method text needs \"from_text\" and \"to_text\"");
    if (finding->first < 0 || finding->first > last || last >= (int)state->num_ws)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"layers\" are %d to %d, but the network has the inputs 0 to %zu",
                       finding->first, last, state->num_ws - 1);
    if (state->samples < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"samples\" is %zu, but must be at least 2",
                       state->samples);
    return check_count(state, error);
}

/* Takes the w that are given, or draws them. */
static sg_status take_codes(sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    if (!finding->codes)
        return sg_draw_codes(finding->generator, finding->seed, state->samples, finding->label,
                             finding->psi, &state->codes, error);
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
    sg_finding_state state = {.finding = finding,
                              .watch = watch,
                              .found = found,
                              .width = (size_t)sg_generator_config_of(finding->generator)->w_dim,
                              .num_ws = (size_t)sg_generator_num_ws(finding->generator),
                              .samples = finding->codes     ? finding->code_count
                                         : finding->samples ? finding->samples
                                                            : usual};
    const size_t usual_count = state.width < USUAL_COUNT ? state.width : USUAL_COUNT;
    state.count = finding->count > 0 ? finding->count : usual_count;
    SG_TRY(check(&state, error));
    sg_status status = take_codes(&state, error);
    if (!status)
        status = method->find(&state, error);
    free(state.codes);
    free(state.logits);
    return status;
}
