/* The containers of torch: a zip archive, or an older stream. */
#ifndef SG_CHECKPOINT_TORCH_TORCH_FILE_H
#define SG_CHECKPOINT_TORCH_TORCH_FILE_H

#include "checkpoint/pickle/pickle.h"
#include "checkpoint/values/tensor_entry.h"

/*
 * Reads a zip archive or a stream of torch, whichever the bytes are, into *root; a sg_nested_read.
 * The bytes must live as long as the tree. `depth` counts the files that this one is nested in.
 */
sg_status sg_torch_file_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                             int depth, sg_value **root, sg_error *error);

/* True if the bytes start as a zip archive or as a torch stream does. */
bool sg_is_zip(const unsigned char *bytes, size_t size);
bool sg_is_torch_stream(const unsigned char *bytes, size_t size);

/* Read the bytes of one of the two, as sg_torch_file_read does. */
sg_status sg_torch_archive_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                                int depth, sg_value **root, sg_error *error);
sg_status sg_torch_stream_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                               int depth, sg_value **root, sg_error *error);

/* Finds torch's callable of that name, or NULL; for the sources of pickles. */
const sg_callable *sg_torch_find_callable(const char *name);

/*
 * Writes {"g_ema": OrderedDict(name: tensor, ...), ..., name: tensor, ...} atomically, tensors in
 * the order given; those of a dict must follow each other. Equal tensors give equal bytes. An
 * sg_tensor_writer.
 */
sg_status sg_torch_write(const char *path, const sg_tensor_entry *tensors, size_t count,
                         sg_error *error);

#endif
