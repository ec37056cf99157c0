/* Errors are sentences: the function that detects one writes it, callers forward it unchanged. */
#ifndef SG_BASE_ERROR_H
#define SG_BASE_ERROR_H

#include "stylegan.h"

/*
 * Records a failure and returns `status`, so that a caller can write `return sg_fail(...)`. The
 * first failure stays: an error that already holds one is not changed. `error` may be NULL. The
 * format is printf's, without a full stop or newline at the end.
 */
sg_status sg_fail(sg_error *error, sg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Records SG_ERROR_MEMORY with the sentence "out of memory for NOUN", where the format and its
 * arguments give the noun: the name of a file, "the labels of %s". Nothing else words it.
 */
sg_status sg_fail_memory(sg_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns the status of a call that fails from the function around it, which owns nothing yet. */
#define SG_TRY(call)                                                                               \
    do {                                                                                           \
        const sg_status sg_try_status = (call);                                                    \
        if (sg_try_status)                                                                         \
            return sg_try_status;                                                                  \
    } while (0)

#ifdef __clang_analyzer__
/* Tells the analyser, which does not see into the functions, that they never return SG_OK. */
#define sg_fail(error, status, ...) ((void)sg_fail(error, status, __VA_ARGS__), (status))
#define sg_fail_memory(error, ...) ((void)sg_fail_memory(error, __VA_ARGS__), SG_ERROR_MEMORY)
#endif

/* Empties `error` (NULL is allowed). */
void sg_error_clear(sg_error *error);

#endif
