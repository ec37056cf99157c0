/* What runs are compared, and how. */
#ifndef SG_RUNS_COMPARE_COMPARISON_OPTIONS_H
#define SG_RUNS_COMPARE_COMPARISON_OPTIONS_H

#include "base/number_list.h"
#include "runs/compare/page_table.h"
#include "runs/curves.h"

enum { SG_COMPARISON_MOST_COLUMNS = 16, SG_COMPARISON_MOST_CELLS = 16 };

/* What is compared, and how; plain data, everything is borrowed. */
typedef struct sg_comparison_options {
    const char *const *folders; /* [run_count] run folders */
    const char *const *labels;  /* [run_count], NULL where a run is named by the options in which it
                                   differs; NULL: all are */
    size_t run_count;           /* 1 .. SG_CURVES_MOST_RUNS */
    const char *outdir;         /* made when it is missing */
    const char *title;          /* of the page; NULL: "N runs compared" */
    const char *notes;          /* a paragraph below the title; NULL: none */
    const sg_page_table *table; /* a table before all others; NULL: none */
    sg_curves_axis axis;
    int smoothing;        /* as in sg_curves */
    sg_decimal_list at;   /* kimg of the sheets; empty: `columns` of them by the shortest run */
    int columns;          /* 1 .. SG_COMPARISON_MOST_COLUMNS */
    int cells_x, cells_y; /* pictures that are taken of each sheet, 1 .. SG_COMPARISON_MOST_CELLS */
    sg_respell respell;   /* of warnings; NULL: as logged */
} sg_comparison_options;

#endif
