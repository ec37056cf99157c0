/* Pickles that make Python's own reader run a command, one for each family of operations. */
#ifndef SUPPORT_EXECUTION_ATTEMPTS_H
#define SUPPORT_EXECUTION_ATTEMPTS_H

#include "base/text.h"

typedef struct execution_attempt {
    const char *name;
    /* Appends a whole pickle that would run `command`. */
    void (*write)(sg_text *pickle, const char *command);
} execution_attempt;

/* All of them; the one with a NULL name is the last. */
extern const execution_attempt execution_attempts[];

#endif
