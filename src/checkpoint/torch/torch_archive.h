/* The zip archive of torch. */
#ifndef SG_CHECKPOINT_TORCH_TORCH_ARCHIVE_H
#define SG_CHECKPOINT_TORCH_TORCH_ARCHIVE_H

#include "checkpoint/values/value_tree.h"

/* True if the bytes start as a zip archive does. */
bool sg_is_zip(const unsigned char *bytes, size_t size);

/* Reads such bytes, which must live as long as the tree, into *root; see torch_file.h. */
sg_status sg_torch_archive_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                                int depth, sg_value **root, sg_error *error);

#endif
