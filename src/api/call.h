/* Begin and end of every call of the public interface. */
#ifndef SG_API_CALL_H
#define SG_API_CALL_H

#include "base/error.h"

/*
 * Begins a call with `context`: the calling thread's parallel loops use the context's number of
 * threads from now on. Returns the number in force before, for sg_call_end.
 */
int sg_call_begin(const sg_context *context);

/* Ends a call: gives the calling thread its own number of threads back. */
void sg_call_end(int threads_before);

#endif
