/* What every call of the public interface does first and last. */
#ifndef SG_API_CALL_H
#define SG_API_CALL_H

#include "base/error.h"

/*
 * The beginning of a call with `context`: from now on the calling thread's parallel loops use the
 * context's number of threads. Returns the number that was in force, for sg_call_end.
 */
int sg_call_begin(const sg_context *context);

/* The end of a call: the calling thread has its own number of threads again. */
void sg_call_end(int threads_before);

#endif
