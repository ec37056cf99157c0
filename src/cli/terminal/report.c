/* Failures and warnings on standard error; see report.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/terminal/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum { LONGEST_WARNING = 2000 };

int sg_report_failure(const char *command, const sg_error *error)
{
    fprintf(stderr, "stylegan: %s: %s\n", command, error->message);
    return SG_EXIT_FAILED;
}

void sg_report_warning(const char *command, const char *format, ...)
{
    char sentence[LONGEST_WARNING];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fprintf(stderr, "stylegan: %s: warning: %s\n", command, sg_text_make_safe(sentence));
}
