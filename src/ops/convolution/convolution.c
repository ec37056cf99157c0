/* Convolution and its adjoints: checks, the choice between plan and reference, derivatives. */
#include "ops/convolution/convolution.h"

#include <string.h>

#include "kernels/convolution/direct.h"
#include "kernels/convolution/reference.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/convolution/packed_weights.h"
#include "ops/convolution/plan.h"
#include "ops/op_table.h"

static bool run_weights_plan(const sg_convolution_shape *shape, double gain, const sg_tensor *x,
                             const sg_tensor *y, sg_tensor *w)
{
    sg_context *context = w->context;
    sg_convolution_plan *plan = sg_convolution_find_plan(context, shape, SG_BACKWARD_WEIGHTS);
    if (!plan)
        return false;
    void *scratch = sg_pool_scratch(context->pool, sg_convolution_scratch_bytes(plan));
    sg_status status = scratch ? SG_OK : SG_ERROR_MEMORY;
    if (!status && !sg_is_hollow(context))
        status = sg_convolution_run_weights(plan, gain, sg_f32(x), sg_f32(y), sg_f32(w), scratch);
    if (status)
        sg_kernel_failed("gradient of a convolution's weights", context, status);
    return !status;
}

/* The packing of weights in double, as a job. */
typedef struct double_packing {
    const sg_convolution_shape *shape;
    sg_convolution_direction direction;
} double_packing;

static sg_status pack_doubles(const void *job, double gain, const float *weights, void *packed)
{
    const double_packing *packing = job;
    sg_convolution_direct_pack_f64(packing->shape, packing->direction, gain,
                                   (const double *)(const void *)weights, packed);
    return SG_OK;
}

/* Runs forward or backward data in double, with w packed and kept. */
static bool run_doubles(const sg_convolution_shape *shape, sg_convolution_direction direction,
                        double gain, const sg_tensor *from, const sg_tensor *w, sg_tensor *to)
{
    const double_packing packing = {shape, direction};
    const size_t bytes = sg_convolution_direct_count(shape) * sizeof(double);
    uint64_t key;
    void *temporary = NULL;
    memcpy(&key, &gain, sizeof key);
    key = key * 4 + (direction == SG_FORWARD ? 2 : 0) + (shape->swapped_weights ? 1 : 0);
    const double *packed =
        sg_packed_weights(w, key, bytes, pack_doubles, &packing, gain, &temporary);
    if (packed && !sg_is_hollow(to->context))
        sg_convolution_direct_f64(shape, direction, sg_f64(from), packed, sg_f64(to));
    sg_pool_release(to->context->pool, temporary);
    return packed;
}

/* In double; by the reference kernels where tests ask for them. */
static bool run_precise(const sg_convolution_shape *shape, sg_convolution_direction direction,
                        double gain, const sg_tensor *a, const sg_tensor *b, sg_tensor *result)
{
    sg_context *context = result->context;
    if (a->dtype != SG_F64 || context->reference_kernels) {
        SG_BY_DTYPE(a, sg_convolution_reference,
                    (shape, direction, gain, sg_values(a), sg_values(b), sg_values(result)));
        return true;
    }
    if (direction != SG_BACKWARD_WEIGHTS)
        return run_doubles(shape, direction, gain, a, b, result);
    double *scratch =
        sg_pool_scratch(context->pool, sg_convolution_direct_count(shape) * sizeof *scratch + 1);
    if (scratch && !sg_is_hollow(context))
        sg_convolution_direct_weights_f64(shape, gain, sg_f64(a), sg_f64(b), sg_f64(result),
                                          scratch);
    if (!scratch)
        sg_context_fail_memory(context, "gradient of a convolution's weights");
    return scratch;
}

static bool check_options(const sg_op *op, sg_context *context, const sg_convolution_options *o)
{
    bool padded = o->pad_top >= 0 && o->pad_left >= 0 && o->pad_bottom >= 0 && o->pad_right >= 0;
    if (padded && o->stride_y > 0 && o->stride_x > 0 && o->groups > 0 &&
        (o->groups == 1 || !o->swapped_weights))
        return true;
    sg_context_fail(context, SG_ERROR_ARGUMENT,
                    "%s: strides %d, %d and groups %d must be above 0, padding not below, and "
                    "swapped weights have one group only",
                    op->name, o->stride_y, o->stride_x, o->groups);
    return false;
}

static bool check_inputs(const sg_op *op, sg_tensor *const *inputs, const sg_convolution_options *o)
{
    return sg_check_inputs(op->name, inputs, 2) && sg_check_rank(op->name, inputs[0], 4) &&
           sg_check_rank(op->name, inputs[1], 4) && check_options(op, inputs[0]->context, o);
}

/* The shapes of x, w and y. */
typedef struct operand_shapes {
    sg_shape x, w, y;
} operand_shapes;

/* Computes x, w or y, as `direction` says, from the other two, and records `op`. */
static sg_tensor *compute(const sg_op *op, sg_convolution_direction direction,
                          sg_tensor *const *inputs, const operand_shapes *s,
                          const sg_convolution_options *o)
{
    const sg_tensor *a = inputs[0];
    const sg_tensor *b = inputs[1];
    const sg_shape results[] = {
        [SG_FORWARD] = s->y, [SG_BACKWARD_DATA] = s->x, [SG_BACKWARD_WEIGHTS] = s->w};
    sg_convolution_shape shape;
    if (!sg_convolution_kernel_shape(&s->x, &s->w, &s->y, o, &shape))
        return sg_shape_mismatch(op->name, a, b);
    sg_tensor *result = sg_tensor_create(a->context, a->dtype, results[direction]);
    if (!result)
        return NULL;
    bool done = true;
    if (!sg_takes_fast_kernels(a))
        done = run_precise(&shape, direction, o->gain, a, b, result);
    else if (direction == SG_BACKWARD_WEIGHTS)
        done = run_weights_plan(&shape, o->gain, a, b, result);
    else
        done = sg_convolution_run_plan(&shape, direction, o->gain, a, b, result, NULL);
    if (!done)
        return NULL;
    result->context->multiply_adds += sg_convolution_multiply_adds(&shape);
    return sg_tape_record(op, o, sizeof *o, inputs, result);
}

sg_tensor *sg_convolution(sg_tensor *x, sg_tensor *w, sg_convolution_options o)
{
    sg_tensor *inputs[] = {x, w};
    if (!check_inputs(&sg_op_convolution, inputs, &o))
        return NULL;
    const int64_t *in = x->shape.size;
    const int64_t *k = w->shape.size;
    sg_shape y = SG_SHAPE(in[0], (in[1] + o.pad_top + o.pad_bottom - k[2]) / o.stride_y + 1,
                          (in[2] + o.pad_left + o.pad_right - k[3]) / o.stride_x + 1,
                          sg_convolution_out_channels(&w->shape, &o));
    return compute(&sg_op_convolution, SG_FORWARD, inputs, &(operand_shapes){x->shape, w->shape, y},
                   &o);
}

sg_tensor *sg_convolution_transpose(sg_tensor *y, sg_tensor *w, int64_t height, int64_t width,
                                    sg_convolution_options o)
{
    sg_tensor *inputs[] = {y, w};
    if (!check_inputs(&sg_op_convolution_transpose, inputs, &o))
        return NULL;
    sg_shape x =
        SG_SHAPE(y->shape.size[0], height, width, sg_convolution_in_channels(&w->shape, &o));
    return compute(&sg_op_convolution_transpose, SG_BACKWARD_DATA, inputs,
                   &(operand_shapes){x, w->shape, y->shape}, &o);
}

sg_tensor *sg_convolution_weights(sg_tensor *x, sg_tensor *y, int64_t height, int64_t width,
                                  sg_convolution_options o)
{
    sg_tensor *inputs[] = {x, y};
    if (!check_inputs(&sg_op_convolution_weights, inputs, &o))
        return NULL;
    int64_t out = y->shape.size[3];
    int64_t in = x->shape.size[3] / o.groups;
    sg_shape w =
        o.swapped_weights ? SG_SHAPE(in, out, height, width) : SG_SHAPE(out, in, height, width);
    return compute(&sg_op_convolution_weights, SG_BACKWARD_WEIGHTS, inputs,
                   &(operand_shapes){x->shape, w, y->shape}, &o);
}

/* The sum over x, w and y is trilinear, so the derivatives are the other two ops. */
static void backward_convolution(sg_backward *call)
{
    sg_convolution_options o = *(const sg_convolution_options *)call->attributes;
    const int64_t *in = call->input_shapes[0].size;
    const int64_t *k = call->input_shapes[1].size;
    if (call->wanted[0])
        call->results[0] =
            sg_convolution_transpose(call->gradient, call->inputs[1], in[1], in[2], o);
    if (call->wanted[1])
        call->results[1] = sg_convolution_weights(call->inputs[0], call->gradient, k[2], k[3], o);
}

static void backward_convolution_transpose(sg_backward *call)
{
    sg_convolution_options o = *(const sg_convolution_options *)call->attributes;
    const int64_t *k = call->input_shapes[1].size;
    if (call->wanted[0])
        call->results[0] = sg_convolution(call->gradient, call->inputs[1], o);
    if (call->wanted[1])
        call->results[1] = sg_convolution_weights(call->gradient, call->inputs[0], k[2], k[3], o);
}

static void backward_convolution_weights(sg_backward *call)
{
    sg_convolution_options o = *(const sg_convolution_options *)call->attributes;
    const int64_t *in = call->input_shapes[0].size;
    if (call->wanted[0])
        call->results[0] =
            sg_convolution_transpose(call->inputs[1], call->gradient, in[1], in[2], o);
    if (call->wanted[1])
        call->results[1] = sg_convolution(call->inputs[0], call->gradient, o);
}

const sg_op sg_op_convolution = {
    "convolution", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_convolution};
const sg_op sg_op_convolution_transpose = {"convolution_transpose",
                                           2,
                                           {SG_READS_INPUT(1), SG_READS_INPUT(0)},
                                           backward_convolution_transpose};
const sg_op sg_op_convolution_weights = {
    "convolution_weights", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_convolution_weights};
