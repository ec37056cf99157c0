/* Ops that move values: each is a strided copy, and its gradient another. */
#include "ops/layout.h"

#include <string.h>

#include "kernels/elementwise/elementwise.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

sg_tensor *sg_reshape(sg_tensor *x, sg_shape shape)
{
    if (!sg_check_inputs("reshape", &x, 1))
        return NULL;
    return sg_tape_record(&sg_op_reshape, NULL, 0, &x, sg_tensor_view(x, shape));
}

static void backward_reshape(sg_backward *call)
{
    call->results[0] = sg_reshape(call->gradient, call->input_shapes[0]);
}

const sg_op sg_op_reshape = {"reshape", 1, {0}, backward_reshape};

/* Returns a dense tensor of `shape` that reads x from `offset` on with `strides`. */
static sg_tensor *gather(sg_tensor *x, sg_shape shape, const int64_t *strides, int64_t offset)
{
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, shape);
    if (!y)
        return NULL;
    sg_strided loop = {.rank = shape.rank, .operands = 1};
    for (int d = 0; d < shape.rank; d++) {
        loop.size[d] = shape.size[d];
        loop.stride[0][d] = strides[d];
    }
    sg_strided_collapse(&loop);
    SG_BY_DTYPE(x, sg_strided_copy, (&loop, sg_values_at(x, offset), sg_values(y)));
    return y;
}

/* Writes x into y along one axis from position `start` on. */
static void scatter(const sg_tensor *x, sg_tensor *y, int axis, int64_t start)
{
    int64_t strides[SG_MAX_RANK];
    sg_strided loop = {.rank = x->shape.rank, .operands = 1};
    int64_t stride = 1;
    for (int d = y->shape.rank - 1; d >= 0; d--) {
        strides[d] = stride;
        stride *= y->shape.size[d];
    }
    for (int d = 0; d < x->shape.rank; d++) {
        loop.size[d] = x->shape.size[d];
        loop.stride[0][d] = strides[d];
    }
    sg_strided_collapse(&loop);
    SG_BY_DTYPE(x, sg_strided_scatter,
                (&loop, sg_values(x), sg_values_at(y, start * strides[axis])));
}

typedef struct permute_attributes {
    int axes[SG_MAX_RANK];
} permute_attributes;

/* True if `axes` names each axis of x once; fails otherwise. */
static bool check_order(sg_tensor *x, const int *axes)
{
    unsigned seen = 0;
    for (int d = 0; d < x->shape.rank; d++) {
        if (!sg_check_axis("permute", x, axes[d]))
            return false;
        seen |= 1u << axes[d];
    }
    if (seen == (1u << x->shape.rank) - 1)
        return true;
    sg_context_fail(x->context, SG_ERROR_SHAPE, "permute: an axis is named twice");
    return false;
}

sg_tensor *sg_permute(sg_tensor *x, const int *axes)
{
    if (!sg_check_inputs("permute", &x, 1) || !check_order(x, axes))
        return NULL;
    permute_attributes attributes = {{0}};
    int64_t own[SG_MAX_RANK];
    int64_t strides[SG_MAX_RANK];
    sg_shape shape = x->shape;
    sg_dense_strides(&x->shape, own);
    for (int d = 0; d < shape.rank; d++) {
        attributes.axes[d] = axes[d];
        shape.size[d] = x->shape.size[axes[d]];
        strides[d] = own[axes[d]];
    }
    sg_tensor *y = gather(x, shape, strides, 0);
    return sg_tape_record(&sg_op_permute, &attributes, sizeof attributes, &x, y);
}

static void backward_permute(sg_backward *call)
{
    const permute_attributes *attributes = call->attributes;
    int inverse[SG_MAX_RANK];
    for (int d = 0; d < call->input_shapes[0].rank; d++)
        inverse[attributes->axes[d]] = d;
    call->results[0] = sg_permute(call->gradient, inverse);
}

const sg_op sg_op_permute = {"permute", 1, {0}, backward_permute};

sg_tensor *sg_to_channels_last(sg_tensor *x)
{
    return sg_check_rank("to_channels_last", x, 4) ? sg_permute(x, (int[]){0, 2, 3, 1}) : NULL;
}

sg_tensor *sg_to_channels_first(sg_tensor *x)
{
    return sg_check_rank("to_channels_first", x, 4) ? sg_permute(x, (int[]){0, 3, 1, 2}) : NULL;
}

typedef struct range_attributes {
    int64_t start, length; /* of a slice; zeros before and after of a pad */
    int axis;
} range_attributes;

sg_tensor *sg_slice(sg_tensor *x, int axis, int64_t start, int64_t length)
{
    if (!sg_check_inputs("slice", &x, 1) || !sg_check_axis("slice", x, axis))
        return NULL;
    if (start < 0 || length < 0 || start > x->shape.size[axis] - length)
        return sg_context_fail(x->context, SG_ERROR_SHAPE,
                               "slice: %lld positions from %lld of an axis of size %lld",
                               (long long)length, (long long)start, (long long)x->shape.size[axis]);
    int64_t strides[SG_MAX_RANK];
    sg_shape shape = x->shape;
    sg_dense_strides(&x->shape, strides);
    shape.size[axis] = length;
    range_attributes attributes = {start, length, axis};
    sg_tensor *y = gather(x, shape, strides, start * strides[axis]);
    return sg_tape_record(&sg_op_slice, &attributes, sizeof attributes, &x, y);
}

static void backward_slice(sg_backward *call)
{
    const range_attributes *at = call->attributes;
    int64_t size = call->input_shapes[0].size[at->axis];
    call->results[0] = sg_pad(call->gradient, at->axis, at->start, size - at->start - at->length);
}

const sg_op sg_op_slice = {"slice", 1, {0}, backward_slice};

sg_tensor *sg_pad(sg_tensor *x, int axis, int64_t before, int64_t after)
{
    if (!sg_check_inputs("pad", &x, 1) || !sg_check_axis("pad", x, axis))
        return NULL;
    if (before < 0 || after < 0)
        return sg_context_fail(x->context, SG_ERROR_SHAPE, "pad: a negative number of zeros");
    sg_shape shape = x->shape;
    shape.size[axis] += before + after;
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, shape);
    if (!y)
        return NULL;
    if (y->storage->data)
        memset(y->storage->data, 0, y->storage->bytes);
    scatter(x, y, axis, before);
    range_attributes attributes = {before, after, axis};
    return sg_tape_record(&sg_op_pad, &attributes, sizeof attributes, &x, y);
}

static void backward_pad(sg_backward *call)
{
    const range_attributes *at = call->attributes;
    call->results[0] =
        sg_slice(call->gradient, at->axis, at->start, call->input_shapes[0].size[at->axis]);
}

const sg_op sg_op_pad = {"pad", 1, {0}, backward_pad};

sg_tensor *sg_concatenate(sg_tensor *a, sg_tensor *b, int axis)
{
    sg_tensor *inputs[] = {a, b};
    if (!sg_check_inputs("concatenate", inputs, 2) || !sg_check_axis("concatenate", a, axis))
        return NULL;
    sg_shape shape = a->shape;
    shape.size[axis] = b->shape.size[axis];
    if (!sg_shape_equal(&shape, &b->shape))
        return sg_shape_mismatch("concatenate", a, b);
    shape.size[axis] += a->shape.size[axis];
    sg_tensor *y = sg_tensor_create(a->context, a->dtype, shape);
    if (!y)
        return NULL;
    scatter(a, y, axis, 0);
    scatter(b, y, axis, a->shape.size[axis]);
    return sg_tape_record(&sg_op_concatenate, &axis, sizeof axis, inputs, y);
}

static void backward_concatenate(sg_backward *call)
{
    int axis = *(const int *)call->attributes;
    int64_t first = call->input_shapes[0].size[axis];
    int64_t second = call->input_shapes[1].size[axis];
    if (call->wanted[0])
        call->results[0] = sg_slice(call->gradient, axis, 0, first);
    if (call->wanted[1])
        call->results[1] = sg_slice(call->gradient, axis, first, second);
}

const sg_op sg_op_concatenate = {"concatenate", 2, {0, 0}, backward_concatenate};

sg_tensor *sg_flip(sg_tensor *x, unsigned axes)
{
    if (!sg_check_inputs("flip", &x, 1))
        return NULL;
    int64_t strides[SG_MAX_RANK];
    int64_t offset = 0;
    sg_dense_strides(&x->shape, strides);
    for (int d = 0; d < x->shape.rank; d++) {
        if (!(axes >> d & 1u))
            continue;
        offset += (x->shape.size[d] - 1) * strides[d];
        strides[d] = -strides[d];
    }
    sg_tensor *y = gather(x, x->shape, strides, offset);
    return sg_tape_record(&sg_op_flip, &axes, sizeof axes, &x, y);
}

static void backward_flip(sg_backward *call)
{
    call->results[0] = sg_flip(call->gradient, *(const unsigned *)call->attributes);
}

const sg_op sg_op_flip = {"flip", 1, {0}, backward_flip};
