/* Networks of style transfer; see style_network.h. Tested by: tests/cli/test_style.c */
#include "style/style_network.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "features/tape/vgg16_tape.h"
#include "models/family.h"
#include "ops/arithmetic.h"

struct sg_style_network {
    sg_context *context;
    sg_discriminator *own; /* NULL: VGG16 */
    sg_vgg16_tape vgg16;
    bool random;
};

sg_status sg_style_network_vgg16(sg_context *context, const char *const *files, size_t count,
                                 sg_style_network **network, sg_error *error)
{
    sg_style_network *opened = sg_allocate(1, sizeof *opened);
    *network = NULL;
    if (!opened)
        return sg_fail_memory(error, "VGG16");
    opened->context = context;
    const sg_status status =
        sg_vgg16_tape_find(&opened->vgg16, context, SG_F32, files, count, &opened->random, error);
    if (status)
        sg_style_network_close(opened);
    else
        *network = opened;
    return status;
}

static sg_status check_channels(sg_discriminator *discriminator, sg_error *error)
{
    const int channels = sg_discriminator_config_of(discriminator)->img_channels;
    if (channels == 1 || channels == 3)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the network takes pictures of %d channels, but styles are taken from pictures "
                   "of 1 or 3",
                   channels);
}

sg_status sg_style_network_own(sg_discriminator *discriminator, sg_style_network **network,
                               sg_error *error)
{
    sg_style_network *opened = sg_allocate(1, sizeof *opened);
    *network = NULL;
    const sg_status status = opened ? check_channels(discriminator, error)
                                    : sg_fail_memory(error, "a network for styles");
    if (status) {
        sg_discriminator_destroy(discriminator);
        free(opened);
        return status;
    }
    opened->own = discriminator;
    opened->context = sg_discriminator_parameters(discriminator)->context;
    *network = opened;
    return SG_OK;
}

void sg_style_network_close(sg_style_network *network)
{
    if (!network)
        return;
    sg_vgg16_tape_clear(&network->vgg16);
    sg_discriminator_destroy(network->own);
    free(network);
}

const char *sg_style_network_title(const sg_style_network *network)
{
    if (!network->own)
        return network->random ? "VGG16 of random weights" : "VGG16";
    return sg_discriminator_classifies(sg_discriminator_config_of(network->own))
               ? "the classifier"
               : "the discriminator";
}

bool sg_style_network_is_random(const sg_style_network *network)
{
    return network->random;
}

sg_context *sg_style_network_context(const sg_style_network *network)
{
    return network->context;
}

int64_t sg_style_network_channels(const sg_style_network *network)
{
    return network->own ? sg_discriminator_config_of(network->own)->img_channels : 3;
}

/* Returns the multiple of `step` nearest to a side, at least one step. */
static size_t nearest(size_t side, size_t step)
{
    const size_t steps = (side + step / 2) / step;
    return (steps > 0 ? steps : 1) * step;
}

void sg_style_network_fit(const sg_style_network *network, size_t *width, size_t *height)
{
    size_t step = SG_VGG16_STYLE_SIDE;
    if (network->own) {
        const sg_discriminator_config *config = sg_discriminator_config_of(network->own);
        step = (size_t)sg_discriminator_step(network->own);
        if (step == 0) { /* it grows */
            *width = (size_t)sg_discriminator_width(config);
            *height = (size_t)sg_discriminator_height(config);
            return;
        }
    }
    *width = nearest(*width, step);
    *height = nearest(*height, step);
}

/* VGG16's is relu4_1, the last. Our networks have a pool in every block: their last maps tell no
 * places any more, so that it is the second. */
int sg_style_network_content_map(const sg_style_network *network, const sg_feature_maps *maps)
{
    const int last = maps->count - 1;
    return network->own && last > 1 ? 1 : last;
}

static void vgg16_maps(const sg_style_network *network, sg_tensor *pictures, sg_feature_maps *maps)
{
    sg_tensor *starts[SG_VGG16_STYLE_BLOCKS] = {NULL};
    const size_t scope = sg_scope_open(network->context);
    *maps = (sg_feature_maps){.count = 0};
    if (pictures)
        sg_vgg16_tape_starts(&network->vgg16, pictures, starts);
    for (int i = 0; i < SG_VGG16_STYLE_BLOCKS; i++)
        sg_feature_maps_add(maps, starts[i]);
    sg_scope_close(network->context, scope, NULL);
}

void sg_style_network_maps(const sg_style_network *network, sg_tensor *pictures,
                           sg_feature_maps *maps)
{
    if (!network->own) {
        vgg16_maps(network, pictures, maps);
        return;
    }
    sg_tensor *native = sg_affine(pictures, 1 / 127.5, -1);
    if (sg_discriminator_step(network->own) > 0)
        sg_discriminator_wide_maps(network->own, native, maps);
    else
        sg_discriminator_maps(network->own, native, maps);
}
