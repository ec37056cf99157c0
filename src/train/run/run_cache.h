/* Data of any size as a set of one size beside the run. */
#ifndef SG_TRAIN_RUN_RUN_CACHE_H
#define SG_TRAIN_RUN_RUN_CACHE_H

#include "train/run/run_state.h"

/*
 * Makes a set of the run's pictures, cropped to the middle square and resized to
 * run->options.resolution, in the archive OUTDIR/NAME-NxN-XXXXXXXX.zip, and takes it as the run's
 * data; takes an archive of that name as it is, since the name depends on the pictures' names,
 * sizes and labels. Pictures that are alike and have this size already stay where they are. Bad
 * pictures are repaired as `stylegan dataset` does it, or left out with a warning. In a dry run,
 * only fills in run->info. Fails as examining and writing the set do, or with SG_ERROR_CANCELLED
 * when a callback ends the run.
 */
sg_status sg_run_convert_data(sg_run_state *run, sg_error *error);

#endif
