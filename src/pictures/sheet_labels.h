/*
 * What the pictures of a sheet are: their seeds, classes and truncations, each written where it
 * needs the fewest words. What all pictures share is in the title; what changes from column to
 * column or from row to row alone labels those; the rest is in the captions.
 */
#ifndef SG_PICTURES_SHEET_LABELS_H
#define SG_PICTURES_SHEET_LABELS_H

#include "pictures/figure_labels.h"
#include "pictures/painter.h"

/* The texts of a sheet; zero it before use, clear it after. */
typedef struct sg_sheet_labels {
    char title[SG_LABEL_BYTES];
    sg_labels columns, rows, captions;
} sg_sheet_labels;

/*
 * Describes the pictures of a plan, which fill `columns` columns row by row. Classes are those of a
 * conditional network. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_sheet_labels_make(sg_sheet_labels *labels, const sg_picture_plan *plan, size_t columns,
                               bool conditional, sg_error *error);

/* Sets title, labels, captions and the number of columns and rows, borrowed, in a layout. */
void sg_sheet_labels_apply(const sg_sheet_labels *labels, sg_figure_layout *layout);

/* Frees the texts and zeroes them. */
void sg_sheet_labels_clear(sg_sheet_labels *labels);

#endif
