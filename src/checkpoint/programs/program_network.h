/*
 * Networks of other programs, whose state dicts have StyleGAN's tensors under names of their own:
 * patterns of names tell which tensor is which official one. A new program takes rows, and no code.
 */
#ifndef SG_CHECKPOINT_PROGRAMS_PROGRAM_NETWORK_H
#define SG_CHECKPOINT_PROGRAMS_PROGRAM_NETWORK_H

#include "checkpoint/maps/state_dict.h"

/* What the number in a name counts. The first block has 4x4 pixels. */
typedef enum sg_name_count {
    SG_COUNT_NOTHING,      /* it is the same in the official name */
    SG_COUNT_FROM_ONE,     /* it is one less in the official name */
    SG_COUNT_BLOCKS,       /* blocks, from the first */
    SG_COUNT_LATER_BLOCKS, /* blocks, from the second */
    SG_COUNT_LAYERS,       /* layers, two in each block */
    SG_COUNT_LATER_LAYERS, /* layers, one in the first block, two in each other */
    SG_COUNT_PAIRS,        /* layers from the second block, two in each block */
    SG_COUNT_PIXELS,       /* pixels on a side of the block */
    SG_COUNT_TOP,          /* the last block, without a number */
    SG_COUNT_BLOCKS_DOWN,  /* blocks, from the last to the first, as in discriminators */
    SG_COUNT_LAYERS_DOWN   /* layers, two in each block, from the last block */
} sg_name_count;

/* The layers that a pattern names. */
typedef enum sg_name_place {
    SG_PLACE_ANY,   /* of any block */
    SG_PLACE_LATER, /* of blocks of 8x8 and larger */
    SG_PLACE_START, /* the first layer of any block */
    SG_PLACE_AFTER  /* what follows a discriminator's last block */
} sg_name_place;

/* The tensors of a layer that has the official names: "weight" and "bias". */
extern const sg_layer_row sg_dense_rows[], sg_convolution_rows[];

/*
 * A pattern of names, of one tensor or of a layer's. Rows end with a NULL `foreign`; of several
 * that fit a name, the first holds.
 */
typedef struct sg_name_row {
    const char *foreign;  /* '#' stands for a number, the same one if it occurs twice */
    const char *official; /* '#' is the number, '@' the pixels on a side of the block, '&' the layer
                             within the block, 0 or 1; NULL: the tensor is not used */
    const sg_layer_row *layer; /* the tensors of the layer; NULL: the row is a tensor of `form` */
    sg_foreign_form form;
    sg_name_count count;
    sg_name_place place;
    const char *refusal; /* why a network with such a tensor is not built, after "PART "; or NULL */
} sg_name_row;

/*
 * A pattern whose numbers, without gaps, tell how many blocks there are: of blocks from the first,
 * of layers (of which a discriminator has one beyond two in each block), or of pixels. NULL where
 * no row needs it.
 */
typedef struct sg_block_names {
    const char *pattern;
    sg_name_count count;
} sg_block_names;

/* A network of a program. */
typedef struct sg_program_network {
    const char *title; /* "state dict of genforce's StyleGAN2" */
    sg_family family;
    bool discriminator;
    const char *marks[3]; /* tensors that together tell the network; unused ones are NULL */
    sg_block_names blocks;
    const char *filter;  /* the kernel of a resampling filter, if it is stored */
    const char *fused;   /* a tensor that tells fused_scale: true; or NULL */
    const char *unfused; /* and false, where it is "auto" otherwise; or NULL */
    const char *options; /* keywords that no tensor tells, as JSON; or NULL */
    const sg_name_row *rows;
} sg_program_network;

#endif
