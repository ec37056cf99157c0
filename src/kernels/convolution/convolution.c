/*
 * Convolutions through oneDNN, with the weights in the layout that its kernel prefers.
 *
 * Where the processor lacks AVX-512, oneDNN's backward-weights kernel reaches a third of its
 * forward rate on channels-last data (docs/performance.md), so a matrix product over gathered
 * pixels (gemm.h) computes that direction. Most 3x3 convolutions use Winograd's algorithm
 * (winograd_shape.h), unless the engine is exact.
 */
#include "kernels/convolution/convolution.h"

#include <math.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/threads/thread_team.h"
#include "kernels/convolution/gemm.h"
#include "kernels/convolution/winograd_shape.h"

typedef enum method { BY_ONEDNN, BY_GEMM, BY_WINOGRAD } method;

struct sg_convolution_plan {
    struct sg_convolution_plan *next;
    sg_convolution_engine *engine;
    sg_convolution_shape shape;
    sg_convolution_direction direction;
    method method;
    sg_winograd_shape winograd; /* of BY_WINOGRAD; the members below are of BY_ONEDNN */
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive; /* NULL until the first run, since a rehearsal has none */
    dnnl_memory_desc_t source, weights, destination; /* x, w and y */
    dnnl_memory_desc_t plain_weights;                /* w as OIHW or IOHW */
    uint64_t layout;                                 /* a hash of `weights` */
    size_t scratchpad_bytes;
};

enum { BUCKETS = 256 };

struct sg_convolution_engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    bool weights_by_gemm, exact;
    sg_convolution_plan *plans[BUCKETS];
};

sg_convolution_engine *sg_convolution_engine_create(bool exact)
{
    sg_convolution_engine *engine = sg_allocate(1, sizeof *engine);
    if (!engine)
        return NULL;
    if (dnnl_engine_create(&engine->engine, dnnl_cpu, 0) != dnnl_success ||
        dnnl_stream_create(&engine->stream, engine->engine, dnnl_stream_default_flags) !=
            dnnl_success) {
        sg_convolution_engine_destroy(engine);
        return NULL;
    }
    engine->exact = exact;
    /* The enumerators are ordered by instruction set: AVX-512 comes after AVX2. */
    engine->weights_by_gemm = dnnl_get_effective_cpu_isa() < dnnl_cpu_isa_avx512_core;
    return engine;
}

static void plan_destroy(sg_convolution_plan *plan)
{
    if (plan->primitive)
        dnnl_primitive_destroy(plan->primitive);
    if (plan->description)
        dnnl_primitive_desc_destroy(plan->description);
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
    if (engine->stream)
        dnnl_stream_destroy(engine->stream);
    if (engine->engine)
        dnnl_engine_destroy(engine->engine);
    free(engine);
}

/* FNV-1a over bytes. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * 1099511628211u;
    return hash;
}

static const uint64_t hash_start = 14695981039346656037u;

/* Weights have one more dimension, outermost, when there are groups. */
static int weight_dims(const sg_convolution_shape *s, dnnl_dims_t dims)
{
    int rank = 0;
    if (s->groups > 1)
        dims[rank++] = s->groups;
    dims[rank++] = s->out_channels / s->groups;
    dims[rank++] = s->in_channels / s->groups;
    dims[rank++] = s->kernel_height;
    dims[rank++] = s->kernel_width;
    return rank;
}

/* Forwards a failure of oneDNN in functions that own nothing yet. */
#define DNNL_TRY(call)                                                                             \
    do {                                                                                           \
        dnnl_status_t tried = (call);                                                              \
        if (tried != dnnl_success)                                                                 \
            return tried;                                                                          \
    } while (0)

/* Makes the memory descriptors of a query: images channels-last, weights in any layout. */
static dnnl_status_t describe_memory(const sg_convolution_shape *s, dnnl_memory_desc_t *x,
                                     dnnl_memory_desc_t *w, dnnl_memory_desc_t *y,
                                     dnnl_memory_desc_t *plain)
{
    dnnl_dims_t x_dims = {s->batch, s->in_channels, s->in_height, s->in_width};
    dnnl_dims_t y_dims = {s->batch, s->out_channels, s->out_height, s->out_width};
    dnnl_dims_t w_dims;
    int rank = weight_dims(s, w_dims);
    dnnl_format_tag_t tag = s->groups > 1 ? dnnl_goihw : s->swapped_weights ? dnnl_iohw : dnnl_oihw;
    DNNL_TRY(dnnl_memory_desc_init_by_tag(x, 4, x_dims, dnnl_f32, dnnl_nhwc));
    DNNL_TRY(dnnl_memory_desc_init_by_tag(y, 4, y_dims, dnnl_f32, dnnl_nhwc));
    DNNL_TRY(dnnl_memory_desc_init_by_tag(w, rank, w_dims, dnnl_f32, dnnl_format_tag_any));
    return dnnl_memory_desc_init_by_tag(plain, rank, w_dims, dnnl_f32, tag);
}

/* Makes a primitive descriptor whose scratchpad the caller provides, from the pool. */
static dnnl_status_t make_description(dnnl_primitive_desc_t *description, const void *operation,
                                      dnnl_engine_t engine, const_dnnl_primitive_desc_t hint)
{
    dnnl_primitive_attr_t attributes;
    DNNL_TRY(dnnl_primitive_attr_create(&attributes));
    dnnl_status_t status =
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(description, operation, attributes, engine, hint);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

/* Makes the operation descriptor of a direction. */
static dnnl_status_t describe_direction(sg_convolution_direction direction,
                                        dnnl_convolution_desc_t *operation,
                                        const dnnl_memory_desc_t *x, const dnnl_memory_desc_t *w,
                                        const dnnl_memory_desc_t *y, const dnnl_dims_t strides,
                                        const dnnl_dims_t before, const dnnl_dims_t after)
{
    switch (direction) {
    case SG_FORWARD:
        return dnnl_convolution_forward_desc_init(operation, dnnl_forward_training,
                                                  dnnl_convolution_direct, x, w, NULL, y, strides,
                                                  before, after);
    case SG_BACKWARD_DATA:
        return dnnl_convolution_backward_data_desc_init(operation, dnnl_convolution_direct, x, w, y,
                                                        strides, before, after);
    default:
        return dnnl_convolution_backward_weights_desc_init(operation, dnnl_convolution_direct, x, w,
                                                           NULL, y, strides, before, after);
    }
}

static dnnl_status_t describe_plan(sg_convolution_plan *plan, dnnl_engine_t engine)
{
    const sg_convolution_shape *s = &plan->shape;
    dnnl_memory_desc_t x;
    dnnl_memory_desc_t w;
    dnnl_memory_desc_t y;
    dnnl_dims_t strides = {s->stride_y, s->stride_x};
    dnnl_dims_t before = {s->pad_top, s->pad_left};
    dnnl_dims_t after = {s->pad_bottom, s->pad_right};
    dnnl_convolution_desc_t operation;
    DNNL_TRY(describe_memory(s, &x, &w, &y, &plan->plain_weights));
    DNNL_TRY(describe_direction(SG_FORWARD, &operation, &x, &w, &y, strides, before, after));
    DNNL_TRY(make_description(&plan->description, &operation, engine, NULL));
    if (plan->direction == SG_FORWARD)
        return dnnl_success;
    dnnl_primitive_desc_t hint = plan->description;
    plan->description = NULL;
    dnnl_status_t status =
        describe_direction(plan->direction, &operation, &x, &w, &y, strides, before, after);
    if (status == dnnl_success)
        status = make_description(&plan->description, &operation, engine, hint);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

static void query_plan(sg_convolution_plan *plan)
{
    bool forward = plan->direction == SG_FORWARD;
    bool weights = plan->direction == SG_BACKWARD_WEIGHTS;
    const_dnnl_primitive_desc_t description = plan->description;
    plan->source = *dnnl_primitive_desc_query_md(
        description,
        plan->direction == SG_BACKWARD_DATA ? dnnl_query_diff_src_md : dnnl_query_src_md, 0);
    plan->weights = *dnnl_primitive_desc_query_md(
        description, weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
    plan->destination = *dnnl_primitive_desc_query_md(
        description, forward ? dnnl_query_dst_md : dnnl_query_diff_dst_md, 0);
    plan->scratchpad_bytes = dnnl_memory_desc_get_size(
        dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
    plan->layout = hash_bytes(hash_start, &plan->weights, sizeof plan->weights);
}

static method choose_method(const sg_convolution_engine *engine, const sg_convolution_shape *shape,
                            sg_convolution_direction direction)
{
    if (direction == SG_BACKWARD_WEIGHTS)
        return engine->weights_by_gemm && shape->groups == 1 ? BY_GEMM : BY_ONEDNN;
    bool fast = !engine->exact && !shape->direct && sg_convolution_suits_winograd(shape, direction);
    return fast ? BY_WINOGRAD : BY_ONEDNN;
}

/*
 * Multiply-adds, or infinite where oneDNN may split sums by threads, as it does for weight
 * gradients and batches: the number of threads that is set must decide alone how sums are split
 * (docs/reproducibility.md).
 */
static double work_of(const sg_convolution_shape *shape, sg_convolution_direction direction)
{
    return shape->batch == 1 && direction != SG_BACKWARD_WEIGHTS
               ? (double)sg_convolution_multiply_adds(shape)
               : INFINITY;
}

static sg_convolution_plan *plan_create(sg_convolution_engine *engine,
                                        const sg_convolution_shape *shape,
                                        sg_convolution_direction direction)
{
    sg_convolution_plan *plan = sg_allocate(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->engine = engine;
    plan->shape = *shape;
    plan->direction = direction;
    plan->method = choose_method(engine, shape, direction);
    plan->winograd = sg_convolution_winograd_shape(shape, direction);
    plan->layout = hash_bytes(hash_start + (uint64_t)direction, &shape->in_channels,
                              sizeof shape->in_channels); /* Winograd's */
    plan->layout = hash_bytes(plan->layout, &shape->out_channels, sizeof shape->out_channels);
    if (plan->method != BY_ONEDNN)
        return plan;
    const int before = sg_team_before_openmp(work_of(shape, direction));
    const dnnl_status_t status = describe_plan(plan, engine->engine);
    sg_team_after_openmp(before);
    if (status != dnnl_success) {
        plan_destroy(plan);
        return NULL;
    }
    query_plan(plan);
    return plan;
}

sg_convolution_plan *sg_convolution_plan_get(sg_convolution_engine *engine,
                                             const sg_convolution_shape *shape,
                                             sg_convolution_direction direction)
{
    uint64_t hash = hash_bytes(hash_start + (uint64_t)direction, shape, sizeof *shape);
    sg_convolution_plan **bucket = &engine->plans[hash % BUCKETS];
    for (sg_convolution_plan *plan = *bucket; plan; plan = plan->next)
        if (plan->direction == direction && memcmp(&plan->shape, shape, sizeof *shape) == 0)
            return plan;
    sg_convolution_plan *plan = plan_create(engine, shape, direction);
    if (plan) {
        plan->next = *bucket;
        *bucket = plan;
    }
    return plan;
}

uint64_t sg_convolution_pack_key(const sg_convolution_plan *plan, double gain)
{
    /* One layout may be filled from either order of the plain weights. */
    uint64_t key =
        hash_bytes(plan->layout, &plan->shape.swapped_weights, sizeof plan->shape.swapped_weights);
    return hash_bytes(key, &gain, sizeof gain);
}

size_t sg_convolution_packed_bytes(const sg_convolution_plan *plan)
{
    if (plan->method == BY_WINOGRAD)
        return sg_winograd_packed_bytes(plan->winograd.in_channels, plan->winograd.out_channels);
    return dnnl_memory_desc_get_size(&plan->weights);
}

size_t sg_convolution_scratch_bytes(const sg_convolution_plan *plan)
{
    if (plan->method == BY_GEMM)
        return sg_convolution_gemm_scratch_bytes(&plan->shape);
    if (plan->method == BY_WINOGRAD)
        return sg_winograd_scratch_bytes(&plan->winograd);
    size_t bytes = plan->scratchpad_bytes + 64;
    if (plan->direction == SG_BACKWARD_WEIGHTS)
        bytes += sg_convolution_packed_bytes(plan);
    return bytes;
}

/* Computes to = gain * from between two layouts of the same weights. */
static dnnl_status_t reorder(sg_convolution_engine *engine, double gain,
                             const dnnl_memory_desc_t *from_layout, const void *from,
                             const dnnl_memory_desc_t *to_layout, void *to)
{
    float scale = (float)gain;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_memory_t source = NULL;
    dnnl_memory_t destination = NULL;
    const size_t count = dnnl_memory_desc_get_size(to_layout) / sizeof(float);
    const int before = sg_team_before_openmp((double)count);
    dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_output_scales(attributes, 1, 0, &scale);
    if (status == dnnl_success)
        status = dnnl_reorder_primitive_desc_create(&description, from_layout, engine->engine,
                                                    to_layout, engine->engine, attributes);
    if (status == dnnl_success)
        status = dnnl_primitive_create(&primitive, description);
    if (status == dnnl_success)
        status = dnnl_memory_create(&source, from_layout, engine->engine, (void *)(uintptr_t)from);
    if (status == dnnl_success)
        status = dnnl_memory_create(&destination, to_layout, engine->engine, to);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, destination}};
        status = dnnl_primitive_execute(primitive, engine->stream, 2, arguments);
    }
    if (status == dnnl_success)
        status = dnnl_stream_wait(engine->stream);
    sg_team_after_openmp(before);
    dnnl_memory_destroy(destination);
    dnnl_memory_destroy(source);
    dnnl_primitive_destroy(primitive);
    dnnl_primitive_desc_destroy(description);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

int sg_convolution_pack(const sg_convolution_plan *plan, double gain, const float *weights,
                        void *packed)
{
    if (plan->method == BY_WINOGRAD) {
        sg_winograd_pack(&plan->winograd, gain, weights, packed);
        return 0;
    }
    return (int)reorder(plan->engine, gain, &plan->plain_weights, weights, &plan->weights, packed);
}

/* Runs the primitive on three arrays under the argument names of its direction. */
static dnnl_status_t execute(sg_convolution_plan *plan, const int names[3],
                             const void *const data[3], void *scratchpad)
{
    const dnnl_memory_desc_t *layouts[3] = {&plan->source, &plan->weights, &plan->destination};
    const dnnl_memory_desc_t *scratch_layout =
        dnnl_primitive_desc_query_md(plan->description, dnnl_query_scratchpad_md, 0);
    dnnl_exec_arg_t arguments[4] = {{0}};
    const int before = sg_team_before_openmp(work_of(&plan->shape, plan->direction));
    dnnl_status_t status =
        plan->primitive ? dnnl_success : dnnl_primitive_create(&plan->primitive, plan->description);
    for (int i = 0; i < 4 && status == dnnl_success; i++) {
        arguments[i].arg = i < 3 ? names[i] : DNNL_ARG_SCRATCHPAD;
        status = dnnl_memory_create(&arguments[i].memory, i < 3 ? layouts[i] : scratch_layout,
                                    plan->engine->engine,
                                    i < 3 ? (void *)(uintptr_t)data[i] : scratchpad);
    }
    if (status == dnnl_success)
        status = dnnl_primitive_execute(plan->primitive, plan->engine->stream, 4, arguments);
    if (status == dnnl_success)
        status = dnnl_stream_wait(plan->engine->stream);
    sg_team_after_openmp(before);
    for (int i = 0; i < 4; i++)
        dnnl_memory_destroy(arguments[i].memory);
    return status;
}

bool sg_convolution_fuses(const sg_convolution_plan *plan)
{
    return plan->method == BY_WINOGRAD;
}

int sg_convolution_run(sg_convolution_plan *plan, const void *packed, const float *source,
                       float *result, void *scratch, const sg_fused_pass *pass)
{
    static const int forward_names[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
    static const int backward_names[3] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST};
    bool forward = plan->direction == SG_FORWARD;
    if (plan->method == BY_WINOGRAD) {
        sg_winograd_run(&plan->winograd, packed, source, result, scratch, pass);
        return 0;
    }
    const void *data[3] = {forward ? source : result, packed, forward ? result : source};
    return (int)execute(plan, forward ? forward_names : backward_names, data, scratch);
}

int sg_convolution_run_weights(sg_convolution_plan *plan, double gain, const float *x,
                               const float *y, float *weights, void *scratch)
{
    static const int names[3] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST};
    if (plan->method == BY_GEMM)
        return sg_convolution_gemm_weights(&plan->shape, gain, x, y, weights, scratch);
    char *packed = scratch;
    size_t packed_bytes = (sg_convolution_packed_bytes(plan) + 63) / 64 * 64;
    const void *data[3] = {x, packed, y};
    dnnl_status_t status = execute(plan, names, data, packed + packed_bytes);
    if (status != dnnl_success)
        return (int)status;
    return (int)reorder(plan->engine, gain, &plan->weights, packed, &plan->plain_weights, weights);
}

int64_t sg_convolution_multiply_adds(const sg_convolution_shape *s)
{
    return s->batch * s->out_height * s->out_width * s->out_channels *
           (s->in_channels / s->groups) * s->kernel_height * s->kernel_width;
}
