/*
 * Derivatives held against central differences, in double precision, signed and per element.
 *
 * First order: with fixed random weights R, L = sum(f(inputs) * R); the tape's gradient g of L
 * against differences of L. Second order: with fixed random directions V,
 * M = sum over inputs of sum(g * V); the tape's gradient of M, with respect to the inputs and to R,
 * against differences of M. Derivatives are sought for random values of magnitude 0.1 and more, but
 * a case must take care itself that no element of a piecewise function is within 1e-5 of a kink.
 */
#ifndef SUPPORT_GRADIENT_CHECK_H
#define SUPPORT_GRADIENT_CHECK_H

#include <stddef.h>

#include "tensor/tape.h"

#define GRADIENT_CASE_INPUTS 6

/* What an input of a case holds. */
typedef enum gradient_values {
    GRADIENT_ABSENT,   /* nothing: the function is given NULL */
    GRADIENT_SIGNED,   /* magnitudes 0.1 to 1 of either sign */
    GRADIENT_POSITIVE, /* 0.5 to 1.5 */
    GRADIENT_CONSTANT  /* as signed, but no derivative is sought */
} gradient_values;

typedef struct gradient_input {
    gradient_values values;
    sg_shape shape; /* entries from its rank on are ignored */
} gradient_input;

/* For static tables: {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)}. */
#define GRADIENT_SHAPE(...)                                                                        \
    {                                                                                              \
        (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),                                 \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* Computes one tensor from the inputs. It is called with the tape on, and with the tape off. */
typedef sg_tensor *(*gradient_function)(sg_context *context, sg_tensor *const *inputs,
                                        const void *options);

typedef struct gradient_case {
    const char *name;
    gradient_function function;
    const void *options;
    gradient_input inputs[GRADIENT_CASE_INPUTS];
    uint64_t seed; /* of all values */
} gradient_case;

typedef enum gradient_verdict {
    GRADIENTS_RIGHT,
    GRADIENTS_NOT_COMPUTED, /* something failed, or memory was left behind */
    FIRST_ORDER_WRONG,
    SECOND_ORDER_WRONG
} gradient_verdict;

/* Fills `inputs` with the case's values, as leaves where derivatives are sought. */
void gradient_case_inputs(sg_context *context, const gradient_case *tested,
                          sg_tensor *inputs[GRADIENT_CASE_INPUTS]);

/* The verdict, and in `message` (at least 400 bytes) what is wrong. */
gradient_verdict check_gradients(const gradient_case *tested, char *message);

/* Fails the test unless the case's derivatives are right; the same for `count` cases. */
void assert_gradients_right(const gradient_case *tested);
void assert_all_gradients_right(const gradient_case *cases, size_t count);

#endif
