/*
 * The published networks of AdaIN style transfer (Huang and Belongie 2017, in the form of PyTorch's
 * sequential modules): an encoder, VGG19 up to relu4_1 with mirrored edges, and a decoder that
 * turns adapted features back into a picture. Channels are those of the file.
 */
#ifndef SG_STYLE_STYLE_CODER_H
#define SG_STYLE_STYLE_CODER_H

#include "base/error.h"
#include "image/image.h"
#include "tensor/tape.h"

typedef struct sg_style_coder sg_style_coder;

/*
 * Opens vgg_normalised.pth and decoder.pth, or any file of tensors with their names. Fails with
 * SG_ERROR_FORMAT for a file without those layers, or whose shapes do not fit one another. *coder
 * (NULL on failure) must be closed.
 */
sg_status sg_style_coder_open(sg_context *context, const char *encoder, const char *decoder,
                              sg_style_coder **coder, sg_error *error);
void sg_style_coder_close(sg_style_coder *coder);

/*
 * Makes the content with `alpha` of the styles in *image, which the caller destroys: AdaIN of the
 * encoded pictures, weighted, decoded, and cut to the content's size. All are RGB. Fails with
 * SG_ERROR_MEMORY or as operations do.
 */
sg_status sg_style_coder_paint(sg_style_coder *coder, const sg_image *content,
                               const sg_image *const *styles, const double *weights, size_t count,
                               double alpha, sg_image **image, sg_error *error);

#endif
