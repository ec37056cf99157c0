/*
 * How exactly pictures follow the network's input (latent/moved_input.h): EQ-T and EQ-R (Karras et
 * al. 2021, appendix E), peak signal-to-noise ratios of the picture of a moved or turned input
 * against the picture moved or turned afterwards. Pictures span 2 (from -1 to 1).
 */
#ifndef SG_METRICS_EQUIVARIANCE_H
#define SG_METRICS_EQUIVARIANCE_H

#include "metrics/metric.h"

/* The metrics of the pass. */
typedef enum sg_equivariance_metric {
    SG_EQT_INT,  /* moved by whole pixels, up to an eighth of the side each way */
    SG_EQT_FRAC, /* moved by any distance up to that */
    SG_EQR,      /* turned by any angle */
    SG_EQUIVARIANCE_METRICS
} sg_equivariance_metric;

/*
 * A sample's latent, moves and angle depend on the setup's seed and the sample's index. Values are
 * in decibels: infinite without a difference, NaN without a valid pixel. The generator's input is
 * restored.
 */
extern const sg_metric_pass sg_equivariance_pass;

#endif
