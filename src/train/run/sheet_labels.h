/* The shape of a sheet, the labels of its rows, and the real pictures that have them. */
#ifndef SG_TRAIN_RUN_SHEET_LABELS_H
#define SG_TRAIN_RUN_SHEET_LABELS_H

#include "data/dataset.h"

/* The shape of a sheet. */
typedef struct sg_sheet {
    int columns, rows;
    int classes; /* row r shows class r modulo classes; 0: unconditional */
    bool plain;  /* the pictures alone: no title, labels and gaps, black where there is none */
    const float *labels; /* [rows, classes]: row r shows these numbers; NULL: classes; borrowed */
    struct sg_mapper *mapper; /* moves w first; NULL: none; borrowed */
} sg_sheet;

/* The most columns. */
enum { SG_SHEET_COLUMNS = 32 };

/*
 * Chooses labels for the rows of a sheet of a data set whose labels are numbers: different ones, in
 * the order of the pictures; the last one also for the rows that are left. Returns them on the
 * heap, [rows, label_count]; NULL on lack of memory.
 */
float *sg_sheet_labels(const sg_dataset *dataset, int rows);

/* Writes what people read beside a row, "class 3" or the first of its numbers, to `text` of `size`
 * bytes; returns NULL for a sheet without labels, otherwise `text`. */
const char *sg_sheet_row_name(const sg_sheet *sheet, int row, char *text, size_t size);

/* Writes the label of a row to `values` [c_dim], which are zero. */
void sg_sheet_fill_label(const sg_sheet *sheet, int row, int c_dim, float *values);

/*
 * Chooses the real pictures of a row, `indices` [SG_SHEET_COLUMNS]: the next ones, the first of the
 * row's class, or those whose numbers are nearest to the row's. *count is at most sheet->columns.
 * Fails as sg_dataset_label does.
 */
sg_status sg_sheet_choose_reals(const sg_sheet *sheet, const sg_dataset *dataset, int row,
                                size_t *indices, size_t *count, sg_error *error);

#endif
