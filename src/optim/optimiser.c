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
    void **moments; /* [SG_MOMENT_COUNT * count]: those of each tensor, NULL where none is kept */
};

static const char *const names[SG_OPTIMISER_COUNT] = {
    [SG_ADAM] = "adam", [SG_RMSPROP] = "rmsprop", [SG_RANGER] = "ranger"};

/* Ranger: steps between those of the slow values, and how far these go (Zhang et al. 2019). */
enum { LOOKAHEAD_STEPS = 6 };
static const double lookahead_share = 0.5;
static const double rectified_from = 5; /* rho, from which the second moment is steady enough */

/* Which moments a kind keeps. */
static const bool keeps[SG_OPTIMISER_COUNT][SG_MOMENT_COUNT] = {
    [SG_ADAM] = {true, true}, [SG_RMSPROP] = {false, true}, [SG_RANGER] = {true, true, true}};

const sg_choices sg_optimiser_choices = SG_CHOICES(names);

/*
 * Returns the factor of Ranger's rate, by the variance of the second moment's square root (Liu et
 * al. 2020, section 4); -1 while that is not known yet, when the step is that of momentum.
 */
static double rectify(const sg_optimiser_options *options, int64_t step)
{
    const double power = pow(options->beta2, (double)step);
    const double most = 2 / (1 - options->beta2) - 1;
    const double rho = most - 2 * (double)step * power / (1 - power);
    return rho > rectified_from
               ? sqrt((1 - power) * (rho - 4) / (most - 4) * (rho - 2) / rho * most / (most - 2))
               : -1;
}

#define TEMPLATE "optim/optimiser.inc"
#include "kernels/vector/each_real.inc"

void sg_optimiser_update(const sg_optimiser_options *options, int64_t step, int64_t count,
                         const float *gradient, float *first, float *second, float *values)
{
    update_f32(options, step, count, gradient, first, second, values);
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
    const size_t moments = SG_MOMENT_COUNT * count;
    optimiser->moments = sg_allocate(moments + 1, sizeof *optimiser->moments);
    for (size_t i = 0; optimiser->moments && i < moments; i++) {
        if (!keeps[optimiser->options.kind][i % SG_MOMENT_COUNT])
            continue;
        const sg_tensor *tensor = optimiser->trainable.tensors[i / SG_MOMENT_COUNT];
        const size_t values = sg_is_hollow(tensor->context) ? 1 : (size_t)sg_tensor_count(tensor);
        optimiser->moments[i] = sg_allocate(values, sg_dtype_bytes(tensor->dtype));
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
    for (size_t i = 0; optimiser->moments && i < SG_MOMENT_COUNT * optimiser->trainable.count; i++)
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

/* Takes the slow values from those before the first step, also of tensors that have no gradient
 * yet. */
static void begin_lookahead(sg_optimiser *optimiser)
{
    for (size_t i = 0; i < optimiser->trainable.count; i++) {
        const sg_tensor *parameter = optimiser->trainable.tensors[i];
        if (!sg_is_hollow(parameter->context))
            memcpy(optimiser->moments[SG_MOMENT_COUNT * i + SG_MOMENT_SLOW],
                   parameter->storage->data,
                   (size_t)sg_tensor_count(parameter) * sg_dtype_bytes(parameter->dtype));
    }
}

void sg_optimiser_step(sg_optimiser *optimiser, sg_tensor *const *gradients)
{
    const bool looks_ahead = keeps[optimiser->options.kind][SG_MOMENT_SLOW];
    if (++optimiser->steps == 1 && looks_ahead)
        begin_lookahead(optimiser);
    for (size_t i = 0; i < optimiser->trainable.count; i++) {
        sg_tensor *parameter = optimiser->trainable.tensors[i];
        void **moments = optimiser->moments + SG_MOMENT_COUNT * i;
        if (!gradients[i])
            continue;
        sg_work_note_pass(sg_update_kind, parameter, 4);
        if (sg_is_hollow(parameter->context))
            continue;
        const sg_optimiser_options options = options_for(optimiser, i);
        (parameter->dtype == SG_F64 ? step_f64 : step_f32)(
            &options, optimiser->steps, &parameter->shape, gradients[i]->storage->data, moments,
            parameter->storage->data);
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
    for (size_t i = 0; i < SG_MOMENT_COUNT * optimiser->trainable.count; i++) {
        const sg_tensor *tensor = optimiser->trainable.tensors[i / SG_MOMENT_COUNT];
        if (optimiser->moments[i] && !sg_is_hollow(tensor->context))
            memset(optimiser->moments[i], 0,
                   (size_t)sg_tensor_count(tensor) * sg_dtype_bytes(tensor->dtype));
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
    return optimiser->moments[SG_MOMENT_COUNT * trainable + (size_t)which];
}
