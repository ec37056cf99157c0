/*
 * Encoders: networks that tell w of a picture, for a generator that is given. Tensors have the
 * names of the published programs pixel2style2pixel and encoder4editing, without their prefix
 * "encoder.".
 */
#ifndef SG_MODELS_ENCODER_ENCODER_H
#define SG_MODELS_ENCODER_ENCODER_H

#include "models/encoder/encoder_config.h"
#include "nn/norm_layer.h"

typedef struct sg_encoder sg_encoder;

enum { SG_ENCODER_ALL_DELTAS = 9999 /* as a stage: no code is held back */ };

/* Options of a pass. */
typedef struct sg_encoder_pass {
    sg_norm_pass norm; /* zero: tracked moments, as outside training */
    int stage;         /* e4e: codes above it equal the first (Tov et al. 2021, section 4.2) */
    sg_tensor **maps;  /* [SG_ENCODER_MAPS], gets the maps [N, H, W, C]; NULL: nobody asks */
} sg_encoder_pass;

/* Returns a network with initial weights drawn from `seed` and a mean of w of 0; NULL (error in the
 * context) on failure. */
sg_encoder *sg_encoder_create(sg_context *context, const sg_encoder_config *config, sg_dtype dtype,
                              uint64_t seed);
void sg_encoder_destroy(sg_encoder *encoder);

/* Returns the config and the parameters; borrowed. */
const sg_encoder_config *sg_encoder_config_of(const sg_encoder *encoder);
sg_parameter_set *sg_encoder_parameters(sg_encoder *encoder);

/* Returns the mean of w that codes are relative to, the buffer [num_ws, w_dim]; borrowed. */
sg_tensor *sg_encoder_average(const sg_encoder *encoder);

/* Returns codes [N, num_ws, w_dim] of pictures [N, H, W, C] in [-1, 1], relative to the mean of w.
 * Pictures larger or smaller than the encoder's by a power of two are resized. */
sg_tensor *sg_encoder_codes(sg_encoder *encoder, sg_tensor *pictures, sg_encoder_pass pass);

/* Returns the codes plus the mean of w: [N, num_ws, w_dim]. */
sg_tensor *sg_encoder_styles(const sg_encoder *encoder, sg_tensor *codes);

#endif
