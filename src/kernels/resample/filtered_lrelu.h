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
 * For gradients, a mask keeps two bits for each element of v: right of zero, and not clamped. The
 * adjoint is the same operation with the filters exchanged and v multiplied by the slopes that the
 * bits give; so is the adjoint of the adjoint.
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
    int64_t mask_first; /* position of v[0] in the mask */
    int64_t mask_size;  /* elements beyond it count as clamped */
} sg_filtered_axis;

/* What happens to v. */
typedef enum sg_filtered_mode {
    SG_FILTERED_PLAIN,  /* activates */
    SG_FILTERED_RECORD, /* activates and writes the mask */
    SG_FILTERED_REPLAY  /* multiplies by the slopes that a mask gives */
} sg_filtered_mode;

/* Sizes, filters and activation. */
typedef struct sg_filtered_lrelu_shape {
    int64_t samples, channels;
    sg_filtered_axis y, x;
    sg_filter_taps up_filter, down_filter;
    bool correlate;
    double gain;  /* of v, before the clamp: the product of upsampling's and activation's */
    double slope; /* left of zero */
    double clamp; /* no limit when negative */
    sg_filtered_mode mode;
} sg_filtered_lrelu_shape;

/* Operands, in the type of the function that takes them. */
typedef struct sg_filtered_lrelu_data {
    const void *x;    /* [samples, in y, in x, channels] */
    const void *bias; /* [channels]; NULL for zeros */
    void *mask;       /* NULL in plain mode */
    void *y;          /* [samples, out y, out x, channels] */
} sg_filtered_lrelu_data;

/* Returns the elements of v that the result reads along an axis: the size of a mask to record. */
int64_t sg_filtered_reach(const sg_filtered_axis *axis);

/* Returns the bytes of a mask, for this processor. */
size_t sg_filtered_mask_bytes(const sg_filtered_lrelu_shape *shape);

/* Returns the multiply-adds of the filters by phases, counting down * out elements of v in each
 * axis.
 */
double sg_filtered_multiply_adds(const sg_filtered_lrelu_shape *shape);

/* Returns the bytes of scratch for sg_filtered_lrelu_f32. */
size_t sg_filtered_lrelu_scratch_bytes(const sg_filtered_lrelu_shape *shape);

/*
 * Computes the result tile by tile in cache, on all threads. False, without having done anything,
 * for shapes that only the reference takes: slopes above 1, negative gains, large factors or
 * filters.
 */
bool sg_filtered_lrelu_f32(const sg_filtered_lrelu_shape *shape, const sg_filtered_lrelu_data *data,
                           void *scratch);

/* Compute the result in plain loops, with masks in the same format; `upsampled` has room for the v
 * of one channel. */
void sg_filtered_lrelu_reference_f32(const sg_filtered_lrelu_shape *shape,
                                     const sg_filtered_lrelu_data *data, float *upsampled);
void sg_filtered_lrelu_reference_f64(const sg_filtered_lrelu_shape *shape,
                                     const sg_filtered_lrelu_data *data, double *upsampled);

#endif
