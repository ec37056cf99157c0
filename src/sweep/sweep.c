/* Sweeps; see sweep.h. Trainings are tested by tests/cli/test_sweep.c. */
#include "sweep/sweep.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/lock_file.h"
#include "base/parallel.h"
#include "sweep/sweep_chart.h"
#include "sweep/sweep_page.h"
#include "sweep/sweep_table.h"
#include "sweep/sweep_training.h"
#include "train/run/run_folder.h"

/* Seconds between two records of the time that trainings have taken. */
static const double record_interval = 30;

/* ---- opening ---- */

static sg_status set_folder(const char *folder, int jobs, sg_sweep *sweep, sg_error *error)
{
    *sweep = (sg_sweep){.jobs = jobs};
    if (strlen(folder) + SG_SWEEP_NAME_BYTES + 64 >= sizeof sweep->folder)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"outdir\" is too long: %.200s", folder);
    snprintf(sweep->folder, sizeof sweep->folder, "%s", folder);
    return SG_OK;
}

/* Checks that a file is of this sweep. */
static sg_status check_same(const sg_sweep *sweep, const sg_sweep_file *file, sg_error *error)
{
    if (sg_sweep_file_matches(file, &sweep->request))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "%s holds another sweep, whose options are in its sweep.json: name another "
                   "\"outdir\", or \"resume\" that one",
                   sweep->folder);
}

/* Plans the sweep of the file. */
static sg_status take_file(sg_sweep *sweep, sg_error *error)
{
    sweep->request = sweep->file.request;
    sweep->request.options.outdir = sweep->folder;
    sg_given_set_at(&sg_training_table, &sweep->request.given, offsetof(sg_run_options, outdir));
    return sg_sweep_plan_make(&sweep->request, &sweep->plan, error);
}

/* Plans a new sweep; its trainings share the processors unless they are told how many to take. */
static sg_status plan_new(sg_sweep *sweep, sg_error *error)
{
    const int share = sg_thread_count() / sweep->jobs;
    if (sweep->request.threads == 0)
        sweep->request.threads = share > 1 ? share : 1;
    return sg_sweep_plan_make(&sweep->request, &sweep->plan, error);
}

sg_status sg_sweep_open(const sg_sweep_request *request, int jobs, sg_sweep *sweep, sg_error *error)
{
    if (!request->options.outdir)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"outdir\" is missing: it names the folder of the sweep");
    SG_TRY(set_folder(request->options.outdir, jobs, sweep, error));
    sweep->request = *request;
    if (!sg_sweep_file_exists(sweep->folder))
        return plan_new(sweep, error);
    SG_TRY(sg_sweep_file_read(sweep->folder, &sweep->file, error));
    if (request->threads == 0)
        sweep->request.threads = sweep->file.request.threads;
    SG_TRY(check_same(sweep, &sweep->file, error));
    return take_file(sweep, error);
}

sg_status sg_sweep_reopen(const char *folder, int jobs, sg_sweep *sweep, sg_error *error)
{
    SG_TRY(set_folder(folder, jobs, sweep, error));
    if (!sg_sweep_file_exists(folder))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"resume\" is %s, but must be the folder of a sweep: it holds no sweep.json", folder);
    SG_TRY(sg_sweep_file_read(folder, &sweep->file, error));
    return take_file(sweep, error);
}

void sg_sweep_clear(sg_sweep *sweep)
{
    sg_sweep_plan_clear(&sweep->plan);
    sg_sweep_file_clear(&sweep->file);
    *sweep = (sg_sweep){0};
}

/* ---- a round ---- */

/* What the threads of a round share. */
typedef struct work {
    sg_sweep *sweep;
    const sg_watch *watch;
    int round;
    pthread_mutex_t lock; /* of all below, and of the plan's runs */
    size_t next;          /* the first run that no thread has taken */
    double *done;         /* [run_count]: shares of full trainings */
    double recorded;      /* the clock at the last record */
    bool is_asked;        /* to stop */
    sg_error failure;     /* that ends the sweep */
} work;

/* Tells the watcher how far all is, with the lock held. */
static void report(work *all, const char *remark)
{
    const sg_sweep *sweep = all->sweep;
    double done = 0;
    double total = 0;
    for (size_t i = 0; i < sweep->plan.run_count; i++) {
        done += all->done[i];
        total += sweep->plan.runs[i].out > 0
                     ? all->done[i]
                     : sg_sweep_expected_share(all->round, sweep->request.rounds);
    }
    all->is_asked = sg_watch_step(all->watch, done, total, remark) || all->is_asked;
}

/* Says a sentence about a training, with the lock held. */
static void say(const work *all, const sg_sweep_run *run, const char *text)
{
    char line[SG_SWEEP_LABEL_BYTES + sizeof run->failure + 64];
    snprintf(line, sizeof line, "[%zu/%zu] %s: %s", (size_t)(run - all->sweep->plan.runs) + 1,
             all->sweep->plan.run_count, run->label, text);
    sg_watch_note(all->watch, line);
}

/* Writes sweep.json, with the lock held. */
static void record(work *all)
{
    const sg_sweep *sweep = all->sweep;
    all->recorded = sg_clock_seconds();
    sg_sweep_file_write(sweep->folder, &sweep->request, &sweep->plan, &all->failure);
}

static bool on_step(void *user, const sg_sweep_run *run, const sg_run_progress *progress,
                    double seconds)
{
    work *all = user;
    char remark[SG_SWEEP_LABEL_BYTES + 96];
    sg_sweep *sweep = all->sweep;
    const size_t index = (size_t)(run - sweep->plan.runs);
    pthread_mutex_lock(&all->lock);
    sweep->plan.runs[index].seconds = seconds;
    all->done[index] = fmin(progress->kimg / progress->total_kimg, 1) *
                       sg_sweep_share(all->round, sweep->request.rounds);
    snprintf(remark, sizeof remark, "%s  kimg %.4g of %.4g", run->label, progress->kimg,
             progress->total_kimg);
    report(all, remark);
    if (sg_clock_seconds() - all->recorded > record_interval)
        record(all);
    const bool stop = all->is_asked || all->failure.status;
    pthread_mutex_unlock(&all->lock);
    return stop;
}

/* Takes the next run of the round; NULL when there is none. */
static sg_sweep_run *take_run(work *all)
{
    sg_sweep_run *taken = NULL;
    const sg_sweep_plan *plan = &all->sweep->plan;
    pthread_mutex_lock(&all->lock);
    while (!taken && all->next < plan->run_count && !all->is_asked && !all->failure.status) {
        sg_sweep_run *run = &plan->runs[all->next++];
        if (run->out == 0 && run->rounds < all->round)
            taken = run;
    }
    if (taken) {
        taken->failure[0] = '\0';
        say(all, taken, taken->seconds > 0 ? "goes on" : "begins");
    }
    pthread_mutex_unlock(&all->lock);
    return taken;
}

/* Writes the tables; and where `watch` is not NULL, which is told of what a page leaves out, the
 * figure and the page of all trainings. */
static sg_status sum_up(const sg_sweep *sweep, const sg_watch *watch, sg_error *error)
{
    sg_sweep_summary summary;
    sg_status status =
        sg_sweep_summarise(sweep->folder, &sweep->request, &sweep->plan, &summary, error);
    if (!status)
        status = sg_sweep_tables_write(&summary, error);
    if (!status && watch)
        status = sg_sweep_chart_write(&summary, error);
    if (!status && watch)
        status = sg_sweep_page_write(&summary, sweep->respell, watch, error);
    sg_sweep_summary_clear(&summary);
    return status;
}

/* Notes what became of a run, and what all of them have come to so far. */
static void end_run(work *all, sg_sweep_run *run, bool ended, const sg_error *failure)
{
    char text[96];
    char duration[SG_DURATION_BYTES];
    const sg_sweep *sweep = all->sweep;
    pthread_mutex_lock(&all->lock);
    if (failure->status && !all->is_asked) {
        snprintf(run->failure, sizeof run->failure, "%s", failure->message);
        say(all, run, failure->message);
    } else if (ended && !failure->status) {
        run->rounds = all->round;
        all->done[run - sweep->plan.runs] = sg_sweep_share(all->round, sweep->request.rounds);
        snprintf(text, sizeof text, "done after %s", sg_print_duration(duration, run->seconds));
        say(all, run, text);
    }
    record(all);
    if (!all->failure.status)
        (void)sum_up(sweep, NULL, &all->failure);
    pthread_mutex_unlock(&all->lock);
}

static void *work_thread(void *argument)
{
    work *all = argument;
    for (sg_sweep_run *run; (run = take_run(all));) {
        sg_error failure = {0};
        bool ended = false;
        const sg_sweep_training training = {.folder = all->sweep->folder,
                                            .request = &all->sweep->request,
                                            .plan = &all->sweep->plan,
                                            .run = run,
                                            .round = all->round,
                                            .step = on_step,
                                            .user = all,
                                            .respell = all->sweep->respell};
        (void)sg_sweep_train(&training, &ended, &failure);
        end_run(all, run, ended, &failure);
    }
    return NULL;
}

/* Runs the trainings of a round, one in this thread and the others in threads of their own. */
static sg_status run_round(work *all, sg_error *error)
{
    enum { MOST_JOBS = 256 };
    pthread_t threads[MOST_JOBS];
    int started = 0;
    const int wanted = all->sweep->jobs < MOST_JOBS ? all->sweep->jobs : MOST_JOBS;
    all->next = 0;
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work_thread, all) == 0)
        started++;
    work_thread(all);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (all->failure.status)
        return sg_fail(error, all->failure.status, "%s", all->failure.message);
    return all->is_asked ? sg_fail(error, SG_ERROR_CANCELLED,
                                   "the sweep was asked to stop; everything so far is saved in %s",
                                   all->sweep->folder)
                         : SG_OK;
}

/* ---- halving ---- */

/* Leaves the worse half of the settings that are still in the sweep behind. */
static sg_status halve(work *all, sg_error *error)
{
    sg_sweep_plan *plan = &all->sweep->plan;
    sg_sweep_score *scores = sg_allocate(plan->run_count, sizeof *scores);
    sg_sweep_result *results = sg_allocate(plan->setting_count, sizeof *results);
    size_t left = 0;
    sg_status status = scores && results ? SG_OK : sg_fail_memory(error, "the scores");
    if (!status)
        status = sg_sweep_score_runs(all->sweep->folder, &all->sweep->request, plan, scores, error);
    if (!status)
        sg_sweep_rank(&all->sweep->request, plan, scores, results);
    for (size_t i = 0; !status && i < plan->setting_count; i++)
        left += plan->runs[results[i].setting].out == 0;
    for (size_t i = (left + 1) / 2; !status && i < plan->setting_count; i++)
        for (size_t k = results[i].setting; k < plan->run_count; k += plan->setting_count)
            if (plan->runs[k].out == 0)
                plan->runs[k].out = all->round;
    free(scores);
    free(results);
    if (!status)
        record(all);
    return status;
}

/* Tells whether a round has been decided: somebody has left it, or gone on from it. */
static bool is_decided(const sg_sweep *sweep, int round)
{
    bool decided = false;
    for (size_t i = 0; i < sweep->plan.run_count; i++) {
        const sg_sweep_run *run = &sweep->plan.runs[i];
        decided = decided || run->rounds > round || run->out == round;
    }
    return decided;
}

static sg_status run_rounds(work *all, sg_error *error)
{
    for (all->round = 1; all->round <= all->sweep->request.rounds; all->round++) {
        char line[96];
        snprintf(line, sizeof line, "Round %d of %d, %g of the length", all->round,
                 all->sweep->request.rounds,
                 sg_sweep_share(all->round, all->sweep->request.rounds));
        if (all->sweep->request.rounds > 1)
            sg_watch_note(all->watch, line);
        SG_TRY(run_round(all, error));
        if (all->round < all->sweep->request.rounds && !is_decided(all->sweep, all->round))
            SG_TRY(halve(all, error));
    }
    return SG_OK;
}

/* ---- one process at a time ---- */

/* Takes the folder for this process. Fails with SG_ERROR_FILE while another runs the sweep. */
static sg_status take_folder(const sg_sweep *sweep, int *lock, sg_error *error)
{
    char path[SG_PATH_BYTES];
    char busy[SG_PATH_BYTES + 64];
    sg_run_folder_path(path, sweep->folder, "sweep.lock");
    snprintf(busy, sizeof busy, "another process runs the sweep in %s already", sweep->folder);
    return sg_lock_take(path, busy, lock, error);
}

/* Takes how far the trainings are. The file is read again with the folder taken: another process
 * may have run the sweep, or begun it, since it was opened. */
static sg_status take_progress(sg_sweep *sweep, sg_error *error)
{
    sg_sweep_file file;
    if (!sg_sweep_file_exists(sweep->folder))
        return SG_OK;
    sg_status status = sg_sweep_file_read(sweep->folder, &file, error);
    if (!status)
        status = check_same(sweep, &file, error);
    if (!status)
        status = sg_sweep_file_progress(&file, sweep->folder, &sweep->plan, error);
    sg_sweep_file_clear(&file);
    return status;
}

/* ---- all of it ---- */

/* Fails when every training failed, with the first reason. */
static sg_status check_results(const sg_sweep *sweep, sg_error *error)
{
    const sg_sweep_plan *plan = &sweep->plan;
    for (size_t i = 0; i < plan->run_count; i++)
        if (!plan->runs[i].failure[0])
            return SG_OK;
    return sg_fail(error, SG_ERROR_LIBRARY, "no training of the sweep came to its end; of %s: %s",
                   plan->runs[0].label, plan->runs[0].failure);
}

/* Runs the rounds and sums them up. */
static sg_status run_all(work *all, sg_error *error)
{
    const sg_watch *watch = all->watch;
    const sg_sweep *sweep = all->sweep;
    const sg_watch notes = {.user = watch ? watch->user : NULL, .note = watch ? watch->note : NULL};
    all->done = sg_allocate(sweep->plan.run_count, sizeof *all->done);
    if (!all->done)
        return sg_fail_memory(error, "the sweep");
    for (size_t i = 0; i < sweep->plan.run_count; i++)
        if (sweep->plan.runs[i].rounds > 0)
            all->done[i] = sg_sweep_share(sweep->plan.runs[i].rounds, sweep->request.rounds);
    record(all);
    SG_TRY(run_rounds(all, error));
    SG_TRY(sum_up(sweep, &notes, error));
    return check_results(sweep, error);
}

sg_status sg_sweep_run_all(sg_sweep *sweep, const sg_watch *watch, sg_error *error)
{
    work all = {.sweep = sweep, .watch = watch};
    int lock = 0;
    SG_TRY(sg_make_folders(sweep->folder, error));
    SG_TRY(take_folder(sweep, &lock, error));
    pthread_mutex_init(&all.lock, NULL);
    sg_status status = take_progress(sweep, error);
    if (!status)
        status = run_all(&all, error);
    pthread_mutex_destroy(&all.lock);
    free(all.done);
    sg_lock_release(&lock);
    return status;
}
