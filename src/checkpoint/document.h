/*
 * An opened foreign file: a pickle, a torch zip archive, a torch stream or safetensors as a tree of
 * values (values/value.h). Nothing in the file is executed.
 */
#ifndef SG_CHECKPOINT_DOCUMENT_H
#define SG_CHECKPOINT_DOCUMENT_H

#include "checkpoint/values/value.h"

typedef struct sg_document sg_document;

/* The containers that sg_document_open tells apart. */
typedef enum sg_container { SG_PICKLE, SG_TORCH_ZIP, SG_TORCH_STREAM, SG_SAFETENSORS } sg_container;

/*
 * Opens a pickle (protocols 0 to 5), a torch zip archive, an old torch stream or safetensors, maps
 * it and reads the whole tree; the numbers of tensors stay in the mapped file. Fails with a
 * sentence that names the file, the byte offset, what was found and what was expected. *document
 * (NULL on failure) must be closed.
 */
sg_status sg_document_open(const char *path, sg_document **document, sg_error *error);

/* The same from bytes in memory, borrowed until close; `name` is used in sentences. */
sg_status sg_document_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                                 sg_document **document, sg_error *error);

/* Frees the document and all its values; NULL is allowed. */
void sg_document_close(sg_document *document);

/* Returns the container; the value at the root. */
sg_container sg_document_container(const sg_document *document);
const sg_value *sg_document_root(const sg_document *document);

#endif
