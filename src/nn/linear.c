/* Fully connected layers; the gains of the equalised learning rate apply at run time. */
#include "nn/linear.h"

#include <math.h>
#include <stdio.h>

#include "ops/arithmetic.h"
#include "ops/matmul.h"

sg_linear sg_linear_create(sg_parameter_set *set, const char *prefix, const char *name,
                           sg_linear_options o)
{
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "", name);
    sg_initial normal = {SG_INITIAL_NORMAL, o.zero_weight ? 0 : 1 / o.lr_multiplier};
    sg_initial constant = {SG_INITIAL_CONSTANT, o.bias_init};
    sg_linear layer = {
        .weight = sg_parameter_add(set, path, "weight", SG_SHAPE(o.out_features, o.in_features),
                                   true, normal),
        .weight_gain = o.lr_multiplier / sqrt(o.in_features),
        .bias_gain = o.lr_multiplier,
        .activation = o.activation,
        .gain_in_weight = o.gain_in_weight,
    };
    if (!o.no_bias)
        layer.bias = sg_parameter_add(set, path, "bias", SG_SHAPE(o.out_features), true, constant);
    if (o.gain_in_weight)
        layer.weight_gain *= sg_activation_default_gain(o.activation);
    sg_parameter_set_gain(set, layer.weight, layer.weight_gain / o.lr_multiplier);
    return layer;
}

sg_tensor *sg_linear_forward(const sg_linear *layer, sg_tensor *x)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_tensor *bias = layer->bias;
    if (bias && layer->bias_gain != 1)
        bias = sg_affine(bias, layer->bias_gain, 0);
    sg_tensor *y = sg_matmul(x, false, layer->weight, true, layer->weight_gain);
    y = sg_bias_act(y, NULL, NULL, bias,
                    layer->gain_in_weight ? sg_bias_act_without_gain(layer->activation)
                                          : sg_bias_act_defaults(layer->activation));
    return sg_scope_close(x->context, scope, y);
}
