/*
 * Which layers train; see nada_layers.h.
 * Tested by: tests/train/step/test_nada_layers.c
 */
#include "train/step/nada_layers.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "edit/style_space.h"

static bool is_convolution(const sg_style_layer *layer)
{
    return !sg_has_suffix(layer->name, ".torgb");
}

/* Tells whether the inputs of fewer than `count` convolutions moved farther than that of `layer`;
 * of equal ones the first come first. */
static bool is_chosen(const sg_style_space *space, const double *moves, const sg_style_layer *layer,
                      int count)
{
    int farther = 0;
    for (size_t i = 0; i < space->count; i++) {
        const sg_style_layer *other = &space->layers[i];
        farther += is_convolution(other) &&
                   (moves[other->input] > moves[layer->input] ||
                    (moves[other->input] == moves[layer->input] && other < layer));
    }
    return farther < count;
}

/* Returns the convolution that has the tensor; NULL for none. */
static const sg_style_layer *layer_of(const sg_style_space *space, const char *name)
{
    static const char prefix[] = "synthesis.";
    if (!sg_has_prefix(name, prefix))
        return NULL;
    name += sizeof prefix - 1;
    for (size_t i = 0; i < space->count; i++) {
        const sg_style_layer *layer = &space->layers[i];
        if (sg_has_prefix(name, layer->name) && name[strlen(layer->name)] == '.')
            return is_convolution(layer) ? layer : NULL;
    }
    return NULL;
}

int sg_nada_layer_count(sg_generator *generator)
{
    sg_style_space space;
    int count = 0;
    if (sg_style_space_open(generator, &space, NULL))
        return 0;
    for (size_t i = 0; i < space.count; i++)
        count += is_convolution(&space.layers[i]);
    sg_style_space_clear(&space);
    return count;
}

sg_status sg_nada_train_layers(sg_generator *generator, const double *moves, int count,
                               sg_error *error)
{
    sg_style_space space;
    sg_parameter_set *parameters = sg_generator_parameters(generator);
    SG_TRY(sg_style_space_open(generator, &space, error));
    for (size_t i = 0; i < parameters->count; i++) {
        const sg_parameter *item = &parameters->items[i];
        const sg_style_layer *layer = layer_of(&space, item->name);
        if (item->trainable)
            sg_tensor_require_gradient(item->tensor,
                                       layer && is_chosen(&space, moves, layer, count));
    }
    sg_style_space_clear(&space);
    return SG_OK;
}
