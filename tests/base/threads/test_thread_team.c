/* Teams do each share once, sleep while they wait, take no signals and are started anew after a
 * fork. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/threads/thread_team.h"
#include "support/plain_environment.h"

enum { MOST = 9 };

typedef struct tally {
    atomic_int visits[MOST];
    atomic_int wrong;
    size_t members;
} tally;

static void count_share(size_t member, size_t members, void *argument)
{
    tally *all = argument;
    if (member >= members || members != all->members)
        atomic_fetch_add(&all->wrong, 1);
    else
        atomic_fetch_add(&all->visits[member], 1);
}

/* Runs a job of `members`; whether each share was done once. */
static bool is_done_once(size_t members)
{
    tally all = {.members = members};
    sg_team_run(members, count_share, &all);
    for (size_t i = 0; i < members; i++)
        if (atomic_load(&all.visits[i]) != 1)
            return false;
    return atomic_load(&all.wrong) == 0;
}

static void test_each_share_is_done_once(void **state)
{
    (void)state;
    static const size_t members[] = {1, 2, 5, 3, MOST, 2, 1, 4};
    sg_team_set_size(3);
    for (int round = 0; round < 500; round++)
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
            assert_true(is_done_once(members[i]));
    assert_int_equal(sg_team_size(), 3);
}

static void *run_in_thread(void *argument)
{
    atomic_int *done = argument;
    for (int round = 0; round < 200; round++)
        if (is_done_once(3))
            atomic_fetch_add(done, 1);
    return NULL;
}

static void test_each_thread_has_its_own_team(void **state)
{
    (void)state;
    pthread_t threads[4];
    atomic_int done = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, &done), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&done), 4 * 200);
}

static void run_another(size_t member, size_t members, void *argument)
{
    (void)member;
    (void)members;
    if (is_done_once(1))
        atomic_fetch_add((atomic_int *)argument, 1);
}

static void test_a_job_within_a_share_is_the_members_own(void **state)
{
    (void)state;
    atomic_int done = 0;
    sg_team_run(3, run_another, &done);
    assert_int_equal(atomic_load(&done), 3);
}

typedef struct masks {
    atomic_size_t arrived;
    atomic_int blocking; /* members that do not take SIGINT */
} masks;

/* Each member waits for the others, so that none does two shares. */
static void note_signals(size_t member, size_t members, void *argument)
{
    (void)member;
    masks *all = argument;
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    if (sigismember(&blocked, SIGINT))
        atomic_fetch_add(&all->blocking, 1);
    atomic_fetch_add(&all->arrived, 1);
    while (atomic_load(&all->arrived) < members)
        sched_yield();
}

static void test_helpers_take_no_signals(void **state)
{
    (void)state;
    masks all = {0, 0};
    sg_team_run(3, note_signals, &all);
    assert_int_equal(atomic_load(&all.arrived), 3);
    assert_int_equal(atomic_load(&all.blocking), 2);
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void test_helpers_sleep(void **state)
{
    (void)state;
    assert_true(is_done_once(4));
    const double before = processor_seconds();
    nanosleep(&(struct timespec){0, 300000000}, NULL);
    assert_true(processor_seconds() - before < 0.1); /* 0.9 if they were awake */
}

static void test_a_forked_child_has_a_team(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_true(is_done_once(3));
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            alarm(20);
            _exit(is_done_once(3) && is_done_once(4) ? 0 : 1);
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_true(is_done_once(3));
    }
}

/* Without the environment that lets jobs run on OpenMP's threads, which tests/base/test_parallel.c
 * has. */
int main(int argc, char **argv)
{
    (void)argc;
    leave_wait_policy(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_share_is_done_once),
        cmocka_unit_test(test_each_thread_has_its_own_team),
        cmocka_unit_test(test_a_job_within_a_share_is_the_members_own),
        cmocka_unit_test(test_helpers_take_no_signals),
        cmocka_unit_test(test_helpers_sleep),
        cmocka_unit_test(test_a_forked_child_has_a_team),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
