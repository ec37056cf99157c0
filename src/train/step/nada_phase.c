/*
 * The losses of a generator that is moved to another domain (Gal et al. 2022, section 4). Original
 * and copy paint the same w, the original with its own noise and the copy with random noise, as the
 * direction between equal pictures would have no length in the first step.
 *
 * Tested by: tests/cli/test_train_nada.c
 */
#include "train/step/nada_phase.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/reduce.h"
#include "tensor/context.h"
#include "train/losses/nada.h"
#include "train/step/nada_layers.h"

/* Added to the length of a direction: a length near 0 would have a gradient so large that Adam
 * hardly moved for hundreds of steps. */
static const double least_length = 0.05;

/* ---- the choice of layers ---- */

/* The published rate of gradient descent on w. */
static const double choice_rate = 0.01;

/* Moves w, off the tape, against the gradient of the distance from the goal. */
static sg_status move_ws(sg_trainer *trainer, sg_tensor *ws)
{
    sg_context *context = trainer->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *gradient = NULL;
    sg_tensor_require_gradient(ws, true);
    context->recording = true;
    sg_tensor *painted = sg_draw_pictures(trainer, SG_PHASE_G_MAIN, ws, false);
    sg_gradient(sg_nada_goal_distance(trainer->goal, painted), NULL, &ws, 1,
                (sg_gradient_options){0}, &gradient);
    context->recording = false;
    sg_tensor_require_gradient(ws, false);
    for (int64_t i = 0; gradient && i < sg_tensor_count(ws); i++)
        sg_f32(ws)[i] -= (float)(choice_rate * sg_tensor_value(gradient, i));
    sg_tensor_touch(ws);
    sg_scope_close(context, scope, NULL);
    return context->error.status;
}

/* Adds how far each input of w [N, num_ws, w_dim] moved, the mean over latents and components. */
static void add_moves(const sg_tensor *before, const sg_tensor *after, double *moves)
{
    const int64_t *size = after->shape.size;
    const double share = 1 / (double)(size[0] * size[2]);
    for (int64_t i = 0; i < sg_tensor_count(after); i++)
        moves[i / size[2] % size[1]] +=
            share * fabs((double)sg_f32(after)[i] - (double)sg_f32(before)[i]);
}

/* Trains the layers whose w move farthest towards the goal in a few steps. */
static void choose_layers(sg_trainer *trainer)
{
    const sg_nada_options *o = &trainer->options.nada;
    sg_context *context = trainer->context;
    sg_error error = {0};
    sg_generator *generator = trainer->generator;
    double *moves = sg_allocate((size_t)sg_generator_num_ws(generator), sizeof *moves);
    const size_t scope = sg_scope_open(context);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_G_REG, o->layer_batch);
    sg_tensor *before = sg_draw_ws(trainer, SG_PHASE_G_REG, o->layer_batch, labels, false);
    sg_tensor *after =
        before ? sg_tensor_from_floats(context, SG_F32, before->shape, sg_f32(before)) : NULL;
    sg_status status = after && moves ? SG_OK : SG_ERROR_MEMORY;
    for (int i = 0; i < o->layer_steps && !status; i++)
        status = move_ws(trainer, after);
    if (!status) {
        add_moves(before, after, moves);
        if (sg_nada_train_layers(generator, moves, o->layers, &error))
            sg_context_fail(context, error.status, "%s", error.message);
    }
    if (!moves)
        sg_context_fail_memory(context, "a choice of layers");
    sg_scope_close(context, scope, NULL);
    free(moves);
}

/* ---- losses ---- */

/* Adds weight * term to a sum, which may be NULL; notes the term. */
static sg_tensor *add_term(sg_tensor *sum, sg_tensor *term, double weight, sg_statistic which,
                           sg_statistics *statistics)
{
    sg_tensor *weighted = sg_affine(term, weight, 0);
    if (term)
        sg_statistics_add(statistics, which, sg_tensor_value(term, 0));
    return sum ? sg_add(sum, weighted) : weighted;
}

/* Returns the sum of the losses that have a weight. */
static sg_tensor *sum_losses(sg_trainer *trainer, sg_tensor *source, sg_tensor *after,
                             sg_statistics *statistics)
{
    const sg_nada_options *o = &trainer->options.nada;
    const sg_nada_goal *goal = trainer->goal;
    sg_tensor *target = source ? sg_nada_goal_features(goal, after) : NULL;
    sg_tensor *sum = NULL;
    if (o->directional > 0)
        sum = add_term(sum,
                       sg_nada_directional(source, target, goal->wanted,
                                           (sg_nada_distance)o->distance, least_length),
                       o->directional, SG_STATISTIC_DIRECTIONAL, statistics);
    if (o->manifold > 0)
        sum = add_term(sum, sg_nada_manifold(source, target, goal->cosine), o->manifold,
                       SG_STATISTIC_MANIFOLD, statistics);
    if (o->global > 0)
        sum = add_term(sum, sg_nada_goal_distance(goal, after), o->global, SG_STATISTIC_GLOBAL,
                       statistics);
    return sum;
}

sg_tensor *sg_nada_loss(sg_trainer *trainer, sg_statistics *statistics)
{
    const sg_nada_options *o = &trainer->options.nada;
    sg_context *context = trainer->context;
    sg_parameter_set *parameters = sg_generator_parameters(trainer->generator);
    const bool compares = o->directional > 0 || o->manifold > 0;
    context->recording = false;
    /* The choice of the first part of a batch is that of the step. */
    if (o->layers > 0 && trainer->part == 0)
        choose_layers(trainer);
    if (o->layers == 0)
        sg_parameter_set_require_gradient(parameters, true);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_G_MAIN, trainer->samples);
    sg_tensor *ws = sg_draw_ws(trainer, SG_PHASE_G_MAIN, trainer->samples, labels, false);
    sg_tensor *source = NULL;
    if (compares)
        source = sg_nada_goal_features(
            trainer->goal,
            sg_generator_synthesize(trainer->painter, ws,
                                    (sg_synthesis_options){.noise_mode = SG_NOISE_CONST}));
    context->recording = true;
    sg_tensor *after = sg_draw_pictures(trainer, SG_PHASE_G_MAIN, ws, false);
    sg_tensor *loss = sum_losses(trainer, source, after, statistics);
    if (loss)
        sg_statistics_add(statistics, SG_STATISTIC_LOSS_G, sg_tensor_value(loss, 0));
    return loss;
}
