/* What the columns of a table of labels are, as its first lines tell. */
#ifndef SG_DATA_LABELS_TABLE_LAYOUT_H
#define SG_DATA_LABELS_TABLE_LAYOUT_H

#include "data/labels/label_list.h"
#include "data/labels/table_reader.h"

/* The layout; start from a zeroed struct, clear it after use. */
typedef struct sg_table_layout {
    char separator;
    size_t skipped;     /* rows before the labels: CelebA's count, a heading */
    size_t name_column; /* of the pictures' names */
    size_t *columns;    /* [count]: of the labels, ascending */
    size_t count;
    bool by_word; /* the one column has names of classes */
    bool named;   /* the one column's heading promises classes */
} sg_table_layout;

/*
 * Finds the layout of a text. Sets the names of the list to the headings of several columns, and
 * its remark to what columns are not read; or refuses the list. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_table_layout_find(sg_table_layout *layout, sg_label_list *list, const char *text,
                               size_t length, sg_error *error);

/* Reads a number, also with a decimal comma where commas do not separate fields; false for another
 * text. */
bool sg_table_number(const sg_table_layout *layout, const char *text, double *value);

/* Frees the layout's content and zeroes it. */
void sg_table_layout_clear(sg_table_layout *layout);

#endif
