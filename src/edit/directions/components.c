/* Principal components; see components.h. */
#include "edit/directions/components.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/vectors.h"
#include "metrics/formulas/linear_module.h"
#include "metrics/formulas/moments.h"

/* Vectors that are added at once to the components so far, and numbers in them. */
enum { MOST_AT_ONCE = 256, LEAST_AT_ONCE = 16, NUMBERS_AT_ONCE = 1 << 22 };

struct sg_component_sums {
    const sg_linear_module *linear;
    size_t width, count;
    sg_feature_moments *moments; /* exact: NULL above SG_COMPONENTS_EXACT_WIDTH */
    /* The components so far. */
    size_t samples, kept;
    double *mean;    /* [width] */
    double *vectors; /* [most kept, width] */
    double *values;  /* [most kept]: singular values of the centred samples */
    double squares;  /* sum of squared distances to the mean */
};

/* Components that are kept between parts: some more than asked for, since what is cut off now might
 * have grown later. */
static size_t most_kept(const sg_component_sums *sums)
{
    const size_t most = 2 * sums->count + 20;
    return most < sums->width ? most : sums->width;
}

static sg_status start(sg_component_sums *sums, sg_error *error)
{
    SG_TRY(sg_linear_open(&sums->linear, error));
    if (sums->width <= SG_COMPONENTS_EXACT_WIDTH)
        return sg_feature_moments_create(sums->width, &sums->moments, error);
    sums->mean = sg_allocate(sums->width, sizeof *sums->mean);
    sums->vectors = sg_allocate(most_kept(sums), sums->width * sizeof *sums->vectors);
    sums->values = sg_allocate(most_kept(sums), sizeof *sums->values);
    return sums->mean && sums->vectors && sums->values
               ? SG_OK
               : sg_fail_memory(error, "%zu components of %zu numbers", sums->count, sums->width);
}

sg_status sg_component_sums_create(size_t width, size_t count, sg_component_sums **sums,
                                   sg_error *error)
{
    *sums = NULL;
    if (count == 0 || count > width)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"count\" is %zu, but must be from 1 to %zu",
                       count, width);
    *sums = sg_allocate(1, sizeof **sums);
    if (!*sums)
        return sg_fail_memory(error, "components");
    (*sums)->width = width;
    (*sums)->count = count;
    const sg_status status = start(*sums, error);
    if (status) {
        sg_component_sums_destroy(*sums);
        *sums = NULL;
    }
    return status;
}

void sg_component_sums_destroy(sg_component_sums *sums)
{
    if (!sums)
        return;
    sg_feature_moments_destroy(sums->moments);
    free(sums->mean);
    free(sums->vectors);
    free(sums->values);
    free(sums);
}

/* ---- parts ---- */

static void find_mean(const sg_rows *rows, double *mean)
{
    for (size_t i = 0; i < rows->count; i++)
        for (size_t k = 0; k < rows->features; k++)
            mean[k] += rows->values[i * rows->features + k] / (double)rows->count;
}

/*
 * Fills `stack` with the components so far times their singular values, the part's vectors less the
 * part's mean, and what the means differ by: its singular values and vectors are those of all
 * samples.
 */
static void stack_rows(sg_component_sums *sums, const sg_rows *rows, const double *mean,
                       double *stack)
{
    const size_t width = sums->width;
    const double before = (double)sums->samples;
    const double now = (double)rows->count;
    const double weight = sqrt(before * now / (before + now));
    for (size_t i = 0; i < sums->kept; i++, stack += width)
        for (size_t k = 0; k < width; k++)
            stack[k] = sums->values[i] * sums->vectors[i * width + k];
    for (size_t i = 0; i < rows->count; i++, stack += width)
        for (size_t k = 0; k < width; k++) {
            stack[k] = rows->values[i * width + k] - mean[k];
            sums->squares += stack[k] * stack[k];
        }
    for (size_t k = 0; k < width; k++) {
        stack[k] = weight * (sums->mean[k] - mean[k]);
        sums->squares += stack[k] * stack[k];
        sums->mean[k] += (mean[k] - sums->mean[k]) * now / (before + now);
    }
}

static bool add_part(sg_component_sums *sums, const sg_rows *rows)
{
    const size_t stacked = sums->kept + rows->count + 1;
    const size_t found = stacked < sums->width ? stacked : sums->width;
    double *mean = sg_allocate(sums->width, sizeof *mean);
    double *stack = sg_allocate(stacked, sums->width * sizeof *stack);
    double *vectors = sg_allocate(found, sums->width * sizeof *vectors);
    double *values = sg_allocate(found, sizeof *values);
    bool done = mean && stack && vectors && values;
    if (done) {
        find_mean(rows, mean);
        stack_rows(sums, rows, mean, stack);
        done = sums->linear->right_vectors(stacked, sums->width, stack, values, vectors);
    }
    if (done) {
        sums->kept = found < most_kept(sums) ? found : most_kept(sums);
        sums->samples += rows->count;
        memcpy(sums->vectors, vectors, sums->kept * sums->width * sizeof *vectors);
        memcpy(sums->values, values, sums->kept * sizeof *values);
    }
    free(mean);
    free(stack);
    free(vectors);
    free(values);
    return done;
}

static size_t part_of(size_t width)
{
    const size_t most = NUMBERS_AT_ONCE / width;
    return most < LEAST_AT_ONCE ? LEAST_AT_ONCE : most < MOST_AT_ONCE ? most : MOST_AT_ONCE;
}

sg_status sg_component_sums_add(sg_component_sums *sums, const sg_rows *rows, sg_error *error)
{
    for (size_t i = 0; i < rows->count * rows->features; i++)
        if (!isfinite(rows->values[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "a vector holds a number that is not finite");
    if (sums->moments)
        return sg_feature_moments_add(sums->moments, rows, error);
    const size_t most = part_of(sums->width);
    for (size_t at = 0; at < rows->count; at += most) {
        const size_t left = rows->count - at;
        const sg_rows part = {rows->values + at * rows->features, left < most ? left : most,
                              rows->features};
        if (!add_part(sums, &part))
            return sg_fail_memory(error, "the components of %zu numbers", sums->width);
    }
    return SG_OK;
}

/* ---- the end ---- */

static bool take_exact(const sg_component_sums *sums, sg_gaussian *gaussian, sg_components *found)
{
    double *values = sg_allocate(found->width, sizeof *values);
    const bool done = values && sums->linear->eigen(found->width, gaussian->covariance, values);
    memcpy(found->mean, gaussian->mean, found->width * sizeof *found->mean);
    for (size_t i = 0; done && i < found->width; i++)
        found->total_variance += fmax(0, values[i]);
    for (size_t i = 0; done && i < found->count; i++)
        found->deviations[i] = sqrt(fmax(0, values[i]));
    if (done)
        memcpy(found->vectors, gaussian->covariance,
               found->count * found->width * sizeof *found->vectors);
    free(values);
    return done;
}

static void take_parts(const sg_component_sums *sums, sg_components *found)
{
    const double samples = (double)sums->samples;
    memcpy(found->mean, sums->mean, found->width * sizeof *found->mean);
    memcpy(found->vectors, sums->vectors, found->count * found->width * sizeof *found->vectors);
    for (size_t i = 0; i < found->count; i++)
        found->deviations[i] = sums->values[i] / sqrt(samples);
    found->total_variance = sums->squares / samples;
}

static sg_status finish(const sg_component_sums *sums, sg_components *found, sg_error *error)
{
    sg_gaussian gaussian = {0};
    if (sums->moments)
        SG_TRY(sg_feature_moments_finish(sums->moments, false, &gaussian, error));
    found->mean = sg_allocate(found->width, sizeof *found->mean);
    found->vectors = sg_allocate(found->count, found->width * sizeof *found->vectors);
    found->deviations = sg_allocate(found->count, sizeof *found->deviations);
    bool done = found->mean && found->vectors && found->deviations;
    if (done && sums->moments)
        done = take_exact(sums, &gaussian, found);
    else if (done)
        take_parts(sums, found);
    sg_gaussian_clear(&gaussian);
    for (size_t i = 0; done && i < found->count; i++)
        sg_vector_fix_sign(found->vectors + i * found->width, found->width);
    return done
               ? SG_OK
               : sg_fail_memory(error, "%zu components of %zu numbers", found->count, found->width);
}

sg_status sg_component_sums_finish(const sg_component_sums *sums, sg_components *found,
                                   sg_error *error)
{
    const size_t samples = sums->moments ? sums->moments->count : sums->samples;
    *found = (sg_components){.width = sums->width, .count = sums->count, .samples = samples};
    if (samples <= sums->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu components need more than %zu vectors, but there are %zu", sums->count,
                       sums->count, samples);
    const sg_status status = finish(sums, found, error);
    if (status)
        sg_components_clear(found);
    return status;
}

void sg_components_clear(sg_components *found)
{
    free(found->mean);
    free(found->vectors);
    free(found->deviations);
    *found = (sg_components){0};
}

void sg_components_project(const sg_components *components, const float *sample,
                           double *coordinates)
{
    for (size_t i = 0; i < components->count; i++) {
        const double *vector = components->vectors + i * components->width;
        coordinates[i] = 0;
        for (size_t k = 0; k < components->width; k++)
            coordinates[i] += (sample[k] - components->mean[k]) * vector[k];
    }
}
