/*
 * Path lengths (Karras et al. 2019, "A style-based generator architecture", section 4.1): how far
 * apart pictures are whose latents lie a little apart, on paths between two random latents.
 * Distances are LPIPS where the setup has a network, otherwise mean squared differences of pixels
 * that span 2.
 */
#ifndef SG_METRICS_MEASURE_PATH_LENGTH_PASS_H
#define SG_METRICS_MEASURE_PATH_LENGTH_PASS_H

#include "metrics/metric.h"

/* The metrics of the pass: the space of the path, where on it, and whether the middle of the
 * picture alone counts, where faces are. */
typedef enum sg_path_length_metric {
    SG_PATH_Z_FULL,
    SG_PATH_W_FULL,
    SG_PATH_Z_END,
    SG_PATH_W_END,
    SG_PATH_W_END_WHOLE,
    SG_PATH_Z_FULL_WHOLE,
    SG_PATH_LENGTH_METRICS
} sg_path_length_metric;

/*
 * Two latents and a place on their path make a sample; both pictures have the same noise. The
 * shortest and the longest hundredth of the distances do not count.
 */
extern const sg_metric_pass sg_path_length_pass;

#endif
