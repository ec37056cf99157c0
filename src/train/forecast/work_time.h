/* The seconds of noted work, from single calls that are measured. */
#ifndef SG_TRAIN_FORECAST_WORK_TIME_H
#define SG_TRAIN_FORECAST_WORK_TIME_H

#include "tensor/work.h"

/* What was measured so far; opaque. */
typedef struct sg_work_times sg_work_times;

/*
 * Makes an empty set of times, measured with `threads` threads (0: all processors) for at most
 * `seconds` in all. NULL on lack of memory.
 */
sg_work_times *sg_work_times_create(int threads, double seconds);

/* Sets the seconds that may still be spent on measuring. */
void sg_work_times_allow(sg_work_times *times, double seconds);

/* Frees the times; NULL is allowed. */
void sg_work_times_destroy(sg_work_times *times);

/*
 * Returns the seconds of all calls in the log. Measures calls that are not known yet, those first
 * that probably take the most; what is left when the time is used up is taken to run at the speed
 * of the others of its kind.
 */
double sg_work_times_sum(sg_work_times *times, const sg_work_log *log);

#endif
