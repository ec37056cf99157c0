/* Finds the pictures that the names of a label file mean. */
#ifndef SG_DATA_LABELS_LABEL_MATCH_H
#define SG_DATA_LABELS_LABEL_MATCH_H

#include <stdint.h>

#include "data/labels/label_list.h"

/* No picture. */
#define SG_UNMATCHED SIZE_MAX

/*
 * Sets found[i] to the picture that entry i of the list names, or SG_UNMATCHED. `names` [count] are
 * the pictures' portable paths. Names are compared as sg_label_key has them; folders that all
 * pictures share may be left out, folders around the set may be there, the same number for all
 * entries; where no entry matches so, file names alone are compared. Of several pictures that a
 * name could mean, the one that is spelled alike is taken. Fails with SG_ERROR_FORMAT where a name
 * means several pictures equally well, and with SG_ERROR_MEMORY.
 */
sg_status sg_label_match(const sg_label_list *list, const char *const *names, size_t count,
                         size_t *found, sg_error *error);

/* Returns the number of folders that all of the portable paths share, from the outermost on. */
size_t sg_common_folders(const char *const *names, size_t count);

#endif
