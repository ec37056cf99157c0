/*
 * The library beside others on the machine, without the environment that keeps OpenMP's threads
 * from spinning, which a program outside has not: threads sleep where they wait, a forked child
 * paints, and sums are split as ever.
 */
#define _GNU_SOURCE /* for sched_setaffinity */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "stylegan.h"
#include "support/plain_environment.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

#define DIGITS "models/digits-32.safetensors"

enum { LARGEST = 64 * 64 * 3, PICTURES = 20 };

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Paints the first `count` seeds with a context of its own, the last into `pixels`; processor
 * seconds of the pictures after the first, or a negative number where anything fails. */
static double paint(const char *network, int threads, uint32_t count, uint8_t *pixels, size_t size)
{
    const sg_context_options with = {.threads = threads};
    sg_context *context;
    sg_model *model = NULL;
    sg_error error;
    if (sg_context_open(&with, &context, &error))
        return -1;
    sg_status status = sg_model_open(context, network, &model, &error);
    double begin = 0;
    for (uint32_t seed = 0; seed < count && !status; seed++) {
        sg_picture_options options;
        sg_picture_options_init(&options);
        options.seed = seed;
        options.class_index = 3;
        status = sg_model_paint(model, &options, pixels, size, &error);
        if (seed == 0)
            begin = processor_seconds();
    }
    const double taken = processor_seconds() - begin;
    if (status)
        fprintf(stderr, "%s\n", error.message);
    sg_model_close(model);
    sg_context_close(context);
    return status ? -1 : taken;
}

/* The least of some paintings, which what else runs on the machine disturbs least. */
static double least_paint(const char *network, int threads, uint8_t *pixels, size_t size)
{
    double least = paint(network, threads, PICTURES, pixels, size);
    for (int i = 0; i < 4 && least > 0; i++) {
        const double again = paint(network, threads, PICTURES, pixels, size);
        least = again < least ? again : least;
    }
    return least;
}

static void test_two_threads_on_a_loaded_core_take_at_most_twice_of_one(void **state)
{
    static const char *const networks[] = {"models/digits-32.safetensors",
                                           "models/faces-64.safetensors",
                                           "tests/golden/sg3-t-32/network.safetensors"};
    (void)state;
    uint8_t expected[LARGEST] = {0};
    uint8_t pixels[LARGEST] = {0};
    cpu_set_t all, one;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET(i, &all))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        const double alone = least_paint(networks[i], 1, expected, sizeof expected);
        const double two = least_paint(networks[i], 2, pixels, sizeof pixels);
        print_message("%s: %.4f s with one thread, %.4f s with two\n", networks[i], alone, two);
        assert_true(alone > 0 && two > 0);
        assert_true(two <= 2 * alone);
        assert_memory_equal(pixels, expected, sizeof pixels);
    }
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

static void test_a_forked_child_paints(void **state)
{
    (void)state;
    uint8_t ours[LARGEST] = {0};
    uint8_t theirs[LARGEST] = {0};
    int ends[2];
    assert_true(paint(DIGITS, 2, 2, ours, sizeof ours) >= 0);
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        const bool done =
            paint(DIGITS, 2, 2, theirs, sizeof theirs) >= 0 && write(ends[1], theirs, 1024) == 1024;
        _exit(done ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], theirs, 1024), 1024);
    assert_memory_equal(ours, theirs, 1024);
    close(ends[0]);
    close(ends[1]);
    assert_true(paint(DIGITS, 2, 2, theirs, sizeof theirs) >= 0);
    assert_memory_equal(ours, theirs, 1024);
}

/* Trains with two threads of which OpenMP's spin so often before they sleep; the run's folder. */
static char *train(void **state, const char *spins)
{
    char *outdir = temporary_path(state, spins);
    assert_int_equal(setenv("GOMP_SPINCOUNT", spins, 1), 0);
    char *folder = trained_folder(RUN("train", "--data", "data/mnist", "--outdir", outdir, "--cfg",
                                      "dcgan", "--batch", "8", "--cbase", "512", "--cmax", "32",
                                      "--kimg", "0.064", "--threads", "2"));
    assert_int_equal(unsetenv("GOMP_SPINCOUNT"), 0);
    free(outdir);
    return folder;
}

/* The number of threads decides how sums are split, and nothing else (docs/reproducibility.md). */
static void test_trainings_are_equal_however_threads_wait(void **state)
{
    char *brief = train(state, "2000");
    char *spinning = train(state, "300000");
    assert_same_file(brief, spinning, "network-snapshot-000000064.safetensors");
    free(brief);
    free(spinning);
}

int main(int argc, char **argv)
{
    (void)argc;
    leave_wait_policy(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_forked_child_paints),
        cmocka_unit_test(test_two_threads_on_a_loaded_core_take_at_most_twice_of_one),
        cmocka_unit_test_setup_teardown(test_trainings_are_equal_however_threads_wait,
                                        temporary_folder_setup, temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
