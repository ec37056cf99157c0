/*
 * Directions without labels: principal components of w and of features, and closed form.
 * Tested by: tests/cli/test_directions.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/closed_form.h"
#include "edit/directions/components.h"
#include "edit/directions/finding_state.h"
#include "edit/directions/vectors.h"
#include "edit/style_space.h"

enum { NAME_BYTES = 96 };

/* ---- principal components of w ---- */

static sg_status add_codes(const sg_finding_state *state, sg_component_sums *sums, sg_error *error)
{
    const size_t numbers = state->samples * state->width;
    float *rows = sg_allocate(state->samples, state->width * sizeof *rows);
    if (!rows)
        return sg_fail_memory(error, "%zu w", state->samples);
    for (size_t i = 0; i < numbers; i++)
        rows[i] = (float)state->codes[i];
    const sg_status status =
        sg_component_sums_add(sums, &(sg_rows){rows, state->samples, state->width}, error);
    free(rows);
    return status;
}

/* Components of w are directions themselves. */
static sg_status take_components(sg_finding_state *state, const sg_components *components,
                                 sg_error *error)
{
    for (size_t i = 0; i < components->count; i++) {
        char name[NAME_BYTES];
        sg_text source = {0};
        const double variance = components->deviations[i] * components->deviations[i];
        snprintf(name, sizeof name, "pc%zu", i);
        sg_text_append(&source, "principal component %zu of %zu w of seed %u, %.3g %% of variance",
                       i, state->samples, state->finding->seed,
                       100 * variance / components->total_variance);
        SG_TRY(sg_finding_add(state, name, components->vectors + i * state->width,
                              components->deviations[i], &source, error));
    }
    return SG_OK;
}

/* ---- principal components of features ---- */

/* A layer's features of one picture, as they are computed. */
typedef struct tapped {
    sg_layer_tap tap;
    size_t width;    /* features in all; 0: none were seen */
    float *features; /* [width], [H, W, C] */
    bool failed;     /* for lack of memory */
} tapped;

static void take_features(void *user, const sg_tensor *features, int64_t channels)
{
    tapped *to = user;
    const int64_t padded = features->shape.size[3];
    const int64_t pixels = features->shape.size[1] * features->shape.size[2];
    to->width = (size_t)(pixels * channels);
    if (!to->features)
        to->features = sg_allocate(to->width, sizeof *to->features);
    to->failed = !to->features;
    for (int64_t i = 0; to->features && i < pixels * channels; i++)
        to->features[i] = (float)sg_tensor_value(features, i / channels * padded + i % channels);
}

/* Computes the features of code `index`. */
static sg_status compute_features(const sg_finding_state *state, size_t index, tapped *to,
                                  sg_error *error)
{
    sg_generator *generator = state->finding->generator;
    sg_context *context = sg_generator_parameters(generator)->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *w = sg_tensor_create(context, SG_F32, SG_SHAPE(1, (int64_t)state->width));
    for (size_t i = 0; w && i < state->width; i++)
        sg_tensor_set_value(w, (int64_t)i, state->codes[index * state->width + i]);
    sg_tensor *ws = sg_generator_broadcast(generator, w);
    if (ws)
        sg_generator_synthesize(generator, ws, (sg_synthesis_options){.tap = &to->tap});
    const sg_status status = sg_context_take_error(context, error);
    sg_scope_close(context, scope, NULL);
    SG_TRY(status);
    if (to->failed)
        return sg_fail_memory(error, "the features of a layer");
    return to->width > 0 ? SG_OK
                         : sg_fail(error, SG_ERROR_ARGUMENT,
                                   "\"layer\" is \"%s\", which makes colours: only convolutions "
                                   "have features",
                                   state->finding->layer);
}

/* Two passes over the pictures: one for the components, one for what they have to do with w. */
static sg_status step(const sg_finding_state *state, size_t pass, size_t index, sg_error *error)
{
    const double done = (double)(pass * state->samples + index + 1);
    return sg_watch_step(state->watch, done, 2 * (double)state->samples, NULL)
               ? sg_fail(error, SG_ERROR_CANCELLED, "interrupted")
               : SG_OK;
}

static sg_status sum_features(const sg_finding_state *state, tapped *to, sg_component_sums **sums,
                              sg_error *error)
{
    enum { ROWS = 64 };
    SG_TRY(compute_features(state, 0, to, error));
    SG_TRY(sg_component_sums_create(to->width, state->count, sums, error));
    float *rows = sg_allocate(ROWS, to->width * sizeof *rows);
    sg_status status = rows ? SG_OK : sg_fail_memory(error, "features of %d pictures", ROWS);
    for (size_t i = 0; !status && i < state->samples; i++) {
        const size_t waiting = i % ROWS + 1;
        status = compute_features(state, i, to, error);
        if (!status)
            memcpy(rows + (waiting - 1) * to->width, to->features, to->width * sizeof *rows);
        if (!status && (waiting == ROWS || i + 1 == state->samples))
            status = sg_component_sums_add(*sums, &(sg_rows){rows, waiting, to->width}, error);
        if (!status)
            status = step(state, 0, i, error);
    }
    free(rows);
    return status;
}

/*
 * Regresses w on the coordinates of features (Harkonen et al. 2020, section 2.2): as coordinates
 * are uncorrelated, each column of the solution is the sum of x (w - mean) over that of x^2.
 */
static sg_status regress(const sg_finding_state *state, const sg_components *components, tapped *to,
                         double *directions, sg_error *error)
{
    const size_t width = state->width;
    double *coordinates = sg_allocate(components->count, sizeof *coordinates);
    if (!coordinates)
        return sg_fail_memory(error, "coordinates");
    sg_status status = SG_OK;
    for (size_t i = 0; !status && i < state->samples; i++) {
        status = compute_features(state, i, to, error);
        if (!status)
            sg_components_project(components, to->features, coordinates);
        for (size_t k = 0; !status && k < components->count; k++)
            for (size_t c = 0; c < width; c++)
                directions[k * width + c] += coordinates[k] * state->codes[i * width + c];
        if (!status)
            status = step(state, 1, i, error);
    }
    free(coordinates);
    return status;
}

static sg_status take_features_directions(sg_finding_state *state, const sg_components *components,
                                          double *directions, sg_error *error)
{
    for (size_t i = 0; i < components->count; i++) {
        char name[NAME_BYTES];
        sg_text source = {0};
        const double variance = components->deviations[i] * components->deviations[i];
        double *direction = directions + i * state->width;
        snprintf(name, sizeof name, "%s-pc%zu", state->finding->layer, i);
        sg_vector_normalise(direction, state->width);
        sg_text_append(&source,
                       "w regressed on principal component %zu of the features of %s, %zu w of "
                       "seed %u, %.3g %% of variance",
                       i, state->finding->layer, state->samples, state->finding->seed,
                       100 * variance / components->total_variance);
        SG_TRY(sg_finding_add(state, name, direction, 0, &source, error));
    }
    return SG_OK;
}

static sg_status find_by_features(sg_finding_state *state, sg_error *error)
{
    sg_style_space space;
    sg_components components = {0};
    sg_component_sums *sums = NULL;
    double *directions = NULL;
    SG_TRY(sg_style_space_open(state->finding->generator, &space, error));
    const sg_style_layer *layer = sg_style_layer_find(&space, state->finding->layer, error);
    sg_status status = layer ? SG_OK : SG_ERROR_ARGUMENT;
    tapped to = {
        .tap = {.affine_weight = layer ? layer->affine.weight : NULL, .take = take_features}};
    to.tap.user = &to;
    if (!status)
        status = sum_features(state, &to, &sums, error);
    if (!status)
        status = sg_component_sums_finish(sums, &components, error);
    if (!status) {
        directions = sg_allocate(components.count, state->width * sizeof *directions);
        status = directions ? regress(state, &components, &to, directions, error)
                            : sg_fail_memory(error, "%zu directions", components.count);
    }
    if (!status)
        status = take_features_directions(state, &components, directions, error);
    sg_component_sums_destroy(sums);
    sg_components_clear(&components);
    sg_style_space_clear(&space);
    free(to.features);
    free(directions);
    return status;
}

sg_status sg_find_pca(sg_finding_state *state, sg_error *error)
{
    sg_component_sums *sums = NULL;
    sg_components components = {0};
    if (state->finding->layer)
        return find_by_features(state, error);
    sg_status status = sg_component_sums_create(state->width, state->count, &sums, error);
    if (!status)
        status = add_codes(state, sums, error);
    if (!status)
        status = sg_component_sums_finish(sums, &components, error);
    if (!status)
        status = take_components(state, &components, error);
    sg_component_sums_destroy(sums);
    sg_components_clear(&components);
    return status;
}

/* ---- closed form ---- */

/* True for the layers whose affine maps are factored: one for each input of the network. To-RGB
 * layers share theirs with the next convolution, except the last. */
static bool is_factored(const sg_finding_state *state, const sg_style_layer *layer)
{
    const sg_finding *finding = state->finding;
    const int end = (int)state->num_ws - 1;
    const int last = finding->last == SG_ALL_LAYERS ? end : finding->last;
    const bool colours = sg_has_suffix(layer->name, ".torgb");
    return layer->input >= finding->first && layer->input <= last &&
           (!colours || layer->input == end);
}

/* Copies the weights to floats; returns how many there are. */
static size_t copy_weights(const sg_finding_state *state, const sg_style_space *space,
                           sg_affine_weight *weights, float *values)
{
    size_t count = 0;
    for (size_t i = 0; i < space->count; i++) {
        const sg_style_layer *layer = &space->layers[i];
        if (!is_factored(state, layer))
            continue;
        weights[count++] = (sg_affine_weight){values, layer->channels};
        for (size_t k = 0; k < layer->channels * state->width; k++)
            *values++ = (float)sg_tensor_value(layer->affine.weight, (int64_t)k);
    }
    return count;
}

static sg_status take_factors(sg_finding_state *state, const sg_closed_form *found, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const int last = finding->last == SG_ALL_LAYERS ? (int)state->num_ws - 1 : finding->last;
    for (size_t i = 0; i < state->count; i++) {
        char name[NAME_BYTES];
        sg_text source = {0};
        snprintf(name, sizeof name, "sefa%zu", i);
        sg_text_append(&source, "closed form of layers %d to %d, eigenvalue %.4g", finding->first,
                       last, found->eigenvalues[i]);
        SG_TRY(
            sg_finding_add(state, name, found->directions + i * state->width, 0, &source, error));
    }
    return SG_OK;
}

sg_status sg_find_sefa(sg_finding_state *state, sg_error *error)
{
    sg_style_space space;
    sg_closed_form found = {0};
    SG_TRY(sg_style_space_open(state->finding->generator, &space, error));
    sg_affine_weight *weights = sg_allocate(space.count, sizeof *weights);
    float *values = sg_allocate(space.channels, state->width * sizeof *values);
    sg_status status = weights && values
                           ? SG_OK
                           : sg_fail_memory(error, "the affine maps of %zu layers", space.count);
    if (!status)
        status = sg_closed_form_factor(weights, copy_weights(state, &space, weights, values),
                                       state->width, &found, error);
    if (!status)
        status = take_factors(state, &found, error);
    sg_closed_form_clear(&found);
    free(weights);
    free(values);
    sg_style_space_clear(&space);
    return status;
}
