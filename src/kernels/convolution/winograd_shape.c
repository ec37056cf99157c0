/*
 * Convolutions as passes of Winograd's algorithm. Backward data is a forward pass from y to x: the
 * kernels are reversed in both axes, their channels exchanged, and a padding of p becomes 2 - p.
 *
 * Tested by: tests/kernels/winograd/test_winograd.c
 */
#include "kernels/convolution/winograd_shape.h"

enum { TAPS = 9, MOST_PADDING = 2 };

sg_winograd_shape sg_convolution_winograd_shape(const sg_convolution_shape *s,
                                                sg_convolution_direction direction)
{
    const bool back = direction != SG_FORWARD;
    const int64_t in = s->weight_in_channels ? s->weight_in_channels : s->in_channels;
    const int64_t out = s->weight_out_channels ? s->weight_out_channels : s->out_channels;
    const int64_t by_out = s->swapped_weights ? TAPS : TAPS * in;
    const int64_t by_in = s->swapped_weights ? TAPS * out : TAPS;
    return (sg_winograd_shape){.batch = s->batch,
                               .in_height = back ? s->out_height : s->in_height,
                               .in_width = back ? s->out_width : s->in_width,
                               .in_channels = back ? s->out_channels : s->in_channels,
                               .out_height = back ? s->in_height : s->out_height,
                               .out_width = back ? s->in_width : s->out_width,
                               .out_channels = back ? s->in_channels : s->out_channels,
                               .pad_top = back ? MOST_PADDING - s->pad_top : s->pad_top,
                               .pad_left = back ? MOST_PADDING - s->pad_left : s->pad_left,
                               .weight_in_channels = back ? out : in,
                               .weight_out_channels = back ? in : out,
                               .in_step = back ? by_out : by_in,
                               .out_step = back ? by_in : by_out,
                               .reversed = back};
}

bool sg_convolution_suits_winograd(const sg_convolution_shape *s,
                                   sg_convolution_direction direction)
{
    if (s->kernel_height != 3 || s->kernel_width != 3 || s->stride_x != 1 || s->stride_y != 1 ||
        s->groups != 1 || direction == SG_BACKWARD_WEIGHTS)
        return false;
    if (s->pad_top > MOST_PADDING || s->pad_left > MOST_PADDING || s->pad_bottom > MOST_PADDING ||
        s->pad_right > MOST_PADDING)
        return false;
    const sg_winograd_shape pass = sg_convolution_winograd_shape(s, direction);
    return sg_winograd_suits(&pass);
}
