/* Pictures of seeds or w as PNG files, and all of them in one grid: the work of `generate`. */
#ifndef SG_PICTURES_PICTURE_SET_H
#define SG_PICTURES_PICTURE_SET_H

#include "latent/transform.h"
#include "pictures/truncation_center.h"

/*
 * What to render and where to; everything is borrowed. There is a picture for each class, then each
 * psi, then each seed or w: these change fastest.
 */
typedef struct sg_render_options {
    const sg_number_list *seeds;   /* one or more; not read with `projected` */
    const sg_w_set *projected;     /* w in place of seeds, one or more; else NULL */
    const char *projected_file;    /* that they are from */
    const sg_number_list *classes; /* each 0 .. c_dim - 1, one or more; without c_dim exactly one,
                                      which is not read */
    const sg_decimal_list *psis;   /* truncation, 1: none; one or more */
    const char *classes_text;      /* as they were given, for the grid's remarks: read only when */
    const char *psis_text;         /* there are several */
    const char *folder;            /* exists */
    const sg_center *center;       /* of truncation; NULL: the average w */
    int cutoff; /* how many of the w inputs are truncated; negative: the usual number */
    sg_noise_mode noise_mode;
    sg_transform transform;
    const sg_watch *watch;       /* NULL: nobody */
    bool save_w;                 /* write the w of every picture, too */
    int grid_columns, grid_rows; /* 0: no grid; else enough cells for all pictures */
} sg_render_options;

/* How many pictures the options ask for. The product must fit in size_t. */
size_t sg_render_count(const sg_render_options *options);

/*
 * Writes FOLDER/seedNNNN.png for every seed, or FOLDER/projNN.png for every w, and, with a grid,
 * FOLDER/grid.png. With several classes or psis the names tell them apart: seedNNNN-classN.png,
 * seedNNNN-truncPSI.png, seedNNNN-classN-truncPSI.png. A picture's w, when it is saved, is beside
 * it in seedNNNN.npz and so on. Each picture depends on its seed or w, class, psi and the other
 * options alone, not on the rest of the lists. Shows progress on standard error when there are more
 * than two.
 */
sg_status sg_render(const sg_picture_network *network, const sg_render_options *options,
                    sg_error *error);

#endif
