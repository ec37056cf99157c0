/* The header of NumPy's .npy format, which numpy_file.h describes. */
#ifndef SG_CHECKPOINT_NUMPY_NUMPY_HEADER_H
#define SG_CHECKPOINT_NUMPY_NUMPY_HEADER_H

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/values/stored_type.h"

/* The content of a header. */
typedef struct sg_numpy_header {
    sg_stored_type type; /* one that converts to numbers */
    bool objects;        /* Python's objects instead, as one pickle */
    size_t characters;   /* of each element of an array of texts, four bytes each; 0: of numbers */
    bool big_endian;
    bool fortran_order;
    int rank;
    int64_t size[SG_STORED_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
    size_t length;                    /* bytes before the elements */
} sg_numpy_header;

/* What an array may hold besides numbers. */
enum { SG_NUMPY_OBJECTS = 1, SG_NUMPY_TEXTS = 2 };

/* Reads the header at the start of an .npy file's content; `path` is used in sentences. Fails with
 * SG_ERROR_FORMAT, for objects and texts unless they are `allowed` (SG_NUMPY_OBJECTS ...). */
sg_status sg_numpy_header_read(const char *path, const unsigned char *bytes, size_t size,
                               unsigned allowed, sg_numpy_header *header, sg_error *error);

/* Appends the header (version 1.0) of a little-endian array in C order, of elements of NumPy's
 * `type`: "<f4" for floats. */
void sg_numpy_header_append(sg_text *text, const char *type, int rank, const int64_t *size);

#endif
