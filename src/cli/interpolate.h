/* Animations that travel from seed to seed: the work of `interpolate`. */
#ifndef SG_CLI_INTERPOLATE_H
#define SG_CLI_INTERPOLATE_H

#include "base/number_list.h"
#include "cli/picture_options.h"
#include "latent/interpolation.h"

/* What to show and where to; everything is borrowed. */
typedef struct sg_interpolate_options {
    const sg_number_list *seeds;   /* the keys of the first cell's path, then the second's ...; two
                                      or more for each cell, equally many */
    const sg_number_list *classes; /* each 0 .. c_dim - 1: one for all or one for each seed; not
                                      read without c_dim */
    const char *seeds_text;        /* both lists as they were given, for the remarks in the files */
    const char *classes_text;
    const char *output;          /* the animation, or the folder of the frames, which exists */
    bool numbered_frames;        /* one PNG file for each frame */
    bool in_z;                   /* the path goes through z, not w */
    sg_path_shape shape;         /* of the path */
    bool closed;                 /* back to the first seed in the end */
    size_t frames_per_key;       /* on the way from one seed to the next */
    int frames_per_second;       /* 1 .. SG_ANIMATION_LARGEST_RATE */
    double psi;                  /* truncation, 1: none */
    sg_noise_mode noise_mode;    /* random: new noise in every frame, by the cell's first seed */
    int grid_columns, grid_rows; /* cells, filled row by row; 1 and 1 for a single path */
} sg_interpolate_options;

/* How many frames there will be. The number must fit in size_t. */
size_t sg_interpolate_frame_count(const sg_interpolate_options *options);

/*
 * Writes the animation, or OUTPUT/frame0000.png and so on. The frame of a seed is the picture that
 * `generate` paints of it. In z, where the classes of two neighbouring seeds differ, their w are
 * blended on the way. Shows progress on standard error. The network's generator is loaded.
 */
sg_status sg_interpolate(const sg_picture_network *network, const sg_interpolate_options *options,
                         sg_error *error);

#endif
