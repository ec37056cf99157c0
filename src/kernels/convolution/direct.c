/*
 * Direct convolution. Weights are brought to [taps, groups, reads, writes], where a direction reads
 * so many channels of a group's pixels and writes others: each pixel of the result is a sum of rows
 * times numbers, and so is each row of the weights' gradient.
 */
#include "kernels/convolution/direct.h"

#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

/* Channels that are read at a time, a multiple of four: their weights stay in the L1 cache while a
 * row of pixels passes. */
enum { READS = 16 };

static int64_t group_in(const sg_convolution_shape *s)
{
    return s->in_channels / s->groups;
}

static int64_t group_out(const sg_convolution_shape *s)
{
    return s->out_channels / s->groups;
}

size_t sg_convolution_direct_count(const sg_convolution_shape *s)
{
    return (size_t)(s->out_channels * group_in(s) * s->kernel_height * s->kernel_width);
}

/* Returns the index of a weight in the plain array, of output channel o and i of its group. */
static int64_t weight_at(const sg_convolution_shape *s, int64_t o, int64_t i, int64_t tap)
{
    const int64_t row = s->swapped_weights ? i * s->out_channels + o : o * group_in(s) + i;
    return row * s->kernel_height * s->kernel_width + tap;
}

/* Returns its index in the packed array. */
static int64_t packed_at(const sg_convolution_shape *s, sg_convolution_direction direction,
                         int64_t o, int64_t i, int64_t tap)
{
    const int64_t group = o / group_out(s);
    const int64_t own = o % group_out(s);
    const int64_t at =
        direction == SG_BACKWARD_DATA ? own * group_in(s) + i : i * group_out(s) + own;
    return (tap * s->groups + group) * group_in(s) * group_out(s) + at;
}

/* Pixels of a row of y that meet pixels of x under a tap: from `first` on, up to `end`. */
typedef struct span {
    int64_t first, end;
} span;

static span span_of(const sg_convolution_shape *s, int64_t tap_x)
{
    const int64_t offset = tap_x - s->pad_left; /* 0 <= pixel * stride + offset < in_width */
    const int64_t first = offset >= 0 ? 0 : (-offset + s->stride_x - 1) / s->stride_x;
    const int64_t beyond = s->in_width <= offset ? 0 : (s->in_width - 1 - offset) / s->stride_x + 1;
    const int64_t end = beyond < s->out_width ? beyond : s->out_width;
    return (span){first, end > first ? end : first};
}

/* Finds the row of x and that of y which meet under a tap, for one of them; false if none does. */
static bool rows_of(const sg_convolution_shape *s, sg_convolution_direction direction, int64_t row,
                    int64_t tap_y, int64_t *x_row, int64_t *y_row)
{
    const int64_t above = row + s->pad_top - tap_y; /* of x, from the first row of padding on */
    *y_row = direction == SG_FORWARD ? row : above / s->stride_y;
    *x_row = direction == SG_FORWARD ? row * s->stride_y + tap_y - s->pad_top : row;
    if (direction == SG_FORWARD)
        return *x_row >= 0 && *x_row < s->in_height;
    return above >= 0 && above % s->stride_y == 0 && *y_row < s->out_height;
}

#define TEMPLATE "kernels/convolution/direct.inc"
#include "kernels/vector/each_real.inc"
