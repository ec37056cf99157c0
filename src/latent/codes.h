/* Many w at once, and their moments: for statistics over the distribution of w. */
#ifndef SG_LATENT_CODES_H
#define SG_LATENT_CODES_H

#include "base/numpy_random.h"
#include "latent/styles.h"

/*
 * Draws `count` latents, rows of NumPy's randn(count, z_dim), and returns their styles [count,
 * num_ws, w_dim], truncated towards the average w by `psi`, in the generator's own type: double
 * generators take the latents unrounded. Unlike sg_styles, the whole batch is mapped in one pass.
 * NULL (error in the context) on failure.
 */
sg_tensor *sg_random_codes(sg_generator *generator, sg_numpy_random *random, int64_t count,
                           sg_style_label label, double psi);

/* Mean and spread of vectors; zero it before use, clear it after. */
typedef struct sg_moments {
    size_t width, count; /* numbers of a vector; vectors so far */
    double *mean;        /* [width], owned */
    double *deviation;   /* [width], owned: standard deviations (1/n) once they are finished */
} sg_moments;

/* Makes moments of no vectors yet. Fails with SG_ERROR_MEMORY. */
sg_status sg_moments_start(sg_moments *moments, size_t width, sg_error *error);

/* Adds a vector [width] by Welford's recurrence. */
void sg_moments_add(sg_moments *moments, const double *vector);

/* Makes standard deviations of the sums; after it, nothing is added. */
void sg_moments_finish(sg_moments *moments);

void sg_moments_clear(sg_moments *moments);

/* The same for w of one input each: writes rows [count, w_dim]. Fails as the generator does. */
sg_status sg_draw_code_rows(sg_generator *generator, sg_numpy_random *random, size_t count,
                            sg_style_label label, double psi, double *rows, sg_error *error);

/*
 * Draws `count` w, those of RandomState(seed).randn(count, z_dim) truncated by `psi`, into *codes
 * [count, w_dim], which the caller frees. Fails with SG_ERROR_MEMORY or as the generator does.
 */
sg_status sg_draw_codes(sg_generator *generator, uint32_t seed, size_t count, sg_style_label label,
                        double psi, double **codes, sg_error *error);

#endif
