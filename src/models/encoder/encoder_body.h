/* The body of encoders: residual units with batch normalisation (IR-SE of ArcFace, Deng et al.
 * 2019), with squeeze and excitation (Hu et al. 2018). */
#ifndef SG_MODELS_ENCODER_ENCODER_BODY_H
#define SG_MODELS_ENCODER_ENCODER_BODY_H

#include "models/encoder/encoder_config.h"
#include "nn/norm_layer.h"

typedef struct sg_encoder_body sg_encoder_body;

/* Adds "input_layer.*" and "body.*" to the set, which must outlive the body. NULL (error in the
 * context) on failure. */
sg_encoder_body *sg_encoder_body_create(sg_parameter_set *set, const sg_encoder_config *config);
void sg_encoder_body_destroy(sg_encoder_body *body);

/* Computes the maps after stages 2, 3 and 4 of pictures [N, H, W, C]; NULL entries on failure. */
void sg_encoder_body_maps(const sg_encoder_body *body, sg_tensor *pictures, sg_norm_pass pass,
                          sg_tensor *maps[SG_ENCODER_MAPS]);

#endif
