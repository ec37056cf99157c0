/* The table of adversarial losses; see adversarial.h. */
#include "train/losses/adversarial.h"

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

/* mean(softplus(-score)): non-saturating for the generator (Goodfellow et al. 2014). */
static sg_tensor *logistic_real(sg_tensor *scores)
{
    return sg_mean_all(sg_softplus(sg_affine(scores, -1, 0)));
}

static sg_tensor *logistic_fake(sg_tensor *scores)
{
    return sg_mean_all(sg_softplus(scores));
}

/* mean(log(1 - sigmoid(score))), which is flat where the discriminator is sure. */
static sg_tensor *minimax_generator(sg_tensor *scores)
{
    return sg_affine(logistic_fake(scores), -1, 0);
}

/* Half the mean squared distance from a target. */
static sg_tensor *least_squares(sg_tensor *scores, double target)
{
    return sg_affine(sg_mean_all(sg_power(sg_affine(scores, 1, -target), 2)), 0.5, 0);
}

static sg_tensor *least_squares_real(sg_tensor *scores)
{
    return least_squares(scores, 1);
}

static sg_tensor *least_squares_fake(sg_tensor *scores)
{
    return least_squares(scores, 0);
}

static sg_tensor *hinge_real(sg_tensor *scores)
{
    return sg_mean_all(sg_activate(sg_affine(scores, -1, 1), SG_RELU, 0, 0));
}

static sg_tensor *hinge_fake(sg_tensor *scores)
{
    return sg_mean_all(sg_activate(sg_affine(scores, 1, 1), SG_RELU, 0, 0));
}

static sg_tensor *raise(sg_tensor *scores)
{
    return sg_affine(sg_mean_all(scores), -1, 0);
}

static const sg_adversarial_loss losses[SG_LOSS_COUNT] = {
    [SG_LOSS_LOGISTIC] = {"logistic", SG_LIPSCHITZ_FREE, true, logistic_real, logistic_real,
                          logistic_fake, false},
    [SG_LOSS_MINIMAX] = {"minimax", SG_LIPSCHITZ_FREE, true, minimax_generator, logistic_real,
                         logistic_fake, false},
    [SG_LOSS_LSGAN] = {"lsgan", SG_LIPSCHITZ_FREE, false, least_squares_real, least_squares_real,
                       least_squares_fake, false},
    [SG_LOSS_HINGE] = {"hinge", SG_LIPSCHITZ_FREE, true, raise, hinge_real, hinge_fake, false},
    [SG_LOSS_WGAN] = {"wgan", SG_LIPSCHITZ_CLIPPED, false, raise, raise, sg_mean_all, false},
    [SG_LOSS_WGAN_GP] = {"wgan-gp", SG_LIPSCHITZ_PENALISED, false, raise, raise, sg_mean_all,
                         false},
    [SG_LOSS_RPGAN] = {"rpgan", SG_LIPSCHITZ_FREE, false, logistic_real, logistic_real, NULL, true},
};

const sg_adversarial_loss *sg_adversarial_loss_of(sg_loss_kind kind)
{
    return &losses[kind];
}

/* Tells whether `count` scores or more come before the one at `index`. */
static bool is_left_out(const sg_tensor *scores, int64_t index, int64_t count)
{
    const double own = sg_tensor_value(scores, index);
    int64_t before = 0;
    for (int64_t i = 0; i < sg_tensor_count(scores); i++) {
        const double other = sg_tensor_value(scores, i);
        before += other > own || (other == own && i < index);
    }
    return before >= count;
}

/* The choice is a product with a matrix of zeros and ones, so that gradients flow back through it.
 */
sg_tensor *sg_pick_best(sg_tensor *values, const sg_tensor *scores, int64_t count)
{
    if (!values || !scores || count >= sg_tensor_count(scores))
        return values;
    const int64_t samples = sg_tensor_count(scores);
    sg_tensor *choice = sg_tensor_full(values->context, values->dtype, SG_SHAPE(count, samples), 0);
    int64_t row = 0;
    for (int64_t i = 0; choice && i < samples && row < count; i++)
        if (!is_left_out(scores, i, count))
            sg_tensor_set_value(choice, row++ * samples + i, 1);
    return sg_matmul(choice, false, values, false, 1);
}

const sg_choices sg_loss_choices = SG_CHOICES(losses);
