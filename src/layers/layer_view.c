/* Names of layers, and their channels one by one. Tested by: tests/cli/test_layers.c */
#include "layers/layer_view.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char prefix[] = "synthesis.";

/* Ends of the names of the tensors that stand for layers. */
static const char *const endings[] = {".affine.weight", ".weight", ".bias"};

/* Writes the layer's name: that of its tensor without the common beginning and end. */
static void name_layer(const char *tensor, char name[SG_LAYER_NAME_BYTES])
{
    const char *start = sg_has_prefix(tensor, prefix) ? tensor + strlen(prefix) : tensor;
    size_t length = strlen(start);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (sg_has_suffix(start, endings[i])) {
            length -= strlen(endings[i]);
            break;
        }
    snprintf(name, SG_LAYER_NAME_BYTES, "%.*s", (int)length, start);
}

sg_layer_view sg_layer_view_of(const sg_parameter_set *set, const sg_tensor *mark,
                               const sg_tensor *features, int64_t channels)
{
    sg_layer_view view = {.name = "?",
                          .channels = (size_t)channels,
                          .height = (size_t)features->shape.size[1],
                          .width = (size_t)features->shape.size[2],
                          .features = features};
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].tensor == mark)
            name_layer(set->items[i].name, view.name);
    return view;
}

void sg_layer_view_plane(const sg_layer_view *view, size_t channel, float *plane)
{
    const int64_t step = view->features->shape.size[3];
    for (size_t i = 0; i < view->height * view->width; i++)
        plane[i] = (float)sg_tensor_value(view->features, (int64_t)i * step + (int64_t)channel);
}
