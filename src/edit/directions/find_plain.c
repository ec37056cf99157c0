/*
 * Directions without labels: principal components of w and of features, and closed form.
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
    size_t width;    /* features in all */
    float *features; /* [width], [H, W, C]; NULL: no memory, or nothing was computed */
} tapped;

static void take_features(void *user, const sg_tensor *mark, const sg_tensor *features,
                          int64_t channels)
{
    tapped *to = user;
    (void)mark;
    const int64_t padded = features->shape.size[3];
    const int64_t pixels = features->shape.size[1] * features->shape.size[2];
    to->width = (size_t)(pixels * channels);
    if (!to->features)
        to->features = sg_allocate(to->width, sizeof *to->features);
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
    return to->features ? SG_OK : sg_fail_memory(error, "the features of a layer");
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
        if (!status && to->features)
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
    if (layer && sg_has_suffix(layer->name, ".torgb"))
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "\"layer\" is \"%s\", which makes colours: only convolutions have "
                         "features",
                         layer->name);
    tapped to = {.tap = {.mark = layer ? layer->affine.weight : NULL, .take = take_features}};
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

/* Takes the directions, with zeros for the numbers of w that were not factored. */
static sg_status take_factors(sg_finding_state *state, const sg_closed_form *found,
                              bool of_first_layer, sg_error *error)
{
    const sg_finding *finding = state->finding;
    double *values = sg_allocate(state->width, sizeof *values);
    if (!values)
        return sg_fail_memory(error, "a direction");
    const int last = finding->last == SG_ALL_LAYERS ? (int)state->num_ws - 1 : finding->last;
    sg_status status = SG_OK;
    for (size_t i = 0; !status && i < state->count && i < found->width; i++) {
        char name[NAME_BYTES];
        sg_text source = {0};
        snprintf(name, sizeof name, "sefa%zu", i);
        if (of_first_layer)
            sg_text_append(&source, "closed form of the first layer");
        else
            sg_text_append(&source, "closed form of layers %d to %d", finding->first, last);
        sg_text_append(&source, ", eigenvalue %.4g", found->eigenvalues[i]);
        memcpy(values, found->directions + i * found->width, found->width * sizeof *values);
        status = sg_finding_add(state, name, values, 0, &source, error);
    }
    free(values);
    return status;
}

/* Factors the affine maps of the layers. */
static sg_status factor_styles(sg_finding_state *state, const sg_style_space *space,
                               sg_closed_form *found, sg_error *error)
{
    sg_affine_weight *weights = sg_allocate(space->count, sizeof *weights);
    float *values = sg_allocate(space->channels, state->width * sizeof *values);
    const sg_status status =
        weights && values
            ? sg_closed_form_factor(weights, copy_weights(state, space, weights, values),
                                    state->width, found, error)
            : sg_fail_memory(error, "the affine maps of %zu layers", space->count);
    free(weights);
    free(values);
    return status;
}

/* Returns the weight of the only layer that a latent goes to, where layers have no styles: linear
 * [outputs, latent], or a transposed convolution's [latent, channels, 4, 4]; NULL: there is none.
 */
static const sg_tensor *find_first_weight(const sg_finding_state *state)
{
    static const char *const names[] = {"synthesis.b4.dense.weight", "synthesis.b4.project.weight"};
    const sg_parameter_set *set = sg_generator_parameters(state->finding->generator);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const sg_parameter *found = sg_parameter_find(set, names[i]);
        const int axis = found && found->tensor->shape.rank == 2 ? 1 : 0;
        if (found && found->tensor->shape.size[axis] == (int64_t)state->width)
            return found->tensor;
    }
    return NULL;
}

/* Copies the numbers of a latent's first `width` inputs as rows [outputs, width]. */
static void copy_first(const sg_tensor *weight, size_t inputs, size_t width, float *values)
{
    const bool linear = weight->shape.rank == 2;
    const size_t outputs = (size_t)sg_tensor_count(weight) / inputs;
    for (size_t i = 0; i < outputs; i++)
        for (size_t k = 0; k < width; k++)
            *values++ = (float)sg_tensor_value(
                weight, (int64_t)(linear ? i * inputs + k : k * outputs + i));
}

/*
 * Factors the layer that makes 4x4 features of the latent (Shen and Zhou 2021, section 3, which
 * does so for ProGAN): every number of the features is a row. Numbers of a label, which follow
 * those of the latent, stay.
 */
static sg_status factor_first(const sg_finding_state *state, const sg_tensor *weight,
                              sg_closed_form *found, sg_error *error)
{
    const size_t z_dim = (size_t)sg_generator_config_of(state->finding->generator)->z_dim;
    const size_t width = z_dim < state->width ? z_dim : state->width;
    const size_t outputs = (size_t)sg_tensor_count(weight) / state->width;
    float *values = sg_allocate(outputs, width * sizeof *values);
    if (!values)
        return sg_fail_memory(error, "the weights of the first layer");
    copy_first(weight, state->width, width, values);
    const sg_affine_weight rows = {values, outputs};
    const sg_status status = sg_closed_form_factor(&rows, 1, width, found, error);
    free(values);
    return status;
}

sg_status sg_find_sefa(sg_finding_state *state, sg_error *error)
{
    sg_style_space space = {0};
    sg_closed_form found = {0};
    const sg_tensor *first = find_first_weight(state);
    if (!first)
        SG_TRY(sg_style_space_open(state->finding->generator, &space, error));
    sg_status status = first ? factor_first(state, first, &found, error)
                             : factor_styles(state, &space, &found, error);
    if (!status)
        status = take_factors(state, &found, first != NULL, error);
    sg_closed_form_clear(&found);
    sg_style_space_clear(&space);
    return status;
}
