/* Parallel loops over OpenMP; without it, the same ranges run one after the other. */
#include "base/parallel.h"

#ifdef _OPENMP
#include <omp.h>
#endif

/* A loop in `chunks` runs of `grain` items, which threads share as evenly as possible. */
typedef struct split {
    size_t count;
    size_t grain;
    size_t chunks;
} split;

static void run_share(const split *whole, size_t worker, size_t workers, sg_range_function function,
                      void *argument)
{
    size_t share = whole->chunks / workers;
    size_t rest = whole->chunks % workers;
    size_t first = worker * share + (worker < rest ? worker : rest);
    size_t last = first + share + (worker < rest ? 1 : 0);
    if (first == last)
        return;
    size_t end = last == whole->chunks ? whole->count : last * whole->grain;
    function(first * whole->grain, end, argument);
}

void sg_parallel_for(size_t count, size_t grain, sg_range_function function, void *argument)
{
    if (count == 0)
        return;
    if (grain == 0)
        grain = 1;
    split whole = {count, grain, count / grain + (count % grain != 0 ? 1 : 0)};
#ifdef _OPENMP
    int threads = omp_get_max_threads();
    if (whole.chunks < (size_t)threads)
        threads = (int)whole.chunks;
    if (threads > 1) {
#pragma omp parallel num_threads(threads)
        run_share(&whole, (size_t)omp_get_thread_num(), (size_t)omp_get_num_threads(), function,
                  argument);
        return;
    }
#endif
    run_share(&whole, 0, 1, function, argument);
}

void sg_set_thread_count(int threads)
{
#ifdef _OPENMP
    omp_set_num_threads(threads > 0 ? threads : omp_get_num_procs());
#else
    (void)threads;
#endif
}

int sg_thread_count(void)
{
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}
