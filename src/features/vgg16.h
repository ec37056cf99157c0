/*
 * The convolutions of VGG16 (Simonyan and Zisserman 2015), for pictures of any size: thirteen 3x3
 * layers in five blocks, each of which begins with a 2x2 pool except the first. The features of
 * precision and recall and LPIPS are made of them.
 */
#ifndef SG_FEATURES_VGG16_H
#define SG_FEATURES_VGG16_H

#include "features/feature_graph.h"
#include "features/feature_input.h"
#include "features/feature_tensors.h"

enum {
    SG_VGG16_LAYERS = 13,
    SG_VGG16_BLOCKS = 5,
    SG_VGG16_BATCH = 8, /* pictures of a run */
    SG_VGG16_LEAST_SIDE = 16,
    SG_VGG16_NAME_BYTES = 64
};

/* The programs whose names of tensors are known. */
typedef enum sg_vgg16_names {
    SG_VGG16_TORCHVISION, /* features.0.weight */
    SG_VGG16_NVIDIA,      /* layers.conv1.weight */
    SG_VGG16_LPIPS,       /* net.slice1.0.weight: a module of the package lpips */
    SG_VGG16_UNKNOWN
} sg_vgg16_names;

typedef struct sg_vgg16 {
    sg_graph_weights layers[SG_VGG16_LAYERS];
    sg_feature_graph *graph;
    int64_t height, width; /* of the graph's pictures */
    bool pools_last;       /* the graph ends with the fifth pool */
} sg_vgg16;

/* Returns whose names the convolutions have. */
sg_vgg16_names sg_vgg16_names_of(const sg_feature_tensors *tensors);

/* Return the channels that a layer, 0 to SG_VGG16_LAYERS - 1, reads and writes, and its block. */
int64_t sg_vgg16_in_channels(int layer);
int64_t sg_vgg16_out_channels(int layer);
int sg_vgg16_block_of(int layer);

/* Reads a layer's weights [out, in, 3, 3] and bias [out]. */
sg_status sg_vgg16_read_layer(const sg_feature_tensors *tensors, int layer, float *weights,
                              float *bias, sg_error *error);

/* Reads and packs the convolutions; the caller frees them by sg_vgg16_free, also after a failure.
 */
sg_status sg_vgg16_read(const sg_feature_tensors *tensors, sg_vgg16 *net, sg_error *error);
void sg_vgg16_free(sg_vgg16 *net);

/* Returns the channels of a block. */
int64_t sg_vgg16_channels(int block);

/*
 * Makes the graph for pictures of this size, unless it is there. Its taps are the rectified ends of
 * blocks, 0 to 4, and SG_VGG16_BLOCKS for the pool after the last. Fails with SG_ERROR_ARGUMENT for
 * sides below SG_VGG16_LEAST_SIDE.
 */
sg_status sg_vgg16_prepare(sg_vgg16 *net, int64_t height, int64_t width, sg_error *error);

/* What the network does with values of 0 to 255: ImageNet's means and deviations. */
extern const sg_feature_norm sg_vgg16_norm;

#endif
