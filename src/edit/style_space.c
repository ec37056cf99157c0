/* The layers' affine maps; see style_space.h. */
#include "edit/style_space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/nearest_name.h"
#include "base/text.h"
#include "models/family.h"
#include "models/style_inputs.h"
#include "ops/gradient.h"

static const char prefix[] = "synthesis.";
static const char suffix[] = ".affine.weight";
static const char colours[] = ".torgb";

enum { BATCH = 100 /* latents whose styles are computed at once */ };

/* ---- layers ---- */

/* True for the weight of a layer's affine map. */
static bool is_affine(const char *name)
{
    return sg_has_prefix(name, prefix) && sg_has_suffix(name, suffix);
}

/* Describes the affine map of this weight; the map has no activation and a bias at its scale. */
static sg_style_layer describe(const sg_parameter_set *set, const sg_parameter *weight)
{
    char path[SG_PARAMETER_NAME_BYTES];
    const size_t length = strlen(weight->name) - strlen(suffix);
    sg_style_layer layer = {.channels = (size_t)weight->tensor->shape.size[0],
                            .affine = {.weight = weight->tensor,
                                       .weight_gain = weight->gain,
                                       .bias_gain = 1,
                                       .activation = SG_LINEAR}};
    snprintf(layer.name, sizeof layer.name, "%.*s", (int)(length - strlen(prefix)),
             weight->name + strlen(prefix));
    snprintf(path, sizeof path, "%.*s.affine.bias", (int)length, weight->name);
    const sg_parameter *bias = sg_parameter_find(set, path);
    layer.affine.bias = bias ? bias->tensor : NULL;
    return layer;
}

/*
 * Lists the layers. Every convolution takes the next input; StyleGAN2's to-RGB layers take the one
 * that the next convolution takes.
 */
static void list_layers(const sg_parameter_set *set, sg_style_space *space)
{
    int input = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!is_affine(set->items[i].name))
            continue;
        sg_style_layer *layer = &space->layers[space->count];
        *layer = describe(set, &set->items[i]);
        layer->input = input;
        layer->first = space->channels;
        space->channels += layer->channels;
        input += !sg_has_suffix(layer->name, colours);
        space->count += layer->affine.bias != NULL;
    }
}

sg_status sg_style_space_open(sg_generator *generator, sg_style_space *space, sg_error *error)
{
    const sg_parameter_set *set = sg_generator_parameters(generator);
    *space = (sg_style_space){.generator = generator};
    space->layers = sg_allocate(set->count + 1, sizeof *space->layers);
    if (!space->layers)
        return sg_fail_memory(error, "the styles of a network");
    list_layers(set, space);
    if (space->count > 0)
        return SG_OK;
    sg_style_space_clear(space);
    return sg_fail(error, SG_ERROR_ARGUMENT, "a %s has no styles of layers",
                   sg_family_of(sg_generator_config_of(generator)->family)->title);
}

void sg_style_space_clear(sg_style_space *space)
{
    free(space->layers);
    *space = (sg_style_space){0};
}

const sg_style_layer *sg_style_layer_find(const sg_style_space *space, const char *name,
                                          sg_error *error)
{
    const char **names = sg_allocate(space->count + 1, sizeof *names);
    for (size_t i = 0; i < space->count; i++) {
        if (names)
            names[i] = space->layers[i].name;
        if (strcmp(space->layers[i].name, name) != 0)
            continue;
        free(names);
        return &space->layers[i];
    }
    const char *nearest = names ? sg_nearest_name(name, names, space->count) : NULL;
    sg_fail(
        error, SG_ERROR_ARGUMENT,
        "the network has no layer \"%s\" with styles: %s \"%s\", and %zu in all are from \"%s\" "
        "to \"%s\"",
        name, nearest ? "the nearest is" : "the first is",
        nearest ? nearest : space->layers[0].name, space->count, space->layers[0].name,
        space->layers[space->count - 1].name);
    free(names);
    return NULL;
}

/* ---- values ---- */

sg_tensor *sg_style_values(const sg_style_layer *layer, sg_tensor *ws)
{
    return sg_linear_forward(&layer->affine, sg_pick_style(ws, layer->input));
}

/* Computes all styles of a batch, [samples, channels], on plain memory; false on failure. */
static bool all_styles(const sg_style_space *space, sg_tensor *ws, double *values)
{
    for (size_t i = 0; i < space->count; i++) {
        const sg_style_layer *layer = &space->layers[i];
        const sg_tensor *styles = sg_style_values(layer, ws);
        for (int64_t k = 0; styles && k < sg_tensor_count(styles); k++)
            values[(size_t)k / layer->channels * space->channels + layer->first +
                   (size_t)k % layer->channels] = sg_tensor_value(styles, k);
        if (!styles)
            return false;
    }
    return true;
}

sg_status sg_style_moments(const sg_style_space *space, uint32_t seed, size_t count,
                           sg_style_label label, double psi, sg_moments *moments, sg_error *error)
{
    sg_context *context = sg_generator_parameters(space->generator)->context;
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    SG_TRY(sg_moments_start(moments, space->channels, error));
    double *values = sg_allocate(BATCH * space->channels, sizeof *values);
    sg_status status = values ? SG_OK : sg_fail_memory(error, "the styles of %d codes", BATCH);
    for (size_t done = 0; !status && done < count; done += BATCH) {
        const size_t batch = count - done < BATCH ? count - done : BATCH;
        const size_t scope = sg_scope_open(context);
        sg_tensor *ws = sg_random_codes(space->generator, &random, (int64_t)batch, label, psi);
        if (ws && all_styles(space, ws, values))
            for (size_t i = 0; i < batch; i++)
                sg_moments_add(moments, values + i * space->channels);
        sg_scope_close(context, scope, NULL);
        status = sg_context_take_error(context, error);
    }
    sg_moments_finish(moments);
    free(values);
    if (status)
        sg_moments_clear(moments);
    return status;
}

/* ---- shifts ---- */

void sg_style_shift_begin(const sg_style_space *space, const sg_style_shift *shifts, size_t count,
                          double *saved)
{
    for (size_t i = 0; i < count; i++) {
        sg_tensor *bias = space->layers[shifts[i].layer].affine.bias;
        const int64_t channel = (int64_t)shifts[i].channel;
        saved[i] = sg_tensor_value(bias, channel);
        sg_tensor_set_value(bias, channel, saved[i] + shifts[i].amount);
        sg_tensor_touch(bias);
    }
}

/* Backwards, so that of several shifts of one channel the first one's value comes back last. */
void sg_style_shift_end(const sg_style_space *space, const sg_style_shift *shifts, size_t count,
                        const double *saved)
{
    for (size_t i = count; i-- > 0;) {
        sg_tensor *bias = space->layers[shifts[i].layer].affine.bias;
        sg_tensor_set_value(bias, (int64_t)shifts[i].channel, saved[i]);
        sg_tensor_touch(bias);
    }
}

/* ---- gradients ---- */

void sg_style_space_require_gradient(const sg_style_space *space, bool required)
{
    for (size_t i = 0; i < space->count; i++)
        sg_tensor_require_gradient(space->layers[i].affine.bias, required);
}

sg_status sg_style_gradient(const sg_style_space *space, sg_tensor *number, double *gradient)
{
    sg_context *context = sg_generator_parameters(space->generator)->context;
    sg_tensor **biases = sg_allocate(space->count, sizeof(sg_tensor *));
    sg_tensor **gradients = sg_allocate(space->count, sizeof(sg_tensor *));
    if (!biases || !gradients)
        sg_context_fail_memory(context, "the gradients of styles");
    for (size_t i = 0; biases && i < space->count; i++)
        biases[i] = space->layers[i].affine.bias;
    const sg_status status = biases && gradients ? sg_gradient(number, NULL, biases, space->count,
                                                               (sg_gradient_options){0}, gradients)
                                                 : SG_ERROR_MEMORY;
    memset(gradient, 0, space->channels * sizeof *gradient);
    for (size_t i = 0; !status && i < space->count; i++)
        for (size_t k = 0; gradients[i] && k < space->layers[i].channels; k++)
            gradient[space->layers[i].first + k] = sg_tensor_value(gradients[i], (int64_t)k);
    free(biases);
    free(gradients);
    return status;
}
