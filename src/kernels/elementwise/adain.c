/*
 * The end of a StyleGAN layer off the tape. The first pass activates blocks of pixels and takes
 * their moments; these are joined by the formula of Chan et al. (1979); the second pass normalises
 * and applies the style.
 *
 * Tested by: tests/ops/test_adain.c
 */
#include "kernels/elementwise/adain.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum {
    BLOCK_VALUES = 8192, /* values in cache at a time */
    SMALLEST_BLOCK = 16  /* pixels */
};

typedef struct job {
    const sg_adain_shape *shape;
    const sg_adain_operands *operands;
    float *x;
    int64_t block, blocks; /* pixels of a block, and blocks of a sample */
    float
        *statistics; /* [samples, blocks, 3, channels]: mean, sum of squared deviations, scratch */
    float *normals;  /* [samples, 2, channels]: mean, (scale + 1) / deviation */
} job;

static int64_t block_pixels(const sg_adain_shape *shape)
{
    const int64_t fitting = BLOCK_VALUES / (shape->channels > 0 ? shape->channels : 1);
    const int64_t block = fitting < SMALLEST_BLOCK ? SMALLEST_BLOCK : fitting;
    return block < shape->pixels || shape->pixels == 0 ? block : shape->pixels;
}

static int64_t count_blocks(const sg_adain_shape *shape)
{
    const int64_t block = block_pixels(shape);
    return (shape->pixels + block - 1) / block;
}

static int64_t statistics_floats(const sg_adain_shape *shape)
{
    return shape->samples * count_blocks(shape) * 3 * shape->channels;
}

size_t sg_adain_scratch_bytes(const sg_adain_shape *shape)
{
    return (size_t)(statistics_floats(shape) + shape->samples * 2 * shape->channels) *
           sizeof(float);
}

/* The pixels of a block of a sample. */
typedef struct block_range {
    int64_t sample, first, count;
} block_range;

static block_range range_of(const job *j, size_t item)
{
    const int64_t first = (int64_t)item % j->blocks * j->block;
    const int64_t left = j->shape->pixels - first;
    return (block_range){(int64_t)item / j->blocks, first, left < j->block ? left : j->block};
}

/* Computes u over x for one pixel and adds it to `sum`. */
SG_INLINE void activate_pixel(int64_t channels, float noise, const float *strength,
                              const float *bias, float slope, float *x, float *sum)
{
    for (int64_t c = 0; c < channels; c++) {
        float u = x[c];
        if (strength)
            u += noise * strength[c];
        u += bias[c];
        u = u > 0 ? u : slope * u;
        x[c] = u;
        sum[c] += u;
    }
}

/* Computes u over x for a block, and its sums. */
SG_INLINE void activate_block(const job *j, block_range at, float *x, float *sum)
{
    const sg_adain_shape *s = j->shape;
    const sg_adain_operands *o = j->operands;
    const int64_t row = at.first + (s->noise_per_sample ? at.sample * s->pixels : 0);
    for (int64_t c = 0; c < s->channels; c++)
        sum[c] = 0;
    for (int64_t p = 0; p < at.count; p++)
        activate_pixel(s->channels, o->noise ? o->noise[row + p] : 0, o->noise ? o->strength : NULL,
                       o->bias, (float)s->slope, x + p * s->channels, sum);
}

/* Turns the sums in `mean` into the mean and `squares` into the sum of squared deviations of a
 * block. Corrects both for the rounding of the first mean. */
SG_INLINE void block_statistics(int64_t channels, int64_t count, const float *x, float *mean,
                                float *squares, float *rest)
{
    for (int64_t c = 0; c < channels; c++) {
        mean[c] /= (float)count;
        squares[c] = rest[c] = 0;
    }
    for (int64_t p = 0; p < count; p++)
        for (int64_t c = 0; c < channels; c++) {
            const float deviation = x[p * channels + c] - mean[c];
            rest[c] += deviation;
            squares[c] += deviation * deviation;
        }
    for (int64_t c = 0; c < channels; c++) {
        mean[c] += rest[c] / (float)count;
        squares[c] -= rest[c] * rest[c] / (float)count;
    }
}

SG_VECTORISED static void activate_range(size_t begin, size_t end, void *argument)
{
    const job *j = argument;
    const int64_t channels = j->shape->channels;
    for (size_t item = begin; item < end; item++) {
        const block_range at = range_of(j, item);
        float *x = j->x + (at.sample * j->shape->pixels + at.first) * channels;
        float *mean = j->statistics + (int64_t)item * 3 * channels;
        activate_block(j, at, x, mean);
        block_statistics(channels, at.count, x, mean, mean + channels, mean + 2 * channels);
    }
}

/* Joins the statistics of the blocks of one sample and channel. */
static void join_blocks(const job *j, int64_t sample, int64_t c)
{
    const sg_adain_shape *s = j->shape;
    const float *first = j->statistics + sample * j->blocks * 3 * s->channels + c;
    const double pixels = (double)s->pixels;
    double mean = 0;
    double squares = 0;
    for (int64_t b = 0; b < j->blocks; b++) {
        const double share = (double)(b < j->blocks - 1 ? j->block : s->pixels - b * j->block);
        mean += (double)first[b * 3 * s->channels] * share / pixels;
    }
    for (int64_t b = 0; b < j->blocks; b++) {
        const double share = (double)(b < j->blocks - 1 ? j->block : s->pixels - b * j->block);
        const double off = (double)first[b * 3 * s->channels] - mean;
        squares += (double)first[(b * 3 + 1) * s->channels] + share * off * off;
    }
    float *normals = j->normals + sample * 2 * s->channels + c;
    const double scale = (double)j->operands->styles[sample * 2 * s->channels + c];
    normals[0] = (float)mean;
    normals[s->channels] = (float)((scale + 1) / sqrt(squares / pixels + s->epsilon));
}

static void join_range(size_t begin, size_t end, void *argument)
{
    const job *j = argument;
    for (size_t item = begin; item < end; item++)
        join_blocks(j, (int64_t)item / j->shape->channels, (int64_t)item % j->shape->channels);
}

SG_VECTORISED static void style_range(size_t begin, size_t end, void *argument)
{
    const job *j = argument;
    const int64_t channels = j->shape->channels;
    for (size_t item = begin; item < end; item++) {
        const block_range at = range_of(j, item);
        const float *mean = j->normals + at.sample * 2 * channels;
        const float *factor = mean + channels;
        const float *shift = j->operands->styles + at.sample * 2 * channels + channels;
        float *x = j->x + (at.sample * j->shape->pixels + at.first) * channels;
        for (int64_t p = 0; p < at.count; p++)
            for (int64_t c = 0; c < channels; c++)
                x[p * channels + c] = (x[p * channels + c] - mean[c]) * factor[c] + shift[c];
    }
}

void sg_adain(const sg_adain_shape *shape, const sg_adain_operands *operands, float *x,
              void *scratch)
{
    job j = {.shape = shape,
             .operands = operands,
             .x = x,
             .block = block_pixels(shape),
             .blocks = count_blocks(shape),
             .statistics = scratch};
    j.normals = j.statistics + statistics_floats(shape);
    const size_t blocks = (size_t)(shape->samples * j.blocks);
    sg_parallel_for(blocks, 1, activate_range, &j);
    sg_parallel_for((size_t)(shape->samples * shape->channels), 64, join_range, &j);
    sg_parallel_for(blocks, 1, style_range, &j);
}
