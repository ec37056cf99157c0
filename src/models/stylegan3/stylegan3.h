/* StyleGAN3's synthesis network (Karras et al. 2021), for its descriptor. */
#ifndef SG_MODELS_STYLEGAN3_STYLEGAN3_H
#define SG_MODELS_STYLEGAN3_STYLEGAN3_H

#include "models/family.h"

extern const sg_synthesis_functions sg_stylegan3_synthesis;

#endif
