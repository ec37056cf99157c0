/* Single-precision results against stored values; see feature_numbers.h. */
#include "golden_test/feature_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_BYTES = 100, STATS = 5 };

void group_compare_doubles(number_group *group, const char *name, const double *values,
                           size_t count)
{
    const sg_stored_tensor *stored = case_find(group->test, name, NULL);
    if (!stored || !values)
        return;
    double *expected = stored->count == count ? case_values(group->test, name) : NULL;
    const double error = expected ? relative_error(values, expected, count, 0) : NAN;
    free(expected);
    group->compared++;
    if (error <= group->error)
        return;
    group->error = error;
    snprintf(group->worst, sizeof group->worst, "%s", name);
}

void group_compare(number_group *group, const char *name, const float *values, size_t count)
{
    double *wide = values ? malloc((count + 1) * sizeof *wide) : NULL;
    for (size_t i = 0; wide && i < count; i++)
        wide[i] = (double)values[i];
    group_compare_doubles(group, name, wide, count);
    free(wide);
}

/* ---- layers ---- */

/* The value at a flat index of picture `picture` in the order [channels, pixels]. */
static double value_at(const layer_values *layer, size_t picture, double index)
{
    const size_t at = (size_t)index;
    const size_t channel = at / layer->pixels;
    const size_t pixel = at % layer->pixels;
    return channel < layer->channels
               ? (double)
                     layer->values[(picture * layer->pixels + pixel) * layer->channels + channel]
               : (double)NAN;
}

static void compare_samples(number_group *group, const char *name, const char *index,
                            const layer_values *layer, size_t picture)
{
    char indices[NAME_BYTES];
    snprintf(indices, sizeof indices, "%s.sample_index", index);
    const sg_stored_tensor *stored = case_find(group->test, indices, NULL);
    double *at = stored ? case_values(group->test, indices) : NULL;
    double *values = at ? malloc((stored->count + 1) * sizeof *values) : NULL;
    for (size_t i = 0; values && i < stored->count; i++)
        values[i] = value_at(layer, picture, at[i]);
    if (values)
        group_compare_doubles(group, name, values, stored->count);
    free(at);
    free(values);
}

/* Means or deviations of channels, [count, channels], on the heap. */
static double *channel_moments(const layer_values *layer, bool deviations)
{
    double *result = calloc(layer->count * layer->channels, sizeof *result);
    for (size_t i = 0; result && i < layer->count * layer->channels; i++) {
        const float *from = layer->values + i / layer->channels * layer->pixels * layer->channels +
                            i % layer->channels;
        double sum = 0;
        double squares = 0;
        for (size_t p = 0; p < layer->pixels; p++) {
            const double value = (double)from[p * layer->channels];
            sum += value;
            squares += value * value;
        }
        sum /= (double)layer->pixels;
        squares = squares / (double)layer->pixels - sum * sum;
        result[i] = deviations ? sqrt(squares > 0 ? squares : 0) : sum;
    }
    return result;
}

void group_compare_stats(number_group *group, const char *name, const float *values, size_t rows,
                         size_t length)
{
    char whole[NAME_BYTES];
    double *stats = calloc(rows + 1, STATS * sizeof *stats);
    for (size_t r = 0; stats && r < rows; r++) {
        double *to = stats + r * STATS;
        double squares = 0;
        to[2] = HUGE_VAL;
        to[3] = -HUGE_VAL;
        for (size_t i = 0; i < length; i++) {
            const double value = (double)values[r * length + i];
            to[0] += value / (double)length;
            squares += value * value;
            to[2] = fmin(to[2], value);
            to[3] = fmax(to[3], value);
        }
        to[1] = sqrt(fmax(squares / (double)length - to[0] * to[0], 0));
        to[4] = sqrt(squares);
    }
    snprintf(whole, sizeof whole, "%s.stats", name);
    group_compare_doubles(group, whole, stats, rows * STATS);
    free(stats);
}

void group_compare_layer(number_group *group, const char *prefix, const char *index,
                         const layer_values *layer)
{
    static const char *const moments[] = {"channel_mean", "channel_std"};
    char name[NAME_BYTES];
    for (size_t i = 0; i < layer->count; i++) {
        snprintf(name, sizeof name, "%s.sample_%zu", prefix, i);
        compare_samples(group, name, index, layer, i);
    }
    snprintf(name, sizeof name, "%s.sample", prefix);
    compare_samples(group, name, index, layer, 0);
    for (int i = 0; i < 2; i++) {
        double *values = channel_moments(layer, i == 1);
        snprintf(name, sizeof name, "%s.%s", prefix, moments[i]);
        group_compare_doubles(group, name, values, layer->count * layer->channels);
        free(values);
    }
    group_compare_stats(group, prefix, layer->values, layer->count,
                        layer->pixels * layer->channels);
}

/* ---- groups ---- */

void group_report(const number_group *group)
{
    if (group->compared > 0)
        report_error(group->test->report, group->test->name, group->name, group->error,
                     GOLDEN_SINGLE_TOLERANCE, group->worst);
}

void group_fail(const number_group *group, const sg_error *error)
{
    report_failure(group->test->report, group->test->name, group->name, "%s", error->message);
}

sg_feature_pictures case_feature_pictures(golden_case *test, const char *name)
{
    enum { CHANNELS = 3 };
    sg_feature_pictures pictures = {.channels = CHANNELS};
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    double *values = stored && stored->rank == 4 ? case_values(test, name) : NULL;
    float *floats = values ? malloc((stored->count + 1) * sizeof *floats) : NULL;
    if (floats) {
        pictures.count = (size_t)stored->size[0];
        pictures.height = (size_t)stored->size[2];
        pictures.width = (size_t)stored->size[3];
        const size_t pixels = pictures.height * pictures.width;
        for (size_t i = 0; i < stored->count; i++)
            floats[(i / (CHANNELS * pixels) * pixels + i % pixels) * CHANNELS +
                   i / pixels % CHANNELS] = (float)values[i];
    }
    free(values);
    pictures.floats = floats;
    return pictures;
}

bool make_scratch(char *folder)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, SCRATCH_BYTES, "%.200s/golden-test-XXXXXX",
             base && *base == '/' ? base : "/tmp");
    return mkdtemp(folder);
}

void remove_scratch(const char *folder, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[2 * SCRATCH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}
