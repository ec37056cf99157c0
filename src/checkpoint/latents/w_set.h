/* Sets of w: the styles of pictures, one vector for each input of the synthesis network. */
#ifndef SG_CHECKPOINT_LATENTS_W_SET_H
#define SG_CHECKPOINT_LATENTS_W_SET_H

#include "base/error.h"

/* One w for every input of the synthesis network, `count` times; plain data. */
typedef struct sg_w_set {
    size_t count;
    size_t num_ws, w_dim;
    float *values;    /* [count, num_ws, w_dim] */
    bool taken_whole; /* an array [num_ws, w_dim] was taken for one w of each input, where it could
                         have been num_ws of all inputs */
} sg_w_set;

/* Frees the values and zeroes the set. */
void sg_w_set_clear(sg_w_set *set);

/* Returns the values of one w, [num_ws, w_dim]; borrowed. */
const float *sg_w_set_at(const sg_w_set *set, size_t index);

/* Appends the w of another set of the same network. Fails with SG_ERROR_MEMORY for `path`. */
sg_status sg_w_set_append(sg_w_set *set, const sg_w_set *more, const char *path, sg_error *error);

#endif
