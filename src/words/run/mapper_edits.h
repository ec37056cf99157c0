/* Edits by a mapper: plans that move each w of a set as a trained network tells (StyleCLIP). */
#ifndef SG_WORDS_RUN_MAPPER_EDITS_H
#define SG_WORDS_RUN_MAPPER_EDITS_H

#include "pictures/picture_set.h"

/*
 * Makes a plan for each source of a prepared work, which pictures follow from then on
 * (work->found): w moves by `strength` times what the mapper in the network file `path` tells.
 * Fails with SG_ERROR_ARGUMENT for a mapper of other w than the network's, and as opening does.
 */
sg_status sg_mapper_edits_make(const char *path, double strength, sg_picture_work *work,
                               sg_error *error);

#endif
