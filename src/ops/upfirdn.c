/* upfirdn2d. Its adjoint is another one, with the factors exchanged and the filter reversed. */
#include "ops/upfirdn.h"

#include "kernels/resample/upfirdn.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

sg_upfirdn_options sg_upfirdn_defaults(void)
{
    return (sg_upfirdn_options){.up_x = 1, .up_y = 1, .down_x = 1, .down_y = 1, .gain = 1};
}

/* Returns padding that keeps a picture centred; `lead` is the growth of the padding before it. */
static sg_upfirdn_options centred(const sg_shape *filter, int factor, int lead)
{
    sg_upfirdn_options options = sg_upfirdn_defaults();
    int height = (int)filter->size[0];
    int width = (int)filter->size[1];
    options.pad_x0 = (width + lead) / 2;
    options.pad_x1 = (width - factor) / 2;
    options.pad_y0 = (height + lead) / 2;
    options.pad_y1 = (height - factor) / 2;
    return options;
}

sg_upfirdn_options sg_upsample_options(const sg_shape *filter, int factor)
{
    sg_upfirdn_options options = centred(filter, factor, factor - 1);
    options.up_x = options.up_y = factor;
    options.gain = factor * factor;
    return options;
}

sg_upfirdn_options sg_downsample_options(const sg_shape *filter, int factor)
{
    sg_upfirdn_options options = centred(filter, factor, 1 - factor);
    options.down_x = options.down_y = factor;
    return options;
}

/* Returns the length of a filtered axis; 0 or less when the filter does not fit. */
static int64_t out_length(int64_t length, int up, int down, int before, int after, int64_t taps)
{
    int64_t span = length * up + before + after - taps;
    return span < 0 ? 0 : span / down + 1;
}

static sg_upfirdn_shape kernel_shape(const sg_tensor *x, const sg_tensor *filter,
                                     const sg_upfirdn_options *o)
{
    const int64_t *size = x->shape.size;
    int64_t taps_y = filter->shape.size[0];
    int64_t taps_x = filter->shape.size[1];
    return (sg_upfirdn_shape){
        .samples = size[0],
        .in_height = size[1],
        .in_width = size[2],
        .channels = size[3],
        .out_height = out_length(size[1], o->up_y, o->down_y, o->pad_y0, o->pad_y1, taps_y),
        .out_width = out_length(size[2], o->up_x, o->down_x, o->pad_x0, o->pad_x1, taps_x),
        .filter_height = taps_y,
        .filter_width = taps_x,
        .up_x = o->up_x,
        .up_y = o->up_y,
        .down_x = o->down_x,
        .down_y = o->down_y,
        .pad_x = o->pad_x0,
        .pad_y = o->pad_y0,
        .correlate = o->flip_filter,
        .gain = o->gain,
    };
}

/* Runs the separable kernel if type and filter allow, otherwise the reference. */
static bool run_kernel(const sg_upfirdn_shape *shape, const sg_tensor *x, const sg_tensor *filter,
                       sg_tensor *y)
{
    const bool fast = sg_takes_fast_kernels(x);
    void *scratch =
        fast ? sg_pool_scratch(x->context->pool, sg_upfirdn_scratch_bytes(shape)) : NULL;
    if (fast && !scratch)
        return false;
    if (sg_is_hollow(x->context))
        return true;
    if (!fast || !sg_upfirdn_separable_f32(shape, sg_f32(x), sg_f32(filter), sg_f32(y), scratch))
        SG_BY_DTYPE(x, sg_upfirdn_reference,
                    (shape, sg_values(x), sg_values(filter), sg_values(y)));
    return true;
}

sg_tensor *sg_upfirdn(sg_tensor *x, sg_tensor *filter, sg_upfirdn_options options)
{
    sg_tensor *inputs[] = {x, filter};
    if (!sg_check_inputs("upfirdn", inputs, 2) || !sg_check_rank("upfirdn", x, 4) ||
        !sg_check_rank("upfirdn", filter, 2))
        return NULL;
    if (options.up_x < 1 || options.up_y < 1 || options.down_x < 1 || options.down_y < 1)
        return sg_context_fail(x->context, SG_ERROR_ARGUMENT,
                               "upfirdn: factors up %d, %d and down %d, %d must be above 0",
                               options.up_x, options.up_y, options.down_x, options.down_y);
    sg_upfirdn_shape shape = kernel_shape(x, filter, &options);
    if (shape.out_height < 1 || shape.out_width < 1)
        return sg_shape_mismatch("upfirdn", x, filter);
    sg_tensor *y = sg_tensor_create(
        x->context, x->dtype,
        SG_SHAPE(shape.samples, shape.out_height, shape.out_width, shape.channels));
    if (!y)
        return NULL;
    if (!run_kernel(&shape, x, filter, y))
        return sg_context_fail_memory(x->context, "a FIR filter");
    return sg_tape_record(&sg_op_upfirdn, &options, sizeof options, inputs, y);
}

/* The padding after the last pixel follows from the length that the gradient must have. */
static void adjoint_padding(int64_t in, int64_t out, int up, int down, int before, int64_t taps,
                            int *adjoint_before, int *adjoint_after)
{
    *adjoint_before = (int)taps - before - 1;
    *adjoint_after = (int)(in * up - out * down + before - up + 1);
}

static void backward_upfirdn(sg_backward *call)
{
    const sg_upfirdn_options *o = call->attributes;
    const int64_t *in = call->input_shapes[0].size;
    const int64_t *taps = call->input_shapes[1].size;
    if (!call->wanted[0] || !call->gradient)
        return;
    const int64_t *out = call->gradient->shape.size;
    sg_upfirdn_options adjoint = {.up_x = o->down_x,
                                  .up_y = o->down_y,
                                  .down_x = o->up_x,
                                  .down_y = o->up_y,
                                  .flip_filter = !o->flip_filter,
                                  .gain = o->gain};
    adjoint_padding(in[1], out[1], o->up_y, o->down_y, o->pad_y0, taps[0], &adjoint.pad_y0,
                    &adjoint.pad_y1);
    adjoint_padding(in[2], out[2], o->up_x, o->down_x, o->pad_x0, taps[1], &adjoint.pad_x0,
                    &adjoint.pad_x1);
    call->results[0] = sg_upfirdn(call->gradient, call->inputs[1], adjoint);
}

const sg_op sg_op_upfirdn = {"upfirdn", 2, {SG_READS_INPUT(1), 0}, backward_upfirdn};
