/* Design of lowpass filters: the ideal impulse response times Kaiser's window. */
#define _DEFAULT_SOURCE
#include "nn/lowpass_filter.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/special.h"

/* Returns Kaiser's attenuation in decibels; `width` is relative to half the sampling rate. */
static double kaiser_attenuation(int taps, double width)
{
    return 2.285 * (taps - 1) * M_PI * width + 7.95;
}

/* Returns the shape of the window that has an attenuation. */
static double kaiser_shape(double attenuation)
{
    if (attenuation > 50)
        return 0.1102 * (attenuation - 8.7);
    if (attenuation > 21)
        return 0.5842 * pow(attenuation - 21, 0.4) + 0.07886 * (attenuation - 21);
    return 0;
}

/* Returns Kaiser's window at tap `index`. */
static double window_at(const sg_lowpass *filter, int index)
{
    double shape =
        kaiser_shape(kaiser_attenuation(filter->taps, filter->width / (filter->rate / 2)));
    return sg_kaiser_window((size_t)index, (size_t)filter->taps, shape);
}

/* Returns the position of tap `index`; the middle is 0. */
static double position_of(const sg_lowpass *filter, int index)
{
    return (index - (filter->taps - 1) / 2.0) / filter->rate;
}

/* Returns the ideal filter of one dimension: a sinc, up to a factor. */
static double ideal_at(double cutoff, double position)
{
    double angle = 2 * M_PI * cutoff * position;
    return angle == 0 ? 1 : sin(angle) / angle;
}

/* Returns the ideal filter of two dimensions: a jinc, J1(x) / (x / 2), up to a factor. */
static double radial_at(double cutoff, double radius)
{
    double angle = 2 * M_PI * cutoff * radius;
    return angle == 0 ? 1 : j1(angle) / (angle / 2);
}

static void design_radial(const sg_lowpass *filter, double *values)
{
    for (int y = 0; y < filter->taps; y++)
        for (int x = 0; x < filter->taps; x++)
            values[y * filter->taps + x] =
                window_at(filter, y) * window_at(filter, x) *
                radial_at(filter->cutoff, hypot(position_of(filter, x), position_of(filter, y)));
}

void sg_lowpass_design(const sg_lowpass *filter, double *values)
{
    int count = filter->radial ? filter->taps * filter->taps : filter->taps;
    double sum = 0;
    if (filter->radial)
        design_radial(filter, values);
    else
        for (int i = 0; i < filter->taps; i++)
            values[i] = window_at(filter, i) * ideal_at(filter->cutoff, position_of(filter, i));
    for (int i = 0; i < count; i++)
        sum += values[i];
    for (int i = 0; i < count; i++)
        values[i] /= sum;
}

sg_tensor *sg_lowpass_create(sg_parameter_set *set, const char *prefix, const char *name,
                             const sg_lowpass *filter)
{
    if (filter->taps == 1)
        return NULL;
    int64_t taps = filter->taps;
    sg_shape shape = filter->radial ? SG_SHAPE(taps, taps) : SG_SHAPE(taps);
    sg_tensor *tensor = sg_parameter_add(set, prefix, name, shape, false, SG_ZEROS);
    if (!tensor || set->context->blank_parameters)
        return tensor; /* a file has the filter; a design takes seconds where nothing is to be had
                        */
    double *values = sg_allocate((size_t)sg_shape_count(&shape), sizeof *values);
    if (!values)
        sg_context_fail_memory(set->context, "a filter");
    if (values) {
        sg_lowpass_design(filter, values);
        for (int64_t i = 0; i < sg_shape_count(&shape); i++)
            sg_tensor_set_value(tensor, i, values[i]);
    }
    free(values);
    return tensor;
}
