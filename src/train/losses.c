/* Losses as graphs. */
#include "train/losses.h"

#include <math.h>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/reduce.h"

sg_tensor *sg_loss_real(sg_tensor *scores)
{
    return sg_mean_all(sg_softplus(sg_affine(scores, -1, 0)));
}

sg_tensor *sg_loss_fake(sg_tensor *scores)
{
    return sg_mean_all(sg_softplus(scores));
}

/* The gradient of sum(output * factor) for one input, on the tape itself. */
static sg_tensor *recorded_gradient(sg_tensor *output, sg_tensor *factor, sg_tensor *input)
{
    sg_tensor *gradient = NULL;
    sg_gradient(output, factor, &input, 1, (sg_gradient_options){.create_graph = true}, &gradient);
    return gradient;
}

sg_tensor *sg_loss_r1(const sg_critic *critic, sg_tensor *pictures, sg_tensor *labels, double gamma,
                      sg_tensor **inner)
{
    sg_tensor *leaf = sg_tensor_detach(pictures);
    if (!leaf)
        return NULL;
    sg_tensor_require_gradient(leaf, true);
    sg_tensor *scores = sg_critic_score(critic, leaf, labels);
    sg_tensor *gradient = recorded_gradient(scores, NULL, leaf);
    if (inner)
        *inner = gradient;
    sg_tensor *penalty = sg_sum_product(gradient, gradient, sg_shape_of(0, NULL));
    return sg_affine(penalty, gamma / 2 / (double)leaf->shape.size[0], 0);
}

/* sqrt(mean over inputs of the squared norm over w), [N], of a gradient [N, num_ws, w_dim]. */
static sg_tensor *path_lengths(sg_tensor *gradient)
{
    if (!gradient)
        return NULL;
    sg_shape per_sample = SG_SHAPE(gradient->shape.size[0], 1, 1);
    sg_tensor *energy = sg_sum_product(gradient, gradient, per_sample);
    return sg_power(sg_affine(energy, 1 / (double)gradient->shape.size[1], 0), 0.5);
}

/* The average moves first, and the penalty's gradient flows through the move, as published. */
sg_tensor *sg_loss_path_length(sg_tensor *pictures, sg_tensor *ws, sg_tensor *noise,
                               sg_path_length *state)
{
    sg_tensor *lengths = path_lengths(recorded_gradient(pictures, noise, ws));
    if (!lengths)
        return NULL;
    sg_tensor *mean =
        sg_affine(sg_mean_all(lengths), state->decay, (1 - state->decay) * state->mean);
    if (!mean)
        return NULL;
    state->lengths = lengths;
    state->mean = sg_tensor_value(mean, 0);
    sg_tensor *penalty = sg_power(sg_subtract(lengths, mean), 2);
    return sg_affine(sg_mean_all(penalty), state->weight, 0);
}
