/* The memory of the machine: what this process may still take, and the refusal of what exceeds it.
 */
#ifndef SG_BASE_MACHINE_MEMORY_H
#define SG_BASE_MACHINE_MEMORY_H

#include <stdint.h>

#include "base/error.h"
#include "base/fields.h"

/* Returns the bytes of memory that this process can still get without swapping, as Linux and its
 * control groups say; 0 when unknown. */
double sg_available_bytes(void);

/* Returns the bytes that this process has in memory now; 0 when unknown. */
double sg_resident_bytes(void);

/*
 * Fails with SG_ERROR_MEMORY if this process cannot take `bytes` more: beyond memory and swap of
 * the machine, the limits of its control groups, the limit of its address space (ulimit -v), or
 * `limit`, the most that it may have in all (0: none). The sentence begins with `subject` and names
 * both numbers.
 */
sg_status sg_memory_check(double bytes, uint64_t limit, const char *subject, sg_error *error);

enum { SG_BYTES_BYTES = 32 };

/* Writes "812 MB" or "3.4 GB" to `text` of SG_BYTES_BYTES; returns `text`. */
const char *sg_print_bytes(char *text, double bytes);

/* Numbers of bytes in options: uint64_t, as 512M, 24G or 1.5T (powers of 1024) or all digits. */
extern const sg_field_codec sg_bytes_codec;

#endif
