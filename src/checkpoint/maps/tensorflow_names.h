/* The names and forms of tensors in the TensorFlow programs, from ProGAN to StyleGAN2-ADA. */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_NAMES_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_NAMES_H

#include "checkpoint/maps/foreign_names.h"
#include "checkpoint/maps/tensorflow_network.h"

/* The properties that decide a network's names. */
typedef struct sg_tensorflow_layout {
    sg_family family;
    bool discriminator;
    sg_tensorflow_size size;
    int mapping_layers;
    bool by_level;  /* StyleGAN2's colour layer of the full size is named by level of detail */
    bool unfused;   /* ProGAN's layers resample in a step of their own */
    bool out_first; /* the kernels of ProGAN's upsampling layers are [height, width, out, in] */
} sg_tensorflow_layout;

/*
 * Appends the names of all tensors that such a network may have. The foreign names start with the
 * component ("synthesis/", "mapping/") if the family has components.
 */
void sg_tensorflow_names_list(const sg_tensorflow_layout *layout, sg_foreign_names *names);

#endif
