/*
 * The orientation of a picture: how its stored pixels are turned and mirrored to be seen upright,
 * by the numbers of EXIF (CIPA DC-008, tag 0x0112):
 *
 *     1 as stored         2 mirrored left to right     5 transposed (rows become columns)
 *     3 turned by 180     4 mirrored top to bottom     7 transposed along the other diagonal
 *     6 turned by 90 degrees clockwise                 8 turned by 90 degrees anticlockwise
 */
#ifndef SG_IMAGE_ORIENTATION_H
#define SG_IMAGE_ORIENTATION_H

#include "image/image.h"

enum { SG_UPRIGHT = 1, SG_LAST_ORIENTATION = 8 };

/* Returns the shape of the upright picture: 5 to 8 exchange width and height. */
sg_image_shape sg_orientation_shape(sg_image_shape stored, int orientation);

/*
 * Replaces *image by the upright picture. Numbers outside 1 .. 8 leave it as it is. Fails as
 * sg_image_create does; *image stays then.
 */
sg_status sg_image_orient(sg_image **image, int orientation, sg_error *error);

#endif
