/* Training as programs outside see it: their options checked and handed to train/run/run.h. */
#include <math.h>
#include <stddef.h>

#include "api/call.h"
#include "tensor/context.h"
#include "train/options/loss_options.h"
#include "train/options/preset.h"
#include "train/run/run.h"

enum { LARGEST_BATCH = 65536, LARGEST_WIDTH = 1 << 20, MOST_MAPPING_LAYERS = 32 };

static const double LARGEST_NUMBER = 1e9;
static const uint64_t LARGEST_SEED = 1000000000000000;

static sg_status find_preset(const char *cfg, const sg_preset **preset, sg_error *error)
{
    *preset = cfg ? sg_preset_find(cfg) : NULL;
    if (*preset)
        return SG_OK;
    char names[256];
    sg_preset_list(names, sizeof names);
    return sg_fail(error, SG_ERROR_ARGUMENT, "cfg is %s, but must be %s", cfg ? cfg : "missing",
                   names);
}

static void init_for(sg_training_options *options, const sg_preset *preset)
{
    const sg_trainer_options published = sg_preset_options(preset);
    const sg_trainer_options *trainer = &published;
    *options = (sg_training_options){.cfg = preset->name,
                                     .batch = trainer->batch,
                                     .gamma = trainer->gamma,
                                     .generator_rate = trainer->g_rate,
                                     .discriminator_rate = trainer->d_rate,
                                     .path_length_weight = trainer->pl_weight,
                                     .channel_base = trainer->generator.channel_base,
                                     .channel_max = trainer->generator.channel_max,
                                     .z_dim = trainer->generator.z_dim,
                                     .w_dim = trainer->generator.w_dim,
                                     .mapping_layers = trainer->generator.mapping.num_layers,
                                     .minibatch_group = trainer->discriminator.mbstd_group_size,
                                     .initial_resolution = trainer->growing.initial_resolution,
                                     .stable_kimg = trainer->growing.stable_kimg,
                                     .fade_kimg = trainer->growing.fade_kimg};
}

void sg_training_options_init(sg_training_options *options)
{
    init_for(options, &sg_presets[0]);
}

sg_status sg_training_options_init_for(sg_training_options *options, const char *cfg,
                                       sg_error *error)
{
    const sg_preset *preset;
    sg_error_clear(error);
    const sg_status status = find_preset(cfg, &preset, error);
    if (!status)
        init_for(options, preset);
    return status;
}

/* ---- checks ---- */

/* Values that a cfg has may stay as they are: no mapping layers, or SG_FOLLOWS. */
static sg_status check_numbers(const sg_training_options *o, const sg_training_options *published,
                               sg_error *error)
{
    const sg_training_options *p = published;
    const struct {
        const char *name;
        double value, published, least;
    } numbers[] = {{"kimg", o->kimg, p->kimg, 0},
                   {"tick_kimg", o->tick_kimg, p->tick_kimg, 0},
                   {"gamma", o->gamma, p->gamma, -LARGEST_NUMBER},
                   {"generator_rate", o->generator_rate, p->generator_rate, 0},
                   {"discriminator_rate", o->discriminator_rate, p->discriminator_rate, 0},
                   {"path_length_weight", o->path_length_weight, p->path_length_weight, 0},
                   {"clip_gradient", o->clip_gradient, p->clip_gradient, 0},
                   {"stable_kimg", o->stable_kimg, p->stable_kimg, 0},
                   {"fade_kimg", o->fade_kimg, p->fade_kimg, 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value != numbers[i].published &&
            !(numbers[i].value >= numbers[i].least && numbers[i].value <= LARGEST_NUMBER))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s is %g, but must be from %g to %g",
                           numbers[i].name, numbers[i].value, numbers[i].least, LARGEST_NUMBER);
    if (published->initial_resolution > 0 && o->stable_kimg == 0 && o->fade_kimg == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "stable_kimg and fade_kimg are both 0, so nothing would grow");
    return SG_OK;
}

static sg_status check_counts(const sg_training_options *o, const sg_training_options *published,
                              sg_error *error)
{
    const sg_training_options *p = published;
    const struct {
        const char *name;
        int value, published, least, most;
    } counts[] = {{"batch", o->batch, p->batch, 1, LARGEST_BATCH},
                  {"batch_part", o->batch_part, p->batch_part, 0, LARGEST_BATCH},
                  {"snapshot_ticks", o->snapshot_ticks, p->snapshot_ticks, 0, LARGEST_WIDTH},
                  {"channel_base", o->channel_base, p->channel_base, 1, LARGEST_WIDTH},
                  {"channel_max", o->channel_max, p->channel_max, 1, LARGEST_WIDTH},
                  {"z_dim", o->z_dim, p->z_dim, 1, LARGEST_WIDTH},
                  {"w_dim", o->w_dim, p->w_dim, 1, LARGEST_WIDTH},
                  {"mapping_layers", o->mapping_layers, p->mapping_layers, 1, MOST_MAPPING_LAYERS},
                  {"minibatch_group", o->minibatch_group, p->minibatch_group, 1, LARGEST_BATCH},
                  {"initial_resolution", o->initial_resolution, p->initial_resolution, 4, 1024}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value != counts[i].published &&
            (counts[i].value < counts[i].least || counts[i].value > counts[i].most))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s is %d, but must be from %d to %d",
                           counts[i].name, counts[i].value, counts[i].least, counts[i].most);
    if (o->initial_resolution > 0 && (o->initial_resolution & (o->initial_resolution - 1)) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "initial_resolution is %d, but must be a power of two",
                       o->initial_resolution);
    if (o->initial_resolution > 0 && published->initial_resolution == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "initial_resolution is %d, but %s does not grow",
                       o->initial_resolution, o->cfg);
    if (o->batch > 0 && o->batch_part > 0 && o->batch % o->batch_part != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "batch_part is %d, which does not divide batch %d",
                       o->batch_part, o->batch);
    return SG_OK;
}

static sg_status check(const sg_training_options *o, const sg_preset *preset, sg_error *error)
{
    sg_training_options published;
    if (o->resume && o->init)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "resume and init exclude each other: a resumed run has its own weights");
    if (!o->resume && !o->data)
        return sg_fail(error, SG_ERROR_ARGUMENT, "data is missing: it names the pictures");
    if (!o->resume && !o->outdir && !o->dry_run)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "outdir is missing: it names the folder for the run");
    if (o->loss && sg_loss_from_name(o->loss) < 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "loss is %s, but must be logistic, minimax, lsgan, hinge, wgan or wgan-gp",
                       o->loss);
    if (o->seed > LARGEST_SEED)
        return sg_fail(error, SG_ERROR_ARGUMENT, "seed is %llu, but must be at most %llu",
                       (unsigned long long)o->seed, (unsigned long long)LARGEST_SEED);
    init_for(&published, preset);
    const sg_status status = check_numbers(o, &published, error);
    return status ? status : check_counts(o, &published, error);
}

/* ---- options ---- */

static void fill_trainer(const sg_training_options *o, const sg_preset *preset,
                         sg_trainer_options *t)
{
    const sg_trainer_options published = sg_preset_options(preset);
    *t = published;
    if (o->loss)
        sg_loss_choose(t, (sg_loss_kind)sg_loss_from_name(o->loss));
    t->batch = o->batch;
    t->batch_part = o->batch_part;
    /* What was not touched is the loss's to choose. */
    if (o->gamma != published.gamma)
        t->gamma = o->gamma < 0 ? SG_FOLLOWS : o->gamma;
    if (o->generator_rate != published.g_rate)
        t->g_rate = o->generator_rate;
    if (o->discriminator_rate != published.d_rate)
        t->d_rate = o->discriminator_rate;
    sg_loss_settle_norm(t);
    t->pl_weight = o->path_length_weight;
    t->clip_gradient = o->clip_gradient;
    t->seed = o->seed;
    t->generator.channel_base = t->discriminator.channel_base = o->channel_base;
    t->generator.channel_max = t->discriminator.channel_max = o->channel_max;
    t->generator.z_dim = o->z_dim;
    t->generator.w_dim = o->w_dim;
    t->generator.mapping.num_layers = o->mapping_layers;
    t->discriminator.mbstd_group_size = o->minibatch_group;
    t->growing.initial_resolution = o->initial_resolution;
    t->growing.stable_kimg = o->stable_kimg;
    t->growing.fade_kimg = o->fade_kimg;
    sg_preset_complete(preset, t);
}

/* A resumed run takes zero and NULL for what it has already. */
static sg_run_options run_options(const sg_training_options *o, const sg_preset *preset)
{
    const sg_run_options defaults = sg_run_options_default();
    sg_run_options run = defaults;
    fill_trainer(o, preset, &run.trainer);
    run.cfg = preset->name;
    run.data = o->data;
    run.outdir = o->outdir;
    run.resume = o->resume;
    run.init = o->init;
    run.conditional = o->conditional;
    run.mirror = o->mirror;
    run.nan_rollback = o->rollback_on_nan;
    run.dry_run = o->dry_run;
    run.kimg = o->kimg > 0 || o->resume ? o->kimg : preset->kimg;
    run.tick = o->tick_kimg > 0 || o->resume ? o->tick_kimg : defaults.tick;
    run.snap = o->snapshot_ticks > 0 || o->resume ? o->snapshot_ticks : defaults.snap;
    return run;
}

/* ---- callbacks ---- */

static bool pass_step(void *user, const sg_run_progress *progress)
{
    const sg_training_callbacks *callbacks = user;
    const sg_training_progress told = {.kimg = progress->kimg,
                                       .total_kimg = progress->total_kimg,
                                       .loss_generator = progress->loss_g,
                                       .loss_discriminator = progress->loss_d,
                                       .seconds_per_kimg = progress->seconds_per_kimg};
    return callbacks->step && callbacks->step(callbacks->user, &told);
}

static void pass_line(void *user, const char *line)
{
    const sg_training_callbacks *callbacks = user;
    if (callbacks->log)
        callbacks->log(callbacks->user, line);
}

sg_status sg_train(sg_context *context, const sg_training_options *options,
                   const sg_training_callbacks *callbacks, char *folder, size_t folder_size,
                   sg_error *error)
{
    sg_training_callbacks told = {0};
    const sg_preset *preset;
    sg_error_clear(error);
    sg_status status = find_preset(options->cfg, &preset, error);
    if (!status)
        status = check(options, preset, error);
    if (status)
        return status;
    if (callbacks)
        told = *callbacks;
    const sg_run_callbacks run_callbacks = {.user = &told, .step = pass_step, .log = pass_line};
    const sg_run_options run = run_options(options, preset);
    const int threads = sg_call_begin(context);
    status = sg_run(context, &run, &run_callbacks, folder, folder_size, error);
    sg_call_end(threads);
    return status;
}
