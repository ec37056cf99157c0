/* Fused passes with random operands, and what they do in double. */
#ifndef SUPPORT_FUSED_PASS_CASE_H
#define SUPPORT_FUSED_PASS_CASE_H

#include "kernels/product/fused_pass.h"

/* Bits for what a pass does. */
enum {
    PASS_STYLES = 1,
    PASS_SCALE = 2,
    PASS_NOISE = 4,
    PASS_NOISE_PER_SAMPLE = 8, /* along with PASS_NOISE */
    PASS_BIAS = 16,
    PASS_SLOPES = 32,
    PASS_LIMIT = 64,
    PASS_ALL = 127
};

/* The sizes of what goes into the convolution and comes out of it. */
typedef struct fused_pass_size {
    int64_t batch, in_pixels, in_channels, out_pixels, out_channels;
} fused_pass_size;

typedef struct fused_pass_case {
    fused_pass_size size;
    sg_fused_pass pass;
    sg_colours colours; /* `picture` is the test's */
    float *styles, *scale, *noise, *bias, *colour_weights, *colour_bias;
} fused_pass_case;

/* `colours` 0: none, else as many. */
void make_fused_pass_case(fused_pass_case *made, const fused_pass_size *size, unsigned parts,
                          int64_t colours);
void free_fused_pass_case(fused_pass_case *made);

/* x with the styles, as doubles on the heap. */
double *apply_styles(const fused_pass_case *made, const float *x);

/* The rest of the pass without colours, over the convolution's result; and the colours of that, on
 * the heap. */
void finish_pass(const fused_pass_case *made, double *y);
double *colours_of(const fused_pass_case *made, const double *y);

#endif
