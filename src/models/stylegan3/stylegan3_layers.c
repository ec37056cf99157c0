/* The progression of StyleGAN3's layers; see stylegan3_layers.h. */
#include "models/stylegan3/stylegan3_layers.h"

#include <math.h>

/* Returns first * (last / first)^t, where t reaches 1 at the first critically sampled layer. */
static double progress(const sg_stylegan3_config *o, double first, double last, int index)
{
    double exponent = fmin((double)index / (o->num_layers - o->num_critical), 1);
    return first * pow(last / first, exponent);
}

sg_stylegan3_signal sg_stylegan3_signal_of(const sg_generator_config *config, int index)
{
    const sg_stylegan3_config *o = &config->stylegan3;
    double last_cutoff = config->img_resolution / 2.0;
    double cutoff = progress(o, o->first_cutoff, last_cutoff, index);
    double stopband = progress(o, o->first_stopband, last_cutoff * o->last_stopband_rel, index);
    double rate = exp2(ceil(log2(fmin(stopband * 2, config->img_resolution))));
    bool exact_size = index >= o->num_layers - 1; /* the last two layers have no margins */
    double channels = rint(fmin(config->channel_base / 2.0 / cutoff, config->channel_max));
    return (sg_stylegan3_signal){
        .cutoff = cutoff,
        .half_width = fmax(stopband, rate / 2) - cutoff,
        .sampling_rate = rate,
        .size = exact_size ? config->img_resolution : (int)rate + 2 * o->margin_size,
        .channels = index == o->num_layers ? config->img_channels : (int)channels,
    };
}

/* Returns the filter of a signal at a multiple of its rate; a single tap is no filter. */
static sg_lowpass filter_of(const sg_generator_config *config, const sg_stylegan3_signal *signal,
                            int factor, double rate)
{
    return (sg_lowpass){.taps = factor > 1 ? config->stylegan3.filter_size * factor : 1,
                        .cutoff = signal->cutoff,
                        .width = 2 * signal->half_width,
                        .rate = rate};
}

sg_alias_free_layer_options sg_stylegan3_layer_options(const sg_generator_config *config, int index)
{
    const sg_stylegan3_config *o = &config->stylegan3;
    const sg_stylegan3_signal in = sg_stylegan3_signal_of(config, index > 0 ? index - 1 : 0);
    const sg_stylegan3_signal out = sg_stylegan3_signal_of(config, index);
    bool to_colours = index == o->num_layers;
    bool critical = index >= o->num_layers - o->num_critical;
    double rate =
        fmax(in.sampling_rate, out.sampling_rate) * (to_colours ? 1 : o->lrelu_upsampling);
    sg_alias_free_layer_options options = {.w_dim = config->w_dim,
                                           .in_channels = in.channels,
                                           .out_channels = out.channels,
                                           .kernel_size = to_colours ? 1 : o->conv_kernel,
                                           .to_colours = to_colours,
                                           .in_size = in.size,
                                           .out_size = out.size,
                                           .up = (int)rint(rate / in.sampling_rate),
                                           .down = (int)rint(rate / out.sampling_rate),
                                           .clamp = config->conv_clamp,
                                           .magnitude_ema_beta = o->magnitude_ema_beta};
    options.up_filter = filter_of(config, &in, to_colours ? 1 : options.up, rate);
    options.down_filter = filter_of(config, &out, to_colours ? 1 : options.down, rate);
    options.down_filter.radial = o->use_radial_filters && !critical;
    return options;
}
