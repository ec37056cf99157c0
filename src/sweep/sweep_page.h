/* The end of a sweep: its trainings side by side, as `compare` shows runs. */
#ifndef SG_SWEEP_SWEEP_PAGE_H
#define SG_SWEEP_SWEEP_PAGE_H

#include "base/watch.h"
#include "runs/run_record.h"
#include "sweep/sweep_summary.h"

/*
 * Writes what sg_compare_runs writes to FOLDER/compare, the trainings in the order of their
 * settings, with the table of the settings at the top. Of more than SG_CURVES_MOST_RUNS trainings
 * takes the first. Does nothing before a training has begun. `respell` is that
 * of sg_comparison_options. Fails as sg_compare_runs does.
 */
sg_status sg_sweep_page_write(const sg_sweep_summary *summary, sg_respell respell,
                              const sg_watch *watch, sg_error *error);

#endif
