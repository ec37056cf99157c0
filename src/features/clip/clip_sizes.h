/* The sizes of CLIP's towers, told by the tensors of a file. */
#ifndef SG_FEATURES_CLIP_CLIP_SIZES_H
#define SG_FEATURES_CLIP_CLIP_SIZES_H

#include "features/clip/clip_config.h"

/* Tells the sizes. Fails for ResNets, and with the tensor's name for sizes that no CLIP has. */
sg_status sg_clip_sizes_infer(const sg_feature_tensors *tensors, sg_clip_sizes *sizes,
                              sg_error *error);

/* Writes what the towers are, "ViT-B/32 with 224 px, quick GELU", to `text` of `size` bytes. */
void sg_clip_sizes_describe(const sg_clip_sizes *sizes, char *text, size_t size);

#endif
