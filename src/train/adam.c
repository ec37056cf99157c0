/* Adam. */
#include "train/adam.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vectorise.h"

enum { GRAIN = 32768 };

struct sg_adam {
    sg_adam_options options;
    sg_parameter_set *parameters;
    int64_t steps;
    size_t count;    /* trainable parameters */
    float **moments; /* [2 * count]: first and second of each */
};

typedef struct update_job {
    float rate, beta1, beta2, epsilon, second_scale;
    const float *gradient;
    float *first, *second, *values;
} update_job;

/* NaN to 0, infinities and what lies beyond +-1e5 to +-1e5. */
SG_INLINE float make_finite(float x)
{
    x = x == x ? x : 0;
    x = x > 1e5f ? 1e5f : x;
    return x < -1e5f ? -1e5f : x;
}

SG_VECTORISED static void update_range(size_t begin, size_t end, void *argument)
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

void sg_adam_update(const sg_adam_options *options, int64_t step, int64_t count,
                    const float *gradient, float *first, float *second, float *values)
{
    double correction1 = 1 - pow(options->beta1, (double)step);
    double correction2 = 1 - pow(options->beta2, (double)step);
    update_job job = {.rate = (float)(options->rate / correction1),
                      .beta1 = (float)options->beta1,
                      .beta2 = (float)options->beta2,
                      .epsilon = (float)options->epsilon,
                      .second_scale = (float)(1 / sqrt(correction2)),
                      .gradient = gradient,
                      .first = first,
                      .second = second,
                      .values = values};
    sg_parallel_for((size_t)count, GRAIN, update_range, &job);
}

static bool allocate_moments(sg_adam *adam)
{
    const sg_parameter_set *set = adam->parameters;
    adam->moments = sg_allocate(2 * set->count + 1, sizeof *adam->moments);
    if (!adam->moments)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        size_t values = (size_t)sg_tensor_count(set->items[i].tensor);
        float **pair = adam->moments + 2 * adam->count++;
        pair[0] = sg_allocate(values, sizeof **pair);
        pair[1] = sg_allocate(values, sizeof **pair);
        if (!pair[0] || !pair[1])
            return false;
    }
    return true;
}

sg_adam *sg_adam_create(sg_parameter_set *parameters, sg_adam_options options)
{
    sg_adam *adam = sg_allocate(1, sizeof *adam);
    if (!adam)
        return NULL;
    adam->options = options;
    adam->parameters = parameters;
    if (!allocate_moments(adam)) {
        sg_adam_destroy(adam);
        return NULL;
    }
    return adam;
}

void sg_adam_destroy(sg_adam *adam)
{
    if (!adam)
        return;
    for (size_t i = 0; adam->moments && i < 2 * adam->count; i++)
        free(adam->moments[i]);
    free(adam->moments);
    free(adam);
}

void sg_adam_step(sg_adam *adam, sg_tensor *const *gradients)
{
    const sg_parameter_set *set = adam->parameters;
    adam->steps++;
    size_t at = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        const sg_tensor *gradient = gradients[at];
        float **pair = adam->moments + 2 * at++;
        sg_tensor *parameter = set->items[i].tensor;
        if (!gradient)
            continue;
        sg_adam_update(&adam->options, adam->steps, sg_tensor_count(parameter), sg_f32(gradient),
                       pair[0], pair[1], sg_f32(parameter));
        sg_tensor_touch(parameter);
    }
}

int64_t sg_adam_steps(const sg_adam *adam)
{
    return adam->steps;
}

void sg_adam_set_steps(sg_adam *adam, int64_t steps)
{
    adam->steps = steps;
}

float *sg_adam_moment(sg_adam *adam, size_t trainable, int which)
{
    return adam->moments[2 * trainable + (size_t)which];
}
