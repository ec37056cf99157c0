/* DCGAN's networks (Radford et al. 2016), for its descriptor. */
#ifndef SG_MODELS_DCGAN_DCGAN_H
#define SG_MODELS_DCGAN_DCGAN_H

#include "models/family.h"

extern const sg_synthesis_functions sg_dcgan_synthesis;
extern const sg_discriminator_functions sg_dcgan_discriminator;

#endif
