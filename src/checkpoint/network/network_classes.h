/* What the file of a classifier says of it besides its weights: metadata of native files. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_CLASSES_H
#define SG_CHECKPOINT_NETWORK_NETWORK_CLASSES_H

#include "checkpoint/network/network_file.h"

/* Returns the text of the metadata pair with this key; NULL without one; borrowed. */
const char *sg_network_metadata(const sg_network_file *file, const char *key);

/*
 * Returns the names of a classifier's `count` classes or attributes, a list of as many texts in the
 * order of its outputs, from the metadata "classes"; the caller deletes it. NULL where the file has
 * none, or a list of another length.
 */
cJSON *sg_network_class_names(const sg_network_file *file, int count);

#endif
