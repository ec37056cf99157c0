/* The making of folders. */
#ifndef SG_BASE_FILES_FOLDERS_H
#define SG_BASE_FILES_FOLDERS_H

#include "base/error.h"

/* Makes the folder and its parents, if they are missing, and sweeps it (leftovers.h). */
sg_status sg_make_folders(const char *path, sg_error *error);

/* Makes the folder and its parents, if they are missing, and does no more, for folders that a call
 * comes back to for each of its files. */
sg_status sg_make_missing_folders(const char *path, sg_error *error);

/* Likewise, for the folder of the file `path`. */
sg_status sg_make_missing_parent(const char *path, sg_error *error);

/* Makes the folder of the file `path`, and its parents, if they are missing, and sweeps it. */
sg_status sg_make_parent_folder(const char *path, sg_error *error);

#endif
