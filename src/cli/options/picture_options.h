/* Options that the commands without a table of fields share. */
#ifndef SG_CLI_OPTIONS_PICTURE_OPTIONS_H
#define SG_CLI_OPTIONS_PICTURE_OPTIONS_H

#include "cli/options/legacy_options.h"

/* An option that the command cannot do without. */
typedef struct sg_required_option {
    const char *name; /* "--seeds" */
    const char *value;
} sg_required_option;

/* Refuses options without a value, and folders or files of no name, which come last. Returns an
 * exit status. */
int sg_check_required(const sg_usage *usage, const sg_required_option *options, size_t count);

/* Refuses a number of threads that is not 0 (all) or a reasonable one; returns an exit status. */
int sg_check_threads(const sg_usage *usage, int threads);

#endif
