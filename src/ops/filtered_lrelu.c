/*
 * The filtered leaky ReLU and its adjoint. The tape keeps a mask: which elements lie right of zero
 * and which are not clamped. Given the mask, the adjoint is a linear op with the filters exchanged,
 * and the adjoint of that op is itself with the filters exchanged back.
 */
#include "ops/filtered_lrelu.h"

#include "kernels/resample/filtered_lrelu.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"
#include "ops/reduce.h"

enum { MAX_FACTOR = 256 };

/* Inputs of the op; its adjoint has the mask in the slot of the bias. */
enum { X, UP_FILTER, DOWN_FILTER, BIAS, MASK, INPUTS, ADJOINT_MASK = BIAS };

/* What a pass does along an axis. */
typedef struct axis_attributes {
    int pad;                   /* before the first pixel of the upsampled image */
    int out;                   /* length of the result */
    int mask_first, mask_size; /* position of the upsampled image in the mask; length of the mask */
} axis_attributes;

/* Attributes of the op or of its adjoint. */
typedef struct pass_attributes {
    int up, down;
    axis_attributes y, x;
    bool correlate;
    double gain, slope, clamp; /* the gain includes that of the upsampling */
} pass_attributes;

/* Returns a filter in the kernel's form; an absent one changes nothing. */
static sg_filter_taps taps_of(const sg_tensor *filter)
{
    if (!filter)
        return (sg_filter_taps){0};
    return (sg_filter_taps){.values = filter->storage->data,
                            .doubles = filter->dtype == SG_F64,
                            .height = filter->shape.size[0],
                            .width = filter->shape.rank == 2 ? filter->shape.size[1] : 0};
}

static sg_filtered_axis kernel_axis(const pass_attributes *at, const axis_attributes *axis,
                                    int64_t in, int64_t up_taps, int64_t down_taps)
{
    return (sg_filtered_axis){in,        axis->out, at->up,           at->down,       up_taps,
                              down_taps, axis->pad, axis->mask_first, axis->mask_size};
}

static sg_filtered_lrelu_shape kernel_shape(sg_tensor *const *inputs, const pass_attributes *at,
                                            sg_filtered_mode mode)
{
    const int64_t *size = inputs[X]->shape.size;
    sg_filter_taps up = taps_of(inputs[UP_FILTER]);
    sg_filter_taps down = taps_of(inputs[DOWN_FILTER]);
    return (sg_filtered_lrelu_shape){
        .samples = size[0],
        .channels = size[3],
        .y = kernel_axis(at, &at->y, size[1], sg_filter_height(&up), sg_filter_height(&down)),
        .x = kernel_axis(at, &at->x, size[2], sg_filter_width(&up), sg_filter_width(&down)),
        .up_filter = up,
        .down_filter = down,
        .correlate = at->correlate,
        .gain = at->gain,
        .slope = at->slope,
        .clamp = at->clamp,
        .mode = mode};
}

/* Runs the fast kernel if it takes the shape, otherwise the reference; false on lack of memory. */
static bool run_kernel(const sg_filtered_lrelu_shape *shape, const sg_filtered_lrelu_data *data,
                       const sg_tensor *y)
{
    sg_context *context = y->context;
    size_t plane = (size_t)(sg_filtered_reach(&shape->y) * sg_filtered_reach(&shape->x));
    bool fast = sg_takes_fast_kernels(y);
    void *scratch =
        fast ? sg_pool_scratch(context->pool, sg_filtered_lrelu_scratch_bytes(shape)) : NULL;
    if (fast && !scratch)
        return false;
    if (sg_is_hollow(context))
        return true;
    if (fast && sg_filtered_lrelu_f32(shape, data, scratch))
        return true;
    scratch = sg_pool_scratch(context->pool, plane * sg_dtype_bytes(y->dtype));
    if (!scratch)
        return false;
    SG_BY_DTYPE(y, sg_filtered_lrelu_reference, (shape, data, scratch));
    return true;
}

/* Runs the op or its adjoint off the tape. `mask` is read or written as the mode says; `storage`
 * may hold the result, or is NULL. */
static sg_tensor *run_pass(sg_tensor *const *inputs, const sg_tensor *bias, const sg_tensor *mask,
                           const pass_attributes *at, sg_filtered_mode mode, sg_storage *storage)
{
    sg_tensor *x = inputs[X];
    sg_filtered_lrelu_shape shape = kernel_shape(inputs, at, mode);
    sg_tensor *y = sg_tensor_create_on(
        x->context, x->dtype, SG_SHAPE(shape.samples, shape.y.out, shape.x.out, shape.channels),
        storage);
    if (!y)
        return NULL;
    sg_filtered_lrelu_data data = {
        .x = sg_values(x), .bias = sg_values(bias), .mask = sg_values(mask), .y = sg_values(y)};
    if (!run_kernel(&shape, &data, y))
        return sg_context_fail_memory(x->context, "a filtered leaky ReLU");
    return y;
}

/* ---- the adjoint ---- */

static axis_attributes transpose_axis(axis_attributes axis, int64_t input, int64_t up_taps,
                                      int64_t down_taps)
{
    return (axis_attributes){.pad = (int)(up_taps + down_taps) - 2 - axis.pad,
                             .out = (int)input,
                             .mask_first = axis.mask_first + axis.pad - (int)up_taps + 1,
                             .mask_size = axis.mask_size};
}

/* Returns the adjoint of a pass with these filters and this input. */
static pass_attributes transpose(const pass_attributes *at, const sg_shape *input,
                                 const sg_tensor *up_filter, const sg_tensor *down_filter)
{
    sg_filter_taps up = taps_of(up_filter);
    sg_filter_taps down = taps_of(down_filter);
    pass_attributes adjoint = *at;
    adjoint.up = at->down;
    adjoint.down = at->up;
    adjoint.y =
        transpose_axis(at->y, input->size[1], sg_filter_height(&up), sg_filter_height(&down));
    adjoint.x = transpose_axis(at->x, input->size[2], sg_filter_width(&up), sg_filter_width(&down));
    adjoint.correlate = !at->correlate;
    return adjoint;
}

/* Runs and records the pass that multiplies v by the slopes that the mask gives. */
static sg_tensor *linear_pass(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                              sg_tensor *mask, const pass_attributes *at)
{
    sg_tensor *inputs[] = {x, up_filter, down_filter, mask};
    if (!sg_check_inputs("filtered_lrelu_gradient", &x, 1))
        return NULL;
    return sg_tape_record(&sg_op_filtered_lrelu_gradient, at, sizeof *at, inputs,
                          run_pass(inputs, NULL, mask, at, SG_FILTERED_REPLAY, NULL));
}

/* Returns the gradient of the image of a pass. */
static sg_tensor *adjoint_pass(const sg_backward *call, sg_tensor *mask)
{
    sg_tensor *up_filter = call->inputs[UP_FILTER];
    sg_tensor *down_filter = call->inputs[DOWN_FILTER];
    pass_attributes adjoint =
        transpose(call->attributes, &call->input_shapes[X], up_filter, down_filter);
    return linear_pass(call->gradient, down_filter, up_filter, mask, &adjoint);
}

static void backward_filtered_lrelu_gradient(sg_backward *call)
{
    if (call->wanted[X])
        call->results[X] = adjoint_pass(call, call->inputs[ADJOINT_MASK]);
}

static void backward_filtered_lrelu(sg_backward *call)
{
    sg_tensor *gradient = adjoint_pass(call, call->inputs[MASK]);
    if (call->wanted[X])
        call->results[X] = gradient;
    if (call->wanted[BIAS])
        call->results[BIAS] = sg_sum(gradient, call->input_shapes[BIAS]);
}

#define READS_FILTERS (SG_READS_INPUT(UP_FILTER) | SG_READS_INPUT(DOWN_FILTER))

const sg_op sg_op_filtered_lrelu_gradient = {"filtered_lrelu_gradient",
                                             4,
                                             {READS_FILTERS | SG_READS_INPUT(ADJOINT_MASK)},
                                             backward_filtered_lrelu_gradient};

const sg_op sg_op_filtered_lrelu = {
    "filtered_lrelu",
    INPUTS,
    {READS_FILTERS | SG_READS_INPUT(MASK), 0, 0, READS_FILTERS | SG_READS_INPUT(MASK)},
    backward_filtered_lrelu};

/* ---- the op ---- */

static bool check_filter(const sg_tensor *x, const sg_tensor *filter)
{
    if (!filter)
        return true;
    const int64_t *size = filter->shape.size;
    if ((filter->shape.rank == 1 || filter->shape.rank == 2) && size[0] > 0 && size[1] > 0)
        return true;
    char text[160];
    sg_context_fail(x->context, SG_ERROR_SHAPE,
                    "filtered_lrelu: a filter of shape %s; expected [taps] or [taps, taps]",
                    sg_shape_print(&filter->shape, text));
    return false;
}

static bool check_operands(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                           sg_tensor *bias)
{
    if (!x)
        return false;
    sg_tensor *given[] = {x, up_filter ? up_filter : x, down_filter ? down_filter : x,
                          bias ? bias : x};
    if (!sg_check_inputs("filtered_lrelu", given, 4) || !sg_check_rank("filtered_lrelu", x, 4))
        return false;
    if (!check_filter(x, up_filter) || !check_filter(x, down_filter))
        return false;
    if (!bias || (bias->shape.rank == 1 && bias->shape.size[0] == x->shape.size[3]))
        return true;
    sg_shape_mismatch("filtered_lrelu", x, bias);
    return false;
}

static bool check_factors(const sg_tensor *x, const sg_filtered_lrelu_options *o)
{
    if (o->up >= 1 && o->down >= 1 && o->up <= MAX_FACTOR && o->down <= MAX_FACTOR)
        return true;
    sg_context_fail(x->context, SG_ERROR_ARGUMENT,
                    "filtered_lrelu: factors up %d and down %d must lie between 1 and %d", o->up,
                    o->down, (int)MAX_FACTOR);
    return false;
}

/* Returns what the op does along an axis; the result's length is 0 or less when the filters do not
 * fit. */
static axis_attributes forward_axis(int64_t in, const sg_filtered_lrelu_options *o, int before,
                                    int after, int64_t up_taps, int64_t down_taps)
{
    int64_t span = in * o->up + before + after - (up_taps - 1) - down_taps;
    int out = span < 0 ? 0 : (int)(span / o->down + 1);
    return (axis_attributes){
        .pad = before, .out = out, .mask_size = (out - 1) * o->down + (int)down_taps};
}

static pass_attributes forward_pass(const sg_tensor *x, const sg_tensor *up_filter,
                                    const sg_tensor *down_filter,
                                    const sg_filtered_lrelu_options *o)
{
    const int64_t *size = x->shape.size;
    sg_filter_taps up = taps_of(up_filter);
    sg_filter_taps down = taps_of(down_filter);
    return (pass_attributes){.up = o->up,
                             .down = o->down,
                             .y = forward_axis(size[1], o, o->pad_y0, o->pad_y1,
                                               sg_filter_height(&up), sg_filter_height(&down)),
                             .x = forward_axis(size[2], o, o->pad_x0, o->pad_x1,
                                               sg_filter_width(&up), sg_filter_width(&down)),
                             .gain = o->gain * o->up * o->up,
                             .slope = o->slope,
                             .clamp = o->clamp};
}

/* Creates a mask, of the image's type, since all inputs of an op share one. */
static sg_tensor *create_mask(sg_tensor *const *inputs, const pass_attributes *at)
{
    const sg_tensor *x = inputs[X];
    sg_filtered_lrelu_shape shape = kernel_shape(inputs, at, SG_FILTERED_RECORD);
    size_t element = sg_dtype_bytes(x->dtype);
    int64_t count = (int64_t)((sg_filtered_mask_bytes(&shape) + element - 1) / element);
    return sg_tensor_create(x->context, x->dtype, SG_SHAPE(count));
}

sg_tensor *sg_filtered_lrelu(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                             sg_tensor *bias, sg_filtered_lrelu_options options)
{
    if (!check_operands(x, up_filter, down_filter, bias) || !check_factors(x, &options))
        return NULL;
    pass_attributes at = forward_pass(x, up_filter, down_filter, &options);
    if (at.y.out < 1 || at.x.out < 1)
        return sg_context_fail(x->context, SG_ERROR_SHAPE,
                               "filtered_lrelu: the filters do not fit the padded image");
    sg_tensor *inputs[INPUTS] = {x, up_filter, down_filter, bias, NULL};
    bool recorded = x->context->recording && (x->node || (bias && bias->node));
    if (!recorded)
        return sg_tape_record(&sg_op_filtered_lrelu, &at, sizeof at, inputs,
                              run_pass(inputs, bias, NULL, &at, SG_FILTERED_PLAIN, options.result));
    size_t scope = sg_scope_open(x->context);
    inputs[MASK] = create_mask(inputs, &at);
    sg_tensor *y =
        inputs[MASK] ? run_pass(inputs, bias, inputs[MASK], &at, SG_FILTERED_RECORD, NULL) : NULL;
    y = sg_tape_record(&sg_op_filtered_lrelu, &at, sizeof at, inputs, y);
    return sg_scope_close(x->context, scope, y);
}
