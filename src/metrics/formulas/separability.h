/*
 * Linear separability (Karras et al. 2019, "A style-based generator architecture", section 4.2):
 * how well a linear classifier of latents predicts what a classifier of pictures says of an
 * attribute, as the entropy that remains.
 */
#ifndef SG_METRICS_FORMULAS_SEPARABILITY_H
#define SG_METRICS_FORMULAS_SEPARABILITY_H

#include "base/error.h"

/* Samples with latents and the logit of an attribute; all borrowed. */
typedef struct sg_separable {
    size_t count, features;
    const double *latents; /* [count, features] */
    const float *logits;   /* of sample i: logits[i * stride] */
    size_t stride;
} sg_separable;

/* What is found of an attribute; released by sg_separation_clear. */
typedef struct sg_separation {
    size_t kept;
    size_t *index;          /* [kept]: the samples that the picture classifier is surest of */
    unsigned char *targets; /* [kept]: 0 for a positive logit, otherwise 1 */
    unsigned char *outputs; /* [kept]: what the linear classifier says */
    double *weights;        /* [features + 1]: of the linear classifier; the last is the bias */
    double objective;       /* the least value of what is minimised (linear_module.h) */
    double table[2][2];     /* shares of [output][target] */
    double entropy;         /* of the target given the output, in bits */
} sg_separation;

/*
 * Keeps the `keep` samples whose classifier is surest, earlier ones first among equals, trains a
 * linear classifier on them, and computes the conditional entropy. Fails with SG_ERROR_ARGUMENT for
 * fewer samples than `keep` or numbers that are not finite, with SG_ERROR_MEMORY, and where
 * sg_linear_open does; `found` is empty then.
 */
sg_status sg_separate(const sg_separable *samples, size_t keep, sg_separation *found,
                      sg_error *error);
void sg_separation_clear(sg_separation *found);

/* Returns the score of attributes with these entropies: 2 to the power of their sum. */
double sg_separability(const double *entropies, size_t count);

#endif
