/* Errors are sentences: who detects one writes it, who forwards it adds nothing. */
#ifndef SG_BASE_ERROR_H
#define SG_BASE_ERROR_H

#include "stylegan.h"

/*
 * Records a failure and returns `status`, so that a caller can write `return sg_fail(...)`.
 * The first failure stays: an error that already holds one is left alone. `error` may be NULL.
 * The format is printf's; the sentence ends without a full stop or newline of its own adding.
 */
sg_status sg_fail(sg_error *error, sg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Records SG_ERROR_MEMORY with the sentence "out of memory for NOUN", where the format and its
 * arguments give the noun: the name of a file, "the labels of %s". The only place that words it.
 */
sg_status sg_fail_memory(sg_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns the status of a call that failed to the caller, for functions that own nothing yet. */
#define SG_TRY(call)                                                                               \
    do {                                                                                           \
        const sg_status sg_try_status = (call);                                                    \
        if (sg_try_status)                                                                         \
            return sg_try_status;                                                                  \
    } while (0)

#ifdef __clang_analyzer__
/* The analyser does not see into the function, and would follow paths on which it returns SG_OK. */
#define sg_fail(error, status, ...) ((void)sg_fail(error, status, __VA_ARGS__), (status))
#define sg_fail_memory(error, ...) ((void)sg_fail_memory(error, __VA_ARGS__), SG_ERROR_MEMORY)
#endif

/* Empties `error` (NULL is allowed). */
void sg_error_clear(sg_error *error);

#endif
