/* Centred moving averages; see smoothing.h. */
#include "runs/smoothing.h"

#include <math.h>

size_t sg_smoothing_width(size_t count)
{
    enum { PARTS = 24 };
    return 2 * (count / PARTS) + 1;
}

void sg_smooth(const double *values, size_t count, size_t width, double *mean, double *low,
               double *high)
{
    const size_t before = width / 2;
    const size_t after = width > 0 ? (width - 1) / 2 : 0;
    for (size_t i = 0; i < count; i++) {
        const size_t first = i > before ? i - before : 0;
        const size_t end = count - i > after ? i + after + 1 : count;
        double sum = 0;
        double found = 0;
        mean[i] = low[i] = high[i] = NAN;
        for (size_t k = first; k < end && isfinite(values[i]); k++)
            if (isfinite(values[k])) {
                sum += values[k];
                found++;
                low[i] = fmin(low[i], values[k]); /* the other operand when one is NaN */
                high[i] = fmax(high[i], values[k]);
            }
        if (found > 0)
            mean[i] = sum / found;
    }
}
