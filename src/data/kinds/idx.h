/*
 * IDX files, the format of the MNIST family: an array of bytes with its dimensions.
 *
 *     offset  size  meaning
 *          0     2  zero
 *          2     1  element type; only 0x08 (unsigned byte) is read
 *          3     1  number of dimensions D
 *          4   4*D  the dimensions, big-endian, outermost first
 *      4+4*D        the elements, innermost dimension fastest
 *
 * The file may be compressed with gzip.
 */
#ifndef SG_DATA_KINDS_IDX_H
#define SG_DATA_KINDS_IDX_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The most dimensions: images, rows, columns, channels. */
#define SG_IDX_LARGEST_RANK 4

/* The largest dimension after the first one: pixels along a side. */
#define SG_IDX_LARGEST_SIDE 16384

/* The content of a file; released by sg_idx_clear. */
typedef struct sg_idx {
    size_t rank;                            /* number of dimensions, at least 1 */
    size_t dimensions[SG_IDX_LARGEST_RANK]; /* outermost first; 1 beyond rank */
    uint8_t *bytes;                         /* the elements, owned */
    size_t size;                            /* product of the dimensions */
} sg_idx;

/* True if the file, compressed or not, starts like an IDX file of unsigned bytes. */
bool sg_idx_recognises(const char *path);

/*
 * Reads a file of unsigned bytes with `smallest_rank` to `largest_rank` dimensions. Takes at most
 * twice the memory of the file's real content. Fails with SG_ERROR_FILE when the file cannot be
 * read, SG_ERROR_MEMORY, or SG_ERROR_FORMAT when it is empty, of another type or rank, has a
 * dimension of 0 or above its limit, is shorter or longer than its dimensions say, or is a damaged
 * gzip stream; *idx is zeroed then.
 */
sg_status sg_idx_read(const char *path, size_t smallest_rank, size_t largest_rank, sg_idx *idx,
                      sg_error *error);

/* Frees the elements and zeroes the struct. */
void sg_idx_clear(sg_idx *idx);

#endif
