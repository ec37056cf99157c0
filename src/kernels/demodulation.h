/*
 * Demodulation factors (Karras et al. 2020, equation 3) from weights whose energies are known:
 *
 *     energy[o, i] = sum over taps of w[o, i, k]^2
 *     factor[n, o] = 1 / sqrt(sum over i of (styles[n, i]^2 energy[o, i]) + 1e-8)
 */
#ifndef SG_KERNELS_DEMODULATION_H
#define SG_KERNELS_DEMODULATION_H

#include <stdint.h>

/* energy [out, in] from weights [out, in, taps]. */
void sg_weight_energy(int64_t out, int64_t in, int64_t taps, const float *weights, float *energy);

/* factors [samples, out] from styles [samples, in] and energy [out, in]. */
void sg_demodulation_factors(int64_t samples, int64_t out, int64_t in, const float *styles,
                             const float *energy, float *factors);

#endif
