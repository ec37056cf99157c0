/*
 * Perceptual path length (Karras et al. 2019, "A style-based generator architecture", section 4.1):
 * the mean of distances between pictures of near latents, without the extreme ones.
 */
#ifndef SG_METRICS_FORMULAS_PATH_LENGTH_H
#define SG_METRICS_FORMULAS_PATH_LENGTH_H

#include "base/error.h"

#define SG_PATH_EPSILON 1e-4 /* the official step between two latents */

/* What remains of distances. */
typedef struct sg_path_length {
    double mean;        /* of the distances from `least` to `most` */
    double least, most; /* the 1st and the 99th percentile, each an actual distance */
    size_t kept;        /* how many they are */
} sg_path_length;

/*
 * Computes the mean of the `count` distances, each divided by the square of the step before. Fails
 * with SG_ERROR_ARGUMENT for none or for one that is not finite, and with SG_ERROR_MEMORY.
 */
sg_status sg_path_length_finish(const double *distances, size_t count, sg_path_length *length,
                                sg_error *error);

/* A part of a picture. */
typedef struct sg_path_crop {
    size_t top, left, height, width;
} sg_path_crop;

/* Returns the part of a picture that is compared when "the face" is asked for: rows from 3/8 to 7/8
 * and columns from 2/8 to 6/8 of the height. */
sg_path_crop sg_path_length_crop(size_t height);

#endif
