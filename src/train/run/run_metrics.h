/* Metrics of a run's snapshots, measured beside the training. Private to this room. */
#ifndef SG_TRAIN_RUN_RUN_METRICS_H
#define SG_TRAIN_RUN_RUN_METRICS_H

#include "train/run/run_state.h"

/* Opens what the metrics need and says what they will take; a dry run only looks whether it is
 * there. Does nothing without metrics. Fails as sg_measurer_create and sg_measurer_check do. */
sg_status sg_run_metrics_begin(sg_run_state *run, sg_error *error);

/* Has the snapshot that was just written measured, if it is its turn, and removes those that are
 * not kept: the best one by the first metric that knows a best, and those that are not measured yet
 * stay. */
sg_status sg_run_metrics_snapshot(sg_run_state *run, sg_error *error);

/* Says and writes down what was measured since the last call. */
sg_status sg_run_metrics_collect(sg_run_state *run, sg_error *error);

/* Tells whether snapshots are still to be measured. */
bool sg_run_metrics_waits(const sg_run_state *run);

#endif
