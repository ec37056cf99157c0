/* Suggestions for mistyped names. */
#ifndef SG_BASE_NEAREST_NAME_H
#define SG_BASE_NEAREST_NAME_H

#include <stddef.h>

/*
 * Returns the name among names[0 .. count-1] that `typed` was probably meant to be: the one with
 * the fewest letters to insert, remove, change or swap. NULL when none is close.
 */
const char *sg_nearest_name(const char *typed, const char *const *names, size_t count);

#endif
