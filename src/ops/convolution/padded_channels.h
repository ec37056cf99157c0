/* Channels rounded up to whole vectors: off the tape, odd numbers of channels are carried so. */
#ifndef SG_OPS_CONVOLUTION_PADDED_CHANNELS_H
#define SG_OPS_CONVOLUTION_PADDED_CHANNELS_H

#include "tensor/tensor.h"

/* Returns how many channels carry `channels`; the further ones are zero or ignored. */
int64_t sg_padded_channels(int64_t channels);

/* Returns x with its last axis filled up with zeros to `channels`, off the tape; x itself where it
 * has as many. NULL (error in the context) on failure. */
sg_tensor *sg_pad_channels(sg_tensor *x, int64_t channels);

#endif
