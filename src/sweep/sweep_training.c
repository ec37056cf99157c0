/* One training of a sweep; see sweep_training.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_training.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files/file.h"
#include "train/options/preset_resolve.h"
#include "train/run/resuming.h"
#include "train/run/run.h"
#include "train/run/run_folder.h"

/* A call of the run. */
typedef struct call {
    const sg_sweep_training *training;
    sg_run_options options;
    sg_given given;
    char folder[SG_PATH_BYTES];
    double limit;   /* seconds that the training may take in all; 0: its length is given */
    double started; /* of the clock, less the seconds of calls before */
    double kimg;    /* so far */
    bool is_asked;  /* to end, by the caller */
    bool is_late;   /* its time is over */
} call;

static void clear_given(sg_given *given, size_t offset)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++)
        if (row->offset == offset && row->kind < SG_FIELD_CONSTANT)
            sg_given_clear(given, i);
}

/* Sets the length of the round: a share of the kimg, epochs or hours. */
static sg_status set_length(call *all, sg_error *error)
{
    const sg_sweep_training *training = all->training;
    const double share = sg_sweep_share(training->round, training->request->rounds);
    const bool is_timed =
        SG_TRAINING_GIVEN(&all->given, hours) && !sg_presets[all->options.cfg].fits;
    sg_run_options resolved;
    if (is_timed) {
        all->limit = all->options.hours * 3600 * share;
        clear_given(&all->given, offsetof(sg_run_options, hours));
    }
    if (SG_TRAINING_GIVEN(&all->given, epochs)) {
        all->options.epochs *= share;
        return SG_OK;
    }
    SG_TRY(sg_preset_resolve(&all->options, &all->given, 0, &resolved, error));
    all->options.hours *= share;
    all->options.kimg = resolved.kimg * (is_timed ? 1 : share);
    if (!sg_presets[all->options.cfg].fits || SG_TRAINING_GIVEN(&all->given, kimg))
        sg_given_set_at(&sg_training_table, &all->given, offsetof(sg_run_options, kimg));
    return SG_OK;
}

static bool on_step(void *user, const sg_run_progress *progress)
{
    call *all = user;
    const double seconds = sg_clock_seconds() - all->started;
    const sg_sweep_training *training = all->training;
    all->kimg = progress->kimg;
    all->is_asked = training->step(training->user, training->run, progress, seconds);
    all->is_late = all->limit > 0 && seconds >= all->limit;
    return all->is_asked || all->is_late;
}

/* Tells a training that prepares its pictures when to end. */
static bool on_prepare(void *user, double done, double total)
{
    const sg_run_progress none = {.total_kimg = 1};
    call *all = user;
    const sg_sweep_training *training = all->training;
    (void)done;
    (void)total;
    all->is_asked = training->step(training->user, training->run, &none, training->run->seconds);
    return all->is_asked;
}

/* Removes the files of a training that was killed before its first snapshot. */
static void clear_folder(const char *folder)
{
    char path[SG_PATH_BYTES];
    DIR *directory = opendir(folder);
    if (!directory)
        return;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        sg_run_folder_path(path, folder, "%s", entry->d_name);
        if (sg_path_is_regular(path))
            unlink(path);
    }
    closedir(directory);
}

/* Keeps of what is given what a resumed run does not have from its folder. */
static void keep_resumed(call *all)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++)
        if (row->audience)
            sg_given_clear(&all->given, i);
    all->options.resume = all->folder;
    all->options.folder = NULL;
}

static sg_status run_once(call *all, sg_error *error)
{
    char folder[SG_PATH_BYTES];
    char found[SG_PATH_BYTES];
    const sg_run_callbacks callbacks = {
        .user = all, .step = on_step, .prepare = on_prepare, .respell = all->training->respell};
    if (sg_resumable_find(all->folder, found) == SG_RESUMABLE_RUN)
        keep_resumed(all);
    else
        clear_folder(all->folder);
    sg_context *context = sg_context_create(all->training->request->threads);
    if (!context)
        return sg_fail_memory(error, "a context");
    const sg_status status =
        sg_run(context, &all->options, &all->given, &callbacks, folder, sizeof folder, error);
    sg_context_destroy(context);
    return status;
}

static void take_forecast(void *user, double seconds)
{
    *(double *)user = seconds;
}

sg_status sg_sweep_forecast(const sg_sweep_request *request, const sg_sweep_plan *plan,
                            const sg_sweep_run *run, double *seconds, sg_error *error)
{
    char folder[SG_PATH_BYTES];
    const sg_sweep_training training = {
        .request = request, .plan = plan, .run = run, .round = request->rounds};
    const sg_run_callbacks callbacks = {.user = seconds, .forecast = take_forecast};
    call all = {.training = &training};
    *seconds = 0;
    SG_TRY(sg_sweep_run_options(request, plan, run, &all.options, &all.given, error));
    SG_TRY(set_length(&all, error));
    all.options.dry_run = true;
    sg_given_set_at(&sg_training_table, &all.given, offsetof(sg_run_options, dry_run));
    sg_context *context = sg_context_create(request->threads);
    if (!context)
        return sg_fail_memory(error, "a context");
    const sg_status status =
        sg_run(context, &all.options, &all.given, &callbacks, folder, sizeof folder, error);
    sg_context_destroy(context);
    if (all.limit > 0)
        *seconds = all.limit;
    return status;
}

sg_status sg_sweep_train(const sg_sweep_training *training, bool *ended, sg_error *error)
{
    call all = {.training = training, .started = sg_clock_seconds() - training->run->seconds};
    *ended = false;
    SG_TRY(sg_sweep_run_options(training->request, training->plan, training->run, &all.options,
                                &all.given, error));
    SG_TRY(set_length(&all, error));
    sg_run_folder_path(all.folder, training->folder, "%s", training->run->name);
    all.options.outdir = training->folder;
    all.options.folder = all.folder;
    SG_TRY(run_once(&all, error));
    /* A run that was asked to end does not wait for its metrics; one whose time is over has come to
     * its end, which a second call knows. */
    if (all.is_late && !all.is_asked) {
        all.options.kimg = all.kimg;
        all.options.epochs = 0;
        all.limit = 0;
        SG_TRY(run_once(&all, error));
    }
    *ended = !all.is_asked;
    return SG_OK;
}
