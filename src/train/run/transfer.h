/* Weights from another network's file, to start a training from. */
#ifndef SG_TRAIN_RUN_TRANSFER_H
#define SG_TRAIN_RUN_TRANSFER_H

#include "train/step/trainer.h"

enum { SG_TRANSFER_TEXT_BYTES = 400 };

/* What was taken from a file. */
typedef struct sg_transfer {
    size_t taken, wanted; /* tensors copied, and looked for in the parts that the file has */
    /* The first that was not taken, "G.b4.const is [8, 4, 4] in the file and [16, 4, 4] here";
     * empty: none. */
    char left_out[SG_TRANSFER_TEXT_BYTES];
    /* The options of a training that would make the networks equal, in the library's spelling, and
     * what of the data differs; empty: none is known. */
    char options[SG_TRANSFER_TEXT_BYTES];
    bool lacks_discriminator; /* the file has no D, which starts at random */
} sg_transfer;

/*
 * Copies every tensor of G, D and G_ema with the same name and shape from the network file `path`;
 * G serves for a missing G_ema and vice versa. Fails with SG_ERROR_SHAPE when fewer than half of
 * the tensors fit, unless `partly`, or none: most of the networks would start at random.
 */
sg_status sg_transfer_weights(sg_trainer *trainer, const char *path, bool partly,
                              sg_transfer *transfer, sg_error *error);

#endif
