/*
 * Progress for people: on a terminal, a bar with rate and time left that redraws itself; in a pipe,
 * a plain line every half minute. Ctrl-C, and the request of the system to end, as requests to
 * stop.
 */
#ifndef SG_CLI_TERMINAL_PROGRESS_H
#define SG_CLI_TERMINAL_PROGRESS_H

#include <stdbool.h>

#include "base/watch.h"

typedef struct sg_progress {
    const char *label; /* "training" */
    const char *unit;  /* "kimg": what `done` and `total` count */
    double total;
    bool terminal;     /* standard error is one */
    double started;    /* seconds, monotonic */
    double started_at; /* `done` at the start, for the rate */
    double last_drawn;
} sg_progress;

/* Starts the bar; `done` counts what was done before, such as by a resumed run. */
void sg_progress_start(sg_progress *progress, const char *label, const char *unit, double done,
                       double total);

/*
 * Shows progress and a short remark such as "G 0.93 D 1.21" (NULL: none). Draws at most ten times a
 * second on a terminal; in a pipe, prints a line every 30 seconds.
 */
void sg_progress_update(sg_progress *progress, double done, const char *remark);

/* Clears the bar at the end, or so that a line can be printed; the next update redraws it. */
void sg_progress_clear(sg_progress *progress);

/* What interrupted work does that has not ended by itself in time. */
typedef enum sg_interrupt_manner {
    SG_INTERRUPT_ENDS, /* the program ends at once: there is nothing to save */
    SG_INTERRUPT_SAVES /* it says that it saves what it has so far, and goes on until it has */
} sg_interrupt_manner;

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP is only noted, for the work to end in good order,
 * which may take SG_INTERRUPT_SECONDS before its manner says what happens; the second ends the
 * program. Signals that the program was started to ignore stay ignored.
 */
enum { SG_INTERRUPT_SECONDS = 1 };
void sg_interrupt_watch(sg_interrupt_manner manner);

/* From now on the end of a reader of the program's output does not end the program. */
void sg_outlive_readers(void);

/* Tells whether the work is to end. */
bool sg_interrupted(void);

/* Returns the exit status of work that was ended so, as shells have it: 129 for SIGHUP, 130 for
 * Ctrl-C, 143 for SIGTERM; 0 if no signal came. */
int sg_interrupted_status(void);

/*
 * A watcher of work on a terminal: a bar for work of three steps or more, one after another, and
 * Ctrl-C as the request to stop. Not to be moved while it is in use.
 */
typedef struct sg_terminal_watch {
    sg_watch watch; /* what the work is given */
    sg_progress progress;
    bool shown; /* there is a bar */
    void (*warn)(const void *owner, const char *sentence);
    const void *owner;
} sg_terminal_watch;

/* Prepares `watch`; its bar reads "LABEL ... UNIT", and `warn` prints a note to people. */
void sg_terminal_watch_start(sg_terminal_watch *watch, const char *label, const char *unit,
                             void (*warn)(const void *owner, const char *sentence),
                             const void *owner);

/* Ends the bar, if there is one. */
void sg_terminal_watch_finish(sg_terminal_watch *watch);

#endif
