/*
 * The choice of a kernel for each convolution, and the plans. Most 3x3 convolutions use Winograd's
 * algorithm (winograd_shape.h), unless the engine is exact; weight gradients are matrix products
 * where oneDNN is slower; all else is oneDNN's, or in builds without it the direct kernel's.
 */
#include "kernels/convolution/convolution.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "kernels/convolution/by_onednn.h"
#include "kernels/convolution/direct.h"
#include "kernels/convolution/gemm.h"
#include "kernels/convolution/winograd_shape.h"

typedef enum method { BY_ONEDNN, BY_DIRECT, BY_GEMM, BY_WINOGRAD } method;

struct sg_convolution_plan {
    struct sg_convolution_plan *next;
    sg_convolution_shape shape;
    sg_convolution_direction direction;
    method method;
    sg_winograd_shape winograd;    /* of BY_WINOGRAD */
    sg_onednn_convolution *onednn; /* of BY_ONEDNN */
    uint64_t layout;               /* a hash of the packed weights' layout */
};

enum { BUCKETS = 256 };

struct sg_convolution_engine {
    sg_onednn_engine *onednn; /* NULL in builds without it */
    bool weights_by_gemm, exact;
    sg_convolution_plan *plans[BUCKETS];
};

sg_status sg_convolution_engine_create(bool exact, sg_convolution_engine **engine)
{
    *engine = sg_allocate(1, sizeof **engine);
    if (!*engine)
        return SG_ERROR_MEMORY;
    (*engine)->exact = exact;
    (*engine)->weights_by_gemm = !sg_onednn_is_quick_at_weights();
    if (!sg_onednn_is_built_in())
        return SG_OK;
    const sg_status status = sg_onednn_engine_create(&(*engine)->onednn);
    if (status) {
        free(*engine);
        *engine = NULL;
    }
    return status;
}

static void plan_destroy(sg_convolution_plan *plan)
{
    sg_onednn_convolution_destroy(plan->onednn);
    free(plan);
}

void sg_convolution_engine_destroy(sg_convolution_engine *engine)
{
    if (!engine)
        return;
    for (int i = 0; i < BUCKETS; i++)
        while (engine->plans[i]) {
            sg_convolution_plan *plan = engine->plans[i];
            engine->plans[i] = plan->next;
            plan_destroy(plan);
        }
    sg_onednn_engine_destroy(engine->onednn);
    free(engine);
}

static method choose_method(const sg_convolution_engine *engine, const sg_convolution_shape *shape,
                            sg_convolution_direction direction)
{
    if (direction == SG_BACKWARD_WEIGHTS && engine->weights_by_gemm && shape->groups == 1)
        return BY_GEMM;
    if (direction != SG_BACKWARD_WEIGHTS && !engine->exact && !shape->direct &&
        sg_convolution_suits_winograd(shape, direction))
        return BY_WINOGRAD;
    return engine->onednn ? BY_ONEDNN : BY_DIRECT;
}

/* Returns a hash of how the method lays packed weights out. */
static uint64_t layout_of(const sg_convolution_plan *plan)
{
    const sg_convolution_shape *s = &plan->shape;
    if (plan->method == BY_ONEDNN)
        return sg_onednn_convolution_layout(plan->onednn);
    const int64_t sizes[] = {plan->direction, plan->method == BY_DIRECT, s->in_channels,
                             s->out_channels, s->groups};
    return sg_hash_bytes(sg_hash_start, sizes, sizeof sizes);
}

static sg_status plan_create(sg_convolution_engine *engine, const sg_convolution_shape *shape,
                             sg_convolution_direction direction, sg_convolution_plan **created)
{
    sg_convolution_plan *plan = sg_allocate(1, sizeof *plan);
    sg_status status = SG_OK;
    *created = NULL;
    if (!plan)
        return SG_ERROR_MEMORY;
    plan->shape = *shape;
    plan->direction = direction;
    plan->method = choose_method(engine, shape, direction);
    if (plan->method == BY_WINOGRAD)
        plan->winograd = sg_convolution_winograd_shape(shape, direction);
    if (plan->method == BY_ONEDNN)
        status =
            sg_onednn_convolution_create(engine->onednn, shape, direction, false, &plan->onednn);
    if (status) {
        plan_destroy(plan);
        return status;
    }
    plan->layout = layout_of(plan);
    *created = plan;
    return SG_OK;
}

sg_status sg_convolution_plan_get(sg_convolution_engine *engine, const sg_convolution_shape *shape,
                                  sg_convolution_direction direction, sg_convolution_plan **found)
{
    uint64_t hash = sg_hash_bytes(sg_hash_start + (uint64_t)direction, shape, sizeof *shape);
    sg_convolution_plan **bucket = &engine->plans[hash % BUCKETS];
    for (*found = *bucket; *found; *found = (*found)->next)
        if ((*found)->direction == direction && memcmp(&(*found)->shape, shape, sizeof *shape) == 0)
            return SG_OK;
    const sg_status status = plan_create(engine, shape, direction, found);
    if (status)
        return status;
    (*found)->next = *bucket;
    *bucket = *found;
    return SG_OK;
}

uint64_t sg_convolution_pack_key(const sg_convolution_plan *plan, double gain)
{
    /* One layout may be filled from either order of the plain weights. */
    uint64_t key = sg_hash_bytes(plan->layout, &plan->shape.swapped_weights,
                                 sizeof plan->shape.swapped_weights);
    return sg_hash_bytes(key, &gain, sizeof gain);
}

size_t sg_convolution_packed_bytes(const sg_convolution_plan *plan)
{
    switch (plan->method) {
    case BY_WINOGRAD:
        return sg_winograd_packed_bytes(plan->winograd.in_channels, plan->winograd.out_channels);
    case BY_ONEDNN:
        return sg_onednn_convolution_sizes(plan->onednn).w;
    default:
        return sg_convolution_direct_count(&plan->shape) * sizeof(float);
    }
}

/* Where a weight gradient of oneDNN's layout ends in the scratch, aligned. */
static size_t aligned_bytes(const sg_convolution_plan *plan)
{
    return (sg_convolution_packed_bytes(plan) + 63) / 64 * 64;
}

size_t sg_convolution_scratch_bytes(const sg_convolution_plan *plan)
{
    const bool of_weights = plan->direction == SG_BACKWARD_WEIGHTS;
    switch (plan->method) {
    case BY_GEMM:
        return sg_convolution_gemm_scratch_bytes(&plan->shape);
    case BY_WINOGRAD:
        return sg_winograd_scratch_bytes(&plan->winograd);
    case BY_ONEDNN:
        return sg_onednn_convolution_sizes(plan->onednn).scratch + 1 +
               (of_weights ? aligned_bytes(plan) : 0);
    default:
        return of_weights ? sg_convolution_packed_bytes(plan) : 1;
    }
}

typedef struct scaling {
    float gain;
    float *values;
} scaling;

static void scale_range(size_t begin, size_t end, void *argument)
{
    const scaling *job = argument;
    for (size_t i = begin; i < end; i++)
        job->values[i] *= job->gain;
}

static void scale(double gain, float *values, size_t bytes)
{
    scaling job = {(float)gain, values};
    if (job.gain != 1)
        sg_parallel_for(bytes / sizeof(float), 1 << 16, scale_range, &job);
}

sg_status sg_convolution_pack(const sg_convolution_plan *plan, double gain, const float *weights,
                              void *packed)
{
    if (plan->method == BY_WINOGRAD)
        sg_winograd_pack(&plan->winograd, gain, weights, packed);
    if (plan->method == BY_DIRECT)
        sg_convolution_direct_pack_f32(&plan->shape, plan->direction, gain, weights, packed);
    if (plan->method != BY_ONEDNN)
        return SG_OK;
    const sg_status status = sg_onednn_convolution_pack(plan->onednn, weights, packed);
    if (!status)
        scale(gain, packed, sg_convolution_packed_bytes(plan));
    return status;
}

bool sg_convolution_fuses(const sg_convolution_plan *plan)
{
    return plan->method == BY_WINOGRAD;
}

sg_status sg_convolution_run(sg_convolution_plan *plan, const void *packed, const float *source,
                             float *result, void *scratch, const sg_fused_pass *pass)
{
    const bool forward = plan->direction == SG_FORWARD;
    const sg_onednn_operands operands = {.x = forward ? source : result,
                                         .w = packed,
                                         .y = forward ? result : source,
                                         .scratch = scratch};
    if (plan->method == BY_WINOGRAD)
        sg_winograd_run(&plan->winograd, packed, source, result, scratch, pass);
    if (plan->method == BY_DIRECT)
        sg_convolution_direct_f32(&plan->shape, plan->direction, source, packed, result);
    return plan->method == BY_ONEDNN ? sg_onednn_convolution_run(plan->onednn, &operands) : SG_OK;
}

static sg_status run_weights_by_onednn(sg_convolution_plan *plan, double gain, const float *x,
                                       const float *y, float *weights, void *scratch)
{
    const sg_onednn_operands operands = {
        .x = x, .w = scratch, .y = y, .scratch = (char *)scratch + aligned_bytes(plan)};
    sg_status status = sg_onednn_convolution_run(plan->onednn, &operands);
    if (!status)
        status = sg_onednn_convolution_unpack(plan->onednn, scratch, weights);
    if (!status)
        scale(gain, weights, sg_convolution_direct_count(&plan->shape) * sizeof *weights);
    return status;
}

sg_status sg_convolution_run_weights(sg_convolution_plan *plan, double gain, const float *x,
                                     const float *y, float *weights, void *scratch)
{
    if (plan->method == BY_GEMM)
        return sg_convolution_gemm_weights(&plan->shape, gain, x, y, weights, scratch);
    if (plan->method == BY_ONEDNN)
        return run_weights_by_onednn(plan, gain, x, y, weights, scratch);
    sg_convolution_direct_weights_f32(&plan->shape, gain, x, y, weights, scratch);
    return SG_OK;
}
