/* Makes pictures of one size of pictures of any size, as the official dataset_tool.py does. */
#ifndef SG_DATA_SOURCES_PICTURE_TRANSFORM_H
#define SG_DATA_SOURCES_PICTURE_TRANSFORM_H

#include "base/choices.h"
#include "image/resize.h"

/* The part of a picture that is used. */
typedef enum sg_transform_kind {
    SG_TRANSFORM_NONE,             /* all of it, stretched to the target's shape */
    SG_TRANSFORM_CENTER_CROP,      /* the largest part in its middle of the target's shape */
    SG_TRANSFORM_CENTER_CROP_WIDE, /* a band of rows in its middle, laid on a black square */
    SG_TRANSFORM_CENTER_CROP_TALL, /* a band of columns in its middle, laid on a black square */
    SG_TRANSFORM_PAD               /* all of it, with its proportions, on black */
} sg_transform_kind;

/* A transform; plain data. */
typedef struct sg_picture_transform {
    sg_transform_kind kind;
    size_t width;  /* the resolution; 0 leaves pictures unchanged */
    size_t height; /* with width: of the band, for SG_TRANSFORM_CENTER_CROP_WIDE and _TALL */
    sg_resize_filter filter;
} sg_picture_transform;

/* Returns "center-crop", "center-crop-wide", ...; NULL for SG_TRANSFORM_NONE. */
const char *sg_transform_name(sg_transform_kind kind);

/* The kinds by name; "stretch" is SG_TRANSFORM_NONE. */
extern const sg_choices sg_transform_choices;

/* True if the transform would have to enlarge a picture of this size. */
bool sg_transform_enlarges(const sg_picture_transform *transform, size_t width, size_t height);

/* True for the kinds that lay a band on a black square. */
bool sg_transform_is_band(sg_transform_kind kind);

/* Returns the width and height of the pictures that the transform makes; it has a resolution. */
sg_image_shape sg_transform_shape(const sg_picture_transform *transform);

/*
 * Makes the transformed picture in *result, which the caller destroys, of the size that
 * sg_transform_shape says. A band takes the same rows as the official program, width * (the
 * picture's height / its width) of them, or as many columns in the other direction as the program
 * of stylegan3-fun, and fails with SG_ERROR_SHAPE for a picture that would have to be enlarged.
 * Otherwise fails as sg_image_create does; *result is NULL then.
 */
sg_status sg_transform_apply(const sg_picture_transform *transform, const sg_image *image,
                             sg_image **result, sg_error *error);

#endif
