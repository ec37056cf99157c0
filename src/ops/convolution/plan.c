/*
 * From tensors to the kernels' plans: one engine for each context, weights packed once for each
 * parameter.
 *
 * Tested by: tests/ops/convolution/test_convolution.c
 */
#include "ops/convolution/plan.h"

#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/convolution/packed_weights.h"

static void destroy_engine(void *state)
{
    sg_convolution_engine_destroy(state);
}

/* Returns the convolution engine of the context, created on first use; NULL on failure
 * (error in the context). */
static sg_convolution_engine *engine_of(sg_context *context)
{
    if (!context->convolution.state) {
        sg_convolution_engine *engine;
        const sg_status status = sg_convolution_engine_create(context->exact, &engine);
        if (status)
            sg_kernel_failed("convolution", context, status);
        context->convolution.state = engine;
        context->convolution.destroy = destroy_engine;
    }
    return context->convolution.state;
}

int64_t sg_convolution_in_channels(const sg_shape *w, const sg_convolution_options *o)
{
    return o->swapped_weights ? w->size[0] : w->size[1] * o->groups;
}

int64_t sg_convolution_out_channels(const sg_shape *w, const sg_convolution_options *o)
{
    return w->size[o->swapped_weights ? 1 : 0];
}

bool sg_convolution_kernel_shape(const sg_shape *x, const sg_shape *w, const sg_shape *y,
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
        .direct = o->direct,
    };
    int64_t span_y = x->size[1] + o->pad_top + o->pad_bottom - w->size[2];
    int64_t span_x = x->size[2] + o->pad_left + o->pad_right - w->size[3];
    return span_y >= 0 && span_x >= 0 && y->size[1] == span_y / o->stride_y + 1 &&
           y->size[2] == span_x / o->stride_x + 1 && x->size[0] == y->size[0] && w->size[2] > 0 &&
           w->size[3] > 0 && x->size[3] > 0 && y->size[3] > 0 &&
           x->size[3] == sg_convolution_in_channels(w, o) &&
           y->size[3] == sg_convolution_out_channels(w, o) && y->size[3] % o->groups == 0;
}

sg_convolution_plan *sg_convolution_find_plan(sg_context *context,
                                              const sg_convolution_shape *shape,
                                              sg_convolution_direction direction)
{
    sg_convolution_engine *engine = engine_of(context);
    sg_convolution_plan *plan = NULL;
    if (!engine)
        return NULL;
    const sg_status status = sg_convolution_plan_get(engine, shape, direction, &plan);
    if (status)
        sg_kernel_failed("convolution", context, status);
    return plan;
}

static sg_status pack(const void *plan, double gain, const float *weights, void *packed)
{
    return sg_convolution_pack(plan, gain, weights, packed);
}

bool sg_convolution_run_plan(const sg_convolution_shape *shape, sg_convolution_direction direction,
                             double gain, const sg_tensor *from, const sg_tensor *w, sg_tensor *to,
                             const sg_fused_pass *pass)
{
    sg_context *context = w->context;
    sg_convolution_plan *plan = sg_convolution_find_plan(context, shape, direction);
    if (!plan)
        return false;
    void *temporary = NULL;
    const void *packed =
        sg_packed_weights(w, sg_convolution_pack_key(plan, gain), sg_convolution_packed_bytes(plan),
                          pack, plan, gain, &temporary);
    void *scratch = sg_pool_scratch(context->pool, sg_convolution_scratch_bytes(plan));
    sg_status status = packed && scratch ? SG_OK : SG_ERROR_MEMORY;
    if (!status && !sg_is_hollow(context))
        status = sg_convolution_run(plan, packed, sg_f32(from), sg_values(to), scratch, pass);
    sg_pool_release(context->pool, temporary);
    if (status)
        sg_kernel_failed("convolution", context, status);
    return !status;
}
