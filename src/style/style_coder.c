/*
 * The published encoder and decoder; see style_coder.h. Tested by: tests/style/test_style_coder.c
 *
 * Layers are numbered as the modules of the published programs, of which only convolutions have
 * tensors ("0.weight"): mirrored edges, rectifiers, pools and enlargements count as well. Pictures
 * are RGB from 0 to 1.
 */
#include "style/style_coder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "features/feature_tensors.h"
#include "nn/parameter.h"
#include "ops/arithmetic.h"
#include "ops/augment/reflect.h"
#include "ops/convolution/convolution.h"
#include "ops/layout.h"
#include "ops/max_pool.h"
#include "ops/picture_scale.h"
#include "style/style_statistics.h"

enum { MOST_LAYERS = 10, COLOURS = 3, NAME_BYTES = 32, MOST_CHANNELS = 4096 };

/* What follows a convolution. */
typedef enum step_after { AFTER_NOTHING, AFTER_RELU, AFTER_POOL, AFTER_ENLARGE } step_after;

/* A convolution: its module, the side of its kernel, and what follows its result. */
typedef struct layer_row {
    int module;
    int side;
    step_after after; /* a pool and an enlargement follow a rectifier */
} layer_row;

static const layer_row encoder_rows[] = {
    {0, 1, AFTER_NOTHING}, {2, 3, AFTER_RELU},  {5, 3, AFTER_POOL},  {9, 3, AFTER_RELU},
    {12, 3, AFTER_POOL},   {16, 3, AFTER_RELU}, {19, 3, AFTER_RELU}, {22, 3, AFTER_RELU},
    {25, 3, AFTER_POOL},   {29, 3, AFTER_RELU},
};
static const layer_row decoder_rows[] = {
    {1, 3, AFTER_ENLARGE},  {5, 3, AFTER_RELU},     {8, 3, AFTER_RELU},
    {11, 3, AFTER_RELU},    {14, 3, AFTER_ENLARGE}, {18, 3, AFTER_RELU},
    {21, 3, AFTER_ENLARGE}, {25, 3, AFTER_RELU},    {28, 3, AFTER_NOTHING},
};

/* A chain of layers with its weights. */
typedef struct chain {
    const layer_row *rows;
    int count;
    sg_parameter_set parameters;
    sg_tensor *weights[MOST_LAYERS], *biases[MOST_LAYERS];
} chain;

struct sg_style_coder {
    sg_context *context;
    chain encoder, decoder;
};

/* ---- reading ---- */

/* Reads a convolution of `in` channels; *out gets the channels of its result. */
static sg_status read_layer(chain *of, int index, const sg_feature_tensors *tensors, int64_t in,
                            int64_t *out, sg_error *error)
{
    char prefix[NAME_BYTES];
    char weight[NAME_BYTES + 8];
    char bias[NAME_BYTES + 8];
    const int side = of->rows[index].side;
    snprintf(prefix, sizeof prefix, "%d", of->rows[index].module);
    snprintf(weight, sizeof weight, "%s.weight", prefix);
    snprintf(bias, sizeof bias, "%s.bias", prefix);
    *out = sg_feature_tensors_size(tensors, weight, 0);
    if (*out < 1 || *out > MOST_CHANNELS)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: has no tensor \"%s\" of a convolution, which the published networks "
                       "of AdaIN (vgg_normalised.pth, decoder.pth) have",
                       sg_feature_tensors_path(tensors), weight);
    const int64_t size[] = {*out, in, side, side};
    of->weights[index] = sg_parameter_add(&of->parameters, prefix, "weight",
                                          SG_SHAPE(*out, in, side, side), false, SG_ZEROS);
    of->biases[index] =
        sg_parameter_add(&of->parameters, prefix, "bias", SG_SHAPE(*out), false, SG_ZEROS);
    SG_TRY(sg_context_take_error(of->parameters.context, error));
    SG_TRY(sg_feature_tensors_read(tensors, weight, 4, size, sg_f32(of->weights[index]), error));
    return sg_feature_tensors_read(tensors, bias, 1, size, sg_f32(of->biases[index]), error);
}

/* Reads all layers; *channels goes in with those of the input, and comes out with the result's. */
static sg_status read_layers(chain *of, const char *path, int64_t *channels, sg_error *error)
{
    sg_feature_tensors *tensors = NULL;
    SG_TRY(sg_feature_tensors_open(path, &tensors, error));
    sg_status status = SG_OK;
    for (int i = 0; i < of->count && !status; i++) {
        int64_t out = 0;
        status = read_layer(of, i, tensors, *channels, &out, error);
        *channels = out;
    }
    sg_feature_tensors_close(tensors);
    return status;
}

static sg_status read_chains(sg_style_coder *coder, const char *encoder, const char *decoder,
                             sg_error *error)
{
    int64_t channels = COLOURS;
    SG_TRY(read_layers(&coder->encoder, encoder, &channels, error));
    SG_TRY(read_layers(&coder->decoder, decoder, &channels, error));
    if (channels == COLOURS)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT, "%s: makes pictures of %lld channels, but must make 3",
                   decoder, (long long)channels);
}

sg_status sg_style_coder_open(sg_context *context, const char *encoder, const char *decoder,
                              sg_style_coder **coder, sg_error *error)
{
    sg_style_coder *opened = sg_allocate(1, sizeof *opened);
    *coder = NULL;
    if (!opened)
        return sg_fail_memory(error, "%s", decoder);
    opened->context = context;
    opened->encoder =
        (chain){.rows = encoder_rows, .count = (int)(sizeof encoder_rows / sizeof *encoder_rows)};
    opened->decoder =
        (chain){.rows = decoder_rows, .count = (int)(sizeof decoder_rows / sizeof *decoder_rows)};
    sg_parameter_set_init(&opened->encoder.parameters, context, SG_F32, 0);
    sg_parameter_set_init(&opened->decoder.parameters, context, SG_F32, 0);
    const sg_status status = read_chains(opened, encoder, decoder, error);
    if (status)
        sg_style_coder_close(opened);
    else
        *coder = opened;
    return status;
}

void sg_style_coder_close(sg_style_coder *coder)
{
    if (!coder)
        return;
    sg_parameter_set_clear(&coder->encoder.parameters);
    sg_parameter_set_clear(&coder->decoder.parameters);
    free(coder);
}

/* ---- passes ---- */

/* Halves a picture by maxima; an odd last row or column counts as twice there. */
static sg_tensor *pool(sg_tensor *x)
{
    for (int axis = 1; axis <= 2 && x; axis++) {
        const int64_t last = x->shape.size[axis] - 1;
        if (last % 2 == 0)
            x = sg_concatenate(x, sg_slice(x, axis, last, 1), axis);
    }
    return sg_max_pool(x);
}

static sg_tensor *run(const chain *of, sg_tensor *x)
{
    if (!x)
        return NULL;
    sg_context *context = x->context;
    for (int i = 0; i < of->count; i++) {
        const layer_row *row = &of->rows[i];
        const size_t scope = sg_scope_open(context);
        if (row->side > 1)
            x = sg_reflect(sg_reflect(x, 1, 1, 1), 2, 1, 1);
        x = sg_convolution(x, of->weights[i], sg_convolution_defaults());
        x = sg_bias_act_in_place(
            x, NULL, NULL, of->biases[i],
            sg_bias_act_without_gain(row->after == AFTER_NOTHING ? SG_LINEAR : SG_RELU));
        if (row->after == AFTER_POOL)
            x = pool(x);
        else if (row->after == AFTER_ENLARGE)
            x = sg_enlarge_nearest(x, 2);
        x = sg_scope_close(context, scope, x);
    }
    return x;
}

static sg_tensor *encode(const sg_style_coder *coder, const sg_image *image)
{
    sg_tensor *x = sg_tensor_create(
        coder->context, SG_F32,
        SG_SHAPE(1, (int64_t)image->height, (int64_t)image->width, (int64_t)image->channels));
    for (int64_t i = 0; x && i < sg_tensor_count(x); i++)
        sg_f32(x)[i] = (float)image->pixels[i] / 255.0F;
    return run(&coder->encoder, x);
}

/* Returns the adapted features of the content. */
static sg_tensor *adapt(const sg_style_coder *coder, sg_tensor *features,
                        const sg_image *const *styles, const double *weights, size_t count,
                        double alpha)
{
    sg_tensor *sum = NULL;
    for (size_t i = 0; i < count; i++) {
        const sg_style_statistics style = sg_style_statistics_of(encode(coder, styles[i]));
        sg_tensor *term = sg_affine(sg_style_adain(features, &style), weights[i], 0);
        sum = sum ? sg_add(sum, term) : term;
    }
    return sg_style_blend(features, sum, alpha);
}

/* Makes a picture of values from 0 to 1, cut to a size. */
static sg_status to_image(const sg_tensor *x, size_t width, size_t height, sg_image **image,
                          sg_error *error)
{
    const size_t row = (size_t)x->shape.size[2] * COLOURS;
    SG_TRY(sg_image_create(width, height, COLOURS, image, error));
    for (size_t y = 0; y < height; y++)
        for (size_t i = 0; i < width * COLOURS; i++)
            (*image)->pixels[y * width * COLOURS + i] =
                (uint8_t)lrintf(fminf(fmaxf(sg_f32(x)[y * row + i], 0), 1) * 255);
    return SG_OK;
}

sg_status sg_style_coder_paint(sg_style_coder *coder, const sg_image *content,
                               const sg_image *const *styles, const double *weights, size_t count,
                               double alpha, sg_image **image, sg_error *error)
{
    sg_context *context = coder->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *features = encode(coder, content);
    const sg_tensor *x =
        run(&coder->decoder, adapt(coder, features, styles, weights, count, alpha));
    *image = NULL;
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = to_image(x, content->width, content->height, image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}
