/* Which files the parts of a feature network are in. */
#ifndef SG_FEATURES_FEATURE_FILES_H
#define SG_FEATURES_FEATURE_FILES_H

#include "features/feature_kind.h"

/* True for the name of a merges file of CLIP's tokenizer, which may be among the files of networks:
 * it ends with ".txt" or ".txt.gz". */
bool sg_is_merges_name(const char *path);

/* Files that were opened in search of a network. */
typedef struct sg_feature_files {
    sg_feature_tensors **opened;
    size_t count, capacity;
    const sg_feature_tensors *parts[SG_FEATURE_MOST_PARTS]; /* among them; NULL: not found */
} sg_feature_files;

/*
 * Looks for the parts of a kind in `paths`, except merges files (of other kinds than CLIP: what has
 * such a name and holds merges), then by the names of published
 * files in the folder of the user's data. A part may stay NULL. Fails if a path cannot be read or
 * holds no part of any kind. The caller clears the files, also after a failure.
 */
sg_status sg_feature_files_find(const sg_feature_kind *kind, const char *const *paths, size_t count,
                                sg_feature_files *files, sg_error *error);

/* Fails with SG_ERROR_FILE and a sentence that asks for the first part that was not found. */
sg_status sg_feature_files_check(const sg_feature_kind *kind, const sg_feature_files *files,
                                 sg_error *error);

/* Closes the files. */
void sg_feature_files_clear(sg_feature_files *files);

#endif
