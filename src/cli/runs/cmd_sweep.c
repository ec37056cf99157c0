/* `stylegan sweep`: trainings that differ in some options, compared by a metric.
 * Tested by: tests/cli/test_sweep.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "sweep/sweep.h"
#include "sweep/sweep_table.h"
#include "sweep/sweep_training.h"

typedef struct sweep_options {
    sg_sweep_request request;
    sg_text_list vary;
    const char *folder, *resume;
    double hours;
    int jobs;
    bool plan_only;
    sg_context_options compute;
    sg_given given, given_compute; /* rows of the sweep's own table, and of that of threads */
} sweep_options;

static const sweep_options defaults = {.jobs = 1, .request = {.rounds = 1}};

static const sg_field sweep_fields[] = {
    {"vary", SG_CODED(sweep_options, vary, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("vary", "NAME=VALUE,...",
               "an option of a training and its values, such as gamma=0.1,1,10 or seed=0-2; a "
               "semicolon between values that have commas; an empty value leaves the option out. "
               "May be given again for more options"),
     SG_GROUP("Sweep")},
    {"plan", SG_CHOICE(sweep_options, request.kind, &sg_sweep_kind_choices),
     SG_OPTION("plan", "grid|list|random",
               "grid: all combinations; list: the first values, the second values ...; random: "
               "values are drawn, also from ranges such as glr=log:1e-4..1e-2"),
     SG_USUAL("grid")},
    {"draws", SG_INT(sweep_options, request.draws, 1, SG_SWEEP_MOST_RUNS),
     SG_OPTION("draws", "N", "random: how many settings are drawn, by --seed")},
    {"halving", SG_INT(sweep_options, request.rounds, 1, SG_SWEEP_MOST_ROUNDS),
     SG_OPTION("halving", "ROUNDS",
               "successive halving: the first round trains a part of the length, and each round "
               "doubles it for the better half of the settings"),
     SG_USUAL("1: all settings have the full length")},
    {"jobs", SG_INT(sweep_options, jobs, 1, 256),
     SG_OPTION("jobs", "N", "trainings at a time, which share the processors"), SG_USUAL("1")},
    {"hours", SG_NUMBER(sweep_options, hours, 0, 1e6), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("hours", "N", "how long each training may take"), SG_USUAL("as long as \"kimg\""),
     SG_GROUP("Length")},
    {"outdir", SG_TEXT(sweep_options, folder),
     SG_OPTION("outdir", "DIR", "the folder of the sweep; one that holds the same sweep goes on"),
     SG_GROUP("Output")},
    {"dry_run", SG_FLAG(sweep_options, plan_only), .letter = 'n',
     SG_OPTION("dry-run", NULL, "only say which trainings there are")},
    {"resume", SG_TEXT(sweep_options, resume),
     SG_OPTION("resume", "DIR", "go on with the sweep in this folder, with its own options"),
     SG_GROUP("Sweep")},
};
static const SG_FIELD_TABLE(sweep_fields, NULL);

/* Options of one training that a sweep has in its own sense, or not at all. */
static const char *const replaced[] = {"outdir", "desc", "resume", "dry-run", "hours", NULL};

static const sg_option_group groups[] = {
    {&sweep_fields_table, 0, offsetof(sweep_options, given), NULL},
    {&sg_training_table, offsetof(sweep_options, request.options),
     offsetof(sweep_options, request.given), NULL},
    {&sg_threads_fields_table, offsetof(sweep_options, compute),
     offsetof(sweep_options, given_compute), NULL},
};

/* ---- what is shown ---- */

static bool on_step(void *user, double done, double total, const char *remark)
{
    sg_progress *bar = user;
    if (bar->total <= 0)
        sg_progress_start(bar, "sweeping", "trainings", done, total);
    bar->total = total;
    sg_progress_update(bar, done, remark);
    return sg_interrupted();
}

static void respell(char *text, size_t size)
{
    sg_fields_respell(&sg_training_table, text, size);
}

static void on_note(void *user, const char *sentence)
{
    sg_error spelled = {0};
    snprintf(spelled.message, sizeof spelled.message, "%s", sentence);
    respell(spelled.message, sizeof spelled.message);
    sg_progress_clear(user);
    printf("%s\n", spelled.message);
    fflush(stdout);
}

/* Prints the trainings, and how long each setting takes. */
static sg_status print_plan(sg_sweep *sweep, sg_error *error)
{
    char text[SG_DURATION_BYTES];
    const sg_sweep_plan *plan = &sweep->plan;
    const int rounds = sweep->request.rounds;
    double total = 0;
    double seconds = 0;
    printf("%zu training%s: %zu setting%s, %zu seed%s\n", plan->run_count,
           plan->run_count == 1 ? "" : "s", plan->setting_count,
           plan->setting_count == 1 ? "" : "s", plan->seed_count, plan->seed_count == 1 ? "" : "s");
    for (size_t i = 0; i < plan->run_count; i++) {
        printf("%s  %s", plan->runs[i].name, plan->runs[i].label);
        if (i < plan->setting_count) {
            SG_TRY(sg_sweep_forecast(&sweep->request, plan, &plan->runs[i], &seconds, error));
            printf("  about %s", sg_print_duration(text, seconds));
            total += seconds * sg_sweep_expected_share(1, rounds);
        }
        printf("\n");
        fflush(stdout);
    }
    total *= (double)plan->seed_count / fmin(sweep->jobs, (double)plan->run_count);
    printf("About %s in all, %d at a time\n", sg_print_duration(text, total), sweep->jobs);
    return SG_OK;
}

static sg_status print_table(const sg_sweep *sweep, sg_error *error)
{
    sg_sweep_summary summary;
    sg_page_table table = {0};
    sg_text text = {0};
    sg_status status =
        sg_sweep_summarise(sweep->folder, &sweep->request, &sweep->plan, &summary, error);
    if (!status)
        status = sg_sweep_table_make(&summary, &table, error);
    if (!status)
        sg_sweep_table_append(&table, &text);
    if (text.bytes)
        printf("\n%s\n", text.bytes);
    sg_text_clear(&text);
    sg_page_table_clear(&table);
    sg_sweep_summary_clear(&summary);
    return status;
}

/* ---- work ---- */

/* Puts what the command has under names of its own into the request. */
static sg_status complete(sweep_options *options, sg_error *error)
{
    sg_sweep_request *request = &options->request;
    if (options->vary.count > SG_SWEEP_MOST_AXES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"vary\" names %zu options, but at most %d",
                       options->vary.count, SG_SWEEP_MOST_AXES);
    for (size_t i = 0; i < options->vary.count; i++)
        request->vary[request->vary_count++] = options->vary.texts[i];
    request->threads = options->compute.threads;
    request->options.outdir = options->folder;
    request->options.hours = options->hours;
    if (options->folder)
        sg_given_set_at(&sg_training_table, &request->given, offsetof(sg_run_options, outdir));
    if (options->hours > 0)
        sg_given_set_at(&sg_training_table, &request->given, offsetof(sg_run_options, hours));
    return SG_OK;
}

/* Refuses options that a sweep which goes on has from its file. */
static sg_status check_resumed(const sweep_options *options, sg_error *error)
{
    const struct {
        const sg_field_table *table;
        const sg_given *given;
    } parts[] = {{&sweep_fields_table, &options->given},
                 {&sg_training_table, &options->request.given},
                 {&sg_threads_fields_table, &options->given_compute}};
    char text[SG_FIELD_SPELLING_BYTES];
    const sg_field *row;
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
        for (size_t i = 0; (row = sg_field_at(parts[part].table, i)); i++) {
            const bool is_free = part == 0 && (row->offset == offsetof(sweep_options, jobs) ||
                                               row->offset == offsetof(sweep_options, plan_only) ||
                                               row->offset == offsetof(sweep_options, resume));
            if (sg_given_has(parts[part].given, i) && !is_free)
                return sg_fail(error, SG_ERROR_ARGUMENT,
                               "\"resume\" names a sweep with its own options: leave out %s",
                               sg_field_spell(row, SG_SPELL_OPTION, text));
        }
    return SG_OK;
}

static sg_status open_sweep(sweep_options *options, sg_sweep *sweep, sg_error *error)
{
    if (options->resume) {
        SG_TRY(check_resumed(options, error));
        return sg_sweep_reopen(options->resume, options->jobs, sweep, error);
    }
    SG_TRY(complete(options, error));
    return sg_sweep_open(&options->request, options->jobs, sweep, error);
}

static sg_status work(sg_sweep *sweep, sg_error *error)
{
    sg_progress bar = {0};
    const sg_watch watch = {.user = &bar, .step = on_step, .note = on_note};
    sweep->respell = respell;
    sg_interrupt_watch(SG_INTERRUPT_SAVES);
    const sg_status status = sg_sweep_run_all(sweep, &watch, error);
    sg_progress_clear(&bar);
    SG_TRY(status);
    SG_TRY(print_table(sweep, error));
    printf("Done: %s\n", sweep->folder);
    return SG_OK;
}

static int run(const sg_command *command, void *given)
{
    sg_error error = {0};
    sg_sweep *sweep = sg_allocate(1, sizeof *sweep);
    int status = SG_EXIT_DONE;
    if (!sweep)
        return sg_report_failure(command->name, (sg_fail_memory(&error, "a sweep"), &error));
    if (open_sweep(given, sweep, &error))
        status = sg_command_failure(command, &error);
    else if ((((sweep_options *)given)->plan_only ? print_plan : work)(sweep, &error)) {
        respell(error.message, sizeof error.message);
        status = sg_report_failure(command->name, &error);
        if (error.status == SG_ERROR_CANCELLED && sg_interrupted())
            status = sg_interrupted_status();
    }
    sg_sweep_clear(sweep);
    free(sweep);
    return status;
}

const sg_command sg_sweep_command = {
    .name = "sweep",
    .summary = "Train with several values of some options and compare",
    .synopsis = "PICTURES --vary NAME=VALUE,... --outdir DIR [options]",
    .description =
        "Trains once for each combination of the values that --vary names, with all other options "
        "of `stylegan train` the same, and sorts the settings by the first of --metrics, with its "
        "mean and spread over the seeds. A sweep that was ended, or killed, goes on when the same "
        "command is given again, or by --resume, and comes to the same table.",
    .examples = "  stylegan sweep data/mnist --cfg dcgan --vary glr=0.0001,0.0002,0.001 --vary "
                "seed=0-2 \\\n"
                "      --kimg 40 --tick 4 --snap 5 --metrics fid5k --outdir rates --jobs 2\n"
                "  stylegan sweep photos --plan random --draws 16 --vary gamma=log:0.1..100 \\\n"
                "      --vary batch=16,32 --halving 4 --kimg 400 --metrics kid5k --outdir search\n"
                "  stylegan sweep --resume search",
    SG_TAKES(groups, sweep_options),
    .replaces = replaced,
    .defaults = &defaults,
    .run = run,
};
