/* Parallel loops: one loop, split into ranges. Results must not depend on the number of threads. */
#ifndef SG_BASE_PARALLEL_H
#define SG_BASE_PARALLEL_H

#include <stddef.h>

/* The largest number of threads that options may ask for. */
enum { SG_MOST_THREADS = 4096 };

/* Processes the items begin <= i < end. */
typedef void (*sg_range_function)(size_t begin, size_t end, void *argument);

/*
 * Calls `function` on ranges that cover 0 .. count-1, from several threads at once. `grain` is the
 * smallest number of items worth a thread of its own (at least 1); all ranges except the last are
 * multiples of it.
 */
void sg_parallel_for(size_t count, size_t grain, sg_range_function function, void *argument);

/* Sets the number of threads of the calling thread's parallel loops (and oneDNN's); 0: all
 * processors. */
void sg_set_thread_count(int threads);

/* Returns the number of threads of the calling thread's parallel loops. */
int sg_thread_count(void);

#endif
