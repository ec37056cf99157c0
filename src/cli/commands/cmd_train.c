/* stylegan train: trains a network on a data set. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/text.h"
#include "cli/options/command.h"
#include "cli/options/legacy_options.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "models/family.h"
#include "train/options/batch_check.h"
#include "train/options/loss_options.h"
#include "train/options/preset.h"
#include "train/run/run.h"
#include "train/run/run_folder.h"

static const sg_usage usage = {
    .command = "train",
    .synopsis = "--data PATH --outdir DIR [options]",
    .description =
        "Trains a network on the images in PATH and leaves pictures, statistics and network\n"
        "snapshots in a new folder in DIR. Ctrl-C ends it after the present step, with a "
        "snapshot,\n"
        "and --resume goes on from there as if nothing had happened.",
    .examples =
        "  stylegan train --data data/mnist --outdir runs --cond --batch 32 --kimg 200 \\\n"
        "      --cbase 512 --cmax 48 --z-dim 64 --w-dim 64 --map-depth 2 --tick 2 --snap 5\n"
        "  stylegan train --cfg stylegan1 --initial-resolution 4 --grow-kimg 40 --kimg 500 \\\n"
        "      --data data/mnist --outdir runs --batch 32 --cbase 512 --cmax 32 --z-dim 64\n"
        "  stylegan train --resume runs/00000-stylegan2-mnist-cond-batch32-gamma1 --kimg 400\n",
};

/* What stands for "not given": numbers that nobody means, so that a -1 is refused like others. */
#define NO_INT INT_MIN
#define NO_DOUBLE (-DBL_MAX)

/* The options as popt fills them; NULL stands for a text that was not given. */
typedef struct train_arguments {
    char *cfg, *data, *outdir, *resume, *init, *nan, *metrics, *loss, *optimiser, *critic_norm,
        *grow_batch;
    int dry_run;
    int conditional, mirror, batch, batch_part, snap, threads;
    int channel_base, channel_max, z_dim, w_dim, map_depth, mbstd_group, n_critic;
    long long seed;
    double kimg, tick, gamma, g_rate, d_rate, pl_weight, clip_gradient;
    int initial_resolution, repeats;
    double grow_kimg, fade_kimg, ema_kimg;
    double r2_gamma, slope_weight, drift, clip_weights;
} train_arguments;

static const train_arguments not_given = {.batch = NO_INT,
                                          .batch_part = NO_INT,
                                          .snap = NO_INT,
                                          .channel_base = NO_INT,
                                          .channel_max = NO_INT,
                                          .z_dim = NO_INT,
                                          .w_dim = NO_INT,
                                          .map_depth = NO_INT,
                                          .mbstd_group = NO_INT,
                                          .n_critic = NO_INT,
                                          .initial_resolution = NO_INT,
                                          .repeats = NO_INT,
                                          .grow_kimg = NO_DOUBLE,
                                          .fade_kimg = NO_DOUBLE,
                                          .ema_kimg = NO_DOUBLE,
                                          .kimg = NO_DOUBLE,
                                          .tick = NO_DOUBLE,
                                          .gamma = NO_DOUBLE,
                                          .g_rate = NO_DOUBLE,
                                          .d_rate = NO_DOUBLE,
                                          .pl_weight = NO_DOUBLE,
                                          .clip_gradient = NO_DOUBLE,
                                          .r2_gamma = NO_DOUBLE,
                                          .slope_weight = NO_DOUBLE,
                                          .drift = NO_DOUBLE,
                                          .clip_weights = NO_DOUBLE};

/* One preset and its meaning, whose lines are set below each other. */
static void list_preset(sg_text *text, const sg_preset *preset)
{
    const char *line = preset->meaning;
    const char *head = preset->name;
    for (const char *end; *line; line = *end ? end + 1 : end, head = "") {
        end = strchr(line, '\n');
        if (!end)
            end = line + strlen(line);
        sg_text_append(text, "\n  %-11s  %.*s", head, (int)(end - line), line);
    }
}

/* The description with a list of the presets; the caller clears it. */
static sg_text describe_presets(void)
{
    sg_text text = {0};
    sg_text_append(&text, "%s\n\nWhat --cfg names:", usage.description);
    for (size_t i = 0; i < sg_preset_count; i++)
        list_preset(&text, &sg_presets[i]);
    return text;
}

/* Parses with a help text that lists the presets. */
static sg_parsed parse_options(const struct poptOption *table, int argc, const char **argv)
{
    sg_usage described = usage;
    sg_text description = describe_presets();
    if (!description.failed)
        described.description = description.bytes;
    sg_parsed parsed = sg_options_parse(&described, table, argc, argv, NULL, 0);
    sg_text_clear(&description);
    return parsed;
}

static sg_parsed parse(int argc, const char **argv, train_arguments *a)
{
    const struct poptOption table[] = {
        {"cfg", 0, POPT_ARG_STRING, &a->cfg, 0, "what to train (stylegan2)", "NAME"},
        {"data", 0, POPT_ARG_STRING, &a->data, 0,
         "the images: an IDX file, or a folder or zip archive of PNG or JPEG files", "PATH"},
        {"outdir", 0, POPT_ARG_STRING, &a->outdir, 0, "where the run's folder is made", "DIR"},
        {"resume", 0, POPT_ARG_STRING, &a->resume, 0,
         "go on exactly with the run in this folder; its options count, --kimg may be raised",
         "RUN_FOLDER"},
        {"init", 0, POPT_ARG_STRING, &a->init, 0,
         "start from the weights in a network file, with a fresh optimiser", "FILE"},
        {"metrics", 0, POPT_ARG_STRING, &a->metrics, 0,
         "quality metrics to measure along the way: none, which is all there is yet", "none"},
        {"nan", 0, POPT_ARG_STRING, &a->nan, 0,
         "after a NaN: stop (the default), or rollback to the last snapshot and go on",
         "stop|rollback"},
        {"clip-grad", 0, POPT_ARG_DOUBLE, &a->clip_gradient, 0,
         "largest norm of a phase's gradients (no limit)", "X"},
        {"dry-run", 0, POPT_ARG_NONE, &a->dry_run, 0,
         "only say what the training would take, and leave nothing on disk", NULL},
        {"cond", 0, POPT_ARG_NONE, &a->conditional, 0, "train on the labels of the data", NULL},
        {"mirror", 0, POPT_ARG_NONE, &a->mirror, 0, "flip images left to right at random", NULL},
        {"kimg", 0, POPT_ARG_DOUBLE, &a->kimg, 0,
         "length, in thousands of images (25000; progan 12000, dcgan 15000, cifar 100000)", "N"},
        {"tick", 0, POPT_ARG_DOUBLE, &a->tick, 0, "kimg between statistics (4)", "N"},
        {"snap", 0, POPT_ARG_INT, &a->snap, 0, "ticks between snapshots (50)", "N"},
        {"batch", 0, POPT_ARG_INT, &a->batch, 0,
         "images per step (32; dcgan and cifar 64, auto and growing networks by the resolution)",
         "N"},
        {"batch-gpu", 0, POPT_ARG_INT, &a->batch_part, 0,
         "images at a time, a divisor of --batch: less memory, gradients add up (all)", "N"},
        {"gamma", 0, POPT_ARG_DOUBLE, &a->gamma, 0,
         "weight of R1 (the larger of 1 and 0.0002 * pixels / batch; other cfgs: "
         "docs/presets.md)",
         "X"},
        {"r2-gamma", 0, POPT_ARG_DOUBLE, &a->r2_gamma, 0,
         "weight of R2, the same on generated images (0)", "X"},
        {"loss", 0, POPT_ARG_STRING, &a->loss, 0,
         "logistic, minimax, lsgan, hinge, wgan or wgan-gp (the cfg's, mostly logistic)", "NAME"},
        {"gp-weight", 0, POPT_ARG_DOUBLE, &a->slope_weight, 0,
         "wgan-gp: weight of the gradient penalty (10)", "X"},
        {"drift", 0, POPT_ARG_DOUBLE, &a->drift, 0,
         "wgan-gp: weight of the squared scores of real images (0.001)", "X"},
        {"clip-weights", 0, POPT_ARG_DOUBLE, &a->clip_weights, 0,
         "wgan: largest weight of the discriminator (DCGAN 0.01)", "X"},
        {"n-critic", 0, POPT_ARG_INT, &a->n_critic, 0,
         "steps of the discriminator for each of the generator (1; wgan and dcgan's wgan-gp 5)",
         "N"},
        {"optimizer", 0, POPT_ARG_STRING, &a->optimiser, 0, "adam or rmsprop (adam; wgan rmsprop)",
         "NAME"},
        {"critic-norm", 0, POPT_ARG_STRING, &a->critic_norm, 0,
         "DCGAN: normalisation in the discriminator (batch; layer where slopes are penalised)",
         "batch|layer|none"},
        {"glr", 0, POPT_ARG_DOUBLE, &a->g_rate, 0,
         "learning rate of the generator (0.002; other cfgs: docs/presets.md)", "X"},
        {"dlr", 0, POPT_ARG_DOUBLE, &a->d_rate, 0,
         "learning rate of the discriminator (0.002; other cfgs: docs/presets.md)", "X"},
        {"pl-weight", 0, POPT_ARG_DOUBLE, &a->pl_weight, 0,
         "weight of the path length penalty, 0 for none (2; 0 but for StyleGAN2)", "X"},
        {"cbase", 0, POPT_ARG_INT, &a->channel_base, 0,
         "channels times resolution (32768; other cfgs: docs/presets.md)", "N"},
        {"cmax", 0, POPT_ARG_INT, &a->channel_max, 0, "most channels of a layer (512; dcgan 1024)",
         "N"},
        {"z-dim", 0, POPT_ARG_INT, &a->z_dim, 0, "width of the latents (512; dcgan 100)", "N"},
        {"w-dim", 0, POPT_ARG_INT, &a->w_dim, 0, "width of the mapped latents (512)", "N"},
        {"map-depth", 0, POPT_ARG_INT, &a->map_depth, 0,
         "layers of the mapping network (8; stylegan3, auto and cifar 2)", "N"},
        {"mbstd-group", 0, POPT_ARG_INT, &a->mbstd_group, 0,
         "group of the minibatch standard deviation (4; cifar 32)", "N"},
        {"ema-kimg", 0, POPT_ARG_DOUBLE, &a->ema_kimg, 0,
         "half-life of the averaged generator (by the batch; growing networks by the fade)", "N"},
        {"grow-kimg", 0, POPT_ARG_DOUBLE, &a->grow_kimg, 0,
         "of growing networks: kimg at each resolution, and while the next fades in (600)", "N"},
        {"fade-kimg", 0, POPT_ARG_DOUBLE, &a->fade_kimg, 0,
         "kimg while a resolution fades in, when it is another number (--grow-kimg)", "N"},
        {"initial-resolution", 0, POPT_ARG_INT, &a->initial_resolution, 0,
         "resolution at which growing networks start (progan 4, stylegan1 8)", "N"},
        {"grow-batch", 0, POPT_ARG_STRING, &a->grow_batch, 0,
         "images per step at some resolutions, such as 4:64,8:64; --batch N is for all", "LIST"},
        {"minibatch-repeats", 0, POPT_ARG_INT, &a->repeats, 0,
         "steps between changes of a growing network's level of detail (4)", "N"},
        {"seed", 0, POPT_ARG_LONGLONG, &a->seed, 0, "seed of every random number (0)", "N"},
        {"threads", 0, POPT_ARG_INT, &a->threads, 0, "threads (all processors)", "N"},
        POPT_TABLEEND};
    return parse_options(table, argc, argv);
}

/* A sentence for the first option out of range; NULL when all are fine. */
static const char *find_mistake(const train_arguments *a)
{
    if (a->resume && a->init)
        return "--resume and --init exclude each other: a resumed run has its own weights";
    if (!a->data && !a->resume)
        return "--data is missing: it names the images to train on";
    if (!a->outdir && !a->resume && !a->dry_run)
        return "--outdir is missing: it names the folder for the run";
    if (a->batch != NO_INT && (a->batch < 1 || a->batch > SG_LARGEST_BATCH))
        return "--batch must lie between 1 and 65536";
    if (a->batch_part != NO_INT && a->batch_part < 1)
        return "--batch-gpu must be at least 1";
    if (a->kimg != NO_DOUBLE && !(a->kimg > 0 && a->kimg <= 1e9))
        return "--kimg must be above 0";
    if (a->tick != NO_DOUBLE && !(a->tick > 0))
        return "--tick must be above 0";
    if (a->snap != NO_INT && a->snap < 1)
        return "--snap must be at least 1";
    if (a->metrics && strcmp(a->metrics, "none") != 0)
        return "--metrics knows only none: quality metrics are not there yet";
    if (a->nan && strcmp(a->nan, "stop") != 0 && strcmp(a->nan, "rollback") != 0)
        return "--nan must be stop or rollback";
    if (a->threads < 0 || a->threads > 4096)
        return "--threads must lie between 1 and 4096 (0: all processors)";
    if (a->seed < 0 || a->seed > 1000000000000000)
        return "--seed must lie between 0 and 1000000000000000";
    return NULL;
}

static const char *find_network_mistake(const train_arguments *a)
{
    const int *const widths[] = {&a->channel_max, &a->z_dim, &a->w_dim};
    if (a->channel_base != NO_INT && (a->channel_base < 1 || a->channel_base > 1 << 20))
        return "--cbase must lie between 1 and 1048576";
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (*widths[i] != NO_INT && (*widths[i] < 1 || *widths[i] > 1 << 16))
            return "--cmax, --z-dim and --w-dim must lie between 1 and 65536";
    if (a->map_depth != NO_INT && (a->map_depth < 1 || a->map_depth > 32))
        return "--map-depth must lie between 1 and 32";
    if (a->mbstd_group != NO_INT && a->mbstd_group < 1)
        return "--mbstd-group must be at least 1";
    const double *const rates[] = {&a->gamma, &a->g_rate, &a->d_rate, &a->pl_weight,
                                   &a->clip_gradient};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (*rates[i] != NO_DOUBLE && !(*rates[i] >= 0 && *rates[i] < 1e9))
            return "--gamma, --glr, --dlr, --pl-weight and --clip-grad must not be negative";
    return NULL;
}

static const char *find_loss_mistake(const train_arguments *a)
{
    const double *const weights[] = {&a->r2_gamma, &a->slope_weight, &a->drift, &a->clip_weights};
    if (a->loss && sg_loss_from_name(a->loss) < 0)
        return "--loss must be logistic, minimax, lsgan, hinge, wgan or wgan-gp";
    if (a->optimiser && sg_optimiser_from_name(a->optimiser) < 0)
        return "--optimizer must be adam or rmsprop";
    if (a->critic_norm && sg_choice_find(&sg_norm_choices, a->critic_norm) < 0)
        return "--critic-norm must be batch, layer or none";
    if (a->n_critic != NO_INT && (a->n_critic < 1 || a->n_critic > 1000))
        return "--n-critic must lie between 1 and 1000";
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (*weights[i] != NO_DOUBLE && !(*weights[i] >= 0 && *weights[i] < 1e9))
            return "--r2-gamma, --gp-weight, --drift and --clip-weights must not be negative";
    return NULL;
}

static const char *find_growing_mistake(const train_arguments *a)
{
    int batch[SG_GROWING_LEVELS];
    int side = a->initial_resolution;
    const double *const lengths[] = {&a->grow_kimg, &a->fade_kimg, &a->ema_kimg};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (*lengths[i] != NO_DOUBLE && !(*lengths[i] >= 0 && *lengths[i] < 1e9))
            return "--grow-kimg, --fade-kimg and --ema-kimg must not be negative";
    if (a->grow_kimg == 0 && (a->fade_kimg == NO_DOUBLE || a->fade_kimg == 0))
        return "--grow-kimg and --fade-kimg must not both be 0: --initial-resolution says where "
               "growing starts, and may be the full resolution";
    if (side != NO_INT && (side < 4 || side > 1024 || (side & (side - 1)) != 0))
        return "--initial-resolution must be a power of two from 4 to 1024";
    if (a->repeats != NO_INT && (a->repeats < 1 || a->repeats > 1000))
        return "--minibatch-repeats must lie between 1 and 1000";
    if (a->grow_batch && !sg_growing_read_batches(a->grow_batch, SG_LARGEST_BATCH, batch))
        return "--grow-batch must be a list like 4:128,8:64, of resolutions that are powers of two "
               "from 4 to 1024 and numbers of images from 1 to 65536";
    return NULL;
}

static void set_int(int given, int *option)
{
    if (given != NO_INT)
        *option = given;
}

static void set_double(double given, double *option)
{
    if (given != NO_DOUBLE)
        *option = given;
}

static void fill_networks(const train_arguments *a, sg_trainer_options *t)
{
    set_int(a->channel_base, &t->generator.channel_base);
    set_int(a->channel_max, &t->generator.channel_max);
    t->discriminator.channel_base = t->generator.channel_base;
    t->discriminator.channel_max = t->generator.channel_max;
    set_int(a->z_dim, &t->generator.z_dim);
    set_int(a->w_dim, &t->generator.w_dim);
    set_int(a->map_depth, &t->generator.mapping.num_layers);
    set_int(a->mbstd_group, &t->discriminator.mbstd_group_size);
}

/* The loss first, since other options' defaults go with it. */
static void fill_loss(const train_arguments *a, sg_trainer_options *t)
{
    if (a->loss)
        sg_loss_choose(t, (sg_loss_kind)sg_loss_from_name(a->loss));
    if (a->optimiser)
        t->optimiser = (sg_optimiser_kind)sg_optimiser_from_name(a->optimiser);
    set_double(a->r2_gamma, &t->r2_gamma);
    set_double(a->slope_weight, &t->penalty.weight);
    set_double(a->drift, &t->penalty.drift);
    set_double(a->clip_weights, &t->clip_weights);
    set_int(a->n_critic, &t->n_critic);
}

/* A batch or a rate for all resolutions is taken over by sg_preset_complete. */
static void fill_growing(const train_arguments *a, sg_growing_schedule *growing)
{
    set_double(a->grow_kimg, &growing->stable_kimg);
    set_double(a->grow_kimg, &growing->fade_kimg);
    set_double(a->fade_kimg, &growing->fade_kimg);
    set_int(a->initial_resolution, &growing->initial_resolution);
    set_int(a->repeats, &growing->repeats);
}

/* Whether an option was given that only networks that grow have. */
static bool asks_for_growing(const train_arguments *a)
{
    return a->grow_kimg != NO_DOUBLE || a->fade_kimg != NO_DOUBLE ||
           a->initial_resolution != NO_INT || a->repeats != NO_INT || a->grow_batch;
}

static sg_run_options fill_options(const train_arguments *a, const sg_preset *preset)
{
    sg_run_options options = sg_run_options_default();
    sg_trainer_options *t = &options.trainer;
    options.cfg = preset->name;
    *t = sg_preset_options(preset);
    options.data = a->data;
    options.outdir = a->outdir;
    options.init = a->init;
    options.dry_run = a->dry_run != 0;
    options.nan_rollback = a->nan && strcmp(a->nan, "rollback") == 0;
    options.kimg = preset->kimg;
    options.conditional = a->conditional != 0;
    options.mirror = a->mirror != 0;
    set_double(a->kimg, &options.kimg);
    set_double(a->tick, &options.tick);
    set_int(a->snap, &options.snap);
    fill_loss(a, t);
    fill_networks(a, t);
    set_int(a->batch, &t->batch);
    set_int(a->batch_part, &t->batch_part);
    t->seed = (uint64_t)a->seed;
    set_double(a->gamma, &t->gamma);
    set_double(a->g_rate, &t->g_rate);
    set_double(a->d_rate, &t->d_rate);
    set_double(a->pl_weight, &t->pl_weight);
    set_double(a->clip_gradient, &t->clip_gradient);
    set_double(a->ema_kimg, &t->ema_kimg);
    if (t->growing.initial_resolution > 0)
        fill_growing(a, &t->growing);
    if (a->critic_norm)
        t->discriminator.norm = (sg_norm_kind)sg_choice_find(&sg_norm_choices, a->critic_norm);
    else
        sg_loss_settle_norm(t);
    sg_preset_complete(preset, t);
    if (a->grow_batch)
        sg_growing_read_batches(a->grow_batch, SG_LARGEST_BATCH, t->growing.batch);
    return options;
}

/* A sentence for the first option that what is trained has no use for; NULL when there is none. */
static const char *find_misplaced(const train_arguments *a, const sg_trainer_options *t)
{
    if ((a->slope_weight != NO_DOUBLE || a->drift != NO_DOUBLE) && t->loss != SG_LOSS_WGAN_GP)
        return "--gp-weight and --drift belong to --loss wgan-gp";
    if (a->critic_norm && !sg_family_of(t->discriminator.family)->normalises)
        return "--critic-norm belongs to --cfg dcgan: other discriminators have no normalisation";
    if ((a->map_depth != NO_INT || a->w_dim != NO_INT) && !sg_family_of(t->generator.family)->maps)
        return "--map-depth and --w-dim make no sense with --cfg dcgan and progan, which have no "
               "mapping network: their w is z, and the label beside it";
    if (a->mbstd_group != NO_INT && t->discriminator.mbstd_num_channels == 0)
        return "--mbstd-group makes no sense with --cfg dcgan: its discriminator has no minibatch "
               "standard deviation";
    return NULL;
}

/* The options of a new run, or the exit status for those that do not go together. */
static int prepare_options(const train_arguments *a, sg_run_options *options)
{
    char names[256];
    sg_error error = {0};
    const sg_preset *preset = a->cfg ? sg_preset_find(a->cfg) : sg_presets;
    sg_preset_list(names, sizeof names);
    if (!preset)
        return sg_old_usage_error(&usage, "--cfg must be %s", names);
    *options = fill_options(a, preset);
    if (asks_for_growing(a) && options->trainer.growing.initial_resolution == 0)
        return sg_old_usage_error(
            &usage,
            "--cfg %s does not grow: --grow-kimg, --fade-kimg, "
            "--initial-resolution, --grow-batch and --minibatch-repeats are for "
            "progan and stylegan1",
            preset->name);
    const char *misplaced = find_misplaced(a, &options->trainer);
    if (misplaced)
        return sg_old_usage_error(&usage, "%s", misplaced);
    if (sg_batch_check(&options->trainer, 0, &error) || sg_loss_check(&options->trainer, &error) ||
        (a->conditional && sg_labels_check(&options->trainer, &error)))
        return sg_old_usage_error(&usage, "%s", error.message);
    return SG_EXIT_DONE;
}

/* Only what a resumed run does not have already. */
static sg_run_options resume_options(const train_arguments *a)
{
    return (sg_run_options){.resume = a->resume,
                            .dry_run = a->dry_run != 0,
                            .nan_rollback = a->nan && strcmp(a->nan, "rollback") == 0,
                            .data = a->data,
                            .kimg = fmax(a->kimg, 0),
                            .tick = fmax(a->tick, 0),
                            .snap = a->snap > 0 ? a->snap : 0};
}

static bool on_step(void *user, const sg_run_progress *progress)
{
    char remark[128];
    snprintf(remark, sizeof remark, "%dx%d  G %.3f  D %.3f", progress->resolution,
             progress->resolution, progress->loss_g, progress->loss_d);
    sg_progress *bar = user;
    if (bar->total <= 0) /* the first step: where a resumed run stands is known only now */
        sg_progress_start(bar, "training", "kimg", progress->kimg, progress->total_kimg);
    sg_progress_update(bar, progress->kimg, remark);
    return sg_interrupted();
}

static void on_log(void *user, const char *line)
{
    sg_progress_clear(user);
    printf("%s\n", line);
    fflush(stdout);
}

static int train(const sg_run_options *options, int threads)
{
    char folder[SG_PATH_BYTES];
    sg_error error = {0};
    sg_progress bar = {0};
    sg_context *context = sg_context_create(threads);
    if (!context) {
        fprintf(stderr, "stylegan: train: out of memory\n");
        return SG_EXIT_FAILED;
    }
    sg_interrupt_watch();
    sg_run_callbacks callbacks = {.user = &bar, .step = on_step, .log = on_log};
    sg_status status = sg_run(context, options, &callbacks, folder, sizeof folder, &error);
    sg_progress_finish(&bar);
    sg_context_destroy(context);
    if (status)
        fprintf(stderr, "stylegan: train: %s\n", error.message);
    return status ? SG_EXIT_FAILED : SG_EXIT_DONE;
}

int sg_command_train(int argc, const char **argv);
int sg_command_train(int argc, const char **argv)
{
    train_arguments arguments = not_given;
    sg_parsed parsed = parse(argc, argv, &arguments);
    if (parsed != SG_PARSED_GO)
        return parsed == SG_PARSED_HELP ? SG_EXIT_DONE : SG_EXIT_USAGE;
    const char *mistake = find_mistake(&arguments);
    if (!mistake)
        mistake = find_network_mistake(&arguments);
    if (!mistake)
        mistake = find_loss_mistake(&arguments);
    if (!mistake)
        mistake = find_growing_mistake(&arguments);
    if (mistake)
        return sg_old_usage_error(&usage, "%s", mistake);
    if (arguments.resume && !sg_path_is_folder(arguments.resume)) {
        fprintf(stderr, "stylegan: train: --resume %s is no run folder, it is taken as --init\n",
                arguments.resume);
        arguments.init = arguments.resume;
        arguments.resume = NULL;
        mistake = find_mistake(&arguments);
        if (mistake)
            return sg_old_usage_error(&usage, "%s", mistake);
    }
    if (arguments.resume) {
        sg_run_options resumed = resume_options(&arguments);
        return train(&resumed, arguments.threads);
    }
    sg_run_options options;
    int status = prepare_options(&arguments, &options);
    return status ? status : train(&options, arguments.threads);
}
