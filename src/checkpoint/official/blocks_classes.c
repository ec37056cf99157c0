/*
 * The classes of StyleGAN2's networks in stylegan2-ada-pytorch (training/networks.py) and stylegan3
 * (training/networks_stylegan2.py), and the attributes that their methods read; where the two
 * differ, the attributes of both. Everything is computed in 32 bits (use_fp16).
 *
 * Tested by: tests/checkpoint/official/test_official_write.c
 */
#include <math.h>
#include <string.h>

#include "checkpoint/official/module_writer.h"

static sg_text *pickle_of(const sg_written_module *module)
{
    return &module->network->to->pickle;
}

/* ---- what networks share ---- */

static sg_activation activation_of(const sg_written_module *module)
{
    const sg_written_network *network = module->network;
    if (module->features & SG_MODULE_MAPPING)
        return network->generator ? network->generator->mapping.activation
                                  : network->discriminator->mapping.activation;
    if (!(module->features & SG_MODULE_ACTIVE))
        return SG_LINEAR;
    return network->generator ? network->generator->activation : network->discriminator->activation;
}

static void put_activation(const sg_written_module *module)
{
    sg_put_pair_text(pickle_of(module), "activation",
                     sg_choice_name(&sg_activation_choices, activation_of(module)));
}

static void put_gain(const sg_written_module *module)
{
    sg_put_pair_real(pickle_of(module), "act_gain",
                     sg_bias_act_defaults(activation_of(module)).gain);
}

static void put_clamp(const sg_written_module *module)
{
    const sg_written_network *network = module->network;
    const double clamp =
        network->generator ? network->generator->conv_clamp : network->discriminator->conv_clamp;
    if (clamp >= 0 && (module->features & SG_MODULE_CLAMPED))
        sg_put_pair_real(pickle_of(module), "conv_clamp", clamp);
    else
        sg_put_pair_none(pickle_of(module), "conv_clamp");
}

/* The channels of a layer with a weight [out, in, ...]. */
static void put_channels(const sg_written_module *module)
{
    sg_put_pair_integer(pickle_of(module), "in_channels", sg_module_size(module, "weight", 1));
    sg_put_pair_integer(pickle_of(module), "out_channels", sg_module_size(module, "weight", 0));
}

/* 1 / sqrt(inputs of one output), by which weights are equalised. */
static void put_weight_gain(const sg_written_module *module)
{
    const double side = sg_module_size(module, "weight", 2);
    sg_put_pair_real(pickle_of(module), "weight_gain",
                     1 / sqrt(sg_module_size(module, "weight", 1) * side * side));
}

void sg_put_linear(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_written_network *network = module->network;
    const int inputs = sg_module_size(module, "weight", 1);
    double rate = 1;
    if (module->features & SG_MODULE_MAPPING)
        rate = network->generator ? network->generator->mapping.lr_multiplier
                                  : network->discriminator->mapping.lr_multiplier;
    sg_put_pair_integer(pickle, "in_features", inputs);
    sg_put_pair_integer(pickle, "out_features", sg_module_size(module, "weight", 0));
    put_activation(module);
    sg_put_pair_real(pickle, "weight_gain", rate / sqrt(inputs));
    if (rate == 1)
        sg_put_pair_integer(pickle, "bias_gain", 1);
    else
        sg_put_pair_real(pickle, "bias_gain", rate);
}

/* A discriminator maps labels alone, to one vector without an average. */
static void put_label_mapping(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_discriminator_config *config = module->network->discriminator;
    sg_put_pair_integer(pickle, "z_dim", 0);
    sg_put_pair_integer(pickle, "c_dim", config->c_dim);
    sg_put_pair_integer(
        pickle, "w_dim",
        sg_module_size(&(sg_written_module){module->network, "b4.out", 0, 0}, "weight", 0));
    sg_put_pair_none(pickle, "num_ws");
    sg_put_pair_integer(pickle, "num_layers", config->mapping.num_layers);
    sg_put_pair_none(pickle, "w_avg_beta");
}

void sg_put_mapping(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    sg_put_pair_integer(pickle, "z_dim", config->z_dim);
    sg_put_pair_integer(pickle, "c_dim", config->c_dim);
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "num_ws", module->network->num_ws);
    sg_put_pair_integer(pickle, "num_layers", config->mapping.num_layers);
    sg_put_pair_real(pickle, "w_avg_beta", config->mapping.w_avg_beta);
    if (config->c_dim == 0 && config->family == SG_STYLEGAN3)
        sg_put_pair_none(pickle, "embed");
}

void sg_put_generator(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    sg_put_pair_integer(pickle, "z_dim", config->z_dim);
    sg_put_pair_integer(pickle, "c_dim", config->c_dim);
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "img_resolution", config->img_resolution);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_integer(pickle, "num_ws", module->network->num_ws);
}

/* The resolution, its logarithm and the resolutions of the blocks, from the first to the last. */
static void put_resolutions(sg_text *pickle, int resolution, int first, int last)
{
    int logarithm = 0;
    while (1 << logarithm < resolution)
        logarithm++;
    sg_put_pair_integer(pickle, "img_resolution", resolution);
    sg_put_pair_integer(pickle, "img_resolution_log2", logarithm);
    sg_put_text(pickle, "block_resolutions");
    sg_put_opcode(pickle, SG_OP_EMPTY_LIST);
    sg_put_opcode(pickle, SG_OP_MARK);
    for (int at = first; first <= last ? at <= last : at >= last;
         at = first <= last ? 2 * at : at / 2)
        sg_put_integer(pickle, at);
    sg_put_opcode(pickle, SG_OP_APPEND_ITEMS);
}

static void put_precision(sg_text *pickle)
{
    sg_put_pair_bool(pickle, "use_fp16", false);
    sg_put_pair_bool(pickle, "channels_last", false);
}

/* Conv2dLayer */
static void put_convolution(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    put_channels(module);
    put_activation(module);
    sg_put_pair_integer(pickle, "up", module->features & SG_MODULE_UP ? 2 : 1);
    sg_put_pair_integer(pickle, "down", module->features & SG_MODULE_DOWN ? 2 : 1);
    put_clamp(module);
    sg_put_pair_integer(pickle, "padding", sg_module_size(module, "weight", 2) / 2);
    put_weight_gain(module);
    put_gain(module);
    if (sg_module_size(module, "bias", 0) == 0)
        sg_put_pair_none(pickle, "bias");
}

/* ---- the generator ---- */

static void put_synthesis(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    put_resolutions(pickle, config->img_resolution, 4, config->img_resolution);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_integer(pickle, "num_fp16_res", 0);
    sg_put_pair_integer(pickle, "num_ws", module->network->num_ws);
}

static void put_block(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    const int resolution = module->number;
    const bool last = resolution == config->img_resolution;
    sg_put_pair_integer(pickle, "in_channels", sg_module_size(module, "conv0.weight", 1));
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "resolution", resolution);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_bool(pickle, "is_last", last);
    sg_put_pair_text(pickle, "architecture",
                     sg_choice_name(&sg_architecture_choices, config->architecture));
    put_precision(pickle);
    sg_put_pair_text(pickle, "fused_modconv_default", "inference_only");
    sg_put_pair_integer(pickle, "num_conv", resolution == 4 ? 1 : 2);
    sg_put_pair_integer(pickle, "num_torgb",
                        last || config->architecture == SG_ARCHITECTURE_SKIP ? 1 : 0);
}

/* SynthesisLayer */
static void put_layer(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    put_channels(module);
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "resolution", module->number);
    sg_put_pair_integer(pickle, "up", module->features & SG_MODULE_UP ? 2 : 1);
    sg_put_pair_bool(pickle, "use_noise", config->use_noise);
    put_activation(module);
    put_clamp(module);
    sg_put_pair_integer(pickle, "padding", sg_module_size(module, "weight", 2) / 2);
    put_gain(module);
}

/* ToRGBLayer */
static void put_colours(const sg_written_module *module)
{
    put_channels(module);
    sg_put_pair_integer(pickle_of(module), "w_dim", module->network->generator->w_dim);
    put_clamp(module);
    put_weight_gain(module);
}

enum {
    ACTIVE_CLAMPED = SG_MODULE_ACTIVE | SG_MODULE_CLAMPED,
};

const sg_module_row sg_blocks_generator_rows[] = {
    {"", "Generator", sg_put_generator, 0},
    {"mapping", "MappingNetwork", sg_put_mapping, 0},
    {"mapping.embed", "FullyConnectedLayer", sg_put_linear, 0},
    {"mapping.fc#", "FullyConnectedLayer", sg_put_linear, SG_MODULE_MAPPING},
    {"synthesis", "SynthesisNetwork", put_synthesis, 0},
    {"synthesis.b#", "SynthesisBlock", put_block, 0},
    {"synthesis.b#.conv0", "SynthesisLayer", put_layer, ACTIVE_CLAMPED | SG_MODULE_UP},
    {"synthesis.b#.conv1", "SynthesisLayer", put_layer, ACTIVE_CLAMPED},
    {"synthesis.b#.conv#.affine", "FullyConnectedLayer", sg_put_linear, 0},
    {"synthesis.b#.torgb", "ToRGBLayer", put_colours, SG_MODULE_CLAMPED},
    {"synthesis.b#.torgb.affine", "FullyConnectedLayer", sg_put_linear, 0},
    {"synthesis.b#.skip", "Conv2dLayer", put_convolution, SG_MODULE_UP},
    {NULL, NULL, NULL, 0},
};

/* ---- the discriminator ---- */

static void put_discriminator(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_discriminator_config *config = module->network->discriminator;
    sg_put_pair_integer(pickle, "c_dim", config->c_dim);
    put_resolutions(pickle, config->img_resolution, config->img_resolution, 8);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
}

/* Counts the layers of a block that Freeze-D would number. */
static int count_layers(const sg_discriminator_config *config, int resolution)
{
    const bool colours =
        resolution == config->img_resolution || config->architecture == SG_ARCHITECTURE_SKIP;
    return 2 + colours + (config->architecture == SG_ARCHITECTURE_RESNET);
}

static void put_discriminator_block(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_discriminator_config *config = module->network->discriminator;
    const int resolution = module->number;
    const bool first = resolution == config->img_resolution;
    int before = 0;
    for (int at = config->img_resolution; at > resolution; at /= 2)
        before += count_layers(config, at);
    sg_put_pair_integer(pickle, "in_channels",
                        first ? 0 : sg_module_size(module, "conv0.weight", 1));
    sg_put_pair_integer(pickle, "resolution", resolution);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_integer(pickle, "first_layer_idx", before);
    sg_put_pair_text(pickle, "architecture",
                     sg_choice_name(&sg_architecture_choices, config->architecture));
    put_precision(pickle);
    sg_put_pair_integer(pickle, "num_layers", count_layers(config, resolution));
}

static void put_epilogue(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_discriminator_config *config = module->network->discriminator;
    sg_put_pair_integer(pickle, "in_channels", sg_module_size(module, "conv.weight", 0));
    sg_put_pair_integer(pickle, "cmap_dim",
                        config->c_dim > 0 ? sg_module_size(module, "out.weight", 0) : 0);
    sg_put_pair_integer(pickle, "resolution", 4);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_text(pickle, "architecture",
                     sg_choice_name(&sg_architecture_choices, config->architecture));
    if (config->mbstd_num_channels == 0)
        sg_put_pair_none(pickle, "mbstd");
}

/* MinibatchStdLayer */
static void put_statistics(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_discriminator_config *config = module->network->discriminator;
    if (config->mbstd_group_size > 0)
        sg_put_pair_integer(pickle, "group_size", config->mbstd_group_size);
    else
        sg_put_pair_none(pickle, "group_size");
    sg_put_pair_integer(pickle, "num_channels", config->mbstd_num_channels);
}

const sg_module_row sg_blocks_discriminator_rows[] = {
    {"", "Discriminator", put_discriminator, 0},
    {"mapping", "MappingNetwork", put_label_mapping, 0},
    {"mapping.embed", "FullyConnectedLayer", sg_put_linear, 0},
    {"mapping.fc#", "FullyConnectedLayer", sg_put_linear, SG_MODULE_MAPPING},
    {"b4", "DiscriminatorEpilogue", put_epilogue, 0},
    {"b4.mbstd", "MinibatchStdLayer", put_statistics, 0},
    {"b4.fromrgb", "Conv2dLayer", put_convolution, SG_MODULE_ACTIVE},
    {"b4.conv", "Conv2dLayer", put_convolution, ACTIVE_CLAMPED},
    {"b4.fc", "FullyConnectedLayer", sg_put_linear, SG_MODULE_ACTIVE},
    {"b4.out", "FullyConnectedLayer", sg_put_linear, 0},
    {"b#", "DiscriminatorBlock", put_discriminator_block, 0},
    {"b#.fromrgb", "Conv2dLayer", put_convolution, ACTIVE_CLAMPED},
    {"b#.conv0", "Conv2dLayer", put_convolution, ACTIVE_CLAMPED},
    {"b#.conv1", "Conv2dLayer", put_convolution, ACTIVE_CLAMPED | SG_MODULE_DOWN},
    {"b#.skip", "Conv2dLayer", put_convolution, SG_MODULE_DOWN},
    {NULL, NULL, NULL, 0},
};
