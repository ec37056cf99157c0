/* All that a projection can be told, as fields: options of `stylegan project`. */
#ifndef SG_INVERT_RUN_PROJECTION_OPTIONS_H
#define SG_INVERT_RUN_PROJECTION_OPTIONS_H

#include "invert/pivotal_tuning.h"
#include "invert/projector.h"
#include "invert/targets/target_options.h"

/* Plain data; texts are borrowed. */
typedef struct sg_projection_options {
    sg_target_options target;
    sg_projector_options projector; /* but start, start_values and label, which follow from the
                                       rest */
    const char *start;        /* a file of w, or of z for that space, to start from; NULL: none */
    int multi_start;          /* starts that are tried in short runs; below 2: one */
    bool anchor;              /* sg_generator_anchor */
    const char *classifier;   /* the network file of a classifier, for the loss "own"; or NULL */
    const char *encoder;      /* the network file of an encoder, whose w is the start; or NULL */
    int tune;                 /* steps of pivotal tuning after the search; 0: none */
    bool together;            /* one network is tuned for all targets, not one for each */
    const char *freeze;       /* "NAME,NAME": parameters or modules that tuning leaves; or NULL */
    sg_tuning_options tuning; /* but steps, frozen and class_index, which follow from the rest */
    bool save_video;
    int frames_per_second;
    sg_given given; /* rows of the fields that were given */
} sg_projection_options;

/* The fields; the table is about sg_projection_options. */
extern const sg_field_table sg_projection_fields;

/* Returns the defaults: those of the official projector. */
sg_projection_options sg_projection_options_default(void);

#define SG_PROJECTION_GIVEN(options, member)                                                       \
    SG_IS_GIVEN(&sg_projection_fields, &(options)->given, sg_projection_options, member)

/*
 * Sets what follows from the rest, and fails with SG_ERROR_ARGUMENT and a sentence where options
 * contradict one another.
 */
sg_status sg_projection_options_resolve(sg_projection_options *options, sg_error *error);

/* Writes "lpips" or "discriminator + 0.5 pyramid" to `text` of `size` bytes; returns `text`. */
const char *sg_projection_describe_losses(const sg_invert_weights *weights, char *text,
                                          size_t size);

#endif
