/* Convolution layers without modulation: blur, resampling convolution, epilogue. */
#include "nn/convolution_layer.h"

#include <math.h>

#include "nn/resample_filter.h"
#include "ops/convolution/resample.h"
#include "ops/upfirdn.h"

sg_convolution_layer sg_convolution_layer_create(sg_parameter_set *set, const char *prefix,
                                                 sg_convolution_layer_options o)
{
    int k = o.kernel_size;
    sg_convolution_layer layer = {.up = o.up,
                                  .down = o.down,
                                  .padding = k / 2,
                                  .reversed = o.reversed,
                                  .direct = o.direct,
                                  .filter = o.filter,
                                  .blur = o.blur,
                                  .weight_gain = 1 / sqrt((double)o.in_channels * k * k),
                                  .gain_in_weight = o.gain_in_weight,
                                  .clamp = o.clamp,
                                  .activation = o.activation};
    if (o.gain_in_weight)
        layer.weight_gain *= sg_activation_default_gain(o.activation);
    layer.weight =
        sg_parameter_add(set, prefix, "weight", SG_SHAPE(o.out_channels, o.in_channels, k, k), true,
                         SG_STANDARD_NORMAL);
    if (o.bias)
        layer.bias =
            sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true, SG_ZEROS);
    if (o.taps)
        layer.filter = sg_resample_filter_create(set, prefix, o.taps, o.tap_count);
    return layer;
}

/* Filters x, which keeps its size; x itself without a filter. */
static sg_tensor *blurred(sg_tensor *x, sg_tensor *blur)
{
    return blur ? sg_upfirdn(x, blur, sg_downsample_options(&blur->shape, 1)) : x;
}

sg_tensor *sg_convolution_layer_convolve(const sg_convolution_layer *layer, sg_tensor *x)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_resample_options resample = {.up = layer->up,
                                    .down = layer->down,
                                    .padding = layer->padding,
                                    .flip_weight = !layer->reversed,
                                    .direct = layer->direct,
                                    .gain = layer->weight_gain};
    sg_tensor *y = layer->down > 1 ? blurred(x, layer->blur) : x;
    y = sg_resample_convolution(y, layer->weight, layer->filter, resample);
    return sg_scope_close(x->context, scope, layer->up > 1 ? blurred(y, layer->blur) : y);
}

sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_bias_act_options epilogue = layer->gain_in_weight
                                       ? sg_bias_act_without_gain(layer->activation)
                                       : sg_bias_act_defaults(layer->activation);
    epilogue.gain *= gain;
    epilogue.clamp = layer->clamp >= 0 ? layer->clamp * gain : -1;
    sg_tensor *y = sg_convolution_layer_convolve(layer, x);
    y = x->context->recording ? sg_bias_act(y, NULL, NULL, layer->bias, epilogue)
                              : sg_bias_act_in_place(y, NULL, NULL, layer->bias, epilogue);
    return sg_scope_close(x->context, scope, y);
}
