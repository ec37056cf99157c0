/*
 * Sweeps: trainings that differ in some options, one after the other or several at once, compared
 * by a metric. A folder holds sweep.json (sweep_file.h), a folder for each training, and what the
 * trainings came to.
 */
#ifndef SG_SWEEP_SWEEP_H
#define SG_SWEEP_SWEEP_H

#include "base/watch.h"
#include "sweep/sweep_file.h"
#include "sweep/sweep_score.h"

/* A sweep in a folder; zero it before use. */
typedef struct sg_sweep {
    char folder[SG_PATH_BYTES];
    sg_sweep_file file;       /* of a sweep that goes on; otherwise empty */
    sg_sweep_request request; /* borrows from the caller or from `file` */
    sg_sweep_plan plan;
    int jobs; /* trainings at a time, 1 or more */
    /* sg_run_callbacks.respell of the trainings; NULL: none. */
    void (*respell)(char *text, size_t size);
} sg_sweep;

/*
 * Plans a sweep of `jobs` trainings at a time in the folder options.outdir of the request, which is
 * borrowed. Where the folder holds the same sweep, it goes on from there. A sweep keeps its number
 * of threads, on which the numbers of trainings depend. Fails with SG_ERROR_ARGUMENT as
 * sg_sweep_plan_make does and for a folder of another sweep. The caller clears the sweep in any
 * case.
 */
sg_status sg_sweep_open(const sg_sweep_request *request, int jobs, sg_sweep *sweep,
                        sg_error *error);

/* Opens the sweep in `folder` to go on. Fails as sg_sweep_file_read and sg_sweep_plan_make do. */
sg_status sg_sweep_reopen(const char *folder, int jobs, sg_sweep *sweep, sg_error *error);

/*
 * Takes the folder for this process, reads how far its trainings are, runs those that are not over,
 * `jobs` at a time, round by round, and writes what they came
 * to (sweep_table.h) after each. Steps of the watcher count full trainings; notes say which
 * trainings begin and end. A training that fails is noted and left behind. Asked to stop, saves the
 * trainings and ends with SG_ERROR_CANCELLED. Fails with the first reason when no training
 * succeeds.
 */
sg_status sg_sweep_run_all(sg_sweep *sweep, const sg_watch *watch, sg_error *error);

void sg_sweep_clear(sg_sweep *sweep);

#endif
