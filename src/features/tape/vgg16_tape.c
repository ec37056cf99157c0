/*
 * VGG16's convolutions as plain operations.
 *
 * Tested by: tests/features/tape/test_lpips_tape.c
 */
#include "features/tape/vgg16_tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "features/feature_files.h"
#include "ops/arithmetic.h"
#include "ops/convolution/convolution.h"
#include "ops/max_pool.h"

enum { LARGEST_WEIGHTS = 512 * 512 * 9, MOST_CHANNELS = 512 };

/* ImageNet's means and deviations, of values of 0 to 1. */
static const double means[3] = {0.485, 0.456, 0.406};
static const double deviations[3] = {0.229, 0.224, 0.225};

static sg_tensor *add(sg_parameter_set *set, const char *prefix, const char *name, sg_shape shape)
{
    return sg_parameter_add(set, prefix, name, shape, false, SG_ZEROS);
}

static void add_tensors(sg_vgg16_tape *net)
{
    sg_parameter_set *set = &net->parameters;
    for (int i = 0; i < SG_VGG16_LAYERS; i++) {
        char prefix[SG_VGG16_NAME_BYTES];
        const int64_t out = sg_vgg16_out_channels(i);
        snprintf(prefix, sizeof prefix, "conv%d", i + 1);
        net->weights[i] = add(set, prefix, "weight", SG_SHAPE(out, sg_vgg16_in_channels(i), 3, 3));
        net->biases[i] = add(set, prefix, "bias", SG_SHAPE(out));
    }
    net->scale = add(set, "", "scale", SG_SHAPE(3));
    net->shift = add(set, "", "shift", SG_SHAPE(3));
}

static void fill(sg_tensor *tensor, const float *values)
{
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, (double)values[i]);
}

static sg_status read_layers(sg_vgg16_tape *net, const sg_feature_tensors *tensors, float *weights,
                             sg_error *error)
{
    float bias[MOST_CHANNELS];
    for (int i = 0; i < SG_VGG16_LAYERS; i++) {
        SG_TRY(sg_vgg16_read_layer(tensors, i, weights, bias, error));
        fill(net->weights[i], weights);
        fill(net->biases[i], bias);
    }
    for (int c = 0; c < 3; c++) {
        sg_tensor_set_value(net->scale, c, 1 / (255 * deviations[c]));
        sg_tensor_set_value(net->shift, c, -means[c] / deviations[c]);
    }
    return SG_OK;
}

sg_status sg_vgg16_tape_read(sg_vgg16_tape *net, sg_context *context, sg_dtype dtype,
                             const sg_feature_tensors *tensors, sg_error *error)
{
    sg_parameter_set_init(&net->parameters, context, dtype, 0);
    float *weights = sg_allocate(LARGEST_WEIGHTS, sizeof *weights);
    if (!weights)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
    add_tensors(net);
    sg_status status = sg_context_take_error(context, error);
    if (!status && !sg_is_hollow(context))
        status = read_layers(net, tensors, weights, error);
    free(weights);
    return status;
}

/* Reads the file that holds the convolutions; where there is none and the caller takes random
 * weights, fills those. */
static sg_status read_found(sg_vgg16_tape *net, sg_context *context, sg_dtype dtype,
                            const sg_feature_files *files, const sg_feature_kind *kind,
                            bool *random, sg_error *error)
{
    if (random)
        *random = files->count == 0;
    if (!random || files->count > 0) {
        SG_TRY(sg_feature_files_check(kind, files, error));
        return sg_vgg16_tape_read(net, context, dtype, files->parts[0], error);
    }
    sg_feature_tensors *tensors = sg_feature_tensors_random();
    if (!tensors)
        return sg_fail_memory(error, "%s", kind->parts[0].noun);
    const sg_status status = sg_vgg16_tape_read(net, context, dtype, tensors, error);
    sg_feature_tensors_close(tensors);
    return status;
}

sg_status sg_vgg16_tape_find(sg_vgg16_tape *net, sg_context *context, sg_dtype dtype,
                             const char *const *files, size_t count, bool *random, sg_error *error)
{
    sg_feature_kind convolutions = sg_lpips_kind;
    sg_feature_files found = {0};
    convolutions.part_count = 1; /* without LPIPS's heads */
    *net = (sg_vgg16_tape){.scale = NULL};
    sg_status status = sg_feature_files_find(&convolutions, files, count, &found, error);
    if (!status)
        status = read_found(net, context, dtype, &found, &convolutions, random, error);
    sg_feature_files_clear(&found);
    return status;
}

void sg_vgg16_tape_clear(sg_vgg16_tape *net)
{
    if (net->parameters.context)
        sg_parameter_set_clear(&net->parameters);
}

/* Returns a layer's rectified result. */
static sg_tensor *convolve(const sg_vgg16_tape *net, int layer, sg_tensor *x)
{
    sg_convolution_options options = sg_convolution_defaults();
    options.pad_top = options.pad_left = options.pad_bottom = options.pad_right = 1;
    return sg_bias_act_in_place(sg_convolution(x, net->weights[layer], options), NULL, NULL,
                                net->biases[layer], sg_bias_act_without_gain(SG_RELU));
}

/* Runs the layers up to number `last`; shows each result to the lists that are not NULL. */
static void run_layers(const sg_vgg16_tape *net, sg_tensor *pictures, int last, sg_tensor **starts,
                       sg_tensor **ends)
{
    sg_tensor *x = sg_add(sg_multiply(pictures, net->scale), net->shift);
    for (int i = 0; i <= last; i++) {
        const int block = sg_vgg16_block_of(i);
        const bool first = i == 0 || block > sg_vgg16_block_of(i - 1);
        if (i > 0 && first)
            x = sg_max_pool(x);
        x = convolve(net, i, x);
        if (starts && first)
            starts[block] = x;
        if (ends)
            ends[block] = x;
    }
}

void sg_vgg16_tape_blocks(const sg_vgg16_tape *net, sg_tensor *pictures,
                          sg_tensor *blocks[SG_VGG16_BLOCKS])
{
    run_layers(net, pictures, SG_VGG16_LAYERS - 1, NULL, blocks);
}

void sg_vgg16_tape_starts(const sg_vgg16_tape *net, sg_tensor *pictures,
                          sg_tensor *starts[SG_VGG16_STYLE_BLOCKS])
{
    int last = 0;
    while (sg_vgg16_block_of(last) < SG_VGG16_STYLE_BLOCKS - 1)
        last++;
    run_layers(net, pictures, last, starts, NULL);
}
