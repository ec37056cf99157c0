/*
 * Names of pictures as label files, archives and folders write them, brought to one form: the only
 * place that knows of backslashes, "./", "..", drive letters, case, endings and Unicode forms.
 */
#ifndef SG_DATA_LABELS_LABEL_PATH_H
#define SG_DATA_LABELS_LABEL_PATH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns `name` on the heap with '/' between its parts, without empty parts and ".", without ".."
 * (which takes the part before it away) and without a slash at its begin; NULL on lack of memory.
 */
char *sg_portable_path(const char *name);

/*
 * Returns the same, in composed Unicode (NFC) with its case folded and without a picture's ending,
 * so that names are compared by their bytes; NULL on lack of memory. Names that are not UTF-8, and
 * all in a build without utf8proc, have only A to Z folded.
 */
char *sg_label_key(const char *name);

/* Returns the rest of a portable path after its first `parts` parts; NULL if it has no more. */
const char *sg_path_after(const char *path, size_t parts);

/* Returns the number of folders in a portable path. */
size_t sg_path_depth(const char *path);

/* Compares texts by their bytes, but runs of digits by their value: "2" before "10". Equal values
 * are compared by their bytes. Less than, equal to or greater than 0. */
int sg_compare_naturally(const char *left, const char *right);

#endif
