/*
 * What generators and discriminators that grow share.
 *
 * Tested by: tests/models/growing/test_growing_synthesis.c
 */
#include "models/growing/growing.h"

#include "nn/resample_filter.h"
#include "ops/arithmetic.h"

static sg_tensor *owned_filter(const sg_parameter_set *set, const float *taps, int count)
{
    size_t scope = sg_scope_open(set->context);
    sg_tensor *filter = sg_tensor_create(set->context, set->dtype, SG_SHAPE(count, count));
    if (filter)
        sg_resample_filter_fill(filter, taps);
    sg_tensor_retain(filter);
    sg_scope_close(set->context, scope, NULL);
    return filter;
}

sg_growing_filters sg_growing_filters_create(const sg_parameter_set *set, const float *taps,
                                             int count)
{
    return (sg_growing_filters){.box = owned_filter(set, (float[]){1.0f, 1.0f}, 2),
                                .blur = count > 1 ? owned_filter(set, taps, count) : NULL};
}

void sg_growing_filters_release(sg_growing_filters *filters)
{
    sg_tensor_release(filters->box);
    sg_tensor_release(filters->blur);
}

bool sg_growing_fuses(const sg_growing_config *config, int side)
{
    enum { SMALLEST_FUSED = 128 };
    return config->fused_scale == SG_FUSED_ALWAYS ||
           (config->fused_scale == SG_FUSED_AUTO && side >= SMALLEST_FUSED);
}

sg_tensor *sg_growing_blend(sg_tensor *picture, sg_tensor *smaller, double share)
{
    return sg_add(sg_affine(picture, 1 - share, 0), sg_affine(smaller, share, 0));
}
