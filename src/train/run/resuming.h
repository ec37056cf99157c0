/* What can be continued, and with which options. */
#ifndef SG_TRAIN_RUN_RESUMING_H
#define SG_TRAIN_RUN_RESUMING_H

#include "base/fields.h"
#include "train/options/run_options.h"

/* What a path that is to be resumed holds. */
typedef enum sg_resumable {
    SG_RESUMABLE_RUN,     /* a run of this program */
    SG_RESUMABLE_NETWORK, /* a network to start from */
    SG_RESUMABLE_NOTHING  /* a folder with neither */
} sg_resumable;

/*
 * Tells what `path` holds. Of a folder of runs, writes the path of the newest one with a training
 * state to `run` of SG_PATH_BYTES; otherwise `path` itself.
 */
sg_resumable sg_resumable_find(const char *path, char *run);

/*
 * Checks the options given for the run in options->resume. Fails with SG_ERROR_ARGUMENT, naming all
 * of them, when some differ from the run's own and cannot change; or as sg_run_folder_read_options
 * does.
 */
sg_status sg_resuming_check(const sg_run_options *options, const sg_given *given, sg_error *error);

#endif
