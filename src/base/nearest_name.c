/*
 * Suggestions by edit distance, with a swap of neighbours counted as one edit (optimal string
 * alignment).
 */
#include "base/nearest_name.h"

#include <string.h>

enum { LONGEST_NAME = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Counts the edits that turn `a` into `b`, both at most LONGEST_NAME long. */
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
