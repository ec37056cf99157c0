/*
 * Lowpass filters of a given length, cutoff and transition width by Kaiser's window (Kaiser 1974),
 * in one dimension, or radially symmetric in two (Karras et al. 2021, sections 3.2 and C.2).
 */
#ifndef SG_NN_LOWPASS_FILTER_H
#define SG_NN_LOWPASS_FILTER_H

#include "nn/parameter.h"

/* Frequencies are in cycles per unit of length, of which `rate` samples are taken. */
typedef struct sg_lowpass {
    int taps;             /* on a side; 1 for no filter */
    double cutoff, width; /* end of the passband; width of the whole transition */
    double rate;
    bool radial;
} sg_lowpass;

/* Computes the filter, whose sum is 1: [taps], or [taps, taps] when radial. */
void sg_lowpass_design(const sg_lowpass *filter, double *values);

/*
 * Adds the buffer "PREFIX.NAME". The result is borrowed; NULL without an error for a single tap,
 * NULL with an error in the context on failure.
 */
sg_tensor *sg_lowpass_create(sg_parameter_set *set, const char *prefix, const char *name,
                             const sg_lowpass *filter);

#endif
