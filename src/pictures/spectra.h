/* Average power spectra of networks and data sets, side by side: the work of `spectra`. */
#ifndef SG_PICTURES_SPECTRA_H
#define SG_PICTURES_SPECTRA_H

#include "data/dataset.h"
#include "metrics/spectrum.h"
#include "pictures/picture_network.h"

/* A source of pictures: an opened network or data set; the other one is empty. */
typedef struct sg_spectra_source {
    const char *name; /* of the file, without folders; borrowed */
    sg_picture_network network;
    sg_dataset *dataset;
    sg_spectrum *spectrum;
    sg_level_statistics statistics; /* which whiten it */
    char names[2][40];              /* of its arrays in spectrum.npz: the power, and the scalars */
    float scalars[3];               /* mean and deviation of the statistics, number of pictures */
    float *power;                   /* [side, side] */
    float *decibels;                /* [side / 2 * 2 + 1] squared: the map, smoothed */
} sg_spectra_source;

/* Options of the measurement and the folder of its results; everything is borrowed. */
typedef struct sg_spectra_options {
    int count;         /* pictures of each source, 1 or more */
    uint64_t seed;     /* of a network's first picture, and of the choice among a data set's; with
                          all pictures at most 2^32 - 1 */
    double beta;       /* of the window */
    int interpolation; /* how many times finer than the pictures' own frequencies */
    sg_context_options compute;
    const char *folder; /* exists */
} sg_spectra_options;

/*
 * Writes FOLDER/heatmap.png, slices.png and spectrum.npz. Pictures are whitened with the statistics
 * of the first data set, or, without one, with those of their own source. A network is closed after
 * its pictures are painted.
 */
sg_status sg_spectra(sg_spectra_source *sources, size_t count, const sg_spectra_options *options,
                     const sg_watch *watch, sg_error *error);

/* Closes and frees all that the source holds, and zeroes it. */
void sg_spectra_source_clear(sg_spectra_source *source);

#endif
