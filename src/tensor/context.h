/*
 * The context: memory pool, sticky error, tape switch and the scopes that own op results.
 *
 * Ops return a tensor or NULL. A NULL argument gives a NULL result, and the first failure stays in
 * the context, so a network is written without a check per line and asked once at its end.
 */
#ifndef SG_TENSOR_CONTEXT_H
#define SG_TENSOR_CONTEXT_H

#include "base/error.h"
#include "base/pool.h"

typedef struct sg_tensor sg_tensor;

/* State of a lower layer, oneDNN's engine for one, that lives as long as the context. */
typedef struct sg_attachment {
    void *state;
    void (*destroy)(void *state);
} sg_attachment;

struct sg_context {
    sg_pool *pool;
    int threads;            /* as given to sg_context_create */
    uint64_t memory;        /* bytes that the process may have; 0: what the machine has */
    sg_error error;         /* the first failure since sg_context_take_error */
    bool recording;         /* ops put themselves on the tape */
    bool map_files;         /* weights may stay in the network's file (tensor/tensor.h) */
    bool exact;             /* direct convolutions only; set before the first convolution */
    bool blank_parameters;  /* new parameters get no values, since a file will fill them */
    bool reference_kernels; /* f32 takes the plain reference kernels too (tests compare) */
    uint64_t node_count;    /* nodes ever made: a node's number orders it on the tape */
    uint64_t pass_count;    /* gradient passes ever made: stamps the nodes of one pass */
    int64_t multiply_adds;  /* of all convolutions and matrix products so far */
    sg_tensor **scope;      /* stack of the tensors owned by open scopes */
    size_t scope_count, scope_capacity;
    sg_attachment convolution; /* kernels' engine and primitives */
    struct sg_work_log *work;  /* NULL unless the context is hollow (tensor/work.h) */
};
typedef struct sg_context sg_context;

/* Creates a context with `threads` threads for the calling thread (0: all processors). NULL on lack
 * of memory. */
sg_context *sg_context_create(int threads);

/* The same with all options; its pool takes no more than options->memory leaves. */
sg_context *sg_context_create_with(const sg_context_options *options);

/*
 * Creates a hollow context, in which a computation is rehearsed: ops check their operands, make
 * tensors and record themselves as ever, but tensors above a few kilobytes have no values, nothing
 * is computed, and the work is noted (tensor/work.h). Values that are read are 0. The pool counts
 * what it would hand out. The calling thread keeps its number of threads. NULL on lack of memory.
 */
sg_context *sg_context_create_hollow(void);

/* Frees the context with everything in it; its tensors must have been released before. */
void sg_context_destroy(sg_context *context);

/* Records a failure in the context (the first stays) and returns NULL, for ops. */
sg_tensor *sg_context_fail(sg_context *context, sg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Records lack of memory for what the format names (sg_fail_memory) and returns NULL. */
sg_tensor *sg_context_fail_memory(sg_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns `size` bytes of zeros, to be freed; NULL with "out of memory for WHAT" in the context. */
void *sg_context_allocate(sg_context *context, size_t size, const char *what);

/* Moves the context's failure, if any, to `error` and returns its status. */
sg_status sg_context_take_error(sg_context *context, sg_error *error);

/*
 * Scopes own op results. Open one, compute, close it with the tensor to keep (or NULL): all other
 * tensors made since are released, and the kept one moves to the surrounding scope.
 */
size_t sg_scope_open(sg_context *context);
sg_tensor *sg_scope_close(sg_context *context, size_t scope, sg_tensor *keep);

/* Closes a scope and keeps two tensors, either of which may be NULL. */
void sg_scope_close_pair(sg_context *context, size_t scope, sg_tensor *a, sg_tensor *b);

/* Hands the caller's reference to the innermost scope; returns the tensor, or NULL on failure. */
sg_tensor *sg_scope_own(sg_context *context, sg_tensor *tensor);

#endif
