/*
 * The schedule of StyleGAN2's projector (Karras et al. 2020, appendix D).
 *
 * Tested by: tests/invert/test_projection.c
 */
#include "invert/schedule.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* Rises linearly over the first part of the steps, falls as a cosine over the last. */
double sg_invert_rate(const sg_projector_options *options, int step)
{
    const double t = (double)step / options->steps;
    if (options->schedule == SG_INVERT_CONSTANT)
        return options->rate;
    double ramp = options->rate_rampdown > 0 ? fmin(1, (1 - t) / options->rate_rampdown) : 1;
    ramp = 0.5 - 0.5 * cos(pi * ramp);
    if (options->rate_rampup > 0)
        ramp *= fmin(1, t / options->rate_rampup);
    return options->rate * ramp;
}

double sg_invert_noise_scale(const sg_projector_options *options, int step)
{
    const double t = (double)step / options->steps;
    if (options->w_noise_ramp <= 0)
        return 0;
    return options->w_noise * pow(fmax(0, 1 - t / options->w_noise_ramp), 2);
}
