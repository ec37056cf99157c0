/* The network that pictures come from: its file, its config and, once loaded, its generator. */
#ifndef SG_PICTURES_PICTURE_NETWORK_H
#define SG_PICTURES_PICTURE_NETWORK_H

#include "base/number_list.h"
#include "base/watch.h"
#include "checkpoint/network/network_file.h"
#include "latent/transform.h"

/* Zero it before use, close it after. */
typedef struct sg_picture_network {
    const char *path;      /* as it was given, borrowed, or `found`; NULL: unknown */
    const char *keywords;  /* for sg_network_open_given, or NULL; set before opening */
    char *found;           /* the newest network of a folder that was given; NULL: a file was */
    sg_network_file *file; /* NULL once the generator is loaded */
    sg_network_part part;  /* G_ema, or G of a file without it */
    sg_generator_config config;
    sg_context *context; /* owned unless `borrowed` */
    bool borrowed;
    sg_generator *generator;
} sg_picture_network;

/*
 * Opens the file at `path`, which must outlive the network, and reads its config. Notes to `watch`
 * that a file without G_ema is painted with G, and that noise which the file lacks is drawn.
 */
sg_status sg_picture_network_open(sg_picture_network *network, const char *path,
                                  const sg_watch *watch, sg_error *error);

/* Builds the generator in a context with these options and closes the file. */
sg_status sg_picture_network_load(sg_picture_network *network, const sg_context_options *options,
                                  sg_error *error);

/* Builds the generator in the caller's context, which must outlive it, and closes the file. */
sg_status sg_picture_network_load_in(sg_picture_network *network, sg_context *context,
                                     sg_error *error);

/* Frees all that the network holds and zeroes it. */
void sg_picture_network_close(sg_picture_network *network);

/* Returns the file's name without its folder; borrowed. */
const char *sg_picture_network_name(const sg_picture_network *network);

/*
 * Reads a list of classes (NULL: none was given) against those of the opened network; the caller
 * clears the list. Fails with SG_ERROR_ARGUMENT where a conditional network gets none, or a class
 * that it lacks. The list of an unconditional network is one 0; `watch` is told when a given one is
 * ignored.
 */
sg_status sg_picture_network_classes(const sg_picture_network *network, const char *text,
                                     const sg_watch *watch, sg_number_list *classes,
                                     sg_error *error);

/* How the network's pictures lie. */
typedef struct sg_motion_options {
    bool anchor; /* all pictures of a StyleGAN3 lie as the average one: sg_generator_anchor */
    bool move_constant; /* a transform moves the constant of a StyleGAN2 (latent/moved_input.h) */
} sg_motion_options;

/* Anchors the loaded network if asked for. Fails with SG_ERROR_ARGUMENT when it cannot be anchored,
 * or its pictures cannot be moved by `transform`. */
sg_status sg_picture_network_set_motion(const sg_picture_network *network,
                                        const sg_motion_options *motion,
                                        const sg_transform *transform, sg_error *error);

/* Fails with SG_ERROR_ARGUMENT unless the loaded network is a StyleGAN3, whose pictures can be
 * moved and turned. */
sg_status sg_picture_network_check_movable(const sg_picture_network *network, sg_error *error);

#endif
