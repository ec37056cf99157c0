/* One noted op again, on smaller operands, so that it takes milliseconds and few megabytes. */
#ifndef SG_TRAIN_FORECAST_REPLAY_H
#define SG_TRAIN_FORECAST_REPLAY_H

#include "tensor/work.h"

/*
 * Returns the amount of work of a call: multiply-adds where products dominate, otherwise the bytes
 * of operands and result. Times of one kind are in proportion to it.
 */
double sg_work_amount(const sg_work *work);

/* Returns a guess at the seconds of a call on one thread, which orders what is measured first. */
double sg_work_guess(const sg_work *work);

/* Returns the same work on fewer samples and rows; small work stays as it is. */
sg_work sg_work_reduce(const sg_work *work);

/* The seconds of one call. */
typedef struct sg_work_seconds {
    double packing; /* of the weights, independent of the number of samples and rows */
    double passing; /* of all else */
} sg_work_seconds;

/*
 * Measures a reduced call with arbitrary values. Returns false if the kind has no replay or its
 * operands do not fit one.
 */
bool sg_work_measure(sg_context *context, const sg_work *work, sg_work_seconds *seconds);

#endif
