/* Layers of the generators that grow. */
#include "nn/growing_layer.h"

#include <stdio.h>

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/normalize.h"

static const double epsilon = 1e-8;

/*
 * Images up to this size are convolved directly: the normalisation divides by how much a channel
 * varies, and with it enlarges the rounding of Winograd's algorithm, while larger layers are where
 * that algorithm saves time.
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
    char name[SG_PARAMETER_NAME_BYTES];
    sg_growing_layer layer = {
        .convolves = o.in_channels > 0, .has_style = o.w_dim > 0, .activation = o.activation};
    if (layer.convolves)
        layer.convolution = create_convolution(set, prefix, &o);
    if (o.use_noise) {
        sg_noise_layer_add_constant(&layer.noise, set, prefix, o.height, o.width);
        sg_noise_layer_add_strength(&layer.noise, set, prefix, SG_SHAPE(o.out_channels));
    }
    layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true,
                                  (sg_initial){SG_INITIAL_CONSTANT, 0});
    if (layer.has_style) {
        snprintf(name, sizeof name, "%s.affine", prefix);
        layer.affine = sg_linear_create(set, name,
                                        (sg_linear_options){.in_features = o.w_dim,
                                                            .out_features = 2 * o.out_channels,
                                                            .activation = SG_LINEAR,
                                                            .lr_multiplier = 1});
    }
    return layer;
}

sg_tensor *sg_apply_style(sg_tensor *x, sg_tensor *styles)
{
    if (!x || !styles)
        return NULL;
    const int64_t samples = x->shape.size[0];
    const int64_t channels = x->shape.size[3];
    const sg_shape shape = SG_SHAPE(samples, 1, 1, channels);
    sg_tensor *scale = sg_affine(sg_slice(styles, 1, 0, channels), 1, 1);
    sg_tensor *shift = sg_slice(styles, 1, channels, channels);
    return sg_add(sg_multiply(x, sg_reshape(scale, shape)), sg_reshape(shift, shape));
}

sg_tensor *sg_growing_layer_forward(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *w,
                                    sg_synthesis_options options)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_tensor *noise = sg_noise_layer_forward(&layer->noise, x->shape.size[0], options);
    sg_tensor *y = layer->convolves ? sg_convolution_layer_convolve(&layer->convolution, x) : x;
    if (noise)
        y = sg_add(y, noise);
    y = sg_bias_act(y, NULL, NULL, layer->bias, sg_bias_act_without_gain(layer->activation));
    if (layer->has_style)
        y = sg_apply_style(sg_normalize_instance(y, epsilon), sg_linear_forward(&layer->affine, w));
    else
        y = sg_normalize_second_moment(y, epsilon);
    return sg_scope_close(x->context, scope, y);
}
