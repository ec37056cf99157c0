/*
 * The sizes of a convolution, for all kernels that convolve. x is [batch, in_height, in_width,
 * in_channels], y [batch, out_height, out_width, out_channels], w OIHW.
 */
#ifndef SG_KERNELS_CONVOLUTION_SHAPE_H
#define SG_KERNELS_CONVOLUTION_SHAPE_H

#include <stdint.h>

/* All members have one type, so that no padding is compared or hashed (plans are found by bytes).
 */
typedef struct sg_convolution_shape {
    int64_t batch, groups;
    int64_t in_height, in_width, in_channels;
    int64_t out_height, out_width, out_channels;
    int64_t kernel_height, kernel_width;
    int64_t stride_y, stride_x;
    int64_t pad_top, pad_left, pad_bottom, pad_right;
    int64_t swapped_weights; /* 0 or 1: w is IOHW; one group only */
    int64_t direct;          /* 0 or 1: without Winograd's algorithm, whose weights are larger */
    /* Channels of w, where images carry more as padding, which is ignored; 0: those of the images.
     * For Winograd's algorithm only. */
    int64_t weight_in_channels, weight_out_channels;
} sg_convolution_shape;

/* Which of the three arrays is computed from the other two: y, x or w. */
typedef enum sg_convolution_direction {
    SG_FORWARD,
    SG_BACKWARD_DATA,
    SG_BACKWARD_WEIGHTS
} sg_convolution_direction;

/* Returns the multiply-adds of the convolution, which no direction changes. */
static inline int64_t sg_convolution_multiply_adds(const sg_convolution_shape *s)
{
    return s->batch * s->out_height * s->out_width * s->out_channels *
           (s->in_channels / s->groups) * s->kernel_height * s->kernel_width;
}

#endif
