/*
 * The definition of convolution and its adjoints, in loops that are meant to be read.
 *
 * Tested by: tests/kernels/convolution/test_convolution.c
 */
#include "kernels/convolution/reference.h"

#include <stdbool.h>
#include <string.h>

/* The arrays, in the order of the directions that compute them. */
enum { Y = SG_FORWARD, X = SG_BACKWARD_DATA, W = SG_BACKWARD_WEIGHTS };

static int64_t count_of(const sg_convolution_shape *s, int array)
{
    if (array == W)
        return s->out_channels * (s->in_channels / s->groups) * s->kernel_height * s->kernel_width;
    return s->batch * (array == Y ? s->out_height * s->out_width * s->out_channels
                                  : s->in_height * s->in_width * s->in_channels);
}

/* Finds the flat indices of a term y[n,oy,ox,o] * x[n,iy,ix,i] * w[o,i,ky,kx] of the trilinear sum;
 * false where the tap falls on padding. */
static bool find_term(const sg_convolution_shape *s, int64_t n, int64_t oy, int64_t ox, int64_t o,
                      int64_t i, int64_t ky, int64_t kx, int64_t at[3])
{
    int64_t iy = oy * s->stride_y + ky - s->pad_top;
    int64_t ix = ox * s->stride_x + kx - s->pad_left;
    if (iy < 0 || ix < 0 || iy >= s->in_height || ix >= s->in_width)
        return false;
    int64_t in_group = s->in_channels / s->groups;
    int64_t group = o / (s->out_channels / s->groups);
    at[X] = ((n * s->in_height + iy) * s->in_width + ix) * s->in_channels + group * in_group + i;
    at[Y] = ((n * s->out_height + oy) * s->out_width + ox) * s->out_channels + o;
    int64_t row = s->swapped_weights ? i * s->out_channels + o : o * in_group + i;
    at[W] = (row * s->kernel_height + ky) * s->kernel_width + kx;
    return true;
}

#define TEMPLATE "kernels/convolution/reference.inc"
#include "kernels/vector/each_real.inc"
