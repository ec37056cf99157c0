/* Writing NumPy's files, whose format numpy_file.h describes. */
#ifndef SG_CHECKPOINT_NUMPY_NUMPY_WRITE_H
#define SG_CHECKPOINT_NUMPY_NUMPY_WRITE_H

#include "base/error.h"
#include "checkpoint/values/stored_type.h"

/* An array to be written; everything is borrowed. */
typedef struct sg_numpy_entry {
    const char *name; /* within an .npz file, without ".npy"; ignored for an .npy file */
    int rank;         /* at most SG_STORED_MAX_RANK */
    int64_t size[SG_STORED_MAX_RANK];
    const float *values; /* row-major */
} sg_numpy_entry;

/*
 * Writes one array as .npy, or several as .npz (stored, as by numpy.savez), atomically; equal
 * arrays give equal bytes. Fails with SG_ERROR_ARGUMENT for a name or shape that cannot be
 * written, or as sg_write_file does.
 */
sg_status sg_numpy_write_npy(const char *path, const sg_numpy_entry *entry, sg_error *error);
sg_status sg_numpy_write_npz(const char *path, const sg_numpy_entry *entries, size_t count,
                             sg_error *error);

#endif
