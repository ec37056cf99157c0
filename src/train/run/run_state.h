/*
 * What the parts of a training run share: run_setup.c puts it together, run.c runs it. Internal to
 * this layer; the way in is train/run/run.h.
 */
#ifndef SG_TRAIN_RUN_RUN_STATE_H
#define SG_TRAIN_RUN_RUN_STATE_H

#include "data/loader.h"
#include "train/run/run.h"
#include "train/run/run_folder.h"
#include "train/run/sheets.h"
#include "train/step/trainer.h"

typedef struct sg_run_state {
    sg_context *context;
    sg_run_options options;
    const sg_given *given; /* which of them are set; NULL: all, and they are complete */
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
} sg_run_state;

/*
 * Everything before the first step: data, networks, folder, the sheet of real pictures; or, when
 * resuming, all that as it was left. run->context, options, given and callbacks are set; the rest
 * is zero.
 */
sg_status sg_run_prepare(sg_run_state *run, sg_error *error);

/* Frees what prepare made, whether or not it succeeded. */
void sg_run_release(sg_run_state *run);

/*
 * Goes back to the newest snapshot (to the start when there is none), with other random numbers and
 * the data in another order from there on.
 */
sg_status sg_run_roll_back(sg_run_state *run, sg_error *error);

/*
 * Puts the batch for the next step into run->images and run->labels, from another loader when the
 * step trains with another resolution or another number of pictures than the last one.
 */
sg_status sg_run_load_batch(sg_run_state *run, sg_error *error);

/* Thousands of real images seen so far. */
double sg_run_kimg(const sg_run_state *run);

/* The sheet of the averaged generator's pictures at this point. */
sg_status sg_run_paint(sg_run_state *run, sg_error *error);

/* A line for people and for log.txt; a log that cannot be written does not end a training. */
void sg_run_say(sg_run_state *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
