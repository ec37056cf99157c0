/*
 * How weights of one shape serve networks of another: rules that know a tensor's meaning. A rule
 * keeps what the network computes, as far as that is possible, so that a training goes on from what
 * the file's networks know.
 */
#ifndef SG_TRAIN_TRANSFER_ADAPTATION_H
#define SG_TRAIN_TRANSFER_ADAPTATION_H

#include "checkpoint/network/network_file.h"

/* One network of a training, and the part of a file that its weights come from. */
typedef struct sg_transfer_source {
    const sg_network_file *file;
    sg_network_part part;                   /* of the file */
    sg_parameter_set *set;                  /* the tensors to fill, f32 */
    bool of_generator, known;               /* known: the file states its config */
    sg_generator_config g_file, g_here;     /* of a generator */
    sg_discriminator_config d_file, d_here; /* of a discriminator */
    int resolution_file, resolution_here;   /* of either */
    int channels_file, channels_here;
    int classes_file, classes_here;
} sg_transfer_source;

/* What became of a tensor. */
typedef enum sg_transfer_kind {
    SG_TRANSFER_COPIED,  /* the file's numbers */
    SG_TRANSFER_ADAPTED, /* made of the file's numbers by a rule */
    SG_TRANSFER_NEW      /* initial values, or values that a rule gives a new tensor */
} sg_transfer_kind;

/* What became of one tensor; `how` is a phrase for people, NULL if no rule is about the tensor. */
typedef struct sg_transfer_result {
    sg_transfer_kind kind;
    const char *how;
} sg_transfer_result;

/*
 * The rules: fill the tensor and set *result if they are about it in these networks, otherwise
 * leave both. They fail only as reading does, or for lack of memory.
 *
 *   colours: torgb and fromrgb of networks with other channels, or another resolution
 *   labels:  the mapping networks and the output of D, with another number of classes
 *   blocks:  the blocks of D above the file's resolution
 */
sg_status sg_adapt_colours(const sg_transfer_source *source, sg_parameter *target,
                           sg_transfer_result *result, sg_error *error);
sg_status sg_adapt_labels(const sg_transfer_source *source, sg_parameter *target,
                          sg_transfer_result *result, sg_error *error);
sg_status sg_adapt_blocks(const sg_transfer_source *source, sg_parameter *target,
                          sg_transfer_result *result, sg_error *error);

/*
 * Finds the file's tensor for one here. They have the same name, except in StyleGAN3's last layer,
 * whose name has the number of channels. NULL if the file has none.
 */
const sg_network_tensor *sg_transfer_find(const sg_transfer_source *source, const char *name);

/*
 * Reads a tensor of the file as a matrix of `columns` columns (what follows the first axis) into
 * *values, on the heap; *rows is its number of rows. *values is NULL, without failure, if the file
 * has no tensor of the name or another number of columns (0: any).
 */
sg_status sg_transfer_read(const sg_transfer_source *source, const char *name, size_t columns,
                           float **values, size_t *rows, sg_error *error);

/* Splits "b32.conv0.weight" (of a generator: "synthesis.b32...") into the resolution and
 * "conv0.weight"; 0 for another name. */
int sg_transfer_block(const char *name, const char **rest);

/* Returns the pointer to the numbers of the target, whose copies are void after the call. */
float *sg_transfer_write(sg_parameter *target);

#endif
