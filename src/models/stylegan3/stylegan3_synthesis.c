/*
 * StyleGAN3's synthesis network (Karras et al. 2021, section 3 and appendix A): Fourier features,
 * then alias-free layers, the last of which gives the colours.
 *
 * Weights start as published: standard normal with run-time equalisation, biases zero, styles at
 * one, magnitudes at one.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/style_inputs.h"
#include "models/stylegan3/stylegan3.h"
#include "models/stylegan3/stylegan3_layers.h"
#include "nn/fourier_input.h"
#include "ops/arithmetic.h"
#include "ops/convolution/modulated.h"

typedef struct synthesis {
    const sg_generator_config *config;
    sg_fourier_input input;
    int layer_count; /* including the layer of the colours */
    sg_alias_free_layer layers[SG_STYLEGAN3_MAX_LAYERS];
} synthesis;

static void create_layer(sg_parameter_set *set, synthesis *net, int index)
{
    char prefix[64];
    sg_alias_free_layer_options options = sg_stylegan3_layer_options(net->config, index);
    snprintf(prefix, sizeof prefix, "synthesis.L%d_%d_%d", index, options.out_size,
             options.out_channels);
    net->layers[index] = sg_alias_free_layer_create(set, prefix, &options);
}

static void *create(sg_parameter_set *set, const sg_generator_config *config)
{
    synthesis *net = sg_context_allocate(set->context, sizeof *net, "a generator");
    if (!net)
        return NULL;
    const sg_stylegan3_signal first = sg_stylegan3_signal_of(config, 0);
    net->config = config;
    net->layer_count = config->stylegan3.num_layers + 1;
    net->input =
        sg_fourier_input_create(set, "synthesis.input",
                                (sg_fourier_input_options){.w_dim = config->w_dim,
                                                           .channels = first.channels,
                                                           .size = first.size,
                                                           .sampling_rate = first.sampling_rate,
                                                           .bandwidth = first.cutoff});
    for (int i = 0; i < net->layer_count; i++)
        create_layer(set, net, i);
    return net;
}

/* One for the input, one for each layer, and one for the colours. */
static int num_ws(const sg_generator_config *config)
{
    return config->stylegan3.num_layers + 2;
}

/*
 * The resolution of the details in a layer's signal is twice its cutoff. Input 0 is that of the
 * waves, which the first layer takes.
 */
static int style_resolution(const sg_generator_config *config, int index)
{
    static const double rounding = 1e-9;
    const double cutoff = sg_stylegan3_signal_of(config, index > 0 ? index - 1 : 0).cutoff;
    return 1 << (int)fmax(0, floor(log2(2 * cutoff) + rounding));
}

/* Reserves memory for features when the tape is off: results of convolutions and of layers take
 * turns. */
static void reserve_features(const synthesis *net, sg_context *context, int64_t samples,
                             sg_alias_free_pass *pass)
{
    size_t convolved = 0;
    size_t result = 0;
    for (int i = 0; i < net->layer_count; i++) {
        sg_alias_free_layer_options o = sg_stylegan3_layer_options(net->config, i);
        size_t pixel = (size_t)(samples * sg_padded_channels(o.out_channels)) * sizeof(float);
        size_t inner = (size_t)(o.in_size + o.kernel_size - 1);
        size_t outer = (size_t)o.out_size;
        convolved = inner * inner * pixel > convolved ? inner * inner * pixel : convolved;
        result = outer * outer * pixel > result ? outer * outer * pixel : result;
    }
    pass->convolved = sg_storage_create(context, convolved);
    pass->result = sg_storage_create(context, result);
}

static sg_tensor *synthesize(void *network, sg_tensor *ws, sg_synthesis_options options)
{
    const synthesis *net = network;
    sg_context *context = ws->context;
    size_t scope = sg_scope_open(context);
    sg_alias_free_pass pass = {.update_average = options.update_averages};
    sg_tensor *x = sg_fourier_input_forward(&net->input, sg_pick_style(ws, 0));
    sg_layer_tap_show(options.tap, net->input.weight, x, net->input.weight->shape.size[0]);
    if (!context->recording && ws->dtype == SG_F32)
        reserve_features(net, context, ws->shape.size[0], &pass);
    for (int i = 0; i < net->layer_count; i++) {
        const sg_alias_free_layer *layer = &net->layers[i];
        x = sg_alias_free_layer_forward(layer, x, sg_pick_style(ws, i + 1), pass);
        sg_layer_tap_show(options.tap, layer->affine.weight, x, layer->weight->shape.size[0]);
        sg_scope_close_pair(context, scope, x, NULL);
    }
    sg_storage_release(pass.convolved);
    sg_storage_release(pass.result);
    return sg_scope_close(context, scope, sg_affine(x, net->config->stylegan3.output_scale, 0));
}

const sg_synthesis_functions sg_stylegan3_synthesis = {.create = create,
                                                       .destroy = free,
                                                       .num_ws = num_ws,
                                                       .height = sg_square_side,
                                                       .width = sg_square_side,
                                                       .style_resolution = style_resolution,
                                                       .synthesize = synthesize};
