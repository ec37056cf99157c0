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
    SG_TRANSFORM_PAD               /* all of it, with its proportions, on black */
} sg_transform_kind;

/* A transform; plain data. */
typedef struct sg_picture_transform {
    sg_transform_kind kind;
    size_t width;  /* the resolution; 0 leaves pictures unchanged */
    size_t height; /* for SG_TRANSFORM_CENTER_CROP_WIDE, the height of the band */
    sg_resize_filter filter;
} sg_picture_transform;

/* Returns "center-crop", "center-crop-wide", "pad"; NULL for SG_TRANSFORM_NONE. */
const char *sg_transform_name(sg_transform_kind kind);

/* The kinds by name; "stretch" is SG_TRANSFORM_NONE. */
extern const sg_choices sg_transform_choices;

/* True if the transform would have to enlarge a picture of this size. */
bool sg_transform_enlarges(const sg_picture_transform *transform, size_t width, size_t height);

/*
 * Makes the transformed picture in *result, which the caller destroys: width x height pixels, or
 * width x width for SG_TRANSFORM_CENTER_CROP_WIDE, which takes the same rows as the official
 * program, width * (the picture's height / its width) of them, and fails with SG_ERROR_SHAPE for a
 * picture that it would have to enlarge. Otherwise fails as sg_image_create does; *result is NULL
 * then.
 */
sg_status sg_transform_apply(const sg_picture_transform *transform, const sg_image *image,
                             sg_image **result, sg_error *error);

#endif
