/* Average power spectra of networks and data sets, side by side: the work of `spectra`. */
#ifndef SG_PICTURES_SPECTRA_H
#define SG_PICTURES_SPECTRA_H

#include "data/dataset.h"
#include "metrics/spectrum.h"
#include "pictures/picture_network.h"

/* Where pictures come from: a network or a data set, opened, the other one empty. */
typedef struct sg_spectra_source {
    const char *name; /* without folders; borrowed */
    sg_picture_network network;
    sg_dataset *dataset;
    sg_spectrum *spectrum;
    float *power;    /* [side, side] */
    float *decibels; /* [side / 2 * 2 + 1] squared: the map, smoothed */
} sg_spectra_source;

/* What to measure and where to write it; plain data, everything is borrowed. */
typedef struct sg_spectra_options {
    size_t count;      /* pictures of each source, at least 1 */
    uint32_t seed;     /* of a network's first picture, and of the choice among a data set's */
    double beta;       /* of the window */
    int interpolation; /* how many times finer than the pictures' own frequencies */
    sg_context_options compute;
    const sg_watch *watch; /* NULL: nobody */
    const char *folder;    /* exists */
} sg_spectra_options;

/*
 * Writes FOLDER/heatmap.png, slices.png and spectrum.npz. All pictures are whitened with the
 * statistics of the first data set, or, without one, with those of their own source. Networks are
 * closed once their pictures are painted.
 */
sg_status sg_spectra(sg_spectra_source *sources, size_t count, const sg_spectra_options *options,
                     const sg_watch *watch, sg_error *error);

/* Closes and frees all that the source holds. */
void sg_spectra_source_clear(sg_spectra_source *source);

#endif
