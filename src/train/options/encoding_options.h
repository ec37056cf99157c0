/* Options of the training of an encoder for a generator that is given. */
#ifndef SG_TRAIN_OPTIONS_ENCODING_OPTIONS_H
#define SG_TRAIN_OPTIONS_ENCODING_OPTIONS_H

#include "base/fields.h"
#include "invert/invert_losses.h"
#include "models/encoder/encoder.h"

/* All zero: no encoder is trained. */
typedef struct sg_encoding_options {
    bool encodes;              /* an encoder is trained, in place of a pair */
    bool judged;               /* the generator's file has a discriminator of its pictures */
    sg_encoder_config encoder; /* sizes; those of the generator follow from its file */
    sg_invert_weights losses;  /* of pictures; all 0: pixel, and LPIPS where it is found */
    double own_share;          /* of each batch: the generator's own pictures, whose w is known */
    double code_weight;        /* of the differences from known w, relative to the spread of w */
    double norm_weight;        /* of the norm of codes */
    double delta_weight;       /* of the norm of differences between codes */
    double latent_weight;      /* e4e: of the discriminator of w; 0: there is none */
    double stage_kimg; /* e4e: kimg from one difference that is learned to the next; 0: all at once
                        */
} sg_encoding_options;

/* Read "NAME=WEIGHT,...", the sizes of an encoder in JSON, and the path of a file (char
 * [SG_PATH_BYTES]), for rows of fields. */
extern const sg_field_codec sg_encoder_loss_codec;
extern const sg_field_codec sg_encoder_sizes_codec;

/* True if a discriminator of w is trained beside the encoder. */
bool sg_encoding_is_adversarial(const sg_encoding_options *options);

/* Returns the code up to which differences are learned after so many pictures. */
int sg_encoding_stage(const sg_encoding_options *options, double images);

#endif
