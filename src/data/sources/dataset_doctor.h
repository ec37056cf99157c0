/*
 * The doctor of data sets: decodes every picture of a collection before a set is made of it, and
 * says of each bad one what is wrong and whether it can be repaired.
 */
#ifndef SG_DATA_SOURCES_DATASET_DOCTOR_H
#define SG_DATA_SOURCES_DATASET_DOCTOR_H

#include "base/watch.h"
#include "data/sources/picture_source.h"
#include "data/sources/picture_transform.h"

/* A picture that cannot be used as it is. */
typedef struct sg_bad_picture {
    size_t index;    /* in the collection */
    bool repairable; /* by another channel count, or by enlarging it */
    char *reason;    /* a sentence that names the file; owned */
} sg_bad_picture;

/* The result of an examination. */
typedef struct sg_examination {
    size_t count;        /* pictures examined */
    size_t channels;     /* of most of the good pictures; 0 when none is good */
    sg_bad_picture *bad; /* by index */
    size_t bad_count;
    size_t repairable_count;
    char *obstacle;  /* a sentence when the good pictures make no data set; otherwise NULL */
    char *smallness; /* a sentence when all of them would have to be enlarged; otherwise NULL */
} sg_examination;

/*
 * Decodes the collection's first `count` pictures, from several threads. A picture is bad when it
 * cannot be read or decoded; has no label where others have one; has a side shorter than
 * SG_SMALLEST_SIDE; would have to be enlarged by `transform`, or, when that has no resolution, has
 * another size than most; or has another channel count than most. When all pictures would have to
 * be enlarged, one sentence says so instead: an obstacle for SG_TRANSFORM_CENTER_CROP_WIDE, which
 * cannot enlarge, otherwise the smallness. Without a resolution, most pictures must have one size,
 * a square with a power of two as side; otherwise there is an obstacle. `watch` may be NULL. Fails
 * with SG_ERROR_MEMORY, or with SG_ERROR_CANCELLED when `watch` stops the work; *examination must
 * be cleared in any case.
 */
sg_status sg_examine_pictures(const sg_picture_source *source, size_t count,
                              const sg_picture_transform *transform, const sg_watch *watch,
                              sg_examination *examination, sg_error *error);

/* Frees the content of the examination and zeroes it. */
void sg_examination_clear(sg_examination *examination);

#endif
