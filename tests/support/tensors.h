/* A context as a test's fixture, tensors of random values, and what a refusal looks like. */
#ifndef SUPPORT_TENSORS_H
#define SUPPORT_TENSORS_H

#include "tensor/tape.h"

/*
 * cmocka's setup and teardown: *state is a context that records. The teardown fails unless every
 * byte came back to the pool and no failure was left unread.
 */
int context_setup(void **state);
int context_teardown(void **state);

/* Values in [-1, 1), the same for the same seed; a leaf on the tape, or not. */
sg_tensor *random_tensor(sg_context *context, sg_dtype dtype, sg_shape shape, uint64_t seed);
sg_tensor *random_leaf(sg_context *context, sg_dtype dtype, sg_shape shape, uint64_t seed);

/* A leaf in double holding the given numbers, as many as the shape has. */
sg_tensor *leaf_of(sg_context *context, sg_shape shape, const double *values);

/* Fails the test unless the tensor has the shape and, to `tolerance`, the expected one's values. */
void assert_tensors_near(const char *what, const sg_tensor *found, const sg_tensor *expected,
                         double tolerance);

/* Fails the test unless result is NULL and the context holds a sentence with this status. */
void assert_refused(sg_context *context, const sg_tensor *result, sg_status status);

#endif
