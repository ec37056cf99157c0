/*
 * Inception-v3 as FID takes it (Szegedy et al. 2016; the TensorFlow graph of 2015-12-05): batch
 * normalisation is folded into the weights, averages over 3x3 pixels count pixels within the
 * picture alone, and the last block pools the largest value instead.
 *
 * An average follows the 1x1 convolution that officially takes its result: both are linear, and the
 * convolution leaves fewer channels. Layers of 1x1 that read the same image are one step.
 *
 * Tensors have torchvision's names (pytorch-fid) or those of NVIDIA's files.
 *
 * Tested by: tests/golden_test/feature_case.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "features/feature_graph.h"
#include "features/feature_input.h"
#include "features/feature_kind.h"
#include "features/feature_show.h"
#include "kernels/product/matmul.h"

enum {
    SIDE = 299,
    FEATURES = 2048,
    MOST_CLASSES = 1 << 13,
    MOST_LAYERS = 100,
    BATCH = 16, /* pictures of a run */
    NAME_BYTES = 100
};

typedef struct inception {
    sg_feature_graph *graph;
    sg_graph_weights layers[MOST_LAYERS];
    int layer_count;
    int64_t classes;
    float *output, *output_bias; /* [classes, FEATURES], [classes] */
} inception;

/* The network being built. */
typedef struct builder {
    inception *net;
    const sg_feature_tensors *tensors;
    bool nvidia;       /* the names */
    const char *block; /* of the layers: torchvision's name and NVIDIA's */
    const char *nvidia_block;
    sg_status status;
    sg_error *error;
} builder;

/* ---- tensors ---- */

/* A convolution with its batch normalisation. */
typedef struct layer_row {
    const char *name, *nvidia_name; /* within the block */
    int64_t channels, height, width, stride, pad_y, pad_x;
} layer_row;

/* The tensors of a layer by their two kinds of names. */
enum { WEIGHT, GAMMA, BETA, MEAN, VARIANCE, TENSORS };
static const char *const suffixes[2][TENSORS] = {
    {"conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"},
    {"weight", NULL, "beta", "mean", "var"}, /* gamma is 1 */
};

static void tensor_name(const builder *b, const layer_row *row, int tensor, char name[NAME_BYTES])
{
    const char *block = b->nvidia ? b->nvidia_block : b->block;
    snprintf(name, NAME_BYTES, "%s%s%s%s.%s", b->nvidia ? "layers." : "", block,
             *block != '\0' ? "." : "", b->nvidia ? row->nvidia_name : row->name,
             suffixes[b->nvidia][tensor]);
}

static void read_tensor(builder *b, const layer_row *row, int tensor, int rank, const int64_t *size,
                        float *values)
{
    char name[NAME_BYTES];
    tensor_name(b, row, tensor, name);
    if (!b->status)
        b->status = sg_feature_tensors_read(b->tensors, name, rank, size, values, b->error);
}

/* Numbers of a layer, as read and as folded. */
typedef struct layer_values {
    float *weights; /* [out, in, taps] */
    float *norm;    /* [TENSORS, out] */
} layer_values;

/* Folds batch normalisation into the weights and the bias. */
static void fold(const layer_row *row, int64_t in, bool gamma, layer_values *v)
{
    const int64_t out = row->channels;
    const int64_t taps = in * row->height * row->width;
    for (int64_t o = 0; o < out; o++) {
        const double factor = (gamma ? (double)v->norm[GAMMA * out + o] : 1.0) /
                              sqrt((double)v->norm[VARIANCE * out + o] + 0.001);
        v->norm[BETA * out + o] =
            (float)((double)v->norm[BETA * out + o] - (double)v->norm[MEAN * out + o] * factor);
        for (int64_t i = 0; i < taps; i++)
            v->weights[o * taps + i] = (float)((double)v->weights[o * taps + i] * factor);
    }
}

/* An image of the graph being built. */
typedef struct picture {
    int number;
    int64_t side, channels;
    int64_t used; /* channels that layers read, the first ones */
    bool floats;
} picture;

/* Reads and packs a layer, by Winograd's algorithm between images of floats; returns its weights.
 */
static const sg_graph_weights *add_weights(builder *b, picture source, const layer_row *row,
                                           picture target)
{
    sg_graph_weights *layer = &b->net->layers[b->net->layer_count++];
    const int64_t out = row->channels;
    const int64_t in = source.used;
    const int64_t shape[] = {out, in, row->height, row->width};
    const size_t count = (size_t)(out * in * row->height * row->width);
    *layer = (sg_graph_weights){
        .size = {in, row->height, row->width, row->stride, row->pad_y, row->pad_x},
        .channels = out,
        .by_winograd = source.floats && target.floats,
        .padded_in = source.channels};
    if (b->status)
        return layer;
    layer_values v = {.weights = sg_allocate(count, sizeof(float)),
                      .norm = sg_allocate((size_t)out, TENSORS * sizeof(float))};
    if (!v.weights || !v.norm)
        b->status = sg_fail_memory(b->error, "%s", sg_feature_tensors_path(b->tensors));
    if (!b->status)
        read_tensor(b, row, WEIGHT, 4, shape, v.weights);
    for (int i = GAMMA; i < TENSORS && !b->status; i++)
        if (suffixes[b->nvidia][i])
            read_tensor(b, row, i, 1, shape, v.norm + i * out);
    if (!b->status) {
        fold(row, in, !b->nvidia, &v);
        if (!sg_graph_weights_make(layer, v.weights, v.norm + BETA * out))
            b->status = sg_fail_memory(b->error, "%s", sg_feature_tensors_path(b->tensors));
    }
    free(v.weights);
    free(v.norm);
    return layer;
}

/* ---- layers ---- */

static picture add_picture(builder *b, int64_t side, int64_t channels, int64_t rows, int64_t gap)
{
    const sg_graph_image image = {.layout = {.height = side,
                                             .width = side,
                                             .channels = channels,
                                             .rows = rows,
                                             .gap = gap,
                                             .parts = true}};
    return (picture){sg_graph_add_image(b->net->graph, &image), side, channels, channels,
                     !image.layout.parts};
}

/* Adds an image of floats: of what a pool reads. */
static picture add_floats(builder *b, int64_t side, int64_t channels)
{
    const sg_graph_image image = {.layout = {.height = side, .width = side, .channels = channels}};
    return (picture){sg_graph_add_image(b->net->graph, &image), side, channels, channels,
                     !image.layout.parts};
}

/* Adds an image that the next stage reads. */
static picture add_whole(builder *b, int64_t side, int64_t channels)
{
    const sg_graph_image image = {
        .layout = {.height = side, .width = side, .channels = channels, .parts = true},
        .whole = true};
    return (picture){sg_graph_add_image(b->net->graph, &image), side, channels, channels,
                     !image.layout.parts};
}

static sg_graph_layer layer_of(builder *b, picture source, const layer_row *row, picture target,
                               int64_t channel)
{
    return (sg_graph_layer){.weights = add_weights(b, source, row, target),
                            .target = target.number,
                            .channel = channel};
}

static void convolve(builder *b, picture source, const layer_row *row, picture target,
                     int64_t channel)
{
    const sg_graph_layer layer = layer_of(b, source, row, target, channel);
    sg_graph_add_convolution(b->net->graph, source.number, &layer, 1);
}

static void max_pool(builder *b, picture source, int64_t stride, picture target, int64_t channel)
{
    const sg_tap_pool pool = {
        .side = 3, .stride = stride, .pad = stride == 1, .channels = source.channels};
    sg_graph_add_pool(b->net->graph, &pool, source.number, target.number, channel);
}

/* Copies an image of floats to channels of another. */
static void copy(builder *b, picture source, picture target, int64_t channel)
{
    const sg_tap_pool pool = {.side = 1, .stride = 1, .channels = source.channels};
    sg_graph_add_pool(b->net->graph, &pool, source.number, target.number, channel);
}

/* Averages what a layer left without bias and rectifier, and applies these. */
static void average_pool(builder *b, picture source, const sg_graph_layer *layer, picture target,
                         int64_t channel)
{
    const sg_tap_pool pool = {.side = 3,
                              .stride = 1,
                              .pad = 1,
                              .channels = source.channels,
                              .average = true,
                              .bias = layer->weights->bias,
                              .rectified = true};
    sg_graph_add_pool(b->net->graph, &pool, source.number, target.number, channel);
}

/* ---- blocks ---- */

static void name_block(builder *b, const char *name, const char *nvidia_name)
{
    b->block = name;
    b->nvidia_block = nvidia_name;
}

/* Mixed_5b to 5d: 1x1, 5x5, two 3x3, pool. */
static picture block_a(builder *b, picture x, int64_t pooled, bool whole)
{
    enum { OUT = 224 };
    const picture y =
        whole ? add_whole(b, x.side, OUT + pooled) : add_picture(b, x.side, OUT + pooled, 0, 0);
    const picture five = add_picture(b, x.side, 48, 2, 2);
    const picture three = add_floats(b, x.side, 64);
    const picture again = add_floats(b, x.side, 96);
    const picture last = add_floats(b, x.side, 96);
    const picture pool = add_floats(b, x.side, pooled);
    sg_graph_layer layers[] = {
        layer_of(b, x, &(layer_row){"branch1x1", "conv", 64, 1, 1, 1, 0, 0}, y, 0),
        layer_of(b, x, &(layer_row){"branch5x5_1", "tower.conv", 48, 1, 1, 1, 0, 0}, five, 0),
        layer_of(b, x, &(layer_row){"branch3x3dbl_1", "tower_1.conv", 64, 1, 1, 1, 0, 0}, three, 0),
        layer_of(b, x, &(layer_row){"branch_pool", "tower_2.conv", pooled, 1, 1, 1, 0, 0}, pool, 0),
    };
    layers[3].raw = true;
    sg_graph_add_convolution(b->net->graph, x.number, layers, 4);
    convolve(b, five, &(layer_row){"branch5x5_2", "tower.conv_1", 64, 5, 5, 1, 2, 2}, y, 64);
    convolve(b, three, &(layer_row){"branch3x3dbl_2", "tower_1.conv_1", 96, 3, 3, 1, 1, 1}, again,
             0);
    convolve(b, again, &(layer_row){"branch3x3dbl_3", "tower_1.conv_2", 96, 3, 3, 1, 1, 1}, last,
             0);
    copy(b, last, y, 128);
    average_pool(b, pool, &layers[3], y, OUT);
    return y;
}

/* Mixed_6a, to half the size: 3x3, two 3x3, pool. */
static picture block_b(builder *b, picture x)
{
    const picture y = add_whole(b, 17, 480 + x.channels);
    const picture three = add_picture(b, x.side, 64, 1, 1);
    const picture again = add_picture(b, x.side, 96, 0, 0);
    convolve(b, x, &(layer_row){"branch3x3", "conv", 384, 3, 3, 2, 0, 0}, y, 0);
    convolve(b, x, &(layer_row){"branch3x3dbl_1", "tower.conv", 64, 1, 1, 1, 0, 0}, three, 0);
    convolve(b, three, &(layer_row){"branch3x3dbl_2", "tower.conv_1", 96, 3, 3, 1, 1, 1}, again, 0);
    convolve(b, again, &(layer_row){"branch3x3dbl_3", "tower.conv_2", 96, 3, 3, 2, 0, 0}, y, 384);
    max_pool(b, x, 2, y, 480);
    return y;
}

/* Mixed_6b to 6e: 1x1, 7x7 in two steps, 7x7 twice in four, pool. */
static picture block_c(builder *b, picture x, int64_t c, bool whole)
{
    const picture y = whole ? add_whole(b, x.side, 768) : add_picture(b, x.side, 768, 0, 0);
    const picture wide = add_picture(b, x.side, c, 0, 3);
    const picture tall = add_picture(b, x.side, c, 3, 0);
    const picture first = add_picture(b, x.side, c, 3, 0);
    const picture second = add_picture(b, x.side, c, 0, 3);
    const picture third = add_picture(b, x.side, c, 3, 0);
    const picture fourth = add_picture(b, x.side, c, 0, 3);
    const picture pool = add_floats(b, x.side, 192);
    sg_graph_layer layers[] = {
        layer_of(b, x, &(layer_row){"branch1x1", "conv", 192, 1, 1, 1, 0, 0}, y, 0),
        layer_of(b, x, &(layer_row){"branch7x7_1", "tower.conv", c, 1, 1, 1, 0, 0}, wide, 0),
        layer_of(b, x, &(layer_row){"branch7x7dbl_1", "tower_1.conv", c, 1, 1, 1, 0, 0}, first, 0),
        layer_of(b, x, &(layer_row){"branch_pool", "tower_2.conv", 192, 1, 1, 1, 0, 0}, pool, 0),
    };
    layers[3].raw = true;
    sg_graph_add_convolution(b->net->graph, x.number, layers, 4);
    convolve(b, wide, &(layer_row){"branch7x7_2", "tower.conv_1", c, 1, 7, 1, 0, 3}, tall, 0);
    convolve(b, tall, &(layer_row){"branch7x7_3", "tower.conv_2", 192, 7, 1, 1, 3, 0}, y, 192);
    convolve(b, first, &(layer_row){"branch7x7dbl_2", "tower_1.conv_1", c, 7, 1, 1, 3, 0}, second,
             0);
    convolve(b, second, &(layer_row){"branch7x7dbl_3", "tower_1.conv_2", c, 1, 7, 1, 0, 3}, third,
             0);
    convolve(b, third, &(layer_row){"branch7x7dbl_4", "tower_1.conv_3", c, 7, 1, 1, 3, 0}, fourth,
             0);
    convolve(b, fourth, &(layer_row){"branch7x7dbl_5", "tower_1.conv_4", 192, 1, 7, 1, 0, 3}, y,
             384);
    average_pool(b, pool, &layers[3], y, 576);
    return y;
}

/* Mixed_7a, to half the size: 3x3, 7x7 and 3x3, pool. */
static picture block_d(builder *b, picture x)
{
    const picture y = add_picture(b, 8, 512 + x.channels, 0, 0);
    const picture three = add_picture(b, x.side, 192, 0, 0);
    const picture wide = add_picture(b, x.side, 192, 0, 3);
    const picture tall = add_picture(b, x.side, 192, 3, 0);
    const picture again = add_picture(b, x.side, 192, 0, 0);
    const sg_graph_layer layers[] = {
        layer_of(b, x, &(layer_row){"branch3x3_1", "tower.conv", 192, 1, 1, 1, 0, 0}, three, 0),
        layer_of(b, x, &(layer_row){"branch7x7x3_1", "tower_1.conv", 192, 1, 1, 1, 0, 0}, wide, 0),
    };
    sg_graph_add_convolution(b->net->graph, x.number, layers, 2);
    convolve(b, three, &(layer_row){"branch3x3_2", "tower.conv_1", 320, 3, 3, 2, 0, 0}, y, 0);
    convolve(b, wide, &(layer_row){"branch7x7x3_2", "tower_1.conv_1", 192, 1, 7, 1, 0, 3}, tall, 0);
    convolve(b, tall, &(layer_row){"branch7x7x3_3", "tower_1.conv_2", 192, 7, 1, 1, 3, 0}, again,
             0);
    convolve(b, again, &(layer_row){"branch7x7x3_4", "tower_1.conv_3", 192, 3, 3, 2, 0, 0}, y, 320);
    max_pool(b, x, 2, y, 512);
    return y;
}

/* The pool of Mixed_7b, an average after its layer, and of 7c, a maximum before it. */
static const layer_row last_pool = {"branch_pool", "tower_2_conv", 192, 1, 1, 1, 0, 0};

/* Mixed_7b and 7c: 1x1, 3x3 in two directions, 3x3 and that again, pool. */
static picture block_e(builder *b, picture x, bool largest)
{
    enum { POOLED = 1856 };
    const picture y = add_picture(b, x.side, FEATURES, 0, 0);
    const picture three = add_picture(b, x.side, 384, 1, 1);
    const picture again = add_picture(b, x.side, 448, 1, 1);
    const picture last = add_picture(b, x.side, 384, 1, 1);
    const picture pool = largest ? add_picture(b, x.side, x.channels, 0, 0)
                                 : add_floats(b, x.side, last_pool.channels);
    sg_graph_layer layers[SG_GRAPH_MOST_LAYERS] = {
        layer_of(b, x, &(layer_row){"branch1x1", "conv", 320, 1, 1, 1, 0, 0}, y, 0),
        layer_of(b, x, &(layer_row){"branch3x3_1", "tower_conv", 384, 1, 1, 1, 0, 0}, three, 0),
        layer_of(b, x, &(layer_row){"branch3x3dbl_1", "tower_1_conv", 448, 1, 1, 1, 0, 0}, again,
                 0),
    };
    if (!largest) {
        layers[3] = layer_of(b, x, &last_pool, pool, 0);
        layers[3].raw = true;
    }
    sg_graph_add_convolution(b->net->graph, x.number, layers, largest ? 3 : 4);
    convolve(b, three, &(layer_row){"branch3x3_2a", "tower_mixed_conv", 384, 1, 3, 1, 0, 1}, y,
             320);
    convolve(b, three, &(layer_row){"branch3x3_2b", "tower_mixed_conv_1", 384, 3, 1, 1, 1, 0}, y,
             704);
    convolve(b, again, &(layer_row){"branch3x3dbl_2", "tower_1_conv_1", 384, 3, 3, 1, 1, 1}, last,
             0);
    convolve(b, last, &(layer_row){"branch3x3dbl_3a", "tower_1_mixed_conv", 384, 1, 3, 1, 0, 1}, y,
             1088);
    convolve(b, last, &(layer_row){"branch3x3dbl_3b", "tower_1_mixed_conv_1", 384, 3, 1, 1, 1, 0},
             y, 1472);
    if (largest) {
        max_pool(b, x, 1, pool, 0);
        convolve(b, pool, &last_pool, y, POOLED);
    } else {
        average_pool(b, pool, &layers[3], y, POOLED);
    }
    return y;
}

/* ---- stages ---- */

/* From the input to 35x35 pixels. */
static picture build_stem(builder *b)
{
    enum { FOUR = 96 /* channels, of which 80 count: products take multiples of 32 */ };
    name_block(b, "", "");
    const picture x = add_picture(b, SIDE, 3, 0, 0);
    const picture one = add_floats(b, 149, 32);
    const picture two = add_floats(b, 147, 32);
    const picture three = add_floats(b, 147, 64);
    const picture pooled = add_picture(b, 73, 64, 0, 0);
    picture four = add_floats(b, 73, FOUR);
    const picture five = add_floats(b, 71, 192);
    const picture last = add_whole(b, 35, 192);
    four.used = 80;
    convolve(b, x, &(layer_row){"Conv2d_1a_3x3", "conv", 32, 3, 3, 2, 0, 0}, one, 0);
    convolve(b, one, &(layer_row){"Conv2d_2a_3x3", "conv_1", 32, 3, 3, 1, 0, 0}, two, 0);
    convolve(b, two, &(layer_row){"Conv2d_2b_3x3", "conv_2", 64, 3, 3, 1, 1, 1}, three, 0);
    max_pool(b, three, 2, pooled, 0);
    sg_graph_tap(b->net->graph, pooled.number, SG_INCEPTION_POOL1);
    convolve(b, pooled, &(layer_row){"Conv2d_3b_1x1", "conv_3", 80, 1, 1, 1, 0, 0}, four, 0);
    convolve(b, four, &(layer_row){"Conv2d_4a_3x3", "conv_4", 192, 3, 3, 1, 0, 0}, five, 0);
    max_pool(b, five, 2, last, 0);
    sg_graph_tap(b->net->graph, last.number, SG_INCEPTION_POOL2);
    return last;
}

static void build(builder *b)
{
    sg_feature_graph *graph = b->net->graph;
    sg_graph_stage(graph, 2);
    picture x = build_stem(b);
    sg_graph_stage(graph, 4);
    name_block(b, "Mixed_5b", "mixed");
    x = block_a(b, x, 32, false);
    name_block(b, "Mixed_5c", "mixed_1");
    x = block_a(b, x, 64, false);
    name_block(b, "Mixed_5d", "mixed_2");
    x = block_a(b, x, 64, false);
    name_block(b, "Mixed_6a", "mixed_3");
    x = block_b(b, x);
    sg_graph_stage(graph, 8);
    name_block(b, "Mixed_6b", "mixed_4");
    x = block_c(b, x, 128, false);
    name_block(b, "Mixed_6c", "mixed_5");
    x = block_c(b, x, 160, false);
    name_block(b, "Mixed_6d", "mixed_6");
    x = block_c(b, x, 160, false);
    name_block(b, "Mixed_6e", "mixed_7");
    x = block_c(b, x, 192, true);
    sg_graph_tap(graph, x.number, SG_INCEPTION_PRE_AUX);
    sg_graph_stage(graph, BATCH);
    name_block(b, "Mixed_7a", "mixed_8");
    x = block_d(b, x);
    name_block(b, "Mixed_7b", "mixed_9");
    x = block_e(b, x, false);
    name_block(b, "Mixed_7c", "mixed_10");
    x = block_e(b, x, true);
    sg_graph_tap(graph, x.number, SG_INCEPTION_LAST);
}

/* ---- opening ---- */

static const char *const output_names[2][2] = {{"fc.weight", "fc.bias"},
                                               {"output.weight", "output.bias"}};

/* Reads the output layer, which a file may lack. */
static sg_status read_output(builder *b)
{
    inception *net = b->net;
    const char *const *names = output_names[b->nvidia];
    net->classes = sg_feature_tensors_size(b->tensors, names[0], 0);
    if (net->classes == 0)
        return SG_OK;
    const int64_t shape[] = {net->classes, FEATURES};
    if (net->classes > MOST_CLASSES)
        return sg_fail(b->error, SG_ERROR_FORMAT, "%s: has %lld classes, but at most %d are read",
                       sg_feature_tensors_path(b->tensors), (long long)net->classes, MOST_CLASSES);
    net->output = sg_allocate((size_t)net->classes, FEATURES * sizeof *net->output);
    net->output_bias = sg_allocate((size_t)net->classes, sizeof *net->output_bias);
    if (!net->output || !net->output_bias)
        return sg_fail_memory(b->error, "%s", sg_feature_tensors_path(b->tensors));
    SG_TRY(sg_feature_tensors_read(b->tensors, names[0], 2, shape, net->output, b->error));
    return sg_feature_tensors_read(b->tensors, names[1], 1, shape, net->output_bias, b->error);
}

static bool recognises(const sg_feature_tensors *tensors)
{
    return sg_feature_tensors_find(tensors, "Mixed_7c.branch3x3dbl_3b.conv.weight") ||
           sg_feature_tensors_find(tensors, "layers.mixed_10.tower_1_mixed_conv_1.weight");
}

/* Refuses torchvision's own network, which has the names of FID's. */
static sg_status check_variant(const builder *b)
{
    enum { IMAGENET_CLASSES = 1000 };
    const char *path = sg_feature_tensors_path(b->tensors);
    if (sg_feature_tensors_size(b->tensors, "fc.weight", 0) != IMAGENET_CLASSES &&
        !sg_feature_tensors_find(b->tensors, "AuxLogits.fc.weight"))
        return SG_OK;
    return sg_fail(
        b->error, SG_ERROR_FORMAT,
        "%s: is torchvision's Inception-v3, whose features are others than those of FID; "
        "FID takes pt_inception-2015-12-05-6726825d.pth or inception-2015-12-05.pkl",
        path);
}

static sg_status open_inception(const sg_feature_tensors *const *files, sg_feature_state *state,
                                sg_error *error)
{
    inception *net = sg_allocate(1, sizeof *net);
    state->own = net;
    builder b = {.net = net,
                 .tensors = files[0],
                 .nvidia = sg_feature_tensors_find(files[0], "layers.conv.weight"),
                 .error = error};
    if (net)
        net->graph = sg_feature_graph_create(BATCH);
    if (!net || !net->graph)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(files[0]));
    SG_TRY(check_variant(&b));
    build(&b);
    SG_TRY(b.status);
    SG_TRY(read_output(&b));
    state->features = FEATURES;
    state->classes = (size_t)net->classes;
    return sg_feature_graph_finish(net->graph, error);
}

static void close_inception(sg_feature_state *state)
{
    inception *net = state->own;
    if (!net)
        return;
    sg_feature_graph_destroy(net->graph);
    for (int i = 0; i < net->layer_count; i++)
        sg_graph_weights_free(&net->layers[i]);
    free(net->output);
    free(net->output_bias);
    free(net);
}

/* ---- computing ---- */

/* Pictures on their way through the network. */
typedef struct inception_run {
    const sg_feature_pictures *pictures;
    int64_t start; /* of the batch */
    sg_feature_resize resize;
    const sg_feature_results *results;
    float *features; /* of the batch */
} inception_run;

static sg_status load(void *user, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error)
{
    static const sg_feature_norm tensorflow = {{128, 128, 128}, {128, 128, 128}};
    static const sg_feature_norm pytorch = {{127.5F, 127.5F, 127.5F}, {127.5F, 127.5F, 127.5F}};
    const inception_run *run = user;
    SG_TRY(sg_feature_input_load(
        run->pictures, run->start + first, count, run->resize,
        run->resize == SG_FEATURE_RESIZE_HALFPIXEL ? &pytorch : &tensorflow, image, error));
    sg_feature_show(run->results, SG_INCEPTION_INPUT, image, run->start + first, count);
    return SG_OK;
}

static sg_status take(void *user, int tap, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error)
{
    const inception_run *run = user;
    (void)error;
    if (tap == SG_INCEPTION_LAST)
        sg_tap_means(image, count, FEATURES, run->features + first * FEATURES);
    sg_feature_show(run->results, tap, image, run->start + first, count);
    return SG_OK;
}

static sg_status compute_logits(const inception *net, const inception_run *run, int64_t count,
                                sg_error *error)
{
    const sg_matmul_shape shape = {
        .rows = count, .columns = net->classes, .inner = FEATURES, .transpose_b = true, .alpha = 1};
    float *logits = run->results->logits + run->start * net->classes;
    const sg_status status = sg_matmul_f32(&shape, run->features, net->output, logits);
    if (status)
        return sg_fail(error, status, "an output layer could not be computed");
    for (int64_t i = 0; i < count * net->classes && !run->results->no_bias; i++)
        logits[i] += net->output_bias[i % net->classes];
    return SG_OK;
}

static sg_status compute_batch(const inception *net, inception_run *run, int64_t count,
                               sg_error *error)
{
    const sg_graph_run steps = {.user = run, .load = load, .tap = take};
    SG_TRY(sg_feature_graph_run(net->graph, &steps, count, error));
    if (run->results->features)
        memcpy(run->results->features + run->start * FEATURES, run->features,
               (size_t)count * FEATURES * sizeof *run->features);
    if (run->results->logits)
        SG_TRY(compute_logits(net, run, count, error));
    return SG_OK;
}

static sg_status compute(const sg_feature_state *state, const sg_feature_pictures *pictures,
                         sg_feature_resize resize, const sg_feature_results *results,
                         sg_error *error)
{
    const inception *net = state->own;
    float features[BATCH * FEATURES];
    inception_run run = {
        .pictures = pictures, .resize = resize, .results = results, .features = features};
    for (; run.start < (int64_t)pictures->count; run.start += BATCH) {
        const int64_t left = (int64_t)pictures->count - run.start;
        SG_TRY(compute_batch(net, &run, left < BATCH ? left : BATCH, error));
    }
    return SG_OK;
}

const sg_feature_kind sg_inception_kind = {
    .name = "inception",
    .title = "Inception-v3 of FID",
    .parts = {{.noun = "the Inception-v3 of FID",
               .names = {"inception-2015-12-05.pkl", "inception-2015-12-05.pt",
                         "pt_inception-2015-12-05-6726825d.pth"},
               .recognises = recognises}},
    .part_count = 1,
    .open = open_inception,
    .close = close_inception,
    .compute = compute,
};
