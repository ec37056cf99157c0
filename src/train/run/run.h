/*
 * A whole training run: a data set in, a run folder with pictures, snapshots and statistics out.
 */
#ifndef SG_TRAIN_RUN_RUN_H
#define SG_TRAIN_RUN_RUN_H

#include "train/step/trainer.h"

enum { SG_PATH_BYTES = 4096 };

/* How far a run is, after each step. */
typedef struct sg_run_progress {
    double kimg, total_kimg; /* thousands of real images seen, and to be seen */
    int resolution;          /* of the pictures that are trained on at present */
    double loss_g, loss_d;   /* means since the last tick */
    double seconds_per_kimg; /* since the last tick */
} sg_run_progress;

/* Who wants to hear of it; every member may be NULL. */
typedef struct sg_run_callbacks {
    void *user;
    /* After every step; true asks the run to save what it has and end. */
    bool (*step)(void *user, const sg_run_progress *progress);
    /* A line for people: also written to the run folder's log.txt. */
    void (*log)(void *user, const char *line);
} sg_run_callbacks;

typedef struct sg_run_options {
    const char *data;           /* path of the data set */
    const char *outdir;         /* folder in which the run gets a folder of its own */
    const char *cfg;            /* preset's name, for the folder's name and training_options.json */
    sg_trainer_options trainer; /* channels, size and labels are taken from the data set; a negative
                                   gamma stands for max(1, 0.0002 * pixels / batch) */
    bool conditional;           /* train on the data set's labels */
    bool mirror;                /* flip images left to right at random */
    double kimg;                /* total length, thousands of real images */
    double tick;                /* kimg between lines of statistics */
    int snap;                   /* ticks between sheets of pictures and network snapshots */
    bool nan_rollback;          /* on a NaN, go back to the last snapshot and on with other random
                                   numbers, instead of ending */
    bool dry_run;               /* end after the forecast, leaving nothing on disk */
    const char *resume;         /* run folder to go on in, exactly; NULL: a new one in outdir */
    const char *init;           /* network file to take weights from; NULL: initial weights */
} sg_run_options;

/*
 * When resuming, everything but the four that follow is taken from the run folder's
 * training_options.json; data (NULL), kimg, tick and snap (0) are taken from there too unless
 * given.
 *
 * cfg stylegan2, 25000 kimg, ticks of 4 kimg, snapshots every 50; trainer options as published. */
sg_run_options sg_run_options_default(void);

/*
 * Trains. The folder's path goes to `folder` (`size` bytes) as soon as it exists. On a failure in
 * the middle, what was written before stays. SG_ERROR_CANCELLED is not used: a run that was asked
 * to end has saved itself and is done.
 */
sg_status sg_run(sg_context *context, const sg_run_options *options,
                 const sg_run_callbacks *callbacks, char *folder, size_t size, sg_error *error);

#endif
