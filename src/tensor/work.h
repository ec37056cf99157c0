/*
 * The work that a hollow context notes (sg_context_create_hollow): which ops would run, on operands
 * of which shapes, and how often.
 */
#ifndef SG_TENSOR_WORK_H
#define SG_TENSOR_WORK_H

#include "tensor/tape.h"

/* Calls of one op with equal attributes on operands of equal shapes. */
typedef struct sg_work {
    const char *kind; /* the op's name; equal names of one op have one address */
    double calls;     /* each counts with the log's weight at that time */
    int operand_count;
    sg_shape operands[SG_MAX_INPUTS]; /* rank -1: absent */
    sg_shape result;
    unsigned char attributes[SG_MAX_ATTRIBUTE_BYTES] __attribute__((aligned(16)));
} sg_work;

typedef struct sg_work_log {
    sg_work *items;
    size_t count, capacity;
    double weight; /* of the calls to come, 1 at first */
} sg_work_log;

/* Kinds of work besides ops: normal random numbers; a pass of an optimiser, an average or a check
 * over a network's values. */
extern const char sg_normal_kind[], sg_update_kind[], sg_average_kind[], sg_check_kind[];

/* Makes an empty log; NULL on lack of memory. */
sg_work_log *sg_work_log_create(void);

/* Frees a log; NULL is allowed. */
void sg_work_log_destroy(sg_work_log *log);

/* Tells whether two calls are of one op, with equal attributes and shapes. */
bool sg_work_is_same(const sg_work *a, const sg_work *b);

/*
 * Notes a call if the context of `result` is hollow. Absent operands are NULL; attributes beyond
 * SG_MAX_ATTRIBUTE_BYTES are cut off. A NULL result notes nothing.
 */
void sg_work_note(const char *kind, const void *attributes, size_t attribute_bytes,
                  sg_tensor *const *operands, int operand_count, const sg_tensor *result);

/* Notes a pass over `arrays` (at most SG_MAX_INPUTS) arrays that are as large as the tensor. */
void sg_work_note_pass(const char *kind, sg_tensor *tensor, int arrays);

#endif
