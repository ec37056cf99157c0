/*
 * The definition of convolution and its adjoints, in loops that are meant to be read.
 *
 * Tested by: tests/kernels/convolution/test_convolution.c
 */
#include "kernels/convolution/reference.h"

#include <stdbool.h>
#include <string.h>

/* A term y[n,oy,ox,o] * x[n,iy,ix,i] * w[o,i,ky,kx] of the trilinear sum. */
typedef struct term {
    int64_t x, y, w; /* flat indices */
} term;

static bool find_term(const sg_convolution_shape *s, int64_t n, int64_t oy, int64_t ox, int64_t o,
                      int64_t i, int64_t ky, int64_t kx, term *found)
{
    int64_t iy = oy * s->stride_y + ky - s->pad_top;
    int64_t ix = ox * s->stride_x + kx - s->pad_left;
    if (iy < 0 || ix < 0 || iy >= s->in_height || ix >= s->in_width)
        return false;
    int64_t in_group = s->in_channels / s->groups;
    int64_t group = o / (s->out_channels / s->groups);
    found->x = ((n * s->in_height + iy) * s->in_width + ix) * s->in_channels + group * in_group + i;
    found->y = ((n * s->out_height + oy) * s->out_width + ox) * s->out_channels + o;
    int64_t row = s->swapped_weights ? i * s->out_channels + o : o * in_group + i;
    found->w = (row * s->kernel_height + ky) * s->kernel_width + kx;
    return true;
}

/* Visits all terms; each function of the template accumulates the gradient of one operand. */
#define FOR_EACH_TERM(s, found)                                                                    \
    for (int64_t n = 0; n < (s)->batch; n++)                                                       \
        for (int64_t oy = 0; oy < (s)->out_height; oy++)                                           \
            for (int64_t ox = 0; ox < (s)->out_width; ox++)                                        \
                for (int64_t o = 0; o < (s)->out_channels; o++)                                    \
                    for (int64_t i = 0; i < (s)->in_channels / (s)->groups; i++)                   \
                        for (int64_t ky = 0; ky < (s)->kernel_height; ky++)                        \
                            for (int64_t kx = 0; kx < (s)->kernel_width; kx++)                     \
                                if (find_term(s, n, oy, ox, o, i, ky, kx, &(found)))

#define TEMPLATE "kernels/convolution/reference.inc"
#include "kernels/vector/each_real.inc"
