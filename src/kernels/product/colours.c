/* Colours of pixels: chunks of the batch over threads. */
#include "kernels/product/colours.h"

#include "base/parallel.h"
#include "kernels/vector/lanes.h"

enum { CHANNEL_STEP = 16 };

typedef struct colours_job {
    const sg_colours *colours;
    int64_t pixels; /* of a sample */
    const float *x;
} colours_job;

bool sg_colours_suit(int64_t channels, int64_t count)
{
    return channels % CHANNEL_STEP == 0 && count >= 1 && count <= SG_MAX_COLOURS;
}

#define TEMPLATE "kernels/product/colours.inc"
#include "kernels/vector/each_width.inc"

void sg_to_colours(const sg_colours *colours, int64_t batch, int64_t pixels, const float *x)
{
    colours_job job = {colours, pixels, x};
    sg_parallel_for((size_t)(batch * pixels), 256,
                    SG_LANES_CHOOSE(sg_vector_lanes(), colours_range), &job);
}
