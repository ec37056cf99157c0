/* Places parts of pictures: shifted, scaled and turned (a similarity of the plane). */
#ifndef SG_IMAGE_PLACEMENT_H
#define SG_IMAGE_PLACEMENT_H

#include "image/image.h"

/* Which part of a picture is shown; plain data. A pixel's centre is at half its index plus one. */
typedef struct sg_placement {
    double x, y;  /* the middle of the part, in pixels from the top left corner */
    double width; /* of the part, in pixels; its height follows from the result's proportions */
    double angle; /* radians by which the part is turned, clockwise as seen */
} sg_placement;

/*
 * Makes a picture of `width` x `height` pixels of the part of `image` that `placement` names in
 * *placed, which the caller destroys. Each pixel is the mean of bilinear samples on a grid as fine
 * as the picture's pixels, up to 32 x 32 of them; beyond the picture its edge goes on. Fails with
 * SG_ERROR_ARGUMENT for a part without a positive, finite width, otherwise as sg_image_create does;
 * *placed is NULL then.
 */
sg_status sg_image_place(const sg_image *image, const sg_placement *placement, size_t width,
                         size_t height, sg_image **placed, sg_error *error);

#endif
