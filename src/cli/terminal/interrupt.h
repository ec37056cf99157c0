/* Ctrl-C, and the request of the system to end. */
#ifndef SG_CLI_TERMINAL_INTERRUPT_H
#define SG_CLI_TERMINAL_INTERRUPT_H

#include <stdbool.h>

/*
 * From now on the first SIGINT or SIGTERM is only noted, for the work to end in good order; the
 * second ends the program.
 */
void sg_interrupt_watch(void);

/* Whether the work is to end. */
bool sg_interrupted(void);

#endif
