/* Pictures of seeds or w as PNG files, and all of them in one grid: the work of `generate`. */
#ifndef SG_PICTURES_PICTURE_SET_H
#define SG_PICTURES_PICTURE_SET_H

#include "base/watch.h"
#include "checkpoint/numpy/w_file.h"
#include "pictures/picture_request.h"

enum { SG_MOST_PICTURES = SG_LIST_LIMIT /* that one call paints */ };

/* Lists that are combined: each class with each psi and each seed. Borrowed where pictures are
 * painted. */
typedef struct sg_picture_lists {
    sg_number_list seeds;   /* one or more */
    sg_number_list classes; /* 0 .. c_dim - 1, one or more; without c_dim exactly one, which is not
                               read */
    sg_decimal_list psis;   /* one or more */
} sg_picture_lists;

/* Returns `common` with the seed, class and psi at these indices. */
sg_picture_request sg_picture_lists_at(const sg_picture_lists *lists,
                                       const sg_picture_request *common, size_t seed_index,
                                       size_t class_index, size_t psi_index);

/* What to paint; everything is borrowed. Seeds or w vary fastest, then psi, then class. */
typedef struct sg_picture_set {
    sg_picture_request common;   /* what the lists do not say */
    sg_picture_lists lists;      /* seeds are not read with `projected` */
    const sg_w_set *projected;   /* w instead of seeds, one or more; otherwise NULL */
    int grid_columns, grid_rows; /* 0: no grid; otherwise cells enough for all pictures */
} sg_picture_set;

/* Returns how many pictures the set has. The product must fit in size_t. */
size_t sg_picture_set_count(const sg_picture_set *set);

/*
 * Writes FOLDER/seedNNNN.png for every seed, or FOLDER/projNN.png for every w, and, with a grid,
 * FOLDER/grid.png. With several classes or psis the names tell them apart: seedNNNN-classN.png,
 * seedNNNN-truncPSI.png, seedNNNN-classN-truncPSI.png. A picture's w, when it is saved, is beside
 * it in seedNNNN.npz and so on. Each picture depends on its own request alone, not on the rest of
 * the lists.
 */
sg_status sg_picture_set_paint(const sg_picture_network *network, const sg_picture_set *set,
                               const sg_watch *watch, sg_error *error);

#endif
