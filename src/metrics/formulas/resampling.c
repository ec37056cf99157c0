/* Bootstrap and splits; see resampling.h. */
#include "metrics/formulas/resampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "metrics/formulas/frechet.h"
#include "metrics/formulas/kernel_distance.h"

enum { CHUNK = 512 /* rows */ };

/* Returns the deviation of values, 1 / (count - 1). */
static double deviation(const double *values, size_t count)
{
    double mean = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return sqrt(squares / (double)(count - 1));
}

double sg_mean_error(const double *values, size_t count)
{
    return count < 2 ? (double)NAN : deviation(values, count) / sqrt((double)count);
}

double sg_share_error(double share, size_t count)
{
    return sqrt(share * (1 - share) / (double)count);
}

/* ---- Frechet distance ---- */

/* Computes the moments of as many rows as there are, drawn with replacement. */
static sg_status draw_gaussian(const sg_rows *rows, sg_random *random, float *chunk,
                               sg_gaussian *gaussian, sg_error *error)
{
    sg_feature_moments *moments = NULL;
    SG_TRY(sg_feature_moments_create(rows->features, &moments, error));
    sg_status status = SG_OK;
    for (size_t first = 0; first < rows->count && !status; first += CHUNK) {
        const size_t rest = rows->count - first;
        const sg_rows drawn = {chunk, rest < CHUNK ? rest : CHUNK, rows->features};
        for (size_t i = 0; i < drawn.count; i++)
            memcpy(chunk + i * rows->features,
                   rows->values + sg_random_below(random, rows->count) * rows->features,
                   rows->features * sizeof *chunk);
        status = sg_feature_moments_add(moments, &drawn, error);
    }
    if (!status)
        status = sg_feature_moments_finish(moments, false, gaussian, error);
    sg_feature_moments_destroy(moments);
    return status;
}

static sg_status draw_distance(const sg_rows *fake, const sg_gaussian *reference, sg_random *random,
                               float *chunk, double *distance, sg_error *error)
{
    sg_gaussian drawn = {0};
    sg_frechet found = {0};
    sg_status status = draw_gaussian(fake, random, chunk, &drawn, error);
    if (!status)
        status = sg_frechet_distance(&drawn, reference, &found, error);
    *distance = found.distance;
    sg_gaussian_clear(&drawn);
    return status;
}

/* Checks that there are enough repeats. */
static sg_status check(const sg_resampling *resampling, sg_error *error)
{
    if (resampling->repeats < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a standard error needs at least 2 repeats, but there are %zu",
                       resampling->repeats);
    return SG_OK;
}

sg_status sg_frechet_error(const sg_resampling *resampling, const sg_rows *fake,
                           const sg_gaussian *reference, double *standard_error, sg_error *error)
{
    SG_TRY(check(resampling, error));
    double *distances = sg_allocate(resampling->repeats, sizeof *distances);
    float *chunk = sg_allocate(CHUNK, fake->features * sizeof *chunk);
    sg_status status = distances && chunk ? SG_OK : sg_fail_memory(error, "a bootstrap");
    for (size_t i = 0; i < resampling->repeats && !status; i++) {
        sg_random random = sg_random_stream(resampling->seed, i);
        status = draw_distance(fake, reference, &random, chunk, &distances[i], error);
    }
    if (!status)
        *standard_error = deviation(distances, resampling->repeats);
    free(distances);
    free(chunk);
    return status;
}

/* ---- kernel distance ---- */

/* Returns the numbers 0 .. count - 1 in a random order; NULL on lack of memory. */
static size_t *shuffled(size_t count, sg_random *random)
{
    size_t *indices = sg_allocate(count, sizeof *indices);
    for (size_t i = 0; indices && i < count; i++) {
        const size_t other = (size_t)sg_random_below(random, i + 1);
        indices[i] = indices[other];
        indices[other] = i;
    }
    return indices;
}

sg_status sg_kernel_error(const sg_resampling *resampling, const sg_rows *fake, const sg_rows *real,
                          double *standard_error, sg_error *error)
{
    const size_t smaller = fake->count < real->count ? fake->count : real->count;
    const size_t parts = resampling->repeats;
    sg_random random = sg_random_stream(resampling->seed, 0);
    SG_TRY(check(resampling, error));
    const size_t size = smaller / parts;
    if (size < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu parts need at least %zu pictures, but a set has %zu", parts, 2 * parts,
                       smaller);
    double *distances = sg_allocate(parts, sizeof *distances);
    size_t *of_fake = shuffled(fake->count, &random);
    size_t *of_real = shuffled(real->count, &random);
    sg_status status =
        distances && of_fake && of_real ? SG_OK : sg_fail_memory(error, "parts of pictures");
    for (size_t i = 0; i < parts && !status; i++) {
        const sg_kernel_subset subset = {of_fake + i * size, of_real + i * size, size};
        status = sg_kernel_subset_distance(fake, real, &subset, &distances[i], error);
    }
    if (!status)
        *standard_error = sg_mean_error(distances, parts);
    free(distances);
    free(of_fake);
    free(of_real);
    return status;
}
