/*
 * One tensor of a network in a file of any format: its official name and shape, and the place and
 * order of its numbers in the file.
 */
#ifndef SG_CHECKPOINT_CONTENTS_NETWORK_TENSOR_H
#define SG_CHECKPOINT_CONTENTS_NETWORK_TENSOR_H

#include "checkpoint/safetensors/safetensors.h"
#include "checkpoint/values/value.h"

/* The order of the axes in the file, against the official one. */
typedef enum sg_axis_order {
    SG_AXES_KEPT,             /* the same; the file may have more axes of size 1 */
    SG_AXES_TRANSPOSED,       /* [in, out], officially [out, in] */
    SG_AXES_KERNEL,           /* [height, width, in, out], officially [out, in, height, width] */
    SG_AXES_KERNEL_REVERSED,  /* the same, with rows and columns in reverse */
    SG_AXES_KERNEL_OUT_FIRST, /* [height, width, out, in] */
    SG_AXES_FIRST_ROW,        /* more axes before, of which the first entries are the tensor */
    SG_AXES_REVERSED,         /* [out, in, height, width], with rows and columns in reverse */
    SG_AXES_FIRST_REVERSED,   /* as SG_AXES_KEPT, with the first axis, of colours, in reverse */
    SG_AXES_PROJECTION /* a kernel [out, in, height, width] for a picture of one pixel, in reverse;
                          officially the matrix [out * height * width, in] */
} sg_axis_order;

/* Everything but the name is borrowed from the file. */
typedef struct sg_network_tensor {
    char *name; /* within its network: "synthesis.b8.conv0.affine.weight" */
    int rank;
    int64_t size[SG_STORED_MAX_RANK]; /* official; outermost first, entries from `rank` on are 1 */
    size_t count;
    sg_safetensors *file; /* of a native file, otherwise NULL */
    const sg_stored_tensor *stored;
    const sg_value *value; /* an array of a foreign file, otherwise NULL; with neither, zeros */
    sg_axis_order order;
    double added; /* to each of the file's numbers */
} sg_network_tensor;

/* Makes a tensor from one of a safetensors file, in the same order; the name is not set. */
sg_network_tensor sg_network_tensor_stored(sg_safetensors *file, const sg_stored_tensor *stored);

/*
 * Makes a tensor of `rank` axes, the official number, from an array; the name is not set. False if
 * the value is no array of numbers, its axes do not fit the order or are too many, or it repeats
 * elements to look larger than it is.
 */
bool sg_network_tensor_from_array(const sg_value *value, sg_axis_order order, int rank,
                                  double added, sg_network_tensor *tensor);

/* Makes a tensor of zeros, which no file holds; its sizes must not overflow, the name is not set.
 */
sg_network_tensor sg_network_tensor_zeros(int rank, const int64_t *size);

/* Read the numbers in the official order, tensor->count of them. */
sg_status sg_network_tensor_read_floats(const sg_network_tensor *tensor, float *numbers,
                                        sg_error *error);
sg_status sg_network_tensor_read_doubles(const sg_network_tensor *tensor, double *numbers,
                                         sg_error *error);

/* Prints "[2, 3]" into `text` (at least 200 bytes); returns text. */
char *sg_network_tensor_print_shape(const sg_network_tensor *tensor, char *text);

#endif
