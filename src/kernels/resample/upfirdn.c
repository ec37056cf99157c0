/* Up- and downsampling FIR filters: the separable kernel, in bands of rows over threads. */
#include "kernels/resample/upfirdn.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { MAX_TAPS = 64, MAX_BANDS = 64, GRAIN = 8192 };

/* Returns the number of bands of rows, each of which has its own line buffer. */
static int64_t band_count(const sg_upfirdn_shape *shape)
{
    int64_t rows = shape->samples * shape->out_height;
    int64_t worth = rows * shape->out_width * shape->channels / GRAIN + 1;
    int64_t bands = worth < MAX_BANDS ? worth : MAX_BANDS;
    return bands < rows ? bands : rows;
}

size_t sg_upfirdn_scratch_bytes(const sg_upfirdn_shape *shape)
{
    return (size_t)(band_count(shape) * shape->in_width * shape->channels) * sizeof(float) +
           sizeof(float);
}

typedef struct separable_job {
    const sg_upfirdn_shape *shape;
    const float *x;
    float *y, *lines;
    int64_t bands;
    float column[MAX_TAPS], row[MAX_TAPS]; /* in the order of correlation, gain in the row */
} separable_job;

static void reverse(float *taps, int64_t count)
{
    for (int64_t i = 0; i < count / 2; i++) {
        float tap = taps[i];
        taps[i] = taps[count - 1 - i];
        taps[count - 1 - i] = tap;
    }
}

bool sg_filter_split(int64_t height, int64_t width, const float *filter, bool reversed,
                     float *column, float *row)
{
    int64_t peak = 0;
    for (int64_t i = 1; i < height * width; i++)
        if (fabsf(filter[i]) > fabsf(filter[peak]))
            peak = i;
    if (filter[peak] == 0)
        return false;
    for (int64_t i = 0; i < height; i++)
        column[i] = filter[i * width + peak % width] / filter[peak];
    for (int64_t j = 0; j < width; j++)
        row[j] = filter[peak / width * width + j];
    for (int64_t i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++)
            if (fabsf(column[i] * row[j] - filter[i * width + j]) > 1e-6f * fabsf(filter[peak]))
                return false;
    if (reversed) {
        reverse(column, height);
        reverse(row, width);
    }
    return true;
}

/* Returns a / b rounded down, for either sign of a. */
static int64_t floor_divide(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* Finds the first tap that meets a pixel of the upsampled axis for output `out`, and that pixel. */
static void first_tap(int64_t out, int up, int down, int pad, int64_t *tap, int64_t *pixel)
{
    int64_t at = out * down - pad;
    int64_t next = floor_divide(at + up - 1, up);
    if (next < 0)
        next = 0;
    *tap = next * up - at;
    *pixel = next;
}

/* Computes line = the weighted sum of the rows of the image that `out_row` reads. */
SG_INLINE void vertical_pass(const separable_job *job, const float *image, int64_t out_row,
                             float *restrict line)
{
    const sg_upfirdn_shape *shape = job->shape;
    int64_t count = shape->in_width * shape->channels;
    int64_t tap;
    int64_t pixel;
    first_tap(out_row, shape->up_y, shape->down_y, shape->pad_y, &tap, &pixel);
    bool first = true;
    for (; tap < shape->filter_height && pixel < shape->in_height; tap += shape->up_y, pixel++) {
        float weight = job->column[tap];
        const float *row = image + pixel * count;
        if (first)
            for (int64_t i = 0; i < count; i++)
                line[i] = weight * row[i];
        else
            for (int64_t i = 0; i < count; i++)
                line[i] += weight * row[i];
        first = false;
    }
    if (first)
        memset(line, 0, (size_t)count * sizeof(float));
}

/* Computes one pixel of the result from `taps` neighbouring pixels of the line. */
SG_INLINE void gather_pixel(int64_t taps, int64_t channels, const float *weights, int64_t step,
                            const float *restrict line, float *restrict y)
{
    for (int64_t c = 0; c < channels; c++)
        y[c] = taps > 0 ? weights[0] * line[c] : 0;
    for (int64_t t = 1; t < taps; t++)
        for (int64_t c = 0; c < channels; c++)
            y[c] += weights[t * step] * line[t * channels + c];
}

/* The filter [1, 3, 3, 1] needs two or four taps per pixel: all in one pass over the channels. */
SG_INLINE void gather_two(int64_t channels, const float *w, int64_t step, const float *restrict a,
                          float *restrict y)
{
    float w0 = w[0];
    float w1 = w[step];
    for (int64_t c = 0; c < channels; c++)
        y[c] = w0 * a[c] + w1 * a[channels + c];
}

SG_INLINE void gather_four(int64_t channels, const float *w, int64_t step, const float *restrict a,
                           float *restrict y)
{
    float w0 = w[0];
    float w1 = w[step];
    float w2 = w[2 * step];
    float w3 = w[3 * step];
    for (int64_t c = 0; c < channels; c++)
        y[c] =
            w0 * a[c] + w1 * a[channels + c] + w2 * a[2 * channels + c] + w3 * a[3 * channels + c];
}

SG_INLINE void horizontal_pass(const separable_job *job, const float *line, float *y)
{
    const sg_upfirdn_shape *shape = job->shape;
    int64_t channels = shape->channels;
    for (int64_t x = 0; x < shape->out_width; x++, y += channels) {
        int64_t tap;
        int64_t pixel;
        first_tap(x, shape->up_x, shape->down_x, shape->pad_x, &tap, &pixel);
        int64_t taps = tap < shape->filter_width
                           ? (shape->filter_width - tap + shape->up_x - 1) / shape->up_x
                           : 0;
        int64_t left = shape->in_width - pixel;
        if (taps > left)
            taps = left > 0 ? left : 0;
        const float *from = line + pixel * channels;
        if (taps == 4)
            gather_four(channels, job->row + tap, shape->up_x, from, y);
        else if (taps == 2)
            gather_two(channels, job->row + tap, shape->up_x, from, y);
        else
            gather_pixel(taps, channels, job->row + tap, shape->up_x, from, y);
    }
}

SG_VECTORISED static void separable_bands(size_t begin, size_t end, void *argument)
{
    const separable_job *job = argument;
    const sg_upfirdn_shape *shape = job->shape;
    int64_t rows = shape->samples * shape->out_height;
    int64_t in_size = shape->in_height * shape->in_width * shape->channels;
    int64_t out_row_size = shape->out_width * shape->channels;
    for (size_t band = begin; band < end; band++) {
        float *line = job->lines + (int64_t)band * shape->in_width * shape->channels;
        int64_t last = rows * (int64_t)(band + 1) / job->bands;
        for (int64_t row = rows * (int64_t)band / job->bands; row < last; row++) {
            const float *image = job->x + row / shape->out_height * in_size;
            vertical_pass(job, image, row % shape->out_height, line);
            horizontal_pass(job, line, job->y + row * out_row_size);
        }
    }
}

bool sg_upfirdn_separable_f32(const sg_upfirdn_shape *shape, const float *x, const float *filter,
                              float *y, void *scratch)
{
    separable_job job = {
        .shape = shape, .x = x, .y = y, .lines = scratch, .bands = band_count(shape)};
    if (shape->filter_height > MAX_TAPS || shape->filter_width > MAX_TAPS ||
        !sg_filter_split(shape->filter_height, shape->filter_width, filter, !shape->correlate,
                         job.column, job.row))
        return false;
    for (int64_t j = 0; j < shape->filter_width; j++)
        job.row[j] *= (float)shape->gain;
    sg_parallel_for((size_t)job.bands, 1, separable_bands, &job);
    return true;
}

#define TEMPLATE "kernels/resample/upfirdn.inc"
#include "kernels/vector/each_real.inc"
