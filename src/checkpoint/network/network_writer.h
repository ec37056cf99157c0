/*
 * A native network file being put together from networks in memory; for network_save.c and
 * network_convert.c.
 */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_WRITER_H
#define SG_CHECKPOINT_NETWORK_NETWORK_WRITER_H

#include "checkpoint/network/network_file.h"

typedef struct sg_network_saving {
    const char *path;
    sg_safetensors_entry *entries;
    char **names; /* the entries', "G_ema.synthesis.b4.const" */
    size_t count, capacity;
    cJSON *config;
} sg_network_saving;

/* Adds a generator, or a discriminator, whose tensors are borrowed; NULL adds nothing. */
sg_status sg_network_saving_add_generator(sg_network_saving *job, sg_network_part part,
                                          sg_generator *generator, sg_error *error);
sg_status sg_network_saving_add_discriminator(sg_network_saving *job,
                                              sg_discriminator *discriminator, sg_error *error);

/* Writes the file; fails when there is nothing to write. */
sg_status sg_network_saving_write(const sg_network_saving *job, const sg_metadata *metadata,
                                  size_t count, sg_error *error);

/* Frees what was put together. */
void sg_network_saving_clear(sg_network_saving *job);

#endif
