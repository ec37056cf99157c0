/* What one pass of an encoder takes (models/network_cost.h). */
#ifndef SG_MODELS_ENCODER_ENCODER_COST_H
#define SG_MODELS_ENCODER_ENCODER_COST_H

#include "models/encoder/encoder_config.h"
#include "models/network_cost.h"

/* The codes of one picture, off the tape. */
sg_status sg_encoder_cost(const sg_encoder_config *config, bool exact, sg_network_cost *cost,
                          sg_error *error);

#endif
