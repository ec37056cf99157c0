/* The state of a walk: walk.c goes, walk_strip.c lays the moments side by side. Private to this
 * room; walk.h is the interface. */
#ifndef SG_PICTURES_FILMS_WALK_STATE_H
#define SG_PICTURES_FILMS_WALK_STATE_H

#include "image/figures/page.h"
#include "pictures/films/walk_options.h"
#include "pictures/painter.h"
#include "pictures/picture_set.h"

typedef struct sg_walk_state {
    const sg_picture_work *work;
    const sg_walk_options *options;
    const sg_number_list *seeds, *classes;
    size_t cells, keys_per_cell;
    size_t width;   /* of a key: z, or w for every input */
    size_t *order;  /* which seed, or style, is the key: [key_count] */
    float *keys;    /* [key_count, width] */
    sg_path *paths; /* of every cell */
    sg_loop *loops; /* of every cell, instead of keys and paths */
    float *point;   /* on one of them, [width] */
    double *
        deviations; /* of the numbers of w, [w_dim], for coordinates; NULL in z, where they are 1 */
    float *ws;      /* of the current picture, [num_ws, w_dim]; in w it is `point` */
    sg_random *noise;  /* of every cell */
    sg_random drawing; /* noise is drawn from here when it is fixed */
    sg_grid *grid;     /* of the current frame; NULL for a single cell */
    sg_page *strip;    /* of all frames, instead of an output */
    sg_remarks remarks;
    sg_frame_output *output;
} sg_walk_state;

/* Returns the seed of a key; of a loop, the cell's number is the key. */
uint32_t sg_walk_seed(const sg_walk_state *walk, size_t key);

/* The position of a frame on the way: after a key, by a share of the way to the next. A loop has
 * one key, and its share is that of the whole. */
typedef struct sg_walk_position {
    size_t key;
    double share; /* 0 .. 1, less than 1 */
} sg_walk_position;

sg_walk_position sg_walk_position_of(const sg_walk_state *walk, size_t frame);

/* Returns the label of a key. */
sg_style_label sg_walk_label(const sg_walk_state *walk, size_t key);

/* Fails with SG_ERROR_ARGUMENT unless z or w has all coordinates. */
sg_status sg_walk_check_coordinates(const sg_walk_state *walk, sg_error *error);

/* Computes walk->deviations over latents of the first key's class. */
sg_status sg_walk_find_deviations(sg_walk_state *walk, sg_error *error);

/* Sets the point to the cell's key, with its coordinate moved by standard deviations. */
void sg_walk_move_coordinate(const sg_walk_state *walk, size_t cell, double amount);

/* Returns by how many standard deviations coordinates are moved in a frame: from one end to the
 * other in a strip, to both ends and back in a film. */
double sg_walk_amount(const sg_walk_state *walk, size_t frame);

/* Makes the page of a strip: a row for each cell, a column for each frame. */
sg_status sg_walk_strip_open(sg_walk_state *walk, sg_error *error);

/* Writes the strip with its remarks to the output's path. */
sg_status sg_walk_strip_write(const sg_walk_state *walk, sg_error *error);

#endif
