/* The containers of torch: which one some bytes are, and reading it. */
#ifndef SG_CHECKPOINT_TORCH_TORCH_FILE_H
#define SG_CHECKPOINT_TORCH_TORCH_FILE_H

#include "checkpoint/values/value_tree.h"

/* Whether the bytes start as a zip archive; as a torch stream. */
bool sg_is_zip(const unsigned char *bytes, size_t size);
bool sg_is_torch_stream(const unsigned char *bytes, size_t size);

/*
 * Reads a zip archive or a stream of torch, whichever the bytes are, into *root; the bytes must
 * live as long as the document. `depth` counts the files that this one is nested in.
 */
sg_status sg_torch_file_read(sg_document *document, const unsigned char *bytes, size_t size,
                             int depth, sg_value **root, sg_error *error);
sg_status sg_torch_archive_read(sg_document *document, const unsigned char *bytes, size_t size,
                                int depth, sg_value **root, sg_error *error);
sg_status sg_torch_stream_read(sg_document *document, const unsigned char *bytes, size_t size,
                               int depth, sg_value **root, sg_error *error);

#endif
