/*
 * Channels rounded up to whole vectors.
 *
 * Tested by: tests/ops/convolution/test_modulated.c
 */
#include "ops/convolution/padded_channels.h"

#include <string.h>

int64_t sg_padded_channels(int64_t channels)
{
    const int64_t step = channels > 64 ? 32 : 16;
    return (channels + step - 1) / step * step;
}

sg_tensor *sg_pad_channels(sg_tensor *x, int64_t channels)
{
    if (!x || x->shape.size[x->shape.rank - 1] >= channels)
        return x;
    int64_t known = x->shape.size[x->shape.rank - 1];
    sg_shape shape = x->shape;
    shape.size[shape.rank - 1] = channels;
    sg_tensor *padded = sg_tensor_create(x->context, x->dtype, shape);
    size_t bytes = sg_dtype_bytes(x->dtype);
    if (sg_is_hollow(x->context))
        return padded;
    for (int64_t row = 0; padded && row < sg_shape_count(&x->shape) / known; row++) {
        char *to = (char *)padded->storage->data + (size_t)(row * channels) * bytes;
        memcpy(to, (const char *)x->storage->data + (size_t)(row * known) * bytes,
               (size_t)known * bytes);
        memset(to + (size_t)known * bytes, 0, (size_t)(channels - known) * bytes);
    }
    return padded;
}
