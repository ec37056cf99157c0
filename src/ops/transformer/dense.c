/*
 * Linear layers of transformers. A parameter's weights are packed once, for x w^T and, when a
 * gradient asks for it, for the product with the transposed weights.
 */
#include "ops/transformer/dense.h"

#include "kernels/elementwise/activation.h"
#include "kernels/product/matmul.h"
#include "kernels/transformer/dense.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/convolution/packed_weights.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/op_table.h"
#include "ops/reduce.h"

/* Fewer rows do not repay the packing of weights that are read once. */
enum { LEAST_ROWS = 2, LEAST_WIDTH = 16 };

typedef struct dense_attributes {
    bool turned; /* w is [in, out] */
} dense_attributes;

/* What packs weights. */
typedef struct pack_job {
    sg_dense_shape shape;
    bool turned;
} pack_job;

static sg_status pack(const void *job, double gain, const float *weights, void *packed)
{
    const pack_job *j = job;
    (void)gain;
    return sg_dense_pack(&j->shape, j->turned, weights, packed) ? SG_OK : SG_ERROR_MEMORY;
}

/* True if the kernel with packed weights suits the operands. */
static bool takes_kernel(const sg_tensor *w, const sg_dense_shape *shape)
{
    return sg_takes_fast_kernels(w) && w->storage->keeps_packed && shape->rows >= LEAST_ROWS &&
           shape->depth >= LEAST_WIDTH && shape->columns >= LEAST_WIDTH;
}

/* Runs the kernel; false (error in the context) on lack of memory. */
static bool run_kernel(const pack_job *job, const sg_tensor *x, const sg_tensor *w,
                       const sg_tensor *bias, const sg_tensor *y)
{
    sg_context *context = x->context;
    void *temporary = NULL;
    const uint64_t key =
        UINT64_C(0x64656E7365) << 2 | (uint64_t)job->turned << 1 | (uint64_t)job->shape.split;
    const void *packed =
        sg_packed_weights(w, key, sg_dense_packed_bytes(&job->shape), pack, job, 1, &temporary);
    sg_storage *scratch =
        packed ? sg_storage_create(context, sg_dense_scratch_bytes(&job->shape)) : NULL;
    if (scratch && !sg_is_hollow(context))
        sg_dense_run(&job->shape, packed, bias ? sg_f32(bias) : NULL, sg_f32(x), sg_f32(y),
                     scratch->data);
    if (!scratch)
        sg_context_fail_memory(context, "the weights of a linear layer");
    sg_storage_release(scratch);
    return scratch;
}

/* Multiplies, then adds the bias; false (error in the context) on failure. */
static bool run_plain(const pack_job *job, const sg_tensor *x, const sg_tensor *w,
                      const sg_tensor *bias, const sg_tensor *y)
{
    const sg_matmul_shape shape = {.rows = job->shape.rows,
                                   .columns = job->shape.columns,
                                   .inner = job->shape.depth,
                                   .transpose_b = !job->turned,
                                   .alpha = 1};
    const sg_bias_act_shape pass = {.samples = 1,
                                    .pixels = shape.rows,
                                    .channels = shape.columns,
                                    .kind = SG_LINEAR,
                                    .gain = 1,
                                    .clamp = -1};
    sg_status status = SG_OK;
    if (sg_is_hollow(x->context))
        return true;
    if (!sg_takes_fast_kernels(x))
        SG_BY_DTYPE(x, sg_matmul_reference, (&shape, sg_values(x), sg_values(w), sg_values(y)));
    else
        status = sg_matmul_f32(&shape, sg_f32(x), sg_f32(w), sg_f32(y));
    if (status) {
        sg_kernel_failed("linear", x->context, status);
        return false;
    }
    if (bias)
        SG_BY_DTYPE(x, sg_bias_act,
                    (&pass, sg_values(y), NULL, NULL, sg_values(bias), sg_values(y)));
    return true;
}

/* Returns x [rows, in] by w, plus bias. */
static sg_tensor *dense_rows(sg_tensor *x, sg_tensor *w, bool turned, sg_tensor *bias)
{
    sg_tensor *inputs[] = {x, w, bias};
    if (!sg_check_inputs("dense", inputs, bias ? 3 : 2) || !sg_check_rank("dense", x, 2) ||
        !sg_check_rank("dense", w, 2))
        return NULL;
    const int64_t depth = w->shape.size[turned ? 0 : 1];
    const int64_t columns = w->shape.size[turned ? 1 : 0];
    if (x->shape.size[1] != depth)
        return sg_shape_mismatch("dense", x, w);
    if (bias && (bias->shape.rank != 1 || bias->shape.size[0] != columns))
        return sg_shape_mismatch("dense", w, bias);
    const pack_job job = {
        .shape = sg_dense_shape_of(x->shape.size[0], depth, columns, x->context->exact),
        .turned = turned};
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, SG_SHAPE(x->shape.size[0], columns));
    if (!y || !(takes_kernel(w, &job.shape) ? run_kernel : run_plain)(&job, x, w, bias, y))
        return NULL;
    const dense_attributes attributes = {turned};
    return sg_tape_record(&sg_op_dense, &attributes, sizeof attributes, inputs, y);
}

/* dx = dy by the transposed weights, dw = dy^T x or its transpose, dbias = sum of dy. */
static void backward_dense(sg_backward *call)
{
    const dense_attributes *at = call->attributes;
    sg_tensor *g = call->gradient;
    if (call->wanted[0])
        call->results[0] = dense_rows(g, call->inputs[1], !at->turned, NULL);
    if (call->wanted[1])
        call->results[1] = at->turned ? sg_matmul(call->inputs[0], true, g, false, 1)
                                      : sg_matmul(g, true, call->inputs[0], false, 1);
    if (call->wanted[2])
        call->results[2] = sg_sum(g, call->input_shapes[2]);
}

const sg_op sg_op_dense = {"dense", 3, {SG_READS_INPUT(1), SG_READS_INPUT(0), 0}, backward_dense};

sg_tensor *sg_dense(sg_tensor *x, sg_tensor *w, sg_tensor *bias)
{
    sg_tensor *inputs[] = {x, w};
    if (!sg_check_inputs("dense", inputs, 2) || !sg_check_axis("dense", x, x->shape.rank - 1))
        return NULL;
    sg_shape shape = x->shape;
    const int64_t columns = shape.size[shape.rank - 1];
    const int64_t rows = columns > 0 ? sg_tensor_count(x) / columns : 0;
    shape.size[shape.rank - 1] = w->shape.size[0];
    return sg_reshape(dense_rows(sg_reshape(x, SG_SHAPE(rows, columns)), w, false, bias), shape);
}
