/*
 * What a generator is moved to (Gal et al. 2022): features of its pictures and of the original's,
 * and what is wanted of them. Attributes of a classifier stand in for texts where there is no CLIP:
 * logits for features, log p for the cosine with a text.
 */
#ifndef SG_TRAIN_STEP_NADA_GOAL_H
#define SG_TRAIN_STEP_NADA_GOAL_H

#include "models/generator.h"

struct sg_guide;
struct sg_attributes;

typedef struct sg_nada_goal {
    struct sg_attributes *attributes; /* of a classifier whose logits are the features, or NULL */
    struct sg_guide *guide;           /* for the global loss */
    sg_tensor *wanted;                /* [1, F]: the direction of features, of unit length */
    double cosine;                    /* of the features of texts, for the manifold loss */
} sg_nada_goal;

/*
 * Makes a goal of attributes of the classifier at `classifier`, "NAME" or "NAME=WEIGHT,...";
 * several that a picture has together are "NAME+NAME". Pictures are those of `generator`, which
 * must outlive the goal, as the path must. Fails as sg_guide_towards does. *goal (NULL on failure)
 * must be closed.
 */
sg_status sg_nada_goal_towards(const char *classifier, const char *towards, sg_generator *generator,
                               sg_nada_goal **goal, sg_error *error);
void sg_nada_goal_close(sg_nada_goal *goal);

/* Returns the features [N, F] of pictures [N, H, W, C]. NULL (error in the context) on failure. */
sg_tensor *sg_nada_goal_features(const sg_nada_goal *goal, sg_tensor *pictures);

/* Returns how far pictures are from the goal, a scalar. NULL (error in the context) on failure. */
sg_tensor *sg_nada_goal_distance(const sg_nada_goal *goal, sg_tensor *pictures);

#endif
