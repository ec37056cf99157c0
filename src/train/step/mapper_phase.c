/*
 * The losses of a mapper; see mapper_phase.h. The generator's weights are constants.
 * Tested by: tests/cli/test_train_mapper.c
 */
#include "train/step/mapper_phase.h"

#include "ops/arithmetic.h"
#include "ops/reduce.h"

static void note(sg_statistics *statistics, sg_statistic which, const sg_tensor *value)
{
    if (value)
        sg_statistics_add(statistics, which, sg_tensor_value(value, 0));
}

sg_tensor *sg_mapper_loss(sg_trainer *trainer, sg_statistics *statistics)
{
    sg_context *context = trainer->context;
    sg_generator *painter = trainer->painter;
    const sg_shape shape = SG_SHAPE(trainer->samples, trainer->options.generator.z_dim);
    context->recording = false;
    sg_tensor *z = sg_draw_normal(trainer, SG_DRAW_LATENTS, SG_PHASE_D_MAIN, shape, 1);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_D_MAIN, trainer->samples);
    sg_tensor *ws = sg_generator_broadcast(painter, sg_generator_map(painter, z, labels));
    sg_parameter_set_require_gradient(sg_mapper_parameters(trainer->mapper), true);
    context->recording = true;
    sg_tensor *moves = sg_mapper_moves(trainer->mapper, ws);
    sg_tensor *painted = sg_generator_synthesize(
        painter, sg_add(ws, moves), (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    sg_tensor *distance = painted ? sg_nada_goal_distance(trainer->goal, painted) : NULL;
    sg_tensor *square = distance ? sg_mean_all(sg_multiply(moves, moves)) : NULL;
    sg_tensor *loss = sg_add(distance, sg_affine(square, trainer->options.mapping.l2, 0));
    note(statistics, SG_STATISTIC_LOSS_M, loss);
    note(statistics, SG_STATISTIC_GOAL, distance);
    note(statistics, SG_STATISTIC_MOVES, square);
    return loss;
}
