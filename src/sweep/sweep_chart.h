/* sweep.png: the metric over the first option that varies, a line for each choice of the others. */
#ifndef SG_SWEEP_SWEEP_CHART_H
#define SG_SWEEP_SWEEP_CHART_H

#include "sweep/sweep_summary.h"

/*
 * Draws the mean over seeds with a band from the least to the most, over the first option that has
 * two values or more: over its numbers, or their logarithms where they span a factor of 50; other
 * values side by side in the order of the plan. Does nothing without metrics or such an option.
 * Fails with SG_ERROR_FILE, SG_ERROR_MEMORY or SG_ERROR_LIBRARY.
 */
sg_status sg_sweep_chart_write(const sg_sweep_summary *summary, sg_error *error);

#endif
