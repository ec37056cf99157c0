/*
 * The short list of callables that a pickle may name and that become data. Nothing is ever called:
 * each entry says which value the call would have made.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_CALLS_H
#define SG_CHECKPOINT_PICKLE_PICKLE_CALLS_H

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

/* Entries that others share: an object of the class with its arguments; a tuple. */
sg_status sg_call_object(sg_pickle *pickle, const sg_call *call, sg_value **result);
sg_status sg_call_tuple(sg_pickle *pickle, const sg_call *call, sg_value **result);

/*
 * Returns the name that a class or function has today: modules of Python 2, NumPy 2 and the like
 * are brought to one. `name` itself, or another in `buffer`.
 */
const char *sg_present_name(const char *name, char *buffer, size_t size);

/* Finds the name in a table sorted by name; NULL if it is absent. */
const sg_callable *sg_callable_search(const sg_callable *table, size_t count, const char *name);

/* Finds the entry of that present name ("module.name") here or at the pickle's source; or NULL. */
const sg_callable *sg_find_callable(const sg_pickle *pickle, const char *name);

/*
 * Makes the value of a call: that of a known callable, otherwise an inert value that keeps the
 * arguments. *result is never NULL on success.
 */
sg_status sg_pickle_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                         size_t count, sg_value **result);

/* ---- NumPy (calls_numpy.c) ---- */

/*
 * Calls of numpy.dtype, numpy.core.multiarray._reconstruct and scalar, and
 * numpy.core.numeric._frombuffer.
 */
sg_status sg_numpy_type_of(sg_pickle *pickle, const sg_call *call, sg_value **result);
sg_status sg_numpy_reconstruct(sg_pickle *pickle, const sg_call *call, sg_value **result);
sg_status sg_numpy_scalar(sg_pickle *pickle, const sg_call *call, sg_value **result);
sg_status sg_numpy_from_buffer(sg_pickle *pickle, const sg_call *call, sg_value **result);

/* Set the state that BUILD gives a dtype (its byte order) or a blank array (shape, type and data).
 */
void sg_numpy_build_type(sg_value *target, const sg_value *state);
sg_status sg_numpy_build_array(sg_pickle *pickle, sg_value *target, sg_value *state);

#endif
