/*
 * Two threads with a context each, at work at the same time: they paint and train as one alone
 * does. Built with SG_THREAD_SANITIZE, the thread sanitizer watches. Each context has one thread,
 * since GCC's OpenMP library, which is not instrumented, would start more.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/api_run.h"
#include "support/tiny_run.h"

#define NETWORK "tests/golden/sg2-skip-32/network.safetensors"

enum { WORKERS = 2, PICTURES = 3, PICTURE_BYTES = 32 * 32 * 3 };

/* One thread's work; cmocka's checks are left to the main thread. */
typedef struct worker {
    pthread_t thread;
    sg_training_options options;
    uint8_t pictures[PICTURES][PICTURE_BYTES];
    char folder[SG_PATH_BYTES];
    sg_error error;
} worker;

static sg_status paint(sg_context *context, worker *w)
{
    sg_model *model;
    sg_status status = sg_model_open(context, NETWORK, &model, &w->error);
    for (uint32_t i = 0; i < PICTURES && !status; i++) {
        sg_picture_options options;
        sg_picture_options_init(&options);
        options.seed = i;
        options.noise_mode = SG_NOISE_RANDOM;
        status = sg_model_paint(model, &options, w->pictures[i], PICTURE_BYTES, &w->error);
    }
    sg_model_close(model);
    return status;
}

static void *work(void *argument)
{
    worker *w = argument;
    const sg_context_options one_thread = {.threads = 1};
    sg_context *context;
    if (sg_context_open(&one_thread, &context, &w->error))
        return NULL;
    if (!paint(context, w))
        sg_train(context, &w->options, NULL, w->folder, sizeof w->folder, &w->error);
    sg_context_close(context);
    return NULL;
}

static void test_two_threads_work_as_one_does(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    worker *alone = calloc(1, sizeof *alone);
    worker *workers = calloc(WORKERS, sizeof *workers);
    assert_true(alone && workers);
    for (int i = 0; i < WORKERS; i++) {
        workers[i].options = api_run_options(data, outdir);
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    alone->options = api_run_options(data, outdir);
    work(alone);
    assert_string_equal(alone->error.message, "");
    for (int i = 0; i < WORKERS; i++) {
        assert_string_equal(workers[i].error.message, "");
        assert_memory_equal(workers[i].pictures, alone->pictures, sizeof alone->pictures);
        assert_same_file(workers[i].folder, alone->folder,
                         "network-snapshot-000000064.safetensors");
    }
    assert_string_not_equal(workers[0].folder, workers[1].folder);
    free(workers);
    free(alone);
    free(outdir);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_two_threads_work_as_one_does, tiny_run_setup,
                                        tiny_run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
