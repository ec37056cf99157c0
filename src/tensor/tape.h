/*
 * The tape: a graph of nodes, one per recorded op, from which gradients are computed by ops, so
 * that a gradient can itself be on the tape (create_graph) and be differentiated again.
 *
 * A node keeps only what its backward reads: some inputs' values, perhaps the output's. Nodes are
 * numbered as they are made, so descending numbers are a topological order from outputs to inputs.
 */
#ifndef SG_TENSOR_TAPE_H
#define SG_TENSOR_TAPE_H

#include "tensor/tensor.h"

#define SG_MAX_INPUTS 5
#define SG_MAX_ATTRIBUTE_BYTES 96

/* Bits for sg_op.reads: input i's values are SG_READS_INPUT(i). */
#define SG_READS_INPUT(i) (1u << (i))
#define SG_READS_OUTPUT (1u << SG_MAX_INPUTS)

/* The call of an op's backward. Its tensors are on the tape while a graph is created. */
typedef struct sg_backward {
    sg_context *context;
    const void *attributes; /* as given to sg_tape_record */
    sg_tensor *gradient;    /* of the output */
    /* Inputs and output, where the op reads them for the wanted gradients; otherwise NULL. */
    sg_tensor *inputs[SG_MAX_INPUTS];
    sg_tensor *output;
    sg_shape input_shapes[SG_MAX_INPUTS];
    bool wanted[SG_MAX_INPUTS];        /* which gradients backward must fill */
    sg_tensor *results[SG_MAX_INPUTS]; /* filled by backward; NULL means zero */
} sg_backward;

/* An operation's descriptor: one constant per op, listed in ops/op_table.h. */
typedef struct sg_op {
    const char *name;
    int input_count; /* at most SG_MAX_INPUTS; optional inputs may be absent */
    /* reads[i]: the values that the gradient of input i is computed from. */
    unsigned reads[SG_MAX_INPUTS];
    /* Fills results[i] for each wanted i, in terms of other ops. */
    void (*backward)(sg_backward *call);
} sg_op;

/* A recorded op, or a leaf: a tensor whose gradient can be requested. */
struct sg_node {
    int references;
    uint64_t number;
    const sg_op *op; /* NULL for a leaf */
    sg_context *context;
    sg_dtype dtype;
    sg_shape shape;
    sg_node *parents[SG_MAX_INPUTS]; /* NULL where no gradient flows */
    sg_shape input_shapes[SG_MAX_INPUTS];
    sg_dtype input_dtypes[SG_MAX_INPUTS]; /* an op may read constants of another type */
    sg_storage *inputs[SG_MAX_INPUTS];    /* values kept for backward */
    sg_storage *output;
    bool spent;     /* its kept values were freed by a gradient pass */
    uint64_t pass;  /* the gradient pass that last visited it */
    bool requested; /* that pass returns its gradient */
    bool needed;    /* it is requested or leads to a requested node */
    sg_tensor *gradient;
    struct sg_node *next_dead; /* links nodes that wait to be freed */
    unsigned char attributes[SG_MAX_ATTRIBUTE_BYTES] __attribute__((aligned(16)));
};

/* Makes the tensor a leaf of the tape, or takes it off the tape. */
void sg_tensor_require_gradient(sg_tensor *tensor, bool required);

/*
 * Records output = op(inputs) if the context records and some input is on the tape. Absent
 * optional inputs are NULL; `attributes` are copied. Returns output, or NULL on failure.
 */
sg_tensor *sg_tape_record(const sg_op *op, const void *attributes, size_t attribute_bytes,
                          sg_tensor *const *inputs, sg_tensor *output);

/* Adds two gradients. `owned`: nobody else reads `sum`, so the result may be written into it. */
typedef sg_tensor *(*sg_accumulate_function)(sg_tensor *sum, sg_tensor *term, bool owned);

/* Options of a gradient pass. */
typedef struct sg_gradient_options {
    bool create_graph; /* puts the gradients themselves on the tape; implies retain_graph */
    bool retain_graph; /* keeps the values that the graph holds, for another pass */
} sg_gradient_options;

/*
 * Computes the gradients of sum(output * output_gradient) with respect to `count` inputs into
 * results[], owned by the innermost scope; NULL where the output does not depend on an input. An
 * output_gradient of NULL means ones. Status and sentence of a failure stay in the context.
 */
sg_status sg_tape_gradient(sg_tensor *output, sg_tensor *output_gradient, sg_tensor *const *inputs,
                           size_t count, sg_gradient_options options,
                           sg_accumulate_function accumulate, sg_tensor **results);

/* Drops one reference to a node (NULL is allowed); the last one frees it. */
void sg_node_release(sg_node *node);

#endif
