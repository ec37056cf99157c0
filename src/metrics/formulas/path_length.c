/* Mean of distances between percentiles; see path_length.h. */
#include "metrics/formulas/path_length.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

sg_status sg_path_length_finish(const double *distances, size_t count, sg_path_length *length,
                                sg_error *error)
{
    double sum = 0;
    *length = (sg_path_length){0};
    if (count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a path length needs at least 1 distance");
    for (size_t i = 0; i < count; i++)
        if (!isfinite(distances[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "distances of pictures are not finite");
    double *sorted = sg_allocate(count, sizeof *sorted);
    if (!sorted)
        return sg_fail_memory(error, "the distances of pictures");
    memcpy(sorted, distances, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    length->least = sorted[(size_t)floor(0.01 * (double)(count - 1))];
    length->most = sorted[(size_t)ceil(0.99 * (double)(count - 1))];
    free(sorted);
    for (size_t i = 0; i < count; i++)
        if (distances[i] >= length->least && distances[i] <= length->most) {
            sum += distances[i];
            length->kept++;
        }
    length->mean = sum / (double)length->kept;
    return SG_OK;
}

sg_path_crop sg_path_length_crop(size_t height)
{
    const size_t part = height / 8;
    return (sg_path_crop){3 * part, 2 * part, 4 * part, 4 * part};
}
