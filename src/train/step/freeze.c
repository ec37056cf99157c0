/* Which tensors are frozen, by their names; see freeze.h. */
#include "train/step/freeze.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "models/family.h"

/* Returns the length of the part of a tensor's name that is its layer: "b32.conv0" of
 * "b32.conv0.weight". */
static size_t layer_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? (size_t)(dot - name) : 0;
}

void sg_freeze_discriminator(sg_parameter_set *parameters, int layers)
{
    const char *layer = "";
    int count = 0;
    /* The set lists blocks from the highest resolution, and their layers in the official order. */
    for (size_t i = 0; i < parameters->count; i++) {
        sg_parameter *item = &parameters->items[i];
        const size_t length = layer_length(item->name);
        if (!item->trainable || sg_has_prefix(item->name, "b4.") ||
            sg_has_prefix(item->name, "mapping."))
            continue;
        if (length != layer_length(layer) || strncmp(item->name, layer, length) != 0)
            count++;
        layer = item->name;
        if (count <= layers)
            item->trainable = false;
    }
}

/* Returns the resolution of the block that has the tensor; 0 if the synthesis does not have it. */
static int block_resolution(const sg_generator *generator, const char *name)
{
    if (sg_has_prefix(name, "synthesis.b"))
        return (int)strtol(name + strlen("synthesis.b"), NULL, 10);
    if (sg_has_prefix(name, "synthesis.L")) /* StyleGAN3's input takes the first w */
        return sg_generator_style_resolution(
            generator, (int)strtol(name + strlen("synthesis.L"), NULL, 10) + 1);
    return sg_has_prefix(name, "synthesis.input.") ? sg_generator_style_resolution(generator, 0)
                                                   : 0;
}

/* Tells whether the tensor is of a mapping layer below `layers`. */
static bool is_mapping_layer(const char *name, int layers)
{
    static const char prefix[] = "mapping.fc";
    return sg_has_prefix(name, prefix) && strtol(name + sizeof prefix - 1, NULL, 10) < layers;
}

void sg_freeze_generator(sg_generator *generator, const sg_freezing *freezing)
{
    sg_parameter_set *parameters = sg_generator_parameters(generator);
    for (size_t i = 0; i < parameters->count; i++) {
        sg_parameter *item = &parameters->items[i];
        const int resolution = block_resolution(generator, item->name);
        if ((resolution > 0 && resolution <= freezing->g_resolution) ||
            is_mapping_layer(item->name, freezing->mapping_layers) ||
            (freezing->embedding && sg_has_prefix(item->name, "mapping.embed.")))
            item->trainable = false;
    }
}

sg_status sg_freeze_check(const sg_freezing *freezing, const sg_generator_config *generator,
                          sg_error *error)
{
    const int layers = sg_family_of(generator->family)->maps ? generator->mapping.num_layers : 0;
    if (freezing->embedding && generator->c_dim == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"freeze_embedding\" is set, but the networks know no classes: there is "
                       "no embedding without \"conditional\"");
    if (freezing->mapping_layers > layers)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"freeze_mapping\" is %d, but must be 0 to %d, the layers of the mapping "
                       "network",
                       freezing->mapping_layers, layers);
    if (freezing->g_resolution > generator->img_resolution ||
        (freezing->g_resolution & (freezing->g_resolution - 1)) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"freeze_generator\" is %d, but must be a power of two from 4 to %d, the "
                       "resolution of the pictures",
                       freezing->g_resolution, generator->img_resolution);
    if (freezing->g_resolution == generator->img_resolution && freezing->mapping_layers == layers &&
        (freezing->embedding || generator->c_dim == 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"freeze_generator\" and \"freeze_mapping\" leave nothing of the generator "
                       "to train");
    return SG_OK;
}
