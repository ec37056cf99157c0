/*
 * The doctor of data sets: decodes every picture of a collection before anything is made of it, and
 * says of each bad one what is wrong with it and whether it can be repaired.
 */
#ifndef SG_DATA_SOURCES_DATASET_DOCTOR_H
#define SG_DATA_SOURCES_DATASET_DOCTOR_H

#include "data/sources/picture_source.h"
#include "data/sources/picture_transform.h"

/* The shortest side, in pixels, of a picture that a network can learn from. */
#define SG_SMALLEST_SIDE 8

/* Told now and then how much of long work is done; returns false to stop it. */
typedef bool (*sg_work_progress)(void *argument, size_t done, size_t total);

/* A picture that cannot be taken as it is. */
typedef struct sg_bad_picture {
    size_t index;    /* in the collection */
    bool repairable; /* by another channel count, or by enlarging it */
    char *reason;    /* a sentence that names the file */
} sg_bad_picture;

/* What an examination found. */
typedef struct sg_examination {
    size_t count;        /* pictures examined */
    size_t channels;     /* of most of the good pictures; 0 when none is good */
    sg_bad_picture *bad; /* by index */
    size_t bad_count;
    size_t repairable_count;
    char *obstacle;  /* a sentence when the good pictures do not make a data set; else NULL */
    char *smallness; /* a sentence when all of them would have to be enlarged; else NULL */
} sg_examination;

/*
 * Decodes the collection's first `count` pictures, from several threads. Bad is what cannot be read
 * or decoded, has no label where others have one, has a side shorter than SG_SMALLEST_SIDE, would
 * have to be enlarged by `transform` or, when that asks for no resolution, has another size than
 * most; and what has another channel count than most. When all would have to be enlarged, one
 * sentence says so instead, which is an obstacle where that cannot be done. Without a resolution,
 * sizes that differ for the most part, or are not squares with a power of two as side, are an
 * obstacle. Fails with SG_ERROR_MEMORY, or SG_ERROR_CANCELLED when `progress` (which may be NULL)
 * said so; *examination is to be cleared in any case.
 */
sg_status sg_examine_pictures(const sg_picture_source *source, size_t count,
                              const sg_picture_transform *transform, sg_work_progress progress,
                              void *argument, sg_examination *examination, sg_error *error);

/* Frees what the examination holds and zeroes it. */
void sg_examination_clear(sg_examination *examination);

#endif
