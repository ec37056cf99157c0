/* Optimisers: updates of ranges of values, and their state; see optimiser.h. */
#include "optim/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { GRAIN = 32768 };

struct sg_optimiser {
    sg_optimiser_options options;
    sg_parameter_set *parameters;
    int64_t steps;
    size_t count;    /* trainable parameters */
    float **moments; /* [2 * count]: first (NULL for RMSProp) and second of each */
};

static const char *const names[SG_OPTIMISER_COUNT] = {[SG_ADAM] = "adam", [SG_RMSPROP] = "rmsprop"};

const sg_choices sg_optimiser_choices = SG_CHOICES(names);

typedef struct update_job {
    float rate, beta1, beta2, epsilon, second_scale;
    const float *gradient;
    float *first, *second, *values;
} update_job;

typedef struct clip_job {
    float limit;
    float *values;
} clip_job;

/* Returns 0 for NaN, and limits all else to +-1e5. */
SG_INLINE float make_finite(float x)
{
    x = x == x ? x : 0;
    x = x > 1e5f ? 1e5f : x;
    return x < -1e5f ? -1e5f : x;
}

SG_VECTORISED static void adam_range(size_t begin, size_t end, void *argument)
{
    const update_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float g = make_finite(job->gradient[i]);
        float first = job->beta1 * job->first[i] + (1 - job->beta1) * g;
        float second = job->beta2 * job->second[i] + (1 - job->beta2) * g * g;
        float scale = sqrtf(second) * job->second_scale + job->epsilon;
        job->first[i] = first;
        job->second[i] = second;
        job->values[i] -= job->rate * first / scale;
    }
}

SG_VECTORISED static void rmsprop_range(size_t begin, size_t end, void *argument)
{
    const update_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float g = make_finite(job->gradient[i]);
        float second = job->beta2 * job->second[i] + (1 - job->beta2) * g * g;
        job->second[i] = second;
        job->values[i] -= job->rate * g / (sqrtf(second) + job->epsilon);
    }
}

SG_VECTORISED static void clip_range(size_t begin, size_t end, void *argument)
{
    const clip_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float value = job->values[i];
        value = value > job->limit ? job->limit : value;
        job->values[i] = value < -job->limit ? -job->limit : value;
    }
}

void sg_optimiser_update(const sg_optimiser_options *options, int64_t step, int64_t count,
                         const float *gradient, float *first, float *second, float *values)
{
    bool adam = options->kind == SG_ADAM;
    double correction1 = adam ? 1 - pow(options->beta1, (double)step) : 1;
    double correction2 = adam ? 1 - pow(options->beta2, (double)step) : 1;
    update_job job = {.rate = (float)(options->rate / correction1),
                      .beta1 = (float)options->beta1,
                      .beta2 = (float)options->beta2,
                      .epsilon = (float)options->epsilon,
                      .second_scale = (float)(1 / sqrt(correction2)),
                      .gradient = gradient,
                      .first = first,
                      .second = second,
                      .values = values};
    sg_parallel_for((size_t)count, GRAIN, adam ? adam_range : rmsprop_range, &job);
    clip_job clip = {(float)options->clip, values};
    if (options->clip > 0)
        sg_parallel_for((size_t)count, GRAIN, clip_range, &clip);
}

static bool allocate_moments(sg_optimiser *optimiser)
{
    const sg_parameter_set *set = optimiser->parameters;
    optimiser->moments = sg_allocate(2 * set->count + 1, sizeof *optimiser->moments);
    if (!optimiser->moments)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        size_t values = (size_t)sg_tensor_count(set->items[i].tensor);
        float **pair = optimiser->moments + 2 * optimiser->count++;
        bool has_first = optimiser->options.kind == SG_ADAM;
        pair[0] = has_first ? sg_allocate(values, sizeof **pair) : NULL;
        pair[1] = sg_allocate(values, sizeof **pair);
        if ((has_first && !pair[0]) || !pair[1])
            return false;
    }
    return true;
}

sg_optimiser *sg_optimiser_create(sg_parameter_set *parameters, sg_optimiser_options options)
{
    sg_optimiser *optimiser = sg_allocate(1, sizeof *optimiser);
    if (!optimiser)
        return NULL;
    optimiser->options = options;
    optimiser->parameters = parameters;
    if (!allocate_moments(optimiser)) {
        sg_optimiser_destroy(optimiser);
        return NULL;
    }
    return optimiser;
}

void sg_optimiser_destroy(sg_optimiser *optimiser)
{
    if (!optimiser)
        return;
    for (size_t i = 0; optimiser->moments && i < 2 * optimiser->count; i++)
        free(optimiser->moments[i]);
    free(optimiser->moments);
    free(optimiser);
}

void sg_optimiser_step(sg_optimiser *optimiser, sg_tensor *const *gradients)
{
    const sg_parameter_set *set = optimiser->parameters;
    optimiser->steps++;
    size_t index = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        const sg_tensor *gradient = gradients[index];
        float **pair = optimiser->moments + 2 * index++;
        sg_tensor *parameter = set->items[i].tensor;
        if (!gradient)
            continue;
        sg_optimiser_update(&optimiser->options, optimiser->steps, sg_tensor_count(parameter),
                            sg_f32(gradient), pair[0], pair[1], sg_f32(parameter));
        sg_tensor_touch(parameter);
    }
}

void sg_optimiser_set_rate(sg_optimiser *optimiser, double rate)
{
    optimiser->options.rate = rate;
}

void sg_optimiser_reset(sg_optimiser *optimiser)
{
    const sg_parameter_set *set = optimiser->parameters;
    optimiser->steps = 0;
    size_t index = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        size_t bytes = (size_t)sg_tensor_count(set->items[i].tensor) * sizeof(float);
        for (int which = 0; which < 2; which++)
            if (optimiser->moments[2 * index + (size_t)which])
                memset(optimiser->moments[2 * index + (size_t)which], 0, bytes);
        index++;
    }
}

int64_t sg_optimiser_steps(const sg_optimiser *optimiser)
{
    return optimiser->steps;
}

void sg_optimiser_set_steps(sg_optimiser *optimiser, int64_t steps)
{
    optimiser->steps = steps;
}

float *sg_optimiser_moment(sg_optimiser *optimiser, size_t trainable, int which)
{
    return optimiser->moments[2 * trainable + (size_t)which];
}
