/* Noting SIGINT and SIGTERM; see interrupt.h.
 * Tested by: tests/cli/test_train.c */
#include "cli/terminal/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

void sg_interrupt_watch(void)
{
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
}

bool sg_interrupted(void)
{
    return interrupted != 0;
}
