/* Moments of features at several numbers of pictures; see feature_sums.h. */
#include "metrics/measure/feature_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* Rows that go into the sums at once, so that each part of a sum is read from memory once for all
 * of them. */
enum { BLOCK = 128 };

bool sg_feature_sums_ask(sg_feature_sums *sums, size_t count)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->counts[i] == count)
            return true;
    if (sums->moment_count == SG_MOST_MOMENTS)
        return false;
    sums->counts[sums->moment_count++] = count;
    return true;
}

sg_status sg_feature_sums_begin(sg_feature_sums *sums, size_t width, sg_error *error)
{
    sums->width = width;
    if (sums->moment_count == 0 || sums->sums)
        return SG_OK;
    SG_TRY(sg_feature_moments_create(width, &sums->sums, error));
    sums->waiting = sg_allocate(width, BLOCK * sizeof(float));
    return sums->waiting ? SG_OK : sg_fail_memory(error, "%zu features", width);
}

static sg_rows waiting_rows(const sg_feature_sums *sums)
{
    return (sg_rows){sums->waiting, sums->waiting_count, sums->width};
}

/* Computes the moments of all rows so far, without a change to the sums: so these do not depend on
 * the numbers that are asked for. */
static sg_status take_moments(const sg_feature_sums *sums, sg_gaussian *moments, sg_error *error)
{
    const size_t width = sums->width;
    const sg_rows rows = waiting_rows(sums);
    sg_feature_moments *all = NULL;
    SG_TRY(sg_feature_moments_create(width, &all, error));
    memcpy(all->sum, sums->sums->sum, width * sizeof *all->sum);
    memcpy(all->squares, sums->sums->squares, width * width * sizeof *all->squares);
    all->count = sums->sums->count;
    sg_status status = sg_feature_moments_add(all, &rows, error);
    if (!status)
        status = sg_feature_moments_finish(all, false, moments, error);
    sg_feature_moments_destroy(all);
    return status;
}

sg_status sg_feature_sums_add(sg_feature_sums *sums, const float *features, sg_error *error)
{
    if (sums->moment_count == 0)
        return SG_OK;
    memcpy(sums->waiting + sums->waiting_count * sums->width, features,
           sums->width * sizeof *features);
    sums->waiting_count++;
    sums->added++;
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->counts[i] == sums->added && !sums->moments[i].mean)
            SG_TRY(take_moments(sums, &sums->moments[i], error));
    if (sums->waiting_count < BLOCK)
        return SG_OK;
    const sg_rows rows = waiting_rows(sums);
    sums->waiting_count = 0;
    return sg_feature_moments_add(sums->sums, &rows, error);
}

const sg_gaussian *sg_feature_sums_find(const sg_feature_sums *sums, size_t count)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->counts[i] == count && sums->moments[i].mean)
            return &sums->moments[i];
    return NULL;
}

void sg_feature_sums_set(sg_feature_sums *sums, const sg_gaussian *moments)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->counts[i] == moments->count) {
            sg_gaussian_clear(&sums->moments[i]);
            sums->moments[i] = *moments;
        }
}

void sg_feature_sums_clear(sg_feature_sums *sums)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        sg_gaussian_clear(&sums->moments[i]);
    sg_feature_moments_destroy(sums->sums);
    free(sums->waiting);
    *sums = (sg_feature_sums){0};
}
