/* Calls into libraries that are C++ below their C interface, and throw when memory runs out. */
#ifndef SG_KERNELS_ONEDNN_GUARD_H
#define SG_KERNELS_ONEDNN_GUARD_H

#include "stylegan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef sg_status (*sg_guarded_function)(void *argument);

/*
 * Returns function(argument), or, where it throws, SG_ERROR_MEMORY for std::bad_alloc and
 * SG_ERROR_LIBRARY for all else. What the function had made by then stays: it must keep it in its
 * argument, for the caller to destroy. What another thread throws still ends the process.
 */
sg_status sg_guarded_call(sg_guarded_function function, void *argument);

#ifdef __cplusplus
}
#endif

#endif
