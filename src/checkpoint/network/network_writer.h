/* Writing native network files, whose format network_file.h describes. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_WRITER_H
#define SG_CHECKPOINT_NETWORK_NETWORK_WRITER_H

#include "checkpoint/contents/network_part.h"
#include "checkpoint/safetensors/safetensors.h"

/*
 * Writes a network file atomically, with `count` further metadata pairs after "config" and "format"
 * (which they must not contain). Equal networks give equal bytes. The networks' tensors must be
 * f32. Fails with SG_ERROR_ARGUMENT if there is no network.
 */
sg_status sg_network_save(const char *path, const sg_network_parts *parts,
                          const sg_metadata *metadata, size_t count, sg_error *error);

#endif
