/* How a training augments the pictures that the discriminator sees; docs/augmentation.md. */
#ifndef SG_TRAIN_OPTIONS_AUGMENT_OPTIONS_H
#define SG_TRAIN_OPTIONS_AUGMENT_OPTIONS_H

#include "base/fields.h"
#include "train/augment/augment_spec.h"

typedef enum sg_augment_mode {
    SG_AUGMENT_NONE,
    SG_AUGMENT_ADAPTIVE, /* p follows the discriminator's scores of real pictures (Karras et al.
                            2020, section 3) */
    SG_AUGMENT_FIXED     /* p never changes */
} sg_augment_mode;

/* The names of the modes, in their order: noaug, ada, fixed. */
extern const sg_choices sg_augment_choices;

enum { SG_AUGMENT_PIPE_BYTES = 256 };

/* Which transforms there are, as they were asked for and as the pipe takes them. */
typedef struct sg_augment_pipe {
    char text[SG_AUGMENT_PIPE_BYTES]; /* "bgc" */
    sg_augment_spec spec;
} sg_augment_pipe;

/* Reads a pipe from its text, for a row of fields. */
extern const sg_field_codec sg_augment_pipe_codec;

/* Plain data. */
typedef struct sg_augment_options {
    sg_augment_mode mode;
    double p;             /* probability of each transform: at the start when adaptive, or fixed;
                             SG_FOLLOWS: 0 and 0.2 */
    double target;        /* of the mean sign of the scores of real pictures, 0.6 */
    double kimg;          /* thousands of images in which p can rise from 0 to 1; SG_FOLLOWS: 500,
                             100 after a start from another network's weights */
    sg_augment_pipe pipe; /* bgc */
} sg_augment_options;

/* Returns the published pipe, bgc. */
sg_augment_pipe sg_augment_pipe_default(void);

/* Fails with SG_ERROR_ARGUMENT if pictures are to be augmented by a pipe that leaves all pictures
 * of so many channels as they are. */
sg_status sg_augment_check(const sg_augment_options *options, int channels, sg_error *error);

#endif
