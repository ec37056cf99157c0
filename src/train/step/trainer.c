/* A training step: chooses the phases that are due, splits the batch, guards and applies
 * gradients. */
#include "train/step/trainer.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/text.h"
#include "models/config_rules.h"
#include "optim/ema.h"
#include "train/losses/classification.h"
#include "train/step/encoding_phase.h"
#include "train/step/freeze.h"
#include "train/step/trainer_state.h"

/* The rate of e4e's discriminator of w as a part of the encoder's: 2e-5 of 1e-4. */
static const double latent_rate = 0.2;

static sg_optimiser_options lazy_optimiser(const sg_trainer_options *o, int interval)
{
    return (sg_optimiser_options){.kind = o->optimiser,
                                  .beta1 = pow(o->beta1, sg_lazy_share(interval)),
                                  .beta2 = pow(o->beta2, sg_lazy_share(interval)),
                                  .epsilon = o->epsilon,
                                  .plain = o->plain_rates};
}

static bool prepare_labels(sg_trainer *trainer, const sg_label_shares *labels)
{
    const int classes = trainer->options.generator.c_dim;
    if (classes == 0)
        return true;
    const uint64_t *counts = labels ? labels->counts : NULL;
    const size_t rows = labels ? labels->rows : (size_t)classes;
    trainer->label_thresholds = sg_allocate(rows, sizeof *trainer->label_thresholds);
    if (!trainer->label_thresholds)
        return false;
    double total = 0;
    for (size_t i = 0; i < rows; i++)
        total += counts ? (double)counts[i] : 1;
    double running = 0;
    for (size_t i = 0; i < rows; i++) {
        running += counts ? (double)counts[i] : 1;
        trainer->label_thresholds[i] = running / total;
    }
    trainer->label_rows = rows;
    trainer->label_values = labels ? labels->values : NULL;
    return true;
}

/* Creates the generator and its average; a classifier has an average of its own in their place. */
static bool create_averaged(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    sg_context *context = trainer->context;
    if (sg_trainer_classifies(o)) {
        trainer->d_average =
            sg_discriminator_create(context, &o->discriminator, SG_F32, o->seed + 1);
        return trainer->d_average;
    }
    trainer->generator = sg_generator_create(context, &o->generator, SG_F32, o->seed);
    trainer->average = sg_generator_create(context, &o->generator, SG_F32, o->seed);
    return trainer->generator && trainer->average;
}

/* Creates a generator that is moved, its average, and the original. w are the original's, so that
 * the mapping network stays. */
static bool create_moved(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    trainer->painter = sg_generator_create(trainer->context, &o->generator, SG_F32, o->seed);
    if (!create_averaged(trainer) || !trainer->painter)
        return false;
    sg_parameter_set *parameters = sg_generator_parameters(trainer->generator);
    for (size_t i = 0; i < parameters->count; i++)
        if (sg_has_prefix(parameters->items[i].name, "mapping."))
            parameters->items[i].trainable = false;
    sg_freeze_generator(trainer->generator, &o->freezing);
    return true;
}

/* Creates a mapper and the generator whose w it moves. */
static bool create_mapper(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    trainer->mapper = sg_mapper_create(trainer->context, &o->mapping.mapper, SG_F32, o->seed);
    trainer->painter = sg_generator_create(trainer->context, &o->generator, SG_F32, o->seed);
    return trainer->mapper && trainer->painter;
}

/* Creates an encoder and the networks that it is trained with. */
static bool create_encoder(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    sg_context *context = trainer->context;
    trainer->encoder = sg_encoder_create(context, &o->encoding.encoder, SG_F32, o->seed);
    trainer->painter = sg_generator_create(context, &o->generator, SG_F32, o->seed);
    if (o->encoding.judged)
        trainer->judge = sg_discriminator_create(context, &o->discriminator, SG_F32, o->seed);
    const bool adversarial = sg_encoding_is_adversarial(&o->encoding);
    if (adversarial)
        trainer->latent_judge = sg_latent_judge_create(context, o->encoding.encoder.w_dim,
                                                       latent_rate * o->d_rate, o->seed + 1);
    return trainer->encoder && trainer->painter && (trainer->judge || !o->encoding.judged) &&
           (trainer->latent_judge || !adversarial);
}

static bool create_networks(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    if (o->encoding.encodes)
        return create_encoder(trainer);
    if (o->nada.moves)
        return create_moved(trainer);
    if (o->mapping.maps)
        return create_mapper(trainer);
    trainer->discriminator =
        sg_discriminator_create(trainer->context, &o->discriminator, SG_F32, o->seed + 1);
    if (!create_averaged(trainer) || !trainer->discriminator)
        return false;
    /* The average stays whole: it follows frozen tensors too, which need not equal it at first. */
    if (trainer->generator)
        sg_freeze_generator(trainer->generator, &o->freezing);
    sg_freeze_discriminator(sg_discriminator_parameters(trainer->discriminator),
                            o->freezing.d_layers);
    return true;
}

/* Returns the parameters that d_optimiser moves: of discriminator, encoder or mapper; NULL where a
 * generator alone is trained. */
static sg_parameter_set *moved_parameters(const sg_trainer *trainer)
{
    if (trainer->encoder)
        return sg_encoder_parameters(trainer->encoder);
    if (trainer->mapper)
        return sg_mapper_parameters(trainer->mapper);
    return trainer->discriminator ? sg_discriminator_parameters(trainer->discriminator) : NULL;
}

static bool create_optimisers(sg_trainer *trainer)
{
    const sg_trainer_options *o = &trainer->options;
    sg_parameter_set *d = moved_parameters(trainer);
    sg_optimiser_options of_discriminator = lazy_optimiser(o, o->d_interval);
    of_discriminator.clip = o->clip_weights;
    if (d)
        trainer->d_optimiser = sg_optimiser_create(d, of_discriminator);
    if (d && (!trainer->d_optimiser || !sg_trainable_list_make(&trainer->d_trainable, d)))
        return false;
    if (!trainer->generator)
        return true;
    sg_parameter_set *g = sg_generator_parameters(trainer->generator);
    trainer->g_optimiser = sg_optimiser_create(g, lazy_optimiser(o, o->g_interval));
    return trainer->g_optimiser && sg_trainable_list_make(&trainer->g_trainable, g);
}

sg_trainer *sg_trainer_create(sg_context *context, const sg_trainer_options *options,
                              const sg_label_shares *labels)
{
    sg_trainer *trainer = sg_allocate(1, sizeof *trainer);
    if (!trainer) {
        sg_context_fail_memory(context, "training");
        return NULL;
    }
    trainer->context = context;
    trainer->options = *options;
    trainer->path = (sg_path_length){.decay = options->pl_decay, .weight = options->pl_weight};
    trainer->ada.p = (float)options->augment.p;
    if (create_networks(trainer) && create_optimisers(trainer) && prepare_labels(trainer, labels)) {
        sg_stage_restore(trainer, 0);
        return trainer;
    }
    sg_context_fail_memory(context, "training");
    sg_trainer_destroy(trainer);
    return NULL;
}

void sg_trainer_destroy(sg_trainer *trainer)
{
    if (!trainer)
        return;
    sg_optimiser_destroy(trainer->g_optimiser);
    sg_optimiser_destroy(trainer->d_optimiser);
    sg_generator_destroy(trainer->generator);
    sg_generator_destroy(trainer->average);
    sg_discriminator_destroy(trainer->discriminator);
    sg_discriminator_destroy(trainer->d_average);
    sg_encoder_destroy(trainer->encoder);
    sg_mapper_destroy(trainer->mapper);
    sg_generator_destroy(trainer->painter);
    sg_discriminator_destroy(trainer->judge);
    sg_latent_judge_destroy(trainer->latent_judge);
    sg_lpips_tape_close(trainer->lpips);
    sg_nada_goal_close(trainer->goal);
    sg_trainable_list_clear(&trainer->g_trainable);
    sg_trainable_list_clear(&trainer->d_trainable);
    free(trainer->label_thresholds);
    free(trainer);
}

sg_trainer_networks sg_trainer_networks_of(const sg_trainer *trainer)
{
    return (sg_trainer_networks){.generator = trainer->generator,
                                 .average = trainer->average,
                                 .discriminator = trainer->discriminator,
                                 .d_average = trainer->d_average,
                                 .encoder = trainer->encoder,
                                 .mapper = trainer->mapper,
                                 .painter = trainer->painter,
                                 .judge = trainer->judge,
                                 .latent_judge = trainer->latent_judge,
                                 .goal = trainer->goal,
                                 .g_optimiser = trainer->g_optimiser,
                                 .d_optimiser = trainer->d_optimiser};
}

void sg_trainer_take_lpips(sg_trainer *trainer, sg_lpips_tape *lpips)
{
    sg_lpips_tape_close(trainer->lpips);
    trainer->lpips = lpips;
}

void sg_trainer_take_goal(sg_trainer *trainer, sg_nada_goal *goal)
{
    sg_nada_goal_close(trainer->goal);
    trainer->goal = goal;
}

sg_trainer_counters sg_trainer_counters_of(const sg_trainer *trainer)
{
    return (sg_trainer_counters){.steps = trainer->steps,
                                 .images = trainer->images,
                                 .stage_images = trainer->stage_images,
                                 .random_round = trainer->random_round,
                                 .path_mean = trainer->path.mean,
                                 .ada = trainer->ada};
}

void sg_trainer_set_counters(sg_trainer *trainer, const sg_trainer_counters *counters)
{
    trainer->steps = counters->steps;
    trainer->images = counters->images;
    sg_stage_restore(trainer, counters->stage_images);
    trainer->random_round = counters->random_round;
    trainer->path.mean = counters->path_mean;
    trainer->ada = counters->ada;
}

uint64_t sg_trainer_images(const sg_trainer *trainer)
{
    return trainer->images;
}

bool sg_trainer_grows(const sg_trainer *trainer)
{
    return trainer->options.growing.initial_resolution > 0;
}

bool sg_trainer_adapts(const sg_trainer *trainer)
{
    return trainer->options.augment.mode == SG_AUGMENT_ADAPTIVE;
}

double sg_trainer_augment_p(const sg_trainer *trainer)
{
    return trainer->options.augment.mode != SG_AUGMENT_NONE ? (double)trainer->ada.p : 0;
}

double sg_trainer_lod(const sg_trainer *trainer)
{
    return trainer->stage.lod;
}

/* Attributes may be noted as -1 and 1. */
static void raise_to_zero(sg_tensor *labels)
{
    for (int64_t i = 0; labels && i < sg_tensor_count(labels); i++)
        sg_f32(labels)[i] = fmaxf(sg_f32(labels)[i], 0);
}

/* Makes tensors of the present part of the batch; fades real pictures by the fraction of the lod.
 */
static void wrap_batch(sg_trainer *trainer, const float *reals, const float *labels,
                       sg_tensor **real_tensor, sg_tensor **label_tensor)
{
    const sg_trainer_options *o = &trainer->options;
    int64_t first = (int64_t)trainer->part * trainer->samples;
    int classes = trainer->encoder ? 0 : o->discriminator.c_dim;
    int64_t height = sg_stage_height(trainer);
    double lod = trainer->stage.lod;
    sg_shape shape =
        SG_SHAPE(trainer->samples, height, sg_stage_width(trainer), o->generator.img_channels);
    int64_t values = sg_shape_count(&shape) / trainer->samples;
    *label_tensor = NULL;
    if (sg_is_hollow(trainer->context)) {
        *real_tensor = sg_tensor_create(trainer->context, SG_F32, shape);
        if (classes > 0)
            *label_tensor =
                sg_tensor_create(trainer->context, SG_F32, SG_SHAPE(trainer->samples, classes));
        return;
    }
    *real_tensor = sg_tensor_from_floats(trainer->context, SG_F32, shape, reals + first * values);
    if (*real_tensor && lod > floor(lod))
        sg_growing_fade(sg_f32(*real_tensor), trainer->samples, height, o->generator.img_channels,
                        lod - floor(lod));
    if (classes > 0)
        *label_tensor =
            sg_tensor_from_floats(trainer->context, SG_F32, SG_SHAPE(trainer->samples, classes),
                                  labels + first * classes);
    if (o->discriminator.output == SG_OUTPUT_ATTRIBUTES)
        raise_to_zero(*label_tensor);
}

/* Tells whether a phase reads real pictures: the discriminator's, and the generator's under a loss
 * of pairs. */
static bool reads_batch(const sg_trainer *trainer, sg_phase phase)
{
    if (!sg_trainer_sees_data(&trainer->options))
        return false;
    return phase == SG_PHASE_D_MAIN || phase == SG_PHASE_D_REG ||
           (phase == SG_PHASE_G_MAIN && sg_adversarial_loss_of(trainer->options.loss)->pairs);
}

/* Adds what a classifier's average says of pictures as they are. */
static void add_answers(sg_trainer *trainer, sg_tensor *pictures, sg_tensor *labels,
                        sg_statistics *statistics)
{
    const sg_discriminator_output output = trainer->options.discriminator.output;
    sg_tensor *logits = sg_discriminator_score(trainer->d_average, pictures, NULL);
    const sg_tensor *loss = sg_loss_cross_entropy(output, logits, labels);
    if (!loss)
        return;
    /* Parts may have different sizes: each counts with its pictures. */
    for (int i = 0; i < trainer->samples; i++) {
        sg_statistics_add(statistics, SG_STATISTIC_LOSS_C_HELD_OUT, sg_tensor_value(loss, 0));
        sg_statistics_add(statistics, SG_STATISTIC_ACCURACY_HELD_OUT,
                          sg_share_right(output, logits, labels));
    }
}

/* Adds the scores of pictures that are augmented as those that are trained on. */
static void add_scores(sg_trainer *trainer, sg_tensor *pictures, sg_tensor *labels,
                       sg_statistics *statistics)
{
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_HELD_OUT, SG_PHASE_D_MAIN, trainer->samples);
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_HELD_OUT, SG_STATISTIC_SIGNS_HELD_OUT,
                             sg_score(&scorer, pictures, labels));
    sg_scorer_close(&scorer);
}

sg_status sg_trainer_score(sg_trainer *trainer, const float *reals, const float *labels,
                           int samples, int part, sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    sg_tensor *pictures = NULL;
    sg_tensor *classes = NULL;
    const int samples_of_step = trainer->samples;
    const size_t scope = sg_scope_open(context);
    trainer->samples = samples;
    trainer->part = 0;
    wrap_batch(trainer, reals, labels, &pictures, &classes);
    trainer->part = part;
    if (trainer->encoder)
        sg_encoding_score(trainer, pictures, statistics);
    else if (trainer->d_average)
        add_answers(trainer, pictures, classes, statistics);
    else
        add_scores(trainer, pictures, classes, statistics);
    sg_scope_close(context, scope, NULL);
    trainer->samples = samples_of_step;
    return context->error.status;
}

/* Runs the phase on the present part of the batch and frees its graph. */
static void run_part(sg_trainer *trainer, sg_phase phase, const float *reals, const float *labels,
                     sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    sg_tensor *real_tensor = NULL;
    sg_tensor *label_tensor = NULL;
    size_t scope = sg_scope_open(context);
    if (reads_batch(trainer, phase))
        wrap_batch(trainer, reals, labels, &real_tensor, &label_tensor);
    sg_phase_run(trainer, phase, real_tensor, label_tensor, statistics);
    context->recording = false;
    sg_scope_close(context, scope, NULL);
}

/* Makes gradients finite; adds their norm to the statistics; clips the norm. */
static void guard_gradients(sg_trainer *trainer, sg_phase phase, bool of_generator,
                            sg_statistics *statistics)
{
    const sg_trainable_list *list = of_generator ? &trainer->g_trainable : &trainer->d_trainable;
    if (trainer->context->error.status)
        return;
    double norm = sg_gradient_norm(list);
    if (!isfinite(norm)) {
        sg_statistics_add(statistics, SG_STATISTIC_REPLACED, (double)sg_gradient_make_finite(list));
        norm = sg_gradient_norm(list);
    }
    if (phase == SG_PHASE_G_MAIN || phase == SG_PHASE_D_MAIN)
        sg_statistics_add(statistics,
                          of_generator ? SG_STATISTIC_GRADIENT_G : SG_STATISTIC_GRADIENT_D, norm);
    if (trainer->options.clip_gradient > 0 && norm > trainer->options.clip_gradient)
        sg_gradient_scale(list, trainer->options.clip_gradient / norm);
}

sg_status sg_trainer_run_phase(sg_trainer *trainer, sg_phase phase, const float *reals,
                               const float *labels, sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    bool of_generator = phase == SG_PHASE_G_MAIN || phase == SG_PHASE_G_REG;
    sg_trainable_list *list = of_generator ? &trainer->g_trainable : &trainer->d_trainable;
    int parts = trainer->stage.batch / trainer->samples;
    for (trainer->part = 0; trainer->part < parts && !context->error.status; trainer->part++)
        run_part(trainer, phase, reals, labels, statistics);
    guard_gradients(trainer, phase, of_generator, statistics);
    if (!context->error.status)
        sg_optimiser_step(of_generator ? trainer->g_optimiser : trainer->d_optimiser,
                          list->gradients);
    sg_trainable_list_release_gradients(list);
    return context->error.status;
}

/* The generator's phases run in the last of n_critic steps. */
static bool is_due(const sg_trainer *trainer, sg_phase phase)
{
    const sg_trainer_options *o = &trainer->options;
    bool of_generator = phase == SG_PHASE_G_MAIN || phase == SG_PHASE_G_REG;
    int interval = sg_trainer_phase_interval(o, phase);
    int turn = of_generator ? o->n_critic - 1 : 0;
    return interval > 0 && trainer->steps % (uint64_t)interval == (uint64_t)turn;
}

/* Fails when a weight is not finite, before a snapshot could save it. */
static sg_status check_weights(sg_trainer *trainer)
{
    const char *of_generator =
        trainer->generator ? sg_find_not_finite(sg_generator_parameters(trainer->generator)) : NULL;
    const sg_parameter_set *moved = moved_parameters(trainer);
    const char *of_discriminator = moved ? sg_find_not_finite(moved) : NULL;
    if (of_generator || of_discriminator)
        sg_context_fail(trainer->context, SG_ERROR_NUMERIC,
                        "step %llu: the weight %s.%s holds a NaN or infinity",
                        (unsigned long long)trainer->steps,
                        of_generator       ? "G"
                        : trainer->encoder ? "E"
                        : trainer->mapper  ? "M"
                                           : "D",
                        of_generator ? of_generator : of_discriminator);
    return trainer->context->error.status;
}

/* It costs page faults in the next phase, so only large amounts are returned. */
void sg_trainer_trim(sg_trainer *trainer, sg_phase phase)
{
    static const size_t worth_trimming = (size_t)1 << 30;
    bool regulariser = phase == SG_PHASE_G_REG || phase == SG_PHASE_D_REG;
    if (regulariser && sg_pool_bytes_held(trainer->context->pool) > worth_trimming)
        sg_pool_trim(trainer->context->pool);
}

/* Adjusts the strength of adaptive augmentation when that is due. */
static void adapt(sg_trainer *trainer)
{
    const sg_augment_options *augment = &trainer->options.augment;
    if (sg_trainer_adapts(trainer) && trainer->steps % SG_ADA_INTERVAL == 0)
        sg_ada_adjust(&trainer->ada, augment->target,
                      (double)trainer->stage.batch * SG_ADA_INTERVAL, augment->kimg);
}

sg_status sg_trainer_step(sg_trainer *trainer, const float *reals, const float *labels,
                          sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    sg_stage_enter(trainer);
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        if (!is_due(trainer, phase))
            continue;
        SG_TRY(sg_trainer_run_phase(trainer, phase, reals, labels, statistics));
        sg_trainer_trim(trainer, phase);
    }
    double decay =
        sg_ema_decay(trainer->stage.batch, o->ema_kimg, o->ema_rampup, (double)trainer->images);
    if (trainer->d_average)
        sg_ema_update(sg_discriminator_parameters(trainer->d_average),
                      sg_discriminator_parameters(trainer->discriminator), decay);
    else if (trainer->average)
        sg_ema_update(sg_generator_parameters(trainer->average),
                      sg_generator_parameters(trainer->generator), decay);
    trainer->steps++;
    trainer->images += (uint64_t)trainer->stage.batch;
    adapt(trainer);
    return check_weights(trainer);
}
