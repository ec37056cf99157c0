/*
 * Pictures of lists of seeds, classes and truncations from one network: what the commands for
 * pictures share, and the work of `generate`, which paints them to PNG files and into one grid.
 */
#ifndef SG_PICTURES_PICTURE_SET_H
#define SG_PICTURES_PICTURE_SET_H

#include "base/watch.h"
#include "pictures/picture_sources.h"

enum { SG_MOST_PICTURES = SG_LIST_LIMIT /* that one call paints */ };

/* Lists that are combined: each class with each psi and each seed. */
typedef struct sg_picture_lists {
    sg_number_list seeds;   /* one or more */
    sg_number_list classes; /* 0 .. c_dim - 1, one or more; without c_dim exactly one, which is not
                               read */
    sg_decimal_list psis;   /* one or more */
    sg_w_sources w;         /* those among `seeds`; owned by the work */
} sg_picture_lists;

/* Pictures of one network; zero it before use, clear it after. */
typedef struct sg_picture_work {
    const char *path;          /* of the network */
    sg_picture_lists lists;    /* owned by the caller; of the classes, only the text is given */
    sg_picture_request common; /* what the lists do not say */
    sg_motion_options motion;
    bool singles;       /* with figures, write every picture by itself too */
    bool plain;         /* sheets and figures without labels, gaps and enlargement */
    bool one_class;     /* the list of classes may hold a single one, common.class_index */
    bool without_class; /* a conditional network needs no class: 0 in the list, -1 in `common` */
    sg_context_options compute;
    sg_picture_network network;
    sg_w_set center;      /* the w that common.center borrows */
    float *label_values;  /* the numbers that common.label borrows */
    sg_edit_plan *plan;   /* that common.edit follows; NULL: nothing is edited */
    sg_edit_plan **found; /* [seeds]: a plan of its own for each source instead; NULL: none have */
} sg_picture_work;

/*
 * Opens and loads the network, reads the classes, the center, the files of w and the edits against
 * it and sets the motion.
 * Fails as sg_picture_network_open, sg_picture_network_classes and so on do.
 */
sg_status sg_picture_work_prepare(sg_picture_work *work, const sg_watch *watch, sg_error *error);

/* Frees the network, the center and the w of the list. */
void sg_picture_work_clear(sg_picture_work *work);

/* Returns the common request with the seed, class and psi at these indices. */
sg_picture_request sg_picture_work_at(const sg_picture_work *work, size_t seed_index,
                                      size_t class_index, size_t psi_index);

/*
 * Counts the combinations of the lists, from which it takes numbers that repeat others, with
 * `projected` (NULL: none) instead of seeds. Fails with SG_ERROR_ARGUMENT when there are more than
 * SG_MOST_PICTURES.
 */
sg_status sg_picture_work_count(sg_picture_work *work, const sg_w_set *projected, size_t *count,
                                sg_error *error);

/* What to paint; everything is borrowed. Seeds or w vary fastest, then psi, then class. */
typedef struct sg_picture_set {
    const sg_picture_work *work; /* prepared; seeds are not read with `projected` */
    const sg_w_set *projected;   /* w instead of seeds, one or more; otherwise NULL */
    size_t count;                /* of pictures, as sg_picture_work_count */
    int grid_columns, grid_rows; /* 0: no grid; otherwise cells enough for all pictures */
} sg_picture_set;

/*
 * Writes FOLDER/seedNNNN.png for every seed, or FOLDER/projNN.png for every w, and, with a grid,
 * the sheet FOLDER/grid.png, labelled as pictures/sheet_labels.h says unless the work is plain.
 * With several classes or psis the names tell them apart: seedNNNN-classN.png,
 * seedNNNN-truncPSI.png, seedNNNN-classN-truncPSI.png. A picture's w, when it is saved, is beside
 * it in seedNNNN.npz and so on. Each picture depends on its own request alone, not on the rest of
 * the lists.
 */
sg_status sg_picture_set_paint(const sg_picture_set *set, const sg_watch *watch, sg_error *error);

#endif
