/* NumPy's arrays, scalars and types as pickles build them. */
#ifndef SG_CHECKPOINT_PICKLE_CALLS_NUMPY_H
#define SG_CHECKPOINT_PICKLE_CALLS_NUMPY_H

#include "checkpoint/pickle/pickle_call.h"

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
