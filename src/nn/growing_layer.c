/* Layers of growing generators; one kernel does the end of a styled layer where the tape is off. */
#include "nn/growing_layer.h"

#include "ops/adain.h"
#include "ops/arithmetic.h"
#include "ops/normalize.h"

/*
 * Images up to this size are convolved directly: the normalisation divides by a channel's deviation
 * and so enlarges the rounding of Winograd's algorithm, which saves time in larger layers only.
 */
enum { DIRECT_SIZE = 16 };

static sg_convolution_layer create_convolution(sg_parameter_set *set, const char *prefix,
                                               const sg_growing_layer_options *o)
{
    return sg_convolution_layer_create(
        set, prefix,
        (sg_convolution_layer_options){.in_channels = o->in_channels,
                                       .out_channels = o->out_channels,
                                       .kernel_size = 3,
                                       .up = o->up,
                                       .down = 1,
                                       .reversed = o->reversed,
                                       .direct = o->height <= DIRECT_SIZE,
                                       .gain_in_weight = true,
                                       .activation = o->activation,
                                       .clamp = -1,
                                       .filter = o->up > 1 ? o->filter : NULL,
                                       .blur = o->blur});
}

sg_growing_layer sg_growing_layer_create(sg_parameter_set *set, const char *prefix,
                                         sg_growing_layer_options o)
{
    sg_growing_layer layer = {.convolves = o.in_channels > 0,
                              .has_style = o.w_dim > 0,
                              .activation = o.activation,
                              .epsilon = o.epsilon};
    if (layer.convolves)
        layer.convolution = create_convolution(set, prefix, &o);
    if (o.use_noise) {
        sg_noise_layer_add_constant(&layer.noise, set, prefix, o.height, o.width);
        sg_noise_layer_add_strength(&layer.noise, set, prefix, SG_SHAPE(o.out_channels));
    }
    layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true, SG_ZEROS);
    if (layer.has_style)
        layer.affine = sg_linear_create(set, prefix, "affine",
                                        (sg_linear_options){.in_features = o.w_dim,
                                                            .out_features = 2 * o.out_channels,
                                                            .activation = SG_LINEAR,
                                                            .lr_multiplier = 1});
    return layer;
}

/* Applies noise, bias, activation and normalisation, by differentiable ops. */
static sg_tensor *finish(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *styles,
                         sg_synthesis_options options)
{
    if (!x)
        return NULL;
    const sg_bias_act_options epilogue = sg_bias_act_without_gain(layer->activation);
    sg_tensor *noise = sg_noise_layer_forward(&layer->noise, x->shape.size[0], options);
    x = noise ? sg_add(x, noise) : x;
    /* Nobody else reads the convolution's result. */
    x = layer->convolves ? sg_bias_act_in_place(x, NULL, NULL, layer->bias, epilogue)
                         : sg_bias_act(x, NULL, NULL, layer->bias, epilogue);
    return layer->has_style ? sg_apply_style(sg_normalize_instance(x, layer->epsilon), styles)
                            : sg_normalize_second_moment(x, layer->epsilon);
}

/* Applies them over the convolution's result. */
static sg_tensor *finish_in_place(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *styles,
                                  sg_synthesis_options options)
{
    const sg_adain_inputs inputs = {
        .noise = sg_noise_layer_draw(&layer->noise, x->shape.size[0], options),
        .strength = layer->noise.strength,
        .bias = layer->bias,
        .styles = styles,
        .activation = layer->activation,
        .epsilon = layer->epsilon};
    return sg_adain_in_place(x, &inputs);
}

/* Returns the tensor that stands for the layer (nn/layer_tap.h). */
static const sg_tensor *mark_of(const sg_growing_layer *layer)
{
    if (layer->has_style)
        return layer->affine.weight;
    return layer->convolves ? layer->convolution.weight : layer->bias;
}

sg_tensor *sg_growing_layer_forward(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *w,
                                    sg_synthesis_options options)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_tensor *styles = layer->has_style ? sg_linear_forward(&layer->affine, w) : NULL;
    sg_tensor *y = layer->convolves ? sg_convolution_layer_convolve(&layer->convolution, x) : x;
    const bool fuses = layer->convolves && layer->has_style && sg_adain_fuses(y, layer->activation);
    y = fuses ? finish_in_place(layer, y, styles, options) : finish(layer, y, styles, options);
    if (y)
        sg_layer_tap_show(options.tap, mark_of(layer), y, y->shape.size[3]);
    return sg_scope_close(x->context, scope, y);
}
