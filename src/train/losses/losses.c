/* Regularisers, all of which differentiate a gradient; see losses.h. */
#include "train/losses/losses.h"

#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"

static const char *const point_names[] = {"usual", "interpolated", "fakes"};
const sg_choices sg_penalty_points_choices = SG_CHOICES(point_names);

/* Returns the gradient of sum(output * factor) for one input, recorded on the tape. */
static sg_tensor *recorded_gradient(sg_tensor *output, sg_tensor *factor, sg_tensor *input)
{
    sg_tensor *gradient = NULL;
    sg_gradient(output, factor, &input, 1, (sg_gradient_options){.create_graph = true}, &gradient);
    return gradient;
}

/* Returns each picture's score and its gradient, recorded on the tape; NULLs on failure. */
static sg_score_slopes score_slopes(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels)
{
    sg_tensor *leaf = sg_tensor_detach(pictures);
    if (!leaf)
        return (sg_score_slopes){0};
    sg_tensor_require_gradient(leaf, true);
    sg_tensor *scores = sg_score(scorer, leaf, labels);
    return (sg_score_slopes){scores, recorded_gradient(scores, NULL, leaf)};
}

/*
 * Returns the squared gradient norm for the full picture over that for the given picture. A picture
 * of half the side counts as a full one whose pixels come in blocks of 2x2, each with a quarter of
 * the gradient: four times a sixteenth.
 */
static double full_length(const sg_scorer *scorer, const sg_tensor *pictures)
{
    const sg_discriminator_config *config = sg_discriminator_config_of(scorer->discriminator);
    double full = (double)sg_discriminator_height(config);
    double enlargement = full / (double)pictures->shape.size[1];
    return 1 / (enlargement * enlargement);
}

sg_tensor *sg_loss_r1(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels, double gamma,
                      sg_score_slopes *slopes)
{
    const sg_score_slopes found = score_slopes(scorer, pictures, labels);
    sg_tensor *gradient = found.gradient;
    if (slopes)
        *slopes = found;
    if (!gradient)
        return NULL;
    sg_tensor *penalty = sg_sum_product(gradient, gradient, sg_shape_of(0, NULL));
    double weight = gamma / 2 * full_length(scorer, pictures);
    return sg_affine(penalty, weight / (double)gradient->shape.size[0], 0);
}

sg_tensor *sg_mix_pictures(sg_tensor *reals, sg_tensor *fakes, sg_tensor *mix)
{
    return sg_add(reals, sg_multiply(sg_subtract(fakes, reals), mix));
}

/* The term added to the square keeps the root's derivative finite where the score is flat. */
static sg_tensor *norms_of(const sg_scorer *scorer, sg_tensor *gradient)
{
    static const double least_square = 1e-24;
    if (!gradient)
        return NULL;
    const int64_t samples = gradient->shape.size[0];
    sg_tensor *squares = sg_sum_product(gradient, gradient, SG_SHAPE(samples, 1, 1, 1));
    return sg_power(sg_affine(sg_reshape(squares, SG_SHAPE(samples)), full_length(scorer, gradient),
                              least_square),
                    0.5);
}

sg_tensor *sg_loss_gradient_penalty(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels,
                                    double weight, sg_tensor **norms)
{
    sg_tensor *found = norms_of(scorer, score_slopes(scorer, pictures, labels).gradient);
    if (norms)
        *norms = found;
    return sg_affine(sg_mean_all(sg_power(sg_affine(found, 1, -1), 2)), weight, 0);
}

sg_tensor *sg_loss_drift(sg_tensor *scores, double weight)
{
    return sg_affine(sg_mean_all(sg_power(scores, 2)), weight, 0);
}

/* Returns sqrt(mean over inputs of the squared norm over w), [N], of a gradient [N, num_ws, w_dim].
 */
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
