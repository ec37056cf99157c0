/*
 * The styles (w for every input of the synthesis network) of a picture, from a seed, a latent or w,
 * truncated. They are found for one picture at a time: in a batch, the libraries underneath split
 * sums differently, so that a picture's last bits would depend on its neighbours, and on a CPU a
 * batch is no faster.
 */
#ifndef SG_LATENT_STYLES_H
#define SG_LATENT_STYLES_H

#include <limits.h>

#include "models/generator.h"

/*
 * w [1, w_dim] of a latent z (z_dim numbers) and of a seed; the class counts for conditional
 * generators alone. NULL (error in the context) on failure.
 */
sg_tensor *sg_map_latent(sg_generator *generator, const float *z, int class_index);
sg_tensor *sg_map_seed(sg_generator *generator, uint32_t seed, int class_index);

/* Where a picture's styles come from; everything is borrowed. */
typedef struct sg_style_source {
    const float *ws; /* [num_ws, w_dim]: these themselves; else NULL */
    const float *z;  /* [z_dim]: the w of this latent; NULL: of the seed */
    uint32_t seed;
    int class_index; /* 0 .. c_dim - 1; read for conditional generators alone */
} sg_style_source;

enum { SG_ALL_INPUTS = INT_MAX };

/* How they are truncated. */
typedef struct sg_truncation {
    double psi;                    /* 1: not at all */
    int cutoff;                    /* inputs below it are truncated; negative: as the network's
                                      programs do by default, 8 of StyleGAN's, all of others;
                                      SG_ALL_INPUTS: all of any */
    const sg_style_source *center; /* where psi 0 leads, borrowed; NULL: to the average w */
} sg_truncation;

/* The styles, [1, num_ws, w_dim]. NULL (error in the context) on failure. */
sg_tensor *sg_styles(sg_generator *generator, const sg_style_source *source,
                     const sg_truncation *truncation);

#endif
