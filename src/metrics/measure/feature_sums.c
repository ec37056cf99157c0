/* Sums of features, and moments at several numbers of pictures; see feature_sums.h. */
#include "metrics/measure/feature_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"

/* Rows that go into the products at once, so that each is read from memory once for all of them. */
enum { BLOCK = 64 };

bool sg_feature_sums_ask(sg_feature_sums *sums, size_t count)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->moments[i].count == count)
            return true;
    if (sums->moment_count == SG_MOST_MOMENTS)
        return false;
    sums->moments[sums->moment_count++] = (sg_feature_moments){.count = count};
    return true;
}

sg_status sg_feature_sums_begin(sg_feature_sums *sums, size_t width, sg_error *error)
{
    sums->width = width;
    sums->added = sums->waiting_count = 0;
    if (sums->moment_count == 0 || sums->sum)
        return SG_OK;
    sums->sum = sg_allocate(width, (width + 1) * sizeof(double));
    sums->waiting = sg_allocate(width, BLOCK * sizeof(float));
    if (!sums->sum || !sums->waiting)
        return sg_fail_memory(error, "the covariance of %zu features", width);
    sums->products = sums->sum + width;
    return SG_OK;
}

/* The rows that are added to sums. */
typedef struct addition {
    size_t width, count;
    const float *rows;
    double *sum, *products;
} addition;

/* Adds to rows `begin` to `end` of the products, in the order of the pictures. */
static void add_range(size_t begin, size_t end, void *argument)
{
    const addition *add = argument;
    const size_t width = add->width;
    for (size_t i = begin; i < end; i++)
        for (size_t r = 0; r < add->count; r++) {
            const float *row = add->rows + r * width;
            const double value = (double)row[i];
            double *products = add->products + i * width;
            add->sum[i] += value;
            if (value == 0) /* half of the features after a ReLU */
                continue;
            for (size_t j = i; j < width; j++)
                products[j] += value * (double)row[j];
        }
}

static void add_waiting(const sg_feature_sums *sums, double *sum, double *products)
{
    addition add = {sums->width, sums->waiting_count, sums->waiting, sum, products};
    sg_parallel_for(sums->width, 16, add_range, &add);
}

/* Computes the moments of what was added so far, without a change to the sums. */
static sg_status take_moments(const sg_feature_sums *sums, sg_feature_moments *moments,
                              sg_error *error)
{
    const size_t width = sums->width;
    const double count = (double)moments->count;
    double *mean = sg_allocate(width, (width + 1) * sizeof(double));
    if (!mean)
        return sg_fail_memory(error, "the covariance of %zu features", width);
    double *covariance = mean + width;
    memcpy(mean, sums->sum, width * (width + 1) * sizeof *mean);
    add_waiting(sums, mean, covariance);
    for (size_t i = 0; i < width; i++)
        mean[i] /= count;
    for (size_t i = 0; i < width; i++)
        for (size_t j = i; j < width; j++) {
            const double value = covariance[i * width + j] / count - mean[i] * mean[j];
            covariance[i * width + j] = covariance[j * width + i] = value;
        }
    moments->mean = mean;
    moments->covariance = covariance;
    return SG_OK;
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
        if (sums->moments[i].count == sums->added && !sums->moments[i].mean)
            SG_TRY(take_moments(sums, &sums->moments[i], error));
    if (sums->waiting_count == BLOCK) {
        add_waiting(sums, sums->sum, sums->products);
        sums->waiting_count = 0;
    }
    return SG_OK;
}

const sg_feature_moments *sg_feature_sums_find(const sg_feature_sums *sums, size_t count)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->moments[i].count == count && sums->moments[i].mean)
            return &sums->moments[i];
    return NULL;
}

void sg_feature_sums_set(sg_feature_sums *sums, const sg_feature_moments *moments)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        if (sums->moments[i].count == moments->count) {
            free(sums->moments[i].mean);
            sums->moments[i] = *moments;
        }
}

void sg_feature_sums_clear(sg_feature_sums *sums)
{
    for (size_t i = 0; i < sums->moment_count; i++)
        free(sums->moments[i].mean);
    free(sums->sum);
    free(sums->waiting);
    *sums = (sg_feature_sums){0};
}
