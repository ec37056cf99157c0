/*
 * OpenMP's answers, or those of a build without it.
 * Tested by: tests/base/threads/test_thread_team.c, tests/api/test_neighbours.c
 */
#define _GNU_SOURCE /* for sched_getaffinity */
#include "base/threads/openmp.h"

#ifdef _OPENMP
#include <omp.h>
#include <stdlib.h>
#include <strings.h>

/* Spins that take less than 0.1 ms. */
enum { BRIEF_SPINS = 4000 };

bool sg_openmp_waits_briefly(void)
{
    const char *spins = getenv("GOMP_SPINCOUNT");
    const char *policy = getenv("OMP_WAIT_POLICY");
    char *end = NULL;
    if (spins) {
        const double count = strtod(spins, &end);
        return end != spins && *end == '\0' && count <= BRIEF_SPINS;
    }
    return policy && strcasecmp(policy, "passive") == 0;
}

void sg_openmp_run(size_t members, sg_share_function share, void *argument)
{
#pragma omp parallel num_threads((int)members)
    share((size_t)omp_get_thread_num(), (size_t)omp_get_num_threads(), argument);
}

void sg_openmp_end_threads(void)
{
    omp_pause_resource_all(omp_pause_soft);
}

int sg_openmp_processors(void)
{
    return omp_get_num_procs();
}

int sg_openmp_size(void)
{
    return omp_get_max_threads();
}

void sg_openmp_set_size(int members)
{
    omp_set_num_threads(members);
}

#else
#include <sched.h>

static _Thread_local int size; /* 0: not set */

bool sg_openmp_waits_briefly(void)
{
    return false;
}

void sg_openmp_run(size_t members, sg_share_function share, void *argument)
{
    for (size_t i = 0; i < members; i++)
        share(i, members, argument);
}

void sg_openmp_end_threads(void)
{
}

int sg_openmp_processors(void)
{
    cpu_set_t usable;
    return sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 1;
}

int sg_openmp_size(void)
{
    return size > 0 ? size : sg_openmp_processors();
}

void sg_openmp_set_size(int members)
{
    size = members;
}
#endif
