/* Locks by files, which end with the process that holds them. */
#ifndef SG_BASE_FILES_LOCK_FILE_H
#define SG_BASE_FILES_LOCK_FILE_H

#include "base/error.h"

/*
 * Takes the lock of the file at `path`, which is made where it is missing, until *lock is released:
 * a number above 0, or 0 where the file system has no locks. Fails with SG_ERROR_FILE and the
 * sentence `busy` while another holder has it, and when the file cannot be made.
 */
sg_status sg_lock_take(const char *path, const char *busy, int *lock, sg_error *error);

/* Releases the lock and sets it to 0; 0 is allowed. */
void sg_lock_release(int *lock);

#endif
