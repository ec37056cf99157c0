/*
 * Adaptive discriminator augmentation (Karras et al. 2020, section 3.2): the probability p of each
 * augmentation follows how much the discriminator overfits.
 *
 * The sign of the scores of real pictures says so: their mean r_t is near 0 while the discriminator
 * cannot tell them from generated ones, and 1 when it knows them by heart. Each adjustment moves p
 * by one constant step, up when r_t is above the target, down when it is below.
 */
#ifndef SG_TRAIN_STEP_ADA_H
#define SG_TRAIN_STEP_ADA_H

#include "tensor/tensor.h"

/* Steps from one adjustment to the next. */
enum { SG_ADA_INTERVAL = 4 };

/* The state, which a training saves: plain data. */
typedef struct sg_ada {
    float p;                  /* 0 or more, without an upper limit, as published */
    int64_t sign_sum, scores; /* sum of the signs, and number, of all scores of real pictures since
                                 the last adjustment: r_t is their quotient */
} sg_ada;

/* Counts the signs of the scores of real pictures (NULL: none); that of 0 is 0. */
void sg_ada_add_scores(sg_ada *ada, const sg_tensor *scores);

/*
 * Moves p by `images`, the images since the last adjustment, over 1000 * `kimg`, rounded to single
 * precision, towards where r_t is `target`; forgets the scores.
 */
void sg_ada_adjust(sg_ada *ada, double target, double images, double kimg);

#endif
