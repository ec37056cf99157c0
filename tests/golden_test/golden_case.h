/*
 * What every kind of case shares: its name, the file of expected values, a context, and the
 * comparison of a result with what is expected of it.
 */
#ifndef GOLDEN_TEST_GOLDEN_CASE_H
#define GOLDEN_TEST_GOLDEN_CASE_H

#include "base/random.h"
#include "checkpoint/safetensors/safetensors.h"
#include "golden_test/report.h"
#include "tensor/tensor.h"

/* Tolerances of outputs and losses, of gradients, and of pictures in levels. */
#define GOLDEN_OUTPUT_TOLERANCE 1e-4
#define GOLDEN_GRADIENT_TOLERANCE 1e-3
#define GOLDEN_LEVEL_TOLERANCE 1.0
/* The share of a loss's largest gradient by which each of its gradients may be off. */
#define GOLDEN_GRADIENT_FLOOR 1e-3

enum { GOLDEN_MORE_FILES = 3 };

/* One folder with expected values. */
typedef struct golden_case {
    golden_report *report;
    const char *name;                        /* the folder, relative to where the walk began */
    const char *folder;                      /* its path */
    const char *root;                        /* the path where the walk began */
    sg_safetensors *expected;                /* what is to be compared, and inputs */
    sg_safetensors *more[GOLDEN_MORE_FILES]; /* further files with inputs, or NULL */
    sg_context *context;
    double jitter;    /* how far inputs are moved, relative to their size; 0 except in diagnosis */
    sg_random random; /* for that */
} golden_case;

/* The tensor of that name in the expected values, or else in a file with inputs; NULL if absent.
 * `file`, if not NULL, gets the file. */
const sg_stored_tensor *case_find(const golden_case *test, const char *name, sg_safetensors **file);

/* Whether the files hold a tensor of that name that is not empty. */
bool case_has(const golden_case *test, const char *name);

/* The first tensor whose name starts with `prefix`, or NULL. */
const sg_stored_tensor *case_first(const golden_case *test, const char *prefix);

/* A tensor's values on the heap; NULL (error in the context) when it is absent or unreadable. */
double *case_values(golden_case *test, const char *name);

/* An input as f32, owned by the innermost scope; NULL (error in the context) on failure. */
sg_tensor *case_tensor(golden_case *test, const char *name);

/* The same for pictures, which files hold as [N, C, H, W] and tensors as [N, H, W, C]. */
sg_tensor *case_pictures(golden_case *test, const char *name);

/* ||a - b|| / (||b|| + slack), and 0 when both are 0. */
double relative_error(const double *a, const double *b, size_t count, double slack);

/* sqrt(sum of squares). */
double norm_of(const double *values, size_t count);

/* A tensor's values as doubles on the heap; NULL on lack of memory. */
double *tensor_values(const sg_tensor *tensor);

/*
 * Compares a result with the expected tensor `name`, in its layout, and reports that as `group`. A
 * NULL result reports the context's error, which is emptied.
 */
void case_compare(golden_case *test, const char *group, const char *name, sg_tensor *result,
                  double tolerance);

/* The same for pictures [N, H, W, C]. */
void case_compare_pictures(golden_case *test, const char *group, const char *name,
                           sg_tensor *result, double tolerance);

/* Compares pictures [N, H, W, C], as 8-bit levels, with an expected tensor of that layout. */
void case_compare_levels(golden_case *test, const char *group, const char *name,
                         const sg_tensor *result);

/* The same as case_compare for a number. */
void case_compare_number(golden_case *test, const char *group, const char *name, double result,
                         double tolerance);

/* Reports the context's error, or a missing one, as the group's failure, and empties it. */
void case_fail(golden_case *test, const char *group);

#endif
