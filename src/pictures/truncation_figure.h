/* A figure of pictures at several truncations: the work of `truncate`. */
#ifndef SG_PICTURES_TRUNCATION_FIGURE_H
#define SG_PICTURES_TRUNCATION_FIGURE_H

#include "pictures/picture_set.h"

/* What to paint; everything is borrowed. */
typedef struct sg_truncate_options {
    sg_picture_request common; /* what the lists do not say; a cutoff below 0: all inputs */
    sg_picture_lists lists;
    bool singles;    /* write every picture by itself too */
    bool transposed; /* a column for each seed, instead of a row */
    bool plain;      /* a figure without labels, gaps and enlargement */
} sg_truncate_options;

/* Returns how many pictures the options ask for. The product must fit in size_t. */
size_t sg_truncate_count(const sg_truncate_options *options);

/*
 * Writes FOLDER/truncation.png: a row for each class and seed, a column for each psi; with
 * `singles`, also FOLDER/seedNNNN-truncPSI.png and, for several classes,
 * FOLDER/seedNNNN-classN-truncPSI.png. Random noise is that of the seed, the same for every psi.
 */
sg_status sg_truncate(const sg_picture_network *network, const sg_truncate_options *options,
                      const sg_watch *watch, sg_error *error);

#endif
