/*
 * Failures and warnings on standard error; suggestions by edit distance with swaps of neighbours
 * counted as one edit (optimal string alignment).
 */
#include "cli/terminal/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"

enum { LONGEST_NAME = 40, LONGEST_WARNING = 2000 };

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

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits that turn `a` into `b`, both at most LONGEST_NAME long. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t edits[LONGEST_NAME + 1][LONGEST_NAME + 1];
    const size_t rows = strlen(a);
    const size_t columns = strlen(b);
    for (size_t i = 0; i <= rows; i++) {
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                edits[i][j] = i + j;
                continue;
            }
            const size_t changed = edits[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            edits[i][j] = least(changed, least(edits[i - 1][j], edits[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                edits[i][j] = least(edits[i][j], edits[i - 2][j - 2] + 1);
        }
    }
    return edits[rows][columns];
}

const char *sg_nearest_name(const char *typed, const char *const *names, size_t count)
{
    const size_t length = strlen(typed);
    const char *nearest = NULL;
    size_t fewest = 3 + length / 6;
    if (length == 0 || length > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) > LONGEST_NAME)
            continue;
        const size_t edits = edit_distance(typed, names[i]);
        if (edits < fewest && edits < length) {
            nearest = names[i];
            fewest = edits;
        }
    }
    return nearest;
}
