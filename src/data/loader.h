/*
 * Batches of training pictures, prepared by a thread in the background.
 *
 * The pictures form one endless sequence, counted from 0, that depends on the data set, the seed
 * and the flips alone: picture p is image permutation[p mod N] of epoch p / N, where N is
 * the data set's size and every epoch draws a new permutation. A loader may start anywhere in the
 * sequence, and the size of its batches changes nothing.
 */
#ifndef SG_DATA_LOADER_H
#define SG_DATA_LOADER_H

#include "data/dataset.h"

/* The most batches that are kept ready. */
#define SG_LOADER_LARGEST_AHEAD 64

/* The options of a loader; plain data. */
typedef struct sg_loader_options {
    size_t batch_size;    /* pictures in a batch, at least 1; default 1 */
    uint64_t seed;        /* chooses the sequence; default 0 */
    uint64_t position;    /* the number of the first picture; default 0 */
    bool mirror;          /* flip every picture left to right with probability 1/2; default no */
    bool mirror_y;        /* the same top to bottom; default no */
    size_t batches_ahead; /* batches kept ready, 1 .. SG_LOADER_LARGEST_AHEAD; default 3 */
} sg_loader_options;

typedef struct sg_loader sg_loader;

/* Sets the defaults. */
void sg_loader_options_init(sg_loader_options *options);

/*
 * Starts the thread and makes a loader in *loader, which the caller destroys. `dataset` is borrowed
 * until then; the caller may read it too. Fails with SG_ERROR_ARGUMENT for an option out of range,
 * SG_ERROR_MEMORY, or SG_ERROR_LIBRARY when no thread can be started; *loader is NULL then.
 */
sg_status sg_loader_create(const sg_dataset *dataset, const sg_loader_options *options,
                           sg_loader **loader, sg_error *error);

/*
 * Waits for the next batch and copies it: `images` takes [batch, height, width, channels] floats
 * x / 127.5 - 1, `labels` takes [batch, label_count] floats: a picture's numbers, or 1 for its
 * class and 0 elsewhere. `labels` may be NULL, and is not written for a data set without labels.
 * One thread may call it at a time. When a picture cannot be read, the batches before its own are
 * still returned; after them every call fails with the reason.
 */
sg_status sg_loader_next(sg_loader *loader, float *images, float *labels, sg_error *error);

/* Stops the thread after the picture it is reading, and releases the loader; NULL is allowed. */
void sg_loader_destroy(sg_loader *loader);

#endif
