/* Demodulation factors: the energies of weights, which are packed once, and a sum for each output.
 */
#include "kernels/convolution/demodulation.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

typedef struct job {
    int64_t out, in, taps;
    float epsilon_scale; /* of a relative epsilon; 0 for the absolute one */
    const float *weights, *styles, *energy;
    float *result;
} job;

static const float absolute_epsilon = 1e-8f;

SG_VECTORISED static void energy_range(size_t begin, size_t end, void *argument)
{
    const job *work = argument;
    int64_t taps = work->taps;
    for (size_t pair = begin; pair < end; pair++) {
        const float *kernel = work->weights + (int64_t)pair * taps;
        float sum = 0;
        for (int64_t k = 0; k < taps; k++)
            sum += kernel[k] * kernel[k];
        work->result[pair] = sum;
    }
}

void sg_weight_energy(int64_t out, int64_t in, int64_t taps, const float *weights, float *energy)
{
    job work = {.taps = taps, .weights = weights, .result = energy};
    sg_parallel_for((size_t)(out * in), 4096, energy_range, &work);
}

/* Sums in independent accumulators, so that additions do not wait for each other. */
SG_INLINE float power(int64_t in, const float *styles, const float *energy)
{
    enum { SUMS = 32 };
    float sums[SUMS] = {0};
    int64_t i = 0;
    for (; i + SUMS <= in; i += SUMS)
        for (int64_t k = 0; k < SUMS; k++)
            sums[k] += styles[i + k] * styles[i + k] * energy[i + k];
    float total = 0;
    for (; i < in; i++)
        total += styles[i] * styles[i] * energy[i];
    for (int64_t k = 0; k < SUMS; k++)
        total += sums[k];
    return total;
}

SG_VECTORISED static float sum_of(int64_t count, const float *values, bool squares)
{
    float sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += squares ? values[i] * values[i] : values[i];
    return sum;
}

static float epsilon_of(const job *work, int64_t o)
{
    return work->epsilon_scale == 0
               ? absolute_epsilon
               : work->epsilon_scale * sum_of(work->in, work->energy + o * work->in, false);
}

SG_VECTORISED static void factor_range(size_t begin, size_t end, void *argument)
{
    const job *work = argument;
    for (size_t item = begin; item < end; item++) {
        int64_t sample = (int64_t)item / work->out;
        int64_t o = (int64_t)item % work->out;
        float sum = power(work->in, work->styles + sample * work->in, work->energy + o * work->in);
        work->result[item] = 1 / sqrtf(sum + epsilon_of(work, o));
    }
}

void sg_demodulation_factors(const sg_demodulation_shape *shape, const float *styles,
                             const float *energy, float *factors)
{
    job work = {
        .out = shape->out, .in = shape->in, .styles = styles, .energy = energy, .result = factors};
    if (shape->normalized)
        work.epsilon_scale = absolute_epsilon * sum_of(shape->samples * shape->in, styles, true) /
                             (float)(shape->samples * shape->in) / (float)(shape->in * shape->taps);
    sg_parallel_for((size_t)(shape->samples * shape->out), 16, factor_range, &work);
}
