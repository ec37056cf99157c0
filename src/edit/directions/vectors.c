/* Arithmetic of vectors; see vectors.h. */
#include "edit/directions/vectors.h"

#include <math.h>

#include "edit/vectors.h"

double sg_vector_normalise(double *vector, size_t width)
{
    const double length = sg_length(vector, width);
    for (size_t i = 0; length > 0 && i < width; i++)
        vector[i] /= length;
    return length;
}

void sg_vector_fix_sign(double *vector, size_t width)
{
    size_t largest = 0;
    for (size_t i = 1; i < width; i++)
        if (fabs(vector[i]) > fabs(vector[largest]))
            largest = i;
    const double sign = width > 0 && vector[largest] < 0 ? -1 : 1;
    for (size_t i = 0; i < width; i++)
        vector[i] *= sign;
}
