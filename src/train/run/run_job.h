/*
 * What the parts of a training run share: run_setup.c puts it together, run.c runs it. Internal to
 * this layer; the way in is train/run/run.h.
 */
#ifndef SG_TRAIN_RUN_RUN_JOB_H
#define SG_TRAIN_RUN_RUN_JOB_H

#include "data/loader.h"
#include "train/run/run.h"
#include "train/run/run_folder.h"
#include "train/run/sheets.h"

typedef struct sg_run_job {
    sg_context *context;
    sg_run_options options;
    sg_run_callbacks callbacks;
    sg_saved_options saved;     /* what a resumed run's options point into */
    char folder[SG_PATH_BYTES]; /* empty until it exists */
    sg_dataset *dataset;
    sg_dataset_info info;
    sg_dataset
        *reduced;      /* the data at the resolution of the loader's pictures; NULL: the full one */
    sg_loader *loader; /* NULL until the first batch is asked for */
    int batch, resolution; /* of the loader's pictures */
    sg_trainer *trainer;
    sg_sheet sheet;
    sg_statistics statistics;
    float *images, *labels; /* one batch */
    uint64_t total_images;
    uint64_t tick_images; /* tick t ends when t + 1 times this many have been seen */
    int tick, rollbacks;
    double real_spread; /* how much real pictures differ from each other */
    double started, tick_started, tick_kimg;
} sg_run_job;

/*
 * Everything before the first step: data, networks, folder, the sheet of real pictures; or, when
 * resuming, all that as it was left. job->context, options and callbacks are set; the rest is zero.
 */
sg_status sg_run_job_prepare(sg_run_job *job, sg_error *error);

/* Frees what prepare made, whether or not it succeeded. */
void sg_run_job_release(sg_run_job *job);

/*
 * Goes back to the newest snapshot (to the start when there is none), with other random numbers and
 * the data in another order from there on.
 */
sg_status sg_run_job_roll_back(sg_run_job *job, sg_error *error);

/*
 * Puts the batch for the next step into job->images and job->labels, from another loader when the
 * step trains with another resolution or another number of pictures than the last one.
 */
sg_status sg_run_job_load(sg_run_job *job, sg_error *error);

/* Thousands of real images seen so far. */
double sg_run_job_kimg(const sg_run_job *job);

/* The sheet of the averaged generator's pictures at this point. */
sg_status sg_run_job_paint(sg_run_job *job, sg_error *error);

/* A line for people and for log.txt; a log that cannot be written does not end a training. */
void sg_run_job_say(sg_run_job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
