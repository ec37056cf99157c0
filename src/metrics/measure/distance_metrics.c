/*
 * Values of metrics that compare gathered sets; see distance_metrics.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/distance_metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "metrics/formulas/frechet.h"
#include "metrics/formulas/inception_score.h"
#include "metrics/formulas/kernel_distance.h"
#include "metrics/formulas/neighbours.h"
#include "metrics/formulas/resampling.h"
#include "metrics/formulas/sliced_wasserstein.h"
#include "metrics/formulas/text_fit.h"

static sg_rows rows_of(const sg_metric_side *side)
{
    return (sg_rows){side->features, side->count, side->width};
}

/* ---- Frechet distance ---- */

sg_status sg_finish_frechet(const sg_metric_case *gathered, double *values, sg_error *error)
{
    sg_frechet result;
    SG_TRY(sg_frechet_distance(gathered->fake.moments, gathered->real.moments, &result, error));
    values[0] = result.distance;
    if (!gathered->resample)
        return SG_OK;
    const sg_resampling resampling = {SG_BOOTSTRAP_REPEATS, gathered->seed};
    const sg_rows fake = rows_of(&gathered->fake);
    return sg_frechet_error(&resampling, &fake, gathered->real.moments, &gathered->errors[0],
                            error);
}

/* ---- texts ---- */

sg_status sg_finish_clip_score(const sg_metric_case *gathered, double *values, sg_error *error)
{
    const sg_rows pictures = rows_of(&gathered->fake);
    const sg_rows texts = {gathered->texts, gathered->text_count, gathered->fake.width};
    (void)error;
    values[0] = sg_text_fit_mean(&pictures, &texts, &gathered->errors[0]);
    return SG_OK;
}

/* ---- kernel distance ---- */

/* The least number of pictures of a set that are parted for a standard error: some in each part. */
enum { FEWEST_PARTED = 10 * SG_KERNEL_SPLITS };

/* Returns the population standard deviation of `count` values around their mean. */
static double deviation(const double *values, size_t count, double mean)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return sqrt(squares / (double)count);
}

sg_status sg_finish_kernel(const sg_metric_case *gathered, double *values, sg_error *error)
{
    const sg_kernel_options options = {SG_KERNEL_SUBSETS, SG_KERNEL_SUBSET_SIZE,
                                       (uint32_t)gathered->seed, gathered->watch};
    const sg_rows fake = rows_of(&gathered->fake);
    const sg_rows real = rows_of(&gathered->real);
    double distances[SG_KERNEL_SUBSETS];
    SG_TRY(sg_kernel_distance(&options, &fake, &real, distances, &values[0], error));
    values[1] = values[0];
    values[2] = deviation(distances, SG_KERNEL_SUBSETS, values[0]);
    if (fake.count < FEWEST_PARTED || real.count < FEWEST_PARTED)
        return SG_OK;
    const sg_resampling resampling = {SG_KERNEL_SPLITS, gathered->seed};
    SG_TRY(sg_kernel_error(&resampling, &fake, &real, &gathered->errors[0], error));
    gathered->errors[1] = gathered->errors[0];
    return SG_OK;
}

/* ---- neighbours ---- */

/* Compares both sets by the metric's number of neighbours. */
static sg_status compare(const sg_metric_case *gathered, sg_manifold_shares *shares,
                         sg_error *error)
{
    const size_t nearest = gathered->metric->nearest;
    const sg_rows fake_rows = rows_of(&gathered->fake);
    const sg_rows real_rows = rows_of(&gathered->real);
    sg_manifold fake = {0};
    sg_manifold real = {0};
    sg_watch_part part = {gathered->watch, 0, 1, 3};
    const sg_watch watch = {.user = &part, .step = sg_watch_part_step};
    sg_status status = sg_manifold_create(&fake_rows, nearest, &watch, &fake, error);
    part.begun++;
    if (!status)
        status = sg_manifold_create(&real_rows, nearest, &watch, &real, error);
    part.begun++;
    if (!status)
        status = sg_manifold_compare(&fake, &real, &watch, shares, error);
    sg_manifold_clear(&fake);
    sg_manifold_clear(&real);
    return status;
}

sg_status sg_finish_precision(const sg_metric_case *gathered, double *values, sg_error *error)
{
    sg_manifold_shares shares;
    SG_TRY(compare(gathered, &shares, error));
    values[0] = shares.precision;
    values[1] = shares.recall;
    gathered->errors[0] = sg_share_error(shares.precision, gathered->fake.count);
    gathered->errors[1] = sg_share_error(shares.recall, gathered->real.count);
    return SG_OK;
}

sg_status sg_finish_density(const sg_metric_case *gathered, double *values, sg_error *error)
{
    sg_manifold_shares shares;
    SG_TRY(compare(gathered, &shares, error));
    values[0] = shares.density;
    values[1] = shares.coverage;
    gathered->errors[1] = sg_share_error(shares.coverage, gathered->real.count);
    return SG_OK;
}

/* ---- Inception score ---- */

sg_status sg_finish_inception_score(const sg_metric_case *gathered, double *values, sg_error *error)
{
    const sg_metric_side *fake = &gathered->fake;
    const sg_rows logits = {fake->logits, fake->count, fake->classes};
    double scores[SG_INCEPTION_SPLITS];
    SG_TRY(sg_inception_score(&logits, SG_INCEPTION_SPLITS, scores, &values[0], &values[1], error));
    gathered->errors[0] = sg_mean_error(scores, SG_INCEPTION_SPLITS);
    return SG_OK;
}

/* ---- MS-SSIM ---- */

sg_status sg_finish_ms_ssim(const sg_metric_case *gathered, double *values, sg_error *error)
{
    const sg_metric_side *fake = &gathered->fake;
    double sum = 0;
    (void)error;
    for (size_t i = 0; i < fake->pair_count; i++)
        sum += fake->pairs[i];
    values[0] = sum / (double)fake->pair_count;
    gathered->errors[0] =
        deviation(fake->pairs, fake->pair_count, values[0]) / sqrt((double)fake->pair_count);
    return SG_OK;
}

/* ---- sliced Wasserstein distance ---- */

/* Streams of random numbers: of the directions, and of the places in real and generated pictures.
 */
enum { DIRECTION_STREAM = 1, PLACE_STREAMS = 2 };

/* Adds a picture to a set of patches. `planes` is room for it. */
static sg_status add_picture(sg_patch_set *set, const uint8_t *rgb, sg_random random, float *planes,
                             sg_patch_place *places, sg_error *error)
{
    const size_t pixels = set->shape.height[0] * set->shape.width[0];
    for (size_t c = 0; c < SG_PATCH_CHANNELS; c++)
        for (size_t i = 0; i < pixels; i++)
            planes[c * pixels + i] = rgb[SG_PATCH_CHANNELS * i + c];
    sg_patch_set_draw(set, &random, places);
    return sg_patch_set_add(set, planes, SG_PATCH_CHANNELS, places, error);
}

/* Makes the set of the first `count` pictures of a side; places follow from the seed. */
static sg_status make_patches(const sg_metric_case *gathered, const sg_metric_side *side, bool real,
                              size_t count, sg_patch_set **set, sg_error *error)
{
    const size_t pixels = gathered->height * gathered->width;
    SG_TRY(sg_patch_set_create(gathered->height, gathered->width, count, SG_PATCHES, set, error));
    float *planes = sg_allocate(pixels, SG_PATCH_CHANNELS * sizeof *planes);
    sg_patch_place *places = sg_allocate(SG_PATCHES, (*set)->shape.levels * sizeof *places);
    sg_status status = planes && places ? SG_OK : sg_fail_memory(error, "patches");
    for (size_t i = 0; i < count && !status; i++) {
        const sg_random random =
            sg_random_stream(gathered->seed, PLACE_STREAMS + 2 * (uint64_t)i + (real ? 0 : 1));
        status = add_picture(*set, side->pictures + i * SG_PATCH_CHANNELS * pixels, random, planes,
                             places, error);
    }
    free(planes);
    free(places);
    return status;
}

/* Compares both sets by so many directions and averages over the levels. */
static sg_status slice(const sg_metric_case *gathered, size_t repeats, const sg_patch_set *fake,
                       const sg_patch_set *real, double *value, sg_error *error)
{
    const size_t count = repeats * SG_PATCH_VALUES * SG_SLICE_DIRECTIONS;
    double distances[SG_LAPLACIAN_MOST_LEVELS];
    float *directions = sg_allocate(count, sizeof *directions);
    if (!directions)
        return sg_fail_memory(error, "directions");
    sg_random random = sg_random_stream(gathered->seed, DIRECTION_STREAM);
    sg_random_normal_fill(&random, directions, count);
    const sg_slices slices = {repeats, SG_SLICE_DIRECTIONS, directions, gathered->watch};
    const sg_status status = sg_sliced_wasserstein(fake, real, &slices, distances, error);
    *value = 0;
    for (size_t i = 0; i < fake->shape.levels && !status; i++)
        *value += distances[i] / (double)fake->shape.levels;
    free(directions);
    return status;
}

static sg_status compare_patches(const sg_metric_case *gathered, size_t repeats, double *value,
                                 sg_error *error)
{
    const size_t reals = gathered->real.count;
    const size_t count = gathered->fake.count < reals ? gathered->fake.count : reals;
    sg_patch_set *fake = NULL;
    sg_patch_set *real = NULL;
    sg_status status = make_patches(gathered, &gathered->fake, false, count, &fake, error);
    if (!status)
        status = make_patches(gathered, &gathered->real, true, count, &real, error);
    if (!status)
        status = slice(gathered, repeats, fake, real, value, error);
    sg_patch_set_destroy(fake);
    sg_patch_set_destroy(real);
    return status;
}

sg_status sg_finish_swd(const sg_metric_case *gathered, double *values, sg_error *error)
{
    return compare_patches(gathered, SG_SLICE_REPEATS, &values[0], error);
}

sg_status sg_time_swd(size_t height, size_t width, size_t samples, double *seconds, sg_error *error)
{
    enum { TIMED = 64 };
    const size_t bytes = TIMED * height * width * SG_PATCH_CHANNELS;
    double value = 0;
    uint8_t *noise = sg_allocate(bytes, 1);
    if (!noise)
        return sg_fail_memory(error, "pictures");
    sg_random random = sg_random_stream(0, 0);
    for (size_t i = 0; i < bytes; i++)
        noise[i] = (uint8_t)sg_random_below(&random, 256);
    const sg_metric_side side = {.count = TIMED, .pictures = noise};
    const sg_metric_case some = {.real = side, .fake = side, .height = height, .width = width};
    const double started = sg_clock_seconds();
    const sg_status status = compare_patches(&some, 1, &value, error);
    *seconds = (sg_clock_seconds() - started) * SG_SLICE_REPEATS * (double)samples / TIMED;
    free(noise);
    return status;
}
