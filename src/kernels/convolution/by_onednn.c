/*
 * Convolutions through oneDNN.
 * Tested by: tests/kernels/convolution/test_convolution.c
 */
#include "kernels/convolution/by_onednn.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/hash.h"
#include "kernels/onednn/onednn.h"

/* Bytes that oneDNN takes at most to generate the code of a convolution, measured. */
enum { CODE_BYTES = 4 << 20 };

struct sg_onednn_engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
};

struct sg_onednn_convolution {
    sg_onednn_engine *engine;
    sg_convolution_shape shape;
    sg_convolution_direction direction;
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;     /* NULL until the first run, since a rehearsal has none */
    sg_onednn_layout plain_weights; /* w as OIHW or IOHW */
    dnnl_format_tag_t image;        /* of x and y */
    sg_onednn_sizes sizes;
};

bool sg_onednn_is_built_in(void)
{
    return true;
}

bool sg_onednn_is_quick_at_weights(void)
{
    /* The enumerators are ordered by instruction set: AVX-512 comes after AVX2. */
    return dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core;
}

/* Forwards a failure of oneDNN in functions that own nothing yet. */
#define DNNL_TRY(call)                                                                             \
    do {                                                                                           \
        const dnnl_status_t tried = (call);                                                        \
        if (tried != dnnl_success)                                                                 \
            return tried;                                                                          \
    } while (0)

static dnnl_status_t start_engine(void *job)
{
    sg_onednn_engine *engine = job;
    DNNL_TRY(dnnl_engine_create(&engine->engine, dnnl_cpu, 0));
    return dnnl_stream_create(&engine->stream, engine->engine, dnnl_stream_default_flags);
}

sg_status sg_onednn_engine_create(sg_onednn_engine **engine)
{
    *engine = sg_allocate(1, sizeof **engine);
    if (!*engine)
        return SG_ERROR_MEMORY;
    const sg_status status = sg_onednn_call(0, 0, start_engine, *engine);
    if (status) {
        sg_onednn_engine_destroy(*engine);
        *engine = NULL;
    }
    return status;
}

void sg_onednn_engine_destroy(sg_onednn_engine *engine)
{
    if (!engine)
        return;
    if (engine->stream)
        dnnl_stream_destroy(engine->stream);
    if (engine->engine)
        dnnl_engine_destroy(engine->engine);
    free(engine);
}

/*
 * Multiply-adds, or infinite where oneDNN may split sums by threads, as it does for weight
 * gradients and batches: the number of threads that is set must decide alone how sums are split
 * (docs/reproducibility.md).
 */
static double work_of(const sg_onednn_convolution *convolution)
{
    return convolution->shape.batch == 1 && convolution->direction != SG_BACKWARD_WEIGHTS
               ? (double)sg_convolution_multiply_adds(&convolution->shape)
               : INFINITY;
}

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

/* Makes the layouts: weights in any; those of the plain weights apart. */
static dnnl_status_t make_layouts(const sg_convolution_shape *s, dnnl_format_tag_t image,
                                  sg_onednn_geometry *geometry, sg_onednn_layout *plain)
{
    const dnnl_dims_t x = {s->batch, s->in_channels, s->in_height, s->in_width};
    const dnnl_dims_t y = {s->batch, s->out_channels, s->out_height, s->out_width};
    dnnl_dims_t w;
    const int rank = weight_dims(s, w);
    const dnnl_format_tag_t tag = s->groups > 1        ? dnnl_goihw
                                  : s->swapped_weights ? dnnl_iohw
                                                       : dnnl_oihw;
    DNNL_TRY(sg_onednn_layout_create(4, x, image, &geometry->x));
    DNNL_TRY(sg_onednn_layout_create(4, y, image, &geometry->y));
    DNNL_TRY(sg_onednn_layout_create(rank, w, dnnl_format_tag_any, &geometry->w));
    return sg_onednn_layout_create(rank, w, tag, plain);
}

/* Describes the forward convolution, then, by it as a hint, the direction's. */
static dnnl_status_t describe_by(sg_onednn_convolution *c, const sg_onednn_geometry *geometry)
{
    static const dnnl_prop_kind_t kinds[] = {[SG_FORWARD] = dnnl_forward_training,
                                             [SG_BACKWARD_DATA] = dnnl_backward_data,
                                             [SG_BACKWARD_WEIGHTS] = dnnl_backward_weights};
    dnnl_engine_t engine = c->engine->engine;
    dnnl_primitive_desc_t forward = NULL;
    DNNL_TRY(sg_onednn_describe_convolution(&forward, engine, kinds[SG_FORWARD], geometry, NULL));
    if (c->direction == SG_FORWARD) {
        c->description = forward;
        return dnnl_success;
    }
    const dnnl_status_t status = sg_onednn_describe_convolution(
        &c->description, engine, kinds[c->direction], geometry, forward);
    dnnl_primitive_desc_destroy(forward);
    return status;
}

static dnnl_status_t describe(void *job)
{
    sg_onednn_convolution *c = job;
    const sg_convolution_shape *s = &c->shape;
    sg_onednn_geometry geometry = {.strides = {s->stride_y, s->stride_x},
                                   .before = {s->pad_top, s->pad_left},
                                   .after = {s->pad_bottom, s->pad_right}};
    dnnl_status_t status = make_layouts(s, c->image, &geometry, &c->plain_weights);
    if (status == dnnl_success)
        status = describe_by(c, &geometry);
    sg_onednn_layout_destroy(&geometry.x);
    sg_onednn_layout_destroy(&geometry.w);
    sg_onednn_layout_destroy(&geometry.y);
    return status;
}

/* The arrays of a run, in this order. */
enum { X, W, Y, SCRATCH, ARRAYS };

static sg_onednn_layout_view layout_of(const sg_onednn_convolution *c, int array)
{
    static const dnnl_query_t queries[][ARRAYS] = {
        [SG_FORWARD] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md,
                        dnnl_query_scratchpad_md},
        [SG_BACKWARD_DATA] = {dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md,
                              dnnl_query_scratchpad_md},
        [SG_BACKWARD_WEIGHTS] = {dnnl_query_src_md, dnnl_query_diff_weights_md,
                                 dnnl_query_diff_dst_md, dnnl_query_scratchpad_md}};
    return dnnl_primitive_desc_query_md(c->description, queries[c->direction][array], 0);
}

static size_t bytes_of(const sg_onednn_convolution *c, int array)
{
    return dnnl_memory_desc_get_size(layout_of(c, array));
}

sg_status sg_onednn_convolution_create(sg_onednn_engine *engine, const sg_convolution_shape *shape,
                                       sg_convolution_direction direction, bool free_layouts,
                                       sg_onednn_convolution **convolution)
{
    sg_onednn_convolution *c = sg_allocate(1, sizeof *c);
    *convolution = c;
    if (!c)
        return SG_ERROR_MEMORY;
    c->engine = engine;
    c->shape = *shape;
    c->direction = direction;
    c->image = free_layouts ? dnnl_format_tag_any : dnnl_nhwc;
    const sg_status status = sg_onednn_call(work_of(c), CODE_BYTES, describe, c);
    if (status) {
        sg_onednn_convolution_destroy(c);
        *convolution = NULL;
        return status;
    }
    c->sizes = (sg_onednn_sizes){.x = bytes_of(c, X),
                                 .w = bytes_of(c, W),
                                 .y = bytes_of(c, Y),
                                 .scratch = bytes_of(c, SCRATCH)};
    return SG_OK;
}

void sg_onednn_convolution_destroy(sg_onednn_convolution *convolution)
{
    if (!convolution)
        return;
    if (convolution->primitive)
        dnnl_primitive_destroy(convolution->primitive);
    if (convolution->description)
        dnnl_primitive_desc_destroy(convolution->description);
    sg_onednn_layout_destroy(&convolution->plain_weights);
    free(convolution);
}

sg_onednn_sizes sg_onednn_convolution_sizes(const sg_onednn_convolution *c)
{
    return c->sizes;
}

uint64_t sg_onednn_convolution_layout(const sg_onednn_convolution *convolution)
{
    return sg_onednn_layout_hash(sg_hash_start, layout_of(convolution, W));
}

/* A copy between two layouts of the same weights. */
typedef struct reorder {
    const sg_onednn_engine *engine;
    sg_onednn_layout_view from_layout, to_layout;
    const float *from;
    float *to;
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_memory_t source, destination;
} reorder;

static dnnl_status_t run_reorder(void *job)
{
    reorder *r = job;
    dnnl_engine_t engine = r->engine->engine;
    DNNL_TRY(dnnl_reorder_primitive_desc_create(&r->description, r->from_layout, engine,
                                                r->to_layout, engine, NULL));
    DNNL_TRY(dnnl_primitive_create(&r->primitive, r->description));
    DNNL_TRY(dnnl_memory_create(&r->source, r->from_layout, engine, (void *)(uintptr_t)r->from));
    DNNL_TRY(dnnl_memory_create(&r->destination, r->to_layout, engine, r->to));
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, r->source}, {DNNL_ARG_TO, r->destination}};
    DNNL_TRY(dnnl_primitive_execute(r->primitive, r->engine->stream, 2, arguments));
    return dnnl_stream_wait(r->engine->stream);
}

/* Copies weights from a layout to another. */
static sg_status copy_weights(const sg_onednn_convolution *c, sg_onednn_layout_view from_layout,
                              const float *from, sg_onednn_layout_view to_layout, float *to)
{
    reorder r = {.engine = c->engine,
                 .from_layout = from_layout,
                 .to_layout = to_layout,
                 .from = from,
                 .to = to};
    const size_t count = dnnl_memory_desc_get_size(to_layout) / sizeof(float);
    const sg_status status = sg_onednn_call((double)count, CODE_BYTES, run_reorder, &r);
    dnnl_memory_destroy(r.destination);
    dnnl_memory_destroy(r.source);
    dnnl_primitive_destroy(r.primitive);
    dnnl_primitive_desc_destroy(r.description);
    return status;
}

sg_status sg_onednn_convolution_pack(const sg_onednn_convolution *c, const float *plain,
                                     float *packed)
{
    return copy_weights(c, sg_onednn_layout_of(&c->plain_weights), plain, layout_of(c, W), packed);
}

sg_status sg_onednn_convolution_unpack(const sg_onednn_convolution *c, const float *packed,
                                       float *plain)
{
    return copy_weights(c, layout_of(c, W), packed, sg_onednn_layout_of(&c->plain_weights), plain);
}

/* ---- a run ---- */

typedef struct execution {
    sg_onednn_convolution *convolution;
    void *data[ARRAYS];
    dnnl_exec_arg_t arguments[ARRAYS];
} execution;

static dnnl_status_t execute(void *job)
{
    static const int names[][ARRAYS] = {
        [SG_FORWARD] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD},
        [SG_BACKWARD_DATA] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST,
                              DNNL_ARG_SCRATCHPAD},
        [SG_BACKWARD_WEIGHTS] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST,
                                 DNNL_ARG_SCRATCHPAD}};
    execution *run = job;
    sg_onednn_convolution *c = run->convolution;
    if (!c->primitive)
        DNNL_TRY(dnnl_primitive_create(&c->primitive, c->description));
    for (int i = 0; i < ARRAYS; i++) {
        run->arguments[i].arg = names[c->direction][i];
        DNNL_TRY(dnnl_memory_create(&run->arguments[i].memory, layout_of(c, i), c->engine->engine,
                                    run->data[i]));
    }
    DNNL_TRY(dnnl_primitive_execute(c->primitive, c->engine->stream, ARRAYS, run->arguments));
    return dnnl_stream_wait(c->engine->stream);
}

sg_status sg_onednn_convolution_run(sg_onednn_convolution *convolution,
                                    const sg_onednn_operands *operands)
{
    execution run = {.convolution = convolution,
                     .data = {(void *)(uintptr_t)operands->x, (void *)(uintptr_t)operands->w,
                              (void *)(uintptr_t)operands->y, operands->scratch}};
    const size_t memory = convolution->primitive ? 0 : CODE_BYTES;
    const sg_status status = sg_onednn_call(work_of(convolution), memory, execute, &run);
    for (int i = 0; i < ARRAYS; i++)
        dnnl_memory_destroy(run.arguments[i].memory);
    return status;
}
