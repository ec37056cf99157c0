/* Ops that move values without changing them. Axes count from the outermost, 0. */
#ifndef SG_OPS_LAYOUT_H
#define SG_OPS_LAYOUT_H

#include "tensor/tape.h"

/* The same values in memory order under another shape; shares the storage. */
sg_tensor *sg_reshape(sg_tensor *x, sg_shape shape);

/* y's axis i is x's axis axes[i]. */
sg_tensor *sg_permute(sg_tensor *x, const int *axes);

/* [N, H, W, C] from [N, C, H, W] and back. */
sg_tensor *sg_to_channels_last(sg_tensor *x);
sg_tensor *sg_to_channels_first(sg_tensor *x);

/* Positions start .. start+length-1 of one axis. */
sg_tensor *sg_slice(sg_tensor *x, int axis, int64_t start, int64_t length);

/* Zeros before and after along one axis. */
sg_tensor *sg_pad(sg_tensor *x, int axis, int64_t before, int64_t after);

/* a and b one after the other along one axis. */
sg_tensor *sg_concatenate(sg_tensor *a, sg_tensor *b, int axis);

/* Reversed along the axes whose bits are set in `axes`. */
sg_tensor *sg_flip(sg_tensor *x, unsigned axes);

#endif
