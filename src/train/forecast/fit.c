/* The choices of the preset "fit"; see fit.h. */
#include "train/forecast/fit.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "models/config_rules.h"
#include "train/losses/adversarial.h"
#include "train/options/preset_resolve.h"

/* Seconds for measuring: at first, and then for each candidate, which shares most of its calls with
 * earlier ones. */
static const double measuring_first = 1.2;
static const double measuring = 0.25;

/* Seconds after the start from which on nothing more is measured: an answer comes within five. */
static const double measuring_last = 2.5;

/* What start, sheets and snapshots leave of the time, and what the system needs of the memory. */
static const double share_of_time = 0.95;
static const double share_of_memory = 0.8;

/* Nobody trains longer on any processor: the published length. */
static const double most_kimg = 25000;

enum {
    LOWEST = 16,         /* resolution that is tried first */
    LEAST_CHANNELS = 32, /* that networks have at low resolutions if there is time */
    SLOPE = 32,          /* channels times resolution, over the most channels: as in auto */
    LEAST_AT_TOP = 4,    /* channels at the full resolution */
    LEAST_LATENT = 64,   /* width of latents */
    LEAST_PART = 4       /* of a batch: one group of the minibatch standard deviation */
};

/* Widths that are tried: the most channels of a layer. */
static const int widths[] = {16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};
enum { WIDTHS = (int)(sizeof widths / sizeof *widths) };

/* Networks that are tried, and what they cost. */
typedef struct candidate {
    int resolution, width, batch_part;
    sg_forecast forecast;
    double kimg; /* that fit into the time */
    bool fits;   /* into the memory */
    bool enough; /* there is memory, and time for the images that it needs */
} candidate;

typedef struct choice {
    const sg_fit_situation *situation;
    sg_work_times *times;
    sg_run_options *options;
    sg_given *given;
    sg_text *reasons;
    sg_given asked; /* what was given before anything was chosen */
    bool wants_r1;  /* the loss goes with R1 */
    double started; /* when choosing began, by sg_clock_seconds */
    candidate best;
} choice;

/* Marks a member as given; false if it is already. */
static bool claim(sg_given *given, size_t offset)
{
    if (sg_given_at(&sg_training_table, given, offset))
        return false;
    sg_given_set_at(&sg_training_table, given, offset);
    return true;
}

#define CLAIM(given, member) claim(given, offsetof(sg_run_options, member))
#define ASKED(all, member) SG_TRAINING_GIVEN(&(all)->asked, member)

double sg_fit_needed_kimg(int resolution)
{
    static const double kimg_per_pixel = 6; /* of a side: 384 at 64x64 */
    return kimg_per_pixel * resolution;
}

/* Returns the round number (two digits, from 1, 1.5, 2 ... 9.5) at or below a positive number. */
static double round_down(double number)
{
    const double unit = pow(10, floor(log10(number)) - 1);
    return floor(number / unit + 1e-9) * unit;
}

double sg_fit_length(double seconds, double seconds_per_kimg)
{
    const double kimg = share_of_time * seconds / fmax(seconds_per_kimg, 1e-9);
    return round_down(fmin(fmax(kimg, 1e-3), most_kimg));
}

/* ---- candidates ---- */

static int batch_for(int resolution)
{
    return resolution <= 128 ? 16 : 8;
}

/* R1's rule of thumb is too small below 256 pixels without augmentation. */
static double gamma_for(int resolution, int batch)
{
    return fmax(1, 0.0002 * resolution * resolution / batch);
}

static bool has_width(const sg_given *given)
{
    return SG_TRAINING_GIVEN(given, trainer.generator.channel_max) ||
           SG_TRAINING_GIVEN(given, trainer.generator.channel_base);
}

/* Without mapping layers w is as wide as z and the labels, and has no width of its own. */
static bool no_mapping(const sg_run_options *options, const sg_given *given)
{
    return SG_TRAINING_GIVEN(given, trainer.generator.mapping.num_layers) &&
           options->trainer.generator.mapping.num_layers == 0;
}

/* Sets what is not given to the candidate's values. */
static void set_values(const choice *all, const candidate *one, sg_run_options *options,
                       sg_given *given)
{
    sg_trainer_options *trainer = &options->trainer;
    const int latent = one->width < LEAST_LATENT ? LEAST_LATENT : one->width;
    if (!has_width(given) && CLAIM(given, trainer.generator.channel_max)) {
        trainer->generator.channel_max = one->width;
        trainer->generator.channel_base = SLOPE * one->width;
        sg_given_set_at(&sg_training_table, given,
                        offsetof(sg_run_options, trainer.generator.channel_base));
    }
    if (CLAIM(given, trainer.generator.z_dim))
        trainer->generator.z_dim = latent;
    if (!no_mapping(options, given) && CLAIM(given, trainer.generator.w_dim))
        trainer->generator.w_dim = latent;
    if (CLAIM(given, trainer.batch))
        trainer->batch = batch_for(one->resolution);
    if (one->batch_part > 0 && CLAIM(given, trainer.batch_part))
        trainer->batch_part = one->batch_part;
    if (all->wants_r1 && CLAIM(given, trainer.gamma))
        trainer->gamma = gamma_for(one->resolution, trainer->batch);
    if (CLAIM(given, trainer.pl_weight))
        trainer->pl_weight = 0;
}

/* Forecasts a candidate as it is. */
static sg_status forecast_candidate(const choice *all, candidate *one, sg_error *error)
{
    sg_run_options options = *all->options;
    sg_given given = *all->given;
    sg_generator_config *g = &options.trainer.generator;
    sg_discriminator_config *d = &options.trainer.discriminator;
    const sg_picture_base *native = &all->situation->native;
    const bool as_is = one->resolution == native->resolution;
    set_values(all, one, &options, &given);
    SG_TRY(sg_preset_resolve(&options, &given, one->resolution, &options, error));
    g->base_height = d->base_height = as_is ? native->base_height : 4;
    g->base_width = d->base_width = as_is ? native->base_width : 4;
    g->img_channels = d->img_channels = all->situation->channels;
    sg_generator_config_set_w(g);
    const double left = measuring_last - (sg_clock_seconds() - all->started);
    const double share = all->best.resolution > 0 ? measuring : measuring_first;
    sg_work_times_allow(all->times, fmax(fmin(share, left), 0));
    SG_TRY(sg_forecast_make(all->times, &options.trainer, 0, 1, &one->forecast, error));
    one->kimg =
        share_of_time * all->situation->seconds / fmax(one->forecast.seconds_per_kimg, 1e-9);
    one->fits = one->forecast.peak_bytes <= share_of_memory * all->situation->memory_bytes;
    return SG_OK;
}

/* Returns the thousands of images that a candidate must see. */
static double needed_kimg(const choice *all, int resolution)
{
    return SG_TRAINING_GIVEN(all->given, kimg) ? all->options->kimg
                                               : sg_fit_needed_kimg(resolution);
}

/* Forecasts a candidate, with as large a part of the batch at a time as memory allows. */
static sg_status try_candidate(const choice *all, int resolution, int width, candidate *one,
                               sg_error *error)
{
    const int batch = SG_TRAINING_GIVEN(all->given, trainer.batch) ? all->options->trainer.batch
                                                                   : batch_for(resolution);
    *one = (candidate){.resolution = resolution, .width = width};
    SG_TRY(forecast_candidate(all, one, error));
    for (int part = batch / 2; !one->fits && part >= LEAST_PART && batch % part == 0; part /= 2) {
        one->batch_part = part;
        SG_TRY(forecast_candidate(all, one, error));
    }
    one->enough = one->fits && one->kimg >= needed_kimg(all, resolution);
    return SG_OK;
}

/* Returns the index of the first width of at least so many channels. */
static int width_from(int channels)
{
    int index = 0;
    while (index < WIDTHS - 1 && widths[index] < channels)
        index++;
    return index;
}

/* Returns the width that networks of a resolution have at least if they are chosen freely. */
static int fair_width(int resolution)
{
    return width_from(resolution > LEAST_CHANNELS ? resolution : LEAST_CHANNELS);
}

/* ---- the choices ---- */

/* Returns the highest resolution of squares that the pictures have. */
static int highest_resolution(const sg_fit_situation *situation)
{
    int side = SG_SMALLEST_SIDE;
    if (situation->native.resolution > 0)
        return situation->native.resolution;
    while (2 * side <= situation->side && 2 * side <= 1024)
        side *= 2;
    return side;
}

/* Takes the highest resolution whose networks have time enough at a fair width. `next` gets the
 * first one that has not; its resolution is 0 if all have. */
static sg_status choose_resolution(choice *all, candidate *next, sg_error *error)
{
    const int highest = highest_resolution(all->situation);
    const bool fixed = SG_TRAINING_GIVEN(all->given, resolution);
    int resolution = fixed ? all->options->resolution : LOWEST < highest ? LOWEST : highest;
    *next = (candidate){0};
    for (; fixed || resolution <= highest; resolution *= 2) {
        candidate one;
        SG_TRY(try_candidate(all, resolution, widths[fair_width(resolution)], &one, error));
        if (all->best.resolution > 0 && !one.enough) {
            *next = one;
            return SG_OK;
        }
        all->best = one;
        if (fixed || !one.enough)
            return SG_OK;
    }
    return SG_OK;
}

/* Widens the networks as long as there is time; narrows them if there is none. */
static sg_status choose_width(choice *all, sg_error *error)
{
    const int resolution = all->best.resolution;
    if (has_width(all->given))
        return SG_OK;
    const int step = all->best.enough ? 1 : -1;
    for (int i = fair_width(resolution) + step; i >= 0 && i < WIDTHS; i += step) {
        candidate one;
        if (SLOPE * widths[i] / resolution < LEAST_AT_TOP)
            break;
        SG_TRY(try_candidate(all, resolution, widths[i], &one, error));
        if (step > 0 && !one.enough)
            break;
        all->best = one;
        if (step < 0 && one.enough)
            break;
    }
    return SG_OK;
}

/* Chooses the length, and ticks of about a hundredth of it, but of 20 seconds and a few steps at
 * least, unless that is more than a fifth. */
static void choose_length(choice *all)
{
    static const double tick_seconds = 20;
    sg_run_options *o = all->options;
    if (CLAIM(all->given, kimg))
        o->kimg = sg_fit_length(all->situation->seconds, all->best.forecast.seconds_per_kimg);
    if (CLAIM(all->given, tick))
        o->tick =
            round_down(fmax(fmax(o->kimg / 100, 4e-3 * o->trainer.batch),
                            fmin(tick_seconds / all->best.forecast.seconds_per_kimg, o->kimg / 5)));
    if (CLAIM(all->given, snap))
        o->snap = 10;
    if (CLAIM(all->given, sheet_ticks))
        o->sheet_ticks = 2;
}

/* Augments as far as the scores ask for it, and lets the strength follow within the length. */
static void choose_augmentation(choice *all)
{
    sg_trainer_options *o = &all->options->trainer;
    const bool possible = sg_adversarial_loss_of(o->loss)->signed_scores;
    if (CLAIM(all->given, trainer.augment.mode))
        o->augment.mode = possible ? SG_AUGMENT_ADAPTIVE : SG_AUGMENT_NONE;
    if (o->augment.mode == SG_AUGMENT_ADAPTIVE && CLAIM(all->given, trainer.augment.kimg))
        o->augment.kimg = fmin(fmax(round_down(all->options->kimg / 5), 20), 500);
}

/* ---- reasons ---- */

/* Returns the reason for a value: that it was given, or the one for which it was chosen. */
static const char *because(const choice *all, bool asked, const char *reason)
{
    if (!asked)
        return reason;
    return all->options->init ? "as asked, or as in \"init\"" : "as asked";
}

/* Appends a line for a choice; the first words are the field as sentences name it, and its value.
 */
#define SAY(all, ...)                                                                              \
    do {                                                                                           \
        sg_text_append((all)->reasons, "  " __VA_ARGS__);                                          \
        sg_text_append((all)->reasons, "\n");                                                      \
    } while (0)

static void say_resolution(const choice *all, const candidate *next)
{
    const candidate *best = &all->best;
    const int r = best->resolution;
    if (ASKED(all, resolution))
        SAY(all, "\"resolution\" %d: %s", r, because(all, true, NULL));
    else if (r == all->situation->native.resolution)
        SAY(all, "%dx%d pixels: the pictures as they are",
            all->situation->native.base_width * r / 4, all->situation->native.base_height * r / 4);
    else if (next->resolution > 0 && !next->fits)
        SAY(all,
            "\"resolution\" %d: networks for %d need %.0f MB of memory, of which %.0f are there", r,
            next->resolution, next->forecast.peak_bytes * 1e-6,
            all->situation->memory_bytes * 1e-6);
    else if (next->resolution > 0)
        SAY(all,
            "\"resolution\" %d: %d pixels a side would need about %.0f kimg, and there is time for "
            "%.3g",
            r, next->resolution, sg_fit_needed_kimg(next->resolution), next->kimg);
    else if (!best->enough || r < highest_resolution(all->situation))
        SAY(all, "\"resolution\" %d: there is no time for more", r);
    else
        SAY(all, "\"resolution\" %d: most of the pictures have no more pixels", r);
}

static void say_networks(const choice *all)
{
    const sg_run_options *o = all->options;
    const sg_generator_config *g = &o->trainer.generator;
    SAY(all, "\"channel_base\" %d, \"channel_max\" %d: %s", g->channel_base, g->channel_max,
        because(all, has_width(&all->asked),
                all->best.enough ? "the widest networks that see enough images in the time"
                                 : "narrow networks, which see more images in the time"));
    const char *latents =
        because(all, ASKED(all, trainer.generator.z_dim) && ASKED(all, trainer.generator.w_dim),
                "latents as wide as the networks, but of 64 numbers at least");
    if (no_mapping(o, &all->asked))
        SAY(all, "\"z_dim\" %d: %s", g->z_dim, latents);
    else
        SAY(all, "\"z_dim\" %d, \"w_dim\" %d: %s", g->z_dim, g->w_dim, latents);
}

static void say_steps(const choice *all)
{
    const sg_trainer_options *t = &all->options->trainer;
    SAY(all, "\"batch\" %d: %s", t->batch,
        because(all, ASKED(all, trainer.batch), "small batches make more steps of as many images"));
    if (t->batch_part > 0 && t->batch_part < t->batch)
        SAY(all, "\"batch_part\" %d: %s", t->batch_part,
            because(all, ASKED(all, trainer.batch_part), "the most that memory allows at a time"));
    if (all->wants_r1)
        SAY(all, "\"gamma\" %g: %s", t->gamma,
            because(all, ASKED(all, trainer.gamma), "the larger of 1 and 0.0002 * pixels / batch"));
    SAY(all, "\"path_length_weight\" %g: %s", t->pl_weight,
        because(all, ASKED(all, trainer.pl_weight),
                "the penalty takes time, and pays in long trainings"));
}

static void say_augmentation(const choice *all)
{
    const sg_run_options *o = all->options;
    const double passes = o->kimg * 1000 / (double)all->situation->pictures;
    const char *mode = sg_choice_name(&sg_augment_choices, (size_t)o->trainer.augment.mode);
    if (o->trainer.augment.mode == SG_AUGMENT_ADAPTIVE)
        SAY(all,
            "\"augment\" %s, \"augment_kimg\" %g: each picture is seen about %.0f times; "
            "augmentation keeps the discriminator from learning them by heart",
            mode, o->trainer.augment.kimg, passes);
    else
        SAY(all, "\"augment\" %s: %s", mode,
            because(all, ASKED(all, trainer.augment.mode),
                    "adaptive augmentation needs scores whose sign means real, which this loss has "
                    "not"));
    if (!o->mirror)
        SAY(all, "\"mirror\" is not set: it doubles pictures whose left and right may be swapped, "
                 "as those of faces, and spoils letters");
}

static void say_length(const choice *all)
{
    const sg_run_options *o = all->options;
    const candidate *best = &all->best;
    const double needed = sg_fit_needed_kimg(best->resolution);
    SAY(all, "\"kimg\" %g: %s, %.3g seconds each; pictures of this size need about %.0f", o->kimg,
        ASKED(all, kimg) ? "as asked" : "what the time allows", best->forecast.seconds_per_kimg,
        needed);
    SAY(all, "\"tick_kimg\" %g, \"snapshot_ticks\" %d, \"sheet_ticks\" %d: often enough to look on",
        o->tick, o->snap, o->sheet_ticks);
    if (o->kimg < needed && !o->init)
        sg_text_append(all->reasons,
                       "Warning: the time is short for these pictures; expect colours and rough "
                       "shapes. More \"hours\" help, or \"init\" with a trained network.\n");
}

sg_status sg_fit_choose(const sg_fit_situation *situation, sg_work_times *times,
                        sg_run_options *options, sg_given *given, sg_text *reasons, sg_error *error)
{
    choice all = {.situation = situation,
                  .times = times,
                  .options = options,
                  .given = given,
                  .reasons = reasons,
                  .asked = *given,
                  .started = sg_clock_seconds()};
    candidate next;
    sg_run_options resolved;
    SG_TRY(sg_preset_resolve(options, given, 0, &resolved, error));
    all.wants_r1 = resolved.trainer.gamma != 0;
    SG_TRY(choose_resolution(&all, &next, error));
    SG_TRY(choose_width(&all, error));
    set_values(&all, &all.best, options, given);
    if (all.best.resolution != situation->native.resolution && CLAIM(given, resolution))
        options->resolution = all.best.resolution;
    choose_length(&all);
    choose_augmentation(&all);
    say_resolution(&all, &next);
    say_networks(&all);
    say_steps(&all);
    say_augmentation(&all);
    say_length(&all);
    return SG_OK;
}
