/* What a training will cost, measured on a scratch copy of it before the first step. */
#ifndef SG_TRAIN_RUN_FORECAST_H
#define SG_TRAIN_RUN_FORECAST_H

#include "train/step/trainer.h"

typedef struct sg_forecast {
    double seconds;          /* from one point to the other */
    double seconds_per_kimg; /* on average */
    double peak_bytes;       /* of the whole process */
} sg_forecast;

/*
 * Runs every phase on networks with these options and throws them away, at each resolution that a
 * growing training meets between two points. The training that follows is not affected. Takes about
 * two steps' time for each resolution.
 */
sg_status sg_forecast_make(sg_context *context, const sg_trainer_options *options, double from_kimg,
                           double to_kimg, sg_forecast *forecast, sg_error *error);

#endif
