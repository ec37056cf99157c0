/* `stylegan train`: trains a network on a data set.
 * Tested by: tests/cli/test_train.c */
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "cli/options/arguments.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "stylegan.h"
#include "train/options/loss_options.h"
#include "train/options/preset_resolve.h"
#include "train/run/resuming.h"
#include "train/run/run.h"

typedef struct train_options {
    sg_run_options run;
    sg_given given; /* of sg_training_table */
    sg_context_options compute;
    char resumed[SG_PATH_BYTES]; /* the run that --resume means, where it names no run's folder */
} train_options;

static const sg_option_group groups[] = {
    {&sg_training_table, offsetof(train_options, run), offsetof(train_options, given), NULL},
    SG_GROUP_AT(sg_memory_fields_table, train_options, compute),
};

/* What sentences of the library say about `stylegan dataset`. */
static const sg_field dataset_fields[] = {{.name = "resolution", .option = "resolution"},
                                          {.name = "transform", .option = "transform"},
                                          {.name = "fix", .option = "fix"}};
static const SG_FIELD_TABLE(dataset_fields, NULL);

/* ---- help ---- */

/* Lists the presets and their meanings, whose lines are set below each other. */
static void list_presets(const void *options)
{
    (void)options;
    printf("\nWhat --cfg names:\n");
    for (size_t i = 0; i < sg_preset_count; i++) {
        const char *head = sg_presets[i].name;
        for (const char *line = sg_presets[i].meaning; *line; line += *line == '\n', head = "") {
            const int length = (int)strcspn(line, "\n");
            printf("  %-11s  %.*s\n", head, length, line);
            line += length;
        }
    }
}

static unsigned audience(const void *given)
{
    const train_options *options = given;
    if (SG_TRAINING_GIVEN(&options->given, resume))
        return SG_READ_RESUMING;
    sg_run_options run = {.trainer = sg_preset_options(&sg_presets[options->run.cfg])};
    if (SG_TRAINING_GIVEN(&options->given, trainer.loss))
        sg_loss_choose(&run.trainer, options->run.trainer.loss);
    sg_fields_copy_given(&sg_training_table, &options->given, &options->run, &run);
    return sg_training_audience(&run.trainer) |
           (sg_presets[options->run.cfg].fits ? SG_READ_FIT : 0);
}

/* ---- cfg fit ---- */

/* Prints a text as a word of a shell. */
static void print_word(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+=:,@%";
    if (*text && text[strspn(text, plain)] == '\0') {
        printf(" %s", text);
        return;
    }
    printf(" '");
    for (; *text; text++)
        printf(*text == '\'' ? "'\\''" : "%c", *text);
    printf("'");
}

/* Prints an option with its value; a switch stands alone. */
static void print_option(const sg_field *row, const void *options)
{
    sg_text text = {0};
    printf(" --%s", row->option);
    if (sg_option_takes_value(row))
        sg_field_print(row, options, &text);
    if (text.bytes)
        print_word(text.bytes);
    sg_text_clear(&text);
}

/* Prints the command that a fitted run stands for; --cfg auto has the values that nobody chose, and
 * --kimg the length. */
static void on_chosen(void *user, const sg_run_options *options, const sg_given *given)
{
    static const char *const left_out[] = {"cfg", "hours", "epochs", "dry-run"};
    const sg_field *row;
    (void)user;
    printf("The same by hand:\n  stylegan train --cfg auto");
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++) {
        bool skipped = !row->option || !sg_given_has(given, i) ||
                       (row->kind == SG_FIELD_CODED && !row->codec->to_json);
        for (size_t k = 0; !skipped && k < sizeof left_out / sizeof *left_out; k++)
            skipped = strcmp(row->option, left_out[k]) == 0;
        if (!skipped)
            print_option(row, options);
    }
    printf("\n");
    fflush(stdout);
}

/* A training of no given kind and length fits its pictures, the machine and the time. */
static void choose_fit(train_options *options)
{
    const sg_given *given = &options->given;
    const bool asked = SG_TRAINING_GIVEN(given, hours);
    const bool has_length = SG_TRAINING_GIVEN(given, kimg) || SG_TRAINING_GIVEN(given, epochs);
    sg_run_options *run = &options->run;
    if (SG_TRAINING_GIVEN(given, resume) || run->resume)
        return;
    if (!SG_TRAINING_GIVEN(given, cfg) && (asked || !has_length)) {
        run->cfg = (int)(sg_preset_find("fit") - sg_presets);
        sg_given_set_at(&sg_training_table, &options->given, offsetof(sg_run_options, cfg));
    }
    if (!sg_presets[run->cfg].fits || SG_TRAINING_GIVEN(given, outdir))
        return;
    run->outdir = "runs";
    sg_given_set_at(&sg_training_table, &options->given, offsetof(sg_run_options, outdir));
}

/* ---- the run ---- */

/* The bar, which the preparing of pictures has before the training. */
typedef struct run_bar {
    sg_progress bar;
    bool trains;
} run_bar;

static bool on_prepare(void *user, double done, double total)
{
    run_bar *all = user;
    if (all->bar.total <= 0)
        sg_progress_start(&all->bar, "preparing", "pictures", done, total);
    sg_progress_update(&all->bar, done, NULL);
    return sg_interrupted();
}

static bool on_step(void *user, const sg_run_progress *progress)
{
    char remark[160];
    int length =
        progress->encodes
            ? snprintf(remark, sizeof remark, "%dx%d  loss %.4f  PSNR %.2f", progress->width,
                       progress->height, progress->loss_d, progress->psnr)
        : progress->moves ? snprintf(remark, sizeof remark, "%dx%d  loss %.4f", progress->width,
                                     progress->height, progress->loss_g)
        : progress->classifies
            ? snprintf(remark, sizeof remark, "%dx%d  loss %.3f  accuracy %.3f", progress->width,
                       progress->height, progress->loss_d, progress->accuracy)
            : snprintf(remark, sizeof remark, "%dx%d  G %.3f  D %.3f", progress->width,
                       progress->height, progress->loss_g, progress->loss_d);
    if (progress->classifies && progress->held_out_accuracy > 0)
        length += snprintf(remark + length, sizeof remark - (size_t)length, "  held out %.4f",
                           progress->held_out_accuracy);
    else if (progress->augments && !progress->classifies)
        length += snprintf(remark + length, sizeof remark - (size_t)length,
                           "  augment %.3f  r_t %.2f", progress->augment_p, progress->mean_sign);
    if (progress->measures)
        snprintf(remark + length, sizeof remark - (size_t)length, "  measuring %.0f%%",
                 100 * progress->measured);
    run_bar *all = user;
    if (!all->trains) /* the first step: where a resumed run stands is known only now */
        sg_progress_start(&all->bar, "training", "kimg", progress->kimg, progress->total_kimg);
    all->trains = true;
    all->bar.total = progress->total_kimg; /* a fitted run's may change */
    sg_progress_update(&all->bar, progress->kimg, remark);
    return sg_interrupted();
}

static void respell(char *text, size_t size)
{
    sg_fields_respell(&sg_training_table, text, size);
}

static void on_log(void *user, const char *line)
{
    sg_error spelled = {0};
    sg_progress_clear(&((run_bar *)user)->bar);
    if (strlen(line) < sizeof spelled.message) {
        snprintf(spelled.message, sizeof spelled.message, "%s", line);
        respell(spelled.message, sizeof spelled.message);
        line = spelled.message;
    }
    printf("%s\n", line);
    fflush(stdout);
}

static sg_status train(const train_options *options, sg_error *error)
{
    char folder[SG_PATH_BYTES];
    run_bar bar = {0};
    sg_context *context = sg_context_create_with(&options->compute);
    if (!context)
        return sg_fail_memory(error, "a context");
    sg_interrupt_watch(options->run.dry_run ? SG_INTERRUPT_ENDS : SG_INTERRUPT_SAVES);
    sg_outlive_readers();
    const sg_run_callbacks callbacks = {.user = &bar,
                                        .step = on_step,
                                        .prepare = on_prepare,
                                        .chosen = on_chosen,
                                        .respell = respell,
                                        .log = on_log};
    const sg_status status =
        sg_run(context, &options->run, &options->given, &callbacks, folder, sizeof folder, error);
    sg_progress_clear(&bar.bar);
    sg_context_destroy(context);
    return status;
}

/* Takes a --resume that names no run as --init, the newest one of a folder of runs, and "latest".
 */
static void replace_resume(train_options *options)
{
    sg_run_options *run = &options->run;
    const int resume = sg_field_find_option(&sg_training_table, "resume");
    if (!run->resume || run->init)
        return;
    const bool latest = run->outdir && strcmp(run->resume, "latest") == 0;
    const char *path = latest ? run->outdir : run->resume;
    const sg_resumable found = sg_resumable_find(path, options->resumed);
    if (found == SG_RESUMABLE_RUN && strcmp(path, options->resumed) != 0)
        fprintf(stderr, "stylegan: train: the newest run in %s is continued: %s\n", path,
                options->resumed);
    run->resume = options->resumed;
    if (found != SG_RESUMABLE_NETWORK)
        return;
    fprintf(stderr, "stylegan: train: --resume %s is no run folder, it is taken as --init\n", path);
    run->init = run->resume;
    run->resume = NULL;
    sg_given_clear(&options->given, (size_t)resume);
    sg_given_set_at(&sg_training_table, &options->given, offsetof(sg_run_options, init));
}

/* What can be known before the data are. */
static sg_status check(const train_options *options, sg_error *error)
{
    sg_run_options resolved;
    SG_TRY(sg_training_check_given(&options->run, &options->given, error));
    return options->run.resume
               ? sg_resuming_check(&options->run, &options->given, error)
               : sg_preset_resolve(&options->run, &options->given, 0, &resolved, error);
}

static int run(const sg_command *command, void *given)
{
    train_options *options = given;
    sg_error error = {0};
    replace_resume(options);
    sg_training_follow(&options->run, &options->given);
    choose_fit(options);
    if (check(options, &error))
        return sg_command_failure(command, &error);
    if (train(options, &error)) {
        sg_fields_respell(&sg_training_table, error.message, sizeof error.message);
        sg_fields_respell(&dataset_fields_table, error.message, sizeof error.message);
        return sg_report_failure(command->name, &error);
    }
    return SG_EXIT_DONE;
}

const sg_command sg_train_command = {
    .name = "train",
    .summary = "Train a network on a set of pictures",
    .synopsis = "PICTURES [options]",
    .description =
        "Trains a network on PICTURES, or the images that --data names, and leaves pictures, "
        "statistics and network snapshots in a new folder in --outdir. Ctrl-C ends the training "
        "after the present step, with a snapshot, as do SIGTERM and the end of the terminal, and "
        "--resume continues from there as if nothing "
        "had happened. Without a length (--kimg, --epochs) and --cfg, sizes and length are chosen "
        "for the pictures, the machine and --hours.",
    .examples =
        "  stylegan train photos --hours 3 --mirror\n"
        "  stylegan train --data data/mnist --outdir runs --cond --batch 32 --kimg 200 \\\n"
        "      --cbase 512 --cmax 48 --z-dim 64 --w-dim 64 --map-depth 2 --tick 2 --snap 5\n"
        "  stylegan train --cfg stylegan1 --initial-resolution 4 --grow-kimg 40 --kimg 500 \\\n"
        "      --data data/mnist --outdir runs --batch 32 --cbase 512 --cmax 32 --z-dim 64\n"
        "  stylegan train --data photos --outdir runs --resolution 64 --mirror --kimg 500\n"
        "  stylegan train --resume runs/00000-stylegan2-mnist-cond-batch32-gamma1 --kimg 400",
    SG_TAKES(groups, train_options),
    .run = run,
    .describe = list_presets,
    .audience = audience,
};
