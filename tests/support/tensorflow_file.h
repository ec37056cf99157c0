/* Networks as ProGAN, StyleGAN and StyleGAN2 in TensorFlow save them, for tests of the map that
 * reads such files. */
#ifndef SUPPORT_TENSORFLOW_FILE_H
#define SUPPORT_TENSORFLOW_FILE_H

#include "checkpoint/network/network_file.h"

/* How forks for rectangles name blocks and give the constant's size. */
typedef enum tensorflow_rectangle {
    BY_SHAPES,   /* the official program with another constant: nothing says so */
    BY_INIT_RES, /* eps696: blocks "4x4" ..., the option init_res */
    BY_SIZES     /* skyflynil: blocks "5x3" ..., the options min_h, min_w and res_log2 */
} tensorflow_rectangle;

/* How the file differs from a plain one. */
typedef struct tensorflow_options {
    int version;                /* of the Network objects: 2 (ProGAN) to 5 */
    bool by_level;              /* colour layers of the full size are named by level of detail */
    const char *option, *value; /* one more option in all networks, a text, or NULL */
    const char *variable;       /* one more variable in all networks, or NULL */
    const char *missing;        /* a variable that is left out, or NULL */
    tensorflow_rectangle rectangle;
} tensorflow_options;

/*
 * Writes (G, D, Gs). The mapping networks' layers must all be as wide as w, and filters,
 * activations and learning rates the default ones; ProGAN's labels none.
 */
void write_tensorflow(const char *path, const sg_network_parts *parts,
                      const tensorflow_options *options);

#endif
