/* The containers of torch: a zip archive, or an older stream. */
#ifndef SG_CHECKPOINT_TORCH_TORCH_FILE_H
#define SG_CHECKPOINT_TORCH_TORCH_FILE_H

#include "checkpoint/values/value_tree.h"

/*
 * Reads a zip archive or a stream of torch, whichever the bytes are, into *root; a sg_nested_read.
 * The bytes must live as long as the tree. `depth` counts the files that this one is nested in.
 */
sg_status sg_torch_file_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                             int depth, sg_value **root, sg_error *error);

#endif
