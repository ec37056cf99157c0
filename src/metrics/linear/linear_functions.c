/*
 * Linear algebra by OpenBLAS and LAPACK, support vector machines by liblinear and
 * libsvm (hinge.h): a module of its own, with copies of the library's few functions that it calls.
 * LAPACK's matrices are column-major, so that it sees the transpose of each matrix here. Tested by:
 * tests/metrics/formulas/test_frechet.c, tests/metrics/formulas/test_separability.c
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <linear.h>

#include "base/allocate.h"
#include "metrics/formulas/linear_module.h"
#include "metrics/linear/hinge.h"

/* LAPACK's own functions, for which Debian's OpenBLAS has no header. */
void dpstrf_(const char *triangle, const int *size, double *matrix, const int *stride, int *pivots,
             int *rank, const double *tolerance, double *work, int *info);
void dsyevd_(const char *job, const char *triangle, const int *size, double *matrix,
             const int *stride, double *values, double *work, const int *work_size, int *integers,
             const int *integer_size, int *info);
void dposv_(const char *triangle, const int *size, const int *columns, double *matrix,
            const int *stride, double *solution, const int *solution_stride, int *info);
void dgesdd_(const char *job, const int *rows, const int *columns, double *matrix,
             const int *stride, double *values, double *left, const int *left_stride, double *right,
             const int *right_stride, double *work, const int *work_size, int *integers, int *info);

SG_PUBLIC extern const sg_linear_module sg_linear_module_functions;

static void set_threads(int threads)
{
    openblas_set_num_threads(threads);
}

static void add_squares(size_t count, size_t features, const double *rows, double *sums)
{
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)features, (int)count, 1, rows,
                (int)features, 1, sums, (int)features);
}

static void multiply(size_t rows, size_t columns, size_t inner, const double *a, const double *b,
                     double *products)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)inner, 1, a,
                (int)inner, b, (int)inner, 0, products, (int)columns);
}

static void multiply_self(size_t rows, size_t inner, const double *a, double *products)
{
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)rows, (int)inner, 1, a, (int)inner, 0,
                products, (int)rows);
}

/* Pivots are the rows that the factor is sorted by: row `i` of LAPACK's factor is of pivots[i]. */
static bool factor(size_t size, double *matrix, size_t most, double **factors, size_t *rank)
{
    const int n = (int)size;
    const double usual_tolerance = -1; /* size * epsilon * the largest diagonal element */
    int found = 0;
    int info = 0;
    int *pivots = sg_allocate(size, sizeof *pivots);
    double *work = sg_allocate(size, 2 * sizeof *work);
    *factors = NULL;
    if (pivots && work)
        dpstrf_("L", &n, matrix, &n, pivots, &found, &usual_tolerance, work, &info);
    *rank = (size_t)found < most ? (size_t)found : most;
    if (pivots && work && info >= 0)
        *factors = sg_allocate(*rank > 0 ? *rank : 1, size * sizeof **factors);
    for (size_t k = 0; *factors && k < *rank; k++)
        for (size_t i = k; i < size; i++)
            (*factors)[k * size + (size_t)pivots[i] - 1] = matrix[k * size + i];
    free(pivots);
    free(work);
    return *factors != NULL;
}

static bool singular_values(size_t rows, size_t columns, double *matrix, double *values)
{
    const int m = (int)columns;
    const int n = (int)rows;
    const int one = 1;
    const int query = -1;
    const size_t smaller = rows < columns ? rows : columns;
    double best = 0;
    int info = 0;
    int *integers = sg_allocate(smaller, 8 * sizeof *integers);
    if (!integers)
        return false;
    dgesdd_("N", &m, &n, matrix, &m, values, NULL, &one, NULL, &one, &best, &query, integers,
            &info);
    const int size = (int)best;
    double *work = info == 0 ? sg_allocate((size_t)size, sizeof *work) : NULL;
    if (work)
        dgesdd_("N", &m, &n, matrix, &m, values, NULL, &one, NULL, &one, work, &size, integers,
                &info);
    const bool complete = work && info == 0;
    free(integers);
    free(work);
    return complete;
}

/* dsyevd's eigenvalues ascend, and its vectors are columns of LAPACK's matrix: rows of ours. */
static bool eigen(size_t size, double *matrix, double *values)
{
    const int n = (int)size;
    const int query = -1;
    double best = 0;
    int best_integers = 0;
    int info = 0;
    dsyevd_("V", "L", &n, matrix, &n, values, &best, &query, &best_integers, &query, &info);
    const int work_size = (int)best;
    double *work = info == 0 ? sg_allocate((size_t)work_size, sizeof *work) : NULL;
    int *integers = work ? sg_allocate((size_t)best_integers, sizeof *integers) : NULL;
    if (integers)
        dsyevd_("V", "L", &n, matrix, &n, values, work, &work_size, integers, &best_integers,
                &info);
    const bool complete = integers && info == 0;
    free(integers);
    free(work);
    for (size_t i = 0; complete && i < size / 2; i++) {
        const double value = values[i];
        values[i] = values[size - 1 - i];
        values[size - 1 - i] = value;
        cblas_dswap(n, matrix + i * size, 1, matrix + (size - 1 - i) * size, 1);
    }
    return complete;
}

/* The left singular vectors of LAPACK's matrix, the transpose, are its columns: rows of ours. */
static bool right_vectors(size_t rows, size_t columns, double *matrix, double *values,
                          double *vectors)
{
    const int m = (int)columns;
    const int n = (int)rows;
    const int query = -1;
    const int smaller = m < n ? m : n;
    double best = 0;
    int info = 0;
    int *integers = sg_allocate((size_t)smaller, 8 * sizeof *integers);
    double *other = sg_allocate((size_t)smaller, rows * sizeof *other);
    if (integers && other)
        dgesdd_("S", &m, &n, matrix, &m, values, vectors, &m, other, &smaller, &best, &query,
                integers, &info);
    const int size = (int)best;
    double *work = size > 0 && info == 0 ? sg_allocate((size_t)size, sizeof *work) : NULL;
    if (work)
        dgesdd_("S", &m, &n, matrix, &m, values, vectors, &m, other, &smaller, work, &size,
                integers, &info);
    const bool complete = work && info == 0;
    free(integers);
    free(other);
    free(work);
    return complete;
}

/* ---- support vector machines ---- */

static void say_nothing(const char *text)
{
    (void)text;
}

/* Makes liblinear's list of a sample's features, which ends with 1, for b, and a mark. */
static void list_features(const double *row, size_t features, struct feature_node *list)
{
    for (size_t i = 0; i < features; i++)
        list[i] = (struct feature_node){(int)i + 1, row[i]};
    list[features] = (struct feature_node){(int)features + 1, 1};
    list[features + 1] = (struct feature_node){-1, 0};
}

static bool train_listed(const sg_svm_samples *samples, const struct problem *problem,
                         double *weights)
{
    const struct parameter parameter = {.solver_type = L2R_L2LOSS_SVC, .C = 1, .eps = 1e-8};
    set_print_string_function(say_nothing);
    struct model *model = train(problem, &parameter);
    if (!model)
        return false;
    /* liblinear's weights are those of the class that comes first */
    const double sign = model->label[0] > 0 ? 1 : -1;
    for (size_t i = 0; i <= samples->features; i++)
        weights[i] = sign * model->w[i];
    free_and_destroy_model(&model);
    return true;
}

enum { CHUNK = 256 /* samples */ };

/* Room for the steps that follow liblinear; widths are features + 1, the last for b. */
typedef struct newton_work {
    double *matrix;         /* [width, width] */
    double *solution;       /* [width] */
    double *rows;           /* [CHUNK, width] */
    unsigned char *violate; /* [count]: sample is within the margin */
} newton_work;

/* Marks the samples within the margin; returns whether these are others than before. */
static bool mark_violations(const sg_svm_samples *samples, const double *weights,
                            unsigned char *violate)
{
    bool changed = false;
    for (size_t i = 0; i < samples->count; i++) {
        const double *row = samples->rows + i * samples->features;
        double output = weights[samples->features];
        for (size_t k = 0; k < samples->features; k++)
            output += weights[k] * row[k];
        const unsigned char now = samples->signs[i] * output < 1;
        changed = changed || now != violate[i];
        violate[i] = now;
    }
    return changed;
}

/* Solves (1 + 2 sum x x^T) w = 2 sum sign x, the sums over marked samples: the optimum if these are
 * the samples within its margin. */
static bool solve_marked(const sg_svm_samples *samples, newton_work *work)
{
    const size_t width = samples->features + 1;
    const int n = (int)width;
    const int one = 1;
    int info = 0;
    size_t waiting = 0;
    memset(work->matrix, 0, width * width * sizeof *work->matrix);
    memset(work->solution, 0, width * sizeof *work->solution);
    for (size_t i = 0; i < samples->count; i++) {
        if (work->violate[i]) {
            double *row = work->rows + waiting++ * width;
            memcpy(row, samples->rows + i * samples->features, samples->features * sizeof *row);
            row[samples->features] = 1;
            cblas_daxpy(n, 2 * samples->signs[i], row, 1, work->solution, 1);
        }
        if (waiting == CHUNK || (waiting > 0 && i + 1 == samples->count)) {
            add_squares(waiting, width, work->rows, work->matrix);
            waiting = 0;
        }
    }
    for (size_t i = 0; i < width * width; i++)
        work->matrix[i] *= 2;
    for (size_t i = 0; i < width; i++)
        work->matrix[i * width + i] += 1;
    dposv_("L", &n, &one, work->matrix, &n, work->solution, &n, &info);
    return info == 0;
}

/*
 * Ends liblinear's descent, which stops when the objective's last bits are lost, half of the digits
 * of the weights before that of the optimum: steps that are exact for the samples within the
 * margin, until these stay the same. Leaves the weights if they do not.
 */
static bool finish_descent(const sg_svm_samples *samples, double *weights)
{
    enum { MOST_STEPS = 30 };
    const size_t width = samples->features + 1;
    newton_work work = {sg_allocate(width, width * sizeof(double)),
                        sg_allocate(width, sizeof(double)),
                        sg_allocate(CHUNK, width * sizeof(double)), sg_allocate(samples->count, 1)};
    const bool complete = work.matrix && work.solution && work.rows && work.violate;
    bool solved = complete;
    if (complete)
        mark_violations(samples, weights, work.violate);
    for (int i = 0; solved && i < MOST_STEPS; i++) {
        solved = solve_marked(samples, &work);
        if (solved && !mark_violations(samples, work.solution, work.violate)) {
            memcpy(weights, work.solution, width * sizeof *weights);
            break;
        }
    }
    free(work.matrix);
    free(work.solution);
    free(work.rows);
    free(work.violate);
    return complete;
}

static bool train_svm(const sg_svm_samples *samples, double *weights)
{
    const size_t width = samples->features + 2;
    bool done = false;
    struct feature_node *nodes = sg_allocate(samples->count, width * sizeof *nodes);
    struct feature_node **lists = sg_allocate(samples->count, sizeof *lists);
    for (size_t i = 0; nodes && lists && i < samples->count; i++) {
        lists[i] = nodes + i * width;
        list_features(samples->rows + i * samples->features, samples->features, lists[i]);
    }
    if (nodes && lists)
        done = train_listed(samples,
                            &(struct problem){.l = (int)samples->count,
                                              .n = (int)samples->features + 1,
                                              .y = (double *)samples->signs,
                                              .x = lists,
                                              .bias = 1},
                            weights);
    free(nodes);
    free(lists);
    return done && finish_descent(samples, weights);
}

const sg_linear_module sg_linear_module_functions = {
    .version = sg_version,
    .set_threads = set_threads,
    .add_squares = add_squares,
    .multiply = multiply,
    .multiply_self = multiply_self,
    .factor = factor,
    .singular_values = singular_values,
    .eigen = eigen,
    .right_vectors = right_vectors,
    .train = train_svm,
    .train_hinge = sg_train_hinge,
};
