/* What is known of a training from its folder. */
#ifndef SG_RUNS_RECORD_DATA_H
#define SG_RUNS_RECORD_DATA_H

#include "metrics/measure/metric_list.h"
#include "runs/run_history.h"

enum { SG_RECORD_EVENT_BYTES = 320, SG_RECORD_NAME_BYTES = 256 };

/* What happened in a training besides its steps. */
typedef enum sg_record_event_kind {
    SG_RECORD_WARNING,
    SG_RECORD_PHASE,  /* of growing */
    SG_RECORD_RESUME, /* or the return to a snapshot after a NaN */
    SG_RECORD_SNAPSHOT
} sg_record_event_kind;

typedef struct sg_record_event {
    sg_record_event_kind kind;
    double kimg;
    char text[SG_RECORD_EVENT_BYTES]; /* "the discriminator ...", "16x16 fades in"; "" of snapshots
                                       */
} sg_record_event;

/* One value of a metric, at each snapshot that was measured. */
typedef struct sg_record_metric {
    char key[SG_METRIC_KEY_BYTES]; /* "fid50k_full" */
    int better;                    /* 1: more, -1: less, 0: neither is better */
    size_t count;
    double *kimg, *values; /* [count], kimg rising; owned, as one block that begins with kimg */
} sg_record_metric;

/* One option of the run, in the spelling of its file: "loss", "G_kwargs.z_dim". */
typedef struct sg_record_option {
    char *name, *value; /* owned */
} sg_record_option;

/* A run; sg_run_record_close frees it. */
typedef struct sg_run_record {
    char *folder;                    /* its path; owned */
    char name[SG_RECORD_NAME_BYTES]; /* the last part of the path */
    sg_record_option *options;       /* [option_count], in the order of training_options.json */
    size_t option_count, option_capacity;
    sg_run_history history;
    sg_record_event *events; /* [event_count], by kimg */
    size_t event_count, event_capacity;
    sg_record_metric *metrics; /* [metric_count], by key */
    size_t metric_count, metric_capacity;
    const char *sheet_prefix; /* of their names: "fakes-", or "reconstructions-" of an encoder */
    double *sheets;           /* [sheet_count] kimg of the sheets of generated pictures, rising */
    size_t sheet_count, sheet_capacity;
} sg_run_record;

#endif
