/*
 * Arrays by their names, in files of any kind that programs around StyleGAN keep directions in:
 * safetensors, NumPy's archives and single arrays, torch's files and pickles (a tensor, or a dict
 * of them). Nothing in them is executed.
 */
#ifndef SG_CHECKPOINT_LATENTS_NAMED_ARRAYS_H
#define SG_CHECKPOINT_LATENTS_NAMED_ARRAYS_H

#include "base/error.h"
#include "checkpoint/numpy/numpy_file.h"

/* An open file; made by sg_named_arrays_open. */
typedef struct sg_named_arrays sg_named_arrays;

/* Opens the file at `path`, which must outlive *arrays. Fails with SG_ERROR_FORMAT for a file of
 * another kind, with what it seems to be. *arrays (NULL on failure) must be closed. */
sg_status sg_named_arrays_open(const char *path, sg_named_arrays **arrays, sg_error *error);
void sg_named_arrays_close(sg_named_arrays *arrays);

/* Counts the arrays; returns the name of one, borrowed: "" for the only array of a file without
 * names. */
size_t sg_named_arrays_count(const sg_named_arrays *arrays);
const char *sg_named_arrays_name(const sg_named_arrays *arrays, size_t index);

/* Finds the array of that name; false if there is none. */
bool sg_named_arrays_find(const sg_named_arrays *arrays, const char *name, size_t *index);

/* Reads an array, which the caller clears. Fails with SG_ERROR_FORMAT for an array that holds no
 * numbers, none at all, or more than the file has room for. */
sg_status sg_named_arrays_read(sg_named_arrays *arrays, size_t index, sg_numpy_array *array,
                               sg_error *error);

/* Reads a list of texts: of an archive, an array of texts; of safetensors, a list in JSON among the
 * metadata. *texts is NULL and *count 0 where there is none; freed by sg_numpy_texts_free. */
sg_status sg_named_arrays_texts(const sg_named_arrays *arrays, const char *name, char ***texts,
                                size_t *count, sg_error *error);

#endif
