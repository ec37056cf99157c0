/*
 * Pieces that the synthesis networks of several families are built from.
 *
 * Tested by: tests/models/growing/test_growing_synthesis.c
 */
#include "models/style_inputs.h"

#include "ops/layout.h"
#include "ops/reduce.h"

int sg_square_side(const sg_generator_config *config)
{
    return config->img_resolution;
}

int sg_single_w(const sg_generator_config *config)
{
    (void)config;
    return 1;
}

sg_tensor *sg_pick_style(sg_tensor *ws, int index)
{
    if (!ws)
        return NULL;
    return sg_reshape(sg_slice(ws, 1, index, 1), SG_SHAPE(ws->shape.size[0], ws->shape.size[2]));
}

sg_tensor *sg_repeat_constant(sg_tensor *constant, int64_t samples)
{
    if (!constant)
        return NULL;
    const int64_t *s = constant->shape.size;
    sg_tensor *one = sg_permute(constant, (int[]){1, 2, 0});
    return sg_broadcast(sg_reshape(one, SG_SHAPE(1, s[1], s[2], s[0])),
                        SG_SHAPE(samples, s[1], s[2], s[0]));
}
