/* The statistics of a training, tick by tick, from its stats.jsonl. */
#ifndef SG_RUNS_RUN_HISTORY_H
#define SG_RUNS_RUN_HISTORY_H

#include <cjson/cJSON.h>

#include "base/error.h"

enum { SG_RUN_STATISTIC_BYTES = 64, SG_RUN_MOST_STATISTICS = 128 };

/* One statistic: its mean in each tick, NaN where the tick has none. */
typedef struct sg_run_column {
    char name[SG_RUN_STATISTIC_BYTES]; /* as in stats.jsonl: "Loss/G/loss" */
    double *values;                    /* [rows of the history], owned by it */
} sg_run_column;

/* A training; zero it before it is parsed, clear it after use. */
typedef struct sg_run_history {
    size_t count;    /* of ticks */
    double *kimg;    /* [count] thousands of real images seen, rising; owned, with the next two */
    double *steps;   /* [count] of the optimisers; NaN where the batch is not known */
    double *seconds; /* [count] spent in all ticks so far, those before a resume included */
    size_t column_count;
    sg_run_column *columns;       /* in the order in which the file names them; owned */
    size_t rows, column_capacity; /* allocated */
} sg_run_history;

/*
 * Parses `text`, the content of a stats.jsonl, whose steps take `batch` images (0: unknown) unless
 * a tick says otherwise. Lines that cannot be read, such as the last one of a run that goes on, are
 * skipped. A line with no more images than earlier lines replaces them: the run continued from an
 * earlier snapshot. No line at all makes an empty history. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_run_history_parse(const char *text, size_t length, int batch, sg_run_history *history,
                               sg_error *error);

/* Frees all and zeroes the history. */
void sg_run_history_clear(sg_run_history *history);

/* Returns the values of a statistic; NULL when no tick has it. */
const double *sg_run_history_values(const sg_run_history *history, const char *name);

/* Returns the mean of one statistic in a line of stats.jsonl; NaN where the line has none. */
double sg_run_history_mean(const cJSON *tick, const char *name);

#endif
