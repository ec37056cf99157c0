/*
 * A native network file being put together from networks in memory and parts of other files; for
 * network_save.c and network_convert.c.
 */
#ifndef SG_CHECKPOINT_NETWORK_SAVING_H
#define SG_CHECKPOINT_NETWORK_SAVING_H

#include "checkpoint/network_file.h"

/* A tensor to be written. */
typedef struct sg_saved_tensor {
    char *name;    /* "G_ema.synthesis.b4.const" */
    float *copied; /* values that only this file has, or NULL */
} sg_saved_tensor;

typedef struct sg_network_saving {
    const char *path;
    sg_safetensors_entry *entries;
    sg_saved_tensor *tensors;
    size_t count, capacity;
    cJSON *config;
} sg_network_saving;

/* Adds a generator, or a discriminator, whose tensors are borrowed; NULL adds nothing. */
sg_status sg_network_saving_add_generator(sg_network_saving *job, sg_network_part part,
                                          sg_generator *generator, sg_error *error);
sg_status sg_network_saving_add_discriminator(sg_network_saving *job,
                                              sg_discriminator *discriminator, sg_error *error);

/* Adds a part of another file as it is there, for networks that cannot be built. */
sg_status sg_network_saving_copy(sg_network_saving *job, const sg_network_file *file,
                                 sg_network_part part, sg_error *error);

/* Writes the file; fails when there is nothing to write. */
sg_status sg_network_saving_write(const sg_network_saving *job, const sg_metadata *metadata,
                                  size_t count, sg_error *error);

/* Frees what was put together. */
void sg_network_saving_clear(sg_network_saving *job);

#endif
