/*
 * The layers of StyleGAN3's synthesis network (Karras et al. 2021, appendix A): cutoffs and
 * stopbands in geometric progression from the input to the picture, sampling rates that just hold
 * them, and the sizes, channels and filters that follow.
 */
#ifndef SG_MODELS_STYLEGAN3_STYLEGAN3_LAYERS_H
#define SG_MODELS_STYLEGAN3_STYLEGAN3_LAYERS_H

#include "models/config.h"
#include "nn/alias_free_layer.h"

enum { SG_STYLEGAN3_MAX_LAYERS = 64 };

/* The signal that a layer gives; frequencies are in cycles per picture side. */
typedef struct sg_stylegan3_signal {
    double cutoff, half_width; /* end of the passband; half the width of the transition */
    double sampling_rate;      /* samples per picture's side, a power of two */
    int size;                  /* samples in each direction, with margins */
    int channels;
} sg_stylegan3_signal;

/* Returns the signal of layer `index`, from 0 to stylegan3.num_layers, which gives the colours. */
sg_stylegan3_signal sg_stylegan3_signal_of(const sg_generator_config *config, int index);

/* Returns the options of layer `index`. */
sg_alias_free_layer_options sg_stylegan3_layer_options(const sg_generator_config *config,
                                                       int index);

#endif
