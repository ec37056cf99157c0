/* The course of a projection over its steps: learning rate and noise in w. */
#ifndef SG_INVERT_SCHEDULE_H
#define SG_INVERT_SCHEDULE_H

#include "invert/projector.h"

/* Returns the learning rate of a step. */
double sg_invert_rate(const sg_projector_options *options, int step);

/* Returns the standard deviation of the noise in w, in units of the spread of w. */
double sg_invert_noise_scale(const sg_projector_options *options, int step);

#endif
