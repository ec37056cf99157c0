/* What the trainings of a sweep came to: the metric of each, the mean of each setting over its
 * seeds, and the order of the settings. */
#ifndef SG_SWEEP_SWEEP_SCORE_H
#define SG_SWEEP_SWEEP_SCORE_H

#include "sweep/sweep_plan.h"

/* The first metric that knows better from worse, of one training. */
typedef struct sg_sweep_score {
    double best; /* of all snapshots, the last where neither more nor less is better; NaN: none was
                    measured */
    double kimg; /* of that snapshot */
    double last; /* of the last snapshot */
} sg_sweep_score;

/* One setting over its seeds; NaN without a number. */
typedef struct sg_sweep_result {
    size_t setting;
    size_t seeds;       /* how many of its trainings have a number */
    double mean;        /* of their best values */
    double deviation;   /* of one training from the others, with `seeds` - 1; NaN for one */
    double least, most; /* of their best values */
    int rounds;         /* that the setting went through */
    size_t best_run;    /* the training with the best value; the first one without any */
} sg_sweep_result;

/*
 * Reads the metrics of all trainings in `folder` into scores [run_count]. Without metrics in the
 * request all are NaN. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_sweep_score_runs(const char *folder, const sg_sweep_request *request,
                              const sg_sweep_plan *plan, sg_sweep_score *scores, sg_error *error);

/*
 * Sums the settings up in results [setting_count], the best first: by the rounds that they went
 * through, then by how many seeds have a number (a training that diverged has none), then by the
 * mean; equal ones and those without a number, which come last, in the order of the plan.
 */
void sg_sweep_rank(const sg_sweep_request *request, const sg_sweep_plan *plan,
                   const sg_sweep_score *scores, sg_sweep_result *results);

#endif
