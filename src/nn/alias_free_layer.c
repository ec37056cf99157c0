/* StyleGAN3's layers; see alias_free_layer.h for the paper's sections. */
#include "nn/alias_free_layer.h"

#include <math.h>

#include "ops/arithmetic.h"
#include "ops/convolution/modulated.h"
#include "ops/reduce.h"

/*
 * Images up to this size are convolved directly at inference: in StyleGAN3's first layers,
 * Winograd's weights, four times as large, would cost more memory than the time they save is worth.
 */
enum { LEAN_SIZE = 64 };

/* Returns a / b rounded down, for a positive b. */
static int floor_divide(int a, int b)
{
    return a / b - (a % b < 0);
}

/* Sets the padding, or cropping, that gives the layer's result its size. */
static void set_padding(const sg_alias_free_layer_options *o, sg_filtered_lrelu_options *activation)
{
    int total = (o->out_size - 1) * o->down + 1;
    total -= (o->in_size + o->kernel_size - 1) * o->up;
    total += o->up_filter.taps + o->down_filter.taps - 2;
    int before = floor_divide(total + o->up, 2);
    activation->pad_x0 = activation->pad_y0 = before;
    activation->pad_x1 = activation->pad_y1 = total - before;
}

sg_alias_free_layer sg_alias_free_layer_create(sg_parameter_set *set, const char *prefix,
                                               const sg_alias_free_layer_options *o)
{
    int k = o->kernel_size;
    sg_alias_free_layer layer = {
        .to_colours = o->to_colours,
        .magnitude_ema_beta = o->magnitude_ema_beta,
        .activation = {.up = o->up,
                       .down = o->down,
                       .gain = o->to_colours ? 1 : sqrt(2),
                       .slope = o->to_colours ? 1 : 0.2,
                       .clamp = o->clamp},
    };
    set_padding(o, &layer.activation);
    layer.weight =
        sg_parameter_add(set, prefix, "weight", SG_SHAPE(o->out_channels, o->in_channels, k, k),
                         true, SG_STANDARD_NORMAL);
    sg_parameter_set_gain(set, layer.weight, 1 / sqrt((double)o->in_channels * k * k));
    layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(o->out_channels), true, SG_ZEROS);
    layer.magnitude_ema = sg_parameter_add(set, prefix, "magnitude_ema", sg_shape_of(0, NULL),
                                           false, (sg_initial){SG_INITIAL_CONSTANT, 1});
    layer.up_filter = sg_lowpass_create(set, prefix, "up_filter", &o->up_filter);
    layer.down_filter = sg_lowpass_create(set, prefix, "down_filter", &o->down_filter);
    layer.affine = sg_linear_create(set, prefix, "affine",
                                    (sg_linear_options){.in_features = o->w_dim,
                                                        .out_features = o->in_channels,
                                                        .activation = SG_LINEAR,
                                                        .lr_multiplier = 1,
                                                        .bias_init = 1});
    return layer;
}

/* Moves the tracked mean square of inputs towards that of x. */
static void track_magnitude(const sg_alias_free_layer *layer, const sg_tensor *x)
{
    sg_tensor *values = sg_tensor_detach(x);
    const sg_tensor *square = values ? sg_sum_product(values, values, sg_shape_of(0, NULL)) : NULL;
    if (!square)
        return;
    double present = sg_tensor_value(square, 0) / (double)sg_tensor_count(x);
    double tracked = sg_tensor_value(layer->magnitude_ema, 0);
    sg_tensor_set_value(layer->magnitude_ema, 0,
                        present + (tracked - present) * layer->magnitude_ema_beta);
    sg_tensor_touch(layer->magnitude_ema);
}

/*
 * Convolves x. The input's gain multiplies the result of a demodulated convolution, which has no
 * bias yet; otherwise the styles.
 */
static sg_tensor *convolve(const sg_alias_free_layer *layer, sg_tensor *x, sg_tensor *w,
                           sg_storage *result)
{
    const int64_t *size = layer->weight->shape.size;
    double input_gain = 1 / sqrt(sg_tensor_value(layer->magnitude_ema, 0));
    sg_modulated_options modulated = {.resample = sg_resample_defaults(),
                                      .demodulate = !layer->to_colours,
                                      .normalized = true,
                                      .epilogue = sg_bias_act_defaults(SG_LINEAR),
                                      .pad_channels = !x->context->recording && !layer->to_colours,
                                      .result = result};
    modulated.resample.padding = (int)size[2] - 1;
    modulated.resample.direct = !x->context->recording && x->shape.size[1] <= LEAN_SIZE;
    sg_tensor *styles = sg_linear_forward(&layer->affine, w);
    if (!layer->to_colours) {
        modulated.epilogue.gain = input_gain;
        return sg_modulated_convolution(x, layer->weight, styles, NULL, NULL, NULL, modulated);
    }
    double weight_gain = 1 / sqrt((double)(size[1] * size[2] * size[3]));
    modulated.epilogue.clamp = layer->activation.clamp;
    return sg_modulated_convolution(x, layer->weight,
                                    sg_affine(styles, weight_gain * input_gain, 0), NULL, NULL,
                                    layer->bias, modulated);
}

sg_tensor *sg_alias_free_layer_forward(const sg_alias_free_layer *layer, sg_tensor *x, sg_tensor *w,
                                       sg_alias_free_pass pass)
{
    if (!x || !w)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    if (pass.update_average)
        track_magnitude(layer, x);
    sg_tensor *y = convolve(layer, x, w, pass.convolved);
    if (y && !layer->to_colours) {
        sg_filtered_lrelu_options activation = layer->activation;
        activation.result = pass.result;
        y = sg_filtered_lrelu(y, layer->up_filter, layer->down_filter,
                              sg_pad_channels(layer->bias, y->shape.size[3]), activation);
    }
    return sg_scope_close(x->context, scope, y);
}
