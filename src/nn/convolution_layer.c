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
    sg_convolution_layer layer = {.options = o,
                                  .weight_gain = 1 / sqrt((double)o.in_channels * k * k)};
    if (o.gain_in_weight)
        layer.weight_gain *= sg_activation_default_gain(o.activation);
    layer.weight =
        sg_parameter_add(set, prefix, "weight", SG_SHAPE(o.out_channels, o.in_channels, k, k), true,
                         SG_STANDARD_NORMAL);
    sg_parameter_set_gain(set, layer.weight, layer.weight_gain);
    if (o.bias)
        layer.bias =
            sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true, SG_ZEROS);
    if (o.taps)
        layer.options.filter = sg_resample_filter_create(set, prefix, o.taps, o.tap_count);
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
    const sg_convolution_layer_options *o = &layer->options;
    size_t scope = sg_scope_open(x->context);
    sg_resample_options resample = {.up = o->up,
                                    .down = o->down,
                                    .padding = o->kernel_size / 2,
                                    .flip_weight = !o->reversed,
                                    .direct = o->direct,
                                    .gain = layer->weight_gain};
    sg_tensor *y = o->down > 1 ? blurred(x, o->blur) : x;
    y = sg_resample_convolution(y, layer->weight, o->filter, resample);
    return sg_scope_close(x->context, scope, o->up > 1 ? blurred(y, o->blur) : y);
}

sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain)
{
    if (!x)
        return NULL;
    const sg_convolution_layer_options *o = &layer->options;
    size_t scope = sg_scope_open(x->context);
    sg_bias_act_options epilogue = o->gain_in_weight ? sg_bias_act_without_gain(o->activation)
                                                     : sg_bias_act_defaults(o->activation);
    epilogue.gain *= gain;
    epilogue.clamp = o->clamp >= 0 ? o->clamp * gain : -1;
    sg_tensor *y = sg_convolution_layer_convolve(layer, x);
    return sg_scope_close(x->context, scope,
                          sg_bias_act_in_place(y, NULL, NULL, layer->bias, epilogue));
}
