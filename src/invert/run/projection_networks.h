/* The networks that projections use, opened from files. */
#ifndef SG_INVERT_RUN_PROJECTION_NETWORKS_H
#define SG_INVERT_RUN_PROJECTION_NETWORKS_H

#include "features/feature_network.h"
#include "invert/encode/encoding.h"
#include "invert/run/projection_options.h"
#include "pictures/picture_network.h"

/* Zero it before use, close it after. */
typedef struct sg_projection_networks {
    sg_picture_network network;
    sg_discriminator *discriminator, *classifier; /* NULL: not used */
    sg_lpips_tape *lpips;                         /* NULL: not used */
    sg_encoder *encoder;                          /* NULL: not used */
    sg_feature_network *scorer;                   /* LPIPS for scores; NULL: there is none */
} sg_projection_networks;

/* Where they are; texts are borrowed. */
typedef struct sg_projection_files {
    const char *network, *keywords; /* as sg_picture_network_open */
    const char *const *features;    /* files of feature networks */
    size_t feature_count;
    sg_context_options compute;
} sg_projection_files;

/*
 * Opens the generator, and what the weights of losses ask for; where all of these are 0, sets them
 * to the default, lpips where VGG16 is found, otherwise discriminator and pyramid, otherwise the
 * pyramid alone. Checks the class, and anchors the network. Fails with a sentence that names the
 * file or the field; the caller closes *networks in any case.
 */
sg_status sg_projection_networks_open(sg_projection_networks *networks,
                                      const sg_projection_files *files,
                                      sg_projection_options *options, const sg_watch *watch,
                                      sg_error *error);

/* Returns the same networks for a projector; borrowed. */
sg_invert_networks sg_projection_networks_of(const sg_projection_networks *networks);

/* Closes what is open, and zeroes the struct. */
void sg_projection_networks_close(sg_projection_networks *networks);

#endif
