/*
 * Describes a network from its tensors' names and shapes.
 *
 * Official names end in LAYER.TENSOR; the affine map within a synthesis layer counts as the
 * layer's own. A layer's width is the first dimension of its weight. Convolutions stand in blocks
 * "bRESOLUTION", or are called "LINDEX_SIZE_CHANNELS", which tells the size of what they give.
 * Tested by: tests/cli/test_convert.c
 */
#include "cli/info/network_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "checkpoint/network/network_load.h"
#include "models/config_json.h"
#include "models/encoder/encoder_cost.h"

/* Where a network's pictures start, at resolution 4. */
typedef struct base_size {
    int height, width;
} base_size;

/* Returns the length of a name's prefix without the dot, 0 when there is none. */
static size_t layer_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    const size_t length = dot ? (size_t)(dot - name) : 0;
    const size_t affine = strlen(".affine");
    return length >= affine && strncmp(dot - affine, ".affine", affine) == 0 ? length - affine
                                                                             : length;
}

/* Returns the resolution of the "bNNN" or "LN_NNN_N" in a layer's name; 0 when there is none. */
static long block_resolution(const char *layer)
{
    long size = 0;
    if (sscanf(layer, "synthesis.L%*d_%ld", &size) == 1)
        return size;
    const char *block = strncmp(layer, "synthesis.b", 11) == 0 ? layer + 11
                        : layer[0] == 'b'                      ? layer + 1
                                                               : NULL;
    return block && *block >= '0' && *block <= '9' ? strtol(block, NULL, 10) : 0;
}

/* DCGAN's generator stores the weights of the convolutions that its layers are transposes of. */
static bool is_transposed(const char *layer)
{
    return sg_has_suffix(layer, ".project") || sg_has_suffix(layer, ".upconv");
}

/* Returns the size of what a discriminator's layer gives: DCGAN's 4x4 kernels halve, the last
 * covers all.
 */
static long discriminator_output(const char *layer, const sg_shape *weight, long resolution)
{
    if (weight->size[2] == 4)
        return resolution == 4 ? 1 : resolution / 2;
    if (sg_has_suffix(layer, ".conv1") || sg_has_suffix(layer, ".skip"))
        return resolution / 2;
    return resolution;
}

/* What the layer gives, from its weight. */
static void find_output(sg_layer_summary *layer, const sg_shape *weight, sg_network_part part,
                        base_size base)
{
    long resolution = block_resolution(layer->name);
    layer->output[0] = weight->size[is_transposed(layer->name) ? 1 : 0];
    if (weight->rank != 4 || resolution <= 0) {
        layer->output_rank = 1;
        return;
    }
    if (part == SG_PART_D)
        resolution = discriminator_output(layer->name, weight, resolution);
    layer->output_rank = 3;
    layer->output[1] = base.height * resolution / 4;
    layer->output[2] = base.width * resolution / 4;
}

/* Adds a tensor to the summary, in the layer before or a new one. */
static void add_tensor(sg_network_summary *summary, const sg_parameter *parameter, base_size base)
{
    const size_t prefix = layer_length(parameter->name);
    sg_layer_summary *layer = summary->layers + summary->layer_count - 1;
    if (summary->layer_count == 0 || strlen(layer->name) != prefix ||
        memcmp(layer->name, parameter->name, prefix) != 0) {
        layer = summary->layers + summary->layer_count++;
        memcpy(layer->name, parameter->name, prefix);
        layer->first = summary->tensor_count;
    }
    sg_tensor_summary *tensor = summary->tensors + summary->tensor_count++;
    const char *name = parameter->name + prefix + (prefix > 0);
    memcpy(tensor->name, name, strlen(name));
    tensor->shape = parameter->tensor->shape;
    tensor->buffer = !parameter->trainable;
    layer->count++;
    const int64_t values = sg_tensor_count(parameter->tensor);
    *(tensor->buffer ? &layer->buffers : &layer->parameters) += values;
    *(tensor->buffer ? &summary->buffers : &summary->parameters) += values;
    if (strcmp(name, "weight") == 0)
        find_output(layer, &tensor->shape, summary->part, base);
}

/* Describes a network by its config, which the summary owns, and its parameters. */
static void describe(sg_network_summary *summary, cJSON *config, base_size base, int resolution,
                     int channels, const sg_parameter_set *set)
{
    summary->config = config;
    summary->height = (int64_t)base.height * resolution / 4;
    summary->width = (int64_t)base.width * resolution / 4;
    summary->channels = channels;
    summary->tensors = sg_allocate(set->count, sizeof *summary->tensors);
    summary->layers = sg_allocate(set->count, sizeof *summary->layers);
    if (!summary->tensors || !summary->layers || !config) {
        (void)sg_fail_memory(&summary->error, "the summary of a network");
        return;
    }
    for (size_t i = 0; i < set->count; i++)
        add_tensor(summary, &set->items[i], base);
}

/* Describes what goes into a generator. */
static void describe_inputs(sg_network_summary *summary, const sg_generator *generator)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    summary->z_dim = config->z_dim;
    summary->w_dim = config->w_dim;
    summary->classes = config->c_dim;
    summary->mapping_layers = config->mapping.num_layers;
    summary->resolution = config->img_resolution;
    summary->num_ws = sg_generator_num_ws(generator);
    summary->styles = sg_allocate((size_t)summary->num_ws, sizeof *summary->styles);
    if (!summary->styles)
        (void)sg_fail_memory(&summary->error, "the summary of a network");
    for (int i = 0; summary->styles && i < summary->num_ws; i++)
        summary->styles[i] = sg_generator_style_resolution(generator, i);
}

static void summarize_generator(const sg_network_file *file, sg_context *context,
                                sg_network_summary *summary)
{
    sg_generator *generator = NULL;
    if (sg_network_load_generator(file, summary->part, context, &generator, &summary->error))
        return;
    const sg_generator_config *config = sg_generator_config_of(generator);
    describe(summary, sg_generator_config_to_json(config),
             (base_size){config->base_height, config->base_width}, config->img_resolution,
             config->img_channels, sg_generator_parameters(generator));
    describe_inputs(summary, generator);
    (void)sg_generator_cost(config, false, &summary->cost, &summary->error);
    sg_generator_destroy(generator);
}

static void summarize_discriminator(const sg_network_file *file, sg_context *context,
                                    sg_network_summary *summary)
{
    sg_discriminator *discriminator = NULL;
    if (sg_network_load_discriminator(file, context, &discriminator, &summary->error))
        return;
    const sg_discriminator_config *config = sg_discriminator_config_of(discriminator);
    describe(summary, sg_discriminator_config_to_json(config),
             (base_size){config->base_height, config->base_width}, config->img_resolution,
             config->img_channels, sg_discriminator_parameters(discriminator));
    summary->output = config->output;
    summary->classes = config->c_dim;
    (void)sg_discriminator_cost(config, false, &summary->cost, &summary->error);
    sg_discriminator_destroy(discriminator);
}

static void summarize_encoder(const sg_network_file *file, sg_context *context,
                              sg_network_summary *summary)
{
    sg_encoder *encoder = NULL;
    if (sg_network_load_encoder(file, context, &encoder, &summary->error))
        return;
    const sg_encoder_config *config = sg_encoder_config_of(encoder);
    describe(summary, sg_encoder_config_to_json(config), (base_size){4, 4}, config->img_resolution,
             config->img_channels, sg_encoder_parameters(encoder));
    summary->encoder = *config;
    (void)sg_encoder_cost(config, false, &summary->cost, &summary->error);
    sg_encoder_destroy(encoder);
}

static void summarize_mapper(const sg_network_file *file, sg_context *context,
                             sg_network_summary *summary)
{
    sg_mapper *mapper = NULL;
    if (sg_network_load_mapper(file, context, &mapper, &summary->error))
        return;
    const sg_mapper_config *config = sg_mapper_config_of(mapper);
    describe(summary, sg_mapper_config_to_json(config), (base_size){4, 4}, 0, 0,
             sg_mapper_parameters(mapper));
    summary->mapper = *config;
    sg_mapper_destroy(mapper);
}

void sg_network_summarize(const sg_network_file *file, sg_network_part part, sg_context *context,
                          sg_network_summary *summary)
{
    *summary = (sg_network_summary){.part = part};
    if (part == SG_PART_D)
        summarize_discriminator(file, context, summary);
    else if (part == SG_PART_E)
        summarize_encoder(file, context, summary);
    else if (part == SG_PART_M)
        summarize_mapper(file, context, summary);
    else
        summarize_generator(file, context, summary);
}

void sg_network_summary_clear(sg_network_summary *summary)
{
    cJSON_Delete(summary->config);
    free(summary->tensors);
    free(summary->layers);
    free(summary->styles);
    *summary = (sg_network_summary){.part = summary->part};
}
