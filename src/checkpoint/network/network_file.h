/*
 * Network files with the parts G, D, G_ema and E (any may be absent), of any format that is read:
 * safetensors, the native format, and those of the maps in maps/map_table.h.
 *
 * In a native file a tensor's name is the part, a dot, and the official parameter or buffer name.
 * The metadata "config" is JSON that names the class and its arguments:
 *
 *   {"G_ema": {"class_name": "Generator", "init_kwargs": {...}}, "D": {...}}
 */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_FILE_H
#define SG_CHECKPOINT_NETWORK_NETWORK_FILE_H

#include <cjson/cJSON.h>

#include "checkpoint/contents/network_part.h"
#include "checkpoint/contents/network_tensor.h"
#include "models/discriminator.h"
#include "models/encoder/encoder.h"
#include "models/generator.h"
#include "models/mapper/mapper.h"

/* An open network file. */
typedef struct sg_network_file sg_network_file;

/*
 * Opens the network file of any format that `path` means (sg_network_locate) and reads its config.
 * Nothing in it is executed. Fails with a sentence if the format is not known or the file holds no
 * network. *file (NULL on failure) must be closed.
 */
sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error);

/*
 * The same with `keywords` (NULL: none) that the file cannot tell, "KEY=VALUE,KEY=VALUE"
 * (network_keywords.h), which replace those of its config.
 */
sg_status sg_network_open_given(const char *path, const char *keywords, sg_network_file **file,
                                sg_error *error);

/* Closes the file and frees everything borrowed from it; NULL is allowed. */
void sg_network_close(sg_network_file *file);

/* Returns the file's path: that given, or within the folder given. */
const char *sg_network_path(const sg_network_file *file);

/*
 * Returns the container ("safetensors", "pickle"); the program that wrote the file, as far as it
 * can be told ("StyleGAN2 in TensorFlow"), NULL for the native format.
 */
const char *sg_network_container(const sg_network_file *file);
const char *sg_network_dialect(const sg_network_file *file);

/* Returns the options that the file does not tell, and what they are taken as, as the end of a
 * sentence; NULL if it tells all. */
const char *sg_network_assumed(const sg_network_file *file);

/* The metadata of a native file except "config" and "format"; other files have none. Borrowed. */
size_t sg_network_metadata_count(const sg_network_file *file);
sg_metadata sg_network_metadata_at(const sg_network_file *file, size_t index);

/* Short descriptions of the entries and options that were skipped. Borrowed. */
size_t sg_network_ignored_count(const sg_network_file *file);
const char *sg_network_ignored_at(const sg_network_file *file, size_t index);

/* True if the file has tensors of that part. */
bool sg_network_has(const sg_network_file *file, sg_network_part part);

/* Counts the tensors of that part. */
size_t sg_network_tensor_count(const sg_network_file *file, sg_network_part part);

/* Return a tensor of the part, in the file's order; the tensor of that name, or NULL. Borrowed. */
const sg_network_tensor *sg_network_tensor_at(const sg_network_file *file, sg_network_part part,
                                              size_t index);
const sg_network_tensor *sg_network_tensor_find(const sg_network_file *file, sg_network_part part,
                                                const char *name);

/* Returns a generator's family by its tensors, D's by its config; StyleGAN2 if neither says it. */
sg_family sg_network_family(const sg_network_file *file, sg_network_part part);

/*
 * Returns the config of a part as the file states it: an object of official keywords, borrowed;
 * NULL if the file states none. If the config lacks one of G and G_ema, that of the other serves
 * both.
 */
const cJSON *sg_network_init_kwargs(const sg_network_file *file, sg_network_part part);

/*
 * Read the config of a part. Fail if the part is absent or refused, has no config, has one that is
 * not known, or one that asks for more than 1,000,000 values and four times those in the file.
 */
sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error);
sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error);
sg_status sg_network_mapper_config(const sg_network_file *file, sg_mapper_config *config,
                                   sg_error *error);
sg_status sg_network_encoder_config(const sg_network_file *file, sg_encoder_config *config,
                                    sg_error *error);

#endif
