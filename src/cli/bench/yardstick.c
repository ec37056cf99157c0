/*
 * Measured limits of the machine.
 * Tested by: tests/cli/test_bench.c
 */
#include "cli/bench/yardstick.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { CHANNELS = 512, SIDE = 64, ROUNDS = 1 << 20 };

/* Returns the convolution with layouts left to oneDNN. */
static bool describe(dnnl_engine_t engine, dnnl_primitive_desc_t *description)
{
    const dnnl_dims_t image = {1, CHANNELS, SIDE, SIDE};
    const dnnl_dims_t kernel = {CHANNELS, CHANNELS, 3, 3};
    const dnnl_dims_t ones = {1, 1};
    dnnl_memory_desc_t x;
    dnnl_memory_desc_t w;
    dnnl_convolution_desc_t operation;
    return !dnnl_memory_desc_init_by_tag(&x, 4, image, dnnl_f32, dnnl_format_tag_any) &&
           !dnnl_memory_desc_init_by_tag(&w, 4, kernel, dnnl_f32, dnnl_format_tag_any) &&
           !dnnl_convolution_forward_desc_init(&operation, dnnl_forward_inference,
                                               dnnl_convolution_direct, &x, &w, NULL, &x, ones,
                                               ones, ones) &&
           !dnnl_primitive_desc_create(description, &operation, NULL, engine, NULL);
}

/* Returns a memory object of its own, filled with small numbers: denormals and NaN would slow it.
 */
static bool filled_memory(dnnl_engine_t engine, const dnnl_memory_desc_t *layout,
                          dnnl_memory_t *memory)
{
    void *data;
    if (dnnl_memory_create(memory, layout, engine, DNNL_MEMORY_ALLOCATE) ||
        dnnl_memory_get_data_handle(*memory, &data))
        return false;
    float *values = data;
    for (size_t i = 0; i < dnnl_memory_desc_get_size(layout) / sizeof(float); i++)
        values[i] = 0.01f * (float)(i % 7);
    return true;
}

static double time_primitive(dnnl_primitive_t primitive, dnnl_stream_t stream,
                             const dnnl_exec_arg_t *arguments, int runs)
{
    double best = 0;
    for (int i = 0; i <= runs; i++) { /* the first run warms up */
        double start = sg_clock_seconds();
        if (dnnl_primitive_execute(primitive, stream, 3, arguments) != dnnl_success ||
            dnnl_stream_wait(stream) != dnnl_success)
            return 0;
        double seconds = sg_clock_seconds() - start;
        if (i > 0 && (best == 0 || seconds < best))
            best = seconds;
    }
    return best;
}

static double time_convolution(dnnl_engine_t engine, dnnl_stream_t stream, int runs)
{
    dnnl_primitive_desc_t description = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_exec_arg_t arguments[3] = {
        {DNNL_ARG_SRC, NULL}, {DNNL_ARG_WEIGHTS, NULL}, {DNNL_ARG_DST, NULL}};
    const dnnl_query_t queries[3] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md};
    double seconds = 0;
    bool ready = describe(engine, &description) && !dnnl_primitive_create(&primitive, description);
    for (int i = 0; i < 3 && ready; i++)
        ready = filled_memory(engine, dnnl_primitive_desc_query_md(description, queries[i], 0),
                              &arguments[i].memory);
    if (ready)
        seconds = time_primitive(primitive, stream, arguments, runs);
    for (int i = 0; i < 3; i++)
        dnnl_memory_destroy(arguments[i].memory);
    dnnl_primitive_destroy(primitive);
    dnnl_primitive_desc_destroy(description);
    return seconds;
}

sg_limit sg_limit_convolution(int runs)
{
    dnnl_engine_t engine = NULL;
    dnnl_stream_t stream = NULL;
    sg_limit limit = {.multiply_adds = 9.0 * CHANNELS * CHANNELS * SIDE * SIDE};
    if (dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success &&
        dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success)
        limit.seconds = time_convolution(engine, stream, runs);
    dnnl_stream_destroy(stream);
    dnnl_engine_destroy(engine);
    return limit;
}

/* Enough independent sums to hide the latency, few enough for the registers of either width. */
SG_INLINE float multiply_add_lanes(int lanes, int rounds, float factor)
{
    float sums[192];
    for (int i = 0; i < lanes; i++)
        sums[i] = (float)i;
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < lanes; i++)
            sums[i] = sums[i] * factor + 1.0f;
    float total = 0;
    for (int i = 0; i < lanes; i++)
        total += sums[i];
    return total;
}

typedef struct fma_job {
    int lanes;
    float *totals; /* one per thread, so that the work is not optimised away */
} fma_job;

SG_VECTORISED static void fma_range(size_t begin, size_t end, void *argument)
{
    const fma_job *job = argument;
    for (size_t i = begin; i < end; i++) {
        float factor = 0.5f + 0.001f * (float)i;
        job->totals[i] = job->lanes == 96 ? multiply_add_lanes(96, ROUNDS, factor)
                                          : multiply_add_lanes(192, ROUNDS / 2, factor);
    }
}

sg_limit sg_limit_fma(int runs)
{
    size_t threads = (size_t)sg_thread_count();
    sg_limit limit = {.multiply_adds = 96.0 * ROUNDS * (double)threads};
    float *totals = sg_allocate(threads, sizeof *totals);
    for (int i = 0; totals && i < 2 * runs; i++) {
        fma_job job = {i % 2 ? 96 : 192, totals};
        double start = sg_clock_seconds();
        sg_parallel_for(threads, 1, fma_range, &job);
        double seconds = sg_clock_seconds() - start;
        if (limit.seconds == 0 || seconds < limit.seconds)
            limit.seconds = seconds;
    }
    free(totals);
    return limit;
}
