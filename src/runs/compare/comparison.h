/*
 * Several runs side by side: curves of all statistics and metrics on the same axes, sheets of the
 * same number of images, tables of the options that differ and of the results. As pictures, one web
 * page that needs no other file, JSON and CSV.
 */
#ifndef SG_RUNS_COMPARE_COMPARISON_H
#define SG_RUNS_COMPARE_COMPARISON_H

#include "base/watch.h"
#include "runs/compare/comparison_options.h"

/* Sets the defaults: 5 sheets of 4x4 pictures, curves by kimg. */
void sg_comparison_options_init(sg_comparison_options *options);

/* Fails with SG_ERROR_ARGUMENT for no runs, too many, and numbers out of range. */
sg_status sg_comparison_check(const sg_comparison_options *options, sg_error *error);

/* The names of the files, in the order in which they are written; NULL after the last. */
extern const char *const sg_comparison_files[];

/*
 * Reads the runs and writes compare.html, curves.png, sheets.png (when there are sheets),
 * compare.json, runs.csv, options.csv and curves.csv to the folder. Notes to `watch` (may be NULL)
 * which runs have no curves or no sheets. Fails as sg_comparison_check and sg_run_record_open do,
 * and with SG_ERROR_FILE, SG_ERROR_MEMORY, SG_ERROR_CANCELLED.
 */
sg_status sg_compare_runs(const sg_comparison_options *options, const sg_watch *watch,
                          sg_error *error);

#endif
