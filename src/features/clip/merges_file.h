/* The merges file of CLIP's tokenizer: found, and read. */
#ifndef SG_FEATURES_CLIP_MERGES_FILE_H
#define SG_FEATURES_CLIP_MERGES_FILE_H

#include "features/clip/bpe.h"

/*
 * Finds the merges file: the first of `files` that has a name of such (features/feature_files.h),
 * otherwise one of a published name beside `network`, otherwise in $XDG_DATA_HOME/stylegan. *path,
 * on the heap, is NULL if there is none.
 */
sg_status sg_merges_find(const char *const *files, size_t count, const char *network, char **path,
                         sg_error *error);

/* Reads a merges file, plain or compressed by gzip, for a vocabulary (features/clip/bpe.h). */
sg_status sg_merges_read(const char *path, size_t vocabulary, sg_bpe **bpe, sg_error *error);

/* True if the file is one of merges, by the version in its first line; *merges gets how many it
 * has.
 */
bool sg_merges_count(const char *path, size_t *merges);

/* Fails with a sentence that asks for the merges file. */
sg_status sg_merges_fail_missing(const char *network, sg_error *error);

#endif
