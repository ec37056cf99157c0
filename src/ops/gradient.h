/* Gradients, with the ops' own addition for accumulating them. */
#ifndef SG_OPS_GRADIENT_H
#define SG_OPS_GRADIENT_H

#include "tensor/tape.h"

/*
 * Computes the gradients of sum(output * output_gradient) (NULL: ones) with respect to `count`
 * inputs into results[], owned by the innermost scope; an input that the output does not depend on
 * gets NULL. Errors are in the context; returns their status.
 */
sg_status sg_gradient(sg_tensor *output, sg_tensor *output_gradient, sg_tensor *const *inputs,
                      size_t count, sg_gradient_options options, sg_tensor **results);

#endif
