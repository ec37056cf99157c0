/*
 * Penalties of w. The whitening is the inverse of the Cholesky factor of the covariance: it differs
 * from that by principal components in a rotation alone, which no norm sees.
 */
#include "invert/latent_penalties.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

/* The slope that undoes the mapping network's last leaky ReLU of 0.2. */
static const double undone_slope = 5;

static double undone(double w)
{
    return w < 0 ? undone_slope * w : w;
}

sg_status sg_latent_penalties_make(sg_latent_penalties *penalties, sg_context *context,
                                   sg_dtype dtype, const double *mean, int64_t dim, double spread,
                                   sg_error *error)
{
    const size_t scope = sg_scope_open(context);
    penalties->spread = spread;
    penalties->mean = sg_tensor_retain(sg_tensor_create(context, dtype, SG_SHAPE(1, 1, dim)));
    for (int64_t i = 0; penalties->mean && i < dim; i++)
        sg_tensor_set_value(penalties->mean, i, mean[i]);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

/* Replaces a symmetric matrix by its Cholesky factor, below the diagonal. */
static void factorise(double *matrix, size_t dim)
{
    for (size_t k = 0; k < dim; k++)
        for (size_t i = k; i < dim; i++) {
            double sum = matrix[i * dim + k];
            for (size_t j = 0; j < k; j++)
                sum -= matrix[i * dim + j] * matrix[k * dim + j];
            matrix[i * dim + k] = i == k ? sqrt(fmax(sum, 1e-30)) : sum / matrix[k * dim + k];
        }
}

/* Writes the inverse of a lower triangular matrix. */
static void invert(const double *factor, size_t dim, double *inverse)
{
    for (size_t column = 0; column < dim; column++)
        for (size_t i = column; i < dim; i++) {
            double sum = i == column ? 1 : 0;
            for (size_t j = column; j < i; j++)
                sum -= factor[i * dim + j] * inverse[j * dim + column];
            inverse[i * dim + column] = sum / factor[i * dim + i];
        }
}

/* Computes mean [dim] and covariance [dim, dim] of samples in P-norm space. The diagonal is raised
 * by a millionth of its mean, so that constant components and few samples leave it invertible. */
static void moments(const double *samples, size_t count, size_t dim, double *mean, double *matrix)
{
    double trace = 0;
    for (size_t i = 0; i < count * dim; i++)
        mean[i % dim] += undone(samples[i]) / (double)count;
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < dim; i++) {
            const double a = (undone(samples[n * dim + i]) - mean[i]) / (double)count;
            for (size_t j = 0; j <= i; j++)
                matrix[i * dim + j] += a * (undone(samples[n * dim + j]) - mean[j]);
        }
    for (size_t i = 0; i < dim; i++)
        trace += matrix[i * dim + i];
    for (size_t i = 0; i < dim; i++)
        matrix[i * dim + i] += 1e-6 * trace / (double)dim + 1e-30;
}

sg_status sg_latent_penalties_whiten(sg_latent_penalties *penalties, const double *samples,
                                     size_t count, sg_error *error)
{
    sg_context *context = penalties->mean->context;
    const size_t dim = (size_t)sg_tensor_count(penalties->mean);
    double *mean = sg_allocate(dim, sizeof *mean);
    double *matrix = sg_allocate(dim, 2 * dim * sizeof *matrix);
    if (!mean || !matrix) {
        free(mean);
        free(matrix);
        return sg_fail_memory(error, "the covariance of w");
    }
    const size_t scope = sg_scope_open(context);
    const sg_dtype dtype = penalties->mean->dtype;
    const int64_t size = (int64_t)dim;
    penalties->whitener = sg_tensor_retain(sg_tensor_create(context, dtype, SG_SHAPE(size, size)));
    penalties->p_mean = sg_tensor_retain(sg_tensor_create(context, dtype, SG_SHAPE(1, size)));
    double *inverse = matrix + dim * dim;
    moments(samples, count, dim, mean, matrix);
    factorise(matrix, dim);
    invert(matrix, dim, inverse);
    for (size_t i = 0; penalties->whitener && i < dim * dim; i++)
        sg_tensor_set_value(penalties->whitener, (int64_t)i, inverse[i]);
    for (size_t i = 0; penalties->p_mean && i < dim; i++)
        sg_tensor_set_value(penalties->p_mean, (int64_t)i, mean[i]);
    sg_scope_close(context, scope, NULL);
    free(mean);
    free(matrix);
    return sg_context_take_error(context, error);
}

void sg_latent_penalties_clear(sg_latent_penalties *penalties)
{
    sg_tensor_release(penalties->mean);
    sg_tensor_release(penalties->whitener);
    sg_tensor_release(penalties->p_mean);
    *penalties = (sg_latent_penalties){0};
}

sg_tensor *sg_penalty_of_distance(const sg_latent_penalties *penalties, sg_tensor *w)
{
    sg_tensor *difference = sg_subtract(w, penalties->mean);
    if (!difference)
        return NULL;
    sg_tensor *sum = sg_sum_product(difference, difference, sg_shape_of(0, NULL));
    const double rows = (double)w->shape.size[1];
    return sg_affine(sum, 1 / (rows * penalties->spread * penalties->spread + 1e-30), 0);
}

/* The root's argument is raised a little, since its slope at 0 is infinite. */
sg_tensor *sg_penalty_of_delta(sg_tensor *w, int last)
{
    if (!w)
        return NULL;
    const int64_t samples = w->shape.size[0];
    const int64_t count = last < w->shape.size[1] - 1 ? last : w->shape.size[1] - 1;
    if (count < 1)
        return sg_tensor_full(w->context, w->dtype, sg_shape_of(0, NULL), 0);
    sg_tensor *difference = sg_subtract(sg_slice(w, 1, 1, count), sg_slice(w, 1, 0, 1));
    if (!difference)
        return NULL;
    sg_tensor *squares = sg_sum_product(difference, difference, SG_SHAPE(samples, count, 1));
    sg_tensor *norms = sg_power(sg_affine(squares, 1, 1e-12), 0.5);
    return norms ? sg_affine(sg_sum(norms, sg_shape_of(0, NULL)), 1.0 / (double)samples, 0) : NULL;
}

sg_tensor *sg_penalty_of_mahalanobis(const sg_latent_penalties *penalties, sg_tensor *w)
{
    if (!w)
        return NULL;
    sg_tensor *rows = sg_reshape(w, SG_SHAPE(w->shape.size[1], w->shape.size[2]));
    sg_tensor *p = sg_activate(rows, SG_LRELU, undone_slope, 0);
    sg_tensor *white =
        sg_matmul(sg_subtract(p, penalties->p_mean), false, penalties->whitener, true, 1);
    return white ? sg_mean_all(sg_multiply(white, white)) : NULL;
}
