/* Times of reduced calls; see work_time.h. */
#include "train/forecast/work_time.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "train/forecast/replay.h"

/* A reduced call. */
typedef struct job {
    sg_work work;
    double amount;
    double waiting; /* guessed seconds of the calls that it stands for */
    bool tried, known;
    sg_work_seconds seconds;
} job;

struct sg_work_times {
    sg_context *context; /* calls are measured in */
    double left;         /* seconds for measuring */
    job *jobs;
    size_t count, capacity;
};

sg_work_times *sg_work_times_create(int threads, double seconds)
{
    sg_work_times *times = sg_allocate(1, sizeof *times);
    sg_context *context = times ? sg_context_create(threads) : NULL;
    if (!context) {
        free(times);
        return NULL;
    }
    *times = (sg_work_times){.context = context, .left = seconds};
    return times;
}

void sg_work_times_allow(sg_work_times *times, double seconds)
{
    times->left = seconds;
}

void sg_work_times_destroy(sg_work_times *times)
{
    if (!times)
        return;
    sg_context_destroy(times->context);
    free(times->jobs);
    free(times);
}

/* Finds or adds the job of a noted call; NULL on lack of memory. */
static job *job_of(sg_work_times *times, const sg_work *work)
{
    const sg_work reduced = sg_work_reduce(work);
    for (size_t i = 0; i < times->count; i++)
        if (sg_work_is_same(&times->jobs[i].work, &reduced))
            return &times->jobs[i];
    if (!sg_grow(&times->jobs, &times->capacity, times->count, sizeof *times->jobs))
        return NULL;
    times->jobs[times->count] = (job){.work = reduced, .amount = sg_work_amount(&reduced)};
    return &times->jobs[times->count++];
}

/* Measures the jobs that stand for the most time, one after the other. */
static void measure(sg_work_times *times)
{
    while (times->left > 0) {
        job *next = NULL;
        for (size_t i = 0; i < times->count; i++) {
            job *one = &times->jobs[i];
            if (!one->tried && one->waiting > 0 && (!next || one->waiting > next->waiting))
                next = one;
        }
        if (!next)
            break;
        const double started = sg_clock_seconds();
        next->tried = true;
        next->known =
            next->amount > 0 && sg_work_measure(times->context, &next->work, &next->seconds);
        times->left -= sg_clock_seconds() - started;
        sg_pool_trim(times->context->pool);
    }
}

/* Returns how much longer than guessed the measured jobs took: those of a kind, or all (NULL). */
static double slowness(const sg_work_times *times, const char *kind)
{
    double measured = 0;
    double guessed = 0;
    for (size_t i = 0; i < times->count; i++) {
        const job *one = &times->jobs[i];
        if (!one->known || (kind && one->work.kind != kind))
            continue;
        measured += one->seconds.packing + one->seconds.passing;
        guessed += sg_work_guess(&one->work);
    }
    return guessed > 0 ? measured / guessed : kind ? slowness(times, NULL) : 1;
}

double sg_work_times_sum(sg_work_times *times, const sg_work_log *log)
{
    double seconds = 0;
    for (size_t i = 0; i < times->count; i++)
        times->jobs[i].waiting = 0;
    for (size_t i = 0; i < log->count; i++) {
        job *one = job_of(times, &log->items[i]);
        if (one)
            one->waiting += log->items[i].calls * sg_work_guess(&log->items[i]);
    }
    measure(times);
    for (size_t i = 0; i < log->count; i++) {
        const sg_work *work = &log->items[i];
        const double amount = sg_work_amount(work);
        const job *one = job_of(times, work);
        if (one && amount > 0)
            seconds +=
                work->calls *
                (one->known ? one->seconds.packing + one->seconds.passing * amount / one->amount
                            : sg_work_guess(work) * slowness(times, work->kind));
    }
    return seconds;
}
