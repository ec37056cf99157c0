/*
 * One part of a CIFAR data set (Krizhevsky 2009): 32x32 pictures in RGB with their classes, in the
 * two forms in which it is given away.
 *
 * Binary: records of the class (CIFAR-100: the coarse class, then the fine one), one byte each, and
 * 3072 bytes of pixels, channel by channel. Python: a pickle of a dict with "data", an array of
 * bytes [N, 3072], and "labels" ("fine_labels"), a list; it is read without executing anything.
 */
#ifndef SG_DATA_KINDS_CIFAR_BATCH_H
#define SG_DATA_KINDS_CIFAR_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SG_CIFAR_SIDE = 32, SG_CIFAR_BYTES = 3 * SG_CIFAR_SIDE * SG_CIFAR_SIDE };

/* The largest part, in bytes; CIFAR-100's pickle has 155 million. */
#define SG_CIFAR_LARGEST_FILE ((size_t)256 << 20)

/* Parts that are read together; start from a zeroed struct, clear it after use. */
typedef struct sg_cifar_pictures {
    size_t count;
    size_t classes;  /* 10 or 100; 0 before the first part */
    uint8_t *pixels; /* [count, 3, 32, 32] */
    uint8_t *labels; /* [count] */
    char **names;    /* [classes]: of the classes; NULL without */
} sg_cifar_pictures;

/* What a file of a CIFAR data set is, by its name. */
typedef enum sg_cifar_role {
    SG_CIFAR_OTHER,
    SG_CIFAR_TRAINING, /* pictures to train on */
    SG_CIFAR_TEST,     /* pictures to test with */
    SG_CIFAR_NAMES     /* the names of the classes */
} sg_cifar_role;

/* Returns the role of a file by the last part of its path. */
sg_cifar_role sg_cifar_role_of(const char *path);

/*
 * Appends the pictures of a part that lies in memory. Fails with SG_ERROR_FORMAT for bytes that are
 * no such part, or one with another number of classes than those before, and with SG_ERROR_MEMORY.
 */
sg_status sg_cifar_append(const char *path, const unsigned char *bytes, size_t size,
                          sg_cifar_pictures *pictures, sg_error *error);

/*
 * Reads the names of the classes from a file that lies in memory, a line or an item of a pickle's
 * list for each. Does nothing for a file with another number of names than there are classes.
 */
sg_status sg_cifar_read_names(const char *path, const unsigned char *bytes, size_t size,
                              sg_cifar_pictures *pictures, sg_error *error);

/* Frees the pictures and zeroes the struct. */
void sg_cifar_clear(sg_cifar_pictures *pictures);

#endif
