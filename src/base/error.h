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

#ifdef __clang_analyzer__
/* The analyser does not see into the function, and would follow paths on which it returns SG_OK. */
#define sg_fail(error, status, ...) ((void)sg_fail(error, status, __VA_ARGS__), (status))
#endif

/* Empties `error` (NULL is allowed). */
void sg_error_clear(sg_error *error);

#endif
