/* One training of a sweep: started, or continued from where a kill left it. */
#ifndef SG_SWEEP_SWEEP_TRAINING_H
#define SG_SWEEP_SWEEP_TRAINING_H

#include "sweep/sweep_plan.h"
#include "train/run/run_callbacks.h"

/* What a training of a sweep is given. */
typedef struct sg_sweep_training {
    const char *folder; /* of the sweep, in which the training has one of its own */
    const sg_sweep_request *request;
    const sg_sweep_plan *plan;
    const sg_sweep_run *run;
    int round; /* to the end of which it trains, from 1 */
    /* Takes the progress of a step, and the seconds that the training has taken in all; returns
     * true to ask it to save itself and end. */
    bool (*step)(void *user, const sg_sweep_run *run, const sg_run_progress *progress,
                 double seconds);
    void *user;
    void (*respell)(char *text, size_t size); /* sg_run_callbacks.respell */
} sg_sweep_training;

/* Sets *seconds to how long a training is forecast to take, by a rehearsal that leaves nothing on
 * disk; of one that ends by time, to that time. Fails as sg_run does. */
sg_status sg_sweep_forecast(const sg_sweep_request *request, const sg_sweep_plan *plan,
                            const sg_sweep_run *run, double *seconds, sg_error *error);

/*
 * Trains to the end of a round in the calling thread, and waits for the metrics. What a folder
 * without a training state holds is removed before. *ended is true unless `step` asked to end.
 * Fails as sg_run does.
 */
sg_status sg_sweep_train(const sg_sweep_training *training, bool *ended, sg_error *error);

#endif
