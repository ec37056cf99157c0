/* What can be told of a picture alone: which others it equals, and whether it shows anything. */
#ifndef SG_DATA_SOURCES_PICTURE_TRAITS_H
#define SG_DATA_SOURCES_PICTURE_TRAITS_H

#include "image/image.h"

/* A hash of a picture's shape and pixels, of 128 bits: equal ones mean equal pictures. */
typedef struct sg_fingerprint {
    uint64_t first, second;
} sg_fingerprint;

/* Returns the picture's fingerprint. */
sg_fingerprint sg_picture_fingerprint(const sg_image *image);

/* Orders fingerprints, as strcmp orders texts. */
int sg_fingerprint_compare(const sg_fingerprint *left, const sg_fingerprint *right);

/*
 * True for a picture of almost one colour: 99 of 100 pixels are within 8 levels of the channels'
 * medians, in every channel. (Of a large picture, the median is that of a part of its pixels.)
 */
bool sg_picture_is_blank(const sg_image *image);

#endif
