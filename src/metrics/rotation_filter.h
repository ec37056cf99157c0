/*
 * Lowpass filters for turned pictures (Karras et al. 2021, appendix E.3): they keep the frequencies
 * that both the pixels before the turn and those after it can show.
 */
#ifndef SG_METRICS_ROTATION_FILTER_H
#define SG_METRICS_ROTATION_FILTER_H

/* Sizes of the filters. */
enum {
    SG_ROTATION_REACH = 6,      /* pixels: the filters are zero from here on */
    SG_ROTATION_UPSAMPLING = 4, /* taps per pixel of the turning filter */
    SG_ROTATION_CENTER = SG_ROTATION_REACH * SG_ROTATION_UPSAMPLING - 1,
    SG_ROTATION_TAPS = 2 * SG_ROTATION_CENTER + 1,
    SG_PSEUDO_CENTER = SG_ROTATION_REACH - 1,
    SG_PSEUDO_TAPS = 2 * SG_PSEUDO_CENTER + 1
};

/*
 * Computes the filter [SG_ROTATION_TAPS, SG_ROTATION_TAPS] that interpolates a picture to be turned
 * by `angle` (radians, against the clock): the sinc of the band that both squares of frequencies
 * have in common, in two Lanczos windows. Taps that meet pixels at the same time add up to 1.
 */
void sg_rotation_filter(double angle, double *taps);

/*
 * Computes the filter [SG_PSEUDO_TAPS, SG_PSEUDO_TAPS] for the pixels of a picture that was turned
 * by `angle`, which removes what the pixels before the turn could not show. It adds up to 1.
 */
void sg_pseudo_rotation_filter(double angle, double *taps);

#endif
