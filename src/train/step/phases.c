/* The bodies of the phases, sg_phase_run: losses and their gradients on one part of a batch;
 * docs/losses.md lists them. */
#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "train/losses/classification.h"
#include "train/step/encoding_phase.h"
#include "train/step/mapper_phase.h"
#include "train/step/nada_phase.h"
#include "train/step/trainer_state.h"

/* Records gradients for one network's parameters and not for the other's. */
static void train_only(sg_trainer *trainer, bool generator)
{
    if (trainer->generator)
        sg_parameter_set_require_gradient(sg_generator_parameters(trainer->generator), generator);
    sg_parameter_set_require_gradient(sg_discriminator_parameters(trainer->discriminator),
                                      !generator);
}

/* Adds one gradient to the phase's sum (NULL: nothing yet), which keeps a reference. */
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
 * Adds the gradients of gain * loss to the list of a network's trainable tensors. Each part of the
 * batch counts with its share of the images.
 */
static void add_gradients(sg_trainer *trainer, sg_phase phase, sg_tensor *loss, double gain,
                          sg_trainable_list *list)
{
    sg_context *context = trainer->context;
    if (loss && !isfinite(sg_tensor_value(loss, 0))) {
        sg_context_fail(context, SG_ERROR_NUMERIC, "step %llu, %s: the loss is %g",
                        (unsigned long long)trainer->steps, sg_phase_name(phase),
                        sg_tensor_value(loss, 0));
        return;
    }
    double share = gain * trainer->samples / trainer->stage.batch;
    sg_tensor *seed = loss ? sg_tensor_full(context, SG_F32, loss->shape, share) : NULL;
    sg_tensor **fresh = sg_allocate(list->count + 1, sizeof *fresh);
    if (!fresh)
        sg_context_fail_memory(context, "gradients");
    else
        sg_gradient(loss, seed, list->tensors, list->count, (sg_gradient_options){0}, fresh);
    for (size_t i = 0; fresh && i < list->count; i++)
        gather_gradient(&list->gradients[i], fresh[i]);
    free(fresh);
}

static const sg_adversarial_loss *adversarial(const sg_trainer *trainer)
{
    return sg_adversarial_loss_of(trainer->options.loss);
}

static double scalar(const sg_tensor *tensor)
{
    return tensor ? sg_tensor_value(tensor, 0) : (double)NAN;
}

/* Real or generated pictures of one part of the batch. */
typedef struct labelled {
    sg_tensor *pictures, *labels; /* labels are NULL when unconditional */
} labelled;

/* Puts w on the tape where no parameter leads to it: without mapping layers and labels. */
static sg_tensor *on_tape(sg_tensor *ws)
{
    if (!ws || ws->node)
        return ws;
    sg_tensor *leaf = sg_tensor_detach(ws);
    if (leaf)
        sg_tensor_require_gradient(leaf, true);
    return leaf;
}

/*
 * Adds `gain` times the gradients of the path length penalty, taken on half the batch, as
 * published. What it draws does not depend on the phase that it is part of.
 */
static void regularise_generator(sg_trainer *trainer, sg_phase phase, double gain,
                                 sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    int samples = trainer->samples > 1 ? trainer->samples / 2 : 1;
    int64_t height = sg_stage_height(trainer);
    int64_t width = sg_stage_width(trainer);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_G_REG, samples);
    sg_tensor *ws = on_tape(sg_draw_ws(trainer, SG_PHASE_G_REG, samples, labels, false));
    sg_tensor *images = sg_draw_pictures(trainer, SG_PHASE_G_REG, ws, false);
    sg_shape shape = SG_SHAPE(samples, height, width, o->generator.img_channels);
    sg_tensor *noise = sg_draw_normal(trainer, SG_DRAW_PATH_NOISE, SG_PHASE_G_REG, shape,
                                      1 / sqrt((double)(height * width)));
    sg_tensor *loss = sg_loss_path_length(images, ws, noise, &trainer->path);
    double penalty = o->pl_weight != 0 ? scalar(loss) / o->pl_weight : 0;
    sg_statistics_add(statistics, SG_STATISTIC_PATH_PENALTY, penalty);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_G_REG, scalar(loss));
    add_gradients(trainer, phase, loss, gain, &trainer->g_trainable);
}

/* Returns the scores of real pictures next to those that the generator makes; NULL unless the loss
 * compares pairs. */
static sg_tensor *score_partners(sg_trainer *trainer, const labelled *reals)
{
    if (!adversarial(trainer)->pairs)
        return NULL;
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_REALS, SG_PHASE_G_MAIN, trainer->samples);
    sg_tensor *scores = sg_score(&scorer, reals->pictures, reals->labels);
    sg_scorer_close(&scorer);
    return scores;
}

/* Returns the generator's loss on the best of its pictures. */
static sg_tensor *generator_loss(const sg_trainer *trainer, sg_tensor *scores, sg_tensor *partners)
{
    const int64_t best =
        sg_trainer_best(&trainer->options, trainer->samples, (double)trainer->images);
    sg_tensor *compared = partners ? sg_subtract(scores, partners) : scores;
    return adversarial(trainer)->generator(sg_pick_best(compared, scores, best));
}

/* Takes the path length penalty too unless it is lazy. */
static void run_g_main(sg_trainer *trainer, const labelled *reals, sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_FAKES, SG_PHASE_G_MAIN, trainer->samples);
    train_only(trainer, true);
    trainer->context->recording = true;
    sg_tensor *labels = adversarial(trainer)->pairs
                            ? reals->labels
                            : sg_draw_labels(trainer, SG_PHASE_G_MAIN, trainer->samples);
    sg_tensor *ws = sg_draw_ws(trainer, SG_PHASE_G_MAIN, trainer->samples, labels, o->track_w_in_g);
    sg_tensor *images = sg_draw_pictures(trainer, SG_PHASE_G_MAIN, ws, false);
    sg_tensor *scores = sg_score(&scorer, images, labels);
    sg_tensor *loss = generator_loss(trainer, scores, score_partners(trainer, reals));
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_FAKE, SG_STATISTIC_SIGNS_FAKE, scores);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_G, scalar(loss));
    add_gradients(trainer, SG_PHASE_G_MAIN, loss, 1, &trainer->g_trainable);
    sg_scorer_close(&scorer);
    if (o->g_interval == 0 && o->pl_weight > 0)
        regularise_generator(trainer, SG_PHASE_G_MAIN, 1, statistics);
}

static void run_g_reg(sg_trainer *trainer, sg_statistics *statistics)
{
    train_only(trainer, true);
    trainer->context->recording = true;
    regularise_generator(trainer, SG_PHASE_G_REG, trainer->options.g_interval, statistics);
}

/* Generates pictures for the discriminator without recording; moves the generator's averages when
 * `track`. */
static sg_tensor *paint(sg_trainer *trainer, sg_phase phase, sg_tensor *labels, bool track)
{
    sg_context *context = trainer->context;
    size_t scope = sg_scope_open(context);
    context->recording = false;
    sg_tensor *ws = sg_draw_ws(trainer, phase, trainer->samples, labels, track);
    sg_tensor *pictures =
        sg_scope_close(context, scope, sg_draw_pictures(trainer, phase, ws, track));
    context->recording = true;
    return pictures;
}

/* Counts the scores of real pictures, for people and for adaptive augmentation. */
static void add_real_scores(sg_trainer *trainer, const sg_tensor *scores, sg_statistics *statistics)
{
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_REAL, SG_STATISTIC_SIGNS_REAL, scores);
    sg_ada_add_scores(&trainer->ada, scores);
}

/*
 * Adds `gain` times the gradients of R1 or R2; returns the loss. R1's scores count as well when it
 * has a phase of its own, as in the official program; otherwise they are those of the main phase.
 */
static double add_penalty(sg_trainer *trainer, sg_phase phase, const labelled *pictures,
                          double gamma, double gain, sg_statistic statistic,
                          sg_statistics *statistics)
{
    const bool real = statistic == SG_STATISTIC_R1_PENALTY;
    sg_score_slopes slopes;
    if (gamma == 0)
        return 0;
    sg_scorer scorer = sg_draw_scorer(trainer, real ? SG_DRAW_FOR_REALS : SG_DRAW_FOR_FAKES, phase,
                                      trainer->samples);
    sg_tensor *loss = sg_loss_r1(&scorer, pictures->pictures, pictures->labels, gamma, &slopes);
    if (real && phase == SG_PHASE_D_REG)
        add_real_scores(trainer, slopes.scores, statistics);
    sg_statistics_add(statistics, statistic, scalar(loss) * 2 / gamma);
    add_gradients(trainer, phase, loss, gain, &trainer->d_trainable);
    sg_scorer_close(&scorer);
    return scalar(loss);
}

/* Takes R1 and R2 in the phase that has them. */
static void regularise_discriminator(sg_trainer *trainer, sg_phase phase, const labelled *reals,
                                     const labelled *fakes, double gain, sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    double loss =
        add_penalty(trainer, phase, reals, o->gamma, gain, SG_STATISTIC_R1_PENALTY, statistics);
    loss +=
        add_penalty(trainer, phase, fakes, o->r2_gamma, gain, SG_STATISTIC_R2_PENALTY, statistics);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D_REG, loss);
}

/* Tells whether the gradient penalty is taken between pictures of the same labels. */
static bool mixes_pictures(const sg_trainer_options *o)
{
    return sg_trainer_penalises(o) && o->penalty.points != SG_POINTS_FAKES;
}

/* Takes the gradient penalty at its points. */
static void penalise_gradients(sg_trainer *trainer, const labelled *reals, const labelled *fakes,
                               sg_statistics *statistics)
{
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_MIXED, SG_PHASE_D_MAIN, trainer->samples);
    const double weight = trainer->options.penalty.weight;
    sg_tensor *points = fakes->pictures;
    if (mixes_pictures(&trainer->options))
        points = sg_mix_pictures(reals->pictures, fakes->pictures,
                                 sg_draw_mixes(trainer, SG_PHASE_D_MAIN, trainer->samples));
    sg_tensor *loss = sg_loss_gradient_penalty(&scorer, points, fakes->labels, weight, NULL);
    sg_statistics_add(statistics, SG_STATISTIC_GRADIENT_PENALTY,
                      weight != 0 ? scalar(loss) / weight : 0);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D_REG, scalar(loss));
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_scorer_close(&scorer);
}

static double mean_score(const sg_tensor *scores)
{
    double sum = 0;
    for (int64_t i = 0; scores && i < sg_tensor_count(scores); i++)
        sum += sg_tensor_value(scores, i);
    return scores ? sum / (double)sg_tensor_count(scores) : (double)NAN;
}

/* Takes the loss on generated pictures; *mean gets their mean score. Returns the loss. */
static double judge_fakes(sg_trainer *trainer, const labelled *fakes, double *mean,
                          sg_statistics *statistics)
{
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_FAKES, SG_PHASE_D_MAIN, trainer->samples);
    sg_tensor *scores = sg_score(&scorer, fakes->pictures, fakes->labels);
    sg_tensor *loss = adversarial(trainer)->fake(scores);
    *mean = mean_score(scores);
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_FAKE, SG_STATISTIC_SIGNS_FAKE, scores);
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_scorer_close(&scorer);
    return scalar(loss);
}

/* The same on real pictures. */
static double judge_reals(sg_trainer *trainer, const labelled *reals, double *mean,
                          sg_statistics *statistics)
{
    const sg_adversarial_loss *kind = adversarial(trainer);
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_REALS, SG_PHASE_D_MAIN, trainer->samples);
    sg_tensor *scores = sg_score(&scorer, reals->pictures, reals->labels);
    sg_tensor *loss = kind->real(scores);
    *mean = mean_score(scores);
    if (kind->bound == SG_LIPSCHITZ_PENALISED)
        loss = sg_add(loss, sg_loss_drift(scores, trainer->options.penalty.drift));
    add_real_scores(trainer, scores, statistics);
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_scorer_close(&scorer);
    return scalar(loss);
}

/* Takes the losses on generated and real pictures, one graph after the other. */
static void compare_pictures(sg_trainer *trainer, const labelled *reals, const labelled *fakes,
                             sg_statistics *statistics)
{
    double mean_fake;
    double mean_real;
    const double fake_loss = judge_fakes(trainer, fakes, &mean_fake, statistics);
    const double real_loss = judge_reals(trainer, reals, &mean_real, statistics);
    if (adversarial(trainer)->bound != SG_LIPSCHITZ_FREE)
        sg_statistics_add(statistics, SG_STATISTIC_DISTANCE, mean_real - mean_fake);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D, fake_loss + real_loss);
}

/* Takes the loss on pairs, which need one graph. */
static void compare_pairs(sg_trainer *trainer, const labelled *reals, const labelled *fakes,
                          sg_statistics *statistics)
{
    sg_scorer of_fakes =
        sg_draw_scorer(trainer, SG_DRAW_FOR_FAKES, SG_PHASE_D_MAIN, trainer->samples);
    sg_scorer of_reals =
        sg_draw_scorer(trainer, SG_DRAW_FOR_REALS, SG_PHASE_D_MAIN, trainer->samples);
    sg_tensor *fake_scores = sg_score(&of_fakes, fakes->pictures, fakes->labels);
    sg_tensor *scores = sg_score(&of_reals, reals->pictures, reals->labels);
    sg_tensor *loss = adversarial(trainer)->real(sg_subtract(scores, fake_scores));
    sg_statistics_add_scores(statistics, SG_STATISTIC_SCORES_FAKE, SG_STATISTIC_SIGNS_FAKE,
                             fake_scores);
    add_real_scores(trainer, scores, statistics);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_D, scalar(loss));
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_scorer_close(&of_fakes);
    sg_scorer_close(&of_reals);
}

/*
 * Runs the terms of the loss backward one after the other, so that one graph is held at a time. R1
 * and R2 are among the terms unless they are lazy.
 */
static void run_d_main(sg_trainer *trainer, const labelled *reals, sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    const bool pairs = adversarial(trainer)->pairs;
    labelled fakes = {.labels = pairs || mixes_pictures(o)
                                    ? reals->labels
                                    : sg_draw_labels(trainer, SG_PHASE_D_MAIN, trainer->samples)};
    train_only(trainer, false);
    fakes.pictures = paint(trainer, SG_PHASE_D_MAIN, fakes.labels, true);
    if (pairs)
        compare_pairs(trainer, reals, &fakes, statistics);
    else
        compare_pictures(trainer, reals, &fakes, statistics);
    if (sg_trainer_penalises(o))
        penalise_gradients(trainer, reals, &fakes, statistics);
    if (o->d_interval == 0 && (o->gamma > 0 || o->r2_gamma > 0))
        regularise_discriminator(trainer, SG_PHASE_D_MAIN, reals, &fakes, 1, statistics);
}

static void run_d_reg(sg_trainer *trainer, const labelled *reals, sg_statistics *statistics)
{
    const sg_trainer_options *o = &trainer->options;
    labelled fakes = {0};
    train_only(trainer, false);
    trainer->context->recording = true;
    if (o->r2_gamma > 0) {
        fakes.labels = sg_draw_labels(trainer, SG_PHASE_D_REG, trainer->samples);
        fakes.pictures = paint(trainer, SG_PHASE_D_REG, fakes.labels, false);
    }
    regularise_discriminator(trainer, SG_PHASE_D_REG, reals, &fakes, o->d_interval, statistics);
}

/* Takes a classifier's cross entropy of its outputs and the labels. */
static void run_classifier(sg_trainer *trainer, const labelled *reals, sg_statistics *statistics)
{
    const sg_discriminator_output output = trainer->options.discriminator.output;
    train_only(trainer, false);
    trainer->context->recording = true;
    sg_scorer scorer =
        sg_draw_scorer(trainer, SG_DRAW_FOR_REALS, SG_PHASE_D_MAIN, trainer->samples);
    sg_tensor *logits = sg_score(&scorer, reals->pictures, NULL);
    sg_tensor *loss = sg_loss_cross_entropy(output, logits, reals->labels);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_C, scalar(loss));
    if (loss)
        sg_statistics_add(statistics, SG_STATISTIC_ACCURACY,
                          sg_share_right(output, logits, reals->labels));
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_scorer_close(&scorer);
}

/* Takes the losses of a generator that is moved to another domain. The layers that train are
 * chosen for a whole step, so that they stay on the tape from one part of a batch to the next. */
static void run_moved(sg_trainer *trainer, sg_statistics *statistics)
{
    const bool last = (trainer->part + 1) * trainer->samples >= trainer->stage.batch;
    sg_tensor *loss = sg_nada_loss(trainer, statistics);
    add_gradients(trainer, SG_PHASE_G_MAIN, loss, 1, &trainer->g_trainable);
    if (last)
        sg_parameter_set_require_gradient(sg_generator_parameters(trainer->generator), false);
}

/* Takes the losses of a mapper. */
static void run_mapper(sg_trainer *trainer, sg_statistics *statistics)
{
    sg_tensor *loss = sg_mapper_loss(trainer, statistics);
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_parameter_set_require_gradient(sg_mapper_parameters(trainer->mapper), false);
}

/* Takes the losses of an encoder. */
static void run_encoder(sg_trainer *trainer, sg_tensor *reals, sg_statistics *statistics)
{
    sg_tensor *loss = sg_encoding_loss(trainer, reals, statistics);
    add_gradients(trainer, SG_PHASE_D_MAIN, loss, 1, &trainer->d_trainable);
    sg_parameter_set_require_gradient(sg_encoder_parameters(trainer->encoder), false);
}

void sg_phase_run(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                  sg_statistics *statistics)
{
    const labelled labelled_reals = {reals, labels};
    switch (phase) {
    case SG_PHASE_G_MAIN:
        if (trainer->options.nada.moves)
            run_moved(trainer, statistics);
        else
            run_g_main(trainer, &labelled_reals, statistics);
        break;
    case SG_PHASE_G_REG:
        run_g_reg(trainer, statistics);
        break;
    case SG_PHASE_D_MAIN:
        if (trainer->encoder)
            run_encoder(trainer, reals, statistics);
        else if (trainer->mapper)
            run_mapper(trainer, statistics);
        else if (sg_trainer_classifies(&trainer->options))
            run_classifier(trainer, &labelled_reals, statistics);
        else
            run_d_main(trainer, &labelled_reals, statistics);
        break;
    default:
        run_d_reg(trainer, &labelled_reals, statistics);
    }
}
