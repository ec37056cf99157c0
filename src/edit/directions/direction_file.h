/*
 * Files of directions. Ours are safetensors, or NumPy's .npz where the path says so, with
 *
 *   directions  [N, w_dim], or [N, num_ws, w_dim] if any direction has a value for each input;
 *               zeros for one that moves style channels alone
 *   sigma       [N]: the standard deviation of w along each
 *   layers      [N, 2]: the first and the last input that each moves, -1: to the end
 *   useful      [N, 2]: between which amounts pictures stay sensible; both 0: not known
 *   names       N texts; sources  N texts, how each was found
 *   channels    N texts, each a JSON list of [layer, channel, step]; absent without any
 *
 * where texts are arrays of str in .npz, and JSON lists among the metadata in safetensors.
 */
#ifndef SG_EDIT_DIRECTIONS_DIRECTION_FILE_H
#define SG_EDIT_DIRECTIONS_DIRECTION_FILE_H

#include "edit/direction.h"

/* A network's inputs; 0: not known, so that any width is read. */
typedef struct sg_direction_shape {
    size_t num_ws, w_dim;
} sg_direction_shape;

/*
 * Reads the directions at `path`, appending them to `set`. Opened too are those of other programs:
 * GANSpace's .npz ("lat_comp", "lat_stdev") and their excerpts in torch's files ("comp", "std"),
 * rosinality's factors ("eigvec", whose columns are directions), and single arrays or dicts of
 * them, [w_dim], [1, w_dim], [N, w_dim], [num_ws, w_dim], [N, num_ws, w_dim] (InterFaceGAN's
 * boundaries and others), named after the dict's keys or the file. Fails with SG_ERROR_FORMAT for
 * another shape than the network's, numbers that are not finite, or a name that the set has.
 */
sg_status sg_direction_file_read(const char *path, sg_direction_shape shape, sg_direction_set *set,
                                 sg_error *error);

/* Fails with SG_ERROR_ARGUMENT for a name that ends neither in .safetensors nor in .npz, the two
 * formats that are written: before a long search for what goes there. */
sg_status sg_direction_file_check_name(const char *path, sg_error *error);

/* Writes the set atomically, as .npz if the name ends so, otherwise as safetensors. Fails with
 * SG_ERROR_ARGUMENT for an empty set, or directions of different networks. */
sg_status sg_direction_file_write(const char *path, const sg_direction_set *set, sg_error *error);

#endif
