/*
 * The layers between features and colours. Pictures of other channels follow by a matrix: grey is
 * Rec. 601's luma of colours, colours are three times a grey, and a new alpha is opaque. The
 * generator's torgb is multiplied by the matrix, the discriminator's fromrgb by the one of the
 * other direction, so that it sees what it is used to.
 *
 * Tested by: tests/train/transfer/test_transfer.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "models/family.h"
#include "train/transfer/adaptation.h"

/* ---- channels ---- */

enum { GREY = 1, GREY_ALPHA = 2, RGB = 3, RGB_ALPHA = 4 };

static int colours_of(int channels)
{
    return channels <= GREY_ALPHA ? 1 : 3;
}

static bool has_alpha(int channels)
{
    return channels == GREY_ALPHA || channels == RGB_ALPHA;
}

/* Returns the share of channel `from` of `from_channels` in channel `to` of `to_channels`. */
static double channel_share(int from_channels, int from, int to_channels, int to)
{
    static const double luma[] = {0.299, 0.587, 0.114};
    const int from_colours = colours_of(from_channels);
    const int to_colours = colours_of(to_channels);
    if (to < to_colours && from < from_colours)
        return from_colours == to_colours ? from == to : from_colours == 1 ? 1 : luma[from];
    if (to < to_colours || from < from_colours)
        return 0;
    if (has_alpha(from_channels) || has_alpha(to_channels))
        return has_alpha(from_channels) && has_alpha(to_channels);
    return from == to;
}

/* Returns what channel `to` has besides its shares: 1 of an alpha that the other lacks. */
static double channel_offset(int from_channels, int to_channels, int to)
{
    return has_alpha(to_channels) && !has_alpha(from_channels) && to == to_channels - 1;
}

/* ---- the generator ---- */

/* Tells whether the tensor's name ends with NAME.weight (1) or NAME.bias (2); 0: neither. */
static int weight_or_bias(const char *name, const char *layer)
{
    char whole[2 * SG_PARAMETER_NAME_BYTES];
    snprintf(whole, sizeof whole, "%s.weight", layer);
    if (sg_has_suffix(name, whole))
        return 1;
    snprintf(whole, sizeof whole, "%s.bias", layer);
    return sg_has_suffix(name, whole) ? 2 : 0;
}

/* Tells whether a tensor is of a layer that makes colours, as weight_or_bias does. */
static int find_to_rgb(const sg_transfer_source *source, const char *name)
{
    char last[64];
    const sg_generator_config *c = &source->g_here;
    snprintf(last, sizeof last, "synthesis.L%d_%d_%d", c->stylegan3.num_layers, c->img_resolution,
             c->img_channels);
    const int kind = weight_or_bias(name, last); /* of StyleGAN3 */
    return kind ? kind : weight_or_bias(name, ".torgb");
}

/* Returns the bias of a layer's new opaque alpha, so that the picture's alpha is 1. */
static double opaque_bias(const sg_transfer_source *source, int resolution)
{
    const sg_generator_config *c = &source->g_here;
    if (resolution == 0) /* StyleGAN3's layer is of no block */
        return 1 / c->stylegan3.output_scale;
    /* The pictures of StyleGAN2's blocks add up; growing networks take one block's picture. */
    return sg_family_of(c->family)->grows || resolution == c->img_resolution;
}

static sg_status adapt_to_rgb(const sg_transfer_source *source, sg_parameter *target, int kind,
                              sg_transfer_result *result, sg_error *error)
{
    const char *rest;
    float *theirs;
    size_t rows;
    const sg_shape *shape = &target->tensor->shape;
    const int resolution = sg_transfer_block(target->name, &rest);
    const size_t columns = kind == 1 ? (size_t)shape->size[1] : 1;
    if (resolution > source->resolution_file && !sg_family_of(source->g_here.family)->grows &&
        source->g_here.architecture == SG_ARCHITECTURE_SKIP) {
        float *values = sg_transfer_write(target);
        memset(values, 0, (size_t)sg_tensor_count(target->tensor) * sizeof *values);
        for (int to = 0; kind == 2 && to < source->channels_here; to++)
            values[to] = (float)(channel_offset(source->channels_file, source->channels_here, to) *
                                 opaque_bias(source, resolution));
        *result = (sg_transfer_result){SG_TRANSFER_NEW,
                                       "zero at first, so that pictures are those of the smaller "
                                       "network, enlarged"};
        return SG_OK;
    }
    if (source->channels_file == source->channels_here)
        return SG_OK;
    SG_TRY(sg_transfer_read(source, target->name, columns, &theirs, &rows, error));
    if (theirs && (int)rows == source->channels_file) {
        float *values = sg_transfer_write(target);
        for (int to = 0; to < source->channels_here; to++)
            for (size_t k = 0; k < columns; k++) {
                double sum = kind == 2 ? channel_offset((int)rows, source->channels_here, to) *
                                             opaque_bias(source, resolution)
                                       : 0;
                for (int from = 0; from < (int)rows; from++)
                    sum += channel_share((int)rows, from, source->channels_here, to) *
                           (double)theirs[(size_t)from * columns + k];
                values[(size_t)to * columns + k] = (float)sum;
            }
        *result = (sg_transfer_result){SG_TRANSFER_ADAPTED, "its colours are made of the file's"};
    }
    free(theirs);
    return SG_OK;
}

/* ---- the discriminator ---- */

/* A layer from colours to features: weights [rows, channels] and biases [rows], on the heap. */
typedef struct from_rgb {
    float *weight, *bias;
    size_t rows;
} from_rgb;

static void free_layer(from_rgb *layer)
{
    free(layer->weight);
    free(layer->bias);
    *layer = (from_rgb){0};
}

static sg_status read_layer(const sg_transfer_source *source, int resolution, from_rgb *layer,
                            sg_error *error)
{
    char name[SG_PARAMETER_NAME_BYTES];
    size_t biases;
    snprintf(name, sizeof name, "b%d.fromrgb.weight", resolution);
    SG_TRY(sg_transfer_read(source, name, (size_t)source->channels_file, &layer->weight,
                            &layer->rows, error));
    snprintf(name, sizeof name, "b%d.fromrgb.bias", resolution);
    SG_TRY(sg_transfer_read(source, name, 1, &layer->bias, &biases, error));
    if (!layer->weight || !layer->bias || biases != layer->rows)
        free_layer(layer);
    return SG_OK;
}

/*
 * Leads the layer through the shortcut of the dropped block at `resolution`, as if activations were
 * linear: x -> S x / sqrt(in) / sqrt(2), whose second root cancels the activation's gain.
 */
static sg_status fold_block(const sg_transfer_source *source, int resolution, from_rgb *layer,
                            sg_error *error)
{
    char name[SG_PARAMETER_NAME_BYTES];
    from_rgb folded = {0};
    float *shortcut;
    const size_t in = layer->rows;
    const size_t channels = (size_t)source->channels_file;
    snprintf(name, sizeof name, "b%d.skip.weight", resolution);
    SG_TRY(sg_transfer_read(source, name, in, &shortcut, &folded.rows, error));
    folded.weight = shortcut ? sg_allocate(folded.rows, channels * sizeof(float)) : NULL;
    folded.bias = shortcut ? sg_allocate(folded.rows, sizeof(float)) : NULL;
    if (shortcut && (!folded.weight || !folded.bias)) {
        free(shortcut);
        free_layer(&folded);
        return sg_fail_memory(error, "weights");
    }
    for (size_t i = 0; shortcut && i < folded.rows; i++)
        for (size_t k = 0; k < in; k++) {
            const float share = shortcut[i * in + k] / sqrtf(2 * (float)in);
            folded.bias[i] += share * layer->bias[k];
            for (size_t c = 0; c < channels; c++)
                folded.weight[i * channels + c] += share * layer->weight[k * channels + c];
        }
    free(shortcut);
    free_layer(layer);
    *layer = folded;
    return SG_OK;
}

/* Reads the layer that serves the block at `resolution`: its own, or that of the file's largest
 * block, which a residual network alone has. */
static sg_status find_layer(const sg_transfer_source *source, int resolution, from_rgb *layer,
                            sg_error *error)
{
    SG_TRY(read_layer(source, resolution, layer, error));
    if (layer->weight || source->d_here.architecture != SG_ARCHITECTURE_RESNET ||
        source->d_file.architecture != SG_ARCHITECTURE_RESNET ||
        sg_family_of(source->d_here.family)->grows)
        return SG_OK;
    SG_TRY(read_layer(source, source->resolution_file, layer, error));
    for (int r = source->resolution_file; layer->weight && r > resolution; r /= 2)
        SG_TRY(fold_block(source, r, layer, error));
    return SG_OK;
}

/* Fills fromrgb's weight (kind 1) or bias (2) from the layer, whose colours follow from ours. */
static void fill_from_rgb(const sg_transfer_source *source, const from_rgb *layer, int kind,
                          sg_parameter *target)
{
    const int here = source->channels_here;
    const int file = source->channels_file;
    const bool grows = sg_family_of(source->d_here.family)->grows;
    /* Weights are divided by the root of the channels, and growing networks have the gain there. */
    const double rescale = sqrt((double)here / file);
    const double gain =
        (grows ? sg_activation_default_gain(source->d_here.activation) : 1) / sqrt(file);
    float *values = sg_transfer_write(target);
    for (int64_t row = 0; row < target->tensor->shape.size[0]; row++) {
        const float *weight = layer->weight + row * file;
        const bool there = (size_t)row < layer->rows;
        double bias = there ? (double)layer->bias[row] : 0;
        for (int to = 0; there && to < file; to++)
            bias += gain * (double)weight[to] * channel_offset(here, file, to);
        if (kind == 2)
            values[row] = (float)bias;
        for (int from = 0; kind == 1 && from < here; from++) {
            double sum = 0;
            for (int to = 0; there && to < file; to++)
                sum += (double)weight[to] * channel_share(here, from, file, to);
            values[row * here + from] = (float)(rescale * sum);
        }
    }
}

static sg_status adapt_from_rgb(const sg_transfer_source *source, sg_parameter *target, int kind,
                                sg_transfer_result *result, sg_error *error)
{
    const char *rest;
    from_rgb layer = {0};
    const int resolution = sg_transfer_block(target->name, &rest);
    const sg_network_tensor *own = sg_transfer_find(source, target->name);
    if (resolution == 0 || (own && source->channels_file == source->channels_here))
        return SG_OK;
    const sg_status status = find_layer(source, resolution, &layer, error);
    const size_t rows = (size_t)target->tensor->shape.size[0];
    /* A block above the file's may have fewer channels, and takes the first ones. */
    if (!status && layer.weight &&
        (layer.rows == rows || (resolution > source->resolution_file && layer.rows > rows))) {
        fill_from_rgb(source, &layer, kind, target);
        *result = (sg_transfer_result){
            SG_TRANSFER_ADAPTED,
            own ? "it takes colours as the file's layer does"
                : "made of the layer that takes the colours in the file's largest block"};
    }
    free_layer(&layer);
    return status;
}

sg_status sg_adapt_colours(const sg_transfer_source *source, sg_parameter *target,
                           sg_transfer_result *result, sg_error *error)
{
    const int kind = source->of_generator ? find_to_rgb(source, target->name)
                                          : weight_or_bias(target->name, ".fromrgb");
    if (!source->known || kind == 0)
        return SG_OK;
    return source->of_generator ? adapt_to_rgb(source, target, kind, result, error)
                                : adapt_from_rgb(source, target, kind, result, error);
}
