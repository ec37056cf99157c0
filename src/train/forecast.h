/* What a training will cost, measured on a scratch copy of it before the first step. */
#ifndef SG_TRAIN_FORECAST_H
#define SG_TRAIN_FORECAST_H

#include "train/trainer.h"

typedef struct sg_forecast {
    double seconds_per_kimg;
    double peak_bytes; /* of the whole process */
} sg_forecast;

/*
 * Runs every phase on networks with these options and throws them away. The training that follows
 * is not affected. Takes about two steps' time.
 */
sg_status sg_forecast_make(sg_context *context, const sg_trainer_options *options,
                           sg_forecast *forecast, sg_error *error);

#endif
