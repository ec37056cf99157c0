/* Line charts: panels one above the other that share their x axis, drawn into a picture. */
#ifndef SG_IMAGE_FIGURES_PLOT_H
#define SG_IMAGE_FIGURES_PLOT_H

#include "image/figures/plot_request.h"
#include "image/image.h"

/* Sets the defaults: no panels, 900 pixels wide, 260 for each panel. */
void sg_plot_init(sg_plot *plot);

/*
 * Draws into an RGB picture in *image, which the caller destroys. Equal plots give equal pixels,
 * whatever fonts are installed. Fails with SG_ERROR_ARGUMENT for sizes out of range or no panels,
 * SG_ERROR_MEMORY, or SG_ERROR_LIBRARY; *image is NULL then.
 */
sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error);

#endif
