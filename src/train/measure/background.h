/*
 * Measures a training's snapshots beside it: a thread of its own reads each network file and
 * measures it, at a lower priority if asked for, while the training goes on. The training's numbers
 * do not depend on it.
 */
#ifndef SG_TRAIN_MEASURE_BACKGROUND_H
#define SG_TRAIN_MEASURE_BACKGROUND_H

#include "metrics/measure/measurer.h"

typedef struct sg_background sg_background;

/* What is measured, and how; the texts are borrowed and outlive the work. */
typedef struct sg_background_options {
    sg_measurer_options measuring; /* whose list is copied */
    int threads;                   /* of its own; 0: all processors */
    int nice;                      /* added to the thread's niceness, 0 to 19 */
} sg_background_options;

/* The results of one snapshot. */
typedef struct sg_background_result {
    uint64_t images;
    sg_error error;                            /* without a failure: empty */
    sg_metric_result results[SG_MOST_METRICS]; /* of the items of the list */
    double seconds;                            /* from the begin of measuring it */
} sg_background_result;

/* Opens all that measuring needs, as sg_measurer_create does, and starts the thread. *background
 * (NULL on failure) must be destroyed. */
sg_status sg_background_create(const sg_background_options *options, const sg_watch *watch,
                               sg_background **background, sg_error *error);

/* Stops what is being measured, and frees all; NULL is allowed. */
void sg_background_destroy(sg_background *background);

/* Returns the measurer, which nobody else may use from the first submitted snapshot on. */
sg_measurer *sg_background_measurer(sg_background *background);

/* Adds the network file at `path`, of a training that had seen `images` images, to what is to be
 * measured. Fails with SG_ERROR_MEMORY. */
sg_status sg_background_submit(sg_background *background, uint64_t images, const char *path,
                               sg_error *error);

/* Takes the results of the next snapshot that is measured; false when there is none. */
bool sg_background_take(sg_background *background, sg_background_result *result);

/* Returns how many snapshots are waiting, or being measured, or have results that nobody took; and
 * their numbers of images in `images` [most], which may be NULL. */
size_t sg_background_pending(sg_background *background, uint64_t *images, size_t most);

/* Returns the share of the present snapshot that is done, 0 to 1. */
double sg_background_progress(sg_background *background);

#endif
