/* Weight gradients by matrix products over gathered pixels, a block of pixels at a time. */
#include "kernels/convolution/gemm.h"

#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/product/gemm.h"

/* Bytes of gathered pixels at a time, which stay in the last-level cache until multiplied. */
enum { BLOCK_BYTES = 8 << 20, MIN_BLOCK = 64, MAX_BLOCK = 4096 };

static int64_t gathered_width(const sg_convolution_shape *s)
{
    return s->kernel_height * s->kernel_width * s->in_channels;
}

static int64_t pixel_count(const sg_convolution_shape *s)
{
    return s->batch * s->out_height * s->out_width;
}

/* Returns the pixels gathered at a time. */
static int64_t block_pixels(const sg_convolution_shape *s)
{
    int64_t block = BLOCK_BYTES / (int64_t)sizeof(float) / gathered_width(s);
    block = block < MIN_BLOCK ? MIN_BLOCK : block > MAX_BLOCK ? MAX_BLOCK : block;
    return block < pixel_count(s) ? block : pixel_count(s);
}

/* True for a 1x1 convolution without stride or padding, where x itself is the matrix. */
static bool is_plain_product(const sg_convolution_shape *s)
{
    return s->kernel_height == 1 && s->kernel_width == 1 && s->in_height == s->out_height &&
           s->in_width == s->out_width && s->pad_top == 0 && s->pad_left == 0 && s->stride_y == 1 &&
           s->stride_x == 1;
}

size_t sg_convolution_gemm_scratch_bytes(const sg_convolution_shape *shape)
{
    int64_t product = gathered_width(shape) * shape->out_channels;
    int64_t gathered = is_plain_product(shape) ? 0 : block_pixels(shape) * gathered_width(shape);
    return (size_t)(product + gathered) * sizeof(float);
}

typedef struct gather_job {
    const sg_convolution_shape *shape;
    const float *x;
    int64_t first; /* pixel of the block's first row */
    float *gathered;
} gather_job;

/* Copies the channels under one tap of an output pixel; zeros where the tap falls on padding. */
static void gather_tap(const sg_convolution_shape *s, const float *image, int64_t y, int64_t x,
                       float *to)
{
    size_t bytes = (size_t)s->in_channels * sizeof(float);
    if (y < 0 || x < 0 || y >= s->in_height || x >= s->in_width)
        memset(to, 0, bytes);
    else
        memcpy(to, image + (y * s->in_width + x) * s->in_channels, bytes);
}

static void gather_range(size_t begin, size_t end, void *argument)
{
    const gather_job *job = argument;
    const sg_convolution_shape *s = job->shape;
    int64_t image_size = s->in_height * s->in_width * s->in_channels;
    float *to = job->gathered + (int64_t)begin * gathered_width(s);
    for (size_t row = begin; row < end; row++) {
        int64_t pixel = job->first + (int64_t)row;
        int64_t out_x = pixel % s->out_width;
        int64_t out_y = pixel / s->out_width % s->out_height;
        const float *image = job->x + pixel / (s->out_width * s->out_height) * image_size;
        for (int64_t ky = 0; ky < s->kernel_height; ky++)
            for (int64_t kx = 0; kx < s->kernel_width; kx++, to += s->in_channels)
                gather_tap(s, image, out_y * s->stride_y + ky - s->pad_top,
                           out_x * s->stride_x + kx - s->pad_left, to);
    }
}

typedef struct unpack_job {
    int64_t taps, in_channels, out_channels;
    int64_t in_stride, out_stride; /* of the weights, [out, in, taps] or [in, out, taps] */
    const float *product;          /* [taps, in, out] */
    float *weights;
} unpack_job;

static void unpack_range(size_t begin, size_t end, void *argument)
{
    const unpack_job *job = argument;
    for (int64_t i = (int64_t)begin; i < (int64_t)end; i++)
        for (int64_t o = 0; o < job->out_channels; o++)
            for (int64_t t = 0; t < job->taps; t++)
                job->weights[o * job->out_stride + i * job->in_stride + t] =
                    job->product[(t * job->in_channels + i) * job->out_channels + o];
}

sg_status sg_convolution_gemm_weights(const sg_convolution_shape *shape, double gain,
                                      const float *x, const float *y, float *weights, void *scratch)
{
    int64_t width = gathered_width(shape);
    int64_t out = shape->out_channels;
    int64_t pixels = pixel_count(shape);
    float *product = scratch;
    float *gathered = product + width * out;
    bool plain = is_plain_product(shape);
    int64_t block = plain ? pixels : block_pixels(shape);
    memset(product, 0, (size_t)(width * out) * sizeof(float));
    for (int64_t first = 0; first < pixels; first += block) {
        int64_t count = pixels - first < block ? pixels - first : block;
        gather_job job = {shape, x, first, gathered};
        if (!plain)
            sg_parallel_for((size_t)count, 16, gather_range, &job);
        const sg_gemm sums = {.transpose_a = true,
                              .rows = width,
                              .columns = out,
                              .inner = count,
                              .alpha = (float)gain,
                              .beta = first ? 1.0f : 0.0f,
                              .a = plain ? x : gathered,
                              .b = y + first * out,
                              .c = product,
                              .a_stride = width,
                              .b_stride = out,
                              .c_stride = out};
        const sg_status status = sg_gemm_f32(&sums);
        if (status)
            return status;
    }
    int64_t taps = shape->kernel_height * shape->kernel_width;
    bool swapped = shape->swapped_weights != 0;
    unpack_job job = {.taps = taps,
                      .in_channels = shape->in_channels,
                      .out_channels = out,
                      .in_stride = swapped ? out * taps : taps,
                      .out_stride = swapped ? taps : shape->in_channels * taps,
                      .product = product,
                      .weights = weights};
    sg_parallel_for((size_t)shape->in_channels, 4, unpack_range, &job);
    return 0;
}
