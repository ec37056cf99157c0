/*
 * Inner layers as floats.
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include "features/feature_show.h"

#include <string.h>

/* Returns where a layer's values go; NULL if nobody asked for them. */
static float *find_tap(const sg_feature_results *results, int layer)
{
    for (size_t i = 0; i < results->tap_count; i++)
        if ((int)results->taps[i].layer == layer)
            return results->taps[i].values;
    return NULL;
}

void sg_feature_show(const sg_feature_results *results, int layer, const sg_tap_image *image,
                     int64_t first, int64_t count)
{
    float *values = find_tap(results, layer);
    const int64_t row = image->width * image->pixel;
    if (!values)
        return;
    values += first * image->height * row;
    for (int64_t i = 0; i < count; i++)
        for (int64_t y = 0; y < image->height; y++, values += row)
            sg_tap_image_read(image, i, y, 0, values, row);
}

void sg_feature_show_rows(const sg_feature_results *results, int layer, const float *rows,
                          int64_t length, int64_t first, int64_t count)
{
    float *values = find_tap(results, layer);
    if (values)
        memcpy(values + first * length, rows, (size_t)(count * length) * sizeof *values);
}
