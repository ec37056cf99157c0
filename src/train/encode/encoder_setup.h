/* What the training of an encoder takes from the file of its generator. */
#ifndef SG_TRAIN_ENCODE_ENCODER_SETUP_H
#define SG_TRAIN_ENCODE_ENCODER_SETUP_H

#include "train/options/run_options.h"
#include "train/step/trainer.h"

/* Size and channels of the pictures that are trained on. */
typedef struct sg_encoded_size {
    size_t height, width, channels;
} sg_encoded_size;

/*
 * Completes the options by the networks of options->network: their configs, the encoder's sizes,
 * and the losses where none are given. Fails with SG_ERROR_ARGUMENT for a generator whose pictures
 * have another size than those that are trained on, or that encoders do not suit.
 */
sg_status sg_encoder_setup_options(sg_context *context, sg_run_options *options,
                                   const sg_encoded_size *size, sg_error *error);

/* Fills the trainer's generator and discriminator from the file, opens LPIPS where it has a weight,
 * and gives a new encoder the generator's mean of w. */
sg_status sg_encoder_setup_trainer(sg_trainer *trainer, const sg_run_options *options,
                                   sg_error *error);

/* Writes a sheet of the first pictures of a data set, each above its reconstruction. */
struct sg_dataset;
sg_status sg_encoder_write_sheet(sg_trainer *trainer, const struct sg_dataset *dataset,
                                 const char *path, sg_error *error);

#endif
