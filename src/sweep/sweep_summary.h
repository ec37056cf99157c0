/* What the trainings of a sweep came to, read once for tables, figures and pages. */
#ifndef SG_SWEEP_SWEEP_SUMMARY_H
#define SG_SWEEP_SWEEP_SUMMARY_H

#include "sweep/sweep_score.h"

/* Scores and order; clear it after use. */
typedef struct sg_sweep_summary {
    const char *folder; /* of the sweep; this and the next two are borrowed */
    const sg_sweep_request *request;
    const sg_sweep_plan *plan;
    sg_sweep_score *scores;           /* [run_count] */
    sg_sweep_result *results;         /* [setting_count], the best first */
    char metric[SG_METRIC_KEY_BYTES]; /* by which settings are sorted; empty: by the plan */
    int better;                       /* -1: less of it is; 1: more is; 0: neither */
} sg_sweep_summary;

/* Reads the metrics of the sweep in `folder`. Fails with SG_ERROR_MEMORY; the caller clears the
 * summary in any case. */
sg_status sg_sweep_summarise(const char *folder, const sg_sweep_request *request,
                             const sg_sweep_plan *plan, sg_sweep_summary *summary, sg_error *error);

void sg_sweep_summary_clear(sg_sweep_summary *summary);

#endif
