/* Pictures of maps of numbers. */
#ifndef SG_IMAGE_FIGURES_HEAT_MAP_H
#define SG_IMAGE_FIGURES_HEAT_MAP_H

#include "image/image.h"

/*
 * Draws `height` x `width` values as an RGB picture in *image, which the caller destroys: from dark
 * blue at `least` and below over red to pale yellow at `most` and above, in even steps of lightness
 * (Oklab). Fails as sg_image_create does, or with SG_ERROR_ARGUMENT when `most` is not above
 * `least`.
 */
sg_status sg_heat_map_draw(const float *values, size_t height, size_t width, double least,
                           double most, sg_image **image, sg_error *error);

/*
 * Copies an RGB picture of heat maps to *image, which the caller destroys, on white, with a bar of
 * the maps' colours below, numbers at the multiples of `step` (above 0), and the unit after the
 * last. Fails as sg_image_create does, with SG_ERROR_ARGUMENT when `most` is not above `least`, or
 * with SG_ERROR_LIBRARY.
 */
sg_status sg_heat_map_add_bar(const sg_image *maps, double least, double most, double step,
                              const char *unit, sg_image **image, sg_error *error);

#endif
