/*
 * How exactly pictures follow the network's input (latent/moved_input.h): EQ-T and EQ-R (Karras et
 * al. 2021, appendix E), peak signal-to-noise ratios of the picture of a moved or turned input
 * against the picture moved or turned afterwards. Pictures span 2 (from -1 to 1).
 */
#ifndef SG_METRICS_EQUIVARIANCE_H
#define SG_METRICS_EQUIVARIANCE_H

#include "latent/transform.h"
#include "metrics/metric.h"
#include "metrics/moved_picture.h"

/* The metrics of the pass. */
typedef enum sg_equivariance_metric {
    SG_EQT_INT,  /* moved by whole pixels, up to an eighth of the side each way */
    SG_EQT_FRAC, /* moved by any distance up to that */
    SG_EQR,      /* turned by any angle */
    SG_EQUIVARIANCE_METRICS
} sg_equivariance_metric;

enum { SG_EQUIVARIANCE_UNIFORMS = 5 };

/* Sums over samples, by metric. */
typedef struct sg_equivariance_sums {
    double squares[SG_EQUIVARIANCE_METRICS]; /* of differences at valid pixels */
    double values[SG_EQUIVARIANCE_METRICS];  /* number of the differences */
} sg_equivariance_sums;

/*
 * Computes the transform of each metric from uniform numbers in [0, 1): x and y of the move by
 * whole pixels, x and y of the other move, and the angle.
 */
void sg_equivariance_transforms(const sg_picture_size *size,
                                const double uniforms[SG_EQUIVARIANCE_UNIFORMS],
                                sg_transform transforms[SG_EQUIVARIANCE_METRICS]);

/*
 * Adds the differences between the original, moved or turned by `transform` as the metric says, and
 * the picture of the input under that transform. Both are floats [height, width, channels]. Fails
 * with SG_ERROR_MEMORY.
 */
sg_status sg_equivariance_add(const sg_picture_size *size, sg_equivariance_metric metric,
                              const sg_transform *transform, const float *original,
                              const float *of_moved, sg_equivariance_sums *sums, sg_error *error);

/* Returns the metric in decibels: infinite without a difference, NaN without a valid pixel. */
double sg_equivariance_value(const sg_equivariance_sums *sums, sg_equivariance_metric metric);

/*
 * A sample's latent, moves and angle depend on the setup's seed and the sample's index. The
 * generator's input is restored.
 */
extern const sg_metric_pass sg_equivariance_pass;

#endif
