/* Optimisers: updates of ranges of values, and their state; see optimiser.h. */
#include "optim/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"
#include "optim/gradients.h"
#include "tensor/work.h"

enum { GRAIN = 32768 };

struct sg_optimiser {
    sg_optimiser_options options;
    sg_trainable_list trainable;
    double *gains; /* [count]: what each tensor is multiplied by at run time */
    int64_t steps;
    float **moments; /* [2 * count]: first (NULL for RMSProp) and second of each tensor */
};

static const char *const names[SG_OPTIMISER_COUNT] = {[SG_ADAM] = "adam", [SG_RMSPROP] = "rmsprop"};

const sg_choices sg_optimiser_choices = SG_CHOICES(names);

typedef struct update_job {
    float rate, beta1, beta2, epsilon, second_scale, clip;
    const float *gradient;
    float *first, *second, *values;
} update_job;

SG_VECTORISED static void adam_range(size_t begin, size_t end, void *argument)
{
    const update_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float g = job->gradient[i];
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
        float g = job->gradient[i];
        float second = job->beta2 * job->second[i] + (1 - job->beta2) * g * g;
        job->second[i] = second;
        job->values[i] -= job->rate * g / (sqrtf(second) + job->epsilon);
    }
}

SG_VECTORISED static void clip_range(size_t begin, size_t end, void *argument)
{
    const update_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float value = job->values[i];
        value = value > job->clip ? job->clip : value;
        job->values[i] = value < -job->clip ? -job->clip : value;
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
                      .clip = (float)options->clip,
                      .gradient = gradient,
                      .first = first,
                      .second = second,
                      .values = values};
    sg_parallel_for((size_t)count, GRAIN, adam ? adam_range : rmsprop_range, &job);
    if (options->clip > 0)
        sg_parallel_for((size_t)count, GRAIN, clip_range, &job);
}

/* Lists the run-time gains of the trainable tensors. */
static bool allocate_gains(sg_optimiser *optimiser, const sg_parameter_set *parameters)
{
    size_t count = 0;
    optimiser->gains = sg_allocate(parameters->count + 1, sizeof *optimiser->gains);
    for (size_t i = 0; optimiser->gains && i < parameters->count; i++)
        if (parameters->items[i].trainable)
            optimiser->gains[count++] = parameters->items[i].gain;
    return optimiser->gains;
}

static bool allocate_moments(sg_optimiser *optimiser, const sg_parameter_set *parameters)
{
    if (!sg_trainable_list_make(&optimiser->trainable, parameters))
        return false;
    const size_t count = optimiser->trainable.count;
    optimiser->moments = sg_allocate(2 * count + 1, sizeof *optimiser->moments);
    for (size_t i = 0; optimiser->moments && i < 2 * count; i++) {
        if (i % 2 == 0 && optimiser->options.kind != SG_ADAM)
            continue;
        const sg_tensor *tensor = optimiser->trainable.tensors[i / 2];
        const size_t values = sg_is_hollow(tensor->context) ? 1 : (size_t)sg_tensor_count(tensor);
        optimiser->moments[i] = sg_allocate(values, sizeof **optimiser->moments);
        if (!optimiser->moments[i])
            return false;
    }
    return optimiser->moments;
}

sg_optimiser *sg_optimiser_create(sg_parameter_set *parameters, sg_optimiser_options options)
{
    sg_optimiser *optimiser = sg_allocate(1, sizeof *optimiser);
    if (!optimiser)
        return NULL;
    optimiser->options = options;
    if (!allocate_moments(optimiser, parameters) || !allocate_gains(optimiser, parameters)) {
        sg_optimiser_destroy(optimiser);
        return NULL;
    }
    return optimiser;
}

void sg_optimiser_destroy(sg_optimiser *optimiser)
{
    if (!optimiser)
        return;
    for (size_t i = 0; optimiser->moments && i < 2 * optimiser->trainable.count; i++)
        free(optimiser->moments[i]);
    free(optimiser->moments);
    free(optimiser->gains);
    sg_trainable_list_clear(&optimiser->trainable);
    free(optimiser);
}

/* Returns the options for one tensor. */
static sg_optimiser_options options_for(const sg_optimiser *optimiser, size_t index)
{
    sg_optimiser_options options = optimiser->options;
    if (!options.plain)
        return options;
    options.rate /= optimiser->gains[index];
    options.epsilon *= optimiser->gains[index];
    options.clip /= optimiser->gains[index];
    return options;
}

void sg_optimiser_step(sg_optimiser *optimiser, sg_tensor *const *gradients)
{
    optimiser->steps++;
    for (size_t i = 0; i < optimiser->trainable.count; i++) {
        sg_tensor *parameter = optimiser->trainable.tensors[i];
        float **pair = optimiser->moments + 2 * i;
        if (!gradients[i])
            continue;
        sg_work_note_pass(sg_update_kind, parameter, 4);
        if (sg_is_hollow(parameter->context))
            continue;
        const sg_optimiser_options options = options_for(optimiser, i);
        sg_optimiser_update(&options, optimiser->steps, sg_tensor_count(parameter),
                            sg_f32(gradients[i]), pair[0], pair[1], sg_f32(parameter));
        sg_tensor_touch(parameter);
    }
}

void sg_optimiser_set_rate(sg_optimiser *optimiser, double rate)
{
    optimiser->options.rate = rate;
}

void sg_optimiser_reset(sg_optimiser *optimiser)
{
    optimiser->steps = 0;
    for (size_t i = 0; i < 2 * optimiser->trainable.count; i++)
        if (optimiser->moments[i] && !sg_is_hollow(optimiser->trainable.tensors[i / 2]->context))
            memset(optimiser->moments[i], 0,
                   (size_t)sg_tensor_count(optimiser->trainable.tensors[i / 2]) * sizeof(float));
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
