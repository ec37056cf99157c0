/* What the files of a comparison share. */
#ifndef SG_RUNS_COMPARE_COMPARISON_INSIDE_H
#define SG_RUNS_COMPARE_COMPARISON_INSIDE_H

#include "base/watch.h"
#include "runs/compare/comparison_options.h"

enum { SG_LABEL_BYTES = 128 };

/* A comparison; sg_compare_runs owns it. */
typedef struct sg_comparison {
    const sg_comparison_options *options;
    const sg_watch *watch;
    sg_run_record *runs;                 /* [run_count] */
    char (*label_texts)[SG_LABEL_BYTES]; /* [run_count] */
    const char **labels;                 /* [run_count] point to the texts */
    size_t run_count;
    char title[SG_LABEL_BYTES]; /* in ASCII, for figures */
    sg_page_table results, differences;
    sg_image *curves, *sheets; /* NULL where there is nothing to show */
} sg_comparison;

/* Writes a label to each run: the one given, otherwise the options in which it differs. */
void sg_comparison_label(sg_comparison *all);

/* Writes the title in the letters that figures have. */
void sg_comparison_title(sg_comparison *all);

/* True if the runs do not all have the same value of an option. */
bool sg_comparison_differs(const sg_comparison *all, const char *option);

/* Makes the tables of results (a row for each run) and of the options that differ (a row for each
 * option). Fails with SG_ERROR_MEMORY. */
sg_status sg_comparison_make_tables(sg_comparison *all, sg_error *error);

/* Draws the sheets, a row for each run and a column for each number of images. */
sg_status sg_comparison_draw_sheets(sg_comparison *all, sg_error *error);

/* Write compare.json and curves.csv, and the page. */
sg_status sg_comparison_write_json(const sg_comparison *all, sg_error *error);
sg_status sg_comparison_write_curves(const sg_comparison *all, sg_error *error);
sg_status sg_comparison_write_page(const sg_comparison *all, sg_error *error);

/* Writes FOLDER/NAME of the output folder. */
sg_status sg_comparison_write_file(const sg_comparison *all, const char *name, const void *bytes,
                                   size_t size, sg_error *error);

/* Returns the seconds of training per kimg; 0 for a run without ticks. */
double sg_comparison_pace(const sg_run_record *run);

/* Returns the number of images of a run's last tick, in thousands; and its time in seconds. */
double sg_comparison_kimg(const sg_run_record *run);
double sg_comparison_seconds(const sg_run_record *run);

/* Returns the last value of a statistic; NaN without one. */
double sg_comparison_last(const sg_run_record *run, const char *statistic);

#endif
