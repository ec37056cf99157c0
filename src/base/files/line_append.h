/* Logs that grow by lines. */
#ifndef SG_BASE_FILES_LINE_APPEND_H
#define SG_BASE_FILES_LINE_APPEND_H

#include "base/error.h"

/*
 * Appends the line and a newline to the file at `path`, which is made where it is missing. A line
 * that a crash has torn is ended first, so that nothing is glued to it. Fails with SG_ERROR_FILE.
 */
sg_status sg_append_line(const char *path, const char *line, sg_error *error);

#endif
