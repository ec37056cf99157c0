/*
 * Files of feature networks whose weights follow from the names of their tensors alone, so that
 * reference values need no file of weights.
 */
#ifndef SUPPORT_FILLED_NETWORK_H
#define SUPPORT_FILLED_NETWORK_H

#include "base/error.h"

/* Writes the Inception-v3 of FID with 1008 classes under torchvision's names, 96 MB of
 * safetensors. */
sg_status write_filled_inception(const char *path, sg_error *error);

/* Parts of VGG16's file. */
enum {
    FILLED_LAYERS = 1,
    FILLED_MATRICES = 2, /* 495 MB */
    FILLED_HEADS = 4,    /* of LPIPS */
    EQUAL_HEADS = 8      /* of LPIPS, all weights 1 */
};

/* Writes parts of VGG16 under the names of torchvision and of the package lpips. */
sg_status write_filled_vgg16(const char *path, unsigned parts, sg_error *error);

/* Fills values scale * u + shift with u from 0 to 1 of the stream of a name. */
void fill_values(const char *name, double scale, double shift, size_t count, double *values);

/*
 * Fills a picture [height, width, 3] of bytes from the stream of its name: coarse cells of `cell`
 * pixels, and fine noise.
 */
void fill_picture(const char *name, size_t height, size_t width, size_t cell, unsigned char *bytes);

#endif
