/*
 * Measures snapshots in a thread; see background.h.
 * Tested by: tests/cli/test_train_metrics.c
 */
#include "train/measure/background.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "checkpoint/network/network_load.h"

/* One snapshot. */
typedef struct job {
    struct job *next;
    char *path;
    bool done;
    sg_background_result result;
} job;

struct sg_background {
    sg_metric_list metrics;
    sg_background_options options;
    sg_measurer *measurer;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    job *first;
    bool stopping;
    double progress;
};

/* ---- the thread ---- */

static bool watch_step(void *user, double done, double total, const char *remark)
{
    sg_background *all = user;
    (void)remark;
    pthread_mutex_lock(&all->lock);
    all->progress = total > 0 ? done / total : 0;
    const bool stop = all->stopping;
    pthread_mutex_unlock(&all->lock);
    return stop;
}

static sg_status measure_file(sg_background *all, job *work, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_generator *generator = NULL;
    const sg_watch watch = {.user = all, .step = watch_step};
    sg_context *context = sg_context_create(all->options.threads);
    if (!context)
        return sg_fail_memory(error, "a context");
    sg_status status = sg_network_open(work->path, &file, error);
    if (!status)
        status = sg_network_load_generator(file, SG_PART_G_EMA, context, &generator, error);
    sg_network_close(file);
    const sg_measured subject = {.name = work->path, .generator = generator, .class_index = -1};
    if (!status)
        status = sg_measure(all->measurer, &subject, &watch, work->result.results, error);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return status;
}

/* Returns the first job that is not done, or NULL. */
static job *next_job(const sg_background *all)
{
    for (job *work = all->first; work; work = work->next)
        if (!work->done)
            return work;
    return NULL;
}

static void *run(void *argument)
{
    sg_background *all = argument;
    /* In Linux niceness belongs to threads, and threads that this one starts inherit it. */
    const id_t self = (id_t)syscall(SYS_gettid);
    if (all->options.nice > 0)
        setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + all->options.nice);
    sg_set_thread_count(all->options.threads);
    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        job *work = next_job(all);
        if (!work) {
            pthread_cond_wait(&all->changed, &all->lock);
            continue;
        }
        all->progress = 0;
        pthread_mutex_unlock(&all->lock);
        const double started = sg_clock_seconds();
        measure_file(all, work, &work->result.error);
        work->result.seconds = sg_clock_seconds() - started;
        pthread_mutex_lock(&all->lock);
        work->done = true;
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* ---- its owner ---- */

static sg_status start(sg_background *all, sg_error *error)
{
    all->started = pthread_create(&all->thread, NULL, run, all) == 0;
    return all->started ? SG_OK
                        : sg_fail(error, SG_ERROR_LIBRARY, "no thread for metrics can be started");
}

sg_status sg_background_create(const sg_background_options *options, const sg_watch *watch,
                               sg_background **background, sg_error *error)
{
    *background = NULL;
    sg_background *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "measuring");
    made->options = *options;
    made->metrics = *options->measuring.metrics;
    made->options.measuring.metrics = &made->metrics;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    sg_status status = sg_measurer_create(&made->options.measuring, watch, &made->measurer, error);
    if (!status)
        status = start(made, error);
    if (status) {
        sg_background_destroy(made);
        return status;
    }
    *background = made;
    return SG_OK;
}

static void free_job(job *work)
{
    free(work->path);
    free(work);
}

void sg_background_destroy(sg_background *background)
{
    if (!background)
        return;
    pthread_mutex_lock(&background->lock);
    background->stopping = true;
    pthread_cond_broadcast(&background->changed);
    pthread_mutex_unlock(&background->lock);
    if (background->started)
        pthread_join(background->thread, NULL);
    while (background->first) {
        job *work = background->first;
        background->first = work->next;
        free_job(work);
    }
    pthread_cond_destroy(&background->changed);
    pthread_mutex_destroy(&background->lock);
    sg_measurer_destroy(background->measurer);
    free(background);
}

sg_measurer *sg_background_measurer(sg_background *background)
{
    return background->measurer;
}

sg_status sg_background_submit(sg_background *background, uint64_t images, const char *path,
                               sg_error *error)
{
    job *work = sg_allocate(1, sizeof *work);
    if (work)
        work->path = sg_duplicate_text(path);
    if (!work || !work->path) {
        free(work);
        return sg_fail_memory(error, "%s", path);
    }
    work->result.images = images;
    pthread_mutex_lock(&background->lock);
    job **end = &background->first;
    while (*end)
        end = &(*end)->next;
    *end = work;
    pthread_cond_broadcast(&background->changed);
    pthread_mutex_unlock(&background->lock);
    return SG_OK;
}

bool sg_background_take(sg_background *background, sg_background_result *result)
{
    pthread_mutex_lock(&background->lock);
    job *work = background->first && background->first->done ? background->first : NULL;
    if (work)
        background->first = work->next;
    pthread_mutex_unlock(&background->lock);
    if (!work)
        return false;
    *result = work->result;
    free_job(work);
    return true;
}

size_t sg_background_pending(sg_background *background, uint64_t *images, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&background->lock);
    for (const job *work = background->first; work; work = work->next, count++)
        if (images && count < most)
            images[count] = work->result.images;
    pthread_mutex_unlock(&background->lock);
    return count;
}

double sg_background_progress(sg_background *background)
{
    pthread_mutex_lock(&background->lock);
    const double progress = background->progress;
    pthread_mutex_unlock(&background->lock);
    return progress;
}
