/*
 * The waves are sin(2 pi (x fx + y fy + phase)). The grid is parallel to the axes, so the formula
 * for the sine of a sum needs sines and cosines of (x fx) and (y fy + phase) only: of 2 * size *
 * channels numbers instead of size^2 * channels.
 */
#define _DEFAULT_SOURCE
#include "nn/fourier_input.h"

#include <math.h>

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

/* Frequencies and phases of the waves, [N, channels] or [1, channels] each. */
typedef struct waves {
    sg_tensor *x, *y, *phase;
} waves;

static sg_linear create_affine(sg_parameter_set *set, const char *prefix, int w_dim)
{
    sg_linear affine = sg_linear_create(set, prefix, "affine",
                                        (sg_linear_options){.in_features = w_dim,
                                                            .out_features = 4,
                                                            .activation = SG_LINEAR,
                                                            .lr_multiplier = 1,
                                                            .zero_weight = true});
    if (affine.bias)
        sg_tensor_set_value(affine.bias, 0, 1);
    return affine;
}

/* Turns normal pairs into pairs almost uniform on a disc of the radius `bandwidth`. */
static void spread_on_disc(sg_tensor *freqs, double bandwidth)
{
    for (int64_t i = 0; i < freqs->shape.size[0]; i++) {
        double x = sg_tensor_value(freqs, 2 * i);
        double y = sg_tensor_value(freqs, 2 * i + 1);
        double radius = hypot(x, y);
        double scale = radius > 0 ? bandwidth / (radius * pow(exp(radius * radius), 0.25)) : 0;
        sg_tensor_set_value(freqs, 2 * i, scale * x);
        sg_tensor_set_value(freqs, 2 * i + 1, scale * y);
    }
}

sg_fourier_input sg_fourier_input_create(sg_parameter_set *set, const char *prefix,
                                         sg_fourier_input_options o)
{
    sg_fourier_input input = {.options = o};
    input.weight = sg_parameter_add(set, prefix, "weight", SG_SHAPE(o.channels, o.channels), true,
                                    SG_STANDARD_NORMAL);
    sg_parameter_set_gain(set, input.weight, 1 / sqrt(o.channels));
    input.transform = sg_parameter_add(set, prefix, "transform", SG_SHAPE(3, 3), false, SG_ZEROS);
    input.freqs =
        sg_parameter_add(set, prefix, "freqs", SG_SHAPE(o.channels, 2), false, SG_STANDARD_NORMAL);
    input.phases = sg_parameter_add(set, prefix, "phases", SG_SHAPE(o.channels), false,
                                    (sg_initial){SG_INITIAL_UNIFORM, 0.5});
    input.affine = create_affine(set, prefix, o.w_dim);
    for (int i = 0; input.transform && i < 3; i++)
        sg_tensor_set_value(input.transform, 4 * (int64_t)i, 1);
    if (input.freqs && !set->context->blank_parameters)
        spread_on_disc(input.freqs, o.bandwidth);
    return input;
}

/* Returns a * b + c * d. */
static sg_tensor *sum_of_products(sg_tensor *a, sg_tensor *b, sg_tensor *c, sg_tensor *d)
{
    return sg_add(sg_multiply(a, b), sg_multiply(c, d));
}

/*
 * Rotates and shifts the waves as w says: by (-x, -y), then by the rotation (c, -s; s, c), where
 * (c, s, x, y) is the affine layer's result divided by the length of (c, s).
 */
static waves learned_transform(const sg_fourier_input *input, sg_tensor *w)
{
    int64_t channels = input->options.channels;
    sg_tensor *t = sg_linear_forward(&input->affine, w);
    sg_tensor *direction = sg_slice(t, 1, 0, 2);
    if (!direction)
        return (waves){NULL, NULL, NULL};
    sg_tensor *square = sg_sum_product(direction, direction, SG_SHAPE(direction->shape.size[0], 1));
    t = sg_multiply(t, sg_power(square, -0.5));
    sg_tensor *cosine = sg_slice(t, 1, 0, 1);
    sg_tensor *sine = sg_slice(t, 1, 1, 1);
    sg_tensor *fx = sg_reshape(sg_slice(input->freqs, 1, 0, 1), SG_SHAPE(1, channels));
    sg_tensor *fy = sg_reshape(sg_slice(input->freqs, 1, 1, 1), SG_SHAPE(1, channels));
    sg_tensor *x = sum_of_products(fx, cosine, fy, sine);
    sg_tensor *y = sg_subtract(sg_multiply(fy, cosine), sg_multiply(fx, sine));
    sg_tensor *shift = sum_of_products(x, sg_slice(t, 1, 2, 1), y, sg_slice(t, 1, 3, 1));
    return (waves){x, y, sg_affine(shift, -1, 0)};
}

/* Returns (x, y, phase) times a column of the user's matrix. */
static sg_tensor *times_column(const sg_tensor *matrix, int column, waves f)
{
    sg_tensor *const terms[] = {f.x, f.y, f.phase};
    sg_tensor *sum = NULL;
    for (int row = 0; row < 3; row++) {
        double factor = sg_tensor_value(matrix, 3 * row + column);
        sg_tensor *term = factor == 1 ? terms[row] : sg_affine(terms[row], factor, 0);
        if (factor != 0 || row == 0)
            sum = sum ? sg_add(sum, term) : term;
    }
    return sum;
}

static waves user_transform(const sg_fourier_input *input, waves f)
{
    sg_tensor *own = sg_reshape(input->phases, SG_SHAPE(1, input->options.channels));
    return (waves){times_column(input->transform, 0, f), times_column(input->transform, 1, f),
                   sg_add(times_column(input->transform, 2, f), own)};
}

/* Returns 1 up to the bandwidth, falling to 0 at half the sampling rate, the limit of sampling. */
static sg_tensor *amplitudes(const sg_fourier_input *input, waves f)
{
    const sg_fourier_input_options *o = &input->options;
    double slope = 1 / (o->sampling_rate / 2 - o->bandwidth);
    sg_tensor *length = sg_power(sum_of_products(f.x, f.x, f.y, f.y), 0.5);
    sg_tensor *a = sg_affine(sg_affine(length, -1, o->bandwidth), slope, 1);
    /* To [0, 1] by way of [-1, 1]. */
    return sg_affine(sg_clamp(sg_affine(a, 2, -1), 1), 0.5, 0.5);
}

/* Returns 2 pi times the positions of the samples along one axis; the picture's middle is 0. */
static sg_tensor *angles_of_grid(const sg_fourier_input *input, sg_shape shape)
{
    const sg_fourier_input_options *o = &input->options;
    sg_tensor *grid = sg_tensor_create(input->weight->context, input->weight->dtype, shape);
    for (int i = 0; grid && i < o->size; i++)
        sg_tensor_set_value(grid, i, 2 * M_PI * (i + 0.5 - o->size / 2.0) / o->sampling_rate);
    return grid;
}

static sg_tensor *sample_waves(const sg_fourier_input *input, waves f, int64_t samples)
{
    int64_t channels = input->options.channels;
    int64_t size = input->options.size;
    sg_shape per_wave = SG_SHAPE(samples, 1, 1, channels);
    sg_tensor *across =
        sg_multiply(angles_of_grid(input, SG_SHAPE(1, 1, size, 1)), sg_reshape(f.x, per_wave));
    sg_tensor *down =
        sg_multiply(angles_of_grid(input, SG_SHAPE(1, size, 1, 1)), sg_reshape(f.y, per_wave));
    down = sg_add(down, sg_reshape(sg_affine(f.phase, 2 * M_PI, 0), per_wave));
    sg_tensor *amplitude = sg_reshape(amplitudes(input, f), per_wave);
    return sum_of_products(sg_sine(across, 0), sg_multiply(sg_sine(down, 1), amplitude),
                           sg_sine(across, 1), sg_multiply(sg_sine(down, 0), amplitude));
}

sg_tensor *sg_fourier_input_forward(const sg_fourier_input *input, sg_tensor *w)
{
    if (!w)
        return NULL;
    size_t scope = sg_scope_open(w->context);
    int64_t samples = w->shape.size[0];
    int64_t channels = input->options.channels;
    int64_t size = input->options.size;
    waves f = user_transform(input, learned_transform(input, w));
    sg_tensor *x = w->context->error.status ? NULL : sample_waves(input, f, samples);
    x = sg_reshape(x, SG_SHAPE(samples * size * size, channels));
    x = sg_matmul(x, false, input->weight, true, 1 / sqrt((double)channels));
    return sg_scope_close(w->context, scope,
                          sg_reshape(x, SG_SHAPE(samples, size, size, channels)));
}
