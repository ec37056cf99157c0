/*
 * The regularisers. Each returns a scalar on the tape, owned by the innermost scope; NULL (error in
 * the context) on failure. docs/losses.md lists formulas and papers.
 */
#ifndef SG_TRAIN_LOSSES_LOSSES_H
#define SG_TRAIN_LOSSES_LOSSES_H

#include "train/losses/adversarial.h"
#include "train/losses/scorer.h"

/* The scores [N, 1] of pictures and their gradient [N, H, W, C] with respect to these, both owned
 * by the innermost scope. */
typedef struct sg_score_slopes {
    sg_tensor *scores, *gradient;
} sg_score_slopes;

/*
 * Returns the mean over samples of gamma/2 * |d sum(score) / d picture|^2 (Mescheder et al. 2018):
 * R1 on real pictures, R2 on generated ones. `pictures` [N, H, W, C] need not be on the tape.
 * *slopes (unless NULL) gets what it is made of. With augmentation, the gradient is that of the
 * pictures before it. Recording must be on. Here and below, pictures at the current resolution of a
 * growing discriminator count as pictures enlarged to its full resolution.
 */
sg_tensor *sg_loss_r1(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels, double gamma,
                      sg_score_slopes *slopes);

/* Where the gradient penalty is taken. */
typedef enum sg_penalty_points {
    SG_POINTS_USUAL, /* under WGAN-GP between real and generated pictures, otherwise nowhere */
    SG_POINTS_INTERPOLATED, /* between real and generated pictures */
    SG_POINTS_FAKES         /* at generated pictures */
} sg_penalty_points;

/* "usual", "interpolated", "fakes". */
extern const sg_choices sg_penalty_points_choices;

/* The gradient penalty (Gulrajani et al. 2017), of WGAN-GP or with another loss, and ProGAN's drift
 * term, of WGAN-GP alone. */
typedef struct sg_gradient_penalty {
    double weight;            /* lambda, 10 */
    double drift;             /* weight of the squared scores of real pictures, 0.001 */
    sg_penalty_points points; /* usual */
} sg_gradient_penalty;

/* Returns reals + (fakes - reals) * mix, a picture between each pair. `mix` is [N, 1, 1, 1]. */
sg_tensor *sg_mix_pictures(sg_tensor *reals, sg_tensor *fakes, sg_tensor *mix);

/*
 * Returns weight * mean over samples of (|d sum(score) / d picture| - 1)^2 (Gulrajani et al. 2017).
 * `pictures` [N, H, W, C] need not be on the tape. *norms (unless NULL) gets the norms [N], owned
 * by the innermost scope. Recording must be on.
 */
sg_tensor *sg_loss_gradient_penalty(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels,
                                    double weight, sg_tensor **norms);

/* Returns weight * mean(score^2) of real pictures, which keeps scores near zero (Karras et al.
 * 2017, appendix A.1). */
sg_tensor *sg_loss_drift(sg_tensor *scores, double weight);

/* The state of the path length regulariser from step to step, and its last result. */
typedef struct sg_path_length {
    double mean;        /* moving average of lengths; sg_loss_path_length updates it */
    double decay;       /* of the average, 0.01 */
    double weight;      /* 2 */
    sg_tensor *lengths; /* [N] of the last call, owned by the scope of that call */
} sg_path_length;

/*
 * Returns weight * mean((length - mean)^2) with length = sqrt(mean over inputs of |d sum(picture *
 * noise) / d w|^2) (Karras et al. 2020, section 3.2 and appendix B). `pictures` must depend on ws
 * [N, num_ws, w_dim], which must be on the tape; `noise` [N, H, W, C] is already divided by sqrt(H
 * * W).
 */
sg_tensor *sg_loss_path_length(sg_tensor *pictures, sg_tensor *ws, sg_tensor *noise,
                               sg_path_length *state);

#endif
