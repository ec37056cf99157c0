/* What the tests of layers and networks ask of a set of parameters. */
#ifndef SUPPORT_PARAMETERS_H
#define SUPPORT_PARAMETERS_H

#include "nn/parameter.h"

/* A tensor as it should be in a set. */
typedef struct expected_parameter {
    const char *name;
    bool trainable;
    sg_shape shape; /* entries from its rank on are ignored */
} expected_parameter;

/* Fails the test unless the set holds exactly these, in this order. */
void assert_parameters(const sg_parameter_set *set, const expected_parameter *expected,
                       size_t count);

/* The tensor of that name; fails the test when there is none. */
sg_tensor *parameter_named(const sg_parameter_set *set, const char *name);

/* Fails the test unless every value is exactly this one. */
void assert_all_values(const sg_tensor *tensor, double value);

/*
 * Fails the test unless the values look drawn from a normal distribution of mean 0 and this
 * deviation: both within five standard errors, no two neighbours alike.
 */
void assert_normal_values(const sg_tensor *tensor, double deviation);

/*
 * Adds to every bias, and puts into noise strengths and w_avg, values of magnitude 0.1 to 0.5, so
 * that no term of a network is zero.
 */
void unsettle_parameters(sg_parameter_set *set, uint64_t seed);

/* Copies all values from a set with the same names and shapes; false when they differ. */
bool copy_parameters(sg_parameter_set *to, const sg_parameter_set *from);

#endif
