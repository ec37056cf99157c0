/* VGG16's convolutions (features/vgg16.h) on the tape, with gradients to pictures. */
#ifndef SG_FEATURES_TAPE_VGG16_TAPE_H
#define SG_FEATURES_TAPE_VGG16_TAPE_H

#include "features/vgg16.h"
#include "nn/parameter.h"

/* The weights, which no gradient asks for, so that they are packed once. */
typedef struct sg_vgg16_tape {
    sg_parameter_set parameters;
    sg_tensor *weights[SG_VGG16_LAYERS]; /* [out, in, 3, 3]; borrowed */
    sg_tensor *biases[SG_VGG16_LAYERS];  /* [out] */
    sg_tensor *scale, *shift;            /* [3]: from values of 0 to 255 to the network's */
} sg_vgg16_tape;

/* Makes the tensors and fills them; the caller clears them, also after a failure. */
sg_status sg_vgg16_tape_read(sg_vgg16_tape *net, sg_context *context, sg_dtype dtype,
                             const sg_feature_tensors *tensors, sg_error *error);
void sg_vgg16_tape_clear(sg_vgg16_tape *net);

/*
 * Computes the rectified ends of blocks, [N, h, w, channels] each, of pictures [N, H, W, 3] with
 * values of 0 to 255, whose sides are at least SG_VGG16_LEAST_SIDE. NULL (error in the context) on
 * failure.
 */
void sg_vgg16_tape_blocks(const sg_vgg16_tape *net, sg_tensor *pictures,
                          sg_tensor *blocks[SG_VGG16_BLOCKS]);

#endif
