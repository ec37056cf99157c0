/* Values of metrics that compare gathered sets, for the rows of the table (sg_metric.finish). */
#ifndef SG_METRICS_MEASURE_DISTANCE_METRICS_H
#define SG_METRICS_MEASURE_DISTANCE_METRICS_H

#include "metrics/measure/metric_row.h"

/* Frechet distance (Heusel et al. 2017); resampled, its standard error by bootstrap. */
sg_status sg_finish_frechet(const sg_metric_case *gathered, double *values, sg_error *error);

/* Kernel distance (Binkowski et al. 2018) over 100 subsets of at most 1000: the mean twice, and the
 * deviation over subsets. */
sg_status sg_finish_kernel(const sg_metric_case *gathered, double *values, sg_error *error);

/* Precision and recall (Kynkaanniemi et al. 2019). */
sg_status sg_finish_precision(const sg_metric_case *gathered, double *values, sg_error *error);

/* Density and coverage (Naeem et al. 2020). */
sg_status sg_finish_density(const sg_metric_case *gathered, double *values, sg_error *error);

/* Inception score (Salimans et al. 2016): mean and deviation over ten splits. */
sg_status sg_finish_inception_score(const sg_metric_case *gathered, double *values,
                                    sg_error *error);

/* CLIP score (Hessel et al. 2021), the mean over pictures and texts, with its standard error. */
sg_status sg_finish_clip_score(const sg_metric_case *gathered, double *values, sg_error *error);

/* Sliced Wasserstein distance (Karras et al. 2018), the mean over levels. */
sg_status sg_finish_swd(const sg_metric_case *gathered, double *values, sg_error *error);

/* Estimates the seconds that it takes to compare `samples` pictures so, by a few of noise. */
sg_status sg_time_swd(size_t height, size_t width, size_t samples, double *seconds,
                      sg_error *error);

/* Mean MS-SSIM of pairs (Odena et al. 2017). */
sg_status sg_finish_ms_ssim(const sg_metric_case *gathered, double *values, sg_error *error);

#endif
