/* The operations of the pickle interpreter, by their codes. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_OPERATIONS_H
#define SG_CHECKPOINT_PICKLE_PICKLE_OPERATIONS_H

#include "checkpoint/pickle/pickle_machine.h"

/* An operation, to be performed after its code was read. */
typedef struct sg_pickle_operation {
    sg_status (*perform)(sg_pickle *pickle, int argument);
    int argument; /* its meaning is the function's: a width in bytes, a kind of value, a count */
} sg_pickle_operation;

/*
 * Operations on numbers, texts and bytes (pickle_scalars.c), and on classes, functions and objects
 * (pickle_objects.c); zero where another file performs the code.
 */
extern const sg_pickle_operation sg_pickle_scalar_operations[256];
extern const sg_pickle_operation sg_pickle_object_operations[256];

#endif
