/* Parallel loops over a team of threads. */
#include "base/parallel.h"

#include "base/threads/thread_team.h"

/* A loop in `chunks` runs of `grain` items, which threads share as evenly as possible. */
typedef struct split {
    size_t count;
    size_t grain;
    size_t chunks;
    sg_range_function function;
    void *argument;
} split;

static void run_share(size_t member, size_t members, void *argument)
{
    const split *whole = argument;
    size_t share = whole->chunks / members;
    size_t rest = whole->chunks % members;
    size_t first = member * share + (member < rest ? member : rest);
    size_t last = first + share + (member < rest ? 1 : 0);
    if (first == last)
        return;
    size_t end = last == whole->chunks ? whole->count : last * whole->grain;
    whole->function(first * whole->grain, end, whole->argument);
}

void sg_parallel_for(size_t count, size_t grain, sg_range_function function, void *argument)
{
    if (count == 0)
        return;
    if (grain == 0)
        grain = 1;
    split whole = {count, grain, count / grain + (count % grain != 0 ? 1 : 0), function, argument};
    const size_t threads = (size_t)sg_team_size();
    sg_team_run(whole.chunks < threads ? whole.chunks : threads, run_share, &whole);
}

void sg_set_thread_count(int threads)
{
    sg_team_set_size(threads);
}

int sg_thread_count(void)
{
    return sg_team_size();
}
