/*
 * Style transfer by optimisation of pixels (Gatys, Ecker and Bethge 2016), with statistics of
 * feature maps in place of Gram matrices (Huang and Belongie 2017).
 */
#ifndef SG_STYLE_PIXEL_STYLE_H
#define SG_STYLE_PIXEL_STYLE_H

#include "image/image.h"
#include "style/style_network.h"

typedef struct sg_pixel_style_options {
    int steps;
    double rate;         /* of Adam, in levels of 0 to 255, at the first step; falls to 0 along half
                            a cosine */
    double alpha;        /* 0: the content itself; 1: all of the style */
    double style_weight; /* of the style's losses, where the content's has 1 */
    double smooth; /* weight of the mean square difference of neighbours, in levels of 0 to 1 */
} sg_pixel_style_options;

/* What is put together; everything is borrowed until the transfer is made. Pictures have the
 * network's channels; the content a size that it takes. */
typedef struct sg_pixel_style_pictures {
    const sg_image *content;
    const sg_image *const *styles; /* [count] */
    const double *weights;         /* [count], which add up to 1 */
    size_t count;
} sg_pixel_style_pictures;

/* The losses of a step, before it; each map's part is divided by the mean square of the content's
 * map, so that networks of any scale are alike. */
typedef struct sg_pixel_style_report {
    int step;
    double total, content, style, smooth;
} sg_pixel_style_report;

/* A transfer under way. */
typedef struct sg_pixel_style sg_pixel_style;

/*
 * Computes the targets and starts at the content. *transfer (NULL on failure) must be destroyed;
 * the network must outlive it. Fails with SG_ERROR_MEMORY, or as the network does.
 */
sg_status sg_pixel_style_create(const sg_style_network *network,
                                const sg_pixel_style_options *options,
                                const sg_pixel_style_pictures *pictures, sg_pixel_style **transfer,
                                sg_error *error);
void sg_pixel_style_destroy(sg_pixel_style *transfer);

/* Takes a step. Fails with SG_ERROR_NUMERIC when the loss is not finite. */
sg_status sg_pixel_style_step(sg_pixel_style *transfer, sg_pixel_style_report *report,
                              sg_error *error);

/* Makes the present picture in *image, which the caller destroys. */
sg_status sg_pixel_style_image(const sg_pixel_style *transfer, sg_image **image, sg_error *error);

#endif
