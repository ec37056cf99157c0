/*
 * Average power spectra of many pictures (Karras et al. 2021, "Alias-Free Generative Adversarial
 * Networks"): pictures are whitened, multiplied by a Kaiser window, padded with zeros and
 * transformed; the squared magnitudes are averaged over pictures and colour channels, and scaled so
 * that white noise has power 1 (0 dB) at every frequency.
 */
#ifndef SG_METRICS_SPECTRUM_H
#define SG_METRICS_SPECTRUM_H

#include "image/image.h"

/* The longest side of a transform, in values. */
enum { SG_SPECTRUM_LARGEST_SIDE = 16384 };

/* The mean and the standard deviation of the levels of all pixels and colour channels. */
typedef struct sg_level_statistics {
    double mean;
    double deviation;
} sg_level_statistics;

/* Sums over the pictures so far. */
typedef struct sg_spectrum sg_spectrum;

/*
 * Starts a spectrum without pictures in *spectrum, which the caller destroys. `beta` is the
 * window's, from 0 (no window) to 100; the side of the transform is the pictures' longer side times
 * `interpolation` (at least 1). Fails with SG_ERROR_ARGUMENT for an option out of range or a side
 * over SG_SPECTRUM_LARGEST_SIDE, or with SG_ERROR_MEMORY; *spectrum is NULL then.
 */
sg_status sg_spectrum_create(const sg_image_shape *shape, double beta, int interpolation,
                             sg_spectrum **spectrum, sg_error *error);

/* Releases the spectrum; NULL is allowed. */
void sg_spectrum_destroy(sg_spectrum *spectrum);

/* Adds a picture of the spectrum's shape, without its alpha. Fails with SG_ERROR_SHAPE. */
sg_status sg_spectrum_add(sg_spectrum *spectrum, const sg_image *image, sg_error *error);

/*
 * Adds one channel [height, width] of any numbers, such as features. They count as levels counted
 * from 128, so that the statistics' mean is 128 above theirs.
 */
void sg_spectrum_add_plane(sg_spectrum *spectrum, const float *values);

/* Returns the level statistics of all pictures added so far (at least one). */
sg_level_statistics sg_spectrum_statistics(const sg_spectrum *spectrum);

/* Returns how many pictures (or single channels) were added, and the side of the transform. */
size_t sg_spectrum_count(const sg_spectrum *spectrum);
size_t sg_spectrum_side(const sg_spectrum *spectrum);

/*
 * Computes the average power [side, side] of the pictures whitened with `statistics`: frequency
 * k / side cycles per pixel at index k, in both directions. Fails with SG_ERROR_ARGUMENT before the
 * first picture, or when the deviation is 0.
 */
sg_status sg_spectrum_power(const sg_spectrum *spectrum, const sg_level_statistics *statistics,
                            float *power, sg_error *error);

/* Returns the decibels of a power, at least -200. */
double sg_power_decibels(double power);

/*
 * Computes a map in decibels [rows, rows], rows = side / 2 * 2 + 1, of a power [side, side]:
 * frequency 0 in the middle, -0.5 cycles per pixel at the left and the top (for an even side),
 * smoothed by a Gaussian of `deviation` entries (0: not smoothed). Fails with SG_ERROR_MEMORY.
 */
sg_status sg_spectrum_map(const float *power, size_t side, double deviation, float *decibels,
                          sg_error *error);

#endif
