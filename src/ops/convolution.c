/* Convolutions: shapes, packed weights kept with the parameter, and the closed derivatives. */
#include "ops/convolution.h"

#include "kernels/convolution.h"
#include "ops/check.h"
#include "ops/op_table.h"

typedef struct convolution_attributes {
    sg_convolution_options options;
} convolution_attributes;

sg_convolution_options sg_convolution_defaults(void)
{
    return (sg_convolution_options){.stride_y = 1, .stride_x = 1, .groups = 1, .gain = 1};
}

static void destroy_engine(void *state)
{
    sg_convolution_engine_destroy(state);
}

/* The context's convolution engine, made on first use. */
static sg_convolution_engine *engine_of(sg_context *context)
{
    if (!context->convolution.state) {
        context->convolution.state = sg_convolution_engine_create(context->exact);
        context->convolution.destroy = destroy_engine;
    }
    return context->convolution.state;
}

/* The channels that weights of this shape join. */
static int64_t in_channels(const sg_shape *w, const sg_convolution_options *o)
{
    return o->swapped_weights ? w->size[0] : w->size[1] * o->groups;
}

static int64_t out_channels(const sg_shape *w, const sg_convolution_options *o)
{
    return w->size[o->swapped_weights ? 1 : 0];
}

/* The kernel's shape from the three arrays' shapes; false when they do not fit each other. */
static bool convolution_shape(const sg_shape *x, const sg_shape *w, const sg_shape *y,
                              const sg_convolution_options *o, sg_convolution_shape *shape)
{
    *shape = (sg_convolution_shape){
        .batch = x->size[0],
        .groups = o->groups,
        .in_height = x->size[1],
        .in_width = x->size[2],
        .in_channels = x->size[3],
        .out_height = y->size[1],
        .out_width = y->size[2],
        .out_channels = y->size[3],
        .kernel_height = w->size[2],
        .kernel_width = w->size[3],
        .stride_y = o->stride_y,
        .stride_x = o->stride_x,
        .pad_top = o->pad_top,
        .pad_left = o->pad_left,
        .pad_bottom = o->pad_bottom,
        .pad_right = o->pad_right,
        .swapped_weights = o->swapped_weights,
    };
    int64_t span_y = x->size[1] + o->pad_top + o->pad_bottom - w->size[2];
    int64_t span_x = x->size[2] + o->pad_left + o->pad_right - w->size[3];
    return span_y >= 0 && span_x >= 0 && y->size[1] == span_y / o->stride_y + 1 &&
           y->size[2] == span_x / o->stride_x + 1 && x->size[0] == y->size[0] && w->size[2] > 0 &&
           w->size[3] > 0 && x->size[3] > 0 && y->size[3] > 0 && x->size[3] == in_channels(w, o) &&
           y->size[3] == out_channels(w, o) && y->size[3] % o->groups == 0;
}

/* The weights packed for a plan: kept with a parameter, or in `*temporary` for other tensors. */
static const void *packed_weights(sg_convolution_plan *plan, const sg_tensor *w, double gain,
                                  void **temporary)
{
    sg_storage *storage = w->storage;
    uint64_t key = sg_convolution_pack_key(plan, gain);
    size_t bytes = sg_convolution_packed_bytes(plan);
    void *packed = storage->keeps_packed ? sg_storage_find_packed(storage, key) : NULL;
    if (packed)
        return packed;
    if (storage->keeps_packed)
        packed = sg_storage_add_packed(storage, key, bytes);
    else
        packed = *temporary = sg_pool_allocate(w->context->pool, bytes);
    if (packed && sg_convolution_pack(plan, gain, sg_f32(w), packed) == 0)
        return packed;
    sg_storage_drop_packed(storage); /* else half a copy would be found the next time */
    return NULL;
}

/* Forward or backward data in f32 through the plan; false when something underneath failed. */
static bool run_plan(const sg_convolution_shape *shape, sg_convolution_direction direction,
                     double gain, const sg_tensor *from, const sg_tensor *w, sg_tensor *to)
{
    sg_context *context = w->context;
    sg_convolution_engine *engine = engine_of(context);
    sg_convolution_plan *plan = engine ? sg_convolution_plan_get(engine, shape, direction) : NULL;
    if (!plan)
        return false;
    void *temporary = NULL;
    const void *packed = packed_weights(plan, w, gain, &temporary);
    void *scratch = sg_pool_allocate(context->pool, sg_convolution_scratch_bytes(plan));
    bool done = packed && scratch &&
                sg_convolution_run(plan, packed, sg_f32(from), sg_f32(to), scratch) == 0;
    sg_pool_release(context->pool, scratch);
    sg_pool_release(context->pool, temporary);
    return done;
}

static bool run_weights_plan(const sg_convolution_shape *shape, double gain, const sg_tensor *x,
                             const sg_tensor *y, sg_tensor *w)
{
    sg_context *context = w->context;
    sg_convolution_engine *engine = engine_of(context);
    sg_convolution_plan *plan =
        engine ? sg_convolution_plan_get(engine, shape, SG_BACKWARD_WEIGHTS) : NULL;
    if (!plan)
        return false;
    void *scratch = sg_pool_allocate(context->pool, sg_convolution_scratch_bytes(plan));
    bool done = scratch && sg_convolution_run_weights(plan, gain, sg_f32(x), sg_f32(y), sg_f32(w),
                                                      scratch) == 0;
    sg_pool_release(context->pool, scratch);
    return done;
}

static sg_tensor *library_failed(sg_context *context, const char *op)
{
    return sg_context_fail(context, SG_ERROR_LIBRARY,
                           "%s: oneDNN could not run it, or memory ran out", op);
}

static sg_tensor *finish(const sg_op *op, const sg_convolution_options *options,
                         const sg_convolution_shape *shape, sg_tensor *const *inputs,
                         sg_tensor *result)
{
    result->context->multiply_adds += sg_convolution_multiply_adds(shape);
    convolution_attributes attributes = {*options};
    return sg_tape_record(op, &attributes, sizeof attributes, inputs, result);
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

sg_tensor *sg_convolution(sg_tensor *x, sg_tensor *w, sg_convolution_options o)
{
    sg_tensor *inputs[] = {x, w};
    if (!check_inputs(&sg_op_convolution, inputs, &o))
        return NULL;
    const int64_t *in = x->shape.size;
    const int64_t *k = w->shape.size;
    sg_shape out = SG_SHAPE(in[0], (in[1] + o.pad_top + o.pad_bottom - k[2]) / o.stride_y + 1,
                            (in[2] + o.pad_left + o.pad_right - k[3]) / o.stride_x + 1,
                            out_channels(&w->shape, &o));
    sg_convolution_shape shape;
    if (!convolution_shape(&x->shape, &w->shape, &out, &o, &shape))
        return sg_shape_mismatch("convolution", x, w);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, out);
    if (!y)
        return NULL;
    if (x->dtype == SG_F64)
        sg_convolution_forward_reference_f64(&shape, o.gain, sg_f64(x), sg_f64(w), sg_f64(y));
    else if (x->context->reference_kernels)
        sg_convolution_forward_reference_f32(&shape, o.gain, sg_f32(x), sg_f32(w), sg_f32(y));
    else if (!run_plan(&shape, SG_FORWARD, o.gain, x, w, y))
        return library_failed(x->context, "convolution");
    return finish(&sg_op_convolution, &o, &shape, inputs, y);
}

sg_tensor *sg_convolution_transpose(sg_tensor *y, sg_tensor *w, int64_t height, int64_t width,
                                    sg_convolution_options o)
{
    sg_tensor *inputs[] = {y, w};
    if (!check_inputs(&sg_op_convolution_transpose, inputs, &o))
        return NULL;
    sg_shape in = SG_SHAPE(y->shape.size[0], height, width, in_channels(&w->shape, &o));
    sg_convolution_shape shape;
    if (!convolution_shape(&in, &w->shape, &y->shape, &o, &shape))
        return sg_shape_mismatch("convolution_transpose", y, w);
    sg_tensor *x = sg_tensor_create(y->context, y->dtype, in);
    if (!x)
        return NULL;
    if (y->dtype == SG_F64)
        sg_convolution_data_reference_f64(&shape, o.gain, sg_f64(y), sg_f64(w), sg_f64(x));
    else if (y->context->reference_kernels)
        sg_convolution_data_reference_f32(&shape, o.gain, sg_f32(y), sg_f32(w), sg_f32(x));
    else if (!run_plan(&shape, SG_BACKWARD_DATA, o.gain, y, w, x))
        return library_failed(y->context, "convolution_transpose");
    return finish(&sg_op_convolution_transpose, &o, &shape, inputs, x);
}

sg_tensor *sg_convolution_weights(sg_tensor *x, sg_tensor *y, int64_t height, int64_t width,
                                  sg_convolution_options o)
{
    sg_tensor *inputs[] = {x, y};
    if (!check_inputs(&sg_op_convolution_weights, inputs, &o))
        return NULL;
    int64_t out = y->shape.size[3];
    int64_t in = x->shape.size[3] / o.groups;
    sg_shape kernel =
        o.swapped_weights ? SG_SHAPE(in, out, height, width) : SG_SHAPE(out, in, height, width);
    sg_convolution_shape shape;
    if (!convolution_shape(&x->shape, &kernel, &y->shape, &o, &shape))
        return sg_shape_mismatch("convolution_weights", x, y);
    sg_tensor *w = sg_tensor_create(x->context, x->dtype, kernel);
    if (!w)
        return NULL;
    if (x->dtype == SG_F64)
        sg_convolution_weights_reference_f64(&shape, o.gain, sg_f64(x), sg_f64(y), sg_f64(w));
    else if (x->context->reference_kernels)
        sg_convolution_weights_reference_f32(&shape, o.gain, sg_f32(x), sg_f32(y), sg_f32(w));
    else if (!run_weights_plan(&shape, o.gain, x, y, w))
        return library_failed(x->context, "convolution_weights");
    return finish(&sg_op_convolution_weights, &o, &shape, inputs, w);
}

/* The sum over x, w and y is trilinear, so each derivative is one of the other two. */
static void backward_convolution(sg_backward *call)
{
    sg_convolution_options o = ((const convolution_attributes *)call->attributes)->options;
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
    sg_convolution_options o = ((const convolution_attributes *)call->attributes)->options;
    const int64_t *k = call->input_shapes[1].size;
    if (call->wanted[0])
        call->results[0] = sg_convolution(call->gradient, call->inputs[1], o);
    if (call->wanted[1])
        call->results[1] = sg_convolution_weights(call->gradient, call->inputs[0], k[2], k[3], o);
}

static void backward_convolution_weights(sg_backward *call)
{
    sg_convolution_options o = ((const convolution_attributes *)call->attributes)->options;
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
