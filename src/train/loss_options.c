/* What goes with a loss. */
#include "train/loss_options.h"

#include "models/family.h"

void sg_loss_choose(sg_trainer_options *o, sg_loss_kind loss)
{
    if (loss == o->loss)
        return;
    o->loss = loss;
    o->optimiser = loss == SG_LOSS_WGAN ? SG_RMSPROP : SG_ADAM;
    o->n_critic = loss == SG_LOSS_WGAN ? 5 : 1;
    o->clip_weights = 0;
    /* Bounded critics need no R1, and nothing else is lazy. */
    if (sg_adversarial_loss_of(loss)->bound != SG_CRITIC_FREE) {
        o->gamma = 0;
        o->d_interval = 0;
    }
}

/* What bounds a critic's slope, and R1 and R2, which flatten it. */
static sg_status check_bound(const sg_trainer_options *o, sg_error *error)
{
    const sg_adversarial_loss *loss = sg_adversarial_loss_of(o->loss);
    if (loss->bound != SG_CRITIC_FREE && (o->gamma != 0 || o->r2_gamma != 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--gamma and --r2-gamma make no sense with --loss %s: they pull the slope "
                       "of the critic's score towards 0, but its scores estimate a distance only "
                       "with a slope of 1",
                       loss->name);
    if (loss->bound == SG_CRITIC_CLIPPED && !(o->clip_weights > 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--loss %s needs --clip-weights above 0, which bounds the slope of the "
                       "critic's score; there is no published bound for %s, whose weights are "
                       "stored at a scale of 1",
                       loss->name, sg_family_title(o->generator.family));
    if (loss->bound != SG_CRITIC_CLIPPED && o->clip_weights > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--clip-weights makes no sense with --loss %s: it is what bounds the "
                       "critic of --loss wgan, and would only weaken this one",
                       loss->name);
    return SG_OK;
}

sg_status sg_loss_check(const sg_trainer_options *o, sg_error *error)
{
    if (o->pl_weight > 0 && o->generator.mapping.num_layers == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--pl-weight makes no sense with %s: it has no mapping network, so there "
                       "are no paths from w to pictures whose length could be held",
                       sg_family_title(o->generator.family));
    return check_bound(o, error);
}
