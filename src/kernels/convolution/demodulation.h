/*
 * Demodulation factors (Karras et al. 2020, equation 3) from weights whose energies are known:
 *
 *     energy[o, i] = sum over taps of w[o, i, k]^2
 *     factor[n, o] = 1 / sqrt(sum over i of (styles[n, i]^2 energy[o, i]) + epsilon)
 *
 * with epsilon 1e-8, or 1e-8 times the mean squares of styles and of w[o], as if both had unit mean
 * square (Karras et al. 2021, appendix D.2).
 */
#ifndef SG_KERNELS_CONVOLUTION_DEMODULATION_H
#define SG_KERNELS_CONVOLUTION_DEMODULATION_H

#include <stdbool.h>
#include <stdint.h>

/* energy [out, in] from weights [out, in, taps]. */
void sg_weight_energy(int64_t out, int64_t in, int64_t taps, const float *weights, float *energy);

/* Sizes; `taps` are those of a kernel of the weights. */
typedef struct sg_demodulation_shape {
    int64_t samples, out, in, taps;
    bool normalized; /* epsilon is relative */
} sg_demodulation_shape;

/* factors [samples, out] from styles [samples, in] and energy [out, in]. */
void sg_demodulation_factors(const sg_demodulation_shape *shape, const float *styles,
                             const float *energy, float *factors);

#endif
