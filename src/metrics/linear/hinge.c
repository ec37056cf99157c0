/*
 * A linear support vector machine with a plain hinge and a free b. libsvm's descent in the dual
 * keeps products in single precision; steps that are exact for the samples on the margin end it.
 * Tested by: tests/edit/directions/test_boundary.c
 */
#include "metrics/linear/hinge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <svm.h>

#include "base/allocate.h"

void dgesv_(const int *size, const int *columns, double *matrix, const int *stride, int *pivots,
            double *solution, const int *solution_stride, int *info);

/* Where a sample's dual variable is: at 0, between, or at the cost. */
enum { AT_ZERO, FREE, AT_COST };

static void say_nothing(const char *text)
{
    (void)text;
}

static double dot(const double *a, const double *b, size_t count)
{
    return cblas_ddot((int)count, a, 1, b, 1);
}

/* ---- libsvm ---- */

/* Copies what libsvm found; its coefficients are those of the label that came first. */
static void take_model(const sg_svm_samples *samples, const struct svm_model *model,
                       double *weights, double *duals)
{
    const double sign = model->label[0] > 0 ? 1 : -1;
    memset(weights, 0, (samples->features + 1) * sizeof *weights);
    memset(duals, 0, samples->count * sizeof *duals);
    for (int i = 0; i < model->l; i++) {
        const size_t index = (size_t)model->sv_indices[i] - 1;
        const double coefficient = sign * model->sv_coef[0][i];
        duals[index] = fabs(coefficient);
        cblas_daxpy((int)samples->features, coefficient, samples->rows + index * samples->features,
                    1, weights, 1);
    }
    weights[samples->features] = -sign * model->rho[0];
}

static bool descend(const sg_svm_samples *samples, double cost, double *weights, double *duals)
{
    const size_t width = samples->features + 1;
    const struct svm_parameter parameter = {.svm_type = C_SVC,
                                            .kernel_type = LINEAR,
                                            .cache_size = 100,
                                            .eps = 1e-5,
                                            .C = cost,
                                            .shrinking = 1};
    struct svm_model *model = NULL;
    struct svm_node *nodes = sg_allocate(samples->count, width * sizeof *nodes);
    struct svm_node **lists = sg_allocate(samples->count, sizeof *lists);
    for (size_t i = 0; nodes && lists && i < samples->count; i++) {
        lists[i] = nodes + i * width;
        for (size_t k = 0; k < samples->features; k++)
            lists[i][k] = (struct svm_node){(int)k + 1, samples->rows[i * samples->features + k]};
        lists[i][samples->features] = (struct svm_node){-1, 0};
    }
    const struct svm_problem problem = {(int)samples->count, (double *)samples->signs, lists};
    svm_set_print_string_function(say_nothing);
    if (nodes && lists)
        model = svm_train(&problem, &parameter);
    if (model)
        take_model(samples, model, weights, duals);
    const bool done = model != NULL;
    if (model)
        svm_free_and_destroy_model(&model);
    free(nodes);
    free(lists);
    return done;
}

/* ---- exact steps ---- */

/* Room for the steps; `free_count` samples are between 0 and the cost. */
typedef struct exact_work {
    const sg_svm_samples *samples;
    double cost;
    unsigned char *place; /* [count] */
    size_t *free_index;   /* [features + 1] */
    size_t free_count;
    double *fixed;    /* [features]: sum of cost * sign * x at the cost */
    double *matrix;   /* [features + 2, features + 2] */
    double *solution; /* [features + 2] */
    int *pivots;      /* [features + 2] */
    double *weights;  /* [features + 1] */
    double *duals;    /* [count] */
} exact_work;

static bool make_room(exact_work *work)
{
    const size_t width = work->samples->features + 2;
    work->place = sg_allocate(work->samples->count, 1);
    work->free_index = sg_allocate(width, sizeof *work->free_index);
    work->fixed = sg_allocate(width, sizeof *work->fixed);
    work->matrix = sg_allocate(width, width * sizeof *work->matrix);
    work->solution = sg_allocate(width, sizeof *work->solution);
    work->pivots = sg_allocate(width, sizeof *work->pivots);
    work->weights = sg_allocate(width, sizeof *work->weights);
    work->duals = sg_allocate(work->samples->count, sizeof *work->duals);
    return work->place && work->free_index && work->fixed && work->matrix && work->solution &&
           work->pivots && work->weights && work->duals;
}

static void release_room(exact_work *work)
{
    free(work->place);
    free(work->free_index);
    free(work->fixed);
    free(work->matrix);
    free(work->solution);
    free(work->pivots);
    free(work->weights);
    free(work->duals);
}

/* Lists the free samples; false when there are none, or more than can lie on a margin. */
static bool list_free(exact_work *work)
{
    work->free_count = 0;
    for (size_t i = 0; i < work->samples->count; i++) {
        if (work->place[i] != FREE)
            continue;
        if (work->free_count > work->samples->features)
            return false;
        work->free_index[work->free_count++] = i;
    }
    return work->free_count > 0;
}

/*
 * Solves for the free dual variables a and b, with s the signs and sums over free samples:
 * sum of s_i s_k x_i x_k a_k + s_i b = 1 - s_i x_i fixed, and sum of s_k a_k = -(the same at the
 * cost).
 */
static bool solve(exact_work *work)
{
    const sg_svm_samples *samples = work->samples;
    const size_t features = samples->features;
    const size_t size = work->free_count + 1;
    const int n = (int)size;
    const int one = 1;
    int info = 0;
    double balance = 0;
    memset(work->fixed, 0, features * sizeof *work->fixed);
    for (size_t i = 0; i < samples->count; i++)
        if (work->place[i] == AT_COST) {
            balance += work->cost * samples->signs[i];
            cblas_daxpy((int)features, work->cost * samples->signs[i], samples->rows + i * features,
                        1, work->fixed, 1);
        }
    for (size_t i = 0; i + 1 < size; i++) {
        const size_t at = work->free_index[i];
        const double *row = samples->rows + at * features;
        for (size_t k = 0; k + 1 < size; k++) {
            const size_t other = work->free_index[k];
            work->matrix[i * size + k] = samples->signs[at] * samples->signs[other] *
                                         dot(row, samples->rows + other * features, features);
        }
        work->matrix[i * size + size - 1] = samples->signs[at];
        work->matrix[(size - 1) * size + i] = samples->signs[at];
        work->solution[i] = 1 - samples->signs[at] * dot(row, work->fixed, features);
    }
    work->matrix[size * size - 1] = 0;
    work->solution[size - 1] = -balance;
    dgesv_(&n, &one, work->matrix, &n, work->pivots, work->solution, &n, &info);
    return info == 0;
}

/* Makes weights and dual variables of the solution. */
static void apply(exact_work *work)
{
    const sg_svm_samples *samples = work->samples;
    const size_t features = samples->features;
    memcpy(work->weights, work->fixed, features * sizeof *work->weights);
    work->weights[features] = work->solution[work->free_count];
    for (size_t i = 0; i < samples->count; i++)
        work->duals[i] = work->place[i] == AT_COST ? work->cost : 0;
    for (size_t i = 0; i < work->free_count; i++) {
        const size_t at = work->free_index[i];
        work->duals[at] = work->solution[i];
        cblas_daxpy((int)features, work->solution[i] * samples->signs[at],
                    samples->rows + at * features, 1, work->weights, 1);
    }
}

/* Moves the samples that are on the wrong side of their place; returns whether there were any. */
static bool move_samples(exact_work *work)
{
    const double rounding = 1e-11;
    const sg_svm_samples *samples = work->samples;
    bool moved = false;
    for (size_t i = 0; i < samples->count; i++) {
        const double margin =
            samples->signs[i] *
            (dot(work->weights, samples->rows + i * samples->features, samples->features) +
             work->weights[samples->features]);
        const unsigned char before = work->place[i];
        if (before == FREE && work->duals[i] < 0)
            work->place[i] = AT_ZERO;
        else if (before == FREE && work->duals[i] > work->cost)
            work->place[i] = AT_COST;
        else if ((before == AT_ZERO && margin < 1 - rounding) ||
                 (before == AT_COST && margin > 1 + rounding))
            work->place[i] = FREE;
        moved = moved || work->place[i] != before;
    }
    return moved;
}

/* Leaves weights and dual variables as they are where the steps come to no end. */
static bool finish(const sg_svm_samples *samples, double cost, double *weights, double *duals)
{
    enum { MOST_STEPS = 30 };
    exact_work work = {.samples = samples, .cost = cost};
    const bool complete = make_room(&work);
    for (size_t i = 0; complete && i < samples->count; i++)
        work.place[i] = duals[i] <= 1e-7 * cost         ? AT_ZERO
                        : duals[i] >= (1 - 1e-7) * cost ? AT_COST
                                                        : FREE;
    for (int step = 0; complete && step < MOST_STEPS; step++) {
        if (!list_free(&work) || !solve(&work))
            break;
        apply(&work);
        if (move_samples(&work))
            continue;
        memcpy(weights, work.weights, (samples->features + 1) * sizeof *weights);
        memcpy(duals, work.duals, samples->count * sizeof *duals);
        break;
    }
    release_room(&work);
    return complete;
}

bool sg_train_hinge(const sg_svm_samples *samples, double cost, double *weights, double *duals)
{
    return descend(samples, cost, weights, duals) && finish(samples, cost, weights, duals);
}
