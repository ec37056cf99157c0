/*
 * Sets of w as the programs around StyleGAN exchange them: NumPy's files (projected_w.npz of the
 * official projector.py, .npy of encoders, also pickled dicts and lists), torch's files (a tensor,
 * a list, {"latent": ...}, a dict of pictures), pickles and safetensors. Nothing in them is
 * executed.
 */
#ifndef SG_CHECKPOINT_LATENTS_W_FILE_H
#define SG_CHECKPOINT_LATENTS_W_FILE_H

#include "checkpoint/latents/w_set.h"

/*
 * Reads the set at `path` for a network of `num_ws` inputs of `w_dim` numbers. An array is [N,
 * num_ws, w_dim]; [num_ws, w_dim], one w for each input; or [N, 1, w_dim], [N, w_dim] or [w_dim],
 * where one w goes to every input. Axes of size 1 before these are left out. Of a dict or an
 * archive, the array under a usual name ("w", "latent" and the like) is read, otherwise all that
 * it holds, in its order; of a list, all its items. The caller clears `set`, which is zeroed on
 * failure. Fails with SG_ERROR_FORMAT when an array has another shape, is empty or holds a number
 * that is not finite, when there is none, or for a file of another kind, with what it seems to be.
 */
sg_status sg_w_file_read(const char *path, size_t num_ws, size_t w_dim, sg_w_set *set,
                         sg_error *error);

/*
 * Writes `count` w, `values` [count, num_ws, w_dim], as an .npz file with the array "w", or as an
 * .npy file if the path ends in ".npy".
 */
sg_status sg_w_file_write(const char *path, const float *values, size_t count, size_t num_ws,
                          size_t w_dim, sg_error *error);

#endif
