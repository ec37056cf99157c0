/* Threads: one loop, split into ranges. Results must not depend on how many threads there are. */
#ifndef SG_BASE_PARALLEL_H
#define SG_BASE_PARALLEL_H

#include <stddef.h>

/* The largest number of threads that options may ask for. */
enum { SG_MOST_THREADS = 4096 };

/* Works on the items begin <= i < end. */
typedef void (*sg_range_function)(size_t begin, size_t end, void *argument);

/*
 * Calls `function` on consecutive ranges that cover 0 .. count-1, from several threads at once.
 * `grain` is the smallest number of items worth a thread of its own (at least 1); ranges are
 * multiples of it except the last.
 */
void sg_parallel_for(size_t count, size_t grain, sg_range_function function, void *argument);

/*
 * Sets how many threads the calling thread's parallel loops (and oneDNN's) use; 0 means all
 * processors.
 */
void sg_set_thread_count(int threads);

/* The number of threads in force for the calling thread. */
int sg_thread_count(void);

#endif
