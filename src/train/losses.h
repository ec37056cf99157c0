/*
 * The losses and regularisers of StyleGAN2, each as a graph whose gradient the caller takes.
 * docs/losses.md lists formulas and papers.
 */
#ifndef SG_TRAIN_LOSSES_H
#define SG_TRAIN_LOSSES_H

#include "train/critic.h"

/* mean(softplus(-score)): non-saturating logistic loss of the generator (Goodfellow et al. 2014),
 * and of the discriminator on real pictures. */
sg_tensor *sg_loss_real(sg_tensor *scores);

/* mean(softplus(score)): the discriminator's on generated pictures. */
sg_tensor *sg_loss_fake(sg_tensor *scores);

/*
 * mean over samples of gamma/2 * |d sum(score) / d picture|^2 (Mescheder et al. 2018, R1).
 * `pictures` [N, H, W, C] need not be on the tape. If `inner` is not NULL it gets the inner
 * gradient [N, H, W, C], owned by the innermost scope. Recording must be on.
 */
sg_tensor *sg_loss_r1(const sg_critic *critic, sg_tensor *pictures, sg_tensor *labels, double gamma,
                      sg_tensor **inner);

/* What the path length regulariser reports and carries from step to step. */
typedef struct sg_path_length {
    double mean;        /* the moving average of lengths; updated by sg_loss_path_length */
    double decay;       /* 0.01: how fast it moves */
    double weight;      /* 2 */
    sg_tensor *lengths; /* [N] of the last call, owned by the scope it was made in */
} sg_path_length;

/*
 * weight * mean((length - mean)^2) with length = sqrt(mean over inputs of |d sum(picture * noise) /
 * d w|^2) (Karras et al. 2020, section 3.2 and appendix B). `pictures` must depend on
 * ws [N, num_ws, w_dim], which must be on the tape; `noise` [N, H, W, C] is already divided by
 * sqrt(H * W).
 */
sg_tensor *sg_loss_path_length(sg_tensor *pictures, sg_tensor *ws, sg_tensor *noise,
                               sg_path_length *state);

#endif
