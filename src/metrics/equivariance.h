/*
 * How exactly pictures follow the network's input (moved_input.h): EQ-T and EQ-R (Karras et al.
 * 2021, appendix E), peak signal-to-noise ratios of the picture of a moved or turned input against
 * the picture moved or turned afterwards. Pictures span 2 (from -1 to 1).
 */
#ifndef SG_METRICS_EQUIVARIANCE_H
#define SG_METRICS_EQUIVARIANCE_H

#include "models/generator.h"

typedef enum sg_equivariance_metric {
    SG_EQT_INT,  /* moved by whole pixels, up to an eighth of the side each way */
    SG_EQT_FRAC, /* moved by any distance up to that */
    SG_EQR,      /* turned by any angle */
    SG_EQUIVARIANCE_METRICS
} sg_equivariance_metric;

/* "eqt50k_int" and so on; -1 for another name. */
const char *sg_equivariance_name(sg_equivariance_metric metric);
int sg_equivariance_from_name(const char *name);

typedef struct sg_equivariance_options {
    bool wanted[SG_EQUIVARIANCE_METRICS];
    uint64_t seed;
    int class_index; /* of a conditional generator; negative: each picture's at random */
} sg_equivariance_options;

/* What is added up over samples; zeroed at first. */
typedef struct sg_equivariance_sums {
    double squares[SG_EQUIVARIANCE_METRICS]; /* of differences at valid pixels */
    double values[SG_EQUIVARIANCE_METRICS];  /* how many */
} sg_equivariance_sums;

/*
 * Adds the sample `index` (0, 1 ...), whose latent, moves and angle depend on that and the seed
 * alone, whichever metrics are wanted. Fails with SG_ERROR_ARGUMENT for a generator whose input
 * cannot be moved. The generator's input is left as it was.
 */
sg_status sg_equivariance_add(sg_generator *generator, const sg_equivariance_options *options,
                              uint64_t index, sg_equivariance_sums *sums, sg_error *error);

/* The metric in decibels: infinite without any difference, NaN when no pixel was valid. */
double sg_equivariance_decibels(const sg_equivariance_sums *sums, sg_equivariance_metric metric);

#endif
