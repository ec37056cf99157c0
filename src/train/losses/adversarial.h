/*
 * The adversarial losses: what generator and discriminator minimise, as functions of the scores
 * [N, 1]. Each returns a scalar on the tape. docs/losses.md lists formulas and papers.
 */
#ifndef SG_TRAIN_LOSSES_ADVERSARIAL_H
#define SG_TRAIN_LOSSES_ADVERSARIAL_H

#include <stdbool.h>

#include "base/choices.h"
#include "tensor/tape.h"

typedef enum sg_loss_kind {
    SG_LOSS_LOGISTIC,
    SG_LOSS_MINIMAX,
    SG_LOSS_LSGAN,
    SG_LOSS_HINGE,
    SG_LOSS_WGAN,
    SG_LOSS_WGAN_GP,
    SG_LOSS_COUNT
} sg_loss_kind;

/* What bounds the gradient of the score with respect to the picture (its Lipschitz constant). */
typedef enum sg_lipschitz_bound {
    SG_LIPSCHITZ_FREE,     /* nothing, except R1 and R2 if their weights are set */
    SG_LIPSCHITZ_CLIPPED,  /* the discriminator's weights are clipped after each step */
    SG_LIPSCHITZ_PENALISED /* a penalty on gradient norms other than 1, between real and generated
                              pictures */
} sg_lipschitz_bound;

typedef struct sg_adversarial_loss {
    const char *name;         /* "wgan-gp" */
    sg_lipschitz_bound bound; /* except when free, mean real minus mean generated score estimates
                              the Wasserstein distance */
    bool signed_scores;       /* scores above 0 mean real, those below 0 generated */
    sg_tensor *(*generator)(sg_tensor *scores); /* the generator's, on generated pictures */
    sg_tensor *(*real)(sg_tensor *scores);      /* the discriminator's, on real pictures */
    sg_tensor *(*fake)(sg_tensor *scores);      /* the discriminator's, on generated pictures */
} sg_adversarial_loss;

/* Returns the loss of a kind. */
const sg_adversarial_loss *sg_adversarial_loss_of(sg_loss_kind kind);

/* The names of the losses, in the order of sg_loss_kind. */
extern const sg_choices sg_loss_choices;

#endif
