/* What tells whether a data set is still the one that it was. */
#ifndef SG_DATA_FINGERPRINT_H
#define SG_DATA_FINGERPRINT_H

#include "data/dataset.h"

/* "10000 images 28x28x1, " and a SHA-256, with the zero byte. */
enum { SG_FINGERPRINT_BYTES = 160 };

/*
 * Writes the data set's fingerprint to `text` [SG_FINGERPRINT_BYTES]: number and size of the
 * pictures, and a hash of their labels, of the names and sizes of their files with the checksums
 * that an archive has, and of pixels: of all pictures or, where that would take long, of some that
 * lie evenly. Fails as reading does.
 */
sg_status sg_dataset_fingerprint(const sg_dataset *dataset, char *text, sg_error *error);

#endif
