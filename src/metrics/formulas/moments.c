/*
 * Sums of features, in chunks that are converted to doubles; see moments.h.
 * Tested by: tests/metrics/formulas/test_frechet.c
 */
#include "metrics/formulas/moments.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "metrics/formulas/linear_module.h"

enum { CHUNK = 512 /* rows */ };

sg_status sg_feature_moments_create(size_t features, sg_feature_moments **moments, sg_error *error)
{
    size_t squares = 0;
    sg_feature_moments *created = sg_allocate(1, sizeof *created);
    if (created && sg_size_multiply(features, features, &squares)) {
        created->features = features;
        created->sum = sg_allocate(features, sizeof *created->sum);
        created->squares = sg_allocate(squares, sizeof *created->squares);
    }
    *moments = created;
    if (created && created->sum && created->squares)
        return SG_OK;
    sg_feature_moments_destroy(created);
    *moments = NULL;
    return sg_fail_memory(error, "sums of %zu features", features);
}

void sg_feature_moments_destroy(sg_feature_moments *moments)
{
    if (!moments)
        return;
    free(moments->sum);
    free(moments->squares);
    free(moments);
}

/* Converts rows and adds them to the plain sums; false if a number is not finite. */
static bool convert(const float *values, size_t count, sg_feature_moments *moments,
                    double *converted)
{
    bool finite = true;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < moments->features; k++) {
            const double value = (double)values[i * moments->features + k];
            converted[i * moments->features + k] = value;
            moments->sum[k] += value;
            finite = finite && isfinite(value);
        }
    return finite;
}

sg_status sg_feature_moments_add(sg_feature_moments *moments, const sg_rows *rows, sg_error *error)
{
    const sg_linear_module *linear = NULL;
    sg_status status = SG_OK;
    if (rows->features != moments->features)
        return sg_fail(error, SG_ERROR_ARGUMENT, "rows have %zu features, but the sums have %zu",
                       rows->features, moments->features);
    SG_TRY(sg_linear_open(&linear, error));
    double *chunk = sg_allocate(CHUNK, moments->features * sizeof *chunk);
    if (!chunk)
        return sg_fail_memory(error, "sums of %zu features", moments->features);
    for (size_t first = 0; first < rows->count && !status; first += CHUNK) {
        const size_t rest = rows->count - first;
        const size_t count = rest < CHUNK ? rest : CHUNK;
        if (!convert(rows->values + first * rows->features, count, moments, chunk))
            status = sg_fail(error, SG_ERROR_ARGUMENT, "features of pictures are not finite");
        linear->add_squares(count, moments->features, chunk, moments->squares);
        moments->count += count;
    }
    free(chunk);
    return status;
}

static void compute_mean(const sg_feature_moments *moments, double *mean)
{
    for (size_t i = 0; i < moments->features; i++)
        mean[i] = moments->sum[i] / (double)moments->count;
}

static void compute_covariance(const sg_feature_moments *moments, bool unbiased, const double *mean,
                               double *covariance)
{
    const size_t n = moments->features;
    const double count = (double)moments->count;
    const double factor = unbiased ? count / (count - 1) : 1;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k < n; k++) {
            const double value = moments->squares[i * n + k] / count - mean[i] * mean[k];
            covariance[i * n + k] = value * factor;
            covariance[k * n + i] = value * factor;
        }
}

sg_status sg_feature_moments_finish(const sg_feature_moments *moments, bool unbiased,
                                    sg_gaussian *gaussian, sg_error *error)
{
    const size_t least = unbiased ? 2 : 1;
    *gaussian = (sg_gaussian){.features = moments->features, .count = moments->count};
    if (moments->count < least)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a covariance needs at least %zu pictures, but there are %zu", least,
                       moments->count);
    gaussian->mean = sg_allocate(moments->features, sizeof *gaussian->mean);
    gaussian->covariance =
        sg_allocate(moments->features, moments->features * sizeof *gaussian->covariance);
    if (!gaussian->mean || !gaussian->covariance) {
        sg_gaussian_clear(gaussian);
        return sg_fail_memory(error, "a covariance of %zu features", moments->features);
    }
    compute_mean(moments, gaussian->mean);
    compute_covariance(moments, unbiased, gaussian->mean, gaussian->covariance);
    return SG_OK;
}

void sg_gaussian_clear(sg_gaussian *gaussian)
{
    free(gaussian->mean);
    free(gaussian->covariance);
    *gaussian = (sg_gaussian){0};
}
