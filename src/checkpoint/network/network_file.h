/*
 * Network files with the parts G, D and G_ema (any may be absent), of any format that is read:
 * safetensors, which is the native one, and those of the maps in network_map.h.
 *
 * In the native file a tensor's name is the part, a dot, and the official parameter or buffer name;
 * the metadata "config" is JSON that says what to build:
 *
 *   {"G_ema": {"class_name": "Generator", "init_kwargs": {...}}, "D": {...}}
 */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_FILE_H
#define SG_CHECKPOINT_NETWORK_NETWORK_FILE_H

#include <cjson/cJSON.h>

#include "checkpoint/contents/network_tensor.h"
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
 * Opens a network file of any format and reads its config. Nothing in it is executed. Fails with a
 * sentence when it is of no known format or holds no network. *file (NULL on failure) must be
 * closed.
 */
sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error);

/* Closes the file and frees what was borrowed from it; NULL is allowed. */
void sg_network_close(sg_network_file *file);

/* The path as given. */
const char *sg_network_path(const sg_network_file *file);

/* How the file is packed ("safetensors", "pickle"), and by what program it was written, as far as
 * can be told ("StyleGAN2 in TensorFlow"; NULL when it is the native format). */
const char *sg_network_container(const sg_network_file *file);
const char *sg_network_dialect(const sg_network_file *file);

/* A safetensors file's metadata but for "config"; other files have none. Borrowed. */
size_t sg_network_metadata_count(const sg_network_file *file);
sg_metadata sg_network_metadata_at(const sg_network_file *file, size_t index);

/* What the file holds besides and nobody reads, as short descriptions. Borrowed. */
size_t sg_network_ignored_count(const sg_network_file *file);
const char *sg_network_ignored_at(const sg_network_file *file, size_t index);

/* Whether the file has tensors of that part. */
bool sg_network_has(const sg_network_file *file, sg_network_part part);

/* The number of tensors of that part; of values in them, buffers included. */
size_t sg_network_tensor_count(const sg_network_file *file, sg_network_part part);
size_t sg_network_value_count(const sg_network_file *file, sg_network_part part);

/* The part's tensors, in the file's order; the one of that name, or NULL. Borrowed. */
const sg_network_tensor *sg_network_tensor_at(const sg_network_file *file, sg_network_part part,
                                              size_t index);
const sg_network_tensor *sg_network_tensor_find(const sg_network_file *file, sg_network_part part,
                                                const char *name);

/* A generator's family as its tensors show, D's as its config says; StyleGAN2 where nothing does.
 */
sg_family sg_network_family(const sg_network_file *file, sg_network_part part);

/*
 * What the part was built from, as the file says it: an object of official keywords, borrowed; NULL
 * when the file does not say. Where the config lacks one of G and G_ema, the other's counts for
 * both.
 */
const cJSON *sg_network_init_kwargs(const sg_network_file *file, sg_network_part part);

/*
 * The same as a struct. Fails when the part is absent, has no config, or one that this program does
 * not know.
 */
sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error);
sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error);

/* The latents over whose w the average is taken that a foreign file lacks; as rosinality's programs
 * do by default. */
enum { SG_AVERAGE_LATENTS = 4096 };

/* Whether the part is a generator whose average of w is not in the file; of ProGAN, whose w are
 * latents, it is 0 and need not be. */
bool sg_network_lacks_average(const sg_network_file *file, sg_network_part part);

/*
 * Builds a network in `context` (f32) and fills it; the caller destroys it. `part` is SG_PART_G or
 * SG_PART_G_EMA. Fails, with *generator NULL, when a tensor is missing, has another shape than the
 * config asks for, or is left over.
 *
 * Two things a foreign file may lack: resampling filters, which follow from the config, and the
 * average of w, which is then estimated from latents that NumPy's RandomState(0).randn draws.
 */
sg_status sg_network_load_generator(const sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error);
sg_status sg_network_load_discriminator(const sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error);

/*
 * Fills an existing network's tensors from the file's part; for a network whose config the caller
 * knows to be the file's. The same failures as above; the values are then undefined.
 */
sg_status sg_network_fill(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error);

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
