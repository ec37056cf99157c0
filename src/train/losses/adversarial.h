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
    SG_LOSS_RPGAN,
    SG_LOSS_COUNT
} sg_loss_kind;

/* What bounds the gradient of the score with respect to the picture (its Lipschitz constant). */
typedef enum sg_lipschitz_bound {
    SG_LIPSCHITZ_FREE,     /* nothing, except R1 and R2 if their weights are set */
    SG_LIPSCHITZ_CLIPPED,  /* the discriminator's weights are clipped after each step */
    SG_LIPSCHITZ_PENALISED /* a penalty on gradient norms other than 1, between real and generated
                              pictures */
} sg_lipschitz_bound;

/*
 * A loss of pairs (Jolicoeur-Martineau 2019) compares each generated picture with a real one: its
 * `generator` takes the generated one's score minus the real one's, its `real` the opposite, and
 * its `fake` is NULL. Scores themselves have no sign then: adding a number to all changes nothing.
 */
typedef struct sg_adversarial_loss {
    const char *name;         /* "wgan-gp" */
    sg_lipschitz_bound bound; /* except when free, mean real minus mean generated score estimates
                              the Wasserstein distance */
    bool signed_scores;       /* scores above 0 mean real, those below 0 generated */
    sg_tensor *(*generator)(sg_tensor *scores); /* the generator's, on generated pictures */
    sg_tensor *(*real)(sg_tensor *scores);      /* the discriminator's, on real pictures */
    sg_tensor *(*fake)(sg_tensor *scores);      /* the discriminator's, on generated pictures */
    bool pairs;
} sg_adversarial_loss;

/* Returns the loss of a kind. */
const sg_adversarial_loss *sg_adversarial_loss_of(sg_loss_kind kind);

/*
 * Returns the `count` best of `values` [N, 1], [count, 1] in their order: those whose `scores` [N,
 * 1] are highest, earlier ones first where they are equal (Sinha et al. 2020). With count N or more
 * that is `values` itself.
 */
sg_tensor *sg_pick_best(sg_tensor *values, const sg_tensor *scores, int64_t count);

/* The names of the losses, in the order of sg_loss_kind. */
extern const sg_choices sg_loss_choices;

#endif
