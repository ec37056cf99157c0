/*
 * Frechet distance. With covariances A = X^T X and B = Y^T Y, the eigenvalues of A B are those of
 * the symmetric sqrt(A) B sqrt(A), and the squares of the singular values of X Y^T. The singular
 * values themselves are computed: no eigenvalue is rounded before its root is taken, which would
 * cost half of the digits of small ones, and factors of singular matrices have fewer rows.
 */
#include "metrics/formulas/frechet.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "metrics/formulas/linear_module.h"

/* Factors a covariance; its rank is below the number of pictures. */
static sg_status factor(const sg_linear_module *linear, const sg_gaussian *gaussian, double *copy,
                        double **factors, size_t *rank, sg_error *error)
{
    const size_t n = gaussian->features;
    const size_t most = gaussian->count > 0 && gaussian->count - 1 < n ? gaussian->count - 1 : n;
    memcpy(copy, gaussian->covariance, n * n * sizeof *copy);
    if (!linear->factor(n, copy, most, factors, rank))
        return sg_fail_memory(error, "the root of a covariance");
    return SG_OK;
}

sg_status sg_frechet_roots(const sg_gaussian *a, const sg_gaussian *b, double *roots,
                           sg_error *error)
{
    const size_t n = a->features;
    const sg_linear_module *linear = NULL;
    const sg_gaussian *const sets[] = {a, b};
    double *factors[2] = {0};
    size_t ranks[2] = {0};
    if (n != b->features)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "sets with %zu and %zu features cannot be compared", n, b->features);
    SG_TRY(sg_linear_open(&linear, error));
    double *matrix = sg_allocate(n, n * sizeof *matrix);
    sg_status status = matrix ? SG_OK : sg_fail_memory(error, "the root of a covariance");
    for (int i = 0; i < 2 && !status; i++)
        status = factor(linear, sets[i], matrix, &factors[i], &ranks[i], error);
    memset(roots, 0, n * sizeof *roots);
    if (!status && ranks[0] > 0 && ranks[1] > 0) {
        linear->multiply(ranks[0], ranks[1], n, factors[0], factors[1], matrix);
        if (!linear->singular_values(ranks[0], ranks[1], matrix, roots))
            status = sg_fail_memory(error, "the root of a covariance");
    }
    free(factors[0]);
    free(factors[1]);
    free(matrix);
    return status;
}

sg_status sg_frechet_distance(const sg_gaussian *a, const sg_gaussian *b, sg_frechet *result,
                              sg_error *error)
{
    const size_t n = a->features;
    double traces = 0;
    *result = (sg_frechet){0};
    double *roots = sg_allocate(n, sizeof *roots);
    if (!roots)
        return sg_fail_memory(error, "the root of a covariance");
    const sg_status status = sg_frechet_roots(a, b, roots, error);
    for (size_t i = 0; i < n && !status; i++) {
        const double difference = a->mean[i] - b->mean[i];
        result->mean_term += difference * difference;
        result->root_trace += roots[i];
        traces += a->covariance[i * n + i] + b->covariance[i * n + i];
    }
    result->distance = result->mean_term + traces - 2 * result->root_trace;
    free(roots);
    return status;
}
