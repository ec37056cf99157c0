/*
 * GELUs: the definition in double precision, and vectorised loops in single.
 *
 * Tested by: tests/ops/transformer/test_gelu.c
 */
#include "kernels/transformer/gelu.h"

#include <math.h>
#include <stddef.h>

#include "base/parallel.h"
#include "kernels/vector/exponential.h"

enum { GRAIN = 4096 };

#define QUICK_SLOPE 1.702

typedef struct gelu_job {
    sg_gelu_kind kind;
    int order;
    const void *x;
    void *y;
} gelu_job;

/* Returns the derivative of `order` of the sigmoid. */
static double sigmoid_derivative(double x, int order)
{
    const double s = 1 / (1 + exp(-x));
    const double first = s * (1 - s);
    switch (order) {
    case 0:
        return s;
    case 1:
        return first;
    case 2:
        return first * (1 - 2 * s);
    default:
        return first * (1 - 6 * first);
    }
}

/* x sigmoid(a x) by Leibniz's rule. */
static double quick_derivative(double x, int order)
{
    const double at = QUICK_SLOPE * x;
    const double scale = pow(QUICK_SLOPE, order);
    return scale * x * sigmoid_derivative(at, order) +
           (order > 0 ? order * scale / QUICK_SLOPE * sigmoid_derivative(at, order - 1) : 0);
}

/* x Phi(x), with the density's own derivatives. */
static double exact_derivative(double x, int order)
{
    const double phi = exp(-x * x / 2) * 0.39894228040143267794;
    const double cumulative = 0.5 * erfc(-x * 0.70710678118654752440);
    switch (order) {
    case 0:
        return x * cumulative;
    case 1:
        return cumulative + x * phi;
    case 2:
        return phi * (2 - x * x);
    default:
        return phi * x * (x * x - 4);
    }
}

static double derivative(sg_gelu_kind kind, int order, double x)
{
    return kind == SG_QUICK_GELU ? quick_derivative(x, order) : exact_derivative(x, order);
}

/* ---- single precision ---- */

SG_VECTORISED static void quick_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const float *x = job->x;
    float *y = job->y;
    for (size_t i = begin; i < end; i++)
        y[i] = x[i] / (1 + sg_exp_f32((float)-QUICK_SLOPE * x[i]));
}

SG_VECTORISED static void quick_slope_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const float *x = job->x;
    float *y = job->y;
    for (size_t i = begin; i < end; i++) {
        const float s = 1 / (1 + sg_exp_f32((float)-QUICK_SLOPE * x[i]));
        y[i] = s + (float)QUICK_SLOPE * x[i] * s * (1 - s);
    }
}

/*
 * Returns Phi(x) within 1e-7 (Abramowitz and Stegun, 7.1.26); *density gets e^(-x^2 / 2).
 */
SG_INLINE float normal_cumulative(float x, float *density)
{
    const float z = (x < 0 ? -x : x) * 0.70710678F;
    const float t = 1 / (1 + 0.3275911F * z);
    *density = sg_exp_f32(-z * z);
    float p = 1.061405429F;
    p = p * t - 1.453152027F;
    p = p * t + 1.421413741F;
    p = p * t - 0.284496736F;
    p = p * t + 0.254829592F;
    const float tail = 0.5F * p * t * *density;
    return x < 0 ? tail : 1 - tail;
}

SG_VECTORISED static void exact_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const float *x = job->x;
    float *y = job->y;
    for (size_t i = begin; i < end; i++) {
        float density;
        y[i] = x[i] * normal_cumulative(x[i], &density);
    }
}

SG_VECTORISED static void exact_slope_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const float *x = job->x;
    float *y = job->y;
    for (size_t i = begin; i < end; i++) {
        float density;
        const float cumulative = normal_cumulative(x[i], &density);
        y[i] = cumulative + x[i] * density * 0.39894228F;
    }
}

void sg_gelu_f32(sg_gelu_kind kind, int order, int64_t count, const float *x, float *y)
{
    static const sg_range_function loops[2][2] = {{quick_range, quick_slope_range},
                                                  {exact_range, exact_slope_range}};
    gelu_job job = {.x = x, .y = y};
    if (order > 1)
        sg_gelu_reference_f32(kind, order, count, x, y);
    else
        sg_parallel_for((size_t)count, GRAIN, loops[kind][order], &job);
}

/* ---- the definition ---- */

static void reference_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const float *x = job->x;
    float *y = job->y;
    for (size_t i = begin; i < end; i++)
        y[i] = (float)derivative(job->kind, job->order, (double)x[i]);
}

static void double_range(size_t begin, size_t end, void *argument)
{
    const gelu_job *job = argument;
    const double *x = job->x;
    double *y = job->y;
    for (size_t i = begin; i < end; i++)
        y[i] = derivative(job->kind, job->order, x[i]);
}

void sg_gelu_reference_f32(sg_gelu_kind kind, int order, int64_t count, const float *x, float *y)
{
    gelu_job job = {kind, order, x, y};
    sg_parallel_for((size_t)count, GRAIN / 16, reference_range, &job);
}

void sg_gelu_f64(sg_gelu_kind kind, int order, int64_t count, const double *x, double *y)
{
    gelu_job job = {kind, order, x, y};
    sg_parallel_for((size_t)count, GRAIN / 16, double_range, &job);
}
