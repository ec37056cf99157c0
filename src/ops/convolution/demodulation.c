/*
 * Demodulation by plain ops on the tape, by one kernel off it.
 *
 * Tested by: tests/ops/convolution/test_modulated.c
 */
#include "ops/convolution/demodulation.h"

#include "kernels/convolution/demodulation.h"
#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/convolution/packed_weights.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

/* Key of the packed energies. */
static const uint64_t energy_key = 0x656e65726779;

static sg_status pack_energy(const void *job, double gain, const float *weights, void *packed)
{
    (void)gain;
    const sg_shape *w = job;
    sg_weight_energy(w->size[0], w->size[1], w->size[2] * w->size[3], weights, packed);
    return SG_OK;
}

/* Off the tape: uses energies that are kept with the weights. */
static sg_tensor *kept_demodulation(const sg_tensor *w, const sg_tensor *styles, bool normalized)
{
    const int64_t *size = w->shape.size;
    sg_demodulation_shape shape = {.samples = styles->shape.size[0],
                                   .out = size[0],
                                   .in = size[1],
                                   .taps = size[2] * size[3],
                                   .normalized = normalized};
    void *temporary = NULL;
    size_t bytes = (size_t)(size[0] * size[1]) * sizeof(float);
    const float *energy =
        sg_packed_weights(w, energy_key, bytes, pack_energy, &w->shape, 1, &temporary);
    if (!energy)
        return NULL;
    sg_tensor *factors = sg_tensor_create(w->context, SG_F32, SG_SHAPE(shape.samples, shape.out));
    if (factors && !sg_is_hollow(w->context))
        sg_demodulation_factors(&shape, sg_f32(styles), energy, sg_f32(factors));
    sg_pool_release(w->context->pool, temporary);
    return factors;
}

/* Returns the relative epsilon to add to [N, O]; `energy` [O, I] is of weights with `taps` taps. */
static sg_tensor *relative_epsilon(sg_tensor *energy, sg_tensor *squares, int64_t taps)
{
    int64_t out = energy->shape.size[0];
    int64_t in = energy->shape.size[1];
    sg_tensor *weights = sg_reshape(sg_sum(energy, SG_SHAPE(out, 1)), SG_SHAPE(1, out));
    weights = sg_affine(weights, 1e-8 / (double)(in * taps), 0);
    return sg_multiply(weights, sg_mean(squares, SG_SHAPE(1, 1)));
}

sg_tensor *sg_demodulation(sg_tensor *w, sg_tensor *styles, bool normalized)
{
    if (!sg_check_rank("demodulation", w, 4) || !sg_check_rank("demodulation", styles, 2))
        return NULL;
    bool fits = w->dtype == styles->dtype && w->shape.size[1] == styles->shape.size[1];
    if (!w->context->recording && w->dtype == SG_F32 && fits)
        return kept_demodulation(w, styles, normalized);
    size_t scope = sg_scope_open(w->context);
    int64_t out = w->shape.size[0];
    int64_t in = w->shape.size[1];
    sg_tensor *energy = sg_sum_product(w, w, SG_SHAPE(out, in, 1, 1));
    energy = sg_reshape(energy, SG_SHAPE(out, in));
    sg_tensor *squares = sg_multiply(styles, styles);
    sg_tensor *power = sg_matmul(squares, false, energy, true, 1);
    if (energy && squares && normalized)
        power =
            sg_add(power, relative_epsilon(energy, squares, w->shape.size[2] * w->shape.size[3]));
    else
        power = sg_affine(power, 1, 1e-8);
    return sg_scope_close(w->context, scope, sg_power(power, -0.5));
}
