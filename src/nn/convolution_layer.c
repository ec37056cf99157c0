/* Convolution layers without modulation. */
#include "nn/convolution_layer.h"

#include <math.h>

#include "nn/resample_filter.h"
#include "ops/resample_convolution.h"

sg_convolution_layer sg_convolution_layer_create(sg_parameter_set *set, const char *prefix,
                                                 sg_convolution_layer_options o)
{
    int k = o.kernel_size;
    sg_convolution_layer layer = {.up = o.up,
                                  .down = o.down,
                                  .padding = k / 2,
                                  .weight_gain = 1 / sqrt((double)o.in_channels * k * k),
                                  .clamp = o.clamp,
                                  .activation = o.activation};
    layer.weight =
        sg_parameter_add(set, prefix, "weight", SG_SHAPE(o.out_channels, o.in_channels, k, k), true,
                         (sg_initial){SG_INITIAL_NORMAL, 1});
    if (o.bias)
        layer.bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(o.out_channels), true,
                                      (sg_initial){SG_INITIAL_CONSTANT, 0});
    layer.filter = sg_resample_filter_create(set, prefix, o.taps, o.tap_count);
    return layer;
}

/* The official layer convolves truly (kernel reversed) when it upsamples, else it correlates. */
sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_resample_options resample = {.up = layer->up,
                                    .down = layer->down,
                                    .padding = layer->padding,
                                    .flip_weight = layer->up == 1,
                                    .gain = layer->weight_gain};
    sg_bias_act_options epilogue = sg_bias_act_defaults(layer->activation);
    epilogue.gain *= gain;
    epilogue.clamp = layer->clamp >= 0 ? layer->clamp * gain : -1;
    sg_tensor *y = sg_resample_convolution(x, layer->weight, layer->filter, resample);
    y = x->context->recording ? sg_bias_act(y, NULL, NULL, layer->bias, epilogue)
                              : sg_bias_act_in_place(y, NULL, NULL, layer->bias, epilogue);
    return sg_scope_close(x->context, scope, y);
}
