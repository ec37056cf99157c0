/* Cases of quality metrics: formulas on stored features and pictures, resizes, equivariance. */
#ifndef GOLDEN_TEST_METRIC_CASE_H
#define GOLDEN_TEST_METRIC_CASE_H

#include "golden_test/golden_case.h"

/* Tolerances: of stored doubles and of stored floats, computed in double; of single precision. */
#define METRIC_DOUBLE_TOLERANCE 1e-9
#define METRIC_FLOAT_TOLERANCE 1e-6
#define METRIC_SINGLE_TOLERANCE 1e-5

enum { METRIC_NAME_BYTES = 200 };

/* A stored tensor in memory; `values` is NULL when it is absent. */
typedef struct metric_tensor {
    double *values;
    size_t count;
    size_t rank;
    size_t size[4]; /* of the first four dimensions; ones after the last */
} metric_tensor;

/* Reads a tensor, which the caller frees; the context's error is emptied. */
metric_tensor metric_read(golden_case *test, const char *name);
void metric_free(metric_tensor *tensor);

/* The values as floats, which the caller frees; NULL when there are none. */
float *metric_floats(const metric_tensor *tensor);

/* The values as whole numbers, which the caller frees; NULL when there are none. */
size_t *metric_indices(const metric_tensor *tensor);

/* A picture, number `index` of [N, C, H, W], as [H, W, C], which the caller frees; and back. */
float *metric_picture(const metric_tensor *pictures, size_t index);

/*
 * Compares values with the stored tensor `name`, the name of the group; reports nothing when it is
 * absent. `found` may be NULL for a failure, whose reason is in `error`.
 */
void metric_compare(golden_case *test, const char *name, const double *found, size_t count,
                    double tolerance, const sg_error *error);
void metric_compare_number(golden_case *test, const char *name, double found, double tolerance,
                           const sg_error *error);

/* The files. */
void run_features(golden_case *test);
void run_images(golden_case *test);
void run_equivariance(golden_case *test);
void run_resize(golden_case *test);
void run_directions(golden_case *test);

/* The groups "svm." of editing.safetensors. */
void run_boundary(golden_case *test);

#endif
