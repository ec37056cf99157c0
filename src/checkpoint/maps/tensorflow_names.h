/*
 * What the tensors of networks are called in the TensorFlow programs, from ProGAN to StyleGAN2-ADA,
 * and how they lie there.
 */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_NAMES_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_NAMES_H

#include "checkpoint/maps/foreign_tensors.h"
#include "models/config.h"

/* What decides a network's names. */
typedef struct sg_tensorflow_layout {
    sg_family family;
    bool discriminator;
    int resolution;
    int mapping_layers;
    bool by_level;  /* StyleGAN2's colour layer of the full size is named by level of detail */
    bool unfused;   /* ProGAN's layers that resample do so apart from convolving */
    bool out_first; /* the kernels of ProGAN's upsampling layers lie [height, width, out, in] */
} sg_tensorflow_layout;

/* A list of tensors, each by both its names. */
typedef struct sg_tensorflow_names {
    sg_foreign_name *items;
    size_t count, capacity;
    bool failed; /* memory ran out; the list is not whole */
} sg_tensorflow_names;

/*
 * Appends the names of all tensors that such a network may have. The names there start with the
 * components' ("synthesis/", "mapping/") where the family has components.
 */
void sg_tensorflow_names_list(const sg_tensorflow_layout *layout, sg_tensorflow_names *names);

/* Frees the list. */
void sg_tensorflow_names_clear(sg_tensorflow_names *names);

#endif
