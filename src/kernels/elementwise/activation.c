/* Activations: the derivatives and properties of each, and the loops over values. */
#include "kernels/elementwise/activation.h"

#include <math.h>
#include <stddef.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { GRAIN = 16384 };

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
    default: /* the fourth, for the third derivatives of swish and softplus */
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

/* Linear with `slope` above zero, `scale` * (e^x - 1) below. */
static double exponential_unit(double x, int order, double slope, double scale)
{
    if (x > 0)
        return order == 0 ? slope * x : order == 1 ? slope : 0;
    return order == 0 ? scale * expm1(x) : scale * exp(x);
}

static double selu_derivative(double x, int order)
{
    /* Constants of self-normalising networks (Klambauer et al. 2017). */
    const double scale = 1.0507009873554804934193349852946;
    const double alpha = 1.6732632423543772848170429916717;
    return exponential_unit(x, order, scale, scale * alpha);
}

static double piecewise(double x, int order, double negative_slope)
{
    double slope = x > 0 ? 1 : negative_slope;
    return order == 0 ? slope * x : order == 1 ? slope : 0;
}

static double softplus_derivative(double x, int order)
{
    return order == 0 ? softplus(x) : sigmoid_derivative(x, order - 1);
}

/* Swish is x * sigmoid(x), whose derivatives Leibniz's rule gives. */
static double swish_derivative(double x, int order)
{
    return x * sigmoid_derivative(x, order) +
           (order ? order * sigmoid_derivative(x, order - 1) : 0);
}

#define SQRT_2 1.41421356237309504880

/* Returns the derivative of `order` at x. */
static double derivative(sg_activation kind, double alpha, int order, double x)
{
    switch (kind) {
#define DERIVATIVE_CASE(kind, name, gain, default_alpha, linear, derivative)                       \
    case kind:                                                                                     \
        return derivative;
        SG_ACTIVATION_TABLE(DERIVATIVE_CASE)
#undef DERIVATIVE_CASE
    }
    return 0;
}

static const struct {
    const char *name;
    double gain, alpha;
    bool linear;
} rows[] = {
#define TABLE_ROW(kind, name, gain, alpha, linear, derivative) {name, gain, alpha, linear},
    SG_ACTIVATION_TABLE(TABLE_ROW)
#undef TABLE_ROW
};
const sg_choices sg_activation_choices = SG_CHOICES(rows);

const char *sg_activation_name(sg_activation kind)
{
    return rows[kind].name;
}

double sg_activation_default_gain(sg_activation kind)
{
    return rows[kind].gain;
}

double sg_activation_default_alpha(sg_activation kind)
{
    return rows[kind].alpha;
}

bool sg_activation_is_piecewise_linear(sg_activation kind)
{
    return rows[kind].linear;
}

double sg_activation_negative_slope(sg_activation kind, double alpha)
{
    return derivative(kind, alpha, 1, -1);
}

#define TEMPLATE "kernels/elementwise/activation.inc"
#include "kernels/vector/each_real.inc"
