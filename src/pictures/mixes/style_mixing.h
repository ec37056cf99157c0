/* Pictures that take some layers' styles from one seed and the rest from another: `mix`'s work. */
#ifndef SG_PICTURES_STYLE_MIXING_H
#define SG_PICTURES_STYLE_MIXING_H

#include "pictures/figure_labels.h"
#include "pictures/picture_set.h"

enum { SG_MOST_MIX_BANDS = 3 };

/* Rows that take the same layers' styles from the columns' seeds; everything is borrowed. */
typedef struct sg_mix_band {
    const char *name;        /* of what is taken, such as "coarse"; NULL in a grid */
    const char *styles_text; /* the same as numbers, for the remarks in the files */
    const bool *from_column; /* [num_ws]: whether an input's w comes from the column's seed */
    size_t rows;
} sg_mix_band;

/* What to mix in the pictures of a work; everything is borrowed. */
typedef struct sg_mix_options {
    sg_number_list rows;          /* the seeds down the left side, one or more */
    sg_number_list columns;       /* the seeds along the top, one or more */
    sg_w_sources row_w, column_w; /* the w among both */
    const sg_mix_band *bands;     /* all the rows together */
    size_t band_count;            /* 1 .. SG_MOST_MIX_BANDS */
    double share;                 /* of the column's w in the inputs taken from it, usually 1 */
    bool figure;                  /* the sheet is figure.png, not grid.png */
} sg_mix_options;

/* Writes "ROW-COLUMN.png", or "ROW-COLUMN-WHAT.png", to `name` of SG_PICTURE_NAME_BYTES. */
void sg_mix_name(const sg_picture_request *request, const sg_picture_request *other,
                 const char *what, char *name);

/* Writes what all pictures of a sheet share: "class 5, psi 0.7". */
void sg_mix_title(const sg_picture_work *work, char title[SG_LABEL_BYTES]);

/* Returns the mixing that takes `inputs` [num_ws] (NULL: none) from the source of `other`. */
sg_picture_mixing sg_mixing_with(const sg_picture_request *other, const bool *inputs, double share,
                                 const char *text);

/* Returns how many pictures are painted: the pairs, and every seed's own. It must fit in size_t. */
size_t sg_mix_count(const sg_mix_options *options);

/*
 * Writes FOLDER/ROW-COLUMN.png for every pair of seeds (FOLDER/ROW-COLUMN-BAND.png with named
 * bands), FOLDER/SEED-SEED.png for every seed alone, and all of them in the sheet FOLDER/grid.png,
 * whose top left corner is empty, or FOLDER/figure.png. Random noise is that of the row's seed.
 * `work` is prepared; its lists are not read.
 */
sg_status sg_mix(const sg_picture_work *work, const sg_mix_options *options, const sg_watch *watch,
                 sg_error *error);

#endif
