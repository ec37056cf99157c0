/*
 * Sliced Wasserstein distance: in one dimension, the distance of two samples of one size is the
 * mean difference of their sorted values. Projections of normalised patches are those of patches as
 * they are on directions that hold the deviations, less a constant.
 */
#include "metrics/formulas/sliced_wasserstein.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum {
    BATCH = 16, /* directions at a time */
    GRAIN = 256,
    PLANE = SG_PATCH_SIDE * SG_PATCH_SIDE,
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
    PASSES = 6 /* of digits in 64 bits: even, so that sorted keys end where they began */
};

/* ---- sorting ---- */

/* Maps a number to bits that sort as it does, and back. */
static uint64_t to_key(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double from_key(uint64_t key)
{
    double value;
    key = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    memcpy(&value, &key, sizeof value);
    return value;
}

/* Returns a key's digit. */
static size_t digit(uint64_t key, int pass)
{
    return key >> pass * DIGIT_BITS & (DIGITS - 1);
}

/* Sorts keys by their digits, the last one first; `other` has as much room. */
static void sort(uint64_t *keys, size_t count, uint64_t *other)
{
    size_t starts[PASSES][DIGITS] = {{0}};
    for (size_t i = 0; i < count; i++)
        for (int pass = 0; pass < PASSES; pass++)
            starts[pass][digit(keys[i], pass)]++;
    for (int pass = 0; pass < PASSES; pass++) {
        size_t start = 0;
        for (int i = 0; i < DIGITS; i++) {
            const size_t here = starts[pass][i];
            starts[pass][i] = start;
            start += here;
        }
        for (size_t i = 0; i < count; i++)
            other[starts[pass][digit(keys[i], pass)]++] = keys[i];
        uint64_t *sorted = other;
        other = keys;
        keys = sorted;
    }
}

/* ---- scale ---- */

void sg_patch_set_scale(const sg_patch_set *set, size_t level, sg_patch_scale *scale)
{
    const size_t patches = set->count * set->patches;
    const double count = (double)patches * PLANE;
    float patch[SG_PATCH_VALUES];
    *scale = (sg_patch_scale){{0}, {0}};
    for (size_t i = 0; i < patches; i++) {
        sg_patch_set_get(set, level, i, patch);
        for (size_t k = 0; k < SG_PATCH_VALUES; k++)
            scale->mean[k / PLANE] += (double)patch[k] / count;
    }
    for (size_t i = 0; i < patches; i++) {
        sg_patch_set_get(set, level, i, patch);
        for (size_t k = 0; k < SG_PATCH_VALUES; k++) {
            const double rest = (double)patch[k] - scale->mean[k / PLANE];
            scale->deviation[k / PLANE] += rest * rest / count;
        }
    }
    for (int c = 0; c < SG_PATCH_CHANNELS; c++)
        scale->deviation[c] = sqrt(scale->deviation[c]);
}

/* ---- projections ---- */

/* Some directions, with a set's scale in them. */
typedef struct scaled_slices {
    const sg_patch_set *set;
    size_t level;
    double directions[SG_PATCH_VALUES][BATCH];
    double constants[BATCH];
    uint64_t *projections; /* [BATCH, patches], as keys */
} scaled_slices;

/* Takes directions first .. first + BATCH - 1 of a repeat; zeros after the last. */
static void scale_slices(const sg_slices *slices, size_t repeat, size_t first,
                         const sg_patch_scale *scale, scaled_slices *scaled)
{
    const float *values = slices->values + repeat * SG_PATCH_VALUES * slices->directions;
    for (size_t j = 0; j < BATCH; j++) {
        double square = 0;
        const bool there = first + j < slices->directions;
        for (size_t k = 0; k < SG_PATCH_VALUES && there; k++) {
            const double value = (double)values[k * slices->directions + first + j];
            square += value * value;
        }
        scaled->constants[j] = 0;
        for (size_t k = 0; k < SG_PATCH_VALUES; k++) {
            /* a channel of one value says nothing */
            const double deviation = scale->deviation[k / PLANE];
            const double value =
                there && square > 0 && deviation > 0
                    ? (double)values[k * slices->directions + first + j] / sqrt(square) / deviation
                    : 0;
            scaled->directions[k][j] = value;
            scaled->constants[j] += value * scale->mean[k / PLANE];
        }
    }
}

SG_VECTORISED static void project_patch(double (*restrict directions)[BATCH],
                                        const float *restrict patch, double *restrict sums)
{
    for (size_t k = 0; k < SG_PATCH_VALUES; k++)
        for (int j = 0; j < BATCH; j++)
            sums[j] += directions[k][j] * (double)patch[k];
}

static void project(size_t begin, size_t end, void *argument)
{
    scaled_slices *scaled = argument;
    const size_t patches = scaled->set->count * scaled->set->patches;
    float patch[SG_PATCH_VALUES];
    for (size_t i = begin; i < end; i++) {
        double sums[BATCH] = {0};
        sg_patch_set_get(scaled->set, scaled->level, i, patch);
        project_patch(scaled->directions, patch, sums);
        for (size_t j = 0; j < BATCH; j++)
            scaled->projections[j * patches + i] = to_key(sums[j] - scaled->constants[j]);
    }
}

/* The buffers of both sets: projections, and what sorting needs. */
typedef struct slice_work {
    size_t patches;
    uint64_t *projections; /* [2, BATCH, patches], as keys */
    uint64_t *other;       /* [2, BATCH, patches]: what sorting needs */
} slice_work;

static void sort_range(size_t begin, size_t end, void *argument)
{
    const slice_work *work = argument;
    const size_t n = work->patches;
    for (size_t i = begin; i < end; i++)
        sort(work->projections + i * n, n, work->other + i * n);
}

/* Returns the sum over a batch of directions of the mean difference of sorted projections. */
static double measure_batch(const slice_work *work)
{
    const size_t n = work->patches;
    const uint64_t *b = work->projections + BATCH * n;
    double total = 0;
    sg_parallel_for(2 * (size_t)BATCH, 1, sort_range, (void *)work);
    for (size_t j = 0; j < BATCH; j++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += fabs(from_key(work->projections[j * n + i]) - from_key(b[j * n + i]));
        total += sum / (double)n;
    }
    return total;
}

/* Tells the watch how far level, repeat and direction are. Fails with SG_ERROR_CANCELLED. */
static sg_status advance(const sg_patch_set *set, size_t level, const sg_slices *slices,
                         size_t repeat, size_t first, sg_error *error)
{
    const size_t done = (level * slices->repeats + repeat) * slices->directions + first;
    const size_t total = set->shape.levels * slices->repeats * slices->directions;
    if (sg_watch_step(slices->watch, (double)done, (double)total, "distances of patches"))
        return sg_fail(error, SG_ERROR_CANCELLED, "the comparison of patches was stopped");
    return SG_OK;
}

static sg_status measure_level(const sg_patch_set *const sets[2], size_t level,
                               const sg_slices *slices, const slice_work *work, double *distance,
                               sg_error *error)
{
    sg_patch_scale scales[2];
    double total = 0;
    for (int s = 0; s < 2; s++)
        sg_patch_set_scale(sets[s], level, &scales[s]);
    for (size_t r = 0; r < slices->repeats; r++)
        for (size_t first = 0; first < slices->directions; first += BATCH) {
            SG_TRY(advance(sets[0], level, slices, r, first, error));
            for (size_t s = 0; s < 2; s++) {
                scaled_slices scaled = {.set = sets[s], .level = level};
                scaled.projections = work->projections + s * BATCH * work->patches;
                scale_slices(slices, r, first, &scales[s], &scaled);
                sg_parallel_for(work->patches, GRAIN, project, &scaled);
            }
            total += measure_batch(work);
        }
    *distance = 1000 * total / (double)(slices->repeats * slices->directions);
    return SG_OK;
}

static sg_status check(const sg_patch_set *a, const sg_patch_set *b, sg_error *error)
{
    if (a->shape.height[0] != b->shape.height[0] || a->shape.width[0] != b->shape.width[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures of %zux%zu and of %zux%zu pixels cannot be compared",
                       a->shape.width[0], a->shape.height[0], b->shape.width[0],
                       b->shape.height[0]);
    if (a->count * a->patches != b->count * b->patches || a->count * a->patches == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "sets with %zu and %zu patches cannot be compared",
                       a->count * a->patches, b->count * b->patches);
    return SG_OK;
}

sg_status sg_sliced_wasserstein(const sg_patch_set *a, const sg_patch_set *b,
                                const sg_slices *slices, double *distances, sg_error *error)
{
    const sg_patch_set *const sets[] = {a, b};
    sg_status status = SG_OK;
    SG_TRY(check(a, b, error));
    slice_work work = {.patches = a->count * a->patches};
    work.projections = sg_allocate(work.patches, 2 * BATCH * sizeof *work.projections);
    work.other = sg_allocate(work.patches, 2 * BATCH * sizeof *work.other);
    if (!work.projections || !work.other)
        status = sg_fail_memory(error, "the projections of %zu patches", work.patches);
    for (size_t i = 0; i < a->shape.levels && !status; i++)
        status = measure_level(sets, i, slices, &work, &distances[i], error);
    free(work.projections);
    free(work.other);
    return status;
}
