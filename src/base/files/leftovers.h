/*
 * Names of what is half written, and what programs that were killed left of it. Such a file or
 * folder is called ".stylegan-PROCESS-NUMBER.tmp", and the process that writes it holds a lock on
 * it (flock), so that others tell a living writer from a dead one, on other machines too.
 */
#ifndef SG_BASE_FILES_LEFTOVERS_H
#define SG_BASE_FILES_LEFTOVERS_H

#include "base/error.h"

enum { SG_TEMPORARY_ATTEMPTS = 1000 };

/* Returns the path of the temporary name of this process with that number, on the heap; NULL on
 * lack of memory. */
char *sg_temporary_path(const char *folder, int number);

/* Locks an open file or folder of a temporary name until it is closed. */
void sg_temporary_lock(int descriptor);

/* Removes from the folder what processes that are gone left half written; what cannot be removed
 * stays. */
void sg_sweep_leftovers(const char *folder);

/* Removes a folder with all that is in it, as far as that is possible. */
void sg_remove_folder(const char *path);

#endif
