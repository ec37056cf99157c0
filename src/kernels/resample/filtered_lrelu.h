/*
 * The filtered leaky ReLU of StyleGAN3 (Karras et al. 2021, section 3.2) on channels-last images:
 *
 *     v[u] = gain * sum over k of up_filter[k] * xu[u + k - pad],   xu[i * up] = x[i] + bias
 *     v    = clamp(leaky ReLU(v))
 *     y[o] = sum over k of down_filter[k] * v[o * down + k]
 *
 * in both axes, filters reversed unless `correlate` (a true convolution by default). v, up to
 * sixteen times as large as x, never reaches memory.
 *
 * For gradients, the sides of zero and the clamp are kept, two bits for each element of v. The
 * adjoint is then the same operation with the filters exchanged and v multiplied by the slopes
 * that the bits tell; so is the adjoint of that.
 */
#ifndef SG_KERNELS_RESAMPLE_FILTERED_LRELU_H
#define SG_KERNELS_RESAMPLE_FILTERED_LRELU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/resample/separable_sum.h"

/* One axis. `up_taps` and `down_taps` are the filters' sizes along it. */
typedef struct sg_filtered_axis {
    int64_t in, out;
    int64_t up, down;
    int64_t up_taps, down_taps;
    int64_t pad;        /* zeros before the first pixel of the upsampled image; negative crops */
    int64_t mask_first; /* where v[0] lies in the mask */
    int64_t mask_size;  /* of the mask: elements beyond it count as clamped */
} sg_filtered_axis;

typedef enum sg_filtered_mode {
    SG_FILTERED_PLAIN,  /* activates */
    SG_FILTERED_RECORD, /* activates and writes the mask */
    SG_FILTERED_REPLAY  /* multiplies by the slopes that a mask tells */
} sg_filtered_mode;

typedef struct sg_filtered_lrelu_shape {
    int64_t samples, channels;
    sg_filtered_axis y, x;
    sg_filter_taps up_filter, down_filter;
    bool correlate;
    double gain;  /* of v, before the clamp: that of the upsampling and the activation's */
    double slope; /* left of zero */
    double clamp; /* none when negative */
    sg_filtered_mode mode;
} sg_filtered_lrelu_shape;

/* What goes in and out, in the type of the function that is called. */
typedef struct sg_filtered_lrelu_data {
    const void *x;    /* [samples, in y, in x, channels] */
    const void *bias; /* [channels]; NULL: zeros */
    void *mask;       /* NULL in plain mode */
    void *y;          /* [samples, out y, out x, channels] */
} sg_filtered_lrelu_data;

/* The elements of v that the result reads along an axis: the size of a mask to record. */
int64_t sg_filtered_reach(const sg_filtered_axis *axis);

/* Bytes of a mask of the shape's mask sizes, for this processor. */
size_t sg_filtered_mask_bytes(const sg_filtered_lrelu_shape *shape);

/* The multiply-adds of the filters by phases: of v, down * out elements in each axis are counted.
 */
double sg_filtered_multiply_adds(const sg_filtered_lrelu_shape *shape);

/* Bytes of scratch. */
size_t sg_filtered_lrelu_scratch_bytes(const sg_filtered_lrelu_shape *shape);

/*
 * The fast path, tile by tile in cache, on all threads. False, having done nothing, for shapes that
 * are left to the reference: slopes above 1, negative gains, large factors or filters.
 */
bool sg_filtered_lrelu_f32(const sg_filtered_lrelu_shape *shape, const sg_filtered_lrelu_data *data,
                           void *scratch);

/* Plain loops; `upsampled` has room for one channel's v. Masks are the fast path's. */
void sg_filtered_lrelu_reference_f32(const sg_filtered_lrelu_shape *shape,
                                     const sg_filtered_lrelu_data *data, float *upsampled);
void sg_filtered_lrelu_reference_f64(const sg_filtered_lrelu_shape *shape,
                                     const sg_filtered_lrelu_data *data, double *upsampled);

#endif
