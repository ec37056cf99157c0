/* From a convolution's shape and direction to the pass of Winograd's algorithm that computes it. */
#ifndef SG_KERNELS_CONVOLUTION_WINOGRAD_SHAPE_H
#define SG_KERNELS_CONVOLUTION_WINOGRAD_SHAPE_H

#include "kernels/convolution/shape.h"
#include "kernels/winograd/winograd.h"

/* Returns the pass: forward from x to y, or backward data as a forward pass from y to x. */
sg_winograd_shape sg_convolution_winograd_shape(const sg_convolution_shape *shape,
                                                sg_convolution_direction direction);

/*
 * True if the direction can go by Winograd's algorithm and gains by it: 3x3, stride 1, one group,
 * padding of at most 2, and sg_winograd_suits. Never for the weights' gradient.
 */
bool sg_convolution_suits_winograd(const sg_convolution_shape *shape,
                                   sg_convolution_direction direction);

#endif
