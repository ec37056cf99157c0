/* Measures left-right symmetry by the mean picture; see mirror_symmetry.h. */
#include "data/mirror_symmetry.h"

#include <stdlib.h>

#include "base/allocate.h"

enum { MOST_PICTURES = 512, MOST_BYTES = 1 << 25 }; /* of a sample: about a second of decoding */

/* Adds up levels and their squares over a sample of `count` pictures. */
static sg_status add_up(const sg_dataset *dataset, size_t count, size_t values, uint8_t *pixels,
                        double *sums, sg_error *error)
{
    const size_t stride = sg_dataset_info_of(dataset).image_count / count;
    for (size_t i = 0; i < count; i++) {
        SG_TRY(sg_dataset_read(dataset, i * stride, pixels, NULL, error));
        for (size_t k = 0; k < values; k++) {
            sums[k] += pixels[k];
            sums[values + k] += (double)pixels[k] * pixels[k];
        }
    }
    return SG_OK;
}

/* Computes the asymmetry from the sums of levels, and of squares after them. */
static double asymmetry_of(const sg_dataset_info *info, const double *sums, double count)
{
    const size_t values = info->height * info->width * info->channels;
    double difference = 0;
    double variance = 0;
    for (size_t k = 0; k < values; k++) {
        const size_t column = k / info->channels % info->width;
        const size_t mirrored = k + (info->width - 1 - 2 * column) * info->channels; /* wraps */
        const double mean = sums[k] / count;
        const double d = mean - sums[mirrored] / count;
        difference += d * d;
        variance += sums[values + k] / count - mean * mean;
    }
    return variance > 0 ? difference / variance - 2 / count : 0;
}

sg_status sg_mirror_asymmetry(const sg_dataset *dataset, double *asymmetry, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t values = info.height * info.width * info.channels;
    size_t count = info.image_count < MOST_PICTURES ? info.image_count : MOST_PICTURES;
    if (count > 1 && values > MOST_BYTES / count)
        count = values < MOST_BYTES ? MOST_BYTES / values : 1;
    uint8_t *pixels = sg_allocate(values, 1);
    double *sums = sg_allocate(values, 2 * sizeof *sums);
    *asymmetry = 0;
    sg_status status = pixels && sums ? add_up(dataset, count, values, pixels, sums, error)
                                      : sg_fail_memory(error, "the mean picture");
    if (!status)
        *asymmetry = asymmetry_of(&info, sums, (double)count);
    free(pixels);
    free(sums);
    return status;
}

bool sg_mirror_fits(const sg_dataset *dataset)
{
    const double largest = 0.02;
    double asymmetry = 0;
    return !sg_mirror_asymmetry(dataset, &asymmetry, NULL) && asymmetry < largest;
}
