/*
 * All random numbers of one batch's augmentation, as plain data: drawn from a random stream, or
 * taken from elsewhere, such as a file of expected values.
 *
 * A transform draws a value and a gate for each picture, whether or not the gate passes; the pipe
 * decides that when it knows p. So the same draws serve any p.
 */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_DRAWS_H
#define SG_TRAIN_AUGMENT_AUGMENT_DRAWS_H

#include <stdint.h>

#include "base/random.h"
#include "train/augment/augment_spec.h"

/* What is drawn, in this order. The rotation has a draw before and one after the anisotropic
 * scaling, and the image filter one for each of its bands. */
typedef enum sg_augment_slot {
    SG_DRAW_XFLIP,
    SG_DRAW_ROTATE90,
    SG_DRAW_XINT,
    SG_DRAW_SCALE,
    SG_DRAW_ROTATE_BEFORE,
    SG_DRAW_ANISO,
    SG_DRAW_ROTATE_AFTER,
    SG_DRAW_XFRAC,
    SG_DRAW_BRIGHTNESS,
    SG_DRAW_CONTRAST,
    SG_DRAW_LUMAFLIP,
    SG_DRAW_HUE,
    SG_DRAW_SATURATION,
    SG_DRAW_BAND,
    SG_DRAW_BAND_LAST = SG_DRAW_BAND + 3,
    SG_DRAW_STRENGTH_OF_NOISE,
    SG_DRAW_CUTOUT,
    SG_AUGMENT_SLOTS
} sg_augment_slot;

/* One picture's draw of one slot. */
typedef struct sg_augment_draw {
    double
        value[2]; /* uniform in [0, 1) or standard normal; the second for shifts and cutout (y) */
    double gate;  /* uniform in [0, 1); passes below the probability */
} sg_augment_draw;

/* The draws for `samples` pictures. */
typedef struct sg_augment_draws {
    int64_t samples;
    sg_augment_draw (*rows)[SG_AUGMENT_SLOTS]; /* [samples]; slots that are off hold zeros */
    float *noise; /* [N, C, H, W], NULL without the noise transform and in rehearsals */
} sg_augment_draws;

/* Sizes of the pictures that draws are for. */
typedef struct sg_augment_size {
    int64_t samples, channels, height, width;
} sg_augment_size;

/* Writes `count` numbers, standard normal or uniform in [0, 1). */
typedef void (*sg_augment_source)(void *argument, bool normal, size_t count, float *values);

/*
 * Makes the draws that the spec's transforms need. Calls `source` once for each array, in the order
 * of the published code: values [N] or [N, 2], then gates [N], of each slot in turn; of the noise
 * also [N, C, H, W]; of the cutout the gates first. Hue and saturation draw nothing for 1 or 2
 * channels. Fails with SG_ERROR_MEMORY. sg_augment_draws_free frees the draws.
 */
sg_status sg_augment_draws_make(const sg_augment_spec *spec, sg_augment_size size,
                                sg_augment_source source, void *argument, sg_augment_draws *draws,
                                sg_error *error);

/* The same from a random stream, which advances. */
sg_status sg_augment_draws_random(const sg_augment_spec *spec, sg_augment_size size,
                                  sg_random *random, sg_augment_draws *draws, sg_error *error);

/* Frees what the draws hold and empties the struct. */
void sg_augment_draws_free(sg_augment_draws *draws);

#endif
