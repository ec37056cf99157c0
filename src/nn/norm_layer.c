/* Normalisation layers; batch normalisation tracks its moments for use outside training. */
#include "nn/norm_layer.h"

#include "ops/arithmetic.h"
#include "ops/normalize.h"
#include "ops/reduce.h"

static const double epsilon = 1e-5;
static const double momentum = 0.1;          /* of the tracked moments, per batch */
static const double weight_deviation = 0.02; /* at the start (Radford et al. 2016, section 4) */

static const char *const names[] = {"batch", "layer", "none"};
const sg_choices sg_norm_choices = SG_CHOICES(names);

/* Adds a gain for each channel, near 1. */
static sg_tensor *add_weight(sg_parameter_set *set, const char *prefix, int channels)
{
    const sg_initial initial = {SG_INITIAL_NORMAL, weight_deviation};
    sg_tensor *weight = sg_parameter_add(set, prefix, "weight", SG_SHAPE(channels), true, initial);
    for (int i = 0; weight && i < channels; i++)
        sg_tensor_set_value(weight, i, 1 + sg_tensor_value(weight, i));
    return weight;
}

sg_norm_layer sg_norm_layer_create(sg_parameter_set *set, const char *prefix, sg_norm_kind kind,
                                   int channels, bool tracks)
{
    const sg_initial one = {SG_INITIAL_CONSTANT, 1};
    const sg_shape shape = SG_SHAPE(channels);
    sg_norm_layer layer = {.kind = kind};
    layer.weight = add_weight(set, prefix, channels);
    layer.bias = sg_parameter_add(set, prefix, "bias", shape, true, SG_ZEROS);
    if (kind == SG_NORM_BATCH && tracks) {
        layer.mean = sg_parameter_add(set, prefix, "running_mean", shape, false, SG_ZEROS);
        layer.variance = sg_parameter_add(set, prefix, "running_var", shape, false, one);
    }
    return layer;
}

static void move_towards(sg_tensor *average, const sg_tensor *current, double scale)
{
    for (int64_t i = 0; current && i < sg_tensor_count(average); i++) {
        double value = sg_tensor_value(average, i);
        sg_tensor_set_value(average, i,
                            value + momentum * (scale * sg_tensor_value(current, i) - value));
    }
    sg_tensor_touch(average);
}

/* Tracks mean and variance; the variance is the unbiased estimate, with divisor count - 1. */
static void track(const sg_norm_layer *layer, const sg_tensor *x)
{
    const int64_t channels = x->shape.size[3];
    const double count = (double)sg_tensor_count(x) / (double)channels;
    size_t scope = sg_scope_open(x->context);
    sg_tensor *values = sg_tensor_detach(x);
    sg_tensor *mean = sg_mean(values, SG_SHAPE(channels));
    sg_tensor *centred = sg_subtract(values, mean);
    const sg_tensor *variance = sg_sum_product(centred, centred, SG_SHAPE(1, 1, 1, channels));
    move_towards(layer->mean, mean, 1);
    move_towards(layer->variance, variance, 1 / (count > 1 ? count - 1 : 1));
    sg_scope_close(x->context, scope, NULL);
}

static sg_tensor *normalise(const sg_norm_layer *layer, sg_tensor *x, sg_norm_pass pass)
{
    const int64_t *size = x->shape.size;
    if (layer->kind == SG_NORM_LAYER)
        return sg_normalize_over(x, SG_SHAPE(size[0], 1, 1, 1), epsilon);
    if (pass.batch_moments || !layer->mean)
        return sg_normalize_over(x, SG_SHAPE(1, 1, 1, size[3]), epsilon);
    sg_tensor *scale = sg_power(sg_affine(layer->variance, 1, epsilon), -0.5);
    return sg_multiply(sg_subtract(x, layer->mean), scale);
}

sg_tensor *sg_norm_layer_forward(const sg_norm_layer *layer, sg_tensor *x, sg_norm_pass pass,
                                 sg_bias_act_options activation)
{
    if (!x)
        return NULL;
    if (pass.update_averages && layer->mean)
        track(layer, x);
    size_t scope = sg_scope_open(x->context);
    sg_tensor *y = sg_multiply(normalise(layer, x, pass), layer->weight);
    return sg_scope_close(x->context, scope, sg_bias_act(y, NULL, NULL, layer->bias, activation));
}
