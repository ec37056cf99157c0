/* StyleGAN2's networks (Karras et al. 2020), for its descriptor. */
#ifndef SG_MODELS_STYLEGAN2_STYLEGAN2_H
#define SG_MODELS_STYLEGAN2_STYLEGAN2_H

#include "models/family.h"

extern const sg_synthesis_functions sg_stylegan2_synthesis;
extern const sg_discriminator_functions sg_stylegan2_discriminator;

#endif
