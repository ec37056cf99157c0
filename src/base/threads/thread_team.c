/* Teams of threads over POSIX threads and semaphores. */
#include "base/threads/thread_team.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/threads/openmp.h"

/* How often a thread looks before it sleeps, some microseconds: what an idle machine gains by more,
 * a busy one loses many times over (docs/performance.md). */
enum { SPINS = 400, CACHE_LINE = 64 };

/* Multiply-adds of about a millisecond, which starting and ending threads is worth. */
#define LEAST_WORK 2e7

/* A job's state in one number: how many jobs there were above, how many shares nobody has taken
 * below. */
enum { SHARE_BITS = 16 };
#define SHARE_MASK ((UINT64_C(1) << SHARE_BITS) - 1)

typedef struct thread_team thread_team;

/* A thread that waits at `start`, with cache lines of its own. */
typedef struct helper {
    _Alignas(CACHE_LINE) sem_t start;
    atomic_bool is_asked; /* `start` has been posted and not yet been noticed */
    thread_team *team;
    pthread_t thread;
    struct helper *next;
} helper;

/* The helpers of one thread, and their job. Whoever is free does the next share: a helper that does
 * not wake up in time, since its processor is busy, is not waited for. */
struct thread_team {
    helper *helpers;
    size_t count;
    sg_share_function share;
    void *argument;
    size_t members;
    _Alignas(CACHE_LINE) _Atomic uint64_t state;
    _Alignas(CACHE_LINE) atomic_size_t left; /* shares that are not yet done */
    sem_t done;                              /* posted by a helper that did the last one */
    atomic_bool ends;
};

/* What a calling thread has. */
typedef struct caller {
    thread_team *team;
    bool sharing; /* it works at a share */
} caller;

static _Thread_local caller self;

/* Its destructor ends the team of a thread that ends. */
static pthread_key_t team_key;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

/* Jobs run on OpenMP's threads, of which oneDNN's calls then find the same awake. */
static bool is_on_openmp;

static void pause_processor(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

static void wait_for(sem_t *semaphore)
{
    for (int i = 0; i < SPINS; i++) {
        if (sem_trywait(semaphore) == 0)
            return;
        pause_processor();
    }
    while (sem_wait(semaphore) != 0 && errno == EINTR)
        ;
}

/* Takes the next share of the job; false when all are taken. What is taken keeps the job alive, so
 * that its members can be read after this. */
static bool take_share(thread_team *team, size_t *share)
{
    uint64_t state = atomic_load_explicit(&team->state, memory_order_acquire);
    do {
        *share = (size_t)(state & SHARE_MASK);
        if (*share == 0)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&team->state, &state, state - 1,
                                                    memory_order_acq_rel, memory_order_acquire));
    return true;
}

/* Does shares while there are any. Returns whether the last one to be done was among them. */
static bool do_shares(thread_team *team)
{
    bool is_last = false;
    for (size_t share; take_share(team, &share);) {
        team->share(team->members - share, team->members, team->argument);
        is_last = atomic_fetch_sub_explicit(&team->left, 1, memory_order_acq_rel) == 1;
    }
    return is_last;
}

static void *help(void *argument)
{
    helper *own = argument;
    thread_team *team = own->team;
    self.sharing = true;
    sg_openmp_set_size(1);
    for (;;) {
        wait_for(&own->start);
        atomic_store(&own->is_asked, false);
        if (atomic_load(&team->ends))
            return NULL;
        if (do_shares(team))
            sem_post(&team->done);
    }
}

static void end_team(void *argument)
{
    thread_team *team = argument;
    atomic_store(&team->ends, true);
    for (helper *one = team->helpers; one; one = one->next)
        sem_post(&one->start);
    while (team->helpers) {
        helper *one = team->helpers;
        team->helpers = one->next;
        pthread_join(one->thread, NULL);
        sem_destroy(&one->start);
        free(one);
    }
    sem_destroy(&team->done);
    free(team);
}

/* The child's only thread is the caller, without its helpers. Their memory stays as it was at the
 * fork, perhaps in the middle of a change, and is left alone. */
static void after_fork_in_child(void)
{
    self.team = NULL;
    pthread_setspecific(team_key, NULL);
}

static void prepare(void)
{
    is_on_openmp = sg_openmp_waits_briefly();
    pthread_key_create(&team_key, end_team);
    /* OpenMP would wait in the child for threads that only the parent has. */
    pthread_atfork(sg_openmp_end_threads, NULL, after_fork_in_child);
}

/* Returns the calling thread's team, or NULL where memory or keys lack. */
static thread_team *own_team(void)
{
    if (self.team)
        return self.team;
    thread_team *made = aligned_alloc(CACHE_LINE, sizeof *made);
    if (!made)
        return NULL;
    *made = (thread_team){0};
    if (sem_init(&made->done, 0, 0) != 0 || pthread_setspecific(team_key, made) != 0) {
        free(made);
        return NULL;
    }
    self.team = made;
    return made;
}

/* Starts one more helper, which takes no signals: they are for the program's own threads. */
static bool add_helper(thread_team *team)
{
    sigset_t all, before;
    helper *added = aligned_alloc(CACHE_LINE, sizeof *added);
    if (!added)
        return false;
    *added = (helper){.team = team, .next = team->helpers};
    sem_init(&added->start, 0, 0);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int refused = pthread_create(&added->thread, NULL, help, added);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (refused) {
        sem_destroy(&added->start);
        free(added);
        return false;
    }
    team->helpers = added;
    team->count++;
    return true;
}

/* Opens the job, and wakes as many helpers as it has shares beside the caller's. */
static void ask(thread_team *team)
{
    const uint64_t jobs = (atomic_load(&team->state) >> SHARE_BITS) + 1;
    size_t wanted = team->members - 1;
    atomic_store(&team->left, team->members);
    atomic_store(&team->state, (jobs << SHARE_BITS) | team->members);
    for (helper *one = team->helpers; one && wanted > 0; one = one->next, wanted--)
        if (!atomic_exchange(&one->is_asked, true))
            sem_post(&one->start);
}

static void run_on_team(thread_team *team, size_t members, sg_share_function share, void *argument)
{
    team->share = share;
    team->argument = argument;
    team->members = members <= team->count ? members : team->count + 1;
    ask(team);
    const int before = sg_openmp_size();
    self.sharing = true;
    sg_openmp_set_size(1);
    const bool is_last = do_shares(team);
    sg_openmp_set_size(before);
    self.sharing = false;
    if (!is_last)
        wait_for(&team->done);
}

void sg_team_run(size_t members, sg_share_function share, void *argument)
{
    pthread_once(&prepared, prepare);
    if (members > 1 && is_on_openmp) {
        sg_openmp_run(members, share, argument);
        return;
    }
    thread_team *team = members > 1 && !self.sharing ? own_team() : NULL;
    while (team && team->count + 1 < members && add_helper(team))
        ;
    if (team && team->count > 0)
        run_on_team(team, members, share, argument);
    else
        share(0, 1, argument);
}

int sg_team_before_openmp(double work)
{
    pthread_once(&prepared, prepare);
    const int before = sg_openmp_size();
    if (!is_on_openmp && work < LEAST_WORK)
        sg_openmp_set_size(1);
    return before;
}

void sg_team_after_openmp(int before)
{
    if (is_on_openmp)
        return;
    if (sg_openmp_size() > 1)
        sg_openmp_end_threads();
    sg_openmp_set_size(before);
}

void sg_team_set_size(int members)
{
    pthread_once(&prepared, prepare);
    sg_openmp_set_size(members > 0 ? members : sg_openmp_processors());
}

int sg_team_size(void)
{
    return sg_openmp_size();
}
