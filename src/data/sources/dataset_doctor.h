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

/* A picture with the same pixels as one before it. */
typedef struct sg_repeated_picture {
    size_t index;    /* in the collection */
    size_t original; /* the first one of these pixels */
} sg_repeated_picture;

/* What is to be examined; plain data, everything is borrowed. */
typedef struct sg_examination_plan {
    size_t wanted; /* good pictures after which the examination ends; 0: all */
    bool fixes;    /* pictures that can be repaired count among the wanted */
    sg_picture_transform transform;
    size_t channels;       /* that all pictures are converted to; 0: those of most of them */
    const sg_watch *watch; /* may be NULL */
} sg_examination_plan;

/* The result of an examination. */
typedef struct sg_examination {
    size_t count;        /* pictures examined: the collection's first */
    size_t channels;     /* the plan's, or of most of the good pictures; 0 when none is good */
    sg_bad_picture *bad; /* by index */
    size_t bad_count;
    size_t repairable_count;
    sg_repeated_picture *repeated; /* good ones, by index */
    size_t repeated_count;
    size_t *blank; /* indices of good pictures of almost one colour */
    size_t blank_count;
    char *obstacle;  /* a sentence when the good pictures make no data set; otherwise NULL */
    char *smallness; /* a sentence when all of them would have to be enlarged; otherwise NULL */
} sg_examination;

/*
 * Decodes the collection's pictures in their order, from several threads, until the wanted number
 * of good ones is found. A picture is bad when it cannot be read or decoded; has no label where
 * others have one; has a side shorter than SG_SMALLEST_SIDE; would have to be enlarged by the
 * transform, or, when that has no resolution, has another size than most; or, without channels in
 * the plan, has another channel count than most. When all pictures would have to be enlarged, one
 * sentence says so instead: an obstacle for bands, which cannot enlarge, otherwise the smallness.
 * Without a resolution, most pictures must have one size that a network makes
 * (data/picture_base.h); otherwise there is an obstacle. Fails with SG_ERROR_MEMORY, or with
 * SG_ERROR_CANCELLED when the watch stops the work; *examination must be cleared in any case.
 */
sg_status sg_examine_pictures(const sg_picture_source *source, const sg_examination_plan *plan,
                              sg_examination *examination, sg_error *error);

/*
 * Returns the indices of the good pictures, and with `fix` of those that can be repaired, in their
 * order, *count of them; the caller frees them. NULL on lack of memory.
 */
size_t *sg_examination_choose(const sg_examination *examination, bool fix, size_t *count);

/* Frees the content of the examination and zeroes it. */
void sg_examination_clear(sg_examination *examination);

#endif
