/* The header of NumPy's .npy format; for numpy_file.c and numpy_write.c. */
#ifndef SG_CHECKPOINT_NUMPY_NUMPY_HEADER_H
#define SG_CHECKPOINT_NUMPY_NUMPY_HEADER_H

#include "base/text.h"
#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/safetensors/safetensors.h"

/* What a header says. */
typedef struct sg_numpy_header {
    sg_stored_type type; /* one that converts to numbers */
    bool big_endian;
    bool fortran_order;
    int rank;
    int64_t size[SG_NUMPY_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
    size_t length;                   /* bytes in front of the elements */
} sg_numpy_header;

/*
 * Reads the header of an .npy file's content. `path` serves the sentences. Fails with
 * SG_ERROR_FORMAT.
 */
sg_status sg_numpy_header_read(const char *path, const unsigned char *bytes, size_t size,
                               sg_numpy_header *header, sg_error *error);

/* Appends the header (version 1.0) of an array of little-endian floats in C order. */
void sg_numpy_header_append(sg_text *text, int rank, const int64_t *size);

#endif
