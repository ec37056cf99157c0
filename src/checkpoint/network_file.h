/*
 * The native network file: safetensors with the parts G, D and G_ema (any may be absent). A
 * tensor's name is the part, a dot, and the official parameter or buffer name; the metadata
 * "config" is JSON that says what to build:
 *
 *   {"G_ema": {"class_name": "Generator", "init_kwargs": {...}}, "D": {...}}
 */
#ifndef SG_CHECKPOINT_NETWORK_FILE_H
#define SG_CHECKPOINT_NETWORK_FILE_H

#include "checkpoint/safetensors.h"
#include "models/discriminator.h"
#include "models/generator.h"

/* A network within a file: the generator, the discriminator, the generator's moving average. */
typedef enum sg_network_part { SG_PART_G, SG_PART_D, SG_PART_G_EMA } sg_network_part;

enum { SG_PART_COUNT = 3 };

/* "G", "D", "G_ema". */
const char *sg_network_part_name(sg_network_part part);

/* An open network file. */
typedef struct sg_network_file sg_network_file;

/*
 * Opens a network file and reads its config. Fails with a sentence when it is no safetensors file
 * (and says so when it is a pickle) or holds no network. *file (NULL on failure) must be closed.
 */
sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error);

/* Closes the file and frees what was borrowed from it; NULL is allowed. */
void sg_network_close(sg_network_file *file);

/* The file's tensors and metadata; owned by the file. */
sg_safetensors *sg_network_tensors(sg_network_file *file);

/* Whether the file has tensors of that part. */
bool sg_network_has(const sg_network_file *file, sg_network_part part);

/* The number of tensors of that part; of values in them, buffers included. */
size_t sg_network_tensor_count(const sg_network_file *file, sg_network_part part);
size_t sg_network_value_count(const sg_network_file *file, sg_network_part part);

/* "StyleGAN2" or "StyleGAN3" as the part's tensors show (only the first can be loaded); borrowed.
 */
const char *sg_network_family(const sg_network_file *file, sg_network_part part);

/*
 * What the part was built from. Where the config lacks one of G and G_ema, the other's counts for
 * both. Fails when the part is absent, has no config, or one that this program does not know.
 */
sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error);
sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error);

/*
 * Builds a network in `context` (f32) and fills it; the caller destroys it. `part` is SG_PART_G or
 * SG_PART_G_EMA. Fails, with *generator NULL, when a tensor is missing, has another shape than the
 * config asks for, or is left over.
 */
sg_status sg_network_load_generator(sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error);
sg_status sg_network_load_discriminator(sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error);

/*
 * Fills an existing network's tensors from the file's part; for a network whose config the caller
 * knows to be the file's. The same failures as above; the values are then undefined.
 */
sg_status sg_network_fill(sg_network_file *file, sg_network_part part, sg_parameter_set *parameters,
                          sg_error *error);

/* What to save; any may be NULL, but not all. */
typedef struct sg_network_parts {
    sg_generator *generator;         /* G */
    sg_discriminator *discriminator; /* D */
    sg_generator *generator_ema;     /* G_ema */
} sg_network_parts;

/*
 * Writes a network file atomically, with `count` further metadata pairs after "config" (which they
 * must not contain). Equal networks give equal bytes. The networks' tensors must be f32.
 */
sg_status sg_network_save(const char *path, const sg_network_parts *parts,
                          const sg_metadata *metadata, size_t count, sg_error *error);

#endif
