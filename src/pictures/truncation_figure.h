/* A figure of pictures at several truncations: the work of `truncate`. */
#ifndef SG_PICTURES_TRUNCATION_FIGURE_H
#define SG_PICTURES_TRUNCATION_FIGURE_H

#include "pictures/truncation_center.h"

/* What to paint and where to; everything is borrowed. */
typedef struct sg_truncate_options {
    const sg_number_list *seeds;   /* one or more */
    const sg_number_list *classes; /* each 0 .. c_dim - 1, one or more; without c_dim exactly one,
                                      which is not read */
    const sg_decimal_list *psis;   /* truncations, one or more */
    const char *seeds_text;        /* all three as they were given, for the figure's remarks; */
    const char *classes_text;      /* NULL: that of a single class is not a text */
    const char *psis_text;
    const sg_center *center; /* of truncation; NULL: the average w */
    int cutoff;              /* how many of the w inputs are truncated; negative: all */
    sg_noise_mode noise_mode;
    bool singles;          /* write every picture by itself too */
    bool transposed;       /* a column for each seed, instead of a row */
    bool plain;            /* a figure without labels, gaps and enlargement */
    const char *folder;    /* exists */
    const sg_watch *watch; /* NULL: nobody */
} sg_truncate_options;

/* How many pictures the options ask for. The product must fit in size_t. */
size_t sg_truncate_count(const sg_truncate_options *options);

/*
 * Writes FOLDER/truncation.png: a row for each class and seed, a column for each psi; with
 * `singles`, also FOLDER/seedNNNN-truncPSI.png and, for several classes,
 * FOLDER/seedNNNN-classN-truncPSI.png. Random noise is that of the seed, the same for every psi.
 * Shows progress on standard error. The network's generator is loaded.
 */
sg_status sg_truncate(const sg_picture_network *network, const sg_truncate_options *options,
                      sg_error *error);

#endif
