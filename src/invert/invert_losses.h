/*
 * Losses of inversion by name: how far a painted picture is from a target. A projection takes the
 * sum of losses, each times its weight.
 */
#ifndef SG_INVERT_INVERT_LOSSES_H
#define SG_INVERT_INVERT_LOSSES_H

#include "base/choices.h"
#include "features/tape/lpips_tape.h"
#include "models/discriminator.h"
#include "models/generator.h"

typedef enum sg_invert_loss {
    SG_INVERT_LPIPS,         /* squared distance of VGG16's features (Zhang et al. 2018) */
    SG_INVERT_DISCRIMINATOR, /* features of the discriminator in the generator's file */
    SG_INVERT_PYRAMID, /* mean absolute differences of a Laplacian pyramid (Bojanowski et al. 2018)
                        */
    SG_INVERT_PIXEL,   /* mean square difference of pixels in [-1, 1] */
    SG_INVERT_OWN,     /* features of a classifier */
    SG_INVERT_LOSS_COUNT
} sg_invert_loss;

/* "lpips", "discriminator", "pyramid", "pixel", "own". */
extern const sg_choices sg_invert_loss_choices;

/* A weight for each loss; 0: it is not computed. */
typedef struct sg_invert_weights {
    double of[SG_INVERT_LOSS_COUNT];
} sg_invert_weights;

/*
 * Reads "NAME=WEIGHT,..."; a NAME alone has weight 1. Fails with SG_ERROR_ARGUMENT and the part of
 * a sentence that follows "NAME " (base/fields.h, sg_field_codec) for an unknown name, a name
 * twice, or a weight that is not a number from 0 to 1e6.
 */
sg_status sg_invert_weights_parse(const char *text, sg_invert_weights *weights, sg_error *error);

/* The networks of an inversion; all but the generator may be NULL. Borrowed. */
typedef struct sg_invert_networks {
    sg_generator *generator;
    sg_discriminator *discriminator; /* of the generator's channels and size */
    sg_discriminator *classifier;
    sg_lpips_tape *lpips;
} sg_invert_networks;

/* Returns the weights by default: LPIPS where it is there, otherwise discriminator and pyramid,
 * otherwise the pyramid alone. */
sg_invert_weights sg_invert_weights_default(const sg_invert_networks *networks);

/* True if no loss has a weight. */
bool sg_invert_weights_are_empty(const sg_invert_weights *weights);

#endif
