/* Moving pictures that go from key to key: the work of `interpolate`. */
#ifndef SG_PICTURES_FILMS_WALK_H
#define SG_PICTURES_FILMS_WALK_H

#include "latent/interpolation.h"
#include "pictures/films/frame_output.h"
#include "pictures/picture_set.h"

/*
 * How to walk between the pictures of a work; everything is borrowed. The keys are the seeds of its
 * lists, with one class for all or one for each, or, when there are none, styles. The first cell's
 * path gets the first ones, then the second's, and so on: `key_count` in all, from the beginning of
 * the list again when it ends earlier. All frames have psi and noise mode of the common request,
 * whose transform they reach evenly: a pan, a spin.
 */
typedef struct sg_walk_options {
    const sg_w_set *styles;  /* of the network's shape; read when there are no seeds */
    const char *styles_text; /* names of their files, for the remarks */
    size_t key_count;        /* two or more for each cell, equally many */
    bool shuffled;           /* the keys, as by NumPy's RandomState(shuffle_seed).shuffle */
    uint64_t shuffle_seed;   /* at most 2^32 - 1 */
    bool in_z;               /* the path goes through z, not w; not for styles */
    sg_path_method method;
    sg_easing easing;
    bool closed;           /* back to the first key in the end */
    size_t frames_per_key; /* on the way from one key to the next */
    bool
        fixed_noise; /* random noise is the same in all frames of a cell, not drawn anew for each */
    int grid_columns, grid_rows;    /* cells, filled row by row; 1 and 1 for a single path */
    sg_frame_output_options output; /* without its frame count and remarks */
} sg_walk_options;

/* Returns how many frames there will be. The number must fit in size_t. */
size_t sg_walk_frame_count(const sg_walk_options *options);

/*
 * Writes the frames. The frame of a seed is the picture that `generate` paints of it. In z, where
 * the classes of two neighbouring seeds differ, their w are blended on the way. Random noise comes
 * from the first seed of a cell, or from the cell's number when there are no seeds. After
 * SG_ERROR_CANCELLED, numbered frames stay, and a film does not appear.
 */
sg_status sg_walk(const sg_picture_work *work, const sg_walk_options *options,
                  const sg_watch *watch, sg_error *error);

#endif
