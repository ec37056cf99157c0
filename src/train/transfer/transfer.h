/* Weights from another network's file, to start a training from. */
#ifndef SG_TRAIN_TRANSFER_TRANSFER_H
#define SG_TRAIN_TRANSFER_TRANSFER_H

#include "base/text.h"
#include "checkpoint/network/network_file.h"

enum { SG_TRANSFER_TEXT_BYTES = 400 };

/* What was taken from a file. */
typedef struct sg_transfer {
    size_t taken, wanted; /* tensors copied or adapted, and looked for in the parts of the file */
    size_t adapted;       /* of those taken */
    /* The first that was not taken, "G.b4.const is [8, 4, 4] in the file and [16, 4, 4] here";
     * empty: none. */
    char left_out[SG_TRANSFER_TEXT_BYTES];
    /* The options of a training that would make the networks equal, in the library's spelling, and
     * what of the data differs; empty: none is known. */
    char options[SG_TRANSFER_TEXT_BYTES];
    bool lacks_discriminator; /* the file has no D, which starts at random */
    sg_text report; /* lines: which tensors are adapted, new or left in the file, and why */
} sg_transfer;

/*
 * Fills G, D and G_ema from the network file `path`: tensors of the same name and shape are copied,
 * those of networks with other classes, channels or another resolution adapted
 * (train/transfer/adaptation.h). G serves for a missing G_ema and vice versa. Fails with
 * SG_ERROR_SHAPE when fewer than half of the tensors fit, unless `partly`, or none: most of the
 * networks would start at random; and for StyleGAN3 of another resolution. sg_transfer_clear frees
 * *transfer in either case.
 */
sg_status sg_transfer_weights(const sg_network_parts *networks, const char *path, bool partly,
                              sg_transfer *transfer, sg_error *error);
void sg_transfer_clear(sg_transfer *transfer);

#endif
