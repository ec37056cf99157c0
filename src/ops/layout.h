/* Ops that move values without changing them. Axes count from the outermost, 0. */
#ifndef SG_OPS_LAYOUT_H
#define SG_OPS_LAYOUT_H

#include "tensor/tape.h"

/* Returns the same values in memory order under another shape, on the same storage. */
sg_tensor *sg_reshape(sg_tensor *x, sg_shape shape);

/* Returns x with its axes exchanged: axis i of the result is axis axes[i] of x. */
sg_tensor *sg_permute(sg_tensor *x, const int *axes);

/* Returns [N, H, W, C] for [N, C, H, W]; the reverse. */
sg_tensor *sg_to_channels_last(sg_tensor *x);
sg_tensor *sg_to_channels_first(sg_tensor *x);

/* Returns positions start to start + length - 1 of one axis. */
sg_tensor *sg_slice(sg_tensor *x, int axis, int64_t start, int64_t length);

/* Returns x with so many zeros before and after it along one axis: the adjoint of sg_slice. */
sg_tensor *sg_pad(sg_tensor *x, int axis, int64_t before, int64_t after);

/* Returns a and b one after the other along one axis. */
sg_tensor *sg_concatenate(sg_tensor *a, sg_tensor *b, int axis);

/* Returns x reversed along the axes whose bits are set in `axes`. */
sg_tensor *sg_flip(sg_tensor *x, unsigned axes);

#endif
