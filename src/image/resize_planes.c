/* Resizes planes of floats by tables of weights; see resize_planes.h. */
#include "image/resize_planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* The tables of both directions, and room for a plane between the passes. */
typedef struct plane_work {
    sg_resize_weights across, down;
    float *narrowed; /* [source height, target width] */
    double *sums;    /* [target width] */
} plane_work;

static void resize_row(const sg_resize_weights *weights, const float *row, size_t width,
                       float *target)
{
    for (size_t x = 0; x < width; x++) {
        const double *values = weights->values + x * weights->width;
        const float *from = row + weights->first[x];
        double sum = 0;
        for (size_t i = 0; i < weights->count[x]; i++)
            sum += values[i] * (double)from[i];
        target[x] = (float)sum;
    }
}

static void resize_columns(const plane_work *work, size_t height, size_t width, float *target)
{
    const sg_resize_weights *down = &work->down;
    for (size_t y = 0; y < height; y++) {
        const float *from = work->narrowed + down->first[y] * width;
        memset(work->sums, 0, width * sizeof *work->sums);
        for (size_t i = 0; i < down->count[y]; i++, from += width) {
            const double weight = down->values[y * down->width + i];
            for (size_t x = 0; x < width; x++)
                work->sums[x] += weight * (double)from[x];
        }
        for (size_t x = 0; x < width; x++)
            target[y * width + x] = (float)work->sums[x];
    }
}

static bool make_work(const sg_planes *planes, sg_resize_filter filter, size_t height, size_t width,
                      plane_work *work)
{
    size_t between = 0;
    if (!sg_size_multiply(planes->height, width, &between))
        return false;
    work->narrowed = sg_allocate(between, sizeof *work->narrowed);
    work->sums = sg_allocate(width, sizeof *work->sums);
    return work->narrowed && work->sums &&
           sg_resize_weights_make(&work->across, planes->width, width, filter) &&
           sg_resize_weights_make(&work->down, planes->height, height, filter);
}

sg_status sg_resize_planes(const sg_planes *planes, sg_resize_filter filter, size_t height,
                           size_t width, float *resized, sg_error *error)
{
    plane_work work = {0};
    sg_status status = SG_OK;
    if (planes->height == 0 || planes->width == 0 || height == 0 || width == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a picture of %zux%zu pixels cannot be resized to %zux%zu", planes->width,
                       planes->height, width, height);
    if (!make_work(planes, filter, height, width, &work))
        status = sg_fail_memory(error, "resizing a picture to %zux%zu", width, height);
    for (size_t i = 0; i < planes->count && !status; i++) {
        const float *plane = planes->values + i * planes->height * planes->width;
        for (size_t y = 0; y < planes->height; y++)
            resize_row(&work.across, plane + y * planes->width, width, work.narrowed + y * width);
        resize_columns(&work, height, width, resized + i * height * width);
    }
    sg_resize_weights_free(&work.across);
    sg_resize_weights_free(&work.down);
    free(work.narrowed);
    free(work.sums);
    return status;
}

void sg_clip_values(float *values, size_t count, float least, float most)
{
    for (size_t i = 0; i < count; i++)
        values[i] = values[i] > least ? (values[i] < most ? values[i] : most) : least;
}
