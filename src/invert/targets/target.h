/* Targets of projections: pictures of any size and kind, made into pictures as a network's. */
#ifndef SG_INVERT_TARGETS_TARGET_H
#define SG_INVERT_TARGETS_TARGET_H

#include "base/watch.h"
#include "invert/targets/alignment.h"
#include "invert/targets/target_options.h"

/* A target; its members are owned by the list. */
typedef struct sg_target {
    char *path;           /* for sentences: the file, or the collection and the name in it */
    char *name;           /* for the folder of its results, different from those of other targets */
    size_t width, height; /* of the file, in pixels */
    sg_image *picture;    /* as the network's pictures; NULL before sg_targets_prepare */
    float *weights;       /* [height, width] of `picture`, 0 where the mask is black, 1 where it is
                             white; NULL: all pixels count */
    sg_alignment found;   /* with `align` */
} sg_target;

/* All targets of a call; zero it before use, clear it after. */
typedef struct sg_target_list {
    sg_target *targets;
    size_t count, capacity;
    struct sg_target_place *places; /* [count]: where the pictures are */
    size_t place_capacity;
    struct sg_picture_source **sources;
    size_t source_count, source_capacity;
} sg_target_list;

/*
 * Adds the pictures at `path`: one file, or all pictures of a folder or zip archive in the order of
 * their names. Reads their sizes. Fails with a sentence that names the file: if there is none, or
 * it is no picture.
 */
sg_status sg_targets_add(sg_target_list *list, const char *path, sg_error *error);

/*
 * Makes each target's picture, of the size and the channels `shape`: colours become grey for one
 * channel. Takes the part that the options name, otherwise the largest in the middle of the
 * network's proportions, and resizes it by Lanczos's filter, as the official programs do. `start`,
 * a picture of that shape, is the template of `align`. Notes to `watch` what is enlarged. Fails
 * with SG_ERROR_ARGUMENT, naming the file, for a part that is not within the picture or has less
 * than an eighth of the network's pixels along a side, and for a mask of another size than the
 * target and the network; otherwise as reading does.
 */
sg_status sg_targets_prepare(sg_target_list *list, const sg_target_options *options,
                             const sg_image_shape *shape, const sg_image *start,
                             const sg_watch *watch, sg_error *error);

/* Frees the content and zeroes the list. */
void sg_targets_clear(sg_target_list *list);

#endif
