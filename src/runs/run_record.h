/*
 * Reads run folders of trainings that are finished or go on: options, statistics, metrics of
 * snapshots, what happened (warnings, phases, resumes) and which sheets there are. Reads what is
 * there: of a run that was killed at any moment, or comes from an older version, the rest is empty.
 */
#ifndef SG_RUNS_RUN_RECORD_H
#define SG_RUNS_RUN_RECORD_H

#include "runs/record_data.h"

/* True if the folder holds a training: its options or its statistics. */
bool sg_run_record_is_there(const char *folder);

/*
 * Reads a run folder into *run, which sg_run_record_close frees in any case. Fails with
 * SG_ERROR_FILE for a folder that holds no training, SG_ERROR_FORMAT for options that are not JSON,
 * SG_ERROR_MEMORY.
 */
sg_status sg_run_record_open(const char *folder, sg_run_record *run, sg_error *error);

/* Puts a caller's spelling of options into a sentence in `text` of `size` bytes. */
typedef void (*sg_respell)(char *text, size_t size);

/* Puts a caller's spelling of options into the sentences of all warnings; NULL leaves them. */
void sg_run_record_respell(sg_run_record *run, sg_respell respell);

/* Frees all and zeroes the record. */
void sg_run_record_close(sg_run_record *run);

/* Returns the value of an option as a text; NULL when the run does not have it. */
const char *sg_record_option_value(const sg_run_record *run, const char *name);

/* Returns the index of the best value of a metric (the last one where neither more nor less is
 * better); SIZE_MAX without a finite value. */
size_t sg_record_metric_best(const sg_record_metric *metric);

/* Returns the metric of that key; NULL when it was not measured. */
const sg_record_metric *sg_record_metric_of(const sg_run_record *run, const char *key);

/* Room for the path of a sheet. */
enum { SG_RECORD_PATH_BYTES = 4200 };

/* Writes the path of the sheet of generated pictures at `kimg` to `path` of `size` bytes. */
void sg_record_sheet_path(const sg_run_record *run, double kimg, char *path, size_t size);

#endif
