/* Figures of projections: the target, pictures on the way, the result, and where they differ. */
#ifndef SG_INVERT_RESULTS_PROJECTION_FIGURE_H
#define SG_INVERT_RESULTS_PROJECTION_FIGURE_H

#include "image/image.h"

enum {
    SG_PROJECTION_MOST_STAGES = 8,
    SG_PROJECTION_LABEL_BYTES = 32,
    SG_DIFFERENCE_FACTOR = 4 /* by which a figure makes differences brighter */
};

/* A picture on the way to the result. */
typedef struct sg_projection_stage {
    char label[SG_PROJECTION_LABEL_BYTES];   /* "step 100", "w+" */
    char caption[SG_PROJECTION_LABEL_BYTES]; /* "24.1 dB"; empty: none */
    sg_image *picture;                       /* NULL: there is none, and its cell is empty */
} sg_projection_stage;

/* A row of a figure: one target; everything is borrowed. */
typedef struct sg_projection_row {
    const char *label; /* ASCII; NULL: none */
    const sg_image *target;
    const float *weights; /* of the target's pixels, whose differences they dim; NULL: all 1 */
    const sg_projection_stage *stages; /* [stage_count] of the figure, the result last */
} sg_projection_row;

/*
 * Draws a figure in *figure, which the caller destroys: a column for the target, one for each of
 * `stage_count` stages, labelled as in the first row, and one for SG_DIFFERENCE_FACTOR times the
 * difference of the last stage from the target. Small pictures are enlarged. Fails with
 * SG_ERROR_ARGUMENT without rows or stages, otherwise as sg_figure_create does.
 */
sg_status sg_projection_figure_draw(const sg_projection_row *rows, size_t row_count,
                                    size_t stage_count, const char *title, sg_image **figure,
                                    sg_error *error);

#endif
