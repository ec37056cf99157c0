/*
 * Inputs of feature networks. Each picture becomes three planes of floats, which are resized as a
 * whole, then rows of pixels.
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include "features/feature_input.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "image/resize_planes.h"

enum { PLANES = 3 };

static const char *const resize_names[] = {"legacy", "clean", "halfpixel"};
const sg_choices sg_feature_resize_choices = SG_CHOICES(resize_names);

/* The filters of the modes. */
static const sg_resize_filter filters[] = {SG_RESIZE_LEGACY, SG_RESIZE_BICUBIC,
                                           SG_RESIZE_HALFPIXEL};

typedef struct load_job {
    const sg_feature_pictures *pictures;
    int64_t first;
    sg_feature_resize resize;
    const sg_feature_norm *norm;
    const sg_tap_image *image;
    sg_status *statuses; /* of each picture */
} load_job;

/* Splits a picture into planes; one channel becomes three. False for values that are not finite. */
static bool split_planes(const sg_feature_pictures *p, size_t picture, float *planes)
{
    const size_t pixels = p->height * p->width;
    const size_t from = picture * pixels * p->channels;
    float odd = 0; /* infinity and NaN stay when they are multiplied by zero */
    for (size_t c = 0; c < PLANES; c++)
        for (size_t i = 0; i < pixels; i++) {
            const size_t at = from + i * p->channels + (p->channels == 1 ? 0 : c);
            const float value = p->bytes ? (float)p->bytes[at] : p->floats[at];
            odd += value * 0;
            planes[c * pixels + i] = value;
        }
    return odd == 0;
}

/* Resizes planes to the image's size. */
static sg_status resize_planes(const load_job *job, const float *planes, float *resized)
{
    const sg_feature_pictures *p = job->pictures;
    const sg_planes source = {PLANES, p->height, p->width, planes};
    const size_t height = (size_t)job->image->height;
    const size_t width = (size_t)job->image->width;
    SG_TRY(sg_resize_planes(&source, filters[job->resize], height, width, resized, NULL));
    if (job->resize == SG_FEATURE_RESIZE_CLEAN)
        sg_clip_values(resized, PLANES * height * width, 0, 255);
    return SG_OK;
}

/* Normalises planes to the rows of picture `to` of the image. */
static void store_rows(const load_job *job, int64_t to, const float *planes, float *row)
{
    const sg_tap_image *image = job->image;
    const size_t pixels = (size_t)(image->height * image->width);
    for (int64_t y = 0; y < image->height; y++) {
        for (size_t c = 0; c < PLANES; c++) {
            const float *from = planes + c * pixels + (size_t)(y * image->width);
            for (int64_t x = 0; x < image->width; x++)
                row[x * PLANES + (int64_t)c] =
                    (from[x] - job->norm->mean[c]) / job->norm->deviation[c];
        }
        sg_tap_image_store(image, to, y, 0, row, image->width * PLANES);
    }
}

static sg_status load_picture(const load_job *job, int64_t index)
{
    const sg_feature_pictures *p = job->pictures;
    const size_t pixels = (size_t)(job->image->height * job->image->width);
    const bool equal =
        p->height == (size_t)job->image->height && p->width == (size_t)job->image->width;
    float *planes = sg_allocate(p->height * p->width, PLANES * sizeof *planes);
    float *resized = equal ? NULL : sg_allocate(pixels, PLANES * sizeof *resized);
    float *row = sg_allocate((size_t)job->image->width, PLANES * sizeof *row);
    sg_status status = planes && row && (equal || resized) ? SG_OK : SG_ERROR_MEMORY;
    if (!status && !split_planes(p, (size_t)(job->first + index), planes))
        status = SG_ERROR_ARGUMENT;
    if (!status && !equal)
        status = resize_planes(job, planes, resized);
    if (!status)
        store_rows(job, index, equal ? planes : resized, row);
    free(planes);
    free(resized);
    free(row);
    return status;
}

static void load_range(size_t begin, size_t end, void *argument)
{
    const load_job *job = argument;
    for (size_t i = begin; i < end; i++)
        job->statuses[i] = load_picture(job, (int64_t)i);
}

/* Says why a picture could not be taken. */
static sg_status fail_picture(sg_status status, sg_error *error)
{
    if (status == SG_ERROR_ARGUMENT)
        return sg_fail(error, status, "a picture has pixels that are infinite or not a number");
    return status ? sg_fail_memory(error, "the pictures of a feature network") : SG_OK;
}

sg_status sg_feature_input_load(const sg_feature_pictures *pictures, int64_t first, int64_t count,
                                sg_feature_resize resize, const sg_feature_norm *norm,
                                const sg_tap_image *image, sg_error *error)
{
    sg_status *statuses = sg_allocate((size_t)count, sizeof *statuses);
    if (!statuses)
        return sg_fail_memory(error, "the pictures of a feature network");
    load_job job = {pictures, first, resize, norm, image, statuses};
    sg_parallel_for((size_t)count, 1, load_range, &job);
    sg_status status = SG_OK;
    for (int64_t i = 0; i < count && !status; i++)
        status = fail_picture(statuses[i], error);
    free(statuses);
    return status;
}

sg_status sg_feature_input_check(const sg_feature_pictures *pictures, sg_error *error)
{
    if (pictures->height == 0 || pictures->width == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "pictures of %zux%zu pixels have no features",
                       pictures->width, pictures->height);
    if (pictures->channels != 1 && pictures->channels != PLANES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures have %zu channels, but a feature network takes 1 or 3",
                       pictures->channels);
    return SG_OK;
}

/* ---- reduced pictures ---- */

void sg_feature_reduce_size(size_t *height, size_t *width)
{
    enum { LARGEST = 256 };
    const size_t longer = *height > *width ? *height : *width;
    if (longer <= LARGEST)
        return;
    *height = (*height * LARGEST + longer / 2) / longer;
    *width = (*width * LARGEST + longer / 2) / longer;
    *height = *height > 0 ? *height : 1;
    *width = *width > 0 ? *width : 1;
}

/* Reduces one picture to interleaved values. */
static sg_status reduce_picture(const sg_feature_pictures *p, size_t picture, float *planes,
                                float *small, const sg_feature_pictures *reduced, float *values)
{
    const sg_planes source = {PLANES, p->height, p->width, planes};
    const size_t pixels = reduced->height * reduced->width;
    if (!split_planes(p, picture, planes))
        return SG_ERROR_ARGUMENT;
    SG_TRY(sg_resize_planes(&source, SG_RESIZE_CELL, reduced->height, reduced->width, small, NULL));
    for (size_t i = 0; i < pixels * PLANES; i++)
        values[i] = small[i % PLANES * pixels + i / PLANES];
    return SG_OK;
}

sg_status sg_feature_reduce(const sg_feature_pictures *pictures, bool whole,
                            sg_feature_reduced *reduced, sg_error *error)
{
    sg_feature_pictures *small = &reduced->pictures;
    *small = *pictures;
    sg_feature_reduce_size(&small->height, &small->width);
    if (whole || (small->height == pictures->height && small->width == pictures->width)) {
        *small = *pictures;
        return SG_OK;
    }
    const size_t numbers = small->height * small->width * PLANES;
    float *planes = sg_allocate(pictures->height * pictures->width, PLANES * sizeof *planes);
    float *room = sg_allocate(numbers, sizeof *room);
    reduced->values = sg_allocate(pictures->count, numbers * sizeof *reduced->values);
    sg_status status = planes && room && reduced->values ? SG_OK : SG_ERROR_MEMORY;
    for (size_t i = 0; i < pictures->count && !status; i++)
        status = reduce_picture(pictures, i, planes, room, small, reduced->values + i * numbers);
    free(planes);
    free(room);
    small->bytes = NULL;
    small->floats = reduced->values;
    small->channels = PLANES;
    return fail_picture(status, error);
}
