/* Activations: names, defaults, and the templates for both types. */
#include "kernels/elementwise/activation.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { GRAIN = 16384 };

static const char *const names[] = {"linear", "relu", "lrelu",    "tanh", "sigmoid",
                                    "elu",    "selu", "softplus", "swish"};
const sg_choices sg_activation_choices = SG_CHOICES(names);

const char *sg_activation_name(sg_activation kind)
{
    return names[kind];
}

double sg_activation_default_gain(sg_activation kind)
{
    return kind == SG_RELU || kind == SG_LRELU || kind == SG_SWISH ? sqrt(2) : 1;
}

double sg_activation_default_alpha(sg_activation kind)
{
    return kind == SG_LRELU ? 0.2 : 0;
}

bool sg_activation_is_piecewise_linear(sg_activation kind)
{
    return kind == SG_LINEAR || kind == SG_RELU || kind == SG_LRELU;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* log(1 + e^x) without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double sigmoid_derivative(double x, int order)
{
    double s = sigmoid(x);
    double s1 = s * (1 - s);
    switch (order) {
    case 0:
        return s;
    case 1:
        return s1;
    case 2:
        return s1 * (1 - 2 * s);
    case 3:
        return s1 * (1 - 6 * s1);
    default: /* fourth, for swish's and softplus' thirds of a shifted order */
        return s1 * (1 - 2 * s) * (1 - 12 * s1);
    }
}

static double tanh_derivative(double x, int order)
{
    double t = tanh(x);
    double t1 = 1 - t * t;
    switch (order) {
    case 0:
        return t;
    case 1:
        return t1;
    case 2:
        return -2 * t * t1;
    default:
        return t1 * (6 * t * t - 2);
    }
}

/* Constants of self-normalising networks (Klambauer et al. 2017). */
static const double selu_scale = 1.0507009873554804934193349852946;
static const double selu_alpha = 1.6732632423543772848170429916717;

/* Linear with `slope` above zero, `scale` * (e^x - 1) below. */
static double exponential_unit(double x, int order, double slope, double scale)
{
    if (x > 0)
        return order == 0 ? slope * x : order == 1 ? slope : 0;
    return order == 0 ? scale * expm1(x) : scale * exp(x);
}

static double piecewise(double x, int order, double negative_slope)
{
    double slope = x > 0 ? 1 : negative_slope;
    return order == 0 ? slope * x : order == 1 ? slope : 0;
}

/* The derivatives of an activation; swish is x * sigmoid(x), so Leibniz gives its own. */
static double derivative(sg_activation kind, double alpha, int order, double x)
{
    switch (kind) {
    case SG_LINEAR:
        return piecewise(x, order, 1);
    case SG_RELU:
        return piecewise(x, order, 0);
    case SG_LRELU:
        return piecewise(x, order, alpha);
    case SG_TANH:
        return tanh_derivative(x, order);
    case SG_SIGMOID:
        return sigmoid_derivative(x, order);
    case SG_ELU:
        return exponential_unit(x, order, 1, 1);
    case SG_SELU:
        return exponential_unit(x, order, selu_scale, selu_scale * selu_alpha);
    case SG_SOFTPLUS:
        return order == 0 ? softplus(x) : sigmoid_derivative(x, order - 1);
    default:
        return x * sigmoid_derivative(x, order) +
               (order ? order * sigmoid_derivative(x, order - 1) : 0);
    }
}

#define TEMPLATE "kernels/elementwise/activation.inc"
#include "kernels/vector/each_real.inc"
