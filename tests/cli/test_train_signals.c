/* Signals and rivals of a running training: whatever ends it, what it learnt is saved, and no two
 * processes write one run folder. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/program.h"
#include "support/tiny_run.h"

static bool has_file(const char *folder, const char *name)
{
    char *path = sg_path_join(folder, name);
    const bool exists = sg_path_exists(path);
    free(path);
    return exists;
}

/* Starts a run of `kimg`, with its output to a descriptor, and a signal ignored (0: none). */
static pid_t start_run(const char *data, const char *outdir, const char *kimg, int output,
                       int ignored)
{
    const char *program = getenv("STYLEGAN");
    assert_non_null(program);
    const char *const all[] = {program,     "train", "--data",  data, "--outdir",    outdir,
                               "--kimg",    kimg,    "--batch", "8",  "--tick",      "0.032",
                               "--snap",    "1",     "--cbase", "32", "--cmax",      "4",
                               "--z-dim",   "8",     "--w-dim", "8",  "--map-depth", "1",
                               "--threads", "1",     NULL};
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        if (ignored)
            signal(ignored, SIG_IGN);
        execv(program, (char *const *)(uintptr_t)all);
        _exit(127);
    }
    return child;
}

static pid_t start_endless_run(const char *data, const char *outdir, int ignored)
{
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t child = start_run(data, outdir, "1000000", nowhere, ignored);
    close(nowhere);
    return child;
}

/* Waits until the run has written its first snapshot; its folder, on the heap. */
static char *wait_for_snapshot(const char *outdir, pid_t child)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; tries < 3000; tries++) {
        char *folder = only_run(outdir);
        if (folder && has_file(folder, "training-state-000000032.safetensors"))
            return folder;
        free(folder);
        if (waitpid(child, NULL, WNOHANG) != 0)
            fail_msg("the run ended by itself");
        nanosleep(&pause, NULL);
    }
    kill(child, SIGKILL);
    fail_msg("no snapshot within a minute");
    return NULL;
}

/* The exit status; the run is ended and the test fails when it does not end within a minute. */
static int wait_for_end(pid_t child)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int status = 0;
    for (int tries = 0; tries < 3000; tries++) {
        if (waitpid(child, &status, WNOHANG) == child) {
            assert_true(WIFEXITED(status));
            return WEXITSTATUS(status);
        }
        nanosleep(&pause, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    fail_msg("the interrupted run did not end within a minute");
    return -1;
}

/* Sends signals to a run with a snapshot, of which the last ends it: nothing is lost. */
static void check_signals(void **state, const int *signals, int count, int ignored)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const pid_t child = start_endless_run(data, outdir, ignored);
    char *folder = wait_for_snapshot(outdir, child);
    for (int i = 0; i < count; i++)
        assert_int_equal(kill(child, signals[i]), 0);
    assert_int_equal(wait_for_end(child), 0);
    size_t size = 0;
    char *log = (char *)bytes_of(folder, "log.txt", &size);
    assert_non_null(strstr(log, "Stopped at"));
    assert_non_null(strstr(log, "Done: "));
    free(log);
    /* Shorter than what was done already: nothing is left to do, but it must be found whole. */
    program_result result = RUN("train", "--resume", folder, "--kimg", "0.001", "--threads", "1");
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    assert_non_null(strstr(result.output, "Resumed at"));
    assert_null(strstr(result.output, "Passed over"));
    program_result_clear(&result);
    free(folder);
    free(outdir);
    free(data);
}

static void ctrl_c_saves(void **state)
{
    check_signals(state, (const int[]){SIGINT}, 1, 0);
}

static void a_lost_terminal_saves(void **state)
{
    check_signals(state, (const int[]){SIGHUP}, 1, 0);
}

/* As under nohup: the first signal is ignored, the second is not. */
static void a_lost_terminal_may_be_ignored(void **state)
{
    check_signals(state, (const int[]){SIGHUP, SIGHUP, SIGTERM}, 3, SIGHUP);
}

static void a_reader_that_is_gone_does_not_matter(void **state)
{
    int ends[2];
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    assert_int_equal(pipe(ends), 0);
    const pid_t child = start_run(data, outdir, "0.064", ends[1], 0);
    close(ends[0]);
    close(ends[1]);
    (void)wait_for_end(child); /* which cannot be 0: the output was lost */
    char *folder = only_run(outdir);
    assert_true(has_file(folder, "training-state-000000064.safetensors"));
    free(folder);
    free(outdir);
    free(data);
}

static void a_run_has_one_process(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const pid_t child = start_endless_run(data, outdir, 0);
    char *folder = wait_for_snapshot(outdir, child);
    assert_fails(RUN("train", "--resume", folder, "--kimg", "1000000", "--threads", "1"), 1,
                 "another process trains the run in");
    assert_int_equal(kill(child, SIGINT), 0);
    assert_int_equal(wait_for_end(child), 0);
    free(folder);
    free(outdir);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(ctrl_c_saves),
        IN_FOLDER(a_lost_terminal_saves),
        IN_FOLDER(a_lost_terminal_may_be_ignored),
        IN_FOLDER(a_reader_that_is_gone_does_not_matter),
        IN_FOLDER(a_run_has_one_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
