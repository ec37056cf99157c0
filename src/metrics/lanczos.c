/* Lanczos' window; see lanczos.h. */
#include "metrics/lanczos.h"

#include <math.h>

double sg_sinc(double x)
{
    return fabs(x) < 1e-12 ? 1 : sin(M_PI * x) / (M_PI * x);
}

double sg_lanczos_window(double x)
{
    return fabs(x) < SG_LANCZOS_LOBES ? sg_sinc(x / SG_LANCZOS_LOBES) : 0;
}
