/*
 * Finds the part of a picture that lies as a template does: a face where the faces of a network's
 * pictures are, which is what a generator can make.
 */
#ifndef SG_INVERT_TARGETS_ALIGNMENT_H
#define SG_INVERT_TARGETS_ALIGNMENT_H

#include "image/placement.h"

/* A box in a picture, in pixels from the top left corner: x0 < x1, y0 < y1; plain data. */
typedef struct sg_box {
    double x0, y0, x1, y1;
} sg_box;

/* What was found; plain data. */
typedef struct sg_alignment {
    sg_placement placement; /* of the picture, for sg_image_place */
    double before, after;   /* correlation of the box and of the found part with the template, -1
                               to 1 */
} sg_alignment;

/*
 * Searches around `box`, the part of `image` that roughly fills the template, for the shift (up to
 * a quarter of the box), scale (from 2/3 to 3/2) and angle (up to 25 degrees) with the largest
 * correlation with `template_picture`, whose middle counts more than its edges. Both pictures are
 * reduced to 16, then 32 and 64 pixels: a grid of guesses, then a search along each direction with
 * ever smaller steps. Fails with SG_ERROR_ARGUMENT for a box outside the picture, and as resizing
 * does.
 */
sg_status sg_align_picture(const sg_image *image, const sg_box *box,
                           const sg_image *template_picture, sg_alignment *alignment,
                           sg_error *error);

#endif
