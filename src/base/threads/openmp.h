/*
 * What OpenMP is asked, whose threads oneDNN works with. Each function has a plain answer where the
 * program is built without OpenMP.
 */
#ifndef SG_BASE_THREADS_OPENMP_H
#define SG_BASE_THREADS_OPENMP_H

#include <stdbool.h>

#include "base/threads/share.h"

/*
 * Whether OpenMP's threads sleep soon where they wait, so that our jobs may run on them too. GCC's
 * spin for milliseconds, which takes a busy machine's time from others many times over, unless
 * OMP_WAIT_POLICY or GOMP_SPINCOUNT said otherwise when the process began. Always false without
 * OpenMP.
 */
bool sg_openmp_waits_briefly(void);

/* Calls `share` for 0 .. members - 1 in OpenMP's threads; they may turn out fewer. */
void sg_openmp_run(size_t members, sg_share_function share, void *argument);

/* Ends the threads that help the calling one, which are started again where they are next needed.
 */
void sg_openmp_end_threads(void);

/* The number of processors that the process may use. */
int sg_openmp_processors(void);

/* Gets and sets the calling thread's number of threads, which starts as one for each processor, or
 * as OMP_NUM_THREADS says. */
int sg_openmp_size(void);
void sg_openmp_set_size(int members);

#endif
