/*
 * stylegan.h: the public face of libstylegan.
 *
 * Conventions
 *   - Every call that can fail returns an sg_status and fills the caller's sg_error (which may be
 *     NULL) with one sentence that names the file, option or tensor at fault.
 *   - The library never prints, exits or aborts on input, and has no global state: everything
 *     lives in an sg_context, which one thread uses at a time.
 *   - sg_X_destroy accepts NULL.
 */
#ifndef STYLEGAN_H
#define STYLEGAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(SG_BUILDING_SHARED) && defined(__GNUC__)
#define SG_PUBLIC __attribute__((visibility("default")))
#else
#define SG_PUBLIC
#endif

/* What kind of thing went wrong; SG_OK is 0. */
typedef enum sg_status {
    SG_OK = 0,
    SG_ERROR_MEMORY,    /* an allocation failed */
    SG_ERROR_ARGUMENT,  /* an option or parameter is out of range or contradicts another */
    SG_ERROR_FILE,      /* a file cannot be opened, read or written */
    SG_ERROR_FORMAT,    /* a file's content is not what its format promises */
    SG_ERROR_SHAPE,     /* tensors that do not fit together */
    SG_ERROR_NUMERIC,   /* a NaN or infinity where a number was needed */
    SG_ERROR_CANCELLED, /* a callback asked to stop */
    SG_ERROR_LIBRARY    /* a library underneath failed */
} sg_status;

/* Filled by the first failure; message is one sentence without a trailing newline. */
typedef struct sg_error {
    sg_status status;
    char message[1000];
} sg_error;

/* The library's version, such as "0.1.0". */
SG_PUBLIC const char *sg_version(void);

#ifdef __cplusplus
}
#endif

#endif
