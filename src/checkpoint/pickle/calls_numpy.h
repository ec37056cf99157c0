/* NumPy's arrays, scalars and types as pickles build them. */
#ifndef SG_CHECKPOINT_PICKLE_CALLS_NUMPY_H
#define SG_CHECKPOINT_PICKLE_CALLS_NUMPY_H

#include "checkpoint/pickle/pickle_machine.h"

/* Calls, as in pickle_calls.h: numpy.dtype, numpy.core.multiarray._reconstruct and scalar,
 * numpy.core.numeric._frombuffer. */
sg_status sg_numpy_type_of(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                           size_t count, sg_value **result);
sg_status sg_numpy_reconstruct(sg_pickle *pickle, const char *class_name,
                               sg_value *const *arguments, size_t count, sg_value **result);
sg_status sg_numpy_scalar(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                          size_t count, sg_value **result);
sg_status sg_numpy_from_buffer(sg_pickle *pickle, const char *class_name,
                               sg_value *const *arguments, size_t count, sg_value **result);

/* The states that BUILD gives a dtype (its byte order) and a blank array (everything else). */
sg_status sg_numpy_build_type(sg_pickle *pickle, sg_value *target, const sg_value *state);
sg_status sg_numpy_build_array(sg_pickle *pickle, sg_value *target, sg_value *state);

#endif
