/*
 * The steps from seeds to pictures that the picture commands share: seed and class to w, w to a
 * picture, pictures to a grid.
 */
#ifndef SG_CLI_PAINT_H
#define SG_CLI_PAINT_H

#include "base/random.h"
#include "image/grid.h"
#include "models/generator.h"

/* "const", "random", "none"; the mode of a name, or -1. */
const char *sg_noise_mode_name(sg_noise_mode mode);
int sg_noise_mode_from_name(const char *name);

/* The random numbers of a seed's noise. */
sg_random sg_noise_of_seed(uint32_t seed);

/*
 * w [1, w_dim] of a latent z (z_dim numbers) and of a seed; the class counts for conditional
 * generators alone. NULL (error in the context) on failure.
 */
sg_tensor *sg_paint_map(sg_generator *generator, const float *z, int class_index);
sg_tensor *sg_paint_map_seed(sg_generator *generator, uint32_t seed, int class_index);

/*
 * The picture of ws [1, num_ws, w_dim] in *image, which the caller destroys. A failure that the
 * context holds already, so that `ws` is NULL, is taken from it.
 */
sg_status sg_paint(sg_generator *generator, sg_tensor *ws, sg_synthesis_options options,
                   sg_image **image, sg_error *error);

/* An empty grid, as sg_grid_create makes it, for pictures of the generator. */
sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error);

#endif
