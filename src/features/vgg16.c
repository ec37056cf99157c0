/*
 * VGG16's convolutions: their tensors under three programs' names, and their graph.
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include "features/vgg16.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"

/* The last layers and the channels of the blocks. */
static const struct {
    int end;
    int64_t channels;
} blocks[SG_VGG16_BLOCKS] = {{2, 64}, {4, 128}, {7, 256}, {10, 512}, {13, 512}};

const sg_feature_norm sg_vgg16_norm = {{123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F}};

int sg_vgg16_block_of(int layer)
{
    int block = 0;
    while (layer >= blocks[block].end)
        block++;
    return block;
}

int64_t sg_vgg16_channels(int block)
{
    return blocks[block].channels;
}

/* ---- tensors ---- */

/* Writes the name of a layer's weight or bias. Torchvision counts rectifiers and pools as well. */
static void layer_name(sg_vgg16_names names, int layer, const char *tensor,
                       char name[SG_VGG16_NAME_BYTES])
{
    const int block = sg_vgg16_block_of(layer);
    const int module = 2 * layer + block;
    if (names == SG_VGG16_NVIDIA)
        snprintf(name, SG_VGG16_NAME_BYTES, "layers.conv%d.%s", layer + 1, tensor);
    else if (names == SG_VGG16_LPIPS)
        snprintf(name, SG_VGG16_NAME_BYTES, "net.slice%d.%d.%s", block + 1, module, tensor);
    else
        snprintf(name, SG_VGG16_NAME_BYTES, "features.%d.%s", module, tensor);
}

/* VGG19 has the first names too, and more layers. */
sg_vgg16_names sg_vgg16_names_of(const sg_feature_tensors *tensors)
{
    for (int names = SG_VGG16_TORCHVISION; names < SG_VGG16_UNKNOWN; names++) {
        char first[SG_VGG16_NAME_BYTES];
        char last[SG_VGG16_NAME_BYTES];
        layer_name((sg_vgg16_names)names, 0, "weight", first);
        layer_name((sg_vgg16_names)names, SG_VGG16_LAYERS - 1, "weight", last);
        if (sg_feature_tensors_size(tensors, first, 0) == blocks[0].channels &&
            sg_feature_tensors_find(tensors, last) &&
            !sg_feature_tensors_find(tensors, "features.34.weight"))
            return (sg_vgg16_names)names;
    }
    return SG_VGG16_UNKNOWN;
}

int64_t sg_vgg16_in_channels(int layer)
{
    return layer == 0 ? 3 : sg_vgg16_out_channels(layer - 1);
}

int64_t sg_vgg16_out_channels(int layer)
{
    return blocks[sg_vgg16_block_of(layer)].channels;
}

sg_status sg_vgg16_read_layer(const sg_feature_tensors *tensors, int layer, float *weights,
                              float *bias, sg_error *error)
{
    char name[SG_VGG16_NAME_BYTES];
    const sg_vgg16_names names = sg_vgg16_names_of(tensors);
    const int64_t shape[] = {sg_vgg16_out_channels(layer), sg_vgg16_in_channels(layer), 3, 3};
    layer_name(names, layer, "weight", name);
    SG_TRY(sg_feature_tensors_read(tensors, name, 4, shape, weights, error));
    layer_name(names, layer, "bias", name);
    return sg_feature_tensors_read(tensors, name, 1, shape, bias, error);
}

static sg_status pack_layer(const sg_feature_tensors *tensors, int layer, float *weights,
                            sg_graph_weights *packed, sg_error *error)
{
    float bias[512];
    const int64_t in = sg_vgg16_in_channels(layer);
    SG_TRY(sg_vgg16_read_layer(tensors, layer, weights, bias, error));
    *packed = (sg_graph_weights){.size = {in, 3, 3, 1, 1, 1},
                                 .channels = sg_vgg16_out_channels(layer),
                                 .by_winograd = layer > 0,
                                 .padded_in = in};
    if (!sg_graph_weights_make(packed, weights, bias))
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
    return SG_OK;
}

sg_status sg_vgg16_read(const sg_feature_tensors *tensors, sg_vgg16 *net, sg_error *error)
{
    enum { LARGEST = 512 * 512 * 9 };
    float *weights = sg_allocate(LARGEST, sizeof *weights);
    sg_status status =
        weights ? SG_OK : sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
    for (int i = 0; i < SG_VGG16_LAYERS && !status; i++)
        status = pack_layer(tensors, i, weights, &net->layers[i], error);
    free(weights);
    return status;
}

void sg_vgg16_free(sg_vgg16 *net)
{
    for (int i = 0; i < SG_VGG16_LAYERS; i++)
        sg_graph_weights_free(&net->layers[i]);
    sg_feature_graph_destroy(net->graph);
    net->graph = NULL;
}

/* ---- the graph ---- */

/* Adds an image of a block: of floats, except the input with zeros around. */
static int add_image(sg_feature_graph *graph, const sg_vgg16 *net, int block, int64_t channels,
                     bool input, bool whole)
{
    const sg_graph_image image = {.layout = {.height = net->height >> block,
                                             .width = net->width >> block,
                                             .channels = channels,
                                             .rows = input,
                                             .gap = input,
                                             .parts = input},
                                  .whole = whole};
    return sg_graph_add_image(graph, &image);
}

static int add_pool(sg_feature_graph *graph, const sg_vgg16 *net, int source, int block, bool whole)
{
    const sg_tap_pool pool = {.side = 2, .stride = 2, .channels = blocks[block - 1].channels};
    const int target = add_image(graph, net, block, pool.channels, false, whole);
    sg_graph_add_pool(graph, &pool, source, target, 0);
    return target;
}

/* Adds a block's layers; returns its last image. */
static int add_block(sg_feature_graph *graph, const sg_vgg16 *net, int source, int block)
{
    for (int i = block > 0 ? blocks[block - 1].end : 0; i < blocks[block].end; i++) {
        const int target = add_image(graph, net, block, blocks[block].channels, false, false);
        const sg_graph_layer layer = {.weights = &net->layers[i], .target = target};
        sg_graph_add_convolution(graph, source, &layer, 1);
        source = target;
    }
    sg_graph_tap(graph, source, block);
    return source;
}

static void build(sg_feature_graph *graph, const sg_vgg16 *net)
{
    enum { FIRST_OF_SMALL = 3 };
    sg_graph_stage(graph, 2);
    int image = add_image(graph, net, 0, 3, true, false);
    for (int block = 0; block < SG_VGG16_BLOCKS; block++) {
        if (block > 0)
            image = add_pool(graph, net, image, block, block == FIRST_OF_SMALL);
        if (block == FIRST_OF_SMALL)
            sg_graph_stage(graph, SG_VGG16_BATCH);
        image = add_block(graph, net, image, block);
    }
    if (!net->pools_last)
        return;
    image = add_pool(graph, net, image, SG_VGG16_BLOCKS, false);
    sg_graph_tap(graph, image, SG_VGG16_BLOCKS);
}

sg_status sg_vgg16_prepare(sg_vgg16 *net, int64_t height, int64_t width, sg_error *error)
{
    if (height < SG_VGG16_LEAST_SIDE || width < SG_VGG16_LEAST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures of %lldx%lld pixels are too small for VGG16, which takes at least "
                       "%dx%d",
                       (long long)width, (long long)height, SG_VGG16_LEAST_SIDE,
                       SG_VGG16_LEAST_SIDE);
    if (net->graph && net->height == height && net->width == width)
        return SG_OK;
    sg_feature_graph_destroy(net->graph);
    net->graph = sg_feature_graph_create(SG_VGG16_BATCH);
    if (!net->graph)
        return sg_fail_memory(error, "the layers of a feature network");
    net->height = height;
    net->width = width;
    build(net->graph, net);
    const sg_status status = sg_feature_graph_finish(net->graph, error);
    if (status) {
        sg_feature_graph_destroy(net->graph);
        net->graph = NULL;
    }
    return status;
}
