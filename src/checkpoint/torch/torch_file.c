/* Tells the containers of torch apart by their first bytes. */
#include "checkpoint/torch/torch_file.h"

sg_status sg_torch_file_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                             int depth, sg_value **root, sg_error *error)
{
    *root = NULL;
    if (sg_is_zip(bytes, size))
        return sg_torch_archive_read(tree, bytes, size, depth, root, error);
    if (sg_is_torch_stream(bytes, size))
        return sg_torch_stream_read(tree, bytes, size, depth, root, error);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: %zu bytes within the pickle are neither a torch stream nor a zip archive",
                   tree->path, size);
}
