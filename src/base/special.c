/* Windows (Kaiser and Schafer 1980; Duchon 1979). */
#include "base/special.h"

#include <math.h>

double sg_sinc(double x)
{
    return x == 0 ? 1 : sin(M_PI * x) / (M_PI * x);
}

double sg_lanczos_window(double x)
{
    return fabs(x) < SG_LANCZOS_LOBES ? sg_sinc(x / SG_LANCZOS_LOBES) : 0;
}

/* Returns the modified Bessel function of the first kind and order 0, by its power series. */
static double bessel_i0(double x)
{
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double sg_kaiser_window(size_t index, size_t count, double beta)
{
    const double at = count > 1 ? 2.0 * (double)index / (double)(count - 1) - 1 : 0;
    return bessel_i0(beta * sqrt(fmax(0, 1 - at * at))) / bessel_i0(beta);
}
