/* Maps of numbers as pictures in a colour map. */
#ifndef SG_IMAGE_FIGURES_HEAT_MAP_H
#define SG_IMAGE_FIGURES_HEAT_MAP_H

#include "image/image.h"

/*
 * An RGB picture in *image, which the caller destroys, of `height` x `width` values: dark blue at
 * `least` and below, over red to pale yellow at `most` and above, in even steps of lightness
 * (Oklab). With `contour` above 0, darker lines run where a multiple of it is crossed. Fails as
 * sg_image_create does, or with SG_ERROR_ARGUMENT when `most` is not above `least`.
 */
sg_status sg_heat_map_draw(const float *values, size_t height, size_t width, double least,
                           double most, double contour, sg_image **image, sg_error *error);

#endif
