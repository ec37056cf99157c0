/*
 * Stands in for by_onednn.c in a build without oneDNN (SG_ONEDNN=OFF).
 * Tested by: tests/platforms/plain_kernels.sh
 */
#include <stddef.h>

#include "kernels/convolution/by_onednn.h"

bool sg_onednn_is_built_in(void)
{
    return false;
}

bool sg_onednn_is_quick_at_weights(void)
{
    return false;
}

sg_status sg_onednn_engine_create(sg_onednn_engine **engine)
{
    *engine = NULL;
    return SG_ERROR_LIBRARY;
}

void sg_onednn_engine_destroy(sg_onednn_engine *engine)
{
    (void)engine;
}

sg_status sg_onednn_convolution_create(sg_onednn_engine *engine, const sg_convolution_shape *shape,
                                       sg_convolution_direction direction, bool free_layouts,
                                       sg_onednn_convolution **convolution)
{
    (void)engine, (void)shape, (void)direction, (void)free_layouts;
    *convolution = NULL;
    return SG_ERROR_LIBRARY;
}

void sg_onednn_convolution_destroy(sg_onednn_convolution *convolution)
{
    (void)convolution;
}

sg_onednn_sizes sg_onednn_convolution_sizes(const sg_onednn_convolution *convolution)
{
    (void)convolution;
    return (sg_onednn_sizes){0};
}

uint64_t sg_onednn_convolution_layout(const sg_onednn_convolution *convolution)
{
    (void)convolution;
    return 0;
}

sg_status sg_onednn_convolution_pack(const sg_onednn_convolution *convolution, const float *plain,
                                     float *packed)
{
    (void)convolution, (void)plain, (void)packed;
    return SG_ERROR_LIBRARY;
}

sg_status sg_onednn_convolution_unpack(const sg_onednn_convolution *convolution,
                                       const float *packed, float *plain)
{
    (void)convolution, (void)packed, (void)plain;
    return SG_ERROR_LIBRARY;
}

sg_status sg_onednn_convolution_run(sg_onednn_convolution *convolution,
                                    const sg_onednn_operands *operands)
{
    (void)convolution, (void)operands;
    return SG_ERROR_LIBRARY;
}
