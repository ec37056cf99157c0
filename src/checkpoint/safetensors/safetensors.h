/*
 * The safetensors format: 8 bytes that hold the header's length (little endian), the header as a
 * JSON object, then the tensors' bytes, one after the other without gaps.
 *
 *   {"__metadata__": {"key": "text", ...},
 *    "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, ...}
 *
 * Offsets count from the end of the header. Values are little endian and row-major. Nothing in such
 * a file can run.
 */
#ifndef SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_H
#define SG_CHECKPOINT_SAFETENSORS_SAFETENSORS_H

#include <stdio.h>

#include "base/error.h"
#include "base/files/file_map.h"
#include "checkpoint/values/stored_type.h"

enum {
    SG_STORED_MAX_TENSORS = 1 << 18,
    SG_STORED_MAX_METADATA = 1024,
    SG_STORED_MAX_NAME_BYTES = 255
};

/* The longest header that is read, in bytes. */
#define SG_SAFETENSORS_LARGEST_HEADER ((size_t)16 << 20)

/* One tensor of a file. */
typedef struct sg_stored_tensor {
    char *name;
    sg_stored_type type;
    int rank;
    int64_t size[SG_STORED_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
    size_t count;                     /* elements */
    size_t bytes;
    size_t offset; /* of the first byte in the file */
} sg_stored_tensor;

/* Prints "[2, 3]" into `text` (at least 200 bytes); returns text. */
char *sg_stored_shape_print(const sg_stored_tensor *tensor, char *text);

/* A pair of texts in the metadata. */
typedef struct sg_metadata {
    const char *key;
    const char *value;
} sg_metadata;

/* A file being read: its header is in memory, its tensors stay on disk until they are read. */
typedef struct sg_safetensors sg_safetensors;

/*
 * Opens a file and checks its whole header: the type, shape and offsets of every tensor, that no
 * name occurs twice, and that the tensors cover the data exactly. *file (NULL on failure) must be
 * closed.
 */
sg_status sg_safetensors_open(const char *path, sg_safetensors **file, sg_error *error);

/* The same from a seekable stream, taken over also on failure; `path` is used in sentences. */
sg_status sg_safetensors_open_stream(FILE *stream, const char *path, sg_safetensors **file,
                                     sg_error *error);

/* Closes the file and frees everything borrowed from it; NULL is allowed. */
void sg_safetensors_close(sg_safetensors *file);

/* Count the tensors; return one in the header's order; the one of that name, or NULL. Borrowed. */
size_t sg_safetensors_count(const sg_safetensors *file);
const sg_stored_tensor *sg_safetensors_at(const sg_safetensors *file, size_t index);
const sg_stored_tensor *sg_safetensors_find(const sg_safetensors *file, const char *name);

/* Count the metadata pairs; return one; the value of a key, or NULL. Borrowed. */
size_t sg_safetensors_metadata_count(const sg_safetensors *file);
sg_metadata sg_safetensors_metadata_at(const sg_safetensors *file, size_t index);
const char *sg_safetensors_metadata(const sg_safetensors *file, const char *key);

/*
 * Maps the whole file, where tensors lie at their offsets; NULL if the system cannot. The caller
 * releases the mapping, which may outlive the file.
 */
sg_file_map *sg_safetensors_map(const sg_safetensors *file);

/*
 * Read a tensor of this file: its bytes, or its values converted. `values` has room for
 * tensor->bytes bytes or tensor->count values. Fail with SG_ERROR_FORMAT for floats of 8 bits,
 * which are not converted; values too large for a float become infinite.
 */
sg_status sg_safetensors_read_bytes(sg_safetensors *file, const sg_stored_tensor *tensor,
                                    void *values, sg_error *error);
sg_status sg_safetensors_read_floats(sg_safetensors *file, const sg_stored_tensor *tensor,
                                     float *values, sg_error *error);
sg_status sg_safetensors_read_doubles(sg_safetensors *file, const sg_stored_tensor *tensor,
                                      double *values, sg_error *error);

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
