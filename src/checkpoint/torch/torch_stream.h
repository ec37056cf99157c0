/* The old stream of torch. */
#ifndef SG_CHECKPOINT_TORCH_TORCH_STREAM_H
#define SG_CHECKPOINT_TORCH_TORCH_STREAM_H

#include "checkpoint/values/value_tree.h"

/* True if the bytes start as a torch stream does. */
bool sg_is_torch_stream(const unsigned char *bytes, size_t size);

/* Reads such bytes, which must live as long as the tree, into *root; see torch_file.h. */
sg_status sg_torch_stream_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                               int depth, sg_value **root, sg_error *error);

#endif
