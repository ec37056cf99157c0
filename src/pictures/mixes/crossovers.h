/* One picture's styles up to a layer, another's from there on, for several layers side by side. */
#ifndef SG_PICTURES_MIXES_CROSSOVERS_H
#define SG_PICTURES_MIXES_CROSSOVERS_H

#include "pictures/mixes/style_mixing.h"

/* What to cross; everything is borrowed. */
typedef struct sg_crossover_options {
    const sg_mix_options *mixes;  /* rows, columns and share: row i is crossed with column i; one
                                     row or column goes with all of the others */
    const sg_number_list *layers; /* the crossovers k, 0 .. num_ws: the inputs from k on are those
                                     of the column */
} sg_crossover_options;

/* Fails with SG_ERROR_ARGUMENT unless rows and columns go together. */
sg_status sg_crossovers_check(const sg_crossover_options *options, sg_error *error);

/*
 * Writes FOLDER/ROW-COLUMN-kN.png for every pair and crossover, FOLDER/SEED-SEED.png for the
 * sources, and the figure FOLDER/crossovers.png: a row for each pair, from the row's picture over
 * the crossovers to the column's. `work` is prepared; its lists are not read. Fails with
 * SG_ERROR_ARGUMENT for a crossover beyond the last input, and as painting does.
 */
sg_status sg_crossovers(const sg_picture_work *work, const sg_crossover_options *options,
                        const sg_watch *watch, sg_error *error);

#endif
