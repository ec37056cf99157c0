/* The heads of LPIPS: weights of the channels of VGG16's blocks. */
#ifndef SG_FEATURES_LPIPS_H
#define SG_FEATURES_LPIPS_H

#include "features/vgg16.h"

enum { SG_LPIPS_MOST_CHANNELS = 512 };

/* Reads the heads of all blocks, none of whose weights is below zero; fails for those of other
 * networks, whose channels are not as many. */
sg_status sg_lpips_read_heads(const sg_feature_tensors *tensors,
                              float (*heads)[SG_LPIPS_MOST_CHANNELS], sg_error *error);

#endif
