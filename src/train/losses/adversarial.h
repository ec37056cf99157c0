/*
 * The adversarial losses: what generator and discriminator minimise of the scores [N, 1], each as a
 * graph whose gradient the caller takes. docs/losses.md lists formulas and papers.
 */
#ifndef SG_TRAIN_LOSSES_ADVERSARIAL_H
#define SG_TRAIN_LOSSES_ADVERSARIAL_H

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

/* What keeps the slope of a discriminator's score within bounds. */
typedef enum sg_lipschitz_bound {
    SG_LIPSCHITZ_FREE,     /* nothing but R1 and the like, where asked for */
    SG_LIPSCHITZ_CLIPPED,  /* its weights are clipped after each step */
    SG_LIPSCHITZ_PENALISED /* slopes other than 1 between real and generated pictures cost */
} sg_lipschitz_bound;

typedef struct sg_adversarial_loss {
    const char *name;         /* as --loss has it */
    sg_lipschitz_bound bound; /* unless free, mean real minus mean generated score estimates the
                              Wasserstein distance */
    sg_tensor *(*generator)(sg_tensor *scores); /* on generated pictures */
    sg_tensor *(*real)(sg_tensor *scores);      /* the discriminator's, on real pictures */
    sg_tensor *(*fake)(sg_tensor *scores);      /* the discriminator's, on generated pictures */
} sg_adversarial_loss;

/* Returns the loss of a kind. */
const sg_adversarial_loss *sg_adversarial_loss_of(sg_loss_kind kind);

/* The losses' names, which stand for their sg_loss_kind. */
extern const sg_choices sg_loss_choices;

/* mean(softplus(-score)): non-saturating logistic loss of the generator (Goodfellow et al. 2014),
 * and of the discriminator on real pictures. */
sg_tensor *sg_loss_real(sg_tensor *scores);

/* mean(softplus(score)): the discriminator's on generated pictures. */
sg_tensor *sg_loss_fake(sg_tensor *scores);

#endif
