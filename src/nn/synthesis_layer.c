/* Modulated layers: styles from w, one modulated convolution, colours. */
#include "nn/synthesis_layer.h"

#include <math.h>

#include "nn/resample_filter.h"
#include "ops/arithmetic.h"
#include "ops/convolution/fused.h"
#include "ops/convolution/modulated.h"
#include "ops/layout.h"

/* Adds the affine map from w to styles, which start at 1. */
static sg_linear affine_create(sg_parameter_set *set, const char *prefix, int w_dim, int channels)
{
    return sg_linear_create(set, prefix, "affine",
                            (sg_linear_options){.in_features = w_dim,
                                                .out_features = channels,
                                                .activation = SG_LINEAR,
                                                .lr_multiplier = 1,
                                                .bias_init = 1});
}

sg_synthesis_layer sg_synthesis_layer_create(sg_parameter_set *set, const char *prefix,
                                             sg_synthesis_layer_options o)
{
    int k = o.kernel_size;
    sg_synthesis_layer layer = {.up = o.up,
                                .height = o.height,
                                .width = o.width,
                                .clamp = o.clamp,
                                .activation = o.activation};
    layer.weight =
        sg_parameter_add(set, prefix, "weight", SG_SHAPE(o.out_channels, o.in_channels, k, k), true,
                         SG_STANDARD_NORMAL);
    /* Demodulation divides the gain out again, but not its effect on the learning rate. */
    sg_parameter_set_gain(set, layer.weight, 1 / sqrt((double)o.in_channels * k * k));
    if (o.use_noise)
        sg_noise_layer_add_strength(&layer.noise, set, prefix, sg_shape_of(0, NULL));
    layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true, SG_ZEROS);
    layer.filter = sg_resample_filter_create(set, prefix, o.taps, o.tap_count);
    if (o.use_noise)
        sg_noise_layer_add_constant(&layer.noise, set, prefix, o.height, o.width);
    layer.affine = affine_create(set, prefix, o.w_dim, o.in_channels);
    return layer;
}

static sg_modulated_options layer_options(const sg_synthesis_layer *layer, double gain,
                                          sg_storage *result)
{
    sg_modulated_options modulated = {.resample = {.up = layer->up,
                                                   .down = 1,
                                                   .padding = (int)layer->weight->shape.size[2] / 2,
                                                   .flip_weight = layer->up == 1,
                                                   .gain = 1},
                                      .demodulate = true,
                                      .epilogue = sg_bias_act_defaults(layer->activation),
                                      .result = result};
    modulated.epilogue.gain *= gain;
    modulated.epilogue.clamp = layer->clamp >= 0 ? layer->clamp * gain : -1;
    return modulated;
}

sg_tensor *sg_synthesis_layer_forward(const sg_synthesis_layer *layer, sg_tensor *x, sg_tensor *w,
                                      double gain, sg_synthesis_options options)
{
    if (!x || !w)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_tensor *styles = sg_linear_forward(&layer->affine, w);
    sg_tensor *noise = sg_noise_layer_forward(&layer->noise, x->shape.size[0], options);
    sg_tensor *y =
        sg_modulated_convolution(x, layer->weight, styles, layer->filter, noise, layer->bias,
                                 layer_options(layer, gain, options.result));
    sg_layer_tap_show(options.tap, layer->affine.weight, y, layer->weight->shape.size[0]);
    return sg_scope_close(x->context, scope, y);
}

sg_to_rgb_layer sg_to_rgb_layer_create(sg_parameter_set *set, const char *prefix, int in_channels,
                                       int out_channels, int w_dim, double clamp)
{
    sg_to_rgb_layer layer = {.weight_gain = 1 / sqrt(in_channels), .clamp = clamp};
    layer.weight = sg_parameter_add(
        set, prefix, "weight", SG_SHAPE(out_channels, in_channels, 1, 1), true, SG_STANDARD_NORMAL);
    sg_parameter_set_gain(set, layer.weight, layer.weight_gain);
    layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(out_channels), true, SG_ZEROS);
    layer.affine = affine_create(set, prefix, w_dim, in_channels);
    return layer;
}

static sg_tensor *colour_styles(const sg_to_rgb_layer *layer, sg_tensor *w)
{
    return sg_affine(sg_linear_forward(&layer->affine, w), layer->weight_gain, 0);
}

sg_tensor *sg_to_rgb_layer_forward(const sg_to_rgb_layer *layer, sg_tensor *x, sg_tensor *w,
                                   const sg_layer_tap *tap)
{
    if (!x || !w)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_modulated_options modulated = {.resample = sg_resample_defaults(),
                                      .demodulate = false,
                                      .epilogue = sg_bias_act_defaults(SG_LINEAR)};
    modulated.epilogue.clamp = layer->clamp;
    sg_tensor *y = sg_modulated_convolution(x, layer->weight, colour_styles(layer, w), NULL, NULL,
                                            layer->bias, modulated);
    sg_layer_tap_show(tap, layer->affine.weight, y, layer->weight->shape.size[0]);
    return sg_scope_close(x->context, scope, y);
}

/* Computes both layers by one kernel; NULL where no kernel does, or on failure. */
static sg_tensor *fused_to_rgb(const sg_synthesis_layer *layer, const sg_to_rgb_layer *to_rgb,
                               sg_tensor *x, sg_tensor *w, sg_tensor *to_rgb_w,
                               sg_synthesis_options options)
{
    sg_context *context = x->context;
    size_t scope = sg_scope_open(context);
    sg_modulated_options modulated = layer_options(layer, 1, NULL);
    sg_colour_operands colours = {to_rgb->weight, colour_styles(to_rgb, to_rgb_w), to_rgb->bias,
                                  to_rgb->clamp};
    sg_tensor *styles = sg_linear_forward(&layer->affine, w);
    sg_tensor *noise = sg_noise_layer_forward(&layer->noise, x->shape.size[0], options);
    sg_tensor *y = context->error.status
                       ? NULL
                       : sg_fused_convolution_to_colours(x, layer->weight, styles, noise,
                                                         layer->bias, &modulated, &colours);
    return sg_scope_close(context, scope, y);
}

sg_tensor *sg_synthesis_layer_to_rgb(const sg_synthesis_layer *layer, const sg_to_rgb_layer *to_rgb,
                                     sg_tensor *x, sg_tensor *w, sg_tensor *to_rgb_w,
                                     sg_synthesis_options options)
{
    if (!x || !w || !to_rgb_w)
        return NULL;
    /* Random noise must be drawn once only, and the fused path draws it before it may give up. */
    if (!x->context->recording && options.noise_mode != SG_NOISE_RANDOM && !options.tap) {
        sg_tensor *fused = fused_to_rgb(layer, to_rgb, x, w, to_rgb_w, options);
        if (fused || x->context->error.status)
            return fused;
    }
    size_t scope = sg_scope_open(x->context);
    sg_tensor *features = sg_synthesis_layer_forward(layer, x, w, 1, options);
    return sg_scope_close(x->context, scope,
                          sg_to_rgb_layer_forward(to_rgb, features, to_rgb_w, options.tap));
}
