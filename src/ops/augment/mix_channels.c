/* Affine maps of channels. The gradient of one is another one, transposed and without the shift. */
#include "ops/augment/mix_channels.h"

#include "kernels/elementwise/channel_mix.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

typedef struct mix_attributes {
    bool transposed, shifted;
} mix_attributes;

static sg_tensor *mix(sg_tensor *x, sg_tensor *maps, mix_attributes attributes)
{
    const int64_t *size = x->shape.size;
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    const sg_channel_mix_shape shape = {.samples = size[0],
                                        .pixels = size[1] * size[2],
                                        .channels = size[3],
                                        .mixed = maps->shape.size[1],
                                        .maps = sg_f64(maps),
                                        .transposed = attributes.transposed,
                                        .shifted = attributes.shifted};
    SG_BY_DTYPE(x, sg_channel_mix, (&shape, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_mix_channels, &attributes, sizeof attributes,
                          (sg_tensor *[]){x, maps}, y);
}

sg_tensor *sg_mix_channels(sg_tensor *x, sg_tensor *maps)
{
    if (!maps || !sg_check_inputs("mix_channels", &x, 1) || !sg_check_rank("mix_channels", x, 4) ||
        !sg_check_rank("mix_channels", maps, 3))
        return NULL;
    const int64_t *size = maps->shape.size;
    if (maps->dtype != SG_F64 || size[0] != x->shape.size[0] || size[1] > x->shape.size[3] ||
        size[1] > SG_MOST_MIXED || size[2] != size[1] + 1)
        return sg_shape_mismatch("mix_channels", x, maps);
    return mix(x, maps, (mix_attributes){.shifted = true});
}

static void backward_mix_channels(sg_backward *call)
{
    mix_attributes attributes = *(const mix_attributes *)call->attributes;
    attributes.transposed = !attributes.transposed;
    attributes.shifted = false;
    if (call->wanted[0] && call->gradient)
        call->results[0] = mix(call->gradient, call->inputs[1], attributes);
}

const sg_op sg_op_mix_channels = {"mix_channels", 2, {SG_READS_INPUT(1), 0}, backward_mix_channels};
