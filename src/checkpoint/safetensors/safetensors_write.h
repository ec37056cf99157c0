/* Writing safetensors files, whose format safetensors.h describes. */
#ifndef SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_WRITE_H
#define SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_WRITE_H

#include "checkpoint/safetensors/safetensors.h"

/* A tensor to be written; everything is borrowed. */
typedef struct sg_safetensors_entry {
    const char *name;
    sg_stored_type type;
    int rank;
    int64_t size[SG_STORED_MAX_RANK];
    const void *values; /* row-major */
} sg_safetensors_entry;

/*
 * Writes a file atomically: tensors and metadata in the order given, the header padded with spaces
 * to a multiple of 8 bytes. The same input gives the same bytes. Fails with SG_ERROR_ARGUMENT for a
 * name that is empty, too long or given twice.
 */
sg_status sg_safetensors_write(const char *path, const sg_safetensors_entry *entries, size_t count,
                               const sg_metadata *metadata, size_t metadata_count, sg_error *error);

#endif
