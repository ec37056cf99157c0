/* The table of adversarial losses; see adversarial.h. */
#include "train/losses/adversarial.h"

#include "ops/activation.h"
#include "ops/arithmetic.h"
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
                          logistic_fake},
    [SG_LOSS_MINIMAX] = {"minimax", SG_LIPSCHITZ_FREE, true, minimax_generator, logistic_real,
                         logistic_fake},
    [SG_LOSS_LSGAN] = {"lsgan", SG_LIPSCHITZ_FREE, false, least_squares_real, least_squares_real,
                       least_squares_fake},
    [SG_LOSS_HINGE] = {"hinge", SG_LIPSCHITZ_FREE, true, raise, hinge_real, hinge_fake},
    [SG_LOSS_WGAN] = {"wgan", SG_LIPSCHITZ_CLIPPED, false, raise, raise, sg_mean_all},
    [SG_LOSS_WGAN_GP] = {"wgan-gp", SG_LIPSCHITZ_PENALISED, false, raise, raise, sg_mean_all},
};

const sg_adversarial_loss *sg_adversarial_loss_of(sg_loss_kind kind)
{
    return &losses[kind];
}

const sg_choices sg_loss_choices = SG_CHOICES(losses);
