#ifndef PROVISIONAL_H
#define PROVISIONAL_H
#include "base/error.h"
#include <math.h>
#include <stdint.h>
static inline sg_status sg_ms_ssim_pair(const uint8_t *a, const uint8_t *b, size_t h, size_t w,
                                        double *v, sg_error *e)
{
    (void)e;
    double s = 0;
    for (size_t i = 0; i < 3 * h * w; i++)
        s += fabs((double)a[i] - b[i]);
    *v = 1 - s / 255 / (double)(3 * h * w);
    return SG_OK;
}
static inline sg_status sg_path_length(const double *d, size_t n, double *v, sg_error *e)
{
    (void)e;
    double s = 0;
    for (size_t i = 0; i < n; i++)
        s += d[i];
    *v = s / (double)n;
    return SG_OK;
}
#endif
