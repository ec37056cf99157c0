/* The size of a run's pictures, and of the constant that its networks begin with. */
#ifndef SG_TRAIN_RUN_RUN_SIZE_H
#define SG_TRAIN_RUN_RUN_SIZE_H

#include "data/picture_base.h"
#include "train/run/run_state.h"

/*
 * Finds the size of networks for the run's open data: that of the networks that it continues or
 * starts from, if they paint such pictures; otherwise by sg_picture_base_find. Fails for pictures
 * that no network makes, and names a size nearby.
 */
sg_status sg_run_size_find(const sg_run_state *run, sg_picture_base *size, sg_error *error);

/* Sets the size of the run's networks; fails if their family makes only squares, and says so. */
sg_status sg_run_size_set(sg_run_state *run, const sg_picture_base *size, sg_error *error);

#endif
