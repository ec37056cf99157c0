/*
 * Threads that help the calling thread. Each thread that calls has a team of its own, which it
 * starts when it first needs help and which ends with it. Helpers that wait spin for some
 * microseconds, then sleep, so that they take nothing from what else runs on the machine. They take
 * no signals. In the child of a fork, which has none of its parent's threads, a new team is
 * started.
 *
 * Where OpenMP's threads, which oneDNN works with, also sleep soon, they are the team, since two
 * kinds of threads in turn wake each other up in vain (docs/performance.md).
 */
#ifndef SG_BASE_THREADS_THREAD_TEAM_H
#define SG_BASE_THREADS_THREAD_TEAM_H

#include <stddef.h>

#include "base/threads/share.h"

/*
 * Calls `share` once for each of at most `members` members, in the calling thread and its helpers,
 * and returns when all are done. There are fewer members where the system gives no more threads,
 * and one within the share of another job.
 */
void sg_team_run(size_t members, sg_share_function share, void *argument);

/*
 * To be called before and after each call into oneDNN of about `work` multiply-adds. Where OpenMP's
 * threads would spin after it, they end, and small work goes without them; where the number of
 * threads decides how sums are split, `work` is infinite. The first returns what the second takes.
 */
int sg_team_before_openmp(double work);
void sg_team_after_openmp(int before);

/* Sets how many members the calling thread's jobs should have; 0: one for each processor that the
 * process may use. It is OpenMP's number too, whose threads oneDNN uses. */
void sg_team_set_size(int members);

/* Returns how many members the calling thread's jobs should have: what was set, else OpenMP's
 * number, else one for each processor. */
int sg_team_size(void);

#endif
