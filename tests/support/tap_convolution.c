/* Convolution by scattering. */
#include "support/tap_convolution.h"

#include <stdlib.h>

#include "support/numbers.h"

enum { SIDE = 3, TAPS = SIDE * SIDE };

/* The weights as [tap][in][out]. */
static double *arrange(const tap_convolution *c, double gain, const float *weights)
{
    int64_t in = c->in_channels;
    int64_t out = c->out_channels;
    double *arranged = zero_doubles(TAPS * in * out);
    for (int64_t o = 0; o < out; o++)
        for (int64_t i = 0; i < in; i++)
            for (int64_t k = 0; k < TAPS; k++) {
                int64_t tap = c->reversed ? TAPS - 1 - k : k;
                arranged[(tap * in + i) * out + o] =
                    gain * (double)weights[(o * in + i) * TAPS + k];
            }
    return arranged;
}

static void add_pixel(const tap_convolution *c, const double *x, const double *matrix, double *y)
{
    for (int64_t i = 0; i < c->in_channels; i++)
        for (int64_t o = 0; o < c->out_channels; o++)
            y[o] += x[i] * matrix[i * c->out_channels + o];
}

static void scatter_pixel(const tap_convolution *c, int64_t row, int64_t column, const double *x,
                          const double *arranged, double *image)
{
    for (int64_t k = 0; k < TAPS; k++) {
        int64_t to_row = c->step * row + k / SIDE - c->offset;
        int64_t to_column = c->step * column + k % SIDE - c->offset;
        if (to_row >= 0 && to_column >= 0 && to_row < c->out_height && to_column < c->out_width)
            add_pixel(c, x, arranged + k * c->in_channels * c->out_channels,
                      image + (to_row * c->out_width + to_column) * c->out_channels);
    }
}

double *convolve_taps(const tap_convolution *c, double gain, const double *x, const float *weights)
{
    int64_t size = c->out_height * c->out_width * c->out_channels;
    double *arranged = arrange(c, gain, weights);
    double *y = zero_doubles(c->batch * size);
    for (int64_t n = 0; n < c->batch; n++)
        for (int64_t row = 0; row < c->in_height; row++)
            for (int64_t column = 0; column < c->in_width; column++, x += c->in_channels)
                scatter_pixel(c, row, column, x, arranged, y + n * size);
    free(arranged);
    return y;
}
