/*
 * How much each pixel differs between pictures: the standard deviation (of the population: divided
 * by the number of pictures) of its grey level, which is the mean of its channels.
 */
#ifndef SG_IMAGE_DEVIATION_H
#define SG_IMAGE_DEVIATION_H

#include "image/image.h"

/* The most pictures that can be added: their sums fit in 64 bits. */
enum { SG_DEVIATION_LIMIT = 1000000 };

/* Sums over the pictures so far. */
typedef struct sg_deviation sg_deviation;

/*
 * Starts with no pictures, of the shape `shape`, in *deviation, which the caller destroys. Fails
 * with SG_ERROR_MEMORY; *deviation is NULL then.
 */
sg_status sg_deviation_create(const sg_image_shape *shape, sg_deviation **deviation,
                              sg_error *error);

/* Releases the sums; NULL is allowed. */
void sg_deviation_destroy(sg_deviation *deviation);

/* Adds a picture. Fails with SG_ERROR_SHAPE for another shape, SG_ERROR_ARGUMENT for too many. */
sg_status sg_deviation_add(sg_deviation *deviation, const sg_image *image, sg_error *error);

/*
 * Makes a grey picture of the standard deviations in *map, which the caller destroys: each, in
 * levels of 0 to 255, times `scale`, rounded to the nearest level and at most 255. Fails with
 * SG_ERROR_MEMORY, and with SG_ERROR_ARGUMENT before the first picture.
 */
sg_status sg_deviation_map(const sg_deviation *deviation, double scale, sg_image **map,
                           sg_error *error);

/* Computes the largest and the mean standard deviation of all pixels, in levels; 0 without
 * pictures. */
void sg_deviation_summary(const sg_deviation *deviation, double *largest, double *mean);

#endif
