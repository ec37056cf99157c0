/*
 * Attention: one kernel forward. Backward it is taken apart into heads, so that the scores, which
 * are as many as the tokens squared, are not kept on the tape, and made of ops.
 */
#include "ops/transformer/attention.h"

#include <math.h>

#include "kernels/product/matmul.h"
#include "kernels/transformer/attention.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/op_table.h"
#include "ops/reduce.h"

/* ---- products ---- */

typedef struct product_attributes {
    double alpha;
    bool transpose_a, transpose_b;
} product_attributes;

/* Multiplies matrix after matrix. */
static sg_status multiply_all(int64_t count, const sg_matmul_shape *shape, const sg_tensor *a,
                              const sg_tensor *b, const sg_tensor *c)
{
    const int64_t a_step = shape->rows * shape->inner;
    const int64_t b_step = shape->inner * shape->columns;
    const int64_t c_step = shape->rows * shape->columns;
    sg_status status = SG_OK;
    if (sg_is_hollow(a->context))
        return SG_OK;
    for (int64_t i = 0; i < count && !status; i++)
        if (!sg_takes_fast_kernels(a))
            SG_BY_DTYPE(a, sg_matmul_reference,
                        (shape, sg_values_at(a, i * a_step), sg_values_at(b, i * b_step),
                         sg_values_at(c, i * c_step)));
        else
            status = sg_matmul_f32(shape, sg_f32(a) + i * a_step, sg_f32(b) + i * b_step,
                                   sg_f32(c) + i * c_step);
    return status;
}

sg_tensor *sg_batch_matmul(sg_tensor *a, bool transpose_a, sg_tensor *b, bool transpose_b,
                           double alpha)
{
    sg_tensor *inputs[] = {a, b};
    if (!sg_check_inputs("batch_matmul", inputs, 2) || !sg_check_rank("batch_matmul", a, 3) ||
        !sg_check_rank("batch_matmul", b, 3))
        return NULL;
    const sg_matmul_shape shape = {.rows = a->shape.size[transpose_a ? 2 : 1],
                                   .columns = b->shape.size[transpose_b ? 1 : 2],
                                   .inner = a->shape.size[transpose_a ? 1 : 2],
                                   .transpose_a = transpose_a,
                                   .transpose_b = transpose_b,
                                   .alpha = alpha};
    const int64_t count = a->shape.size[0];
    if (b->shape.size[transpose_b ? 2 : 1] != shape.inner || b->shape.size[0] != count)
        return sg_shape_mismatch("batch_matmul", a, b);
    sg_tensor *c =
        sg_tensor_create(a->context, a->dtype, SG_SHAPE(count, shape.rows, shape.columns));
    if (!c)
        return NULL;
    const sg_status status = multiply_all(count, &shape, a, b, c);
    if (status)
        return sg_kernel_failed("batch_matmul", a->context, status);
    const product_attributes attributes = {alpha, transpose_a, transpose_b};
    return sg_tape_record(&sg_op_batch_matmul, &attributes, sizeof attributes, inputs, c);
}

/* As that of sg_matmul. */
static void backward_batch_matmul(sg_backward *call)
{
    const product_attributes *at = call->attributes;
    const bool ta = at->transpose_a;
    const bool tb = at->transpose_b;
    sg_tensor *a = call->inputs[0];
    sg_tensor *b = call->inputs[1];
    sg_tensor *g = call->gradient;
    if (call->wanted[0])
        call->results[0] = ta ? sg_batch_matmul(b, tb, g, true, at->alpha)
                              : sg_batch_matmul(g, false, b, !tb, at->alpha);
    if (call->wanted[1])
        call->results[1] = tb ? sg_batch_matmul(g, true, a, ta, at->alpha)
                              : sg_batch_matmul(a, !ta, g, false, at->alpha);
}

const sg_op sg_op_batch_matmul = {
    "batch_matmul", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_batch_matmul};

/* ---- softmax ---- */

sg_tensor *sg_softmax(sg_tensor *x, bool causal)
{
    if (!sg_check_inputs("softmax", &x, 1) || !sg_check_rank("softmax", x, 3))
        return NULL;
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    const int64_t period = causal ? x->shape.size[1] : 0;
    SG_BY_DTYPE(x, sg_softmax,
                (x->shape.size[0] * x->shape.size[1], x->shape.size[2], period, sg_values(x),
                 sg_values(y)));
    return sg_tape_record(&sg_op_softmax, NULL, 0, &x, y);
}

/* Returns the gradient of x from that of y = softmax(x): y (g - sum of g y). Where y is 0 by
 * causality, so is the result. */
static sg_tensor *softmax_gradient(sg_tensor *gradient, sg_tensor *y)
{
    if (!gradient || !y)
        return NULL;
    const sg_shape rows = SG_SHAPE(y->shape.size[0], y->shape.size[1], 1);
    return sg_multiply(y, sg_subtract(gradient, sg_sum_product(gradient, y, rows)));
}

static void backward_softmax(sg_backward *call)
{
    call->results[0] = softmax_gradient(call->gradient, call->output);
}

const sg_op sg_op_softmax = {"softmax", 1, {SG_READS_OUTPUT}, backward_softmax};

/* ---- attention ---- */

typedef struct attention_attributes {
    int64_t heads;
    bool causal;
} attention_attributes;

/* Runs the kernel; false (error in the context) on failure. */
static bool run_attention(const sg_attention_shape *shape, const sg_tensor *qkv, const sg_tensor *y)
{
    sg_context *context = qkv->context;
    if (sg_is_hollow(context))
        return true;
    sg_storage *scratch = sg_storage_create(context, (size_t)sg_attention_scratch(shape) *
                                                         sg_dtype_bytes(qkv->dtype));
    sg_status status = SG_OK;
    if (!scratch) {
        sg_context_fail_memory(context, "the scores of attention");
        return false;
    }
    if (sg_takes_fast_kernels(qkv))
        status = sg_attention_f32(shape, sg_f32(qkv), sg_f32(y), scratch->data);
    else
        SG_BY_DTYPE(qkv, sg_attention_reference,
                    (shape, sg_values(qkv), sg_values(y), scratch->data));
    sg_storage_release(scratch);
    if (status)
        sg_kernel_failed("attention", context, status);
    return !status;
}

sg_tensor *sg_attention(sg_tensor *qkv, int64_t heads, bool causal)
{
    if (!sg_check_inputs("attention", &qkv, 1) || !sg_check_rank("attention", qkv, 3))
        return NULL;
    const int64_t *size = qkv->shape.size;
    if (heads < 1 || size[2] % (3 * heads) != 0)
        return sg_context_fail(qkv->context, SG_ERROR_SHAPE,
                               "attention: %lld values of a token are not queries, keys and values "
                               "of %lld heads",
                               (long long)size[2], (long long)heads);
    const sg_attention_shape shape = {size[0], size[1], heads, size[2] / 3 / heads, causal};
    sg_tensor *y =
        sg_tensor_create(qkv->context, qkv->dtype, SG_SHAPE(size[0], size[1], size[2] / 3));
    if (!y || !run_attention(&shape, qkv, y))
        return NULL;
    const attention_attributes attributes = {heads, causal};
    return sg_tape_record(&sg_op_attention, &attributes, sizeof attributes, &qkv, y);
}

/* Returns [N * heads, T, width] of x [N, T, parts * heads * width], one of its parts. */
static sg_tensor *heads_of(sg_tensor *x, int part, int parts, int64_t heads)
{
    static const int axes[] = {0, 2, 1, 3};
    if (!x)
        return NULL;
    const int64_t n = x->shape.size[0];
    const int64_t tokens = x->shape.size[1];
    const int64_t columns = x->shape.size[2] / parts;
    sg_tensor *one = parts > 1 ? sg_slice(x, 2, part * columns, columns) : x;
    one = sg_permute(sg_reshape(one, SG_SHAPE(n, tokens, heads, columns / heads)), axes);
    return sg_reshape(one, SG_SHAPE(n * heads, tokens, columns / heads));
}

/* Returns [N, T, heads * width] of [N * heads, T, width]. */
static sg_tensor *join_heads(sg_tensor *x, int64_t heads)
{
    static const int axes[] = {0, 2, 1, 3};
    if (!x)
        return NULL;
    const int64_t n = x->shape.size[0] / heads;
    const int64_t tokens = x->shape.size[1];
    const int64_t width = x->shape.size[2];
    sg_tensor *apart = sg_permute(sg_reshape(x, SG_SHAPE(n, heads, tokens, width)), axes);
    return sg_reshape(apart, SG_SHAPE(n, tokens, heads * width));
}

/* With p = softmax(a q k^T): dv = p^T dy, ds = softmax's of dy v^T, dq = a ds k, dk = a ds^T q. */
static void backward_attention(sg_backward *call)
{
    const attention_attributes *at = call->attributes;
    const int64_t heads = at->heads;
    sg_tensor *q = heads_of(call->inputs[0], 0, 3, heads);
    sg_tensor *k = heads_of(call->inputs[0], 1, 3, heads);
    sg_tensor *v = heads_of(call->inputs[0], 2, 3, heads);
    sg_tensor *g = heads_of(call->gradient, 0, 1, heads);
    if (!q || !g)
        return;
    const double scale = 1 / sqrt((double)q->shape.size[2]);
    sg_tensor *p = sg_softmax(sg_batch_matmul(q, false, k, true, scale), at->causal);
    sg_tensor *ds = softmax_gradient(sg_batch_matmul(g, false, v, true, 1), p);
    sg_tensor *dq = join_heads(sg_batch_matmul(ds, false, k, false, scale), heads);
    sg_tensor *dk = join_heads(sg_batch_matmul(ds, true, q, false, scale), heads);
    sg_tensor *dv = join_heads(sg_batch_matmul(p, true, g, false, 1), heads);
    call->results[0] = sg_concatenate(sg_concatenate(dq, dk, 2), dv, 2);
}

const sg_op sg_op_attention = {"attention", 1, {SG_READS_INPUT(0)}, backward_attention};
