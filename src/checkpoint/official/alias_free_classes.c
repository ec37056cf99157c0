/*
 * The classes of StyleGAN3's generator (training/networks_stylegan3.py of stylegan3) and the
 * attributes that their methods read. Everything is computed in 32 bits (use_fp16).
 *
 * Tested by: tests/checkpoint/official/test_official_write.c
 */
#include "checkpoint/official/module_writer.h"
#include "models/stylegan3/stylegan3_layers.h"

static sg_text *pickle_of(const sg_written_module *module)
{
    return &module->network->to->pickle;
}

/* A size in both directions. */
static void put_pair_square(sg_text *pickle, const char *key, int size)
{
    sg_put_text(pickle, key);
    sg_put_opcode(pickle, SG_OP_EMPTY_LIST);
    sg_put_opcode(pickle, SG_OP_MARK);
    sg_put_integer(pickle, size);
    sg_put_integer(pickle, size);
    sg_put_opcode(pickle, SG_OP_APPEND_ITEMS);
}

static void put_synthesis(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    const sg_stylegan3_config *o = &config->stylegan3;
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "num_ws", module->network->num_ws);
    sg_put_pair_integer(pickle, "img_resolution", config->img_resolution);
    sg_put_pair_integer(pickle, "img_channels", config->img_channels);
    sg_put_pair_integer(pickle, "num_layers", o->num_layers);
    sg_put_pair_integer(pickle, "num_critical", o->num_critical);
    sg_put_pair_integer(pickle, "margin_size", o->margin_size);
    sg_put_pair_real(pickle, "output_scale", o->output_scale);
    sg_put_pair_integer(pickle, "num_fp16_res", 0);
    sg_put_text(pickle, "layer_names");
    sg_put_opcode(pickle, SG_OP_EMPTY_LIST);
    sg_put_opcode(pickle, SG_OP_MARK);
    for (int i = 0; i <= o->num_layers; i++) {
        const sg_stylegan3_signal signal = sg_stylegan3_signal_of(config, i);
        char name[SG_PARAMETER_NAME_BYTES];
        snprintf(name, sizeof name, "L%d_%d_%d", i, signal.size, signal.channels);
        sg_put_text(pickle, name);
    }
    sg_put_opcode(pickle, SG_OP_APPEND_ITEMS);
}

static void put_input(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    const sg_stylegan3_signal signal = sg_stylegan3_signal_of(config, 0);
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_integer(pickle, "channels", signal.channels);
    put_pair_square(pickle, "size", signal.size);
    sg_put_pair_real(pickle, "sampling_rate", signal.sampling_rate);
    sg_put_pair_real(pickle, "bandwidth", signal.cutoff);
}

/* The samples before and after the activation, so that they lie symmetrically (appendix C.3). */
static void put_padding(sg_text *pickle, const sg_alias_free_layer_options *layer)
{
    int total = (layer->out_size - 1) * layer->down + 1;
    total -= (layer->in_size + layer->kernel_size - 1) * layer->up;
    total += layer->up_filter.taps + layer->down_filter.taps - 2;
    const int before = total + layer->up;
    const int low = before >= 0 ? before / 2 : -((1 - before) / 2); /* rounded down */
    sg_put_text(pickle, "padding");
    sg_put_opcode(pickle, SG_OP_EMPTY_LIST);
    sg_put_opcode(pickle, SG_OP_MARK);
    for (int axis = 0; axis < 2; axis++) {
        sg_put_integer(pickle, low);
        sg_put_integer(pickle, total - low);
    }
    sg_put_opcode(pickle, SG_OP_APPEND_ITEMS);
}

/* Rates, cutoffs and half widths of the signals that a layer takes and gives. */
static void put_signals(sg_text *pickle, const sg_stylegan3_signal *in,
                        const sg_stylegan3_signal *out, int up)
{
    put_pair_square(pickle, "in_size", in->size);
    put_pair_square(pickle, "out_size", out->size);
    sg_put_pair_integer(pickle, "in_sampling_rate", (int64_t)in->sampling_rate);
    sg_put_pair_integer(pickle, "out_sampling_rate", (int64_t)out->sampling_rate);
    sg_put_pair_integer(pickle, "tmp_sampling_rate", (int64_t)in->sampling_rate * up);
    sg_put_pair_real(pickle, "in_cutoff", in->cutoff);
    sg_put_pair_real(pickle, "out_cutoff", out->cutoff);
    sg_put_pair_real(pickle, "in_half_width", in->half_width);
    sg_put_pair_real(pickle, "out_half_width", out->half_width);
}

static void put_filters(const sg_written_module *module, const sg_alias_free_layer_options *layer)
{
    sg_text *pickle = pickle_of(module);
    sg_put_pair_integer(pickle, "up_factor", layer->up);
    sg_put_pair_integer(pickle, "up_taps", layer->up_filter.taps);
    sg_put_pair_integer(pickle, "down_factor", layer->down);
    sg_put_pair_integer(pickle, "down_taps", layer->down_filter.taps);
    sg_put_pair_bool(pickle, "down_radial", layer->down_filter.radial);
    put_padding(pickle, layer);
    if (sg_module_size(module, "up_filter", 0) == 0)
        sg_put_pair_none(pickle, "up_filter");
    if (sg_module_size(module, "down_filter", 0) == 0)
        sg_put_pair_none(pickle, "down_filter");
}

/* SynthesisLayer */
static void put_layer(const sg_written_module *module)
{
    sg_text *pickle = pickle_of(module);
    const sg_generator_config *config = module->network->generator;
    const int index = module->number;
    const sg_stylegan3_signal in = sg_stylegan3_signal_of(config, index > 0 ? index - 1 : 0);
    const sg_stylegan3_signal out = sg_stylegan3_signal_of(config, index);
    const sg_alias_free_layer_options layer = sg_stylegan3_layer_options(config, index);
    sg_put_pair_integer(pickle, "w_dim", config->w_dim);
    sg_put_pair_bool(pickle, "is_torgb", layer.to_colours);
    sg_put_pair_bool(pickle, "is_critically_sampled",
                     index >= config->stylegan3.num_layers - config->stylegan3.num_critical);
    sg_put_pair_bool(pickle, "use_fp16", false);
    sg_put_pair_integer(pickle, "in_channels", layer.in_channels);
    sg_put_pair_integer(pickle, "out_channels", layer.out_channels);
    put_signals(pickle, &in, &out, layer.up);
    sg_put_pair_integer(pickle, "conv_kernel", layer.kernel_size);
    if (layer.clamp >= 0)
        sg_put_pair_real(pickle, "conv_clamp", layer.clamp);
    else
        sg_put_pair_none(pickle, "conv_clamp");
    sg_put_pair_real(pickle, "magnitude_ema_beta", layer.magnitude_ema_beta);
    put_filters(module, &layer);
}

const sg_module_row sg_alias_free_generator_rows[] = {
    {"", "Generator", sg_put_generator, 0},
    {"mapping", "MappingNetwork", sg_put_mapping, 0},
    {"mapping.embed", "FullyConnectedLayer", sg_put_linear, 0},
    {"mapping.fc#", "FullyConnectedLayer", sg_put_linear, SG_MODULE_MAPPING},
    {"synthesis", "SynthesisNetwork", put_synthesis, 0},
    {"synthesis.input", "SynthesisInput", put_input, 0},
    {"synthesis.input.affine", "FullyConnectedLayer", sg_put_linear, 0},
    {"synthesis.L#_#_#", "SynthesisLayer", put_layer, 0},
    {"synthesis.L#_#_#.affine", "FullyConnectedLayer", sg_put_linear, 0},
    {NULL, NULL, NULL, 0},
};
