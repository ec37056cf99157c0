/* Moving averages of weights; see ema.h. */
#include "optim/ema.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"
#include "tensor/work.h"

enum { GRAIN = 32768 };

double sg_ema_decay(double batch, double half_life_kimg, double rampup, double images_seen)
{
    double half_life = half_life_kimg * 1000;
    if (rampup > 0)
        half_life = fmin(half_life, images_seen * rampup);
    return pow(0.5, batch / fmax(half_life, 1e-8));
}

typedef struct blend_job {
    float decay;
    float *average;
    const float *current;
} blend_job;

SG_VECTORISED static void blend_range(size_t begin, size_t end, void *argument)
{
    const blend_job *job = argument;
    for (size_t i = begin; i < end; i++)
        job->average[i] = job->current[i] + (job->average[i] - job->current[i]) * job->decay;
}

void sg_ema_update(sg_parameter_set *average, const sg_parameter_set *current, double decay)
{
    for (size_t i = 0; i < average->count; i++) {
        sg_tensor *target = average->items[i].tensor;
        sg_work_note_pass(sg_average_kind, target, 2);
        blend_job job = {average->items[i].trainable ? (float)decay : 0, sg_f32(target),
                         sg_f32(current->items[i].tensor)};
        if (!sg_is_hollow(target->context))
            sg_parallel_for((size_t)sg_tensor_count(target), GRAIN, blend_range, &job);
        sg_tensor_touch(target);
    }
}
