/*
 * What a metric draws at random for a generated sample: latents, label and noise. A sample depends
 * on the seed and its index alone.
 */
#ifndef SG_METRICS_MEASURE_DRAWN_SAMPLE_H
#define SG_METRICS_MEASURE_DRAWN_SAMPLE_H

#include "latent/styles.h"
#include "metrics/metric.h"

/* A sample; start from a zeroed struct, clear it after use. */
typedef struct sg_drawn_sample {
    float *z[2]; /* latents [z_dim], standard normal, independent; owned */
    sg_style_label label;
    sg_random random; /* where the sample's stream is after them: more numbers of its own */
    sg_random noise;  /* of its pictures */
} sg_drawn_sample;

/* Draws sample `index` of the setup. Fails with SG_ERROR_MEMORY. */
sg_status sg_sample_draw(const sg_metric_setup *setup, uint64_t index, sg_drawn_sample *sample,
                         sg_error *error);

/* Frees what the sample owns and zeroes it. */
void sg_sample_clear(sg_drawn_sample *sample);

/*
 * Paints the picture of styles [1, num_ws, w_dim] with the sample's noise: values [H, W, C] of
 * nominally -1 to 1, which the caller has room for. The same sample has the same noise in all its
 * pictures. Fails as the context does.
 */
sg_status sg_sample_paint(sg_generator *generator, const sg_drawn_sample *sample, sg_tensor *ws,
                          float *values, sg_error *error);

/* Returns the number of values of a generator's picture. */
size_t sg_sample_values(const sg_generator *generator);

#endif
