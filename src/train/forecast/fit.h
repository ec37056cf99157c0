/*
 * Options that fit pictures, machine and time: the preset "fit". Resolution, widths, batch, gamma
 * and length are chosen so that the training ends in time with the best that can be expected:
 * pictures as large, and then networks as wide, as leave time for the images that they need.
 */
#ifndef SG_TRAIN_FORECAST_FIT_H
#define SG_TRAIN_FORECAST_FIT_H

#include "base/text.h"
#include "data/picture_base.h"
#include "train/forecast/forecast.h"
#include "train/options/training_fields.h"

/* What options have to fit. */
typedef struct sg_fit_situation {
    size_t pictures;
    int channels;
    int side;               /* the shortest one that nearly all pictures have */
    sg_picture_base native; /* of pictures that are alike and fit networks as they are;
                               resolution 0: they do not */
    double seconds;         /* that the training may take */
    double memory_bytes;    /* that it may take */
} sg_fit_situation;

/* Returns the thousands of images after which pictures of a resolution are worth a look. */
double sg_fit_needed_kimg(int resolution);

/* Returns the length that fits into so many seconds, a round number below it. */
double sg_fit_length(double seconds, double seconds_per_kimg);

/*
 * Chooses all that is not given, marks it as given, and appends a line for each choice with its
 * reason. Fails with SG_ERROR_ARGUMENT if given values contradict each other.
 */
sg_status sg_fit_choose(const sg_fit_situation *situation, sg_work_times *times,
                        sg_run_options *options, sg_given *given, sg_text *reasons,
                        sg_error *error);

#endif
