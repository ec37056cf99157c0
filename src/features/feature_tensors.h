/*
 * The named tensors of a feature network's file, of whatever container: a state dict, a module
 * pickled whole, a program of TorchScript (tensors by the path of attributes that leads to each),
 * also within bytes of another file, or safetensors.
 */
#ifndef SG_FEATURES_FEATURE_TENSORS_H
#define SG_FEATURES_FEATURE_TENSORS_H

#include "base/error.h"
#include "checkpoint/values/value.h"

/* Opened tensors of one file. */
typedef struct sg_feature_tensors sg_feature_tensors;

/*
 * Opens a file and lists its tensors; *tensors (NULL on failure) must be closed. A file without any
 * is no failure. Fails as sg_document_open does, and for a file that nests without measure.
 */
sg_status sg_feature_tensors_open(const char *path, sg_feature_tensors **tensors, sg_error *error);

/*
 * Makes tensors that no file holds: whatever is read has random values that keep the size of what a
 * layer passes on, the same each time; none is found by name. NULL on lack of memory.
 */
sg_feature_tensors *sg_feature_tensors_random(void);

/* True for tensors of sg_feature_tensors_random. */
bool sg_feature_tensors_are_random(const sg_feature_tensors *tensors);

/* Closes the file; NULL is allowed. */
void sg_feature_tensors_close(sg_feature_tensors *tensors);

/* Returns the path; borrowed. */
const char *sg_feature_tensors_path(const sg_feature_tensors *tensors);

/* Returns the array of that name; NULL if there is none. */
const sg_value *sg_feature_tensors_find(const sg_feature_tensors *tensors, const char *name);

/* Returns a tensor's size along an axis; 0 if there is none. */
int64_t sg_feature_tensors_size(const sg_feature_tensors *tensors, const char *name, int axis);

/* Fails as sg_feature_tensors_read does, before memory is taken for the values. */
sg_status sg_feature_tensors_check(const sg_feature_tensors *tensors, const char *name, int rank,
                                   const int64_t *size, sg_error *error);

/*
 * Reads a tensor of the shape [size[0], ..., size[rank-1]]; axes of size 1 may be missing or more.
 * Fails with SG_ERROR_FORMAT and the tensor's name if it is absent or of another shape.
 */
sg_status sg_feature_tensors_read(const sg_feature_tensors *tensors, const char *name, int rank,
                                  const int64_t *size, float *values, sg_error *error);

#endif
