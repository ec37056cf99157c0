/* What a moving picture shows: its keys or loops, their way, and its frames. */
#ifndef SG_PICTURES_FILMS_WALK_OPTIONS_H
#define SG_PICTURES_FILMS_WALK_OPTIONS_H

#include "checkpoint/latents/w_file.h"
#include "latent/interpolation.h"
#include "latent/loop.h"
#include "pictures/films/frame_output.h"

/*
 * How to walk between the pictures of a work; everything is borrowed. A loop (latent/loop.h) walks
 * from each seed by itself, a cell for each; if a single seed has several cells, they take the
 * seeds that follow it. Otherwise the way leads through keys. The keys are the seeds of its lists,
 * with one class for all or one for each, or, when there are none, styles. The first cell's path
 * gets the first ones, then the second's, and so on: `key_count` in all, from the beginning of the
 * list again when it ends earlier. All frames have psi and noise mode of the common request, whose
 * transform they reach evenly: a pan, a spin.
 */
typedef struct sg_walk_options {
    bool looping;       /* a loop of this kind instead of keys */
    sg_loop_kind loop;  /* with one class for all cells or one for each */
    size_t loop_frames; /* in all, also of coordinates */
    double smoothing;   /* seconds, as sg_loop_create */
    /* Instead of a way from key to key, a cell for each key and coordinate: of the key's z or w
     * this one number varies, by `range` standard deviations to either side; NULL: not. In w, all
     * inputs have the same. */
    const sg_number_list *coordinates;
    double range;
    const sg_w_set *styles;  /* of the network's shape; read when there are no seeds */
    const char *styles_text; /* names of their files, for the remarks */
    size_t key_count;        /* two or more for each cell, equally many */
    bool shuffled;           /* the keys, as by NumPy's RandomState(shuffle_seed).shuffle */
    uint64_t shuffle_seed;   /* at most 2^32 - 1 */
    bool in_z;               /* the path goes through z, not w; not for styles; true of loops */
    sg_path_method method;
    sg_easing easing;
    bool closed;           /* back to the first key in the end */
    size_t frames_per_key; /* on the way from one key to the next */
    bool
        fixed_noise; /* random noise is the same in all frames of a cell, not drawn anew for each */
    int grid_columns, grid_rows; /* cells, filled row by row; 1 and 1 for a single path */
    size_t strip; /* moments at even distances, from the first to the last, in one PNG file with a
                     row for each cell, instead of a film; 0: a film */
    sg_frame_output_options output; /* without its frame count and remarks */
} sg_walk_options;

#endif
