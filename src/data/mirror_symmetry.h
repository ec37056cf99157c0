/* Whether the pictures of a set may be mirrored: flipped letters and digits are others. */
#ifndef SG_DATA_MIRROR_SYMMETRY_H
#define SG_DATA_MIRROR_SYMMETRY_H

#include "data/dataset.h"

/*
 * Sets *asymmetry to the mean squared difference of the mean picture and its mirror image, over the
 * mean variance of a pixel, of a sample of the set; without what a sample of as many pictures has
 * by chance. Near 0 for pictures that are as likely as their mirror images. Fails as
 * sg_dataset_read does, and with SG_ERROR_MEMORY.
 */
sg_status sg_mirror_asymmetry(const sg_dataset *dataset, double *asymmetry, sg_error *error);

/*
 * True if pictures may be mirrored, as far as the mean picture tells: an asymmetry below 0.02.
 * Handwritten digits have 0.04, the drawn faces of data/faces 0.001. False on failure.
 */
bool sg_mirror_fits(const sg_dataset *dataset);

#endif
