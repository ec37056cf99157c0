/* Fused passes by their definition. */
#include "support/fused_pass_case.h"

#include <stdlib.h>

#include "support/numbers.h"

void make_fused_pass_case(fused_pass_case *made, const fused_pass_size *size, unsigned parts,
                          int64_t colours)
{
    const fused_pass_size *s = size;
    *made =
        (fused_pass_case){.size = *size,
                          .pass = sg_fused_pass_none(),
                          .styles = random_floats(s->batch * s->in_channels, 11),
                          .scale = random_floats(s->batch * s->out_channels, 12),
                          .noise = random_floats(s->batch * s->out_pixels, 13),
                          .bias = random_floats(s->out_channels, 14),
                          .colour_weights = random_floats(s->batch * colours * s->out_channels, 15),
                          .colour_bias = random_floats(colours, 16)};
    sg_fused_pass *pass = &made->pass;
    pass->styles = parts & PASS_STYLES ? made->styles : NULL;
    pass->scale = parts & PASS_SCALE ? made->scale : NULL;
    pass->noise = parts & PASS_NOISE ? made->noise : NULL;
    pass->noise_per_sample = parts & PASS_NOISE_PER_SAMPLE;
    pass->bias = parts & PASS_BIAS ? made->bias : NULL;
    if (parts & PASS_SLOPES) {
        pass->positive = 1.25f;
        pass->negative = 0.375f;
    }
    if (parts & PASS_LIMIT)
        pass->limit = 0.75f;
    made->colours = (sg_colours){.channels = s->out_channels,
                                 .count = colours,
                                 .weights = made->colour_weights,
                                 .bias = made->colour_bias,
                                 .limit = parts & PASS_LIMIT ? 1.5f : INFINITY};
    if (colours)
        pass->colours = &made->colours;
}

void free_fused_pass_case(fused_pass_case *made)
{
    free(made->styles);
    free(made->scale);
    free(made->noise);
    free(made->bias);
    free(made->colour_weights);
    free(made->colour_bias);
}

double *apply_styles(const fused_pass_case *made, const float *x)
{
    const fused_pass_size *s = &made->size;
    int64_t sample = s->in_pixels * s->in_channels;
    double *scaled = doubles_of(x, s->batch * sample);
    for (int64_t i = 0; made->pass.styles && i < s->batch * sample; i++)
        scaled[i] *= (double)made->styles[i / sample * s->in_channels + i % s->in_channels];
    return scaled;
}

static double within(double value, double limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

void finish_pass(const fused_pass_case *made, double *y)
{
    const fused_pass_size *s = &made->size;
    const sg_fused_pass *pass = &made->pass;
    for (int64_t i = 0; i < s->batch * s->out_pixels * s->out_channels; i++) {
        int64_t channel = i % s->out_channels;
        int64_t pixel = i / s->out_channels % s->out_pixels;
        int64_t sample = i / s->out_channels / s->out_pixels;
        int64_t map = pass->noise_per_sample ? sample : 0;
        double value = y[i];
        value *= pass->scale ? (double)pass->scale[sample * s->out_channels + channel] : 1;
        value += pass->noise ? (double)pass->noise[map * s->out_pixels + pixel] : 0;
        value += pass->bias ? (double)pass->bias[channel] : 0;
        value *= (double)(value > 0 ? pass->positive : pass->negative);
        y[i] = within(value, (double)pass->limit);
    }
}

double *colours_of(const fused_pass_case *made, const double *y)
{
    const fused_pass_size *s = &made->size;
    const sg_colours *colours = &made->colours;
    double *result = zero_doubles(s->batch * s->out_pixels * colours->count);
    for (int64_t p = 0; p < s->batch * s->out_pixels; p++)
        for (int64_t k = 0; k < colours->count; k++) {
            const float *weights =
                colours->weights + (p / s->out_pixels * colours->count + k) * s->out_channels;
            double sum = (double)colours->bias[k];
            for (int64_t c = 0; c < s->out_channels; c++)
                sum += y[p * s->out_channels + c] * (double)weights[c];
            result[p * colours->count + k] = within(sum, (double)colours->limit);
        }
    return result;
}
