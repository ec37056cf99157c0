/* Networks built from open network files. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_LOAD_H
#define SG_CHECKPOINT_NETWORK_NETWORK_LOAD_H

#include "checkpoint/network/network_file.h"
#include "models/discriminator.h"
#include "models/generator.h"

/* The number of latents that an average of w is estimated from: the default of rosinality's
 * programs. */
enum { SG_AVERAGE_LATENTS = 4096 };

/*
 * True if the part is a generator whose average of w is not in the file. ProGAN needs none: its w
 * are latents, whose average is 0.
 */
bool sg_network_lacks_average(const sg_network_file *file, sg_network_part part);

/*
 * Counts the noise inputs of a generator whose constant noise is not in the file. *all is their
 * number, and may be NULL.
 */
size_t sg_network_lacking_noise(const sg_network_file *file, sg_network_part part, size_t *all);

/*
 * Build a network in `context` (f32) and fill it; the caller destroys it. `part` is SG_PART_G or
 * SG_PART_G_EMA. Fail, with the result NULL, if a tensor is missing, has another
 * shape than the config asks for, or is left over.
 *
 * A foreign file may lack three things: resampling filters, which follow from the config; the
 * average of w, which is then estimated from latents drawn by NumPy's RandomState(0).randn; and the
 * constant noise, which is then drawn, always the same.
 */
sg_status sg_network_load_generator(const sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error);
sg_status sg_network_load_discriminator(const sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error);
sg_status sg_network_load_encoder(const sg_network_file *file, sg_context *context,
                                  sg_encoder **encoder, sg_error *error);
sg_status sg_network_load_mapper(const sg_network_file *file, sg_context *context,
                                 sg_mapper **mapper, sg_error *error);

/*
 * Fills `parameters`, of a generator with the file's config, as sg_network_load_generator does:
 * also with what a foreign file lacks. Fails as it does; the values are then undefined.
 */
sg_status sg_network_fill_generator(const sg_network_file *file, sg_network_part part,
                                    sg_parameter_set *parameters, sg_error *error);

/* Builds one part into the member of *networks for it, as the functions above do; frees all. */
sg_status sg_network_load_part(const sg_network_file *file, sg_network_part part,
                               sg_context *context, sg_network_parts *networks, sg_error *error);
void sg_network_parts_clear(sg_network_parts *networks);

/*
 * Fills the tensors of an existing network, whose config must be the file's. Fails as the functions
 * above do; the values are then undefined.
 */
sg_status sg_network_fill(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error);

#endif
