/*
 * Transforms weights to Winograd's frequencies, a panel of outputs at a time over threads.
 *
 * Tested by: tests/kernels/winograd/test_winograd.c
 */
#include "kernels/winograd/winograd_pack.h"

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/lanes.h"
#include "kernels/vector/vectorise.h"

enum { TAPS = 9, SIDE = 6 };

typedef struct pack_job {
    const sg_winograd_weights *weights;
    float *packed;
    int64_t matrix_floats;
} pack_job;

int64_t sg_winograd_padded(int64_t out_channels)
{
    return sg_round_up(out_channels, SG_PRODUCT_WIDEST_PANEL);
}

static int64_t matrix_floats(int64_t in_channels, int64_t out_channels)
{
    return in_channels * sg_winograd_padded(out_channels);
}

size_t sg_winograd_packed_bytes(int64_t in_channels, int64_t out_channels)
{
    return (size_t)(SG_WINOGRAD_MATRICES * matrix_floats(in_channels, out_channels)) *
           sizeof(float);
}

#define TEMPLATE "kernels/winograd/winograd_pack.inc"
#include "kernels/vector/each_width.inc"

void sg_winograd_pack_weights(const sg_winograd_weights *weights, float *packed)
{
    pack_job job = {weights, packed, matrix_floats(weights->in_channels, weights->out_channels)};
    if (weights->parts > 2)
        job.matrix_floats = job.matrix_floats * weights->parts / 2;
    int64_t panels = sg_winograd_padded(weights->out_channels) / sg_product_panel();
#ifdef SG_WIDE_VECTORS
    if (weights->parts > 1) { /* only where vectors have 16 lanes */
        sg_parallel_for((size_t)panels, 1, pack_split_16, &job);
        return;
    }
#endif
    sg_parallel_for((size_t)panels, 1, SG_LANES_CHOOSE(sg_vector_lanes(), pack_panels), &job);
}
