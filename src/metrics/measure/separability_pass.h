/*
 * Linear separability (Karras et al. 2019, section 4.2): how well planes in z and in w part
 * pictures with an attribute from those without, as a classifier sees it.
 */
#ifndef SG_METRICS_MEASURE_SEPARABILITY_PASS_H
#define SG_METRICS_MEASURE_SEPARABILITY_PASS_H

#include "metrics/metric.h"

/* Three values: of w, under the metric's own name; of z; of w. */
extern const sg_metric_pass sg_separability_pass;

#endif
