/*
 * Sets of w in NumPy's files, as the official programs exchange them: an .npz file with the array
 * "w", which projector.py writes, or an .npy file.
 */
#ifndef SG_CHECKPOINT_NUMPY_W_FILE_H
#define SG_CHECKPOINT_NUMPY_W_FILE_H

#include "base/error.h"

/* One w for every input of the synthesis network, `count` times; plain data. */
typedef struct sg_w_set {
    size_t count;
    size_t num_ws, w_dim;
    float *values; /* [count, num_ws, w_dim] */
} sg_w_set;

/* Frees the values and zeroes the set. */
void sg_w_set_clear(sg_w_set *set);

/* Returns the values of one w, [num_ws, w_dim]; borrowed. */
const float *sg_w_set_at(const sg_w_set *set, size_t index);

/*
 * Reads the set at `path` for a network of `num_ws` inputs of `w_dim` numbers: an array [N, num_ws,
 * w_dim], or [N, 1, w_dim], [N, w_dim] or [w_dim], where one w goes to every input. The caller
 * clears `set`, which is zeroed on failure. Fails with SG_ERROR_FORMAT when the array has
 * another shape, is empty or holds a number that is not finite, or as sg_numpy_read does.
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
