/*
 * What a training will cost, before its first step. A hollow context (tensor/context.h) rehearses
 * the phases, which gives every op with its shapes, and the memory that the pool would hold; the
 * times of single ops are measured on small pieces of them (train/forecast/work_time.h).
 */
#ifndef SG_TRAIN_FORECAST_FORECAST_H
#define SG_TRAIN_FORECAST_FORECAST_H

#include "train/forecast/work_time.h"
#include "train/step/trainer.h"

typedef struct sg_forecast {
    double seconds;          /* from from_kimg to to_kimg */
    double seconds_per_kimg; /* on average */
    double peak_bytes;       /* of networks, optimisers, activations and batches */
} sg_forecast;

/* Seconds for measuring that suit one forecast. */
extern const double sg_forecast_budget;

/*
 * Forecasts a training with these options between two points, at each resolution that a growing one
 * meets there. `times` keeps what was measured, for other forecasts. Takes its time and a few dozen
 * megabytes, whatever the networks' size. Without `times` (NULL) nothing is measured, seconds stay
 * 0, and it takes milliseconds.
 */
sg_status sg_forecast_make(sg_work_times *times, const sg_trainer_options *options,
                           double from_kimg, double to_kimg, sg_forecast *forecast,
                           sg_error *error);

#endif
