/*
 * Direct convolution in double. Weights are brought to [taps, reads, writes], where a direction
 * reads pixels of so many channels and writes others; each pixel or weight row of the result is a
 * sum of rows times numbers, in one order whatever the number of threads.
 */
#include "kernels/convolution/direct_double.h"

#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

typedef struct direct_job {
    const sg_convolution_shape *s;
    const double *a, *b, *weights; /* in the direction's order */
    double *result;
} direct_job;

size_t sg_convolution_double_bytes(const sg_convolution_shape *s)
{
    return (size_t)(s->out_channels * s->in_channels * s->kernel_height * s->kernel_width) *
           sizeof(double);
}

/* Returns the index of a weight in the plain array. */
static int64_t weight_at(const sg_convolution_shape *s, int64_t o, int64_t i, int64_t tap)
{
    const int64_t row = s->swapped_weights ? i * s->out_channels + o : o * s->in_channels + i;
    return row * s->kernel_height * s->kernel_width + tap;
}

/* Adds factor * from to `to`. */
SG_INLINE void add_row(int64_t count, double factor, const double *from, double *to)
{
    for (int64_t i = 0; i < count; i++)
        to[i] += factor * from[i];
}

/* Adds a pixel's products with a tap's weights, four channels at a time. */
SG_INLINE void add_pixel(int64_t reads, int64_t writes, const double *pixel, const double *weights,
                         double *to)
{
    int64_t r = 0;
    for (; r + 4 <= reads; r += 4) {
        const double *row = weights + r * writes;
        const double p0 = pixel[r];
        const double p1 = pixel[r + 1];
        const double p2 = pixel[r + 2];
        const double p3 = pixel[r + 3];
        for (int64_t i = 0; i < writes; i++)
            to[i] += p0 * row[i] + p1 * row[writes + i] + p2 * row[2 * writes + i] +
                     p3 * row[3 * writes + i];
    }
    for (; r < reads; r++)
        add_row(writes, pixel[r], weights + r * writes, to);
}

/* Rows of y. */
SG_VECTORISED static void forward_rows(size_t begin, size_t end, void *argument)
{
    const direct_job *job = argument;
    const sg_convolution_shape *s = job->s;
    for (size_t row = begin; row < end; row++) {
        const int64_t n = (int64_t)row / s->out_height;
        const int64_t oy = (int64_t)row % s->out_height;
        double *to = job->result + (int64_t)row * s->out_width * s->out_channels;
        memset(to, 0, (size_t)(s->out_width * s->out_channels) * sizeof *to);
        for (int64_t tap = 0; tap < s->kernel_height * s->kernel_width; tap++) {
            const int64_t iy = oy * s->stride_y + tap / s->kernel_width - s->pad_top;
            const double *weights = job->weights + tap * s->in_channels * s->out_channels;
            for (int64_t ox = 0; ox < s->out_width && iy >= 0 && iy < s->in_height; ox++) {
                const int64_t ix = ox * s->stride_x + tap % s->kernel_width - s->pad_left;
                const int64_t pixel = (n * s->in_height + iy) * s->in_width + ix;
                if (ix >= 0 && ix < s->in_width)
                    add_pixel(s->in_channels, s->out_channels, job->a + pixel * s->in_channels,
                              weights, to + ox * s->out_channels);
            }
        }
    }
}

/* Rows of x. */
SG_VECTORISED static void data_rows(size_t begin, size_t end, void *argument)
{
    const direct_job *job = argument;
    const sg_convolution_shape *s = job->s;
    for (size_t row = begin; row < end; row++) {
        const int64_t n = (int64_t)row / s->in_height;
        double *to = job->result + (int64_t)row * s->in_width * s->in_channels;
        memset(to, 0, (size_t)(s->in_width * s->in_channels) * sizeof *to);
        for (int64_t tap = 0; tap < s->kernel_height * s->kernel_width; tap++) {
            const int64_t y = (int64_t)row % s->in_height + s->pad_top - tap / s->kernel_width;
            const double *weights = job->weights + tap * s->in_channels * s->out_channels;
            if (y < 0 || y % s->stride_y != 0 || y / s->stride_y >= s->out_height)
                continue;
            for (int64_t ix = 0; ix < s->in_width; ix++) {
                const int64_t x = ix + s->pad_left - tap % s->kernel_width;
                const int64_t pixel =
                    (n * s->out_height + y / s->stride_y) * s->out_width + x / s->stride_x;
                if (x >= 0 && x % s->stride_x == 0 && x / s->stride_x < s->out_width)
                    add_pixel(s->out_channels, s->in_channels, job->a + pixel * s->out_channels,
                              weights, to + ix * s->in_channels);
            }
        }
    }
}

/* Rows [out_channels] of the weights' gradient, one for each tap and channel of x. */
SG_VECTORISED static void weight_rows(size_t begin, size_t end, void *argument)
{
    const direct_job *job = argument;
    const sg_convolution_shape *s = job->s;
    for (size_t row = begin; row < end; row++) {
        const int64_t tap = (int64_t)row / s->in_channels;
        const int64_t channel = (int64_t)row % s->in_channels;
        double *to = job->result + (int64_t)row * s->out_channels;
        memset(to, 0, (size_t)s->out_channels * sizeof *to);
        for (int64_t pixel = 0; pixel < s->batch * s->out_height * s->out_width; pixel++) {
            const int64_t oy = pixel / s->out_width % s->out_height;
            const int64_t iy = oy * s->stride_y + tap / s->kernel_width - s->pad_top;
            const int64_t ix =
                pixel % s->out_width * s->stride_x + tap % s->kernel_width - s->pad_left;
            if (iy < 0 || ix < 0 || iy >= s->in_height || ix >= s->in_width)
                continue;
            const int64_t n = pixel / s->out_width / s->out_height;
            const int64_t from = ((n * s->in_height + iy) * s->in_width + ix) * s->in_channels;
            add_row(s->out_channels, job->a[from + channel], job->b + pixel * s->out_channels, to);
        }
    }
}

void sg_convolution_double_pack(const sg_convolution_shape *s, sg_convolution_direction direction,
                                double gain, const double *weights, double *packed)
{
    const int64_t taps = s->kernel_height * s->kernel_width;
    const int64_t count = s->in_channels * s->out_channels;
    for (int64_t o = 0; o < s->out_channels; o++)
        for (int64_t i = 0; i < s->in_channels; i++) {
            const int64_t at =
                direction == SG_FORWARD ? i * s->out_channels + o : o * s->in_channels + i;
            for (int64_t tap = 0; tap < taps; tap++)
                packed[tap * count + at] = gain * weights[weight_at(s, o, i, tap)];
        }
}

void sg_convolution_double(const sg_convolution_shape *shape, sg_convolution_direction direction,
                           const double *from, const double *packed, double *result)
{
    direct_job job = {shape, from, NULL, packed, result};
    if (direction == SG_FORWARD)
        sg_parallel_for((size_t)(shape->batch * shape->out_height), 1, forward_rows, &job);
    else
        sg_parallel_for((size_t)(shape->batch * shape->in_height), 1, data_rows, &job);
}

void sg_convolution_double_weights(const sg_convolution_shape *s, double gain, const double *x,
                                   const double *y, double *result, double *scratch)
{
    direct_job job = {s, x, y, NULL, scratch};
    const int64_t taps = s->kernel_height * s->kernel_width;
    sg_parallel_for((size_t)(taps * s->in_channels), 1, weight_rows, &job);
    for (int64_t o = 0; o < s->out_channels; o++)
        for (int64_t i = 0; i < s->in_channels; i++)
            for (int64_t tap = 0; tap < taps; tap++)
                result[weight_at(s, o, i, tap)] =
                    gain * scratch[(tap * s->in_channels + i) * s->out_channels + o];
}
