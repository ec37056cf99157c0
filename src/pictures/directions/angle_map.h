/* Heat maps of the angles between directions. */
#ifndef SG_PICTURES_DIRECTIONS_ANGLE_MAP_H
#define SG_PICTURES_DIRECTIONS_ANGLE_MAP_H

#include "edit/direction.h"
#include "image/image.h"

enum { SG_MOST_ANGLES = 200 /* directions in one map */ };

/*
 * Draws the size of the cosine of the angle between every two directions, `cosines` [count, count]
 * (edit/directions/angles.h): dark for orthogonal ones, pale for parallel ones, with the angle in
 * degrees, 0 to 90, below each cell of small maps. Fails with SG_ERROR_ARGUMENT for more than
 * SG_MOST_ANGLES directions, and as figures do; *image is NULL then.
 */
sg_status sg_angle_map_draw(const sg_direction_set *set, const double *cosines, sg_image **image,
                            sg_error *error);

/* Returns the angle of a cosine in degrees, 0 to 90: directions count without their sign. */
double sg_angle_of(double cosine);

#endif
