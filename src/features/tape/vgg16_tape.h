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
 * Opens the convolutions, as sg_lpips_tape_find does, and no heads. Where `random` is not NULL, no
 * file is named and none is published in its place, fills random weights, the same each time, whose
 * maps keep the size of what they are made of, and sets *random. The caller clears `net`, also
 * after a failure.
 */
sg_status sg_vgg16_tape_find(sg_vgg16_tape *net, sg_context *context, sg_dtype dtype,
                             const char *const *files, size_t count, bool *random, sg_error *error);

/*
 * Computes the rectified ends of blocks, [N, h, w, channels] each, of pictures [N, H, W, 3] with
 * values of 0 to 255, whose sides are at least SG_VGG16_LEAST_SIDE. NULL (error in the context) on
 * failure.
 */
void sg_vgg16_tape_blocks(const sg_vgg16_tape *net, sg_tensor *pictures,
                          sg_tensor *blocks[SG_VGG16_BLOCKS]);

/*
 * Computes the rectified first layers of the first four blocks, relu1_1, relu2_1, relu3_1 and
 * relu4_1, whose statistics are a picture's style (style/style_statistics.h). The layers after
 * them are not computed. Sides are at least SG_VGG16_STYLE_SIDE; otherwise as
 * sg_vgg16_tape_blocks.
 */
enum { SG_VGG16_STYLE_BLOCKS = 4, SG_VGG16_STYLE_SIDE = 8 };
void sg_vgg16_tape_starts(const sg_vgg16_tape *net, sg_tensor *pictures,
                          sg_tensor *starts[SG_VGG16_STYLE_BLOCKS]);

#endif
