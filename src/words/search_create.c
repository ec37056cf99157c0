/*
 * Making a search, and what it found; see latent_search.h.
 *
 * Tested by: tests/words/test_latent_search.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/arithmetic.h"
#include "tensor/context.h"
#include "words/latent_search_inside.h"

static const char *const space_names[] = {"w", "w+", "styles"};
const sg_choices sg_search_spaces = SG_CHOICES(space_names);

/* ---- making ---- */

/* Adds the step of w, all zeros. */
static sg_status add_step(sg_latent_search *search, sg_error *error)
{
    const bool layered = search->options.space == SG_SEARCH_W_PLUS;
    const sg_shape *start = &search->start->shape;
    search->step =
        sg_parameter_add(&search->variables, "", "step",
                         SG_SHAPE(1, layered ? start->size[1] : 1, start->size[2]), true, SG_ZEROS);
    return sg_context_take_error(search->context, error);
}

/* Shares the biases of the styles of the chosen layers, and keeps copies of them. */
static sg_status add_styles(sg_latent_search *search, sg_error *error)
{
    const sg_parameter_set *set = sg_generator_parameters(search->generator);
    SG_TRY(sg_style_space_open(search->generator, &search->space, error));
    search->unmoved = sg_allocate(search->space.count, sizeof(sg_tensor *));
    if (!search->unmoved)
        return sg_fail_memory(error, "the styles of a network");
    for (size_t i = 0; i < search->space.count; i++) {
        char name[SG_PARAMETER_NAME_BYTES];
        const sg_style_layer *layer = &search->space.layers[i];
        if (sg_tensor_value(search->mask, layer->input) == 0)
            continue;
        snprintf(name, sizeof name, "synthesis.%s.affine.bias", layer->name);
        const sg_parameter *bias = sg_parameter_find(set, name);
        search->unmoved[i] = sg_tensor_retain(sg_affine(layer->affine.bias, 1, 0));
        if (!bias || !sg_parameter_share(&search->variables, bias))
            break;
    }
    return sg_context_take_error(search->context, error);
}

/* Copies the start, and marks the layers that move. */
static sg_status place(sg_latent_search *search, const sg_tensor *start, sg_error *error)
{
    const int64_t inputs = start->shape.size[1];
    int64_t chosen = 0;
    search->start = sg_tensor_retain(sg_affine(sg_tensor_detach(start), 1, 0));
    search->mask =
        sg_tensor_retain(sg_tensor_full(search->context, start->dtype, SG_SHAPE(1, inputs, 1), 1));
    for (int64_t i = 0; search->mask && i < inputs; i++) {
        const bool moves = !search->options.layers || search->options.layers[i];
        sg_tensor_set_value(search->mask, i, moves);
        chosen += moves;
    }
    SG_TRY(sg_context_take_error(search->context, error));
    return chosen > 0 ? SG_OK
                      : sg_fail(error, SG_ERROR_ARGUMENT, "no layer is chosen that could move");
}

static sg_status prepare(sg_latent_search *search, const sg_tensor *start, sg_error *error)
{
    const sg_optimiser_options adam = {
        .kind = SG_ADAM, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
    if (search->options.steps < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"steps\" is %d, but must be at least 1",
                       search->options.steps);
    sg_parameter_set_init(&search->variables, search->context, start->dtype, 0);
    SG_TRY(place(search, start, error));
    SG_TRY(search->options.space == SG_SEARCH_STYLES ? add_styles(search, error)
                                                     : add_step(search, error));
    search->optimiser = sg_optimiser_create(&search->variables, adam);
    return search->optimiser && sg_trainable_list_make(&search->list, &search->variables)
               ? SG_OK
               : sg_fail_memory(error, "a search");
}

sg_status sg_latent_search_create(sg_generator *generator, const sg_guide *guide,
                                  const sg_latent_search_options *options, const sg_tensor *start,
                                  sg_latent_search **search, sg_error *error)
{
    *search = NULL;
    sg_latent_search *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "a search");
    made->options = *options;
    made->generator = generator;
    made->guide = guide;
    made->context = sg_generator_parameters(generator)->context;
    const bool recording = made->context->recording;
    const size_t scope = sg_scope_open(made->context);
    made->context->recording = false;
    const sg_status status = prepare(made, start, error);
    made->context->recording = recording;
    sg_scope_close(made->context, scope, NULL);
    made->options.layers = NULL;
    if (status)
        sg_latent_search_destroy(made);
    else
        *search = made;
    return status;
}

/* Gives the generator its own styles back. */
static void restore(sg_latent_search *search)
{
    for (size_t i = 0; search->unmoved && i < search->space.count; i++) {
        sg_tensor *bias = search->space.layers[i].affine.bias;
        for (int64_t k = 0; search->unmoved[i] && k < sg_tensor_count(bias); k++)
            sg_tensor_set_value(bias, k, sg_tensor_value(search->unmoved[i], k));
        if (search->unmoved[i])
            sg_tensor_touch(bias);
        sg_tensor_release(search->unmoved[i]);
    }
    free(search->unmoved);
}

void sg_latent_search_destroy(sg_latent_search *search)
{
    if (!search)
        return;
    restore(search);
    sg_trainable_list_clear(&search->list);
    sg_optimiser_destroy(search->optimiser);
    if (search->variables.context)
        sg_parameter_set_clear(&search->variables);
    sg_style_space_clear(&search->space);
    sg_tensor_release(search->start);
    sg_tensor_release(search->mask);
    free(search);
}

int sg_latent_search_steps_done(const sg_latent_search *search)
{
    return search->done;
}

/* ---- results ---- */

size_t sg_latent_search_count(const sg_latent_search *search)
{
    return search->step ? (size_t)sg_tensor_count(search->start) : search->space.channels;
}

void sg_latent_search_found(const sg_latent_search *search, float *values)
{
    const int64_t width = search->start->shape.size[2];
    for (int64_t i = 0; search->step && i < sg_tensor_count(search->start); i++)
        values[i] = (float)(sg_tensor_value(search->mask, i / width) *
                            sg_tensor_value(search->step, i % sg_tensor_count(search->step)));
    for (size_t i = 0; i < search->space.count; i++) {
        const sg_style_layer *layer = &search->space.layers[i];
        const sg_tensor *unmoved = search->unmoved[i];
        for (int64_t k = 0; k < (int64_t)layer->channels; k++)
            values[layer->first + (size_t)k] =
                unmoved
                    ? (float)(sg_tensor_value(layer->affine.bias, k) - sg_tensor_value(unmoved, k))
                    : 0;
    }
}
