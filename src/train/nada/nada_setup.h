/* What moving a generator to another domain takes from its file and from the words. */
#ifndef SG_TRAIN_NADA_NADA_SETUP_H
#define SG_TRAIN_NADA_NADA_SETUP_H

#include "data/dataset.h"
#include "train/options/run_options.h"
#include "train/step/trainer.h"

/* Tells size and channels of the pictures of options->network, in place of a data set's, and the
 * name of its file. Fails as opening does. */
sg_status sg_nada_setup_info(const sg_run_options *options, sg_dataset_info *info, sg_error *error);

/* Completes the options by the generator of options->network: its config, layers and the weights of
 * losses where none are given. Fails as opening does. */
sg_status sg_nada_setup_options(sg_context *context, sg_run_options *options, sg_error *error);

/* Fills the trainer's generators from the file, and opens what knows the target. Fails as opening
 * does, and as sg_nada_goal_towards does. */
sg_status sg_nada_setup_trainer(sg_trainer *trainer, const sg_run_options *options,
                                sg_error *error);

/* The files of CLIP and of its merges; NULL: none. */
typedef struct sg_nada_files {
    const char *clip, *merges;
} sg_nada_files;

/* Returns the files that read the pictures and texts of a trainer's goal, borrowed. */
sg_nada_files sg_nada_setup_files(const sg_trainer *trainer);

#endif
