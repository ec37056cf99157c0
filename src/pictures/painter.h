/* The steps that the picture commands share: styles to a picture, pictures to a grid. */
#ifndef SG_PICTURES_PAINTER_H
#define SG_PICTURES_PAINTER_H

#include "image/figures/grid.h"
#include "latent/transform.h"

/*
 * The picture of ws [1, num_ws, w_dim] in *image, which the caller destroys. A failure that the
 * context holds already, so that `ws` is NULL, is taken from it.
 */
sg_status sg_paint(sg_generator *generator, sg_tensor *ws, sg_synthesis_options options,
                   sg_image **image, sg_error *error);

/* The same, moved and turned as latent/moved_input.h does it; in place (as the file has it) when
 * the transform moves nothing. */
sg_status sg_paint_moved(sg_generator *generator, sg_tensor *ws, const sg_transform *transform,
                         sg_synthesis_options options, sg_image **image, sg_error *error);

/* An empty grid, as sg_grid_create makes it, for pictures of the generator. */
sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error);

#endif
