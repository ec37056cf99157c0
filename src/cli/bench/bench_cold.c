/*
 * Random networks in temporary files, and pictures by processes that start cold.
 * Tested by: tests/cli/test_bench.c
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "checkpoint/network/network_writer.h"
#include "cli/bench/bench.h"

extern char **environ;

enum { ARGUMENT_BYTES = 16, ROOM_FOR_NAMES = 64 };

static sg_status make_folder(char *folder, sg_error *error)
{
    const char *parent = getenv("TMPDIR");
    int length = snprintf(folder, SG_BENCH_PATH_BYTES - ROOM_FOR_NAMES, "%s/stylegan-bench.XXXXXX",
                          parent && *parent ? parent : "/tmp");
    if (length >= SG_BENCH_PATH_BYTES - ROOM_FOR_NAMES) {
        folder[0] = '\0';
        return sg_fail(error, SG_ERROR_FILE,
                       "cannot make a temporary folder: the path in TMPDIR is too long");
    }
    if (!mkdtemp(folder)) {
        sg_fail(error, SG_ERROR_FILE, "cannot make a temporary folder %s: %s", folder,
                strerror(errno));
        folder[0] = '\0';
        return SG_ERROR_FILE;
    }
    return SG_OK;
}

static sg_status save_random(const sg_generator_config *config, const char *path, sg_error *error)
{
    sg_context *context = sg_context_create(0);
    if (!context)
        return sg_fail_memory(error, "a context");
    sg_generator *generator = sg_generator_create(context, config, SG_F32, 0);
    sg_network_parts parts = {.generator_ema = generator};
    sg_status status = generator ? sg_network_save(path, &parts, NULL, 0, error)
                                 : sg_context_take_error(context, error);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return status;
}

sg_status sg_bench_make_network(const sg_generator_config *config, char *folder, char *path,
                                sg_error *error)
{
    path[0] = '\0';
    SG_TRY(make_folder(folder, error));
    snprintf(path, SG_BENCH_PATH_BYTES, "%s/network.safetensors", folder);
    return save_random(config, path, error);
}

void sg_bench_remove_network(const char *folder, const char *path)
{
    if (path[0])
        unlink(path);
    if (folder[0])
        rmdir(folder);
}

/* Runs this program with its output thrown away; its wait status, or -1 when it did not start. */
static int run_process(char *const arguments[])
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    bool started =
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn(&child, "/proc/self/exe", &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    while (started && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

/* Seconds of the fastest of the runs; negative when one failed. */
static double time_processes(const sg_bench *bench, const char *folder, const char *path)
{
    char threads[ARGUMENT_BYTES];
    char *arguments[] = {"stylegan",  "generate", "--network", (char *)(uintptr_t)path,
                         "--seeds",   "0",        "--outdir",  (char *)(uintptr_t)folder,
                         "--threads", threads,    NULL};
    double best = -1;
    snprintf(threads, sizeof threads, "%d", bench->compute.threads);
    for (int i = 0; i < bench->runs; i++) {
        double start = sg_clock_seconds();
        if (run_process(arguments) != 0)
            return -1;
        double seconds = sg_clock_seconds() - start;
        if (best < 0 || seconds < best)
            best = seconds;
    }
    return best;
}

sg_status sg_bench_cold(const sg_bench *bench, const char *folder, const char *path, int resolution,
                        double arithmetic, sg_error *error)
{
    char name[64];
    char picture[SG_BENCH_PATH_BYTES];
    double seconds = time_processes(bench, folder, path);
    snprintf(picture, sizeof picture, "%.4000s/seed0000.png", folder);
    unlink(picture);
    if (seconds < 0)
        return sg_fail(error, SG_ERROR_FILE, "a cold \"stylegan generate\" failed");
    snprintf(name, sizeof name, "cold/%s/%d", sg_bench_cfg(bench), resolution);
    sg_bench_report(bench, &(sg_bench_result){.name = name,
                                              .seconds = seconds - arithmetic,
                                              .total_seconds = seconds});
    return SG_OK;
}
