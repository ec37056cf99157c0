/* Sentences about bad usage; see usage.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/options/usage.h"

#include <stdarg.h>
#include <stdio.h>

int sg_usage_error(const sg_command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "stylegan: %s: ", command->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry \"stylegan %s --help\".\n", command->name);
    va_end(arguments);
    return SG_EXIT_USAGE;
}
