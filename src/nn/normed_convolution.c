/* Convolutions with normalisation, or with a bias where there is none. */
#include "nn/normed_convolution.h"

#include <stdio.h>

#include "ops/convolution/convolution.h"

enum { KERNEL = 4 };

static const double deviation = 0.02;

sg_normed_convolution sg_normed_convolution_create(sg_parameter_set *set, const char *prefix,
                                                   const char *name,
                                                   sg_normed_convolution_options o)
{
    char path[SG_PARAMETER_NAME_BYTES];
    const int first = o.transposed ? o.in_channels : o.out_channels;
    const int second = o.transposed ? o.out_channels : o.in_channels;
    sg_normed_convolution layer = {.transposed = o.transposed,
                                   .stride = o.whole ? 1 : 2,
                                   .padding = o.whole ? 0 : 1,
                                   .activation = sg_bias_act_defaults(o.activation)};
    layer.activation.gain = 1;
    snprintf(path, sizeof path, "%s.%s", prefix, name);
    layer.weight = sg_parameter_add(set, path, "weight", SG_SHAPE(first, second, KERNEL, KERNEL),
                                    true, (sg_initial){SG_INITIAL_NORMAL, deviation});
    if (o.norm == SG_NORM_NONE) {
        layer.bias = sg_parameter_add(set, path, "bias", SG_SHAPE(o.out_channels), true, SG_ZEROS);
        return layer;
    }
    snprintf(path, sizeof path, "%s.norm", prefix);
    layer.norm = sg_norm_layer_create(set, path, o.norm, o.out_channels, o.tracks);
    return layer;
}

sg_tensor *sg_normed_convolution_forward(const sg_normed_convolution *layer, sg_tensor *x,
                                         sg_norm_pass pass)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_convolution_options o = sg_convolution_defaults();
    o.stride_y = o.stride_x = layer->stride;
    o.pad_top = o.pad_left = o.pad_bottom = o.pad_right = layer->padding;
    const int64_t growth = KERNEL - 2 * layer->padding;
    const int64_t height = (x->shape.size[1] - 1) * layer->stride + growth;
    const int64_t width = (x->shape.size[2] - 1) * layer->stride + growth;
    sg_tensor *y = layer->transposed ? sg_convolution_transpose(x, layer->weight, height, width, o)
                                     : sg_convolution(x, layer->weight, o);
    y = layer->bias ? sg_bias_act(y, NULL, NULL, layer->bias, layer->activation)
                    : sg_norm_layer_forward(&layer->norm, y, pass, layer->activation);
    return sg_scope_close(x->context, scope, y);
}
