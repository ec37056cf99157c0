/* Arrays of w being gathered from a file of any kind, for the files of this folder. */
#ifndef SG_CHECKPOINT_LATENTS_W_GATHERING_H
#define SG_CHECKPOINT_LATENTS_W_GATHERING_H

#include "checkpoint/latents/w_set.h"
#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/values/value.h"

/* The names under which files keep w, the best first. */
extern const char *const sg_w_names[];
extern const size_t sg_w_name_count;

typedef struct sg_w_gathering {
    const char *path;
    sg_w_set *set; /* num_ws and w_dim are set */
    size_t budget; /* values that may still be read from a tree, whose arrays may be shared */
} sg_w_gathering;

/* Fails with SG_ERROR_FORMAT unless the network can take an array of this shape for w. `name` is
 * its key in the file, or NULL. */
sg_status sg_w_check_shape(const sg_w_gathering *to, const char *name, const sg_numpy_array *array,
                           sg_error *error);

/* Adds the w of an array whose shape was checked. Fails with SG_ERROR_FORMAT for a number that is
 * not finite. */
sg_status sg_w_gather(sg_w_gathering *to, const sg_numpy_array *array, sg_error *error);

/*
 * Adds the w in a tree of values: arrays in lists, dicts and NumPy's arrays of objects. Fails if
 * there is none, or if any of several arrays without a usual name is no w.
 */
sg_status sg_w_gather_values(sg_w_gathering *to, const sg_value *root, sg_error *error);

#endif
