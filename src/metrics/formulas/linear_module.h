/*
 * The linear module, stylegan-linear.so: the parts of the program that link OpenBLAS, liblinear
 * and libsvm, which would triple the time in which every command starts. Matrices are row-major
 * doubles without padding; functions that return bool are false on lack of memory or when a method
 * fails.
 */
#ifndef SG_METRICS_FORMULAS_LINEAR_MODULE_H
#define SG_METRICS_FORMULAS_LINEAR_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The module's variable, a sg_linear_module. */
#define SG_LINEAR_MODULE_SYMBOL "sg_linear_module_functions"

/* A linear classifier's samples. */
typedef struct sg_svm_samples {
    size_t count, features;
    const double *rows;  /* [count, features] */
    const double *signs; /* [count]: 1 or -1 */
} sg_svm_samples;

typedef struct sg_linear_module {
    const char *(*version)(void); /* sg_version of the module */

    /* Sets the threads of OpenBLAS, for all callers. */
    void (*set_threads)(int threads);

    /* Adds x^T x of `rows` [count, features] to the upper triangle of sums [features, features]. */
    void (*add_squares)(size_t count, size_t features, const double *rows, double *sums);

    /* products [rows, columns] = a [rows, inner] times the transpose of b [columns, inner]. */
    void (*multiply)(size_t rows, size_t columns, size_t inner, const double *a, const double *b,
                     double *products);

    /* The same of a matrix with itself; computes the upper triangle of products [rows, rows]. */
    void (*multiply_self)(size_t rows, size_t inner, const double *a, double *products);

    /*
     * Factors a symmetric positive semidefinite matrix [size, size], which is destroyed: it is the
     * transpose of factor [*rank, size] times factor. At most `most` rows are kept; *factor, which
     * the caller frees, has no row for what is below rounding.
     */
    bool (*factor)(size_t size, double *matrix, size_t most, double **factor, size_t *rank);

    /* Computes the singular values of a matrix, which is destroyed, descending: the smaller number
     * of rows and columns. */
    bool (*singular_values)(size_t rows, size_t columns, double *matrix, double *values);

    /* Computes the eigenvalues of a symmetric matrix [size, size], descending; eigenvector i, of
     * unit length, replaces row i of the matrix. */
    bool (*eigen)(size_t size, double *matrix, double *values);

    /*
     * Computes the singular values of a matrix [rows, columns], which is destroyed, descending, and
     * its right singular vectors, `vectors` [smaller, columns]; smaller is the smaller number of
     * rows and columns.
     */
    bool (*right_vectors)(size_t rows, size_t columns, double *matrix, double *values,
                          double *vectors);

    /*
     * Trains a linear support vector machine: minimises (|w|^2 + b^2) / 2 + sum of
     * max(0, 1 - sign (w x + b))^2. `weights` [features + 1] ends with b.
     */
    bool (*train)(const sg_svm_samples *samples, double *weights);

    /*
     * The same with a hinge that is not squared and a free b: minimises |w|^2 / 2 + cost * sum of
     * max(0, 1 - sign (w x + b)). `duals` [count] receives the dual variables, 0 to cost: w is the
     * sum of dual * sign * x.
     */
    bool (*train_hinge)(const sg_svm_samples *samples, double cost, double *weights, double *duals);
} sg_linear_module;

/* Opens the module, with as many threads as the calling thread's loops. Fails with SG_ERROR_LIBRARY
 * and a sentence that says what it is needed for. */
sg_status sg_linear_open(const sg_linear_module **module, sg_error *error);

#endif
