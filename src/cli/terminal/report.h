/* What the commands say on standard error when something fails, and the nearest name to a typo. */
#ifndef SG_CLI_TERMINAL_REPORT_H
#define SG_CLI_TERMINAL_REPORT_H

#include "base/error.h"

/* Prints "stylegan: COMMAND: sentence" to standard error; returns SG_EXIT_FAILED. */
int sg_report_failure(const char *command, const sg_error *error);

/* Prints "stylegan: COMMAND: warning: ..." to standard error. */
void sg_report_warning(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The name among names[0 .. count-1] that `typed` was probably meant to be: the one with the fewest
 * letters to insert, remove, change or swap. NULL when even that one is not close.
 */
const char *sg_nearest_name(const char *typed, const char *const *names, size_t count);

#endif
