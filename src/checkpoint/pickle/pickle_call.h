/* A call that a pickle asks for, and the entry of a callable whose calls become data. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_CALL_H
#define SG_CHECKPOINT_PICKLE_PICKLE_CALL_H

#include "checkpoint/pickle/pickle_machine.h"

/* The name that was called, and the arguments. */
typedef struct sg_call {
    const char *class_name;
    sg_value *const *arguments;
    size_t count;
} sg_call;

/* A callable by its present name ("module.name"). */
struct sg_callable {
    const char *name;
    /*
     * Makes the value that the call would have made, into *result, which is NULL before. NULL after
     * it: the arguments are not understood, and the value becomes inert. Fails if the file is
     * damaged.
     */
    sg_status (*call)(sg_pickle *pickle, const sg_call *call, sg_value **result);
};

#endif
