/* What a training will cost, measured on a scratch copy before the first step. */
#ifndef SG_TRAIN_RUN_FORECAST_H
#define SG_TRAIN_RUN_FORECAST_H

#include "train/step/trainer.h"

typedef struct sg_forecast {
    double seconds;          /* from from_kimg to to_kimg */
    double seconds_per_kimg; /* on average */
    double peak_bytes;       /* of the whole process */
} sg_forecast;

/*
 * Runs every phase on scratch networks with these options, at each resolution that a growing
 * training meets between the two points. Does not affect the training that follows. Takes about the
 * time of two steps for each resolution.
 */
sg_status sg_forecast_make(sg_context *context, const sg_trainer_options *options, double from_kimg,
                           double to_kimg, sg_forecast *forecast, sg_error *error);

#endif
