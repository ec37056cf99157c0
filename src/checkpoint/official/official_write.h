/*
 * Files for the official PyTorch programs, stylegan2-ada-pytorch and stylegan3.
 *
 * A snapshot is a pickle {"G": ..., "D": ..., "G_ema": ..., "training_set_kwargs": None,
 * "augment_pipe": None} of persistent objects: calls of torch_utils.persistence with the name of a
 * class, the state of its module, and the source text that defines the class. The source text here
 * is one import of the reading program's own modules, so that nothing but these runs there.
 */
#ifndef SG_CHECKPOINT_OFFICIAL_OFFICIAL_WRITE_H
#define SG_CHECKPOINT_OFFICIAL_OFFICIAL_WRITE_H

#include "checkpoint/contents/network_part.h"
#include "checkpoint/values/tensor_entry.h"

/*
 * Writes a snapshot atomically; equal networks give equal bytes. The programs ask for all three
 * networks: the generator that is absent is the other one, and an absent D is an empty module.
 * Fails with SG_ERROR_ARGUMENT without a generator, or for a network that the programs cannot
 * build.
 */
sg_status sg_official_write(const char *path, const sg_network_parts *parts, sg_error *error);

/*
 * Hands the state dicts {"G": ..., "D": ..., "G_ema": ...} of the present networks to `writer`:
 * G.load_state_dict(torch.load(path)["G_ema"]). Fails in the same way.
 */
sg_status sg_official_write_states(const char *path, const sg_network_parts *parts,
                                   sg_tensor_writer writer, sg_error *error);

#endif
