/* Resampling filters: the outer product of the taps, with a sum of 1. */
#include "nn/resample_filter.h"

void sg_resample_filter_fill(sg_tensor *filter, const float *taps)
{
    const int64_t count = filter->shape.size[0];
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)taps[i];
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j < count; j++)
            sg_tensor_set_value(filter, i * count + j,
                                (double)taps[i] * (double)taps[j] / (sum * sum));
}

sg_tensor *sg_resample_filter_create(sg_parameter_set *set, const char *prefix, const float *taps,
                                     int count)
{
    sg_tensor *filter =
        sg_parameter_add(set, prefix, "resample_filter", SG_SHAPE(count, count), false, SG_ZEROS);
    if (filter)
        sg_resample_filter_fill(filter, taps);
    return filter;
}
