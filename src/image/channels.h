/* Changes a picture's number of channels. */
#ifndef SG_IMAGE_CHANNELS_H
#define SG_IMAGE_CHANNELS_H

#include "image/image.h"

/*
 * Copies `image` to *converted, which the caller destroys, with `channels` channels. Grey becomes
 * equal red, green and blue; colours become grey by ITU-R BT.601 (0.299 R + 0.587 G + 0.114 B,
 * rounded); alpha that is dropped is laid over black; alpha that is added is opaque. Fails as
 * sg_image_create does.
 */
sg_status sg_image_convert_channels(const sg_image *image, size_t channels, sg_image **converted,
                                    sg_error *error);

/* Returns "grey", "grey and alpha", "RGB", "RGBA" for 1 to 4 channels. */
const char *sg_channels_name(size_t channels);

#endif
