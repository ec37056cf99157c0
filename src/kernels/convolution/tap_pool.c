/*
 * Pools between tap images, rows of the target over threads.
 *
 * Tested by: tests/kernels/convolution/test_tap_convolution.c
 */
#include "kernels/convolution/tap_pool.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"

typedef struct pool_job {
    const sg_tap_pool *pool;
    const sg_tap_image *source, *target;
    int64_t channels; /* of means */
    float *means;
} pool_job;

/* The pixels under a window, from number `from` of the source on. */
typedef struct window {
    int64_t from, top, bottom, left, right;
} window;

#define TEMPLATE "kernels/convolution/tap_pool.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

#ifdef SG_WIDE_VECTORS
#define CHOOSE(stem) (sg_tap_parts() > 1 ? stem##_split : SG_LANES_CHOOSE(sg_vector_lanes(), stem))
#else
#define CHOOSE(stem) SG_LANES_CHOOSE(sg_vector_lanes(), stem)
#endif

/* Cuts what lies outside of the source from a window along one axis. */
static void cut(int64_t start, int64_t side, int64_t size, int64_t *first, int64_t *last)
{
    *first = sg_most(start, 0);
    *last = sg_least(start + side, size);
}

static void pool_rows(size_t begin, size_t end, void *argument)
{
    const pool_job *job = argument;
    const sg_tap_pool *pool = job->pool;
    const sg_tap_image *t = job->target;
    for (int64_t line = (int64_t)begin; line < (int64_t)end; line++) {
        const int64_t picture = line / t->height;
        const int64_t y = line % t->height;
        window w = {.from = picture * job->source->picture};
        cut(y * pool->stride - pool->pad, pool->side, job->source->height, &w.top, &w.bottom);
        for (int64_t x = 0; x < t->width; x++) {
            cut(x * pool->stride - pool->pad, pool->side, job->source->width, &w.left, &w.right);
            CHOOSE(pool_pixel)(job, &w, picture * t->picture + y * t->row + x * t->pixel);
        }
    }
}

void sg_tap_pool_run(const sg_tap_pool *pool, const sg_tap_image *source,
                     const sg_tap_image *target, int64_t batch)
{
    pool_job job = {.pool = pool, .source = source, .target = target};
    sg_parallel_for((size_t)(batch * target->height), 1, pool_rows, &job);
}

static void mean_pictures(size_t begin, size_t end, void *argument)
{
    const pool_job *job = argument;
    for (int64_t i = (int64_t)begin; i < (int64_t)end; i++)
        CHOOSE(mean_picture)(job->source, i, job->channels, job->means + i * job->channels);
}

void sg_tap_means(const sg_tap_image *source, int64_t batch, int64_t channels, float *means)
{
    pool_job job = {.source = source, .channels = channels, .means = means};
    sg_parallel_for((size_t)batch, 1, mean_pictures, &job);
}
