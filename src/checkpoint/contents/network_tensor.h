/*
 * One tensor of a network in a file of any format: the official name and shape, and where and how
 * its numbers lie in the file.
 */
#ifndef SG_CHECKPOINT_CONTENTS_NETWORK_TENSOR_H
#define SG_CHECKPOINT_CONTENTS_NETWORK_TENSOR_H

#include "checkpoint/safetensors/safetensors.h"
#include "checkpoint/values/value.h"

/* How the axes in the file follow from the official ones. */
typedef enum sg_axis_order {
    SG_AXES_KEPT,            /* the same order; axes of size 1 may have been left out */
    SG_AXES_TRANSPOSED,      /* [in, out] for [out, in] */
    SG_AXES_KERNEL,          /* [height, width, in, out] for [out, in, height, width] */
    SG_AXES_KERNEL_REVERSED, /* the same, with rows and columns from the last to the first */
    SG_AXES_KERNEL_OUT_FIRST /* [height, width, out, in] */
} sg_axis_order;

/* Everything but the name is borrowed from the file. */
typedef struct sg_network_tensor {
    char *name; /* within its network: "synthesis.b8.conv0.affine.weight" */
    int rank;
    int64_t size[SG_STORED_MAX_RANK]; /* official; outermost first, entries from `rank` on are 1 */
    size_t count;
    sg_safetensors *file; /* of a safetensors file, else NULL */
    const sg_stored_tensor *stored;
    const sg_value *value; /* an array of another file, else NULL */
    sg_axis_order order;
    double added; /* to each number of the file */
} sg_network_tensor;

/* A tensor of a safetensors file, as it is; the name is not set. */
sg_network_tensor sg_network_tensor_stored(sg_safetensors *file, const sg_stored_tensor *stored);

/*
 * The tensor that an array stands for, with the official number of axes; the name is not set.
 * False when the value is no array of numbers, has axes that the order does not fit or that are too
 * many, or repeats elements to look larger than it is.
 */
bool sg_network_tensor_from_array(const sg_value *value, sg_axis_order order, int rank,
                                  double added, sg_network_tensor *tensor);

/* Reads the numbers, in the official order, to tensor->count elements. */
sg_status sg_network_tensor_read_floats(const sg_network_tensor *tensor, float *numbers,
                                        sg_error *error);
sg_status sg_network_tensor_read_doubles(const sg_network_tensor *tensor, double *numbers,
                                         sg_error *error);

/* "[2, 3]" into `text` (at least 200 bytes); returns text. */
char *sg_network_tensor_print_shape(const sg_network_tensor *tensor, char *text);

#endif
