/* The phases of a training step. */
#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/random.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "train/ema.h"
#include "train/guards.h"
#include "train/losses.h"

/* Which numbers a random stream is for: the top byte of the stream's number. */
typedef enum purpose {
    PURPOSE_LATENTS = 0x11,
    PURPOSE_LABELS,
    PURPOSE_MIXING,
    PURPOSE_MIXED_LATENTS,
    PURPOSE_NOISE,
    PURPOSE_PATH_NOISE
} purpose;

/* One network's trainable tensors, as the gradient pass takes them. */
typedef struct trainable_list {
    sg_tensor **tensors;
    sg_tensor **gradients;
    size_t count;
} trainable_list;

struct sg_trainer {
    sg_context *context;
    sg_trainer_options options;
    sg_generator *generator, *average;
    sg_discriminator *discriminator;
    sg_adam *g_adam, *d_adam;
    trainable_list g_trainable, d_trainable;
    double *label_thresholds; /* [c_dim]: the running share of the classes up to each */
    sg_path_length path;
    uint64_t steps, random_round;
    int part, samples; /* of the batch: the part at work, and how many samples each part has */
};

const char *sg_phase_name(sg_phase phase)
{
    static const char *const names[] = {"Gmain", "Greg", "Dmain", "Dreg"};
    return names[phase];
}

sg_trainer_options sg_trainer_options_default(void)
{
    return (sg_trainer_options){.generator = sg_generator_config_default(),
                                .discriminator = sg_discriminator_config_default(),
                                .batch = 32,
                                .gamma = 1,
                                .pl_weight = 2,
                                .pl_decay = 0.01,
                                .style_mixing_prob = 0.9,
                                .g_rate = 0.002,
                                .d_rate = 0.002,
                                .beta1 = 0,
                                .beta2 = 0.99,
                                .epsilon = 1e-8,
                                .g_interval = 4,
                                .d_interval = 16,
                                .ema_kimg = 10,
                                .ema_rampup = 0.05};
}

/*
 * With the regulariser only every interval-th step, one step makes (interval + 1) / interval times
 * as many updates, so rate and betas are taken to the power that keeps their effect per image
 * (Karras et al. 2020, appendix B). Interval 0 stands for no regulariser.
 */
static sg_adam_options lazy_adam(const sg_trainer_options *o, double rate, int interval)
{
    double ratio = interval > 0 ? (double)interval / (interval + 1) : 1;
    return (sg_adam_options){.rate = rate * ratio,
                             .beta1 = pow(o->beta1, ratio),
                             .beta2 = pow(o->beta2, ratio),
                             .epsilon = o->epsilon};
}

static bool list_trainable(sg_parameter_set *set, trainable_list *list)
{
    list->tensors = sg_allocate(set->count + 1, sizeof *list->tensors);
    list->gradients = sg_allocate(set->count + 1, sizeof *list->gradients);
    if (!list->tensors || !list->gradients)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            list->tensors[list->count++] = set->items[i].tensor;
    return true;
}

static bool prepare_labels(sg_trainer *trainer, const uint64_t *counts)
{
    int classes = trainer->options.generator.c_dim;
    if (classes == 0)
        return true;
    trainer->label_thresholds = sg_allocate((size_t)classes, sizeof *trainer->label_thresholds);
    if (!trainer->label_thresholds)
        return false;
    double total = 0;
    for (int i = 0; i < classes; i++)
        total += counts ? (double)counts[i] : 1;
    double running = 0;
    for (int i = 0; i < classes; i++) {
        running += counts ? (double)counts[i] : 1;
        trainer->label_thresholds[i] = running / total;
    }
    return true;
}

static bool create_networks(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    sg_context *context = trainer->context;
    trainer->generator = sg_generator_create(context, &o->generator, SG_F32, o->seed);
    trainer->average = sg_generator_create(context, &o->generator, SG_F32, o->seed);
    trainer->discriminator =
        sg_discriminator_create(context, &o->discriminator, SG_F32, o->seed + 1);
    return trainer->generator && trainer->average && trainer->discriminator;
}

static bool create_optimisers(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    sg_parameter_set *g = sg_generator_parameters(trainer->generator);
    sg_parameter_set *d = sg_discriminator_parameters(trainer->discriminator);
    trainer->g_adam = sg_adam_create(g, lazy_adam(o, o->g_rate, o->g_interval));
    trainer->d_adam = sg_adam_create(d, lazy_adam(o, o->d_rate, o->d_interval));
    return trainer->g_adam && trainer->d_adam && list_trainable(g, &trainer->g_trainable) &&
           list_trainable(d, &trainer->d_trainable);
}

sg_trainer *sg_trainer_create(sg_context *context, const sg_trainer_options *options,
                              const uint64_t *label_counts)
{
    sg_trainer *trainer = sg_allocate(1, sizeof *trainer);
    if (!trainer) {
        sg_context_fail(context, SG_ERROR_MEMORY, "out of memory for training");
        return NULL;
    }
    trainer->context = context;
    trainer->options = *options;
    trainer->samples = options->batch_part > 0 ? options->batch_part : options->batch;
    trainer->path = (sg_path_length){.decay = options->pl_decay, .weight = options->pl_weight};
    if (create_networks(trainer) && create_optimisers(trainer) &&
        prepare_labels(trainer, label_counts))
        return trainer;
    sg_context_fail(context, SG_ERROR_MEMORY, "out of memory for training");
    sg_trainer_destroy(trainer);
    return NULL;
}

static void free_list(trainable_list *list)
{
    free(list->tensors);
    free(list->gradients);
}

void sg_trainer_destroy(sg_trainer *trainer)
{
    if (!trainer)
        return;
    sg_adam_destroy(trainer->g_adam);
    sg_adam_destroy(trainer->d_adam);
    sg_generator_destroy(trainer->generator);
    sg_generator_destroy(trainer->average);
    sg_discriminator_destroy(trainer->discriminator);
    free_list(&trainer->g_trainable);
    free_list(&trainer->d_trainable);
    free(trainer->label_thresholds);
    free(trainer);
}

sg_generator *sg_trainer_generator(sg_trainer *trainer)
{
    return trainer->generator;
}

sg_generator *sg_trainer_average(sg_trainer *trainer)
{
    return trainer->average;
}

sg_discriminator *sg_trainer_discriminator(sg_trainer *trainer)
{
    return trainer->discriminator;
}

sg_adam *sg_trainer_generator_optimiser(sg_trainer *trainer)
{
    return trainer->g_adam;
}

sg_adam *sg_trainer_discriminator_optimiser(sg_trainer *trainer)
{
    return trainer->d_adam;
}

sg_trainer_counters sg_trainer_counters_of(const sg_trainer *trainer)
{
    return (sg_trainer_counters){trainer->steps, trainer->random_round, trainer->path.mean};
}

void sg_trainer_set_counters(sg_trainer *trainer, const sg_trainer_counters *counters)
{
    trainer->steps = counters->steps;
    trainer->random_round = counters->random_round;
    trainer->path.mean = counters->path_mean;
}

uint64_t sg_trainer_steps(const sg_trainer *trainer)
{
    return trainer->steps;
}

uint64_t sg_trainer_images(const sg_trainer *trainer)
{
    return trainer->steps * (uint64_t)trainer->options.batch;
}

/* The stream for one purpose in this step's phase. */
static sg_random phase_random(const sg_trainer *trainer, purpose what, sg_phase phase)
{
    uint64_t stream = (uint64_t)what << 56 | (uint64_t)phase << 52 | (uint64_t)trainer->part << 40;
    uint64_t seed = trainer->options.seed ^ trainer->random_round << 48;
    return sg_random_stream(seed, stream + trainer->steps);
}

/* Standard normal numbers times `scale`. */
static sg_tensor *draw_normal(sg_trainer *trainer, purpose what, sg_phase phase, sg_shape shape,
                              double scale)
{
    sg_random random = phase_random(trainer, what, phase);
    sg_tensor *tensor = sg_tensor_create(trainer->context, SG_F32, shape);
    if (!tensor)
        return NULL;
    sg_random_normal_fill(&random, sg_f32(tensor), (size_t)sg_tensor_count(tensor));
    for (int64_t i = 0; scale != 1 && i < sg_tensor_count(tensor); i++)
        sg_f32(tensor)[i] *= (float)scale;
    return tensor;
}

/* One-hot labels drawn as the data set has them; NULL when unconditional. */
static sg_tensor *draw_labels(sg_trainer *trainer, sg_phase phase, int samples)
{
    int classes = trainer->options.generator.c_dim;
    if (classes == 0)
        return NULL;
    sg_random random = phase_random(trainer, PURPOSE_LABELS, phase);
    sg_tensor *labels = sg_tensor_full(trainer->context, SG_F32, SG_SHAPE(samples, classes), 0);
    for (int n = 0; labels && n < samples; n++) {
        double share = sg_random_uniform(&random);
        int label = 0;
        while (label < classes - 1 && share >= trainer->label_thresholds[label])
            label++;
        sg_f32(labels)[n * classes + label] = 1;
    }
    return labels;
}

/*
 * Style mixing: with the given probability, the inputs from a random crossover on take the w of
 * other latents, the same crossover for the whole batch (as the official loss does).
 */
static sg_tensor *mix_styles(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, sg_tensor *labels)
{
    sg_generator *g = trainer->generator;
    int num_ws = sg_generator_num_ws(g);
    sg_random random = phase_random(trainer, PURPOSE_MIXING, phase);
    if (!ws || sg_random_uniform(&random) >= trainer->options.style_mixing_prob)
        return ws;
    int64_t crossover = 1 + (int64_t)sg_random_below(&random, (uint64_t)num_ws - 1);
    sg_shape z_shape = SG_SHAPE(ws->shape.size[0], trainer->options.generator.z_dim);
    sg_tensor *z = draw_normal(trainer, PURPOSE_MIXED_LATENTS, phase, z_shape, 1);
    sg_tensor *others = sg_generator_broadcast(g, sg_generator_map(g, z, labels));
    return sg_concatenate(sg_slice(ws, 1, 0, crossover),
                          sg_slice(others, 1, crossover, num_ws - crossover), 1);
}

/* A batch of w, [samples, num_ws, w_dim]; moves w_avg when `track`. */
static sg_tensor *draw_ws(sg_trainer *trainer, sg_phase phase, int samples, sg_tensor *labels,
                          bool track)
{
    sg_generator *g = trainer->generator;
    sg_shape z_shape = SG_SHAPE(samples, trainer->options.generator.z_dim);
    sg_tensor *z = draw_normal(trainer, PURPOSE_LATENTS, phase, z_shape, 1);
    sg_tensor *w = sg_generator_map(g, z, labels);
    if (w && track)
        sg_generator_track_average(g, w);
    return mix_styles(trainer, phase, sg_generator_broadcast(g, w), labels);
}

/* Moves the averages of magnitudes when `track`. */
static sg_tensor *synthesize(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, bool track)
{
    sg_random random = phase_random(trainer, PURPOSE_NOISE, phase);
    return sg_generator_synthesize(trainer->generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM,
                                                          .random = &random,
                                                          .update_averages = track});
}

/* The discriminator and the blur that is left at this step. */
static sg_critic critic_of(const sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    double fade = o->blur_fade_kimg * 1000;
    double left = fade > 0 ? fmax(1 - (double)sg_trainer_images(trainer) / fade, 0) : 0;
    return (sg_critic){trainer->discriminator, left * o->blur_init_sigma};
}

/* Puts one network's parameters on the tape and takes the other's off. */
static void train_only(sg_trainer *trainer, bool generator)
{
    sg_parameter_set_require_gradient(sg_generator_parameters(trainer->generator), generator);
    sg_parameter_set_require_gradient(sg_discriminator_parameters(trainer->discriminator),
                                      !generator);
}

/* Takes over one gradient, or adds it to what the phase has gathered; the list keeps a reference.
 */
static void gather_gradient(sg_tensor **sum, sg_tensor *fresh)
{
    if (!fresh)
        return;
    bool owned = *sum && (*sum)->references == 1 && (*sum)->storage->references == 1;
    sg_tensor *total = *sum ? sg_accumulate(*sum, fresh, owned) : fresh;
    sg_tensor_retain(total);
    sg_tensor_release(*sum);
    *sum = total;
}

/*
 * The gradients of gain * loss for a network's trainable tensors, gathered over the parts of the
 * batch, of which each counts for its share.
 */
static void add_gradients(sg_trainer *trainer, sg_phase phase, sg_tensor *loss, double gain,
                          trainable_list *list)
{
    sg_context *context = trainer->context;
    if (loss && !isfinite(sg_tensor_value(loss, 0))) {
        sg_context_fail(context, SG_ERROR_NUMERIC, "step %llu, %s: the loss is %g",
                        (unsigned long long)trainer->steps, sg_phase_name(phase),
                        sg_tensor_value(loss, 0));
        return;
    }
    double share = gain * trainer->samples / trainer->options.batch;
    sg_tensor *seed = loss ? sg_tensor_full(context, SG_F32, loss->shape, share) : NULL;
    sg_tensor **fresh = sg_allocate(list->count + 1, sizeof *fresh);
    if (!fresh)
        sg_context_fail(context, SG_ERROR_MEMORY, "out of memory for gradients");
    else
        sg_gradient(loss, seed, list->tensors, list->count, (sg_gradient_options){0}, fresh);
    for (size_t i = 0; fresh && i < list->count; i++)
        gather_gradient(&list->gradients[i], fresh[i]);
    free(fresh);
}

static double scalar(const sg_tensor *tensor)
{
    return tensor ? sg_tensor_value(tensor, 0) : (double)NAN;
}

static void run_g_main(sg_trainer *trainer, sg_statistics *statistics)
{
    const sg_critic critic = critic_of(trainer);
    train_only(trainer, true);
    trainer->context->recording = true;
    sg_tensor *labels = draw_labels(trainer, SG_PHASE_G_MAIN, trainer->samples);
    sg_tensor *ws = draw_ws(trainer, SG_PHASE_G_MAIN, trainer->samples, labels, false);
    sg_tensor *images = synthesize(trainer, SG_PHASE_G_MAIN, ws, false);
    sg_tensor *scores = sg_critic_score(&critic, images, labels);
    sg_tensor *loss = sg_loss_real(scores);
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_FAKE, SG_STATISTIC_SIGNS_FAKE, scores);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_G, scalar(loss));
    add_gradients(trainer, SG_PHASE_G_MAIN, loss, 1, &trainer->g_trainable);
}

/* The path length penalty on half the batch, as published. */
static void run_g_reg(sg_trainer *trainer, sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    sg_generator *g = trainer->generator;
    int samples = trainer->samples > 1 ? trainer->samples / 2 : 1;
    int64_t height = sg_generator_height(g);
    int64_t width = sg_generator_width(g);
    train_only(trainer, true);
    context->recording = true;
    sg_tensor *labels = draw_labels(trainer, SG_PHASE_G_REG, samples);
    sg_tensor *ws = draw_ws(trainer, SG_PHASE_G_REG, samples, labels, false);
    sg_tensor *images = synthesize(trainer, SG_PHASE_G_REG, ws, false);
    sg_shape shape = SG_SHAPE(samples, height, width, trainer->options.generator.img_channels);
    sg_tensor *noise = draw_normal(trainer, PURPOSE_PATH_NOISE, SG_PHASE_G_REG, shape,
                                   1 / sqrt((double)(height * width)));
    sg_tensor *loss = sg_loss_path_length(images, ws, noise, &trainer->path);
    double penalty =
        trainer->options.pl_weight != 0 ? scalar(loss) / trainer->options.pl_weight : 0;
    sg_statistics_add(statistics, SG_STATISTIC_PATH_PENALTY, penalty);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_G_REG, scalar(loss));
    add_gradients(trainer, SG_PHASE_G_REG, loss, trainer->options.g_interval,
                  &trainer->g_trainable);
}

/* The two halves of the loss run backward one after the other, so one graph is held at a time. */
static void run_d_main(sg_trainer *trainer, sg_tensor *reals, sg_tensor *real_labels,
                       sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    const sg_critic critic = critic_of(trainer);
    train_only(trainer, false);
    sg_tensor *labels = draw_labels(trainer, SG_PHASE_D_MAIN, trainer->samples);
    size_t scope = sg_scope_open(context);
    sg_tensor *ws = draw_ws(trainer, SG_PHASE_D_MAIN, trainer->samples, labels, true);
    sg_tensor *images =
        sg_scope_close(context, scope, synthesize(trainer, SG_PHASE_D_MAIN, ws, true));
    context->recording = true;
    sg_tensor *scores = sg_critic_score(&critic, images, labels);
    sg_tensor *fake_loss = sg_loss_fake(scores);
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_FAKE, SG_STATISTIC_SIGNS_FAKE, scores);
    add_gradients(trainer, SG_PHASE_D_MAIN, fake_loss, 1, &trainer->d_trainable);
    scores = sg_critic_score(&critic, reals, real_labels);
    sg_tensor *real_loss = sg_loss_real(scores);
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_REAL, SG_STATISTIC_SIGNS_REAL, scores);
    add_gradients(trainer, SG_PHASE_D_MAIN, real_loss, 1, &trainer->d_trainable);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D, scalar(fake_loss) + scalar(real_loss));
}

static void run_d_reg(sg_trainer *trainer, sg_tensor *reals, sg_tensor *labels,
                      sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    const sg_critic critic = critic_of(trainer);
    train_only(trainer, false);
    trainer->context->recording = true;
    sg_tensor *loss = sg_loss_r1(&critic, reals, labels, o->gamma, NULL);
    double penalty = o->gamma != 0 ? scalar(loss) * 2 / o->gamma : 0;
    sg_statistics_add(statistics, SG_STATISTIC_R1_PENALTY, penalty);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D_REG, scalar(loss));
    add_gradients(trainer, SG_PHASE_D_REG, loss, o->d_interval, &trainer->d_trainable);
}

static void dispatch(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                     sg_statistics *statistics)
{
    switch (phase) {
    case SG_PHASE_G_MAIN:
        run_g_main(trainer, statistics);
        break;
    case SG_PHASE_G_REG:
        run_g_reg(trainer, statistics);
        break;
    case SG_PHASE_D_MAIN:
        run_d_main(trainer, reals, labels, statistics);
        break;
    default:
        run_d_reg(trainer, reals, labels, statistics);
    }
}

/* The present part of the given batch as tensors; the generator's phases take none. */
static void wrap_batch(sg_trainer *trainer, const float *reals, const float *labels,
                       sg_tensor **real_tensor, sg_tensor **label_tensor)
{
    const sg_trainer_options *o = &trainer->options;
    sg_generator *g = trainer->generator;
    int64_t first = (int64_t)trainer->part * trainer->samples;
    int classes = o->discriminator.c_dim;
    sg_shape shape = SG_SHAPE(trainer->samples, sg_generator_height(g), sg_generator_width(g),
                              o->generator.img_channels);
    int64_t values = sg_shape_count(&shape) / trainer->samples;
    *real_tensor = sg_tensor_from_floats(trainer->context, SG_F32, shape, reals + first * values);
    *label_tensor = NULL;
    if (classes > 0)
        *label_tensor =
            sg_tensor_from_floats(trainer->context, SG_F32, SG_SHAPE(trainer->samples, classes),
                                  labels + first * classes);
}

/* The phase on the present part of the batch; its graph is gone when the next part begins. */
static void run_part(sg_trainer *trainer, sg_phase phase, const float *reals, const float *labels,
                     sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    sg_tensor *real_tensor = NULL;
    sg_tensor *label_tensor = NULL;
    size_t scope = sg_scope_open(context);
    if (phase == SG_PHASE_D_MAIN || phase == SG_PHASE_D_REG)
        wrap_batch(trainer, reals, labels, &real_tensor, &label_tensor);
    dispatch(trainer, phase, real_tensor, label_tensor, statistics);
    context->recording = false;
    sg_scope_close(context, scope, NULL);
}

/* Refuses gradients that are not finite, reports their norm, and clips it when asked to. */
static void guard_gradients(sg_trainer *trainer, sg_phase phase, bool of_generator,
                            sg_statistics *statistics)
{
    const char *culprit;
    const trainable_list *list = of_generator ? &trainer->g_trainable : &trainer->d_trainable;
    const sg_parameter_set *set = of_generator
                                      ? sg_generator_parameters(trainer->generator)
                                      : sg_discriminator_parameters(trainer->discriminator);
    if (trainer->context->error.status)
        return;
    double norm = sg_gradient_norm(set, list->gradients, &culprit);
    if (culprit) {
        sg_context_fail(trainer->context, SG_ERROR_NUMERIC,
                        "step %llu, %s: the gradient of %s.%s holds a NaN or infinity",
                        (unsigned long long)trainer->steps, sg_phase_name(phase),
                        of_generator ? "G" : "D", culprit);
        return;
    }
    if (phase == SG_PHASE_G_MAIN || phase == SG_PHASE_D_MAIN)
        sg_statistics_add(statistics,
                          of_generator ? SG_STATISTIC_GRADIENT_G : SG_STATISTIC_GRADIENT_D, norm);
    if (trainer->options.clip_gradient > 0 && norm > trainer->options.clip_gradient)
        sg_gradient_scale(list->count, list->gradients, trainer->options.clip_gradient / norm);
}

sg_status sg_trainer_run_phase(sg_trainer *trainer, sg_phase phase, const float *reals,
                               const float *labels, sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    bool of_generator = phase == SG_PHASE_G_MAIN || phase == SG_PHASE_G_REG;
    trainable_list *list = of_generator ? &trainer->g_trainable : &trainer->d_trainable;
    int parts = trainer->options.batch / trainer->samples;
    for (trainer->part = 0; trainer->part < parts && !context->error.status; trainer->part++)
        run_part(trainer, phase, reals, labels, statistics);
    guard_gradients(trainer, phase, of_generator, statistics);
    if (!context->error.status)
        sg_adam_step(of_generator ? trainer->g_adam : trainer->d_adam, list->gradients);
    for (size_t i = 0; i < list->count; i++) {
        sg_tensor_release(list->gradients[i]);
        list->gradients[i] = NULL;
    }
    return context->error.status;
}

bool sg_trainer_is_due(const sg_trainer *trainer, sg_phase phase)
{
    const sg_trainer_options *o = &trainer->options;
    if (phase == SG_PHASE_G_REG)
        return o->pl_weight > 0 && o->g_interval > 0 &&
               trainer->steps % (uint64_t)o->g_interval == 0;
    if (phase == SG_PHASE_D_REG)
        return o->gamma > 0 && trainer->steps % (uint64_t)o->d_interval == 0;
    return true;
}

/* A weight that is no number any more is an error, before anything saves it. */
static sg_status check_weights(sg_trainer *trainer)
{
    const char *of_generator = sg_find_not_finite(sg_generator_parameters(trainer->generator));
    const char *of_discriminator =
        sg_find_not_finite(sg_discriminator_parameters(trainer->discriminator));
    if (of_generator || of_discriminator)
        sg_context_fail(trainer->context, SG_ERROR_NUMERIC,
                        "step %llu: the weight %s.%s holds a NaN or infinity",
                        (unsigned long long)trainer->steps, of_generator ? "G" : "D",
                        of_generator ? of_generator : of_discriminator);
    return trainer->context->error.status;
}

/*
 * The regularisers need blocks of other sizes than the main phases. Giving them back costs page
 * faults in the next phase, so it is done only where the memory is worth it.
 */
static void trim_pool(sg_trainer *trainer, sg_phase phase)
{
    static const size_t worth_trimming = (size_t)1 << 30;
    bool regulariser = phase == SG_PHASE_G_REG || phase == SG_PHASE_D_REG;
    if (regulariser && sg_pool_bytes_held(trainer->context->pool) > worth_trimming)
        sg_pool_trim(trainer->context->pool);
}

sg_status sg_trainer_step(sg_trainer *trainer, const float *reals, const float *labels,
                          sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        if (!sg_trainer_is_due(trainer, phase))
            continue;
        sg_status status = sg_trainer_run_phase(trainer, phase, reals, labels, statistics);
        if (status)
            return status;
        trim_pool(trainer, phase);
    }
    double decay =
        sg_ema_decay(o->batch, o->ema_kimg, o->ema_rampup, (double)sg_trainer_images(trainer));
    sg_ema_update(sg_generator_parameters(trainer->average),
                  sg_generator_parameters(trainer->generator), decay);
    trainer->steps++;
    return check_weights(trainer);
}
