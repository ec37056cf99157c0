/* The discriminator's whole loss under WGAN-GP, which a step of training takes part by part. */
#ifndef SUPPORT_WGAN_GP_H
#define SUPPORT_WGAN_GP_H

#include "ops/arithmetic.h"
#include "train/losses/losses.h"

/* mean(D(fakes) - D(reals)), the penalty at sg_mix_pictures, and the drift; *norms (unless NULL)
 * gets the norms [N] of the mixed pictures' gradients. */
static inline sg_tensor *wgan_gp_loss(const sg_scorer *scorer, sg_tensor *reals, sg_tensor *fakes,
                                      sg_tensor *labels, sg_tensor *mix,
                                      const sg_gradient_penalty *penalty, sg_tensor **norms)
{
    const sg_adversarial_loss *distance = sg_adversarial_loss_of(SG_LOSS_WGAN_GP);
    sg_tensor *real_scores = sg_score(scorer, reals, labels);
    sg_tensor *fake_scores = sg_score(scorer, fakes, labels);
    sg_tensor *loss = sg_add(distance->fake(fake_scores), distance->real(real_scores));
    loss = sg_add(loss, sg_loss_drift(real_scores, penalty->drift));
    sg_tensor *mixed = sg_mix_pictures(reals, fakes, mix);
    return sg_add(loss, sg_loss_gradient_penalty(scorer, mixed, labels, penalty->weight, norms));
}

#endif
