/*
 * Measured limits of the machine.
 * Tested by: tests/cli/test_bench.c
 */
#include "cli/bench/yardstick.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "kernels/convolution/by_onednn.h"
#include "kernels/vector/vectorise.h"

enum { CHANNELS = 512, SIDE = 64, ROUNDS = 1 << 20 };

/* Returns memory filled with small numbers: denormals and NaN would be slow. */
static float *filled(size_t bytes)
{
    float *values = aligned_alloc(64, (bytes + 63) / 64 * 64);
    for (size_t i = 0; values && i < bytes / sizeof *values; i++)
        values[i] = 0.01f * (float)(i % 7);
    return values;
}

/* Returns the seconds of the fastest run; 0 on failure. */
static double time_runs(sg_onednn_convolution *convolution, const sg_onednn_operands *operands,
                        int runs)
{
    double best = 0;
    for (int i = 0; i <= runs; i++) { /* the first run warms up */
        const double start = sg_clock_seconds();
        if (sg_onednn_convolution_run(convolution, operands))
            return 0;
        const double seconds = sg_clock_seconds() - start;
        if (i > 0 && (best == 0 || seconds < best))
            best = seconds;
    }
    return best;
}

static double time_convolution(sg_onednn_convolution *convolution, int runs)
{
    const sg_onednn_sizes sizes = sg_onednn_convolution_sizes(convolution);
    float *arrays[] = {filled(sizes.x), filled(sizes.w), filled(sizes.y), filled(sizes.scratch)};
    const sg_onednn_operands operands = {arrays[0], arrays[1], arrays[2], arrays[3]};
    const bool ready = arrays[0] && arrays[1] && arrays[2];
    const double seconds = ready ? time_runs(convolution, &operands, runs) : 0;
    for (int i = 0; i < 4; i++)
        free(arrays[i]);
    return seconds;
}

sg_limit sg_limit_convolution(int runs)
{
    static const sg_convolution_shape shape = {.batch = 1,
                                               .groups = 1,
                                               .in_height = SIDE,
                                               .in_width = SIDE,
                                               .in_channels = CHANNELS,
                                               .out_height = SIDE,
                                               .out_width = SIDE,
                                               .out_channels = CHANNELS,
                                               .kernel_height = 3,
                                               .kernel_width = 3,
                                               .stride_y = 1,
                                               .stride_x = 1,
                                               .pad_top = 1,
                                               .pad_left = 1,
                                               .pad_bottom = 1,
                                               .pad_right = 1};
    sg_onednn_engine *engine = NULL;
    sg_onednn_convolution *convolution = NULL;
    sg_limit limit = {.multiply_adds = (double)sg_convolution_multiply_adds(&shape)};
    if (!sg_onednn_engine_create(&engine) &&
        !sg_onednn_convolution_create(engine, &shape, SG_FORWARD, true, &convolution))
        limit.seconds = time_convolution(convolution, runs);
    sg_onednn_convolution_destroy(convolution);
    sg_onednn_engine_destroy(engine);
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
