/* Noise inputs of layers: stored, or drawn for every sample and pixel. */
#include "nn/noise_layer.h"

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "tensor/normal.h"

void sg_noise_layer_add_constant(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 int height, int width)
{
    layer->height = height;
    layer->width = width;
    layer->constant = sg_parameter_add(set, prefix, "noise_const", SG_SHAPE(height, width), false,
                                       SG_STANDARD_NORMAL);
}

void sg_noise_layer_add_strength(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 sg_shape shape)
{
    layer->strength = sg_parameter_add(set, prefix, "noise_strength", shape, true, SG_ZEROS);
}

sg_tensor *sg_noise_layer_draw(const sg_noise_layer *layer, int64_t samples,
                               sg_synthesis_options options)
{
    if (!layer->constant || options.noise_mode == SG_NOISE_NONE)
        return NULL;
    return options.noise_mode == SG_NOISE_RANDOM
               ? sg_tensor_normal(layer->constant->context, layer->constant->dtype,
                                  SG_SHAPE(samples, layer->height, layer->width, 1), options.random)
               : sg_reshape(layer->constant, SG_SHAPE(1, layer->height, layer->width, 1));
}

sg_tensor *sg_noise_layer_forward(const sg_noise_layer *layer, int64_t samples,
                                  sg_synthesis_options options)
{
    sg_tensor *noise = sg_noise_layer_draw(layer, samples, options);
    return noise ? sg_multiply(noise, layer->strength) : NULL;
}

sg_synthesis_options sg_noise_options_of_layer(sg_synthesis_options options, int index,
                                               const sg_noise_layer *layer, int64_t samples)
{
    if (!(options.silent_layers >> index & 1))
        return options;
    if (options.noise_mode == SG_NOISE_RANDOM && layer->constant)
        sg_random_normal_skip(options.random, (size_t)(samples * layer->height * layer->width));
    options.noise_mode = SG_NOISE_NONE;
    return options;
}
