/* Pictures of seeds as PNG files, and all of them in one grid: the work of `generate`. */
#ifndef SG_CLI_RENDER_H
#define SG_CLI_RENDER_H

#include "latent/seeds.h"
#include "models/generator.h"

/* What to render and where to; everything is borrowed. */
typedef struct sg_render_options {
    const sg_seed_list *seeds;
    const char *folder;       /* exists */
    const char *network_name; /* for the remarks in the files */
    double psi;               /* truncation; 1: none */
    int cutoff;               /* how many of the w inputs are truncated; negative: all */
    int class_index;          /* 0 .. c_dim - 1; read only when the generator is conditional */
    sg_noise_mode noise_mode;
    int grid_columns, grid_rows; /* 0: no grid; else enough cells for all seeds */
} sg_render_options;

/* "const", "random", "none"; the mode of a name, or -1. */
const char *sg_noise_mode_name(sg_noise_mode mode);
int sg_noise_mode_from_name(const char *name);

/*
 * Writes FOLDER/seedNNNN.png for every seed and, with a grid, FOLDER/grid.png. Each picture depends
 * on its seed and the options alone, not on the other seeds of the list. Shows progress on standard
 * error when there are more than two.
 */
sg_status sg_render(sg_generator *generator, sg_context *context, const sg_render_options *options,
                    sg_error *error);

#endif
