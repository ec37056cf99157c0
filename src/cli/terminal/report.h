/* What the commands say on standard error when something fails. */
#ifndef SG_CLI_TERMINAL_REPORT_H
#define SG_CLI_TERMINAL_REPORT_H

#include "base/error.h"

/* Exit statuses: done, the work failed, bad usage. */
enum { SG_EXIT_DONE = 0, SG_EXIT_FAILED = 1, SG_EXIT_USAGE = 2 };

/* Prints "stylegan: COMMAND: sentence" to standard error; returns SG_EXIT_FAILED. */
int sg_report_failure(const char *command, const sg_error *error);

/* Prints "stylegan: COMMAND: warning: ..." to standard error. */
void sg_report_warning(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
